"""Messages from templates: the text is the engine's own, and every word knows its place."""

from __future__ import annotations

import sys

import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preflight.campaign.model import Campaign
from preflight.source import Excerpt, Source
from preflight.templates.dialects import read_template
from preflight.templates.jinja import read_jinja
from preflight.templates.marks import Alphabet, scan
from preflight.templates.model import Hazard, Parsed, SyntaxFault, Template
from preflight.templates.nodes import FILLER
from preflight.templates.render import RecipientClass, render_messages
from preflight.templates.sandbox import Limits, Order, Output, render_all

CAMPAIGN = Campaign.model_validate(
    {
        "name": "spring",
        "purpose": "newsletter",
        "from": "Ann <ann@example.org>",
        "body": {"text": "mail.txt"},
        "audience": {"contacts": "list.csv"},
    }
)
A_CLASS = RecipientClass({"Name": "Ann", "age": 3, "city": None}, {"Email": "a@b.test"}, 2, (0, 4))


def jinja(text, part="text", parsed=None):
    source = Source("mail.txt", text)
    found = parsed or Parsed()
    return Template(CAMPAIGN, part, Excerpt.whole(source), "jinja", found)


def render(templates, *, classes=(A_CLASS,), base=None, limits=None):
    return render_messages(CAMPAIGN, templates, classes, base, limits=limits)


def rendered(text, values=None):
    one = A_CLASS if values is None else RecipientClass(values, {}, 1, (0,))
    [message] = render([jinja(text)], classes=[one]).messages
    return message.text


def place(part, words):
    """What stands in the template at the place of these words of the output."""
    start = part.text.index(words)
    return part.span(start, start + len(words)).text


def test_literal_text_and_values_know_their_places():
    part = rendered("Dear {{ name }},\nwelcome to {{ city }}!")
    assert part.text == "Dear Ann,\nwelcome to !"
    assert place(part, "welcome") == "welcome"
    assert place(part, "nn") == "{{ name }}"
    assert place(part, "ar Ann,") == "ar {{ name }},"
    assert place(part, "to !") == "to {{ city }}!"
    assert part.span(10, 17).start_place == (2, 1)
    assert part.literal(0, 5)
    assert not part.literal(3, 7)


def test_the_same_literal_many_times():
    part = rendered("{% for i in range(3) %}\n  item {{ i }};\n{%- endfor %} end")
    assert part.text == "\n  item 0;\n  item 1;\n  item 2; end"
    for number in "012":
        at = part.text.index(f"item {number}")
        assert part.span(at, at + 4).text == "item"
        assert part.span(at + 5, at + 6).text == "{{ i }}"
    # over the border of two rounds: the larger side
    assert part.span(part.text.index("item 1"), part.text.index("2")).text


def test_a_span_against_the_order_of_the_template_stays_inside_one_run():
    text = "{% macro m() %}from the macro{% endmacro %}Before {{ m() }} after"
    part = rendered(text)
    assert part.text == "Before from the macro after"
    assert place(part, "the macro") == "the macro"
    assert place(part, "Before from the macro") == "from the macro"
    assert place(part, "after") == "after"


def test_white_space_control_is_kept():
    text = "a   {%- if name -%}   b   {{- name -}}   c   {%- endif %}   {#- note -#}  d\n"
    part = rendered(text)
    assert part.text == "abAnncd\n"
    assert [place(part, word) for word in "abcd"] == list("abcd")
    assert place(part, "Ann") == "{{- name -}}"


def test_raw_blocks_are_literal():
    part = rendered("{% raw %}{{ name }}{% endraw %} {{ name }}")
    assert part.text == "{{ name }} Ann"
    assert part.literal(0, 10)
    assert part.span(0, 10).start == 9


@pytest.mark.parametrize(
    "text",
    [
        "{% filter upper %}straße {{ name }}{% endfilter %}",
        "{% filter capitalize %}hello {{ name }}{% endfilter %}",
        "{% filter truncate(9) %}some longer text {{ name }}{% endfilter %}",
        "{% set x %}four{% endset %}{{ x|length }} {{ x }}",
        "{% macro m() %}  x  {% endmacro %}[{{ m()|trim }}]",
        "{% macro m() %}<{{ caller() }}>{% endmacro %}{% call m() %}in {{ name }}{% endcall %}",
        "{% block a %}A {{ name }}{% endblock %} {{ self.a()|reverse }}",
        "{% for x in [[2]] recursive %}{{ loop(x)|length if x is iterable }}y{% endfor %}",
        "\ue000 {{ name }} \ue00b{{ '\\ue022\\ue044\\ue045' }}",
        "{{ '\\ue001' }} {{ name }}",
    ],
)
def test_marks_never_change_the_text(text):
    plain = jinja2.Environment(keep_trailing_newline=True).from_string(text).render(name="Ann")
    part = rendered(text)
    assert part.text == plain


def test_chance_is_the_same_in_every_run():
    text = "{{ range(1000)|random }} {{ lipsum(n=1) }}"
    assert rendered(text).text == rendered(text).text


