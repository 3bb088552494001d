"""Bulk mails without a way out."""

from __future__ import annotations

import dataclasses

import pytest

from preflight.campaign.model import Campaign
from preflight.source import Excerpt, Source
from preflight.templates.dialects import read_template
from preflight.templates.message import Message, Part, Segment
from preflight.templates.model import Template
from preflight_rules.compliance.missing_unsubscribe import missing_unsubscribe as rule

HTML = {"campaign.yaml": "body: {html: mail.html, text: ~}"}
HEAD = "<html><body><p>Dear {{ first_name }},</p><p>The news.</p>"


def html(end: str, **more: str) -> dict[str, str]:
    return {**HTML, "mail.html": f"{HEAD}{end}</body></html>", **more}


def text(end: str, **more: str) -> dict[str, str]:
    return {"mail.txt": f"Dear {{{{ first_name }}}},\n\nThe news.\n{end}", **more}


def finished(part: str, content: str) -> Message:
    """A finished mail of one part, to four people: rules can be called alone."""
    campaign = Campaign.model_validate(
        {
            "name": "x",
            "purpose": "newsletter",
            "from": "ada@news.example",
            "body": {part: "mail"},
            "audience": {"contacts": "contacts.csv"},
        }
    )
    parsed = read_template(content, "jinja", None)
    template = Template(campaign, part, Excerpt.whole(Source("mail", content)), "jinja", parsed)
    return Message(campaign, {part: Part.as_written(template)}, 4, (0, 1, 2, 3), {}, 4)


def contacts(column: str, *values: str) -> dict[str, str]:
    rows = [f"p{n}@firm-{n}.example,P{n},{value}" for n, value in enumerate(values)]
    return {"contacts.csv": "\n".join((f"email,first_name,{column}", *rows)) + "\n"}


def test_text_without(said):
    (one,) = said(rule, text("\nThe team\nMain Street 1\n\n"))
    assert one.severity.label == "error"
    assert one.span.text == "Main Street 1"
    assert (one.recipients.count, one.recipients.of) == (4, 4)


def test_html_without(said):
    (one,) = said(rule, html("<p>Main <b>Street</b> 1</p>"))
    assert one.span.text == "Main <b>Street</b> 1"


@pytest.mark.parametrize(
    "end",
    [
        '<a href="https://news.example/unsubscribe">here</a>',
        '<a href="https://news.example/x/1">Unsubscribe</a>',
        '<a href="https://news.example/x/1">Se désinscrire</a>',
        '<a href="https://news.example/x/1">Newsletter abbestellen</a>',
        '<p>To unsubscribe, click <a href="https://news.example/x/1">here</a>.</p>',
        '<a href="mailto:unsubscribe@news.example">Tell us</a>',
        '<a href="mailto:ada@news.example?subject=unsubscribe">Tell us</a>',
        '<a href="https://news.example/x/1"><img src="https://news.example/a.png" alt="Unsubscribe"></a>',
        "<p>If you want no more of it, reply with STOP.</p>",
        '<p>To unsubscribe, write to <a href="mailto:ada@news.example">ada@news.example</a>.</p>',
    ],
)
def test_html_with(end):
    assert not rule(finished("html", f"<p>The news.</p>{end}"))


@pytest.mark.parametrize(
    "end",
    [
        '<a href="https://news.example/">Subscribe</a>',
        '<a href="#">Unsubscribe</a>',
        '<a href="">Unsubscribe</a>',
        "<p>Unsubscribe</p>",
        '<a href="https://news.example/unsubscribe" style="display: none">Unsubscribe</a>',
        '<div style="display:none"><a href="https://news.example/x/1">Unsubscribe</a></div>',
        '<a href="https://news.example/unsubscribe" hidden>Unsubscribe</a>',
        "<!-- https://news.example/unsubscribe -->",
        '<!--[if mso]><a href="https://news.example/unsubscribe">Unsubscribe</a><![endif]-->',
        '<a href="https://news.example/privacy">Privacy</a>',
    ],
)
def test_html_that_offers_nothing(end):
    assert len(rule(finished("html", f"<p>The news.</p>{end}"))) == 1


