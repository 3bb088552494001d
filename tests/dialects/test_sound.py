"""Sound templates of every dialect, with all that it has: nothing is said of them, whatever cells
of the list are empty."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from preflight.templates.profiles import known_dialects
from preflight.testing import check_files

SOUND = json.loads(Path(__file__).with_name("sound.json").read_text("utf-8"))
CONTACTS = """email,first_name,last_name,city
ines@atelier.example,Inès,Roy,Lyon
jan@werft.example,,Krol,
mei@teahouse.example,Mei,Li,
omar@bakery.example,Omar,Ba,Paris
zoe@studio.example,,Fox,Rome
"""
TEXT = "Hello all,\n\nhere is the news.\n\nUnsubscribe: https://news.example/unsubscribe\n"


def files(html: str, dialect: str | None) -> dict[str, str]:
    body = {"html": "mail.html", "text": "mail.txt"} | ({"dialect": dialect} if dialect else {})
    return {
        "campaign.yaml": f"body: {json.dumps(body)}\n",
        "mail.html": html,
        "mail.txt": TEXT,
        "contacts.csv": CONTACTS,
    }


@pytest.mark.parametrize("dialect", [name for name in SOUND if not SOUND[name].get("found", name)])
def test_nothing_is_said(dialect: str) -> None:
    report = check_files(files(SOUND[dialect]["html"], dialect))
    assert [(one.rule, one.message) for one in report.annotations] == []
    assert [one.reason for one in report.not_checked if "templates" in one.reason] == []


@pytest.mark.parametrize("dialect", [name for name in SOUND if SOUND[name].get("found", name)])
def test_the_dialect_is_found_and_said(dialect: str) -> None:
    report = check_files(files(SOUND[dialect]["html"], None))
    found = SOUND[dialect].get("found", dialect)
    assert report.notes == (
        f"campaign.yaml: the templates are read as {found}, found from the text",
    )
    assert [(one.rule, one.message) for one in report.annotations] == []


def test_most_dialects_are_here() -> None:
    mailers = {one.id for one in known_dialects() if one.unsubscribe}
    assert len(mailers & set(SOUND)) > 40


# --- and their twins: one fault each ------------------------------------------------------------

PLAIN = {
    "activecampaign": "%FIRSTNAME%",
    "adobecampaign": "<%= recipient.firstName %>",
    "braze": "{{${first_name}}}",
    "brevo": "{{ contact.FIRSTNAME }}",
    "campaignmonitor": "[firstname]",
    "customerio": "{{ customer.first_name }}",
    "django": "{{ first_name }}",
    "ejs": "<%= first_name %>",
    "erb": "<%= @first_name %>",
    "format": "{first_name}",
    "freemarker": "${first_name}",
    "getresponse": "[[firstname]]",
    "ghost": "{first_name}",
    "go": "{{ .first_name }}",
    "handlebars": "{{first_name}}",
    "hubspot": "{{ contact.firstname }}",
    "klaviyo": "{{ person.first_name }}",
    "liquid": "{{ first_name }}",
    "listmonk": "{{ .Subscriber.FirstName }}",
    "mailchimp": "*|FNAME|*",
    "mailerlite": "{$name}",
    "mailgun": "%recipient.first_name%",
    "mailjet": "{{var:first_name}}",
    "marketo": "{{lead.First Name}}",
    "mautic": "{contactfield=firstname}",
    "mustache": "{{first_name}}",
    "percent": "%(first_name)s",
    "phplist": "[FIRSTNAME]",
    "resend": "{{{FIRST_NAME}}}",
    "sendgrid": "{{first_name}}",
    "sfmc": "%%First Name%%",
    "sparkpost": "{{first_name}}",
    "stringtemplate": "$first_name",
    "twig": "{{ first_name }}",
    "velocity": "$first_name",
    "word": "«FirstName»",
    "zoho": "$[FNAME]$",
}
FOOT = '<p><a href="https://news.example/unsubscribe">Unsubscribe</a></p>'


@pytest.mark.parametrize("dialect", PLAIN)
def test_no_fallback(dialect: str) -> None:
    html = f"<p>Dear {PLAIN[dialect]},</p>{FOOT}"
    (one,) = check_files(files(html, dialect)).annotations
    assert one.rule == "empty-placeholder"
    assert "would read “Dear ,”: “first_name” is empty" in one.message
    assert one.recipients is not None
    assert [line for _path, line in one.recipients.rows] == [3, 6]
    assert one.span.source.text[one.span.start : one.span.end] == PLAIN[dialect]


@pytest.mark.parametrize("dialect", PLAIN)
def test_unknown_field(dialect: str) -> None:
    words = ("first_name", "FirstName", "firstName", "First Name", "FIRST_NAME", "FIRSTNAME")
    tag = PLAIN[dialect]
    word = next(w for w in (*words, "FNAME", "firstname", "name") if w in tag)
    tag = tag.replace(word, "LAST_NMAE" if word.isupper() else "last_nmae")
    (one,) = check_files(files(f"<p>Dear {tag},</p>{FOOT}", dialect)).annotations
    assert one.rule == "unknown-field"
    assert one.message.casefold() == "no contact has a field “last_nmae”"


@pytest.mark.parametrize(
    ("dialect", "foreign"),
    [
        ("mailchimp", "{{ unsubscribe }}"),
        ("activecampaign", "{{ unsubscribe }}"),
        ("brevo", "*|UNSUB|*"),
        ("postmark", "*|UNSUB|*"),
        ("phplist", "%%unsub_center_url%%"),
    ],
)
def test_the_unsubscribe_tag_of_another_mailer(dialect: str, foreign: str) -> None:
    html = f'<p>Hello,</p><p>the news.</p><p><a href="{foreign}">Leave</a></p>'
    rules = {one.rule for one in check_files(files(html, dialect)).annotations}
    assert rules == {"missing-unsubscribe", "unrendered-placeholder"}


def test_two_dialects_in_one_mail() -> None:
    html = SOUND["mailchimp"]["html"].replace("See you.", "See you, {{ first_name }}.")
    (one,) = check_files(files(html, None)).annotations
    assert one.rule == "unrendered-placeholder"
    assert one.message == "“{{ first_name }}” will reach the reader as written"


@pytest.mark.parametrize(
    "profile", [one for one in known_dialects() if one.fallback], ids=lambda one: one.id
)
def test_the_fallback_that_is_advised_works(profile) -> None:
    from preflight.templates.dialects import read_template

    columns = frozenset({"email", "first_name"})
    field = "FIRST_NAME" if profile.example.isupper() else "first_name"
    field = ".first_name" if profile.reader == "go" else field
    field = "SUBSCRIBER_FIRST_NAME" if profile.id == "outpost" else field
    parsed = read_template(profile.with_fallback(field, "friend"), profile.id, columns)
    assert parsed is not None
    assert parsed.fault is None
    printing = [tag for tag in parsed.tags if tag.names]
    assert printing, profile.id
    for tag in printing:
        assert tag.names == ("first_name",), tag
        assert "not empty" in f"{tag.when} {tag.blank}" or "truthy" in f"{tag.when}", tag
