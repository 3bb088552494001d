"""What a finished mail says in its sender's own words, and in which tone.

Values of recipients are not the sender's words: in their place stands a placeholder, so that all
classes whose mail differs in values alone share one text, which is analysed once. A mail in two
languages is read in each by itself: *je* is I in one of them and you in the other.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from preflight.templates.words import load
from preflight.tone import analyse, language_in

if TYPE_CHECKING:
    from preflight.source import Span
    from preflight.templates.message import Message, Part
    from preflight.tone import Tone

BODIES = ("html", "text")
_SHORT = ("subject", "preheader")
_VALUE = "{{x}}"
_OF_ADDRESS = frozenset({"register", "formality", "language", "relationship"})
"""What a template asks to choose its words: what it prints then is its own, unless it is the very
value."""

_SHORTEST_VALUE = 3
_SAMPLE = 160  # characters of a paragraph that tell its language
_TELLING = 40  # letters of a paragraph of which the language is asked
_SHARE = 0.15  # of the mail's letters that make a second language of it
_ADDRESS = re.compile(r"https?://\S+|(?<!\S)\S+@\S+|\{\{x\}\}")
_POSTAL = re.compile(r"(?=.{0,100}$)(?=.*\b\d{4,6}\b)[^.!?]*")
_PARAGRAPH = {True: re.compile(r"[^\n]+"), False: re.compile(r"(?:[^\n]+\n?)+")}


class _Piece(NamedTuple):
    """``length`` characters at ``start`` of the said text, at ``plain`` of the plain one; a value
    is ``covers`` characters long there."""

    start: int
    plain: int
    length: int
    covers: int


@dataclass(frozen=True, eq=False)
class Said:
    """The words of one part: ``text``, with placeholders for values."""

    part: Part
    text: str
    pieces: tuple[_Piece, ...]

    def span(self, start: int, end: int) -> Span:
        """The place in the file of ``text[start:end]``."""
        return self.part.plain_span(self._plain(start), self._plain(end - 1) + 1)

    def _plain(self, offset: int) -> int:
        at = bisect_right(self.pieces, offset, key=lambda piece: piece.start) - 1
        piece = self.pieces[max(at, 0)]
        inside = min(offset - piece.start, piece.covers - 1)
        return piece.plain + max(inside, 0)

    @cached_property
    def paragraphs(self) -> tuple[tuple[int, int], ...]:
        """The stretches of its paragraphs."""
        pattern = _PARAGRAPH[self.part.is_html]
        return tuple(found.span() for found in pattern.finditer(self.text) if found[0].strip())

    @cached_property
    def languages(self) -> dict[tuple[int, int], str | None]:
        """The language of each paragraph that is long enough to tell."""
        found = {}
        for start, end in self.paragraphs:
            words = _told_in_words(self.text[start:end])
            if _letters(words) >= _TELLING:
                found[start, end] = _language(words[:_SAMPLE])
        return found


@dataclass(frozen=True, eq=False)
class Voice:
    """One part of a mail in one language, which is ``text``."""

    said: Said
    text: str
    language: str

    @cached_property
    def tone(self) -> Tone:
        return _analysed(self.text, self.language)

    @property
    def part(self) -> Part:
        return self.said.part

    def span(self, start: int, end: int) -> Span:
        """The place in the file of a stretch that the tone speaks of."""
        return self.said.span(start, end)

    def words(self, start: int, end: int) -> str:
        """The words there, on one line."""
        return " ".join(self.said.text[start:end].split())


class Voices:
    """The tone of a mail: of its subject, its preheader, its HTML and its plain text."""

    def __init__(self, message: Message) -> None:
        self.message = message
        told = (message.language or "").lower().replace("_", "-")
        self.said = tuple(_said_parts(message))
        bodies = [one for one in self.said if one.part.name not in _SHORT]
        found = _languages(bodies)
        base = told.partition("-")[0]
        self.languages: tuple[str, ...] = tuple(found) or ((base,) if base else ())
        """The languages that it is written in, the one with the most letters first."""
        self.every = frozenset(one for said in bodies for one in said.languages.values() if one)
        """The languages of all of its paragraphs, those of a few words among them."""
        self.detected = bool(found)
        """Whether its own words tell the language; else it is what the campaign says."""
        self._tags = {one: told if one == base else one for one in self.languages}

    @property
    def language(self) -> str | None:
        """The language in which most of it is written; None when that is not clear."""
        return self.languages[0] if self.languages else None

    def within(self, language: str) -> tuple[Voice, ...]:
        """Each part as far as it is in a language. What the plain text repeats of the HTML is
        heard once."""
        if language not in self._heard:
            self._heard[language] = tuple(self._listen(language))
        return self._heard[language]

    @cached_property
    def _heard(self) -> dict[str, tuple[Voice, ...]]:
        return {}

    def _listen(self, language: str) -> Iterator[Voice]:
        tag = self._tags.get(language, language)
        known: set[str] = set()
        for said in self.said:
            if said.part.name in _SHORT:
                if language != self.language:
                    continue
                yield Voice(said, said.text, tag)
                continue
            others = [
                stretch
                for stretch, spoken in said.languages.items()
                if spoken in self.languages and spoken != language
            ]
            again = list(_brought_along(said))
            for start, end in said.paragraphs:
                words = _normal(said.text[start:end])
                if words in known and len(words) >= _TELLING:
                    again.append((start, end))
                known.add(words)
            text = _without(said.text, [*others, *again])
            if text.strip():
                yield Voice(said, text, tag)


def _said_parts(message: Message) -> Iterator[Said]:
    for name in (*_SHORT, *BODIES):
        for part in message.parts.values():
            if (part.name == name or part.name.startswith(f"{name}-")) and part.text.strip():
                yield _said(message, part)


def _said(message: Message, part: Part) -> Said:
    plain = part.plain
    holes = list(_in_plain(part, _values(message, part)))
    if part.template is None and message.facts:
        holes += _data_in(plain.text, message.facts.values())
    pieces: list[_Piece] = []
    out: list[str] = []
    size = at = 0

    def add(piece: str, covers: int) -> None:
        nonlocal size, at
        pieces.append(_Piece(size, at, len(piece), covers))
        out.append(piece)
        size, at = size + len(piece), at + covers

    for start, end in sorted(holes):
        if start >= at:
            if start > at:
                add(plain.text[at:start], start - at)
            add(_VALUE, end - start)
    if at < len(plain.text) or not pieces:
        add(plain.text[at:], max(len(plain.text) - at, 1))
    return Said(part, "".join(out), tuple(pieces))


def _values(message: Message, part: Part) -> Iterator[tuple[int, int]]:
    """Where the part prints what a recipient's fields hold."""
    if part.template is None:
        return
    printing = {tag.start for tag in part.parsed.tags if tag.names}
    known: list[str] = []
    chosen_by: set[str] = set()
    for name, value in message.facts.items():
        if isinstance(value, str) and (folded := value.strip().casefold()):
            if name.rpartition(".")[2] in _OF_ADDRESS:
                chosen_by.add(folded)
            else:
                known.append(folded)
    for stretch in part.segments:
        if stretch.literal or stretch.source_start not in printing:
            continue
        printed = part.text[stretch.start : stretch.end].strip().casefold()
        if printed in chosen_by or any(
            printed in value or (len(value) >= _SHORTEST_VALUE and value in printed)
            for value in known
        ):
            yield stretch.start, stretch.end