def test_a_changed_body_still_knows_its_place_outside():
    part = rendered("Hello {% filter capitalize %}dear {{ name }}{% endfilter %} bye")
    assert part.text == "Hello Dear ann bye"
    assert place(part, "bye") == "bye"
    assert place(part, "Dear").startswith("{% filter capitalize %}")


def test_included_text_stands_at_its_include(tmp_path):
    (tmp_path / "foot.txt").write_text("Bye {{ NAME }}", encoding="utf-8")
    template = jinja("Hello\n{% include 'foot.txt' %}\nPS: x")
    [message] = render([template], base=tmp_path).messages
    assert message.text.text == "Hello\nBye Ann\nPS: x"
    assert place(message.text, "Bye") == "{% include 'foot.txt' %}"
    assert place(message.text, "PS") == "PS"


def test_names_in_any_case_and_columns_before_functions():
    assert rendered("{{ NAME }} {{ name }} {{ Age }}").text == "Ann Ann 3"
    assert rendered("{{ range }} {{ Range }}", {"range": "10-20 km"}).text == "10-20 km 10-20 km"
    assert rendered("{{ Range }}|{{ PRÉNOM }}", {"Prénom": "Zoé"}).text == "|Zoé"
    assert rendered("{% set Name = 'Bo' %}{{ Name }} {{ name }}").text == "Bo Ann"
    assert rendered("{% for name in [1] %}{{ name }}{{ NAME }}{% endfor %}").text == "1Ann"


def test_an_unknown_name_prints_nothing_but_cannot_be_used():
    assert rendered("[{{ nobody }}]").text == "[]"
    assert rendered("{% if nobody %}x{% else %}y{% endif %}").text == "y"
    text = "Hi\n{{ name }} {{ nobody.first }}"
    [failure] = render([jinja(text)]).failures
    assert text[failure.start : failure.end] == "{{ nobody.first }}"
    assert failure.message == "“nobody” is undefined"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("a\n{{ name + 1 }} {{ age }}", "{{ name + 1 }}"),
        ("{{ name }}\n{% if x.y %}a{% endif %}{% if z %}{% endif %}", "{% if x.y %}"),
        ("{% macro m() %}\n{{ b.c }}\n{% endmacro %}{{ m() }}", "{{ b.c }}"),
        ("ok\n{{ name|nofilter }}", "{{ name|nofilter }}"),
        ("{{ name|int('a', 'b', 'c') }}", "{{ name|int('a', 'b', 'c') }}"),
        ("{% if name %}", None),
        ("x {{ name", None),
    ],
)
def test_what_fails_is_said_at_its_tag(text, at):
    result = render([jinja(text)])
    assert not result.messages
    assert not result.hazards
    [failure] = result.failures
    assert failure.message
    assert at is None or text[failure.start : failure.end] == at


def test_a_failure_for_some_leaves_the_others_their_message():
    classes = [
        RecipientClass({"n": 0}, {}, 3, (1,)),
        RecipientClass({"n": 2}, {}, 5, (0,)),
    ]
    result = render([jinja("{{ 4 // n }}"), jinja("s {{ n }}", "subject")], classes=classes)
    assert [sorted(m.parts) for m in result.messages] == [["subject"], ["subject", "text"]]
    assert result.messages[0].unrendered == {"text"}
    assert len(result.failures) == 1


def test_faults_and_hazards_are_not_rendered():
    bad = jinja("{{ name }}", "html", Parsed(hazards=(Hazard(0, 4, "no"),)))
    worse = jinja("{{ name", "subject", Parsed(fault=SyntaxFault(0, 4, "no")))
    [message] = render([bad, worse, jinja("x")]).messages
    assert sorted(message.parts) == ["text"]
    assert message.unrendered == {"html", "subject"}
    assert render([bad]).messages == ()


def test_counts_and_facts():
    [message] = render_messages(CAMPAIGN, [jinja("x")], [A_CLASS], of=9).messages
    assert (message.count, message.first, message.of) == (2, (0, 4), 9)
    assert message.facts == {"email": "a@b.test"}
    assert not message.approximate
    assert message.text.text == "x"


def mailchimp(text, columns):
    parsed = read_template(text, "mailchimp", columns)
    return Template(
        CAMPAIGN, "text", Excerpt.whole(Source("m", text)), "mailchimp", parsed, columns
    )


def test_other_dialects_are_written_from_their_tree():
    text = "Dear *|FNAME|*, *|IF:CITY|*from *|CITY|**|ELSE:|*from afar*|END:IF|*. *|UNSUB|*"
    columns = frozenset({"first_name", "city"})
    one = RecipientClass({"first_name": "Ann", "city": ""}, {}, 1, (0,))
    [message] = render([mailchimp(text, columns)], classes=[one]).messages
    assert not message.approximate
    assert message.text.text == f"Dear Ann, from afar. {FILLER}"
    assert place(message.text, "Ann") == "*|FNAME|*"
    assert place(message.text, FILLER) == "*|UNSUB|*"


