"""The words for nothing: the same for the engine and for Python."""

import duckdb
import pytest

from preflight.absence import ABSENCE_PATTERN, ABSENCE_WORDS, says_nothing


@pytest.mark.parametrize(
    ("text", "nothing"),
    [
        *((word, True) for word in sorted(ABSENCE_WORDS)),
        ("", True), ("  \t", True), ("\u00a0", True), (" NULL ", True), ("NaN", True), ("NAN", True),
        ("Null", True), ("N/A", True), ("Nan", False), ("Nil", False),
        ("Nancy", False), ("none of us", False), ("Ada", False), ("0", False), ("- Ada", False),
    ],
)  # fmt: skip
def test_both_agree(text, nothing):
    found = duckdb.execute("SELECT regexp_full_match(?, ?)", [text, ABSENCE_PATTERN]).fetchone()
    assert found == (nothing,)
    assert says_nothing(text) is nothing