def _in_plain(part: Part, stretches: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The same stretches in the plain text, where a reader sees them."""
    segments = part.plain.segments
    for start, end in stretches:
        first = max(bisect_right(segments, start, key=lambda one: one.source) - 1, 0)
        seen: list[int] = []
        for one in segments[first:]:
            if one.source >= end:
                break
            if one.source + one.source_length > start:
                skipped = max(start - one.source, 0)
                left_out = max(one.source + one.source_length - end, 0)
                even = one.length == one.source_length
                seen.append(one.start + (skipped if even else 0))
                seen.append(one.start + one.length - (left_out if even else 0))
        if seen and seen[0] < seen[-1]:
            yield seen[0], seen[-1]


def _data_in(text: str, values: Iterable[object]) -> Iterator[tuple[int, int]]:
    """Where a finished mail holds what its caller says are values."""
    for value in values:
        if isinstance(value, str) and len(value.strip()) >= _SHORTEST_VALUE:
            pattern = rf"(?<!\w){re.escape(value.strip())}(?!\w)"
            yield from (found.span() for found in re.finditer(pattern, text))


def _languages(bodies: Sequence[Said]) -> list[str]:
    """The languages in which a fair share of a mail is written, most letters first; a single one
    is asked of the whole, also where no paragraph is long."""
    letters: Counter[str] = Counter()
    for said in bodies:
        for (start, end), language in said.languages.items():
            if language is not None:
                letters[language] += end - start
    whole = letters.total()
    found = [one for one, count in letters.most_common() if count >= _SHARE * whole]
    if not found:
        texts = (_told_in_words(said.text) for said in bodies)
        asked = (_language(text) for text in texts if _letters(text) >= _TELLING)
        found = [one for one in asked if one is not None][:1]
    return found


def _told_in_words(text: str) -> str:
    """A text without web addresses and lines that look like a postal address: in a short mail they
    would be taken for its language."""
    lines = _ADDRESS.sub(" ", text).split("\n")
    return "\n".join(line for line in lines if not _POSTAL.fullmatch(line)).lstrip()


def _brought_along(said: Said) -> Iterator[tuple[int, int]]:
    """The short paragraphs that a mailer's template brings along: “view in your browser”."""
    for start, end in said.paragraphs:
        line = said.text[start:end]
        if len(line) <= load("technical_lines.json")["longest"]:
            words = " ".join(line.casefold().split())
            if any(phrase in words for phrase in load("technical_lines.json")["phrases"]):
                yield start, end


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _normal(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _without(text: str, stretches: Iterable[tuple[int, int]]) -> str:
    """The text with blanks for some stretches; its lines and its length stay."""
    pieces: list[str] = []
    at = 0
    for start, end in sorted(stretches):
        if start >= at:
            pieces += [text[at:start], re.sub(r"[^\n]", " ", text[start:end])]
            at = end
    return "".join([*pieces, text[at:]])


@lru_cache(maxsize=512)
def _language(text: str) -> str | None:
    return language_in(text)


@lru_cache(maxsize=128)
def _analysed(text: str, language: str) -> Tone:
    return analyse(text, language)