def test_what_cannot_be_told_is_masked_and_said():
    text = "Hi *|INTERESTED:Topics:Art|*art*|ELSE:|*all*|END:INTERESTED|*!"
    one = RecipientClass({}, {}, 1, (0,))
    [message] = render([mailchimp(text, frozenset())], classes=[one]).messages
    assert message.approximate
    assert message.text.text == "Hi art!"


def test_a_plain_template_starts_no_process(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a process was started")

    monkeypatch.setattr("subprocess.Popen", refuse)
    text = "{% if name %}Dear {{ name|default('you', true)|title }}{% else %}Hi{% endif %}"
    assert rendered(text).text == "Dear Ann"


def test_without_a_child_process_nothing_is_rendered_unsafely(monkeypatch):
    monkeypatch.setattr(sys, "executable", "")
    result = render([jinja("{{ f() }}")])
    assert not result.messages
    [failure] = result.failures
    assert "executable" in failure.message


def test_the_data_of_a_recipient_stay_out_of_failures():
    one = RecipientClass({"name": "Ann"}, {}, 1, (0,))
    [failure] = render([jinja("{{ dict([name])|length }}{{ {}[name].x }}")], classes=[one]).failures
    assert "Ann" not in failure.message


def test_carriage_returns_are_rendered_without_places():
    part = rendered("a\rb {{ name }}")
    assert part.text == "a\nb Ann"
    assert part.segments == ()


@pytest.mark.parametrize(
    "text",
    [
        "Dear {{ name|default('you', true) }},\n{% if age %}{{- age -}}  {% else %}no{% endif %}!",
        "{% for i in range(2) %} {{ i }} {{ name }}{% endfor %} {% raw %}{{ x }}{% endraw %}",
    ],
)
def test_what_the_reader_of_jinja_found_is_what_is_rendered(text):
    template = jinja(text, parsed=read_jinja(text, None))
    [message] = render([template]).messages
    tags = {(tag.start, tag.end) for tag in template.parsed.tags}
    for segment in message.text.segments:
        stretch = (segment.source_start, segment.source_end)
        assert stretch in (template.parsed.literals if segment.literal else tags)


BLANKS = st.sampled_from(["", " ", "\n", "  \n "])
WORDS = st.tuples(BLANKS, st.sampled_from(["", "a", "{ b }", "é\U0001f600", "-", "%"]), BLANKS)
SIGNS = st.tuples(st.sampled_from(["", "-", "+"]), st.sampled_from(["", "-"]))


def _tag(code, signs, *, printed=False):
    left, right = signs
    return f"{{{{{left} {code} {right}}}}}" if printed else f"{{%{left} {code} {right}%}}"


LEAF = st.one_of(
    WORDS.map("".join),
    st.tuples(st.sampled_from(["name", "empty", "loop_var", "'x'"]), SIGNS).map(
        lambda t: _tag(t[0], t[1], printed=True)
    ),
    SIGNS.map(lambda s: f"{{#{s[0]} note {s[1]}#}}"),
    st.tuples(SIGNS, SIGNS, WORDS).map(
        lambda t: _tag("raw", ("", t[0][1])) + "".join(t[2]) + _tag("endraw", t[1])
    ),
)
WRAPS = st.sampled_from(
    [
        ("if name", "endif"),
        ("if empty", "endif"),
        ("for loop_var in [1, 2]", "endfor"),
        ("filter upper", "endfilter"),
        ("filter trim", "endfilter"),
        ("with name = 'y'", "endwith"),
    ]
)


def _wrapped(inner):
    return st.tuples(WRAPS, SIGNS, SIGNS, st.lists(inner, max_size=3)).map(
        lambda t: _tag(t[0][0], t[1]) + "".join(t[3]) + _tag(t[0][1], t[2])
    )


TEMPLATES = st.lists(st.recursive(LEAF, _wrapped, max_leaves=6), max_size=6).map("".join)


@settings(max_examples=120, deadline=None)
@given(TEMPLATES)
def test_marks_are_never_seen_and_never_change_anything(text):
    values = {"name": "Ann B", "empty": ""}
    plain = jinja2.Environment(keep_trailing_newline=True)
    try:
        expected = plain.from_string(text).render(values)
    except jinja2.TemplateSyntaxError:
        return
    found = scan(text)
    alphabet = Alphabet(0xE000)
    order = Order(0, (alphabet.mark(found), text), found.captures)
    [*_, event] = render_all([order], [values], alphabet, None, Limits())
    assert isinstance(event, Output)
    assert event.text == expected
    for at in range(0, len(event.runs), 3):
        start, length, index = event.runs[at : at + 3]
        stretch = found.stretches[index]
        if stretch.literal and not found.captures:
            assert event.text[start : start + length] == text[stretch.start : stretch.end]
        elif not stretch.literal:
            assert text[stretch.start : stretch.end].startswith("{{")
            assert text[stretch.start : stretch.end].endswith("}}")
    if not found.captures:  # nothing is without a place
        assert sum(event.runs[1::3]) == len(expected)
