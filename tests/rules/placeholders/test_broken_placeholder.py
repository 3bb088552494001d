"""Damaged merge tags, and what only looks damaged."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

import preflight
from preflight.templates.words import load
from preflight_rules.placeholders.broken_placeholder import broken_placeholder as RULE
from preflight_rules.placeholders.unrendered_placeholder import unrendered_placeholder

JINJA = {"campaign.yaml": "body: {text: mail.txt, dialect: jinja}"}


def text(body: str) -> dict[str, str]:
    return {"mail.txt": f"{body}\n", **JINJA}


def html(body: str) -> dict[str, str]:
    return {"mail.html": body, "campaign.yaml": "body: {html: mail.html, dialect: jinja}"}


def fixed(files: dict[str, str], one: preflight.report.model.Annotation) -> dict[str, str]:
    old = files[one.path]
    assert one.fix is not None
    return {
        **files,
        one.path: old[: one.fix.span.start] + one.fix.text + old[one.fix.span.end :],
    }


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("{ first_name }}", "an opening brace is missing"),
        ("{ {first_name} }", "blanks stand between the braces"),
        ("{first_name", "the closing brace is missing"),
        ("*|FNAME|", "a star is missing"),
        ("*|FNAME*|", "star and bar are the wrong way round"),
        ("\\*\\|FNAME\\|\\*", "backslashes stand in the tag"),
        ("[[FNAME]", "a bracket is missing"),
        ("%%FIRSTNAME%", "a percent sign is missing"),
        ("% first_name %", "blanks stand inside the percent signs"),
        ("<<First Name>", "a bracket is missing"),
        ("$ {first_name}", "a blank stands after the dollar sign"),
        ("((first_name))", "the brackets should be braces"),
        ("\uff5b\uff5bfirst_name\uff5d\uff5d", "the braces are wide ones"),
    ],
)
def test_damage_in_a_template(said, written, what):
    files = text(f"Dear {written}, hello")
    (one,) = said(RULE, files)
    assert one.span.text == written
    assert one.severity.label == "error"
    assert one.message == f"“{written}” is no tag: {what}"
    assert one.help == "Write {{ first_name }}."
    assert said(unrendered_placeholder, files) == []
    again = fixed(files, one)
    assert again["mail.txt"] == "Dear {{ first_name }}, hello\n"
    assert said(RULE, again) == []


@pytest.mark.parametrize(
    "written", [entry["example"] for entry in load("broken_tags.json")["shapes"]]
)
def test_every_shape_in_a_finished_mail(written):
    mail = EmailMessage()
    mail["Subject"] = "News"
    mail.set_content(f"Dear {written},\n\nnews\n", cte="quoted-printable")
    report = preflight.check_message(mail)
    found = [one for one in report.annotations if one.rule.endswith("-placeholder")]
    assert [one.rule for one in found] == ["broken-placeholder"]
    assert found[0].message.startswith(f"“{written}” is no tag: ")


def test_a_brace_too_many(said):
    files = text("Dear {{ first_name }}},")
    (one,) = said(RULE, files)
    assert one.message == "“{{ first_name }}}” has a brace too many, which the reader will see"
    again = fixed(files, one)
    assert again["mail.txt"] == "Dear {{ first_name }},\n"
    assert said(RULE, again) == []


def test_the_subject(said):
    (one,) = said(RULE, {"campaign.yaml": 'subject: "{ first_name }}, news"'})
    assert one.path == "campaign.yaml"
    assert one.fix.text == "{{ first_name }}"


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("<p>Dear { <b>first_name</b> }},</p>", "{ <b>first_name</b> }}"),
        ("<p>Dear &#123; first_name &#125;&#125;,</p>", "&#123; first_name &#125;&#125;"),
        ("<p>Dear &amp;#123;first_name&amp;#125;,</p>", "&amp;#123;first_name&amp;#125;"),
        ('<img alt="Dear { first_name }}" src="https://x.example/a.png">', "{ first_name }}"),
        ('<a href="https://x.example/?e=*|EMAIL|&amp;a=1">x</a>', "*|EMAIL|"),
    ],
)
def test_in_html(said, body, place):
    (one,) = said(RULE, html(body))
    assert one.span.text == place
    assert one.fix is None or "<" not in place


@pytest.mark.parametrize(
    "body",
    [
        "Dear {{ first_name }},",
        "{% raw %}{ first_name }}{% endraw %}",
        "Use `{ first_name }}` here.",
        "```\n{ first_name }}\n```",
        "if (a) { b }} and { c } }",
        '{"to": {{ first_name }}}',
        "| name | city |\n|------|------|\n| Ada | Rome |",
        "[[Page]] and [x]] and [[y] and [1]]",
        "100 % sure, 5 % off %% and % of it %",
        "f((x)) and ((see)) and $ 5 and ${HOME",
        "<<EOF >> <b> >> and <- ->",
        "the price is *5|6* and a|b|*",
        "{left|right",
        "Hi {there",
    ],
)
def test_what_is_not_damaged(said, body):
    assert said(RULE, text(body)) == []


@pytest.mark.parametrize(
    "body",
    [
        "<style>a{b:c}} .name{d:e}}</style><p>{{ first_name }}</p>",
        '<script type="application/ld+json">{"a":{"name":{{ first_name }}}}</script>',
        "<pre>{ first_name }}</pre>",
    ],
)
def test_html_that_is_not_damaged(said, body):
    assert said(RULE, html(body)) == []


def test_a_value_of_the_list_is_another_rules(said):
    rows = "email,first_name\na@firm.example,{ first_name }}\n"
    assert said(RULE, {**text("Dear {{ first_name }}, {{ 'x' }}"), "contacts.csv": rows}) == []


@pytest.mark.parametrize("piece", ["{ a }}", "{ {a", "% a", "*|a", "[[a", "&#123;a", "(( "])
def test_size_costs_time_in_proportion(said, piece):
    said(RULE, {"mail.html": piece * 5_000, "campaign.yaml": "body: {html: mail.html}"})
