"""Words of a text with their offsets, the sentence each stands in, and its folded form."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_WORD = re.compile(r"[^\W\d_]+(?:['’](?=\w)|(?<=[dtlnscjmvDTLNSCJMV])['’])?|\d+")
_STOP = re.compile(r"[.!?…:;]|\n|[¿¡«»“”„\"(]")
_STRESS = re.compile("[\u0300\u0301\u0302\u0303\u0308\u0327\u0326\u0306]")


class Word(NamedTuple):
    """One word (or number): offsets in code points, and where in its sentence it stands."""

    start: int
    end: int
    text: str
    lower: str
    sentence: int
    place: int  # how many words of the sentence stand before it
    joined: bool  # by a hyphen to the word before


def words(text: str) -> list[Word]:
    """The words of ``text``; elided ones keep their apostrophe (``t'``, ``l'``)."""
    found: list[Word] = []
    before = sentence = place = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        gap = text[before:start]
        if gap != " " and found and _STOP.search(gap):
            sentence += 1
            place = 0
        word = match.group()
        lower = word.lower().replace("’", "'")
        joined = gap in ("-", "\u2011")
        found.append(Word._make((start, end, word, lower, sentence, place, joined)))
        place += 1
        before = end
    return found


@lru_cache(maxsize=4096)
def folded(word: str) -> str:
    """Without case and accents, for phrases that people write either way."""
    if word.isascii():
        return word.casefold()
    return _STRESS.sub("", unicodedata.normalize("NFD", word.casefold()))
