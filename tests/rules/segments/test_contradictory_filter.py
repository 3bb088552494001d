"""A filter that contradicts itself: what is said, where, and the fix where it is certain."""

from __future__ import annotations

import json

import pytest

from preflight_rules.segments.contradictory_filter import contradictory_filter
from preflight_rules.segments.empty_audience import empty_audience


def where(text: str) -> dict[str, str]:
    return {"campaign.yaml": f"audience: {{where: {json.dumps(text, ensure_ascii=False)}}}"}


def test_clauses_side_by_side_are_one_place(said):
    (one,) = said(contradictory_filter, where("a = 1 and b = 'x' and b = 'y'"), without_lists=True)
    assert one.span.text == "b = 'x' and b = 'y'"
    assert one.message == "the filter can never be true: “b = 'x'” and “b = 'y'” exclude each other"
    assert one.severity.label == "error"


def test_clauses_apart_are_the_last_and_a_related_place(said):
    (one,) = said(contradictory_filter, where("b = 'x' and a = 1 and b = 'y'"), without_lists=True)
    assert one.span.text == "b = 'y'"
    assert [related.span.text for related in one.related] == ["b = 'x'"]


@pytest.mark.parametrize(
    ("text", "fixed", "reason"),
    [
        ("age between 60 and 18", "18 and 60", "wrong way round"),
        ("city = null", "city is null", "nothing equals null"),
        ("not city = null", "city is not null", "nothing equals null"),
        ("a = 1 and city <> null", "city is not null", "nothing equals null"),
        ("lower(city) = 'Lyon'", "'lyon'", "small letters"),
        ("upper(city) = 'Lyon'", "'LYON'", "capitals"),
    ],
)
def test_one_clause_alone_and_its_fix(said, text, fixed, reason):
    (one,) = said(contradictory_filter, where(text), without_lists=True)
    assert one.fix.text == fixed
    assert reason in one.message


def test_not_in_with_null(said):
    (one,) = said(contradictory_filter, where("city not in ('a', null)"), without_lists=True)
    assert "with a null in its list" in one.message
    assert one.fix is None


def test_an_alternative(said):
    text = "vip or (country = 'FR' and country = 'DE')"
    (one,) = said(contradictory_filter, where(text), without_lists=True)
    assert one.message.startswith("this alternative can never be true")
    assert one.span.text == "country = 'FR' and country = 'DE'"


def test_all_alternatives(said):
    text = "(a = 1 and a = 2) or (b = 1 and b = 2)"
    (one,) = said(contradictory_filter, where(text), without_lists=True)
    assert "can never be true" in one.message


def test_assertions_too(said):
    files = {"campaign.yaml": "audience: {expect: {none: [\"a = 'x' and a = 'y'\"]}}"}
    (one,) = said(contradictory_filter, files, without_lists=True)
    assert one.message.startswith("the condition can never be true")


def test_with_the_types_of_the_list(said):
    files = where("age > 17 and age < 18")
    files["contacts.csv"] = "email,age\na@x.example,17\nb@x.example,18\n"
    assert len(said(contradictory_filter, files)) == 1
    files["contacts.csv"] = "email,age\na@x.example,17\nb@x.example,17.5\n"
    assert said(contradictory_filter, files) == []


def test_two_names_of_one_column(said):
    files = where("Pays = 'FR' and country = 'DE'")
    files["contacts.csv"] = "email,Pays\na@x.example,FR\n"
    assert len(said(contradictory_filter, files)) == 1
    assert said(contradictory_filter, files, without_lists=True) == []


def test_an_empty_audience_is_its_consequence_and_no_fault_of_its_own(said):
    files = where("country = 'FR' and country = 'DE'")
    files["contacts.csv"] = "email,country\na@x.example,FR\n"
    assert said(empty_audience, files) == []


@pytest.mark.parametrize(
    "text",
    ["a between 10 and -5", "joined between current_date and current_date - interval '3 days'"],
)
def test_bounds_are_swapped_only_where_each_is_known_whole(said, text):
    (one,) = said(contradictory_filter, where(text), without_lists=True)
    assert "bounds" in one.message
    assert one.fix is None
