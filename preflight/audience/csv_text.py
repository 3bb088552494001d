"""Comma-separated text, read strictly (RFC 4180) and line by line: each record with its line, and
each damaged line by itself, however much a quote that is never closed would like to swallow."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from preflight.audience.csv_lines import CELL_LIMIT, RECORD_LIMIT, BadRow, cells_problem

SEPARATORS = (",", ";", "\t", "|")
UNCLOSED = "a quote is never closed"
STRAY = "a quote inside an unquoted cell"
AFTER = "text after a closing quote"
NUL = "a NUL byte"
UNDECODABLE = "bytes that are no UTF-8"
LONG_CELL = f"a cell of more than {CELL_LIMIT:,} bytes"
LONG_RECORD = f"a row of more than {RECORD_LIMIT:,} bytes"

_QUOTED = re.compile(r'"([^"]*+(?:""[^"]*+)*+)"')
_ESCAPED_BYTE = re.compile("[\udc80-\udcff]")


class Damage(Exception):
    """A text that is no record: where (offset), and why."""

    def __init__(self, at: int, reason: str) -> None:
        super().__init__(reason)
        self.at = at
        self.reason = reason


class Record(NamedTuple):
    """A record: the physical line it begins on, its cells."""

    line: int
    cells: list[str]


def cells_of(text: str, separator: str) -> list[str]:
    """The cells of one record (without its line end). Raises Damage."""
    if '"' not in text:
        return text.split(separator)
    cells: list[str] = []
    at, end = 0, len(text)
    while True:
        if text.startswith('"', at):
            match = _QUOTED.match(text, at)
            if match is None:
                raise Damage(at, UNCLOSED)
            cells.append(match[1].replace('""', '"'))
            stop = match.end()
            if stop < end and text[stop] != separator:
                raise Damage(stop, AFTER)
        else:
            stop = text.find(separator, at)
            stop = end if stop < 0 else stop
            quote = text.find('"', at, stop)
            if quote >= 0:
                raise Damage(quote, STRAY)
            cells.append(text[at:stop])
        if stop == end:
            return cells
        at = stop + 1


def fit(cells: list[str], width: int) -> bool:
    """Whether the record has ``width`` cells; one more that is empty (a separator at the end of
    the line) is taken off."""
    if len(cells) == width + 1 and not cells[-1]:
        cells.pop()
    return len(cells) == width


def swallows(text: str, separator: str, width: int) -> bool:
    """Whether a record over several lines has whole rows inside: a line with as many cells as a
    row and with an address."""
    return any(
        "@" in line and line.count(separator) == width - 1
        for line in re.split("\r\n|\r|\n", text)[1:-1]
    )


def is_blank(line: str, separator: str) -> bool:
    """Whether a line holds nothing: not even a separator."""
    return not line or (not line.strip(" \t") and separator not in line)


def offset_of_cell(text: str, separator: str, number: int) -> int:
    """Where the cell with this number (from 0) begins in a sound record."""
    at = 0
    for _ in range(number):
        if text.startswith('"', at):
            match = _QUOTED.match(text, at)
            at = match.end() if match else at
        at = text.find(separator, at) + 1
    return at


class Reader:
    """Records and bad rows of a text, in order.

    ``lines`` keep their line ends (any); undecodable bytes are surrogates U+DC80 to U+DCFF. Lines
    are numbered from ``line``. Records must have ``width`` cells; None: any number. ``header``
    says whether the list names its columns (it is for the wording only).
    """

    def __init__(
        self,
        lines: Iterable[str],
        separator: str,
        width: int | None,
        *,
        line: int = 1,
        header: bool = True,
    ) -> None:
        self._lines = iter(lines)
        self._back: deque[str] = deque()
        self._separator = separator
        self._width = width
        self._header = header
        self.line = line  # the number of the physical line that is read next
        self.first_line = line
        self.accounted = 0  # lines in records, in bad rows, or blank

    def __iter__(self) -> Iterator[Record | BadRow]:
        while (text := self._next()) is not None:
            bare = text.rstrip("\r\n")
            if self._is_plain(bare):
                self.accounted += 1
                yield Record(self.line - 1, bare.split(self._separator))
                continue
            if is_blank(bare, self._separator):
                self.accounted += 1
                continue
            number = self.line - 1
            try:
                cells = self._cells(text, bare)
            except Damage as damage:
                shown = _ESCAPED_BYTE.sub("�", bare)
                self.accounted += 1
                yield BadRow.of(number, damage.at + 1, shown, damage.reason)
            else:
                self.accounted += self.line - number
                yield Record(number, cells)

    def _is_plain(self, bare: str) -> bool:
        """Whether the line certainly is a good record: what `_cells` finds out, for most lines at
        a fraction of the cost."""
        return (
            self._width is not None
            and self._width > 1
            and bare.count(self._separator) == self._width - 1
            and '"' not in bare
            and "\0" not in bare
            and len(bare) * 4 <= CELL_LIMIT
            and (bare.isascii() or not _ESCAPED_BYTE.search(bare))
        )

    def _next(self) -> str | None:
        text = self._back.popleft() if self._back else next(self._lines, None)
        if text is not None:
            self.line += 1
        return text

    def _cells(self, text: str, bare: str) -> list[str]:
        _check_characters(bare)
        try:
            cells = cells_of(bare, self._separator)
        except Damage as damage:
            if damage.reason != UNCLOSED:
                raise
            return self._over_lines(text, damage)
        _check_sizes(bare, cells)
        if self._width is None or fit(cells, self._width):
            return cells
        many = len(cells) > self._width
        at = offset_of_cell(bare, self._separator, self._width) if many else len(bare)
        raise Damage(at, cells_problem(len(cells), self._width, header=self._header))

    def _over_lines(self, text: str, damage: Damage) -> list[str]:
        """The cells of a record with line breaks inside quotes. When that makes no good record,
        the first line alone is damaged, and reading goes on right after it."""
        taken: list[str] = []
        size = len(text)
        while size <= RECORD_LIMIT and (more := self._next()) is not None:
            taken.append(more)
            size += len(more)
            if more.count('"') % 2 == 0:
                continue  # closes nothing, or opens again what it closes
            try:
                return self._joined("".join((text, *taken)).rstrip("\r\n"), damage)
            except Damage as wrong:
                damage = wrong
            break
        self._back.extendleft(reversed(taken))
        self.line -= len(taken)
        raise damage

    def _joined(self, whole: str, damage: Damage) -> list[str]:
        """The cells of a record over several lines. Raises a Damage of its first line."""
        try:
            _check_characters(whole)
            cells = cells_of(whole, self._separator)
        except Damage:
            raise damage from None  # of a later line, which is judged when its turn comes
        if self._width is not None:
            if swallows(whole, self._separator, self._width):
                raise damage
            if not fit(cells, self._width):
                reason = cells_problem(len(cells), self._width, header=self._header)
                raise Damage(
                    damage.at, f"a quoted cell runs over the end of the line, which makes {reason}"
                )
        try:
            _check_sizes(whole, cells)
        except Damage as large:
            raise Damage(damage.at, large.reason) from None
        return cells


def _check_characters(text: str) -> None:
    wrong = None if text.isascii() else _ESCAPED_BYTE.search(text)
    if wrong:
        raise Damage(wrong.start(), UNDECODABLE)
    nul = text.find("\0")
    if nul >= 0:
        raise Damage(nul, NUL)


def _check_sizes(text: str, cells: Sequence[str]) -> None:
    if len(text) * 4 <= CELL_LIMIT:
        return
    if len(text.encode()) > RECORD_LIMIT:
        raise Damage(0, LONG_RECORD)
    if any(len(cell.encode()) > CELL_LIMIT for cell in cells if len(cell) * 4 > CELL_LIMIT):
        raise Damage(0, LONG_CELL)
