"""The cheap tests that go before dear ones let nothing through that those would find."""

from __future__ import annotations

from importlib import import_module

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preflight.templates import unsubscribe

texts = import_module("preflight_rules.placeholders.placeholder_text")
residue = import_module("preflight_rules.placeholders.placeholder_residue")


@settings(max_examples=400, deadline=None)
@given(st.from_regex(texts._fixed()))
def test_stand_ins_have_a_cue(text):
    found = texts._fixed().search(text)
    assert any(cue in found.group().casefold() for cue in texts._cues())


def test_every_pattern_has_words():
    assert all(len(cue) > 2 for cue in texts._cues())


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("lorem ipsum", ["lorem ipsum"]),
        ("(?:a|b) text? here\\b", [" tex", " here"]),
        ("a|b", []),
        ("x(?:a(?:b|c)|d)+ y", ["x", " y"]),
        ("colou?r [ab]c", ["colo", "r ", "c"]),
    ],
)
def test_bare_words(pattern, words):
    found = [run for run in texts._bare_words(pattern) if run]
    assert all(word in found for word in words) or not found


@settings(max_examples=400, deadline=None)
@given(st.from_regex(residue._HINT))
def test_residues_have_a_cue(text):
    found = residue._HINT.search(text)
    whole = text[max(0, found.start() - 1) : found.end() + 1]
    assert any(cue in whole for cue in residue._CUES)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="unsbcrie-/?=%&.optdaz", max_size=40))
def test_addresses_have_a_cue(path):
    address = f"https://x.example/{path}"
    if unsubscribe._address_says(address):
        assert unsubscribe._may_say().search(unsubscribe._plain(address))
