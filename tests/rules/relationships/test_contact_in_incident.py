"""Ordinary mails to people whom an open incident hits."""

from __future__ import annotations

import pytest

from preflight_rules.relationships.contact_in_incident import contact_in_incident as rule

OPEN = "- {id: night, title: Charged twice, since: 2026-11-02, affects: hit.csv}\n"


def files(incidents=OPEN, purpose="promotion", where=""):
    return {
        "campaign.yaml": f"purpose: {purpose}\n"
        + (f"audience: {{where: {where}}}" if where else ""),
        "preflight.yaml": "ledger: {incidents: incidents.yaml}",
        "incidents.yaml": incidents,
        "hit.csv": "email\nines@atelier.example\nMei@teahouse.example\n",
    }


def test_an_open_incident(said):
    (one,) = said(rule, files())
    assert one.severity.label == "error"
    assert one.message == "2 of 4 recipients are hit by the open incident “Charged twice”"
    assert one.span.text == "contacts.csv"
    assert [(r.span.source.path, r.span.text) for r in one.related][-1] == (
        "incidents.yaml",
        "night",
    )


def test_several_are_not_named(said):
    second = "- {id: other, since: 2026-11-01, affects: \"first_name = 'Jan'\"}\n"
    (one,) = said(rule, files(OPEN + second))
    assert one.message == "3 of 4 recipients are hit by an open incident"


def test_no_title(said):
    (one,) = said(rule, files("- {id: night, since: 2026-11-02, affects: hit.csv}\n"))
    assert "“night”" in one.message


@pytest.mark.parametrize(
    ("times", "count"),
    [
        ("since: 2026-11-04", 0),
        ("since: 2026-11-01, until: 2026-11-02", 0),
        ("since: 2026-11-01, until: 2026-11-03", 1),
        ("since: 2026-11-01, until: 2026-11-03T09:59:00+01:00", 0),
    ],
)
def test_open_when_it_is_sent(said, times, count):
    assert len(said(rule, files(f"- {{id: night, {times}, affects: hit.csv}}\n"))) == count


@pytest.mark.parametrize("purpose", ["service", "incident", "apology"])
def test_the_mails_they_need(said, purpose):
    assert not said(rule, files(purpose=purpose))


def test_left_out_or_chosen(said):
    assert not said(rule, files(where="not in_incident"))
    (one,) = said(rule, files(where="in_incident"))
    assert one.span.text == "in_incident"


def test_named_without_incidents(not_checked):
    (one,) = not_checked(rule, {})
    assert one.reason == "needs ledger.incidents in preflight.yaml"


def test_a_condition_that_cannot_be_joined(not_checked):
    (one,) = not_checked(rule, files("- {id: n, since: 2026-11-01, affects: plan = 'x'}\n"))
    assert "cannot be joined" in one.reason
