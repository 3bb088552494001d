"""Words that exports and programs write for nothing. One list for the engine and for Python."""

from __future__ import annotations

import re

ABSENCE_WORDS = frozenset(
    {"null", "none", "nan", "n/a", "#n/a", "nil", "undefined", "-", "--", "---", "–", "—"}
)
"""In lower case."""

_WORDS = "|".join(re.escape(word) for word in sorted(ABSENCE_WORDS, key=lambda w: (-len(w), w)))
ABSENCE_PATTERN = rf"(?i)[\s\x{{00A0}}]*({_WORDS})?[\s\x{{00A0}}]*"
"""RE2, for a whole cell: nothing but blanks, or one of the words."""


def says_nothing(text: str) -> bool:
    """Whether a text is blank or one of the words."""
    word = text.strip()
    return not word or word.lower() in ABSENCE_WORDS
