"""A bulk mail must know who has opted out."""

from __future__ import annotations

import pytest

from preflight.testing import check_files
from preflight_rules.recipients.missing_suppression_list import missing_suppression_list

NONE = {"preflight.yaml": "ledger: {suppressed: ~}"}


def test_no_list_at_all(said):
    (one,) = said(missing_suppression_list, NONE)
    assert one.message == "4 people get this mail, and nothing says who has opted out"
    assert one.severity.label == "warning"
    assert one.span.text == "audience"
    assert one.path == "campaign.yaml"


def test_an_empty_list(said):
    (one,) = said(missing_suppression_list, {"unsubscribed.csv": "email,reason\n"})
    assert one.message == "4 people get this mail, and the suppression list is empty"
    assert [place.span.source.path for place in one.related] == ["unsubscribed.csv"]


def test_a_list_is_named(said):
    assert not said(missing_suppression_list, {})


def test_two_lists_of_which_one_is_empty(said):
    files = {
        "preflight.yaml": "ledger: {suppressed: [unsubscribed.csv, bounced.csv]}",
        "bounced.csv": "email\n",
    }
    assert not said(missing_suppression_list, files)


def test_a_list_that_cannot_be_read_is_said_elsewhere():
    files = {"preflight.yaml": "ledger: {suppressed: gone.csv}"}
    report = check_files(files, rules=[missing_suppression_list])
    assert [one.rule for one in report.annotations] == ["unreadable-file"]


def test_an_exclusion_list_counts(said):
    files = {
        **NONE,
        "campaign.yaml": "audience: {exclude: out.csv}",
        "out.csv": "email\nx@y.example\n",
    }
    assert not said(missing_suppression_list, files)


@pytest.mark.parametrize(
    ("column", "condition"),
    [
        ("unsubscribed", "unsubscribed is not true"),
        ("Email Opt Out", '"Email Opt Out" is not true'),
        ("status", "status <> 'unsubscribed' or status is null"),
        ("consent", "consent = 'false' or consent is null"),
    ],
)
def test_a_filter_that_asks_the_list_itself(said, column, condition):
    rows = "".join(f"p{i}@x.example,false\n" for i in range(6))
    files = {
        **NONE,
        "campaign.yaml": "audience:\n  where: >-\n    " + condition + "\n",
        "contacts.csv": f"email,{column}\n{rows}",
    }
    assert not said(missing_suppression_list, files)


def test_another_filter_does_not_count(said):
    files = {**NONE, "campaign.yaml": "audience: {where: first_name is not null}"}
    assert len(said(missing_suppression_list, files)) == 1


def test_three_people_are_no_bulk_mail(said):
    files = {**NONE, "campaign.yaml": "audience: {where: first_name <> 'Jan'}"}
    assert not said(missing_suppression_list, files)


@pytest.mark.parametrize("purpose", ["service", "incident", "apology"])
def test_what_everybody_must_know(said, purpose):
    assert not said(missing_suppression_list, {**NONE, "campaign.yaml": f"purpose: {purpose}"})


def test_without_lists_it_is_named_as_not_checked(not_checked):
    assert len(not_checked(missing_suppression_list, NONE, without_lists=True)) == 1
