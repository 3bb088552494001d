"""A first-contact mail to people you know."""

from __future__ import annotations

import pytest

from preflight_rules.relationships.known_contact_in_cold_campaign import (
    known_contact_in_cold_campaign as rule,
)

COLD = "purpose: prospecting"
CLIENTS = "ledger: {clients: clients.csv}"


def contacts(*relationships: str, column: str = "relationship") -> str:
    rows = [f'p{n}@firm-{n}.example,P{n},"{word}"' for n, word in enumerate(relationships)]
    return "\n".join((f"email,first_name,{column}", *rows)) + "\n"


def test_clients_and_network_count_once(said):
    found = said(
        rule,
        {
            "campaign.yaml": COLD,
            "preflight.yaml": "ledger: {clients: clients.csv, known: known.csv}",
            "clients.csv": "email\nINES@atelier.example\n",
            "known.csv": "email,known_since\n ines@atelier.example,2026-11-01\njan@werft.example,\n",
        },
    )
    (one,) = found
    assert one.severity.label == "error"
    assert (one.recipients.count, one.recipients.of) == (2, 4)
    assert one.recipients.rows == (("contacts.csv", 2), ("contacts.csv", 3))
    assert one.span.text == "contacts.csv"
    assert ("clients.csv", 2) in [
        (r.span.source.path, r.span.start_place.line) for r in one.related
    ]


def test_evidence_of_the_second_kind(said):
    (one,) = said(
        rule,
        {
            "campaign.yaml": COLD,
            "preflight.yaml": "ledger: {clients: clients.csv, known: known.csv}",
            "clients.csv": "email\n",
            "known.csv": "email\njan@werft.example\n",
        },
    )
    assert [r.span.source.path for r in one.related] == ["contacts.csv", "known.csv"]


@pytest.mark.parametrize(
    ("where", "span"),
    [
        ("relationship <> 'new' and email is not null", "relationship <> 'new'"),
        ("email is not null", "email is not null"),
        ("is_known is not null and relationship <> 'x'", None),
    ],
)
def test_stands_at_the_clause(said, where, span):
    (one,) = said(
        rule,
        {
            "campaign.yaml": f"{COLD}\naudience: {{where: {where}}}",
            "preflight.yaml": CLIENTS,
            "clients.csv": "email\np0@firm-0.example\n",
            "contacts.csv": contacts("client", "new"),
        },
    )
    assert one.span.text == (span or where)


def test_the_list_says_so_itself(said):
    known = (
        "client", "Friend", " partner ", "AMI", "amie", "ami(e)", "collegue", "Collègue", "Kundin",
        "amigo", "klant", "geschäftspartner", "close_friend", "close-friend", "prospect; friend",
    )  # fmt: skip
    others = (
        "new", "prospect", "lead", "potential client", "not a client", "no", "n/a", "clientele",
        "former_client", "ancien client", "Ehemalige Kundin", "friendly", "",
    )  # fmt: skip
    (one,) = said(rule, {"campaign.yaml": COLD, "contacts.csv": contacts(*known, *others)})
    assert [line for _, line in one.recipients.rows] == list(range(2, 2 + len(known)))
    assert one.recipients.count == len(known)


@pytest.mark.parametrize(
    ("values", "count"),
    [
        (("2019-04-01", "", "2020-01-01"), 2),
        (("2031-01-01", "", ""), 0),  # planned
        (("2015", "", "2016"), 2),
        (("summer of 2015", "never", "-"), 1),
        (("", "", ""), 0),
    ],
)
def test_known_since(said, values, count):
    found = said(
        rule, {"campaign.yaml": COLD, "contacts.csv": contacts(*values, column="known_since")}
    )
    assert [one.recipients.count for one in found] == ([count] if count else [])


def test_a_former_client_with_a_date_is_none(said):
    files = {
        "campaign.yaml": COLD,
        "preflight.yaml": CLIENTS,
        "clients.csv": "email,relationship\np0@firm-0.example,former_client\n",
        "contacts.csv": "email,first_name,relationship,known_since\n"
        "p0@firm-0.example,P,client,2011-01-01\np1@firm-1.example,Q,former client,2012-01-01\n",
    }
    assert not said(rule, files)


def test_colleagues_of_clients_are_weaker(said):
    (one,) = said(
        rule,
        {
            "campaign.yaml": COLD,
            "preflight.yaml": CLIENTS,
            "clients.csv": "email,relationship\nboss@werft.example,client\n"
            "boss@bakery.example,former_client\nx@gmail.com,client\ny@example.com,client\n",
            "contacts.csv": "email,first_name\njan@werft.example,Jan\nomar@bakery.example,Omar\n"
            "mei@gmail.com,Mei\nbo@example.com,Bo\nle@sub.werft.example,Le\n",
        },
    )
    assert one.severity.label == "warning"
    assert one.recipients.count == 1


def test_a_known_colleague_is_said_once(said):
    (one,) = said(
        rule,
        {
            "campaign.yaml": COLD,
            "preflight.yaml": CLIENTS,
            "clients.csv": "email\nboss@firm-0.example\n",
            "contacts.csv": contacts("friend", "new"),
        },
    )
    assert one.severity.label == "error"


@pytest.mark.parametrize("purpose", ["newsletter", "promotion", "relationship", "event", "service"])
def test_other_purposes(said, purpose):
    files = {"campaign.yaml": f"purpose: {purpose}", "contacts.csv": contacts("client", "new")}
    assert not said(rule, files)


def test_seeds_are_not_spoken_of(said):
    files = {
        "campaign.yaml": COLD,
        "preflight.yaml": "ledger: {clients: clients.csv, seeds: [ines@atelier.example]}",
        "clients.csv": "email\nines@atelier.example\n",
    }
    assert not said(rule, files)


def test_named_when_nothing_tells(said, not_checked):
    assert not said(rule, {"campaign.yaml": COLD})
    (one,) = not_checked(rule, {"campaign.yaml": COLD})
    assert "ledger.clients or ledger.known" in one.reason


def test_no_address_in_the_message(said):
    (one,) = said(rule, {"campaign.yaml": COLD, "contacts.csv": contacts("client", "new")})
    assert "@" not in one.message + one.help
