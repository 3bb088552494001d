"""Offsets, names, conditions and faults that `read_jinja` finds."""

from __future__ import annotations

import pytest

from preflight.templates.jinja import read_jinja
from preflight.templates.model import Parsed

COLUMNS = frozenset({"first_name", "company", "country", "vip", "score"})


def pieces(text: str, parsed: Parsed) -> str:
    """The text put together again from literals and code."""
    return "".join(text[start:end] for start, end in sorted((*parsed.literals, *parsed.code)))


def blank_of(expression: str) -> str | None:
    parsed = read_jinja("{{ " + expression + " }}", COLUMNS)
    assert parsed.fault is None
    (tag,) = parsed.tags
    return tag.blank


def when_of(test: str) -> str | None:
    parsed = read_jinja("{% if " + test + " %}{{ 1 }}{% endif %}", COLUMNS)
    assert parsed.fault is None
    return parsed.tags[0].when


def test_a_plain_tag() -> None:
    parsed = read_jinja("Dear {{ first_name }},", COLUMNS)
    (tag,) = parsed.tags
    assert (tag.start, tag.end, tag.expression) == (5, 21, "first_name")
    assert (tag.names, tag.when, tag.blank) == (("first_name",), "true", 'blank("first_name")')
    assert parsed.names == (("first_name", 8, 18),)
    assert parsed.literals == ((0, 5), (21, 22))
    assert parsed.code == ((5, 21),)
    assert parsed.plain


@pytest.mark.parametrize(
    "text",
    [
        "a {%- if company -%}  b \n {{- company -}}  {%+ endif %} c\n",
        "{% raw %} {{ x }} {% endraw %}{{ '%}' ~ company }}{# }} {% #}é{{ company }}\n\n",
        "  {%- raw -%}  {{ x }}  {%- endraw -%}  {{ company }}",
        "<p title=\"{{ company|replace('</p>', '%}') }}\">\n\t{{\n company\n}}\x0b\u2028</p>",
        "{{ company }}{{ company }}",
        "",
        "\n",
    ],
)
def test_offsets_cover_the_text(text: str) -> None:
    parsed = read_jinja(text, COLUMNS)
    assert parsed.fault is None
    assert pieces(text, parsed) == text
    for tag in parsed.tags:
        assert text[tag.start : tag.end].startswith("{{")
        assert text[tag.start : tag.end].endswith("}}")
    for name, start, end in parsed.names:
        assert text[start:end] == name


def test_raw_blocks_are_samples_and_literals() -> None:
    text = "{% raw %}{{ x }}{% endraw %}"
    parsed = read_jinja(text)
    assert parsed.samples == parsed.literals == ((9, 16),)
    assert parsed.tags == ()


def test_names_are_free_variables_only() -> None:
    text = (
        "{% set g = first_name or 'you' %}{{ g }}{% for i in range(3) %}{{ i }}{{ loop.index }}"
        "{% endfor %}{% macro m(p) %}{{ p }}{{ company }}{% endmacro %}{{ m(score) }}"
    )
    parsed = read_jinja(text, COLUMNS)
    assert [name for name, _start, _end in parsed.names] == ["first_name", "company", "score"]
    assert parsed.tags[0].names == ("first_name",)
    assert parsed.tags[0].blank == 'blank("first_name") and not empty("first_name")'


@pytest.mark.parametrize(
    ("expression", "blank"),
    [
        ("first_name", 'blank("first_name")'),
        ("first_name or 'friend'", 'blank("first_name") and not empty("first_name")'),
        ("first_name|default('friend')", 'blank("first_name")'),
        (
            "first_name|default('friend', true)|title",
            'blank("first_name") and not empty("first_name")',
        ),
        ("first_name|d('friend', boolean=true)", 'blank("first_name") and not empty("first_name")'),
        ("nickname|default('friend')", "false"),
        ("nickname", None),
        ("first_name.strip().title()", 'blank("first_name")'),
        ("first_name ~ ' ' ~ company", 'blank("first_name") and blank("company")'),
        ("'Hello ' ~ first_name", "false"),
        ("first_name if vip else 'you'", 'truthy("vip") and blank("first_name")'),
        ("'none'", "true"),
        ("none", "true"),
        ("score * 2", None),
        ("first_name|replace('-', '')", None),
        ("first_name[0]", None),
    ],
)
def test_when_a_tag_prints_nothing(expression: str, blank: str | None) -> None:
    assert blank_of(expression) == blank


@pytest.mark.parametrize(
    ("test", "when"),
    [
        ("vip", 'truthy("vip")'),
        ("not vip", 'not truthy("vip")'),
        ("vip and not company", 'truthy("vip") and not truthy("company")'),
        ("country == 'FR'", '"country" is not null and "country" like \'FR\''),
        ("country != 'FR'", '"country" is null or not "country" like \'FR\''),
        ("country == ''", 'empty("country")'),
        ("country|lower == 'fr'", '"country" is not null and lower("country") = \'fr\''),
        ("country|lower == 'FR'", "false"),
        (
            "country in ['FR', 'BE']",
            '"country" is not null and matches("country", \'^(?:FR|BE)$\')',
        ),
        (
            "country not in ('FR', 'BE')",
            '"country" is null or not matches("country", \'^(?:FR|BE)$\')',
        ),
        ("company|length > 3", 'coalesce(length("company"), 0) > 3'),
        ("vip == true", '"vip" is not null and lower("vip") = \'true\''),
        ("country == 'a_b'", '"country" is not null and matches("country", \'^a_b$\')'),
        ("company is defined", "true"),
        ("nickname is defined", "false"),
        ("company is none", "false"),
        ("country == 'O\\'Brien'", "\"country\" is not null and \"country\" like 'O''Brien'"),
        ("score > 3", None),
        ("score == 3", None),
        ("country == '75'", None),
        ("nickname", None),
        ("country|replace('a', 'b')", None),
    ],
)
def test_when_a_branch_is_taken(test: str, when: str | None) -> None:
    assert when_of(test) == when


