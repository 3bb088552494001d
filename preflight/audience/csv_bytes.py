"""One quick pass over the raw bytes of a separated text: whether it is so well formed that an
engine may load it as it is, and on which physical line each of its records begins.

Engines do not see a stray quote in a bare cell or a NUL, and count lines in their own ways; this
pass does. It never repairs: whatever is doubtful is left to `preflight.audience.csv_text`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from preflight.audience.csv_lines import Lines

_CHUNK = 1 << 19
# A chunk holds whole records and begins within the first _CHUNK bytes of the one before's end: a
# longer one has a record that may be over the limit of a cell.
_LONG = 900_000
_SPECIAL = (b"\0", b"\r", b'"')


@dataclass(frozen=True, slots=True)
class Survey:
    """``lines``: of all records after the head; ``quoted_breaks``: whether a cell has a line
    break inside (then the engine may not read in parallel: it would have to guess)."""

    lines: Lines
    quoted_breaks: bool


class _Doubt(Exception):
    pass


def survey(path: Path, separator: str, width: int, skip: int, *, blanks: bool) -> Survey | None:
    """Look at all bytes after the first ``skip`` lines; None when anything is doubtful: NULs,
    mixed or bare CR line ends, quotes that do not enclose whole cells, very long rows, quoted
    cells that seem to swallow rows, blank lines in a file of one column. ``blanks``: whether to
    look for blank lines everywhere, which takes as long as all else; without, some may be counted
    as records (an engine that skips them finds fewer)."""
    scan = _Scan(separator.encode(), width, skip + 1, blanks or width == 1)
    try:
        with path.open("rb") as file:
            for _ in range(skip):
                head = file.readline()
                if head.count(b"\r") != head.count(b"\r\n"):
                    return None
            while chunk := _whole_records(file):
                scan.look_at(chunk)
    except _Doubt:
        return None
    return Survey(scan.lines, scan.quoted_breaks)


def _whole_records(file: BinaryIO) -> bytes:
    chunk = file.read(_CHUNK)
    parts = [chunk, file.readline(_LONG)]
    odd = sum(part.count(b'"') for part in parts if b'"' in part) % 2
    size = len(parts[0]) + len(parts[1])
    while odd and size <= _LONG:
        more = file.readline(_LONG)
        if not more:
            raise _Doubt
        parts.append(more)
        size += len(more)
        odd = (odd + more.count(b'"')) % 2
    if size > _LONG:
        raise _Doubt
    return b"".join(parts)


class _Scan:
    def __init__(self, separator: bytes, width: int, line: int, blanks: bool) -> None:
        self.lines = Lines()
        self.quoted_breaks = False
        self._separator = separator
        self._width = width
        self._line = line  # the physical line on which the next chunk begins
        self._crlf: bool | None = None
        self._special = (*_SPECIAL, b"\n\n") if blanks else _SPECIAL

    def look_at(self, chunk: bytes) -> None:
        if not any(map(chunk.__contains__, self._special)) and not chunk.startswith(b"\n"):
            self._plain(chunk)
            return
        if b"\0" in chunk or chunk.count(b"\r") != chunk.count(b"\r\n"):
            raise _Doubt
        parts = chunk.split(b'"')
        if len(parts) > 1:
            self._check_quotes(parts)
        # Joined by a quote, so that nothing seems adjacent that is not.
        outside = b'"'.join(parts[0::2])
        broken = b"\n" in b'"'.join(parts[1::2])
        self._check_line_ends(outside)
        blank = chunk.startswith((b"\n", b"\r\n")) or b"\n\n" in outside or b"\n\r\n" in outside
        if blank and self._width == 1:
            raise _Doubt
        if broken or blank:
            self.quoted_breaks = self.quoted_breaks or broken
            self._walk(parts)
        else:
            ends = outside.count(b"\n")
            self.lines.add(self._line, ends + (not chunk.endswith(b"\n")))
            self._line += ends

    def _plain(self, chunk: bytes) -> None:
        """Nothing but lines: how nearly all lists are."""
        ends = chunk.count(b"\n")
        if ends and self._crlf:
            raise _Doubt
        self._crlf = False if ends else self._crlf
        self.lines.add(self._line, ends + (not chunk.endswith(b"\n")))
        self._line += ends

    def _check_quotes(self, parts: list[bytes]) -> None:
        """Every stretch outside quotes must begin and end at the edge of a cell; an empty one is
        an escaped quote."""
        opens = (self._separator, b"\n")
        closes = (self._separator, b"\n", b"\r\n")
        first, last = parts[0], parts[-1]
        between = set(parts[2:-1:2])
        between.discard(b"")
        if (first and not first.endswith(opens)) or (last and not last.startswith(closes)):
            raise _Doubt
        if not all(part.startswith(closes) and part.endswith(opens) for part in between):
            raise _Doubt

    def _check_line_ends(self, outside: bytes) -> None:
        ends = outside.count(b"\n")
        if not ends:
            return
        crlf = outside.count(b"\r\n")
        if crlf not in (0, ends) or self._crlf not in (None, crlf == ends):
            raise _Doubt
        self._crlf = crlf == ends

    def _walk(self, parts: list[bytes]) -> None:
        """Record by record: for chunks with blank lines or line breaks inside quotes."""
        parts[1::2] = [part.replace(b"\n", b"\0") for part in parts[1::2]]
        records = b'"'.join(parts).split(b"\n")
        unfinished = records.pop()  # after the last line end: nothing, or the end of the file
        for record in records:
            self._walk_record(record)
        if unfinished:
            self._walk_record(unfinished)

    def _walk_record(self, record: bytes) -> None:
        breaks = record.count(b"\0")
        if breaks > 1:
            for inner in record.split(b"\0")[1:-1]:
                if b"@" in inner and inner.count(self._separator) == self._width - 1:
                    raise _Doubt
        if record not in (b"", b"\r"):
            self.lines.add(self._line)
        self._line += 1 + breaks
