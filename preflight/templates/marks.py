"""Marks in a Jinja template, so that its output tells where its words come from.

Runs of literal text and printed tags are put between private-use characters before the template is
compiled; the marks pass through loops, conditions and macros like any other text, and are taken
out of the output again. White space control (``{%- -%}``) works as without them: a mark never
stands between a tag and the blanks that the tag takes away.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from preflight.templates.jinja_lexing import RawToken, lex

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_PRIVATE = re.compile("[\ue000-\uf8ff]")
_FIRST, _LAST = 0xE000, 0xF8FF
_BASE = 32  # digits for the index of a stretch
_WIDTH = 4  # digits in a mark
_SIZE = _BASE + 2  # characters in an alphabet

# Statements whose body the template itself may look at, change or measure before it is printed.
_BODIES = {"set", "filter", "macro", "call", "block"}
_CAPTURING = {*_BODIES, "import", "from", "include", "extends"}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of literal text, or a printed tag, by offsets in the template's text."""

    start: int
    end: int
    literal: bool


@dataclass(frozen=True)
class Scan:
    """The stretches of a template, in order, and where their marks go.

    ``places``: for each stretch the offsets of the opening and the closing mark. ``code``: tags and
    statements. ``captured``: indices of stretches inside statements that may look at their body;
    ``captures``: whether there is any such statement. ``costly``: the first piece of code that may
    cost more time or memory than it looks; None when there is none.
    """

    text: str
    stretches: tuple[Stretch, ...]
    places: tuple[tuple[int, int], ...]
    code: tuple[tuple[int, int], ...]
    captured: frozenset[int]
    captures: bool
    costly: tuple[int, int] | None


def scan(text: str) -> Scan:
    """Find the stretches of a template. Raises jinja2.TemplateSyntaxError when it cannot be read,
    ValueError for a text with carriage returns: Jinja changes them, so offsets would not hold."""
    if "\r" in text:
        raise ValueError("the text has carriage returns")
    tokens: list[RawToken] = []
    lex(text, tokens)
    stretches: list[Stretch] = []
    places: list[tuple[int, int]] = []
    code: list[tuple[int, int]] = []
    captured: set[int] = set()
    costly: tuple[int, int] | None = None
    captures = False
    depth = before = 0  # ``before``: where the blanks that a tag takes away begin
    start, place = 0, 0
    inside: list[RawToken] = []
    for token in tokens:
        if token.type == "data":
            if depth:
                captured.add(len(stretches))
            stretches.append(Stretch(token.start, token.end, True))
            places.append((token.start, token.end))
        elif token.type in ("variable_begin", "block_begin"):
            start, place = token.start, before
            inside = []
        elif token.type in ("variable_end", "block_end"):
            code.append((start, token.start + len(token.text.rstrip())))
            statement = token.type == "block_end"
            if statement:
                capturing, change = _captures(inside)
                captures = captures or capturing
                depth = max(0, depth + change)
            else:
                if depth:
                    captured.add(len(stretches))
                stretches.append(Stretch(*code[-1], False))
                places.append((place, token.end))
            if costly is None and not _cheap(inside, statement=statement):
                costly = code[-1]
        elif token.type != "whitespace":
            inside.append(token)
        before = token.end
    return Scan(
        text,
        tuple(stretches),
        tuple(places),
        tuple(code),
        frozenset(captured),
        captures,
        costly,
    )


def _captures(tokens: Sequence[RawToken]) -> tuple[bool, int]:
    """Whether a statement may look at its body, and how it changes the depth of such bodies."""
    words = [token.text for token in tokens if token.type == "name"]
    first = words[0] if words else ""
    if first == "set" and any(token.text == "=" for token in tokens):
        return False, 0
    if first == "for":
        return "recursive" in words, 0
    if first.startswith("end") and first[3:] in _BODIES:
        return True, -1
    return first in _CAPTURING, int(first in _BODIES)


_STATEMENTS = {"if", "elif", "else", "endif", "set"}
_WORDS = {"and", "or", "not", "in", "is", "if", "else", "elif"}
_FILTERS = {
    *("default", "d", "upper", "lower", "title", "capitalize", "trim", "escape", "e", "safe"),
    *("truncate", "first", "last", "int", "float", "round", "abs", "length", "count", "string"),
}
_OPERATORS = {".", ",", "|", "(", ")", "[", "]", ":", "==", "!=", "<", ">", "<=", ">=", "="}
_MAX_TOKENS = 200  # in one tag: deeper nesting is left to a process of its own


def _cheap(tokens: Sequence[RawToken], *, statement: bool) -> bool:
    """Whether code does no more than print, compare and cut values: no loop, no call, no
    arithmetic, no filter that could make much out of little."""
    if len(tokens) > _MAX_TOKENS:
        return False
    spoken = ("name", "operator")
    seen = ["", "", *(token.text if token.type in spoken else "0" for token in tokens)]
    if statement:
        words = [value for value in seen if value.isidentifier()]
        if not words or words[0] not in _STATEMENTS:
            return False
        if words[0] == "set" and ("=" not in seen or "," in seen or "[" in seen):
            return False  # a list of lists of lists doubles with every line
    for at, (_, kind, value) in enumerate(tokens, start=2):
        earlier, previous = seen[at - 2], seen[at - 1]
        if kind == "operator" and value not in _OPERATORS:
            return False
        if kind in ("integer", "float") and len(value) > 4:
            return False
        if kind == "string" and "\\" in value:
            return False  # an escape that Python does not know is a warning of the compiler
        if kind == "name" and previous == "|" and value not in _FILTERS:
            return False
        if value == "(" and previous in (")", "]"):
            return False
        if value == "(" and previous.isidentifier() and previous not in _WORDS:
            tested = earlier == "is" or (earlier == "not" and seen[at - 3] == "is")
            if earlier != "|" and not tested:
                return False
    return True