def test_branches_exclude_each_other() -> None:
    text = "{% if vip %}{{ 1 }}{% elif country == 'FR' or company %}{{ 2 }}"
    text += "{% else %}{{ 3 }}{% endif %}"
    parsed = read_jinja(text, COLUMNS)
    second = '("country" is not null and "country" like \'FR\') or truthy("company")'
    assert [tag.when for tag in parsed.tags] == [
        'truthy("vip")',
        f'not truthy("vip") and ({second})',
        f'not truthy("vip") and not ({second})',
    ]
    assert parsed.branches == ('truthy("vip")', second)


def test_what_cannot_be_told_is_named() -> None:
    parsed = read_jinja("{% if score > 3 %}{{ company }}{% endif %}", COLUMNS)
    assert parsed.undecided == ("score",)
    assert parsed.tags[0].when is None
    assert parsed.tags[0].blank == 'blank("company")'


def test_loops_over_values_and_macros_are_followed_and_set_blocks_leave_when_open() -> None:
    text = (
        "{% for x in company %}{{ x }}{% endfor %}{% macro m() %}{{ company }}{% endmacro %}"
        "{% set b %}{{ company }}{% endset %}{{ b }}"
    )
    parsed = read_jinja(text, COLUMNS)
    assert [tag.when for tag in parsed.tags] == ['truthy("company")', "false", None, "true"]
    assert parsed.tags[-1].names == ("company",)
    assert parsed.branches == ('truthy("company")',)
    assert not parsed.plain


def test_a_variable_set_in_branches() -> None:
    text = "{% if vip %}{% set g = company %}{% else %}{% set g = 'you' %}{% endif %}{{ g }}"
    (tag,) = read_jinja(text, COLUMNS).tags
    assert tag.blank == 'truthy("vip") and blank("company")'
    assert tag.names == ("vip", "company")


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("Hi {{ name", "{{", "“{{” is never closed with “}}”"),
        ("Hi {{ name, see <b>{{ other }}", "{{", "“{{” is never closed with “}}”"),
        ("Hi {{ name }!", "{{ name }", "“{{” is closed with one “}” only: write “}}”"),
        ("{{ “x” }}", "“", "a typographic quote (“) inside a tag: write ' or \" there"),
        ("{{ x|defualt('a') }}", "defualt", "no filter “defualt” (did you mean “default”?)"),
        ("{{ x is defned }}", "defned", "no test “defned” (did you mean “defined”?)"),
        ("{{ first name }}", "first name", "a name cannot hold a blank"),
        ("{{ x|default:'a' }}", ":", "a filter takes its argument in brackets"),
        ("a{% if x %}b", "if", "“if” is never closed with “{% endif %}”"),
        ("{% set a = 1 %}{% set b %}b", "set", "“set” is never closed with “{% endset %}”"),
        ("{% if x %}a{% endfor %}", "endfor", "“endfor” does not fit here: expected “elif”"),
        ("{% elseif x %}", "elseif", "no statement “elseif” (did you mean “elif”?)"),
        ("{{ }}", "}}", "the tag is empty"),
        ("a {# b", "{#", "“{#” is never closed with “#}”"),
        ("a {% raw %} b", "{% raw %}", "“{% raw %}” is never closed"),
        ("{{ x] }}", "]", "“]” does not belong here"),
        ("{{ 'abc }}", "'", "the text that begins with ' does not end"),
        ("{{ " + "9" * 5000 + " }}", "9" * 5000, "the number is too long"),
        ("{{ " + "(" * 3000 + ")" * 3000 + " }}", "{", "nested too deeply"),
    ],
)
def test_faults(text: str, at: str, message: str) -> None:
    parsed = read_jinja(text)
    assert parsed.fault is not None
    assert message in parsed.fault.message
    assert text[parsed.fault.start : parsed.fault.end] == at
    assert parsed.tags == ()


def test_a_fault_stands_where_it_is() -> None:
    fault = read_jinja("{{ ok }}\n{{ x|upper }}\n{{ x|uper }}").fault
    assert fault is not None
    assert fault.start == 28


def test_unknown_escapes_are_kept_quietly() -> None:
    assert read_jinja("{{ x == '\\d\\\\d' }}").fault is None


def test_long_chains_end_in_not_known() -> None:
    text = "{% if a0 %}" + "".join(f"{{% elif a{n} %}}{{{{ x }}}}" for n in range(1, 600))
    parsed = read_jinja(text + "{% endif %}")
    assert parsed.tags[0].when == 'not truthy("a0") and truthy("a1")'
    assert parsed.tags[-1].when is None
