"""What is shipped packed is what is written in the readable phrase files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from preflight.tone.files import load
from preflight.tone.phrases import parse

SOURCES = sorted((Path(__file__).parents[2] / "benchmarks" / "tone_phrases").glob("*.json"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_a_packed_phrase_file_is_its_source(path: Path) -> None:
    assert load(path.stem) == json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_phrase_of_a_source_is_one(path: Path) -> None:
    def phrases(node: object) -> list[str]:
        if isinstance(node, dict):
            return [each for part in node.values() for each in phrases(part)]
        return [str(each) for each in node] if isinstance(node, list) else []

    for phrase in phrases(json.loads(path.read_text(encoding="utf-8"))):
        assert parse(phrase)
