"""People who want no mail, by the ledger and by the list itself."""

from __future__ import annotations

import pytest

from preflight_rules.recipients.suppressed_recipient import suppressed_recipient

FOUR = "email,first_name\ninez@x.example,Inez\njan@werft.example,Jan\nmei@x.example,Mei\nomar@x.example,Omar\n"


def test_on_the_suppression_list(said):
    files = {"contacts.csv": FOUR, "unsubscribed.csv": "email\nx@y.example\nJAN@werft.example\n"}
    (one,) = said(suppressed_recipient, files)
    assert one.message == "1 of 4 recipients is on the suppression list"
    assert one.severity.label == "error"
    assert one.recipients.rows == (("contacts.csv", 3),)
    assert ("unsubscribed.csv", 3) in [
        (place.span.source.path, place.span.start_place.line) for place in one.related
    ]


def test_whole_domains(said):
    files = {"contacts.csv": FOUR, "unsubscribed.csv": "domain\nx.example\n"}
    (one,) = said(suppressed_recipient, files)
    assert one.recipients.count == 3


@pytest.mark.parametrize(
    ("column", "value", "other"),
    [
        ("unsubscribed", "true", "false"),
        ("Désinscrit", "true", "false"),
        ("Email Opt Out", "1", "0"),
        ("Do Not Contact", "yes", "no"),
        ("unsubscribed_at", "2026-03-01", ""),
        ("Unsubscribed", "2026-03-01 10:11:12", ""),
        ("status", "unsubscribed", "subscribed"),
        ("Email Marketing Status", "Cleaned", "Subscribed"),
        ("subscription_status", "hard bounce", "active"),
        ("Abgemeldet", "ja", "nein"),
        ("bounced", "x", ""),
    ],
)
def test_marked_in_the_list_itself(said, column, value, other):
    rows = "".join(f"p{i}@x.example,{value if i == 2 else other}\n" for i in range(5))
    files = {"contacts.csv": f"email,{column}\n{rows}"}
    (one,) = said(suppressed_recipient, files)
    assert one.message == "1 of 5 recipients is marked in the list itself as wanting no mail"
    assert one.recipients.rows == (("contacts.csv", 4),)


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("unsubscribed", ("false", "false", "")),
        ("status", ("active", "customer", "lead")),
        ("status", ("inactive", "pending", "")),
        ("bounces", ("3", "0", "1")),
        ("bounced", ("0", "0", "0")),
        ("opt_in", ("true", "false", "true")),
        ("Do Not Contact", ("no", "", "no")),
        ("unsubscribe_url", ("https://x.example/1", "https://x.example/2", "")),
    ],
)
def test_columns_that_say_nothing_of_the_kind(said, column, values):
    rows = "".join(f"p{i}@x.example,{value}\n" for i, value in enumerate(values))
    assert not said(suppressed_recipient, {"contacts.csv": f"email,{column}\n{rows}"})


def test_somebody_in_both_is_said_once(said):
    files = {
        "contacts.csv": "email,unsubscribed\na@x.example,true\nb@x.example,false\nc@x.example,true\n",
        "unsubscribed.csv": "email\na@x.example\n",
    }
    assert [one.recipients.count for one in said(suppressed_recipient, files)] == [1, 1]


def test_a_filter_that_leaves_them_out(said):
    files = {
        "campaign.yaml": "audience: {where: not is_suppressed}",
        "contacts.csv": FOUR,
        "unsubscribed.csv": "email\njan@werft.example\n",
    }
    assert not said(suppressed_recipient, files)


def test_a_column_of_the_same_name_hides_nothing(said):
    files = {
        "campaign.yaml": "audience: {where: is_suppressed = 'no'}",
        "contacts.csv": "email,is_suppressed\na@x.example,no\nb@x.example,no\n",
        "unsubscribed.csv": "email\na@x.example\n",
    }
    assert len(said(suppressed_recipient, files)) == 1


@pytest.mark.parametrize("purpose", ["service", "incident", "apology"])
def test_what_everybody_must_know(said, purpose):
    files = {
        "campaign.yaml": f"purpose: {purpose}",
        "contacts.csv": FOUR,
        "unsubscribed.csv": "email\njan@werft.example\n",
    }
    assert not said(suppressed_recipient, files)


def test_a_letter_to_a_few_is_weaker(said):
    files = {
        "campaign.yaml": "purpose: relationship\naudience: {where: first_name = 'Jan'}",
        "contacts.csv": FOUR,
        "unsubscribed.csv": "email\njan@werft.example\n",
    }
    (one,) = said(suppressed_recipient, files)
    assert one.severity.label == "warning"
    assert one.message == "the only recipient is on the suppression list"


def test_what_it_needs(not_checked):
    files = {"contacts.csv": FOUR, "preflight.yaml": "ledger: {suppressed: ~}"}
    (one,) = not_checked(suppressed_recipient, files)
    assert one.reason == "needs ledger.suppressed in preflight.yaml"
    files["contacts.csv"] = "email,unsubscribed\na@x.example,false\n"
    assert not not_checked(suppressed_recipient, files)
