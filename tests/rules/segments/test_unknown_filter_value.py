"""Values that no contact has, where the contacts have one that is nearly so."""

from __future__ import annotations

import json

import pytest

from preflight_rules.segments.empty_audience import empty_audience
from preflight_rules.segments.everyone_selected import everyone_selected
from preflight_rules.segments.unknown_filter_value import unknown_filter_value

LIST = "email,first_name,kind,country,zip,city,code\n" + "".join(
    f"p{n}@x.example,{('Anna', 'Peter')[n % 2]},{('client', 'wholesale', 'unsubscribed')[n % 3]},"
    f"{('FR', 'DE')[n % 2]},{('01000', '75001')[n % 2]},{('Saint-Étienne', 'Köln')[n % 2]},"
    f"{('A12', 'B34')[n % 2]}\n"
    for n in range(30)
)


def where(text: str) -> dict[str, str]:
    filtered = json.dumps(text, ensure_ascii=False)
    return {"campaign.yaml": f"audience: {{where: {filtered}}}", "contacts.csv": LIST}


@pytest.mark.parametrize(
    ("text", "place", "fixed"),
    [
        ("kind = 'clinet'", "'clinet'", "'client'"),
        ("kind in ('wholesael', 'client')", "'wholesael'", "'wholesale'"),
        ("kind <> 'whole sale'", "'whole sale'", "'wholesale'"),
        ("country = 'fr' or city = 'Köln'", "'fr'", "'FR'"),
        ("city = 'saint etienne'", "'saint etienne'", "'Saint-Étienne'"),
        ("zip = 1000", "1000", "'01000'"),
        ("code = 'a12'", "'a12'", "'A12'"),
        ("not (kind = 'Client')", "'Client'", "'client'"),
    ],
)
def test_the_value_that_is_meant(said, text, place, fixed):
    (one,) = said(unknown_filter_value, where(text))
    assert one.span.text == place
    assert one.fix.text == fixed


@pytest.mark.parametrize(
    "text",
    [
        "country = 'LU'",
        "country in ('FR', 'LU')",
        "country <> 'US'",
        "kind = 'subscribed'",  # near, and the opposite
        "code = 'A13'",
        "zip = '75002'",
        "first_name = 'Anne'",  # personal
        "email = 'P1@x.example'",
        "kind = 'partner'",
        "lower(country) = 'fr'",
        "kind = 'client'",
        "country in ('fr', 'FR', 'Fr')",  # all spellings
        "kind = 'client' or kind = 'clinet'",
        "city like 'saint%' or city like 'Saint%'",
        "city ilike 'saint%'",
        "city like 'x%'",
        "code like '%12'",
        "country like 'FR%'",
    ],
)
def test_a_value_that_is_merely_absent(said, text):
    assert said(unknown_filter_value, where(text)) == []


def test_an_error_when_nobody_is_left_and_then_the_only_one(said):
    (one,) = said(unknown_filter_value, where("kind = 'clinet'"))
    assert one.severity.label == "error"
    assert one.message == "no contact has 'clinet' in “kind”; 10 contacts have 'client'"
    assert said(empty_audience, where("kind = 'clinet'")) == []
    (one,) = said(unknown_filter_value, where("kind <> 'clinet'"))
    assert one.severity.label == "warning"


def test_two_that_are_as_near_are_not_guessed(said):
    files = where("kind = 'marked'")
    files["contacts.csv"] = "email,kind\na@x.example,market\nb@x.example,marker\n"
    assert said(unknown_filter_value, files) == []


def test_a_long_list_is_no_slip(said):
    values = ", ".join(f"'word{chr(97 + n % 26) * (n // 26 + 1)}'" for n in range(500))
    assert said(unknown_filter_value, where(f"kind in ({values})")) == []


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("city like 'saint%'", "error"),
        ("city not like 'saint%'", "warning"),
        ("country = 'DE' and not city like 'saint%'", "warning"),
    ],
)
def test_a_pattern_in_other_capitals(said, text, label):
    (one,) = said(unknown_filter_value, where(text))
    assert one.span.text == "'saint%'"
    assert one.severity.label == label
    assert "15 contacts do but for capitals" in one.message
    assert said(empty_audience, where(text)) == []
    assert said(everyone_selected, where(text)) == []