@pytest.mark.parametrize(
    "tag", ["*|UNSUB|*", "[[UNSUB_LINK_EN]]", "%%unsubscribe_url%%", "%unsubscribe_url%"]
)
def test_the_tag_of_another_mailer(tag):
    for message in (
        finished("html", f'<p>The news.</p><a href="{tag}">Unsubscribe</a>'),
        finished("text", f"The news.\n\nUnsubscribe: {tag}\n"),
    ):
        (one,) = rule(message)
        assert one.span.text == tag
        assert f"“{tag}” goes out as typed" in one.message


@pytest.mark.parametrize(
    "end",
    [
        "Unsubscribe: https://news.example/x/1",
        "https://news.example/unsubscribe?u=1",
        "To unsubscribe, write to ada@news.example",
        "Reply with STOP if you want no more.",
        "Pour ne plus recevoir cette lettre : https://lettre.example/x",
    ],
)
def test_text_with(end):
    assert not rule(finished("text", f"The news.\n\n{end}\n"))


@pytest.mark.parametrize("name", ["unsubscribe_url", "lien_desinscription", "abmeldelink"])
def test_an_address_of_the_list(said, name):
    rows = contacts(name, *("https://x.example/1",) * 4)
    assert not said(rule, html(f'<a href="{{{{ {name} }}}}">This way</a>', **rows))
    assert not said(rule, text(f"{{{{ {name} }}}}\n", **rows))


def test_the_empty_address_of_some(said):
    rows = contacts("unsubscribe_url", "https://x.example/1", "", "https://x.example/1", "")
    (one,) = said(rule, html('<a href="{{ unsubscribe_url }}">Unsubscribe</a>', **rows))
    assert (one.recipients.count, one.recipients.of) == (2, 4)
    assert one.recipients.rows == (("contacts.csv", 3), ("contacts.csv", 5))


def test_a_branch_hides_it(said):
    rows = contacts("plan", "free", "paid", "free", "free")
    end = '{% if plan == "free" %}<a href="https://news.example/unsubscribe">x</a>{% endif %}'
    (one,) = said(rule, html(end, **rows))
    assert one.recipients.count == 1


def test_both_parts_must_offer_it(said):
    files = html('<a href="https://news.example/unsubscribe">x</a>', **text("The team"))
    files["campaign.yaml"] = "body: {html: mail.html, text: mail.txt}"
    (one,) = said(rule, files)
    assert one.span.source.path == "mail.txt"
    files["mail.html"] = HEAD
    assert {one.span.source.path for one in said(rule, files)} == {"mail.html", "mail.txt"}


def test_the_header_alone_does_not_count(said):
    header = 'headers: {List-Unsubscribe: "<https://news.example/unsubscribe>"}'
    assert len(said(rule, text("The team", **{"campaign.yaml": header}))) == 1


@pytest.mark.parametrize(
    ("purpose", "count"),
    [
        ("service", 0),
        ("incident", 0),
        ("apology", 0),
        ("press", 1),
        ("introduction", 1),
        ("event", 1),
    ],
)
def test_purposes(said, purpose, count):
    files = text("The team", **{"campaign.yaml": f"purpose: {purpose}"})
    assert len(said(rule, files)) == count


@pytest.mark.parametrize(("many", "count"), [(3, 0), (4, 1)])
def test_bulk_is_more_than_three(said, many, count):
    assert len(said(rule, text("The team", **contacts("x", *"abcd"[:many])))) == count


def test_pictures_only(said):
    files = {**HTML, "mail.html": '<img src="https://news.example/a.png" alt="">'}
    (one,) = said(rule, files)
    assert one.span.text == "mail.html"


def test_a_tag_that_the_mailer_fills_itself():
    """Without the mailer's own engine its tag prints nothing: the message is approximate."""
    html = finished("html", '<p>News.</p><a href="{{ unsubscribe }}">No more of it</a>')
    text = finished("text", "News.\n\nNo more of it: {{ unsubscribe }}\n")
    for message in (html, text):
        ((name, part),) = message.parts.items()
        source = part.template.text
        tag = part.template.parsed.tags[0]
        printed = Part(
            name,
            source[: tag.start] + source[tag.end :],
            (
                Segment(0, tag.start, 0, tag.start, True),
                Segment(tag.start, len(source) - tag.end, tag.end, len(source), True),
            ),
            part.template,
        )
        rough = dataclasses.replace(message, parts={name: printed}, approximate=True)
        assert not rule(rough)
        assert len(rule(dataclasses.replace(rough, approximate=False))) == 1
