"""The words a reader sees, and where each of them stands in the source."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from preflight.templates.nodes import TextRun

_PIECE = re.compile(
    r"(?P<blank>\s++)|(?P<entity>&(?:#\d{1,7}+|#[xX][0-9a-fA-F]{1,6}+|[A-Za-z][A-Za-z0-9]{1,31}+);?+)"
    r"|(?P<nothing>[\u00ad\u200b\u200c\u2060\ufeff\u034f]++)"
    r"|(?P<word>[^\s&\u00ad\u200b\u200c\u2060\ufeff\u034f]++"
    r"(?: [^\s&\u00ad\u200b\u200c\u2060\ufeff\u034f]++)*+|&)"
)
_PADDING = frozenset("\u00ad\u200b\u200c\u2060\ufeff\u034f")


_CODED = re.compile(
    r"&(?:#\d{1,7}+|#[xX][0-9a-fA-F]{1,6}+|[A-Za-z][A-Za-z0-9]{1,31}+);?+|%[2-7][0-9A-Fa-f]"
    r"|%(?:[Cc][2-9A-Fa-f]|[Dd][0-9A-Fa-f])%[89ABab][0-9A-Fa-f]|%[Ee][0-9A-Fa-f](?:%[89ABab][0-9A-Fa-f]){2}"
)


class Segment(NamedTuple):
    """``length`` characters at ``start`` of the plain text come from ``source_length`` characters
    at ``source`` of the part; the lengths differ only for resolved entities and blanks."""

    start: int
    source: int
    length: int
    source_length: int


class Plain(NamedTuple):
    """The words a reader sees, one line a block, and where each of them stands in the part."""

    text: str
    segments: list[Segment]

    @classmethod
    def of(cls, text: str) -> Plain:
        """A text that is plain already."""
        return cls(text, [Segment(0, 0, len(text), len(text))] if text else [])

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in the part for ``text[start:end]``."""
        if not self.segments:
            return 0, 0
        first = self._segment(start)
        begin = (
            first.source + (start - first.start)
            if first.length == first.source_length
            else first.source
        )
        if end <= start:
            return begin, begin
        last = self._segment(end - 1)
        if last.length == last.source_length:
            return begin, last.source + min(end - last.start, last.length)
        return begin, last.source + last.source_length

    def position(self, source: int) -> int | None:
        """The place in ``text`` of an offset in the part; None when no reader sees it."""
        at = bisect_right(self.segments, source, key=_source) - 1
        if at < 0:
            return None
        segment = self.segments[at]
        if source >= segment.source + segment.source_length:
            return None
        return segment.start + min(source - segment.source, max(segment.length - 1, 0))

    def _segment(self, offset: int) -> Segment:
        return self.segments[max(bisect_right(self.segments, offset, key=_start) - 1, 0)]


def _start(segment: Segment) -> int:
    return segment.start


def _source(segment: Segment) -> int:
    return segment.source


def flow(
    text: str, runs: Sequence[TextRun], wanted: Sequence[bool], separator: str = "\n"
) -> Plain:
    """The wanted runs as one text; a run that is left out leaves a separator only at a block."""
    out: list[str] = []
    segments: list[Segment] = []
    size = 0
    last = separator  # the last character written
    pending = False  # a block began since then
    # A blank, or a joiner, that is written when a word follows.
    blank: tuple[str, int, int] | None = None
    joiner: tuple[str, int, int] | None = None

    def write(piece: str, source: int, source_length: int) -> None:
        nonlocal size, last
        previous = segments[-1] if segments else None
        if (
            previous is not None
            and len(piece) == source_length
            and previous.length == previous.source_length
            and previous.start + previous.length == size
            and previous.source + previous.length == source
        ):
            segments[-1] = Segment(
                previous.start,
                previous.source,
                previous.length + source_length,
                previous.length + source_length,
            )
        else:
            segments.append(Segment(size, source, len(piece), source_length))
        out.append(piece)
        size += len(piece)
        last = piece[-1]

    for run, keep in zip(runs, wanted, strict=True):
        pending = pending or run.block
        if not keep:
            continue
        for match in _PIECE.finditer(text, run.start, run.end):
            piece, kind = match.group(), match.lastgroup
            start, end = match.span()
            if kind == "entity":
                piece = html.unescape(piece)
                if not piece or all(char in _PADDING for char in piece):
                    kind = "nothing"
                elif piece.isspace():
                    kind = "blank"
            if kind == "nothing":
                if "\u200c" in piece and size and not pending and blank is None:
                    joiner = ("\u200c", start, end - start)
                continue
            if kind == "blank":
                joiner = None
                if not pending and blank is None and last not in ("\n", separator):
                    blank = ("\n" if run.sample and "\n" in piece else " ", start, end - start)
                continue
            if pending and size:
                out.append(separator)
                size += 1
            elif held := blank or joiner:
                write(*held)
            pending, blank, joiner = False, None, None
            write(piece, start, end - start)
    return Plain("".join(out), segments)


def decode(
    text: str, start: int, end: int, *, entities: bool = True, percent: bool = False
) -> Plain:
    """A stretch of source with its entities, or its percent-encoding too, resolved."""
    out: list[str] = []
    segments: list[Segment] = []
    size, at = 0, start

    def write(piece: str, first: int, last: int) -> None:
        nonlocal size
        if piece:
            segments.append(Segment(size, first, len(piece), last - first))
            out.append(piece)
            size += len(piece)

    for match in _CODED.finditer(text, start, end):
        coded = match.group()
        if coded[0] == "&" and not (entities and coded[-1] == ";"):
            continue
        if coded[0] == "%" and not percent:
            continue
        write(text[at : match.start()], at, match.start())
        plain = html.unescape(coded) if coded[0] == "&" else unquote(coded, errors="replace")
        write(plain, match.start(), match.end())
        at = match.end()
    write(text[at:end], at, end)
    return Plain("".join(out), segments)
