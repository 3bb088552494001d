"""Your own people and a competitor's in a first-contact mail."""

from __future__ import annotations

import pytest

from preflight_rules.recipients.competitor_recipient import competitor_recipient
from preflight_rules.recipients.internal_recipient import internal_recipient

CASES = [(internal_recipient, "internal"), (competitor_recipient, "competitors")]
both = pytest.mark.parametrize(("rule", "kind"), CASES)


def files(kind, entry, *addresses, purpose="prospecting", **more):
    rows = "".join(f"{address},Anna\n" for address in addresses)
    return {
        "campaign.yaml": f"purpose: {purpose}",
        "preflight.yaml": f"ledger: {{{kind}: {entry}}}",
        "contacts.csv": f"email,first_name\nada@x.example,Ada\n{rows}",
        **more,
    }


@both
@pytest.mark.parametrize(
    "address", ["a@firm.example", "A@FIRM.example", "a@mail.firm.example", "a@de.mail.firm.example"]
)
def test_a_domain_and_those_below(said, rule, kind, address):
    (one,) = said(rule, files(kind, "[firm.example]", address))
    assert one.message.startswith("1 of 2 recipients is")
    assert one.severity.label == "warning"
    assert one.recipients.rows == (("contacts.csv", 3),)


@both
@pytest.mark.parametrize(
    "address",
    [
        "a@notfirm.example",
        "a@firm.example.org",
        "a@example",
        "a@firm",
        "",
        "a@" + "b." * 3000 + "firm.example",
    ],
)
def test_other_domains(said, rule, kind, address):
    assert said(rule, files(kind, "[firm.example]", address)) == []


@both
def test_a_list_of_addresses_and_domains(said, rule, kind):
    listed = "email,domain\nboss@one.example,\n,two.example\n"
    found = files(
        kind,
        "people.csv",
        "boss@one.example",
        "eva@one.example",
        "x@a.two.example",
        **{"people.csv": listed},
    )
    (one,) = said(rule, found)
    assert [line for _, line in one.recipients.rows] == [3, 5]
    assert any(place.span.source.path == "people.csv" for place in one.related)


@both
@pytest.mark.parametrize("purpose", ["newsletter", "service", "relationship", "promotion"])
def test_other_purposes(said, rule, kind, purpose):
    assert said(rule, files(kind, "[firm.example]", "a@firm.example", purpose=purpose)) == []


@both
def test_without_the_ledger(not_checked, rule, kind):
    found = not_checked(rule, {"campaign.yaml": "purpose: prospecting"})
    assert [one.reason for one in found] == [f"needs ledger.{kind} in preflight.yaml"]


def test_seeds_are_not_spoken_of(said):
    entry = "[firm.example], seeds: [qa@firm.example]"
    assert said(internal_recipient, files("internal", entry, "qa@firm.example")) == []
