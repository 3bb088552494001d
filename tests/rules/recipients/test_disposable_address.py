"""Throw-away addresses."""

from __future__ import annotations

import pytest

from preflight_rules.recipients.disposable_address import disposable_address


def listed(*domains):
    rows = "".join(f"p{number}@{domain},Anna\n" for number, domain in enumerate(domains))
    return {"contacts.csv": f"email,first_name\n{rows}"}


@pytest.mark.parametrize(
    "domain", ["mailinator.com", "YOPMAIL.com", "sub.mailinator.com", "guerrillamail.com"]
)
def test_throw_away(said, domain):
    (one,) = said(disposable_address, listed("x.example", domain, domain))
    assert one.message.startswith("2 of 3 recipients have a throw-away address")
    assert one.severity.label == "warning"
    assert one.recipients.rows == (("contacts.csv", 3), ("contacts.csv", 4))


@pytest.mark.parametrize(
    "domain",
    ["gmail.com", "duck.com", "mozmail.com", "privaterelay.appleid.com", "proton.me", "not-mailinator.example", "mailinator.example", "com", "x", "", "a." * 5000 + "example", "gmx.de", "tutanota.com", "gmial.com"],
)  # fmt: skip
def test_no_false_alarm(said, domain):
    assert said(disposable_address, listed(domain)) == []


def test_seeds_are_not_spoken_of(said):
    files = listed("x.example", "mailinator.com")
    files["preflight.yaml"] = "ledger: {seeds: [p1@mailinator.com]}"
    assert said(disposable_address, files) == []
