"""Former clients addressed as clients."""

from __future__ import annotations

import pytest

from preflight_rules.relationships.ended_relationship import ended_relationship as rule


def files(word="former_client", purpose="relationship", where="", more=""):
    return {
        "campaign.yaml": f"purpose: {purpose}\n"
        + (f'audience: {{where: "{where}"}}' if where else ""),
        "preflight.yaml": "ledger: {clients: clients.csv}",
        "clients.csv": f"email,relationship\nines@atelier.example,client\njan@werft.example,{word}\n"
        + more,
    }


def own(word: str) -> dict[str, str]:
    return {
        "campaign.yaml": "purpose: relationship",
        "contacts.csv": f"email,first_name,relationship\njan@werft.example,J,{word}\nq@r.example,Q,\n",
    }


def test_in_the_ledger(said):
    (one,) = said(rule, files())
    assert one.severity.label == "warning"
    assert (one.recipients.count, one.recipients.of) == (1, 4)
    assert [r.span.source.path for r in one.related] == ["contacts.csv", "clients.csv"]


@pytest.mark.parametrize(
    "word", ["former client", "Former-Client", "ancien client", "ehemalige Kundin", "ex cliente"]
)
def test_words(said, word):
    assert len(said(rule, files(word))) == 1
    assert len(said(rule, own(word))) == 1


@pytest.mark.parametrize("word", ["client", "new", "", "formerly a supplier", "former colleague"])
def test_other_words(said, word):
    assert not said(rule, own(word))


def test_a_client_again(said):
    """The list is older than the ledger."""
    ledger = {"preflight.yaml": "ledger: {clients: clients.csv}"}
    again = {**own("former client"), **ledger, "clients.csv": "email\njan@werft.example\n"}
    assert not said(rule, again)


@pytest.mark.parametrize("purpose", ["service", "incident", "apology"])
def test_mails_that_everybody_needs(said, purpose):
    assert not said(rule, files(purpose=purpose))


@pytest.mark.parametrize(("consent", "count"), [("express", 0), ("implied", 1)])
def test_newsletter(said, consent, count):
    contacts = f"email,first_name,consent\njan@werft.example,Jan,{consent}\n"
    given = {**files(purpose="newsletter"), "contacts.csv": contacts}
    assert len(said(rule, given)) == count


@pytest.mark.parametrize(
    ("where", "count"),
    [
        ("relationship = 'former_client'", 0),
        ("relationship in ('former_client', 'ex_client')", 0),
        ("relationship is not null", 1),
        ("relationship = 'client' or relationship = 'former_client'", 1),
        ("not (relationship = 'prospect')", 1),
    ],
)
def test_a_campaign_for_them(said, where, count):
    found = said(rule, files(where=where))
    assert [one.span.text for one in found] == [where] * count


def test_named_when_nothing_tells(not_checked):
    (one,) = not_checked(rule, {})
    assert one.reason.startswith("needs ledger.clients")
