"""A field that no contact has is said, with the likely one."""

from __future__ import annotations

import pytest

from preflight_rules.segments.unknown_filter_field import unknown_filter_field

LIST = "email,Prénom,country\na@x.example,Inès,FR\nb@x.example,Jan,DE\n"


def test_at_the_field_with_the_likely_one(said):
    files = {"campaign.yaml": "audience: {where: contry = 'FR'}", "contacts.csv": LIST}
    (one,) = said(unknown_filter_field, files)
    assert one.span.text == "contry"
    assert one.message == "no contact has a column “contry”"
    assert one.help == "Did you mean “country”?"
    assert one.severity.label == "error"


@pytest.mark.parametrize("text", ["country = FR", 'country = "FR"', "country in (FR)"])
def test_a_text_without_its_quotes(said, text):
    files = {"campaign.yaml": f"audience: {{where: {text!r}}}", "contacts.csv": LIST}
    (one,) = said(unknown_filter_field, files)
    assert one.span.text.strip('"') == "FR"
    assert one.help == "A text stands in single quotes: 'FR'."


@pytest.mark.parametrize(
    ("text", "help"),
    [
        ("prenon = 'Jan'", "Did you mean “Prénom”?"),
        ("frist_name = 'Jan'", "Did you mean “first_name”?"),
        ("zzz = 'Jan'", "The columns are country, email, is_suppressed, Prénom."),
        ("zzz = country", "The columns are country, email, is_suppressed, Prénom."),
        ("country = contry", "Did you mean “country”?"),
    ],
)
def test_columns_are_named_as_the_list_writes_them(said, text, help):
    files = {"campaign.yaml": f"audience: {{where: {text}}}", "contacts.csv": LIST}
    (one,) = said(unknown_filter_field, files)
    assert one.help == help


def test_in_assertions_and_more_than_once(said):
    files = {
        "campaign.yaml": "audience: {where: land = 'FR' or land = 'DE', expect: {none: staat = 'X'}}",
        "contacts.csv": LIST,
    }
    assert [one.span.text for one in said(unknown_filter_field, files)] == ["land", "land", "staat"]


def test_a_fact_without_its_ledger_names_what_it_needs(said):
    files = {"campaign.yaml": "audience: {where: not is_client}", "contacts.csv": LIST}
    (one,) = said(unknown_filter_field, files)
    assert "ledger.clients" in one.message
    assert one.help


def test_headers_as_written_mapped_names_and_facts_are_known(said):
    for condition in (
        "Prénom = 'Jan'",
        "first_name = 'Jan'",
        "FIRST_NAME = 'Jan'",
        "prenom = 'Jan'",
        "not is_suppressed",
    ):
        files = {"campaign.yaml": f"audience: {{where: {condition}}}", "contacts.csv": LIST}
        assert not said(unknown_filter_field, files), condition


def test_without_lists_it_is_named_as_not_checked(said, not_checked):
    files = {"campaign.yaml": "audience: {where: contry = 'FR'}", "contacts.csv": LIST}
    assert not said(unknown_filter_field, files, without_lists=True)
    (one,) = not_checked(unknown_filter_field, files, without_lists=True)
    assert one.rule == "unknown-filter-field"
    assert not not_checked(unknown_filter_field, files)


def test_a_list_that_cannot_be_read_leaves_it_unchecked(not_checked):
    files = {"campaign.yaml": "audience: {where: contry = 'FR', contacts: gone.csv}"}
    assert len(not_checked(unknown_filter_field, files)) == 1
