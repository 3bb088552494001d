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


def test_other_purposes(said):
    assert said(crowded_company, files(*at("firm.example", 60), purpose="newsletter")) == []


def test_the_option(said):
    settings = {"preflight.yaml": "rules: {crowded-company: {max: 2}}"}
    assert said(crowded_company, files(*at("firm.example", 3), **settings))
