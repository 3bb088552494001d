"""Many people of one company."""

from __future__ import annotations

import pytest

from preflight_rules.recipients.crowded_company import crowded_company


def files(*addresses, purpose="prospecting", **more):
    rows = "".join(f"{address},Anna\n" for address in addresses)
    return {
        "campaign.yaml": f"purpose: {purpose}",
        "contacts.csv": f"email,first_name\nz@x.example,Zoë\n{rows}",
        **more,
    }


def at(domain, count):
    return [f"p{number}@{domain}" for number in range(count)]


def test_many(said):
    (one,) = said(crowded_company, files(*at("firm.example", 6)))
    assert one.message.startswith("6 of 7 recipients are at one company where more than 5 people")
    assert one.severity.label == "notice"
    (one,) = said(crowded_company, files(*at("firm.example", 6), *at("other.example", 9)))
    assert one.message.startswith("15 of 16 recipients are at 2 companies")


@pytest.mark.parametrize(
    "addresses",
    [at("firm.example", 5), at("gmail.com", 50), at("web.de", 50), ["a@firm.example"] * 9, [""] * 9, ["x"] * 9, ["@firm.example"] * 9],
)  # fmt: skip
def test_no_false_alarm(said, addresses):
    assert said(crowded_company, files(*addresses)) == []


def test_the_offices_of_one_company(said):
    addresses = [*at("a.firm.co.uk", 3), *at("b.firm.co.uk", 2), *at("firm.co.uk", 1)]
    (one,) = said(crowded_company, files(*addresses, *at("other.co.uk", 5)))
    assert one.message.startswith("6 of 12 recipients are at one company")
    (one,) = said(crowded_company, files(*at("x.city.firm.example", 4), *at("y.firm.example", 2)))
    assert one.recipients.count == 6


@pytest.mark.parametrize(
    "domains",
    [
        [f"firm{number}.co.uk" for number in range(9)],
        [f"firm{number}.com.au" for number in range(9)],
        [f"user{number}.github.io" for number in range(9)],
        [f"town{number}.kawasaki.jp" for number in range(9)],
        [f"firm{number}.example" for number in range(9)],
        ["localhost", "x", "co.uk", "10.0.0.1"],
    ],
)
def test_neighbours_under_one_ending_are_no_company(said, domains):
    assert said(crowded_company, files(*(f"ada@{domain}" for domain in domains))) == []


def test_other_purposes(said):
    assert said(crowded_company, files(*at("firm.example", 60), purpose="newsletter")) == []


def test_the_option(said):
    settings = {"preflight.yaml": "rules: {crowded-company: {max: 2}}"}
    assert said(crowded_company, files(*at("firm.example", 3), **settings))
