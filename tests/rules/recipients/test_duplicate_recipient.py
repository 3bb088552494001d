"""The same person twice, however the address is written."""

from __future__ import annotations

import pytest

from preflight_rules.recipients.duplicate_recipient import duplicate_recipient


def listed(*addresses: str) -> str:
    return "email\n" + "".join(f"{address}\n" for address in addresses)


@pytest.mark.parametrize(
    ("first", "second", "how"),
    [
        ("ada@x.example", "ada@x.example", "same address"),
        ("ada@x.example", "Ada@X.Example", "same address"),
        ("ada@x.example", " ada@x.example ", "same address"),
        ("ada@x.example", "ada+news@x.example", "same mailbox"),
        ("ada+shop@x.example", "ada+news@x.example", "same mailbox"),
        ("a.da@gmail.com", "ada@gmail.com", "same mailbox"),
        ("a.d.a+x@googlemail.com", "ada@gmail.com", "same mailbox"),
    ],
)
def test_the_same_person(said, first, second, how):
    (one,) = said(
        duplicate_recipient, {"contacts.csv": listed("z@y.example", first, "b@y.example", second)}
    )
    assert one.message.startswith("1 of 4 recipients gets this mail a second time")
    assert how in one.message
    assert one.severity.label == "warning"
    assert one.span.text == "contacts.csv"
    assert one.recipients.rows == (("contacts.csv", 5),)
    places = [(place.span.source.path, place.span.start_place.line) for place in one.related]
    assert places == [("contacts.csv", 5), ("contacts.csv", 3)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("a.da@x.example", "ada@x.example"),
        ("ada@x.example", "ada@y.example"),
        ("ada@gmail.com", "ada@mail.example"),
        ("ada-news@x.example", "ada@x.example"),
        ("+news@x.example", "+shop@x.example"),
    ],
)
def test_two_people(said, first, second):
    assert not said(duplicate_recipient, {"contacts.csv": listed(first, second)})


def test_rows_without_an_address_are_no_duplicates(said):
    files = {"contacts.csv": "email,first_name\n,Inès\n,Jan\nn/a,Mei\nn/a,Omar\na@x.example,Ada\n"}
    assert not said(duplicate_recipient, files)


def test_all_repeats_are_counted(said):
    files = {
        "contacts.csv": listed(
            "a@x.example", "A@x.example", "b@x.example", "a@x.example", "b+1@x.example"
        )
    }
    (one,) = said(duplicate_recipient, files)
    assert one.recipients.count == 3
    assert [line for _, line in one.recipients.rows] == [3, 5, 6]
    assert one.message.endswith(
        "2 by the same address, 1 by one that differs only in a tag or in dots"
    )


def test_in_two_lists(said):
    files = {
        "campaign.yaml": "audience: {contacts: [contacts.csv, more.csv]}",
        "contacts.csv": "first_name,email\nAda,a@x.example\nBo,b@x.example\n",
        "more.csv": "email\nc@x.example\nA@X.example\n",
    }
    (one,) = said(duplicate_recipient, files)
    assert one.recipients.rows == (("more.csv", 3),)
    assert ("contacts.csv", 2) in [
        (p.span.source.path, p.span.start_place.line) for p in one.related
    ]


def test_only_the_chosen_count(said):
    files = {
        "campaign.yaml": "audience: {where: tag = 'x'}",
        "contacts.csv": "email,tag\na@x.example,x\na@x.example,y\n",
    }
    assert not said(duplicate_recipient, files)


def test_test_addresses_of_your_own_may_be_there_twice(said):
    files = {
        "contacts.csv": listed("qa@x.example", "qa@x.example", "b@x.example"),
        "preflight.yaml": "ledger: {seeds: [qa@x.example]}",
    }
    assert not said(duplicate_recipient, files)
