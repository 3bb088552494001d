"""Filters that are always true, and parts that change nothing; what is a habit is no fault."""

from __future__ import annotations

import json

import pytest

from preflight_rules.segments.filter_without_effect import filter_without_effect

LIST = "email,score,country,plan,city\n" + "".join(
    f"p{n}@x.example,{n},{'FR' if n % 2 else 'BE'},basic,{'Lyon' if n % 3 else ''}\n"
    for n in range(30)
)


def where(text: str, more: str = "") -> dict[str, str]:
    filtered = json.dumps(text, ensure_ascii=False)
    return {"campaign.yaml": f"audience: {{where: {filtered}{more}}}", "contacts.csv": LIST}


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("1 = 1", "1 = 1", "true of everybody: it chooses nobody"),
        ("city is null or city is not null", "city is null or city is not null", "true of everybody:"),
        ("country <> 'FR' or country <> 'BE'", "country <> 'FR' or country <> 'BE'", "is filled"),
        ("city like '%'", "city like '%'", "whose “city” is filled"),
        ("score > 5 and score > 3", "score > 3", "changes nothing"),
        ("country = 'FR' and (country = 'FR' or score > 3)", "country = 'FR' or score > 3", "changes"),
        ("country = 'FR' or country = 'FR' and score > 3", "country = 'FR' and score > 3", "changes"),
    ],
)  # fmt: skip
def test_by_logic(said, text, place, words):
    for without_lists in (False, True):
        (one,) = said(filter_without_effect, where(text), without_lists=without_lists)
        assert one.span.text == place
        assert words in one.message
        assert one.severity.label == "warning"


def test_and_is_meant(said):
    (one,) = said(filter_without_effect, where("country <> 'FR' or country <> 'BE'"))
    assert one.fix.text == "country <> 'FR' and country <> 'BE'"


@pytest.mark.parametrize(
    "text",
    [
        "city is not null and city <> 'Lyon'",
        "city is null or city is distinct from 'Lyon'",
        "country = 'FR'",
        "country = 'FR' and score > 3",
        "country = 'FR' and score > 3 or country = 'BE' and score > 5",
        "country = 'FR' and plan = 'basic'",  # all have it: no choice, and no slip either
        "score > 3 and country <> 'US'",
    ],
)
def test_sound(said, text):
    assert said(filter_without_effect, where(text)) == []


def test_a_guard_that_repeats_another_is_a_notice(said):
    text = "status = 'subscribed' and status <> 'unsubscribed'"
    (one,) = said(filter_without_effect, where(text), without_lists=True)
    assert one.severity.label == "notice"


def test_on_the_data_where_values_differ(said):
    (one,) = said(filter_without_effect, where("country = 'FR' and score >= 0"))
    assert one.span.text == "score >= 0"
    assert one.message == "“score >= 0” is true of all 30 contacts of the list: it chooses nobody"
    assert one.severity.label == "notice"


def test_true_with_an_expected_number_says_that_all_are_meant(said):
    assert said(filter_without_effect, where("true", ", expect: {count: 30}")) == []
    assert len(said(filter_without_effect, where("true"))) == 1


def test_an_assertion_that_asserts_nothing(said):
    files = where("score > 3", ', expect: {every: ["city is null or city is not null"]}')
    (one,) = said(filter_without_effect, files)
    assert one.message.endswith("it asserts nothing")


def test_a_contradiction_is_another_rules_business(said):
    assert said(filter_without_effect, where("country = 'FR' and country = 'BE'")) == []
