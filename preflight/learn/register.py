"""Letters -> the register in which somebody is addressed, for the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from preflight.learn.letters import Letter

COUNTED = 5
"""So many of the last mails to somebody count: people come to say *tu*, and rarely go back."""

_CHANGED = 2  # so many in a row show that the form of address has changed for good

SPELLINGS = {
    "fr": ("tu", "vous"),
    "de": ("du", "Sie"),
    "es": ("tú", "usted"),
    "it": ("tu", "Lei"),
    "nl": ("je", "u"),
}
"""Language -> how a register is written in a list; elsewhere ``informal`` and ``formal``."""

_SIDES = {
    "T": {"t", "informal", "tu", "tú", "du", "je", "jij", "vos", "toi", "te"},
    "V": {"v", "formal", "vous", "sie", "usted", "lei", "u"},
}


class Learned(NamedTuple):
    """The register of one address. ``side``: T or V, or None where the mails do not agree;
    ``letters``: the mails that count, the oldest first."""

    address: str
    side: str | None
    letters: tuple[Letter, ...]

    @property
    def spelling(self) -> str:
        """As the ledger should say it, in the language of most of the letters."""
        language = Counter(one.language for one in self.letters).most_common(1)[0][0]
        return SPELLINGS.get(language, ("informal", "formal"))["TV".index(self.side or "T")]

    @property
    def reason(self) -> str:
        """``3 mails, 2021 to 2024: “tu”, “ton”``; or how they differ."""
        years = sorted({one.sent.year for one in self.letters if one.sent.year > 1})
        when = f", {years[0]}" if years else ""
        when += f" to {years[-1]}" if len(years) > 1 else ""
        count = f"{len(self.letters)} mail{'s' if len(self.letters) != 1 else ''}{when}"
        if self.side is None:
            last = "; ".join(f"{_quoted(one.words)} in {one.place}" for one in self.letters[-2:])
            return f"{count} that do not agree: {last}"
        words = {word.casefold(): word for one in self.letters for word in one.words}
        return f"{count}: {_quoted(tuple(words.values())[:3])}"


def learned(letters: Iterable[Letter]) -> Iterator[Learned]:
    """What the letters (sorted by address, then by date) say of each address."""
    for address, group in groupby(letters, key=lambda letter: letter.address):
        last = tuple(group)[-COUNTED:]
        sides = [one.register for one in last]
        if len(set(sides)) == 1:
            yield Learned(address, None if sides[0] == "mixed" else sides[0], last)
            continue
        newest = last[-_CHANGED:]
        changed = {one.register for one in newest}
        since = max(i for i, side in enumerate(sides) if side != sides[-1]) + 1
        settled = len(newest) == _CHANGED and len(changed) == 1 and changed != {"mixed"}
        # One change, not to and fro: all before it say the other thing.
        if settled and len(set(sides[:since])) == 1:
            yield Learned(address, sides[-1], last[since:])
        else:
            yield Learned(address, None, last)


def says_the_same(written: str, side: str) -> bool:
    """Whether what a ledger holds already means this side."""
    return written.strip().casefold() in _SIDES[side]


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)
