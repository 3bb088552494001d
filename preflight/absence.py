"""Words that exports and programs write for nothing. One list for the engine and for Python."""

from __future__ import annotations

import re

ABSENCE_WORDS = frozenset(
    {"null", "none", "nan", "n/a", "#n/a", "nil", "undefined", "-", "--", "---", "–", "—"}
)
"""In lower case."""

_NAMES = ("Nan", "Nil")
"""So written they are people's names; exports write nan, NaN or NAN."""

_EXACT = "|".join(f"{name.lower()}|{name.upper()}" for name in _NAMES)
_ANYHOW = "|".join(
    re.escape(word)
    for word in sorted(ABSENCE_WORDS, key=lambda word: (-len(word), word))
    if word.capitalize() not in _NAMES
)
ABSENCE_PATTERN = rf"[\s\x{{00A0}}]*((?i:{_ANYHOW})|NaN|{_EXACT})?[\s\x{{00A0}}]*"
"""RE2, for a whole cell: nothing but blanks, or one of the words."""


def says_nothing(text: str) -> bool:
    """Whether a text is blank or one of the words."""
    word = text.strip()
    return not word or (word.lower() in ABSENCE_WORDS and word not in _NAMES)
