"""A small language of phrases for the data files, matched word by word in linear time.

A phrase is slots with blanks between: ``nous aid*|accompagn* des|les ... entreprises``.

* ``a|b``: one of them; ``aid*``: words that begin so; ``*ons``: words that end so; ``*``: any word
* ``slot?``: may be missing; ``...``: up to four words; ``#``: a number; ``@``: a word with a
  capital that does not begin the sentence (a name, except in German)
* ``-slot``: joined to the word before by a hyphen
* ``^`` and ``$``: the sentence begins, or ends, here; ``>``: more words come, ``<``: some came

A phrase never crosses the end of a sentence. Lower-case slots match any case and, in folded
phrases, with or without accents; a slot with a capital matches as written.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from operator import attrgetter
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from preflight.tone.words import folded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from preflight.tone.words import Word

_GAP = 4
_ANCHORS = ("^", "$", ">", "<")
_REMEMBERED = 20_000  # words whose phrases are kept at hand
_WORDS = re.compile("[a-z'|]+")
_sentence = attrgetter("sentence")
T = TypeVar("T")


class Slot(NamedTuple):
    """What one word of a phrase may be."""

    exact: frozenset[str]
    begins: tuple[str, ...]
    ends: tuple[str, ...]
    cased: frozenset[str]
    optional: bool
    gap: bool
    number: bool
    anchor: str  # "^", "$", ">", "<" or ""
    cased_ends: tuple[str, ...]
    joined: bool = False
    name: bool = False


class Found(NamedTuple, Generic[T]):
    """A phrase found at ``words[first:last]``, and what it stands for."""

    first: int
    last: int
    what: T


class _Filed(NamedTuple, Generic[T]):
    """A phrase under its first word, with what can be asked of a text before it is tried."""

    slots: tuple[Slot, ...]
    what: T
    known: int  # how many slots fit already
    after: frozenset[str] | None  # the word behind the first is one of these
    needs: frozenset[str] | None  # somewhere in the sentence is one of these


class Phrases(Generic[T]):
    """Many phrases at once; each stands for something (`what`).

    A text holds the first words of a few of them, so the others are never read beyond theirs.
    """

    def __init__(
        self, phrases: Iterable[tuple[str, T]], fold: Callable[[str], str] = folded
    ) -> None:
        self._fold = fold
        self._unread: list[tuple[list[str], T]] = []
        self._read: dict[int, _Filed[T]] = {}
        self._exact: dict[str, list[int]] = {}
        self._begins: dict[str, list[int]] = {}
        self._ends: list[tuple[str, int]] = []
        self._under: dict[str, tuple[_Filed[T], ...]] = {}
        for phrase, what in phrases:
            self._add(phrase.split(), what)
        self._lengths = sorted({len(start) for start in self._begins})

    def _add(self, parts: list[str], what: T) -> None:
        """File a phrase under the words that it may begin with."""
        at = next((at for at, part in enumerate(parts) if part not in _ANCHORS), None)
        if at is None or parts[at] == "...":
            raise ValueError(f"the phrase {' '.join(parts)!r} begins with no word")
        head, number = parts[at], len(self._unread)
        if head.endswith("?"):
            self._add([*parts[:at], head[:-1], *parts[at + 1 :]], what)
            self._add([*parts[:at], *parts[at + 1 :]], what)
            return
        self._unread.append((parts, what))
        words = set(head.removeprefix("-").split("|"))
        self._ends += ((end, number) for end in words & {"#", "@"})
        for word in {self._fold(word.lower()) for word in words - {"#", "@"}}:
            if word[0] == "*":
                self._ends.append((word[1:], number))
            elif word[-1] == "*":
                self._begins.setdefault(word[:-1], []).append(number)
            else:
                self._exact.setdefault(word, []).append(number)

    def find(self, words: Sequence[Word]) -> Iterator[Found[T]]:
        """Every phrase at every word where it fits; of one phrase at one word, the shortest."""
        return self._find(words, len(words))

    def begins(self, words: Sequence[Word]) -> bool:
        """Whether a phrase fits at the first word."""
        return any(True for _ in self._find(words, 1))

    def _find(self, words: Sequence[Word], until: int) -> Iterator[Found[T]]:
        fold, under = self._fold, self._under
        keys = [fold(word.lower) for word in words]
        last_key, sentence = len(keys) - 1, -1
        beside: set[str] = set()
        for at, key in enumerate(keys[:until]):
            entries = under.get(key)
            if entries is None:
                entries = self._filed_under(key)
            if not entries:
                continue
            if words[at].sentence != sentence:
                sentence = words[at].sentence
                ends = bisect_right(words, sentence, lo=at, key=_sentence)
                beside = set(keys[at:ends])
            following = keys[at + 1] if at < last_key else ""
            for slots, what, known, after, needs in entries:
                if after is not None and following not in after:
                    continue
                if needs is not None and needs.isdisjoint(beside):
                    continue
                last = _fits(slots, known, words, keys, at + known, sentence)
                if last:
                    yield Found(at, last, what)

    def _filed_under(self, key: str) -> tuple[_Filed[T], ...]:
        """The phrases that a word may begin."""
        numbers = list(self._exact.get(key, ()))
        for length in self._lengths:
            numbers += self._begins.get(key[:length], ()) if length <= len(key) else ()
        numbers += dict.fromkeys(
            number
            for end, number in self._ends
            if end == "@" or (key.isdigit() if end == "#" else key.endswith(end))
        )
        if len(self._under) >= _REMEMBERED:
            self._under.clear()
        found = self._under[key] = tuple(map(self._filed, numbers))
        return found

    def _filed(self, number: int) -> _Filed[T]:
        filed = self._read.get(number)
        if filed is None:
            parts, what = self._unread[number]
            slots = parse(" ".join(parts), self._fold)
            head = next(slot for slot in slots if not slot.anchor)
            behind = slots[slots.index(head) + 1 :]
            filed = self._read[number] = _Filed(
                slots,
                what,
                0 if _picky(slots[0]) else 1,
                self._keys(behind[0]) if behind else None,
                min(filter(None, map(self._keys, behind[1:])), key=len, default=None),
            )
        return filed

    def _keys(self, slot: Slot) -> frozenset[str] | None:
        """The words, folded, of which one must stand for a slot; None when others may, or none."""
        if slot.optional or slot.begins or slot.ends or slot.cased_ends or slot.number or slot.name:
            return None
        return slot.exact.union(self._fold(word.lower()) for word in slot.cased) or None


def _picky(head: Slot) -> bool:
    """Whether a word under which a phrase is filed may still not fit its first slot."""
    return bool(
        head.anchor
        or head.joined
        or head.cased
        or head.cased_ends
        or head.ends
        or head.number
        or head.name
    )


def parse(phrase: str, fold: Callable[[str], str] = folded) -> tuple[Slot, ...]:
    """The slots of a phrase."""
    slots = tuple(_slot(part, fold) for part in phrase.split())
    if not slots or all(slot.optional or slot.gap or slot.anchor for slot in slots):
        raise ValueError(f"the phrase {phrase!r} may match nothing")
    return slots


def _slot(part: str, fold: Callable[[str], str]) -> Slot:
    if _WORDS.fullmatch(part):  # most slots: plain words, which every fold leaves as they are
        return Slot(frozenset(part.split("|")), (), (), frozenset(), False, False, False, "", ())
    empty = Slot(frozenset(), (), (), frozenset(), False, False, False, "", ())
    if part in _ANCHORS:
        return empty._replace(anchor=part)
    if part == "...":
        return empty._replace(gap=True)
    optional, joined = part.endswith("?"), part.startswith("-")
    exact, begins, ends, cased = set[str](), list[str](), list[str](), set[str]()
    cased_ends = list[str]()
    number = name = False
    for word in part.removesuffix("?").removeprefix("-").split("|"):
        if word == "#":
            number = True
        elif word == "@":
            name = True
        elif word.startswith("*") and word != word.lower():
            cased_ends.append(word[1:])
        elif word.startswith("*"):
            ends.append(fold(word[1:]))
        elif word.endswith("*"):
            begins.append(fold(word[:-1]))
        elif word != word.lower():
            cased.add(word)
        else:
            exact.add(fold(word))
    return Slot(
        frozenset(exact),
        tuple(begins),
        tuple(ends),
        frozenset(cased),
        optional,
        False,
        number,
        "",
        tuple(cased_ends),
        joined,
        name,
    )


def _fits(
    slots: Sequence[Slot],
    number: int,
    words: Sequence[Word],
    keys: Sequence[str],
    at: int,
    sentence: int,
) -> int:
    """Behind the last word when the slots from ``number`` on fit at ``at``; else 0."""
    while number < len(slots):
        slot = slots[number]
        inside = at < len(words) and words[at].sentence == sentence
        if slot.anchor:
            first = at == 0 or words[at - 1].sentence != sentence
            if {"^": not first, "<": first, "$": inside, ">": not inside}[slot.anchor]:
                return 0
            number += 1
            continue
        if slot.gap:
            for skipped in range(_GAP + 1):
                last = _fits(slots, number + 1, words, keys, at + skipped, sentence)
                if last:
                    return last
                if at + skipped >= len(words) or words[at + skipped].sentence != sentence:
                    return 0
            return 0
        if slot.optional:
            if inside and _matches(slot, words[at], keys[at]):
                last = _fits(slots, number + 1, words, keys, at + 1, sentence)
                if last:
                    return last
            number += 1
            continue
        if not inside or not _matches(slot, words[at], keys[at]):
            return 0
        number += 1
        at += 1
    return at


def _matches(slot: Slot, word: Word, key: str) -> bool:
    if slot.joined and not word.joined:
        return False
    if key in slot.exact:
        return True
    if slot.begins and key.startswith(slot.begins):
        return True
    if slot.ends and key.endswith(slot.ends):
        return True
    if slot.cased and word.text in slot.cased:
        return True
    if slot.cased_ends and word.text.endswith(slot.cased_ends):
        return True
    if slot.name and word.place and word.text[0].isupper() and len(word.text) > 1:
        return True
    return slot.number and key.isdigit()
