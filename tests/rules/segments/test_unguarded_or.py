"""A guard that holds for one branch only, and everything that looks like it."""

from __future__ import annotations

import json

import pytest

from preflight_rules.segments.unguarded_or import unguarded_or


def where(text: str) -> dict[str, str]:
    return {"campaign.yaml": f"audience: {{where: {json.dumps(text)}}}"}


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("a = 1 or b = 2 and not unsubscribed", "(a = 1 or b = 2) and not unsubscribed"),
        (
            "a = 1 or b = 2 and c = 3 and unsubscribed is not true",
            "(a = 1 or b = 2 and c = 3) and unsubscribed is not true",
        ),
        (
            "status <> 'unsubscribed' and a = 1 or b = 2",
            "status <> 'unsubscribed' and (a = 1 or b = 2)",
        ),
        ("a = 1 or b = 2 and not is_suppressed", "(a = 1 or b = 2) and not is_suppressed"),
        ("a = 1 or b = 2 and not on_hold", "(a = 1 or b = 2) and not on_hold"),
        ("a = 1 or a = 2 and consent = 'express'", "(a = 1 or a = 2) and consent = 'express'"),
        ("a = 1 or a = 2 and not is_known", "(a = 1 or a = 2) and not is_known"),
    ],
)
def test_the_missing_parentheses(said, text, fixed):
    (one,) = said(unguarded_or, where(text), without_lists=True)
    assert one.severity.label == "error"
    assert one.fix.text == fixed
    again = said(unguarded_or, where(fixed), without_lists=True)
    assert again == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a = 1 or b = 2 and not unsubscribed and c = 3", "not unsubscribed"),
        ("a = 1 or unsubscribed is not true", "unsubscribed is not true"),
        ("vip and (a = 1 or b = 2 and not unsubscribed)", "not unsubscribed"),
        ("a = 1 and not unsubscribed or a = 2 and not unsubscribed or a = 3", "not unsubscribed"),
        ("a = 1 or (a = 2 and not unsubscribed)", "not unsubscribed"),
        ("a = 1 or not (unsubscribed or b = 1) and c = 2 and d = 1", "not (unsubscribed or b = 1)"),
    ],
)
def test_elsewhere(said, text, place):
    (one,) = said(unguarded_or, where(text), without_lists=True)
    assert one.span.text == place
    assert one.fix is None


@pytest.mark.parametrize(
    "guard",
    [
        "\"Συγκατάθεση\" = 'ναι'",
        "Zgoda = 'tak'",
        "Souhlas = 'ano'",
        "\"Hozzájárulás\" = 'igen'",
        "\"Consimțământ\" = 'da'",
        "Согласие = 'да'",
        "Samtycke = 'ja'",
        "同意 = 'はい'",
        "Wypisany is not true",
        'not "Odhlášen"',
        "Отписан is null",
        "配信停止 is not true",
        "relationship <> 'ügyfél'",
        "zgoda = 'tak'",
        "baja = 'no'",
        "配信停止 = 'いいえ'",
        "coalesce(unsubscribed, false) = false",
        "not (unsubscribed = 'yes' or bounced = 'yes')",
    ],
)
def test_guards_in_many_words_and_languages(said, guard):
    (one,) = said(unguarded_or, where(f"a = 1 or a = 2 and {guard}"), without_lists=True)
    assert one.span.text.replace('\\"', '"') == guard
    assert one.fix is not None
    assert said(unguarded_or, where(f"(a = 1 or a = 2) and {guard}"), without_lists=True) == []


@pytest.mark.parametrize(
    "text",
    [
        "(a = 1 or b = 2) and not unsubscribed",
        "(a = 1 or b = 2) and not (unsubscribed or bounced)",
        "a = 1 or b = 2 and not (vip or c = 3)",
        "a = 1 and not unsubscribed or b = 2 and not unsubscribed",
        "not unsubscribed and (a = 1 or b = 2 and not is_suppressed)",
        "is_client or consent = 'express'",
        "is_client or (a = 2 and consent = 'express')",
        "relationship is null or relationship = 'prospect'",
        "unsubscribed is null or unsubscribed = false",
        "a = 1 or b = 2 and c = 3",
        "vip or a = 1 and relationship = 'client'",
        "status = 'subscribed' or a = 1 and unsubscribed is not true",
        "a = 1 and (unsubscribed is null or unsubscribed = false) or a = 2 and not unsubscribed",
        "a = 1 or b = 2 and unsubscribed is true",
    ],
)
def test_sound(said, text):
    assert said(unguarded_or, where(text), without_lists=True) == []
