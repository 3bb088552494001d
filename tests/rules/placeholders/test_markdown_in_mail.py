"""Markdown that reaches the reader, and signs that are none."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

import preflight
from preflight_rules.placeholders.markdown_in_mail import markdown_in_mail as RULE


def html(body: str) -> dict[str, str]:
    return {"mail.html": body, "campaign.yaml": "body: {html: mail.html, text: ~}"}


def text(body: str, purpose: str = "prospecting") -> dict[str, str]:
    return {"mail.txt": body, "campaign.yaml": f"purpose: {purpose}"}


@pytest.mark.parametrize(
    ("body", "place", "kind"),
    [
        ("<p>It is **very good**.</p>", "**very good**", "bold words"),
        ("<p>Dear **{{ first_name }}**,</p>", "**{{ first_name }}**", "bold words"),
        ("<p>see [the list](https://x.example/a)</p>", "[the list](https://x.example/a)", "a link"),
        ("<p>see [us]({{ first_name }})</p>", "[us]({{ first_name }})", "a link"),
        ("<p>![logo](https://x.example/a.png)</p>", "![logo](https://x.example/a.png)", "a link"),
        ("<p>## What is new</p>", "## What is new", "a heading"),
        ("<p>```html</p><p>Dear you</p><p>```</p>", "```html", "a code fence"),
    ],
)
def test_in_html(said, body, place, kind):
    one = said(RULE, html(body))[0]
    assert one.span.text == place
    assert one.severity.label == "warning"
    assert f"is {kind} in Markdown" in one.message


def test_once_a_kind_with_the_other_places(said):
    (one,) = said(RULE, html("<p>**a b** and **c d** and **e f**</p>"))
    assert one.message.endswith(", and 2 more of them")
    assert [related.span.text for related in one.related] == ["**c d**", "**e f**"]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("Dear you,\n\nWe have **three classes** for you.\n", "**three classes**"),
        ("Dear you,\n\nsee [the list](https://x.example/a)\n", "[the list](https://x.example/a)"),
        ("Dear you,\n\n## Our offer\n\nIt is good.\n", "## Our offer"),
        ("```html\nDear you,\n```\n", "```html"),
    ],
)
def test_in_plain_text(said, body, place):
    (one,) = said(RULE, text(body))
    assert one.span.text == place


def test_in_the_subject(said):
    (one,) = said(RULE, {"campaign.yaml": 'subject: "**Three classes** for you"'})
    assert one.path == "campaign.yaml"


@pytest.mark.parametrize(
    "body",
    [
        "<p>**Only today**</p><p>and more</p>",
        "<p>**SALE** and *** and ** and 2**3**4 and a ** b ** c</p>",
        "<pre>**bold** [a](https://x.example)</pre><code>## x y</code>",
        "<p>[1] (see below) and [note](s) and f[a](b)</p>",
        "<p>#1 of all, # of items, #hashtag, ## and ##</p>",
        "<style>/** **bold** **/</style><!-- **x y** -->",
        "<p>pass****word and ****</p>",
    ],
)
def test_html_without(said, body):
    assert said(RULE, html(body)) == []


@pytest.mark.parametrize(
    "body",
    [
        "* one\n* two\n\n[1] and **SALE**\n",
        "A **bold** word [1].\n\n[1]: https://x.example\n",
        "News\n====\n\nA **bold word**.\n",
        "Use `**x y**` for **bold words**.\n",
        "Hello,\n\n```\n**x y**\n```\n",
        "Hello,\n\n    **x y**\n",
        "".join(f"- **item {n}x**: text\n" for n in range(12)),
    ],
)
def test_plain_text_without(said, body):
    assert said(RULE, text(body)) == []


def test_a_newsletters_text_may_be_markdown(said):
    assert said(RULE, text("see **this one**", "newsletter")) == []
    assert len(said(RULE, text("```\nsee **this one**\n```\n", "newsletter"))) == 1


def test_a_finished_mail():
    mail = EmailMessage()
    mail["Subject"] = "News"
    mail.set_content("see **this one** and [that](https://x.example)\n")
    mail.add_alternative("<p>see **this one**</p>\n", subtype="html")
    report = preflight.check_message(mail)
    (one,) = [one for one in report.annotations if one.rule == RULE.name]
    assert one.span.text == "**this one**"
    assert "<p>" in one.span.source.text.splitlines()[one.span.start_place.line - 1]


def test_a_value_of_the_list_is_another_rules(said):
    rows = "email,first_name\na@firm.example,**An na**\n"
    files = {**html("<p>Dear {{ first_name }}, {{ 'x' }}</p>"), "contacts.csv": rows}
    assert said(RULE, files) == []


@pytest.mark.parametrize("piece", ["**a", "[a](https://x", "```\n", "## ", "**", "[![a]("])
def test_size_costs_time_in_proportion(said, piece):
    said(RULE, html(piece * 5_000))
    said(RULE, text(piece * 5_000))
