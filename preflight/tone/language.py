"""The language of a text, by the trigrams of its words; unsure means unknown.

The table (``data/languages.json.gz``) holds, for each language, its commonest trigrams and words in
bands of one logarithmic step of commonness each. Some languages are in it only to be refused.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import repeat

from preflight.tone.files import load

LETTERS_NEEDED = 25
_LETTERS_READ = 500
_BITS = 24  # room for the sum of one language's weights
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
    found: list[str] = []
    letters = 0
    for match in _WORD.finditer(text):
        if letters >= _LETTERS_READ:
            break
        for word in match.group().lower().replace("’", "'").split("'"):
            if word:
                found += grams(word)
                letters += len(word)
    if letters < LETTERS_NEEDED:
        return "", 0.0, 0.0
    languages, table = _table()
    sums = sum(map(table.get, found, repeat(0)))
    ranked = sorted(
        (
            ((sums >> number * _BITS & (1 << _BITS) - 1) / len(found), language)
            for number, language in enumerate(languages)
        ),
        reverse=True,
    )
    return ranked[0][1], ranked[0][0] - ranked[1][0], ranked[0][0]


@cache
def _table() -> tuple[tuple[str, ...], dict[str, int]]:
    """The languages, and what a trigram or word weighs in each: 0 for the rare and unknown ones.

    The weights of one trigram stand side by side in one number, so that one addition adds them
    for every language at once.
    """
    bands = load("languages")["bands"]
    table: dict[str, int] = {}
    for number, language in enumerate(bands):
        for weight, band in enumerate(reversed(bands[language]), 1):
            placed = weight << number * _BITS
            short, _, words = band.partition("|")
            for at in range(0, len(short), 3):
                gram = short[at : at + 3]
                table[gram] = table.get(gram, 0) + placed
            for word in words.split():
                table["=" + word] = table.get("=" + word, 0) + placed
    return tuple(bands), table
