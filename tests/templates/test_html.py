"""The masked view: exact places, whatever the markup."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.source import Source
from preflight.templates.dialects import read_template
from preflight.templates.html import (
    Element,
    Image,
    Link,
    Markup,
    nodes_of,
    plain_text,
    read_markup,
)


def read(text: str) -> Markup:
    return read_markup(text, None, html=True)


def jinja(text: str) -> Markup:
    parsed = read_template(text, "jinja")
    assert parsed is not None
    return read_markup(text, parsed, html=True)


def texts(markup: Markup) -> list[str]:
    return [markup.text[run.start : run.end] for run in markup.runs if not run.hidden]


def test_a_part_that_is_no_html_is_one_run():
    markup = read_markup("a <b>\nc", None, html=False)
    assert texts(markup) == ["a <b>\nc"]
    assert markup.elements == ()
    assert plain_text(markup, markup.text).text == "a <b>\nc"
    assert read_markup("", None, html=False).runs == ()


def test_runs_stand_where_the_text_stands():
    assert texts(read("<p>Dear <b>Ann</b>,</p>\n<p>bye")) == ["Dear ", "Ann", ",", "\n", "bye"]


def test_attributes_are_exact_and_resolved():
    text = "<a class=x HREF = 'https://a.example/?b=1&amp;c=2&copy=3' title=\"\" hidden>t</a>"
    [link] = read(text).links
    assert link.url == "https://a.example/?b=1&c=2&copy=3"
    assert link.url_span.text == "https://a.example/?b=1&amp;c=2&copy=3"
    assert link.attribute("class") == "x"
    assert link.attribute("hidden") == ""
    assert link.attribute("lang") is None
    assert link.title == ""
    href = link.attributes["href"]
    assert text[href.name_start : href.name_start + 4] == "HREF"
    assert link.span.text == text[: text.index(">t<") + 1]


def test_the_first_of_two_equal_attributes_counts():
    assert read('<img alt="a" alt="b">').images[0].alt == "a"


@pytest.mark.parametrize("tag", ["style", "script", "template"])
def test_what_no_reader_sees_is_hidden(tag):
    markup = read(f"a<{tag}>p > b {{ color: red }}</{tag}>b")
    assert texts(markup) == ["a", "b"]
    assert any(run.hidden for run in markup.runs)
    assert plain_text(markup, markup.text).text == "a\nb" or tag == "template"


def test_markup_in_a_script_is_no_markup():
    markup = read("<script>if (a < b) x('<p>')</script><p>t")
    assert [node.tag for node in markup.elements] == ["script", "p"]


def test_comments_are_no_runs():
    assert texts(read("a<!-- <p>b</p> -->c<!-->d<!---->e")) == ["a", "c", "d", "e"]


def test_conditional_comments_are_read():
    markup = read(
        "<!--[if mso]><p>Outlook</p><![endif]--><!--[if !mso]><!--><p>x</p><!--<![endif]-->"
    )
    assert [(markup.text[r.start : r.end], r.outlook) for r in markup.runs] == [
        ("Outlook", True),
        ("x", False),
    ]
    assert [node.outlook for node in markup.elements] == [True, False]
    assert plain_text(markup, markup.text).text == "x"


@pytest.mark.parametrize("tag", ["pre", "code", "samp", "kbd"])
def test_samples(tag):
    runs = read(f"a <{tag}>b <i>c</i></{tag}> d").runs
    assert [run.sample for run in runs] == [False, True, True, False]


def test_raw_blocks_are_samples():
    markup = jinja("<p>a{% raw %}{{ b }}{% endraw %}c</p>")
    samples = "".join(markup.text[r.start : r.end] for r in markup.runs if r.sample)
    assert "{{ b }}" in samples
    assert not any("c" in markup.text[r.start : r.end] for r in markup.runs if r.sample)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("<p>Dear <<First Name>>,</p>", "Dear <<First Name>>,"),
        ("<p>3 < 4 and 5 > 4", "3 < 4 and 5 > 4"),
        ("<p>Dear <%= recipient.name %>!", "Dear <%= recipient.name %>!"),
        ("<p>Hi <?= $name ?>!", "Hi <?= $name ?>!"),
        ("<p>I <3 you", "I <3 you"),
        ("text <", "text <"),
        ("text </", "text </"),
        ("<title>never closed<p>text", "never closed"),
    ],
)
def test_nothing_a_reader_sees_is_lost(text, kept):
    assert any(kept in run for run in texts(read(text)))


@pytest.mark.parametrize(
    "text",
    [
        "<![foo[ x ]]> a",
        "<!doctype html",
        "<a href='x",
        '<p title="never closed>a</p><p>b</p>',
        "<b><i></b></i></table></p>",
        "<a <b <c",
        "<!--",
        "<script>",
        "</>",
        "<?xml version='1.0'?>a",
        "<a href=>x</a>",
        "<a =x y==z>",
        "&#xffffffff; &#0; &nosuch; &",
        "\x00<p\x00>",
    ],
)
def test_broken_markup_raises_nothing(text):
    markup = read(text)
    plain_text(markup, text)
    assert all(isinstance(node.text, str) for node in markup.elements)


def test_an_unclosed_quote_ends_with_its_word():
    markup = read("<a href=\"https://a.example>click</a> it's")
    assert markup.links[0].url == "https://a.example"
    assert "click" in texts(markup)


@pytest.mark.parametrize(
    "text",
    ["<b>" * 20_000 + "</i>" * 20_000, "<" * 50_000, '<a b="' * 20_000, "<!--[if " * 20_000],
)
def test_size_costs_time_in_proportion(text):
    markup = read(text)
    assert sum(1 for _ in markup.ancestors(len(markup.elements) - 1)) <= 513


def test_template_code_is_no_markup():
    text = '<p{% if a > b %} class="x"{% endif %}>{{ "<b>" }} {{ name }}</p>'
    markup = jinja(text)
    [node] = markup.elements
    assert node.attributes["class"].value == "x"
    assert markup.runs[0].start == text.index('{{ "<b>"')
    assert len(markup.masked) == len(text)
    assert node.text == '{{ "<b>" }} {{ name }}'


def test_code_in_an_address():
    text = '<a href="https://a.example/{{ id }}?x=1&amp;y={{ a > b }}">go</a>'
    [link] = jinja(text).links
    assert link.dynamic
    assert link.scheme == "https"
    assert link.url == "https://a.example/{{ id }}?x=1&y={{ a > b }}"
    [other] = jinja('<a href="{{ url }}">go</a>').links
    assert other.scheme == ""
    assert other.replace_scheme("https") is None


def test_the_scheme_can_be_replaced():
    [link] = read('<a href=" HTTP://a.example">x</a>').links
    assert link.scheme == "http"
    fix = link.replace_scheme("https")
    assert fix is not None
    assert (fix.span.text, fix.text) == ("HTTP", "https")


def test_links_say_what_names_them():
    text = (
        '<p>To leave, <a href="https://a.example"><b>click</b> here</a>.</p>'
        '<a href="#"><img src="a.png" alt="Our shop"></a><a name="top">x</a>'
        '<v:roundrect href="https://b.example">B</v:roundrect>'
    )
    first, second, third = read(text).links
    assert first.text == first.label == "click here"
    assert first.context == "To leave, click here."
    assert (second.text, second.label) == ("", "Our shop")
    assert third.url == "https://b.example"
    image = read(text).images[0]
    assert image.link is not None
    assert image.link.url == "#"


def test_images():
    one, two = read('<img src=" a.png " alt=""><img>').images
    assert (one.src, one.alt, one.src_span.text) == ("a.png", "", " a.png ")
    assert (two.src, two.alt, two.src_span.text) == ("", None, "<img>")


def test_the_tree():
    text = "<table><tr><td>a<td>b<tr><td><p>c<p>d</table><ul><li>e<li>f</ul>"
    nodes = read(text).nodes
    table = nodes[0]
    assert [child.tag for child in table.children] == ["tr", "tr"]
    assert [e.text for e in nodes if e.tag in ("td", "p", "li")] == [*"ab", "c d", *"cdef"]
    assert [e.tag for e in nodes[2].ancestors] == ["tr", "table"]
    assert table.node.content_end == text.index("</table>")


def test_blocks_are_separate_words():
    [div, *_] = read("<div><p>a</p><p>b<br>c</p><b>d</b>e</div>").nodes
    assert div.text == "a b c de"


def test_places_are_in_the_owners_file():
    source = Source("mail.html", "head\n<a href='x'>y</a>")
    text = source.text[5:]
    markup = read(text)
    [link] = nodes_of(Link, markup, lambda start, end: source.span(5 + start, 5 + end))
    assert link.url_span.source.path == "mail.html"
    assert link.url_span.start_place == (2, 10)
    assert link.owner is None
    assert link.campaign is None
    assert nodes_of(Image, markup, source.span) == ()
    assert [type(node) for node in nodes_of(Element, markup, source.span)] == [Element]


def test_plain_text_knows_its_source():
    text = "<title>t</title><p>Fish &amp;\n  <b>chips</b>&nbsp;!</p><p>a&zwnj;&nbsp;&zwnj;</p>"
    plain = plain_text(read(text), text)
    assert plain.text == "Fish & chips !\na"
    for word, source in [("Fish", "Fish"), ("&", "&amp;"), ("& chips", "&amp;\n  <b>chips")]:
        at = plain.text.index(word)
        start, end = plain.source_span(at, at + len(word))
        assert text[start:end] == source
    assert plain.position(text.index("chips")) == plain.text.index("chips")
    assert plain.position(text.index("<b>")) is None


def test_joiners_inside_words_stay():
    word = "می\u200cخواهم"
    assert plain_text(read(f"<p>{word}</p>"), f"<p>{word}</p>").text == word


PIECES = """\
< > </ /> <!-- --> <! <p> <a <b> </b> <a/href= <img <style> </style> <script> <title> </title>
<pre> </pre> <!--[if/mso]> <![endif]--> <<First/Name>> <% %> <? ?> & &amp; &#123; &nbsp; " ' =
{{ }} name"""

HTMLISH = st.lists(
    st.sampled_from([*PIECES.replace("/href", " href").split(), " ", "\n", "\ue000", "\u200c"])
    | st.text(max_size=4),
    max_size=40,
).map("".join)


@given(HTMLISH)
def test_all_offsets_lie_in_the_text(text):
    markup = read(text)
    at = 0
    for run in markup.runs:
        assert at <= run.start < run.end <= len(text)
        at = run.end
        assert -1 <= run.element < len(markup.elements)
    for index, node in enumerate(markup.elements):
        assert 0 <= node.start < node.end <= len(text)
        assert text[node.start] == "<"
        assert node.end <= node.content_end <= len(text)
        assert -1 <= node.parent < index
        for attribute in node.attributes.values():
            assert node.start < attribute.name_start <= attribute.start <= attribute.end <= node.end
        assert isinstance(node.text, str)


@given(HTMLISH)
def test_all_of_the_plain_text_has_a_source(text):
    plain = plain_text(read(text), text)
    at = 0
    for segment in plain.segments:
        assert segment.start >= at
        assert 0 <= segment.source < segment.source + segment.source_length <= len(text)
        at = segment.start + segment.length
        if segment.length == segment.source_length > 1:
            ours = plain.text[segment.start : at]
            source = text[segment.source : segment.source + segment.source_length]
            assert ours.split() == source.split()
    assert at == len(plain.text)


@given(st.text(alphabet="ab \n", max_size=50))
def test_text_without_markup_is_itself(text):
    assert "".join(texts(read(text))) == text
