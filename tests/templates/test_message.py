"""Parts and messages."""

from __future__ import annotations

from test_render import CAMPAIGN, jinja, render

from preflight.templates.message import Message, Part, Segment


def part_of(text, segments, source, name="text"):
    return Part(name, text, tuple(Segment(*s) for s in segments), jinja(source, name))


def test_a_finished_part_is_its_own_source():
    part = Part.as_written(jinja("Hello Ann"))
    assert part.span(6, 9).text == "Ann"
    assert part.literal(0, 9)
    assert part.campaign is CAMPAIGN
    assert Part.as_written(jinja("")).span(0, 0).text == ""


def test_points_belong_to_the_run_they_stand_in():
    source = "ab{{ x }}cd"
    part = part_of("ab12cd", [(0, 2, 0, 2, True), (2, 2, 2, 9, False), (4, 2, 9, 11, True)], source)
    assert part.span(1, 1).start == 1
    assert part.span(2, 2).text in ("", "{{ x }}")
    assert part.span(6, 6).start == 11
    assert part.span(0, 6).text == source
    assert part.literal(4, 6)
    assert not part.literal(1, 3)


def test_text_from_elsewhere_is_placed_between_its_neighbours():
    source = "ab{% include 'x' %}cd"
    part = part_of("abXXcd", [(0, 2, 0, 2, True), (4, 2, 19, 21, True)], source)
    assert part.span(2, 4).text == "{% include 'x' %}"
    assert not part.literal(2, 4)
    assert not part.literal(0, 4)
    at_end = part_of("abXX", [(0, 2, 0, 2, True)], "ab{% include 'x' %}\n")
    assert at_end.span(2, 4).text == "{% include 'x' %}"
    at_start = part_of("XXab", [(2, 2, 17, 19, True)], "{% include 'x' %}ab")
    assert at_start.span(0, 1).text == "{% include 'x' %}"
    alone = part_of("XX", [], "{% include 'x' %}")
    assert alone.span(0, 1).text == "{% include 'x' %}"


def test_spans_stay_inside_the_template():
    part = part_of("abc", [(0, 3, 0, 3, True)], "abc")
    for start in range(5):
        for end in range(start, 6):
            span = part.span(start, end)
            assert 0 <= span.start <= span.end <= 3


def test_the_parts_of_a_message_by_name():
    [message] = render(
        [jinja("S {{ name }}", "subject"), jinja("<p>Hi <b>{{ name }}</b>", "html")]
    ).messages
    assert isinstance(message, Message)
    assert message.subject.text == "S Ann"
    assert message.text is None
    assert message.preheader is None
    assert message.soup.b.get_text() == "Ann"


def test_the_words_of_html_know_their_place():
    [message] = render([jinja("<p>Hi &amp; <b>{{ name }}</b>!</p>", "html")]).messages
    words = message.html.plain.text
    assert "Hi & Ann!" in words
    at = words.index("Ann")
    assert message.html.plain_span(at, at + 3).text == "{{ name }}"
    [_, bold] = message.html.markup.nodes
    assert bold.span.text == "<b>"


def test_a_message_without_html_has_an_empty_tree():
    [message] = render([jinja("index.html", "html")]).messages
    assert message.soup.get_text() == "index.html"
    [message] = render([jinja("x")]).messages
    assert not message.soup.find_all()
