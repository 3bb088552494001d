"""Characters that nobody sees."""

from __future__ import annotations

import json

import pytest

from preflight_rules.recipients.hidden_character import hidden_character


def files(*names):
    rows = "".join(
        json.dumps({"email": f"p{n}@x.example", "first_name": name, "note": "a\u200bb"}) + "\n"
        for n, name in enumerate(names)
    )
    return {"contacts.jsonl": rows, "campaign.yaml": "audience: {contacts: contacts.jsonl}"}


@pytest.mark.parametrize(
    "name",
    ["In\u200bès", "\ufeffAnna", "An\u00adna", "A\u0007nna", "Anna\u200e", "\u202eannA", "Anna\u200d", "A\u200cnna", "Юрий\u200b", "Anna\u2060", "Anna\x1b[0m", "\u2028Anna"],
)  # fmt: skip
def test_hidden(said, name):
    (one,) = said(hidden_character, files("Anna", name))
    assert one.message == "“first_name” of 1 of 2 recipients holds a character that nobody sees"
    assert one.severity.label == "warning"


@pytest.mark.parametrize(
    "name",
    [
        "Anna", "علی\u200cرضا", "می\u200cخواهم", "क्\u200dष", "ක්\u200dෂ", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "❤\ufe0f", "\u200fשרה\u200e", "\u200eAnna שרה", "محمد\u200f (Mo)", "a\u00a0b", "a\tb", "two\nlines", "Zoe\u0308", "直子\u3000", "é", "",
    ],
)  # fmt: skip
def test_where_they_belong(said, name):
    assert said(hidden_character, files("Anna", name)) == []
