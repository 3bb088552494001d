"""The language of a text, by the trigrams of its words; unsure means unknown.

The table (``data/languages.json.gz``) holds, for each language, its commonest trigrams and words in
bands of one logarithmic step of commonness each. Some languages are in it only to be refused.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from itertools import repeat
from operator import mul

from preflight.tone.files import load

LETTERS_NEEDED = 25
_LETTERS_READ = 500
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def language_of(text: str) -> str | None:
    """The language of a text ("fr", "en", ...); None when it is too short or not clear."""
    best, margin, fit = _ranked(text)
    table = load("languages")
    limits = table["limits"]
    clear = margin >= limits["margin"] and fit >= limits["fit"]
    return best if best and clear and best not in table["refused"] else None


def grams(word: str) -> list[str]:
    """The trigrams of a word with a blank at either end, and the word itself, marked as one."""
    padded = f" {word} "
    return [*(padded[at : at + 3] for at in range(len(padded) - 2)), "=" + word]


def _ranked(text: str) -> tuple[str, float, float]:
    """The likeliest language, its lead over the next one and its fit, both for one trigram."""
    counts: Counter[str] = Counter()
    letters = 0
    for found in _WORD.finditer(text):
        if letters >= _LETTERS_READ:
            break
        for word in found.group().lower().replace("’", "'").split("'"):
            if word:
                counts.update(grams(word))
                letters += len(word)
    if letters < LETTERS_NEEDED:
        return "", 0.0, 0.0
    total = counts.total()
    scores = sorted(
        (
            (sum(map(mul, map(table.get, counts, repeat(0)), counts.values())) / total, language)
            for language, table in _tables().items()
        ),
        reverse=True,
    )
    return scores[0][1], scores[0][0] - scores[1][0], scores[0][0]


@cache
def _tables() -> dict[str, dict[str, int]]:
    """For each language what a trigram or word weighs: 0 for the rare and unknown ones."""
    tables: dict[str, dict[str, int]] = {}
    for language, bands in load("languages")["bands"].items():
        table = tables[language] = {}
        for weight, band in enumerate(reversed(bands), 1):
            short, _, words = band.partition("|")
            for at in range(0, len(short), 3):
                table[short[at : at + 3]] = weight
            for word in words.split():
                table["=" + word] = weight
    return tables