@dataclass(frozen=True)
class Alphabet:
    """Private-use characters for marks: ``first`` opens, the next closes, then come the digits. An
    opening mark is the first of them and `_WIDTH` digits: the index of the stretch."""

    first: int

    @classmethod
    def unused_in(cls, texts: Iterable[str]) -> Alphabet | None:
        """An alphabet of characters that none of the texts has; None when all are taken."""
        used: set[str] = set()
        for text in texts:
            if not text.isascii():
                used.update(_PRIVATE.findall(text))
        for first in range(_FIRST, _LAST - _SIZE, _SIZE):
            if not any(chr(first + k) in used for k in range(_SIZE)):
                return cls(first)
        return None

    @property
    def closing(self) -> str:
        return chr(self.first + 1)

    def opening(self, index: int) -> str:
        zero = self.first + 2
        digits = (index // _BASE**place % _BASE for place in reversed(range(_WIDTH)))
        return chr(self.first) + "".join(chr(zero + digit) for digit in digits)

    @cached_property
    def _known(self) -> dict[str, int]:
        return {}

    def _index(self, digits: str) -> int:
        """The index that digits stand for; -1 when they are none."""
        index = self._known.get(digits)
        if index is None:
            values = [ord(digit) - self.first - 2 for digit in digits]
            index = 0 if len(digits) == _WIDTH and all(0 <= v < _BASE for v in values) else -1
            for value in values if index == 0 else ():
                index = index * _BASE + value
            self._known[digits] = index
        return index

    def mark(
        self, found: Scan, leave_out: frozenset[int] = frozenset(), number_from: int = 0
    ) -> str:
        """The template's text with marks round its stretches, those in ``leave_out`` excepted."""
        pieces: list[str] = []
        done = 0
        for index, (start, end) in enumerate(found.places[: _BASE**_WIDTH - number_from]):
            if index in leave_out:
                continue
            opening = self.opening(number_from + index)
            pieces += (found.text[done:start], opening, found.text[start:end])
            pieces.append(self.closing)
            done = end
        pieces.append(found.text[done:])
        return "".join(pieces)

    def pieces(self, output: str) -> list[tuple[int, str]] | None:
        """What each marked stretch came to, each time it was printed; None when the marks do not
        pair up."""
        found: list[tuple[int, str]] = []
        opening = chr(self.first)
        stack: list[tuple[int, list[str]]] = [(-1, [])]
        for number, closed in enumerate(output.split(self.closing)):
            if number:
                index, inside = stack.pop()
                if not stack:
                    return None
                found.append((index, "".join(inside)))
                stack[-1][1].append(found[-1][1])
            for depth, piece in enumerate(closed.split(opening)):
                if depth:
                    index = self._index(piece[:_WIDTH])
                    if index < 0:
                        return None
                    stack.append((index, []))
                    piece = piece[_WIDTH:]
                stack[-1][1].append(piece)
        return found if len(stack) == 1 else None

    def open_at_end(self, output: str) -> int:
        """The index of the stretch whose opening mark is the very end of an output; -1 when no
        mark is."""
        if output[-_WIDTH - 1 : -_WIDTH] != chr(self.first):
            return -1
        return self._index(output[-_WIDTH:])

    def remove(self, output: str, most: int) -> tuple[str, list[int]] | None:
        """An output without its marks, and its runs as one flat list: start, length and index of
        the innermost stretch, for at most ``most`` runs. None when the marks do not pair up: then
        the template had a hand in them."""
        pieces: list[str] = []
        runs: list[int] = []
        stack = [-1]
        length = 0
        opening = chr(self.first)
        for number, closed in enumerate(output.split(self.closing)):
            if number:
                stack.pop()
                if not stack:
                    return None
            for depth, piece in enumerate(closed.split(opening)):
                if depth:
                    index = self._index(piece[:_WIDTH])
                    if index < 0:
                        return None
                    stack.append(index)
                    piece = piece[_WIDTH:]
                if piece:
                    if len(stack) > 1 and len(runs) < 3 * most:
                        runs += (length, len(piece), stack[-1])
                    pieces.append(piece)
                    length += len(piece)
        return ("".join(pieces), runs) if len(stack) == 1 else None


def shortened(found: Scan, wanted: frozenset[int]) -> tuple[str, frozenset[int]]:
    """The text without what cannot change the ``wanted`` stretches: literal text and other tags
    outside bodies that are looked at. With it the stretches that are wanted, counted anew."""
    pieces: list[str] = []
    kept: list[int] = []
    done = 0
    for index, stretch in enumerate(found.stretches):
        needed = index in wanted or index in found.captured
        if needed or (found.captures and not stretch.literal):
            kept.append(index)
            continue
        pieces.append(found.text[done : stretch.start])
        done = stretch.end
    pieces.append(found.text[done:])
    return "".join(pieces), frozenset(at for at, index in enumerate(kept) if index in wanted)


def texts_of(values: Iterable[Mapping[str, object]]) -> Iterable[str]:
    """The texts among the values of recipients."""
    return (value for row in values for value in row.values() if isinstance(value, str))
