"""Contacts that are dropped because a cell is empty, and how many they are."""

from __future__ import annotations

import json

import pytest

from preflight_rules.segments.null_blind_filter import null_blind_filter

LIST = """\
email,kind,vip,consent,country
a@x.example,trade,true,express,FR
b@x.example,,false,none,FR
c@x.example,private,,,DE
d@x.example,,,express,FR
e@x.example,private,true,,DE
"""


def where(text: str, more: str = "") -> dict[str, str]:
    filtered = json.dumps(text)
    return {"campaign.yaml": f"audience: {{where: {filtered}{more}}}", "contacts.csv": LIST}


@pytest.mark.parametrize(
    ("text", "place", "count"),
    [
        ("kind <> 'trade'", "kind <> 'trade'", "2 contacts"),
        ("kind not in ('trade')", "kind not in ('trade')", "2 contacts"),
        ("kind not like 't%'", "kind not like 't%'", "2 contacts"),
        ("not (kind = 'trade')", "not (kind = 'trade')", "2 contacts"),
        ("kind <> 'trade' and country = 'FR' or country = 'DE'", "kind <> 'trade'", "2 contacts"),
        ("country = 'FR' and not vip", "not vip", "the one contact"),
        ("vip or kind <> 'trade'", "kind <> 'trade'", "2 contacts"),
    ],
)
def test_how_many_are_dropped(said, text, place, count):
    (one,) = said(null_blind_filter, where(text))
    assert one.span.text == place
    assert count in one.message
    assert one.severity.label == "warning"
    assert one.related[0].span.source.path == "contacts.csv"


@pytest.mark.parametrize(
    "text",
    [
        "kind <> 'trade' or kind is null",
        "kind <> 'trade' and kind is not null",
        "kind <> 'trade' or kind is null and country = 'FR'",  # somebody thought of them
        "coalesce(kind, '') <> 'trade'",
        "kind is distinct from 'trade'",
        "vip is not true",
        "not (vip is true)",
        "country <> 'US'",  # no cell is empty
        "consent <> 'none'",  # nothing on record is no permission
        "kind = 'private'",
        "not (not (kind = 'private'))",
        "not is_suppressed",
        "kind is not null and not (kind = 'trade')",
    ],
)
def test_sound(said, text):
    assert said(null_blind_filter, where(text)) == []


def test_those_who_are_excluded_anyway_are_not_counted(said):
    files = where("kind <> 'trade'", ", exclude: out.csv")
    files["out.csv"] = "email\nb@x.example\nd@x.example\n"
    assert said(null_blind_filter, files) == []


def test_what_to_write(said):
    (one,) = said(null_blind_filter, where("country = 'FR' and not vip"))
    assert "“vip is not true” keeps them" in one.help


def test_the_wrong_way_round_is_the_greater_news(said):
    files = where("relationship <> 'new'")
    files["campaign.yaml"] = "purpose: prospecting\n" + files["campaign.yaml"]
    files["contacts.csv"] = "email,relationship\n" + "".join(
        f"p{n}@x.example,{('client', 'new', '')[n % 3]}\n" for n in range(30)
    )
    assert said(null_blind_filter, files) == []


def test_without_lists_it_is_not_checked(not_checked):
    assert len(not_checked(null_blind_filter, where("kind <> 'x'"), without_lists=True)) == 1
