"""Every entry of every marker file matches its own example and not its counterexample."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import preflight
from preflight.tone.files import load
from preflight.tone.markers import LANGUAGES, hits
from preflight.tone.phrases import Phrases
from preflight.tone.words import words

SCHEMA = json.loads(
    (Path(preflight.__file__).parent / "schemas" / "markers.schema.json").read_bytes()
)
MARKERS = [
    pytest.param(language, entry, id=f"{language}-{entry['match'][0]}")
    for language in LANGUAGES
    for entry in load(f"markers.{language}")["markers"]
]
OTHERS = [
    pytest.param(part, entry, id=f"{language}-{part}-{entry['match'][0]}")
    for language in LANGUAGES
    for part in ("exceptions", "plural")
    for entry in load(f"markers.{language}")[part]
]


def found(entry: dict[str, Any], sentence: str, **fold: Any) -> bool:
    phrases = Phrases(((phrase, "") for phrase in entry["match"]), **fold)
    return any(True for _ in phrases.find(words(sentence)))


@pytest.mark.parametrize(("language", "entry"), MARKERS)
def test_a_marker_matches_its_example_only(language: str, entry: dict[str, Any]) -> None:
    assert found(entry, entry["yes"], fold=str)
    assert not found(entry, entry["no"], fold=str)


@pytest.mark.parametrize(("language", "entry"), MARKERS)
def test_a_marker_counts_in_its_example(language: str, entry: dict[str, Any]) -> None:
    registers = [
        hit.marker.register for hit in hits(words(entry["yes"]), language) if not hit.reason
    ]
    assert entry["register"] in registers


@pytest.mark.parametrize(("part", "entry"), OTHERS)
def test_other_entries_match_their_example_only(part: str, entry: dict[str, Any]) -> None:
    fold = {"fold": str} if part == "exceptions" else {}
    assert found(entry, entry["yes"], **fold)
    assert not found(entry, entry["no"], **fold)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_marker_file_keeps_its_schema(language: str) -> None:
    check(load(f"markers.{language}"), SCHEMA)


def check(value: Any, schema: dict[str, Any]) -> None:
    """The few words of JSON Schema that the schema uses."""
    schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    if "enum" in schema:
        assert value in schema["enum"]
        return
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool}
    assert isinstance(value, kinds[schema["type"]])
    if schema["type"] == "object":
        assert set(schema.get("required", ())) <= value.keys()
        known = schema.get("properties", {})
        for name, inner in value.items():
            rest = schema.get("additionalProperties")
            assert name in known or rest is not False, name
            check(inner, known.get(name, rest))
    if schema["type"] == "array":
        assert len(value) >= schema.get("minItems", 0)
        for inner in value:
            check(inner, schema["items"])
