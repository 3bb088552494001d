"""contact-in-dispute and held-contact: entries with dates and allowed purposes."""

from __future__ import annotations

import pytest

from preflight_rules.relationships.contact_in_dispute import contact_in_dispute
from preflight_rules.relationships.held_contact import held_contact

KINDS = [(contact_in_dispute, "disputes", "in_dispute"), (held_contact, "holds", "on_hold")]
both = pytest.mark.parametrize(("rule", "kind", "fact"), KINDS)


def entry(kind: str, since="", until="", allow="", purpose="relationship", where=""):
    return {
        "campaign.yaml": f"purpose: {purpose}"
        + (f"\naudience: {{where: {where}}}" if where else ""),
        "preflight.yaml": f"ledger: {{{kind}: entries.csv}}",
        "entries.csv": "email,since,until,owner,allow\n"
        f'JAN@werft.example,{since},{until},Legal,"{allow}"\n',
    }


@both
def test_an_open_entry(said, rule, kind, fact):
    (one,) = said(rule, entry(kind, since="2026-05-14", allow="service"))
    assert one.severity.label == "error"
    assert (one.recipients.count, one.recipients.of) == (1, 4)
    assert one.recipients.rows == (("contacts.csv", 3),)
    assert one.span.text == "contacts.csv"
    assert ("entries.csv", 2) in [
        (r.span.source.path, r.span.start_place.line) for r in one.related
    ]
    assert "@" not in one.message + one.help


@both
@pytest.mark.parametrize(
    ("dates", "count"),
    [
        (("2026-11-04", ""), 0),  # begins the day after
        (("2026-11-03", ""), 1),
        (("", "2026-11-03"), 1),  # its last day
        (("", "2026-11-02"), 0),
        (("", ""), 1),
    ],
)
def test_the_clock_is_send_at(said, rule, kind, fact, dates, count):
    assert len(said(rule, entry(kind, *dates))) == count


@both
@pytest.mark.parametrize(
    ("allow", "purpose", "count"),
    [
        ("service relationship", "relationship", 0),
        ("Service,  Relationship", "relationship", 0),
        ("service", "service", 0),
        ("", "service", 1),
        ("", "apology", 1),
        ("service", "newsletter", 1),
        ("relationships", "relationship", 1),
    ],
)
def test_allowed_purposes(said, rule, kind, fact, allow, purpose, count):
    assert len(said(rule, entry(kind, allow=allow, purpose=purpose))) == count


@both
def test_however_few(said, rule, kind, fact):
    (one,) = said(rule, entry(kind, where="\"email = 'jan@werft.example'\""))
    assert one.message.startswith("the only recipient is ")


@both
def test_left_out(said, rule, kind, fact):
    assert not said(rule, entry(kind, where=f"not {fact}"))


@both
def test_at_the_clause_that_chooses_them(said, rule, kind, fact):
    (one,) = said(rule, entry(kind, where=f"{fact} and email is not null"))
    assert one.span.text == fact


@both
def test_named_without_a_ledger(not_checked, rule, kind, fact):
    (one,) = not_checked(rule, {})
    assert one.reason == f"needs ledger.{kind} in preflight.yaml"


def test_the_kind_of_a_hold_is_not_repeated(said):
    files = entry("holds")
    files["entries.csv"] = "email,kind\njan@werft.example,bereavement\n"
    (one,) = said(held_contact, files)
    assert "bereavement" not in one.message + one.help
