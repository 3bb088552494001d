"""Text with a name, and places in it.

Offsets are code points, half open, everywhere inside the program; lines and columns (both from 1,
columns in code points, ends exclusive) are made only at the edge, when something is shown.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Place(NamedTuple):
    """A line and a column, both from 1; the column counts code points."""

    line: int
    column: int


class Source:
    """A text that problems can point at: a file, or an excerpt of one.

    ``path`` is what is shown to people. ``text`` holds ``\\n`` line ends only (`normalise`).
    ``first_line`` is the line of the file on which ``text`` begins: lists are never held whole,
    so a bad row is an excerpt of one line. ``personal`` marks texts that are personal data (rows
    of lists): they take no part in fingerprints.
    """

    __slots__ = ("_starts", "first_line", "path", "personal", "text")

    def __init__(
        self, path: str, text: str, *, first_line: int = 1, personal: bool = False
    ) -> None:
        self.path = path
        self.text = text
        self.first_line = first_line
        self.personal = personal
        self._starts: list[int] | None = None

    def __repr__(self) -> str:
        return f"Source({self.path!r}, {len(self.text)} characters)"

    @property
    def starts(self) -> list[int]:
        """The offset at which each line begins."""
        if self._starts is None:
            starts = [0]
            find = self.text.find
            at = find("\n")
            while at >= 0:
                starts.append(at + 1)
                at = find("\n", at + 1)
            self._starts = starts
        return self._starts

    def place(self, offset: int) -> Place:
        """The line and column of an offset (clamped to the text)."""
        offset = max(0, min(offset, len(self.text)))
        row = bisect_right(self.starts, offset) - 1
        return Place(self.first_line + row, offset - self.starts[row] + 1)

    def line_text(self, line: int) -> str:
        """The text of a line (numbered as in the file), without its line end; "" outside."""
        row = line - self.first_line
        if not 0 <= row < len(self.starts):
            return ""
        end = self.starts[row + 1] - 1 if row + 1 < len(self.starts) else len(self.text)
        return self.text[self.starts[row] : end]

    def span(self, start: int = 0, end: int | None = None) -> Span:
        """The stretch from ``start`` to ``end`` (default: the end of the text)."""
        return Span(self, start, len(self.text) if end is None else end)


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open stretch of a source, in code points."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    @property
    def start_place(self) -> Place:
        return self.source.place(self.start)

    @property
    def end_place(self) -> Place:
        return self.source.place(self.end)

    def part(self, start: int, end: int) -> Span:
        """A stretch inside this one; offsets count from this one's start and are clamped."""
        size = self.end - self.start
        start = max(0, min(start, size))
        return Span(self.source, self.start + start, self.start + max(start, min(end, size)))


def lines_of(span: Span, above: int = 1) -> Span:
    """The same place in a source that holds its lines only (and some above): many places of long
    texts then take little memory."""
    source = span.source
    first = max(source.first_line, span.start_place.line - above)
    begin = source.starts[first - source.first_line]
    last = span.end_place.line - source.first_line
    end = source.starts[last + 1] - 1 if last + 1 < len(source.starts) else len(source.text)
    part = Source(source.path, source.text[begin:end], first_line=first, personal=source.personal)
    return Span(part, span.start - begin, span.end - begin)


def normalise(text: str) -> str:
    """Line ends as ``\\n``: Jinja and the YAML parser do the same, so offsets agree."""
    if "\r" not in text:
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n")


class Excerpt:
    """A value that was written in a source, perhaps not letter by letter (a YAML scalar with
    escapes, a folded block): its text, and the source offset of each of its code points.

    Subclasses may know where each code point ends, too (`source_end`)."""

    __slots__ = ("_offsets", "span", "text")

    def __init__(self, text: str, span: Span, offsets: Sequence[int] | None = None) -> None:
        self.text = text
        self.span = span
        self._offsets = offsets  # None: the text stands in the source letter by letter

    @classmethod
    def whole(cls, source: Source) -> Excerpt:
        return cls(source.text, source.span())

    def source_offset(self, offset: int) -> int:
        if self._offsets is None:
            return min(self.span.start + offset, self.span.end)
        if not self._offsets:
            return self.span.start
        if offset >= len(self._offsets):
            return self._offsets[-1] + 1
        return self._offsets[offset]

    def source_end(self, offset: int) -> int:
        """The source offset behind the code point at ``offset``: one written in several letters
        (a doubled quote, an escape) reaches to the next, unless a line is folded between them."""
        start = self.source_offset(offset)
        if not self._offsets:
            return start + 1
        last = offset + 1 >= len(self._offsets)
        end = self.span.end if last else self._offsets[offset + 1]
        between = self.span.source.text[start + 1 : end]
        return start + 1 if end <= start or any(map(str.isspace, between)) else end

    def part(self, start: int, end: int) -> Span:
        """The source span of ``text[start:end]``."""
        if end <= start:
            at = self.source_offset(start)
            return Span(self.span.source, at, at)
        return Span(self.span.source, self.source_offset(start), self.source_end(end - 1))
