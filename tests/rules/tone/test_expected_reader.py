"""What a reader expects, as people write it in their lists."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import preflight
from preflight_rules.relationships._people import load, relationship_says
from preflight_rules.tone._expected import formality_of, language_of_cell, pair, register_of

SCHEMA = json.loads(
    (Path(preflight.__file__).parent / "schemas" / "registers.schema.json").read_bytes()
)


@pytest.mark.parametrize(
    ("cell", "tag", "register"),
    [
        ("tu", "fr", "T"), ("Vous", "fr", "V"), ("tutoiement", "fr", "T"), ("vouvoyer", "fr", "V"),
        ("du", "de", "T"), ("Sie", "de", "V"), ("per Du", "de", "T"), ("Siezen", "de", "V"),
        ("tú", "es", "T"), ("USTED", "es", "V"), ("vos", "es", "T"), ("Ud.", "es", "V"),
        ("Lei", "it", "V"), ("dare del tu", "it", "T"), ("je", "nl", "T"), ("u", "nl", "V"),
        ("tutoyeren", "nl", "T"), ("o senhor / a senhora", "pt", "V"), ("você", "pt", "V"),
        ("você", "pt-br", "any"), ("tu", "pt-br", "T"), ("informal", "de", "T"),
        ("formal", "en", "V"), ("tu (informel)", "fr", "T"), (" on se tutoie ", "fr", "T"),
        ("any", "fr", "any"), ("peu importe", "fr", "any"), ("tu/vous", "fr", "any"),
        ("du", "fr", "T"), ("Frau", "de", None), ("ne pas tutoyer", "fr", None),
        ("nicht duzen", "de", None), ("?", "fr", None), ("yes", "en", None), ("le", "fr", None),
    ],
)  # fmt: skip
def test_registers(cell: str, tag: str, register: str | None) -> None:
    assert register_of(cell, tag) == register


@pytest.mark.parametrize(
    ("cell", "level"),
    [("Formel", "formal"), ("förmlich", "formal"), ("very formal", "formal"), ("casual", "casual"),
     ("décontracté", "casual"), ("neutre", "neutral"), ("vous", "formal"), ("4", None)],
)  # fmt: skip
def test_formality(cell: str, level: str | None) -> None:
    assert formality_of(cell) == level


@pytest.mark.parametrize(
    ("cell", "language"),
    [("fr-CA", "fr"), ("FR", "fr"), ("pt_BR", "pt"), ("Français", "fr"), ("Deutsch", "de"),
     ("Nederlands", "nl"), ("x", None), ("Klingon", None), ("zh-Hans", "zh")],
)  # fmt: skip
def test_languages(cell: str, language: str | None) -> None:
    assert language_of_cell(cell) == language


@pytest.mark.parametrize(
    ("cell", "known"),
    [("client", True), ("Ami", True), ("ancien client", True), ("prospect", False),
     ("nouveau", False), ("vip", None), ("press", None)],
)  # fmt: skip
def test_relationships(cell: str, known: bool | None) -> None:
    assert relationship_says(cell) is known


def test_pairs_of_a_language_for_messages() -> None:
    assert pair("de-at") == ("du", "Sie")
    assert pair("pt-br")[0] == "você"
    assert pair("en") == ("tu", "vous")


def test_the_spellings_keep_their_schema() -> None:
    data = load("registers.json")
    assert set(SCHEMA["required"]) == set(data) == set(SCHEMA["properties"])
    for side in ("T", "V", "pairs"):
        for language, words in data[side].items():
            assert len(language.partition("-")[0]) == 2
            assert words
            assert all(isinstance(word, str) and word for word in words)
    for words in data["by_language"].values():
        assert set(words.values()) <= {"T", "V", "any"}


def test_no_spelling_says_both() -> None:
    data = load("registers.json")
    sides = [{word for words in data[side].values() for word in words} for side in "TV"]
    assert not sides[0] & sides[1]
    for words in sides:
        assert words.isdisjoint(data["fillers"])
        assert words.isdisjoint(data["any"])
        assert all(word == word.casefold() and " " not in word for word in words)


def test_the_lists_of_manners_are_in_lower_case_and_in_seven_languages() -> None:
    data = load("manners.json")
    for part in data.keys() - {"about"}:
        assert set(data[part]) == {"en", "fr", "de", "es", "it", "pt", "nl"}
        for words in data[part].values():
            assert words
            assert all(word == word.lower().strip() for word in words)
    for name in ("incident_words.json", "several_readers.json"):
        (lists,) = (value for key, value in load(name).items() if key != "about")
        assert all(word == word.lower() for words in lists.values() for word in words)
    lines = json.loads(
        (Path(preflight.__file__).parent / "data" / "technical_lines.json").read_text("utf-8")
    )
    assert lines["longest"] > 0
    assert all(phrase == phrase.lower() for phrase in lines["phrases"])
