"""The person who made an introduction, as a ledger names them, looked for in a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from preflight_rules.relationships._people import load

_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST = 3
_INITIALS = 2
_APART = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})


@dataclass(frozen=True, slots=True)
class Introducer:
    """``words``: folded words of the name, any of which names the person; ``whole``: the name
    folded, for names too short for that; ``local``: pieces of the address, where no name is known;
    ``addresses``: in lower case."""

    words: frozenset[str]
    whole: str
    local: frozenset[str]
    addresses: frozenset[str]

    def is_in(self, text: str) -> bool:
        """Whether a text is about the very person: a sender, a recipient."""
        if any(address in text.lower() for address in self.addresses):
            return True
        return bool(self.whole) and set(self.whole.split()) <= set(words_of(text))

    def named_in(self, text: str, *, but: Iterable[str] = ()) -> bool:
        """Whether a text names the person. Words of ``but`` (names of the reader and the sender)
        prove nothing. A word counts with a capital letter only: “I will” does not name Will."""
        lower = text.lower()
        if any(address in lower for address in self.addresses):
            return True
        if self.whole and f" {self.whole} " in f" {' '.join(words_of(text))} ":
            return True
        others = {word for name in but for word in words_of(name)}
        for match in _WORD.finditer(text):
            word = _folded(match.group())
            if len(word) < _SHORTEST or word in others or match.group()[0].islower():
                continue
            if word in self.words or any(_is_short_for(piece, word) for piece in self.local):
                return True
        return False


def introducer(*values: str) -> Introducer | None:
    """The introducer by one or more values that name the same person (a name, an address, or
    ``Name <address>``); None when they tell nobody that a text could name."""
    addresses = frozenset(found.lower() for value in values for found in _ADDRESS.findall(value))
    no_names = frozenset(load("introducers.json")["no_names"])
    words: set[str] = set()
    wholes = []
    for value in values:
        name = [word for word in words_of(_ADDRESS.sub(" ", value)) if word not in no_names]
        if name:
            wholes.append(" ".join(name))
            words |= {word for word in (name[0], name[-1]) if len(word) >= _SHORTEST}
    local = set()
    if not words:
        local = {
            piece
            for address in addresses
            for piece in words_of(address.partition("@")[0])
            if len(piece) >= _SHORTEST and piece not in no_names
        }
    whole = wholes[0] if wholes else ""
    if not (words or local or whole):
        return None
    return Introducer(frozenset(words), whole, frozenset(local), addresses)


def words_of(text: str) -> list[str]:
    """The words of a text, folded: without case and accents."""
    return [_folded(match.group()) for match in _WORD.finditer(text)]


def _folded(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.casefold().translate(_APART))
    return "".join(char for char in plain if not unicodedata.combining(char))


def _is_short_for(piece: str, word: str) -> bool:
    """Whether a piece of an address is the name, perhaps with initials: gmbatha, gracem."""
    return len(piece) - len(word) <= _INITIALS and (piece.endswith(word) or piece.startswith(word))
