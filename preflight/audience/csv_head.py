"""The beginning of a separated text: what separates its cells, and what its columns are called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from preflight.audience.columns import is_usual_header
from preflight.audience.csv_lines import COLUMN_LIMIT, BadRow
from preflight.audience.csv_text import (
    SEPARATORS,
    Damage,
    Reader,
    Record,
    cells_of,
    is_blank,
    offset_of_cell,
)
from preflight.files import FileProblem

HEAD_LINES = 200
_SAMPLE = 100
_TITLE_LINES = 20  # among which the headers are looked for
_SEP_LINE = re.compile(r'"?sep=(?P<separator>[^\r\n])"?[\r\n]*', re.IGNORECASE)
_ADDRESS = re.compile(r"(?:[^<>]*<)?\s*[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+\s*>?\s*")
_DOMAIN = re.compile(r"\s*@?(?:[\w-]+\.)+[^\W\d_][\w-]*\s*")
_NAME_THE_COLUMNS = "The first line must name the columns, for example: email,first_name"


@dataclass(frozen=True, slots=True)
class Head:
    """``headers`` as written (stripped), one a column; ``lines``: the physical lines before the
    first row; ``named``: False for a plain list, whose first line already is a row; ``titled``:
    whether lines stand above the headers (a title, a date) that belong to no column."""

    separator: str
    headers: tuple[str, ...]
    lines: int
    header_line: int
    header_text: str
    named: bool = True
    titled: bool = False

    @property
    def width(self) -> int:
        return len(self.headers)

    def duplicates(self) -> list[BadRow]:
        """A bad row, on the header's line, for each name that stands there again."""
        return duplicate_headers(self.headers, self.header_line, self.header_text, self.separator)


@dataclass(frozen=True, slots=True)
class _Candidate:
    separator: str
    cells: tuple[str, ...]
    line: int
    next_line: int
    share: float  # of the first rows that have as many cells


def find_head(lines: Sequence[str], shown: str, *, tabs: bool = False) -> Head:
    """Read the beginning of a text; ``lines``: its first `HEAD_LINES`, with their ends; ``tabs``:
    whether the file's name promises tabs. Raises FileProblem when no columns can be found."""
    start = _first_filled(lines, 0)
    forced = _SEP_LINE.fullmatch(lines[start]) if start < len(lines) else None
    if forced:
        start = _first_filled(lines, start + 1)
    if start >= len(lines):
        raise FileProblem(f"“{shown}” is empty", _NAME_THE_COLUMNS)
    separators = tuple(forced["separator"]) if forced else SEPARATORS
    if tabs:
        separators = tuple(sorted(separators, key=lambda each: each != "\t"))
    top = start
    start = max(_below_title(lines, start, separator) for separator in separators)
    found = [_candidate(lines, start, separator) for separator in separators]
    candidates = [each for each in found if isinstance(each, _Candidate)]
    if not candidates:
        bad = next(each for each in found if isinstance(each, BadRow))
        raise FileProblem(
            f"line {bad.line} of “{shown}”, which should name the columns, cannot be read: "
            f"{bad.reason}",
            _NAME_THE_COLUMNS,
        )
    best = max(candidates, key=lambda each: (len(each.cells) > 1, each.share, len(each.cells)))
    head = _head(best, lines, shown)
    return replace(head, titled=True) if start > top else head


def _below_title(lines: Sequence[str], start: int, separator: str) -> int:
    """The line (from 0) on which the headers stand, when others stand above them."""
    rows = []
    for line in lines[start : start + _TITLE_LINES]:
        try:
            rows.append([cell.strip() for cell in cells_of(line.rstrip("\r\n"), separator)])
        except Damage:
            break
    return start + header_row(rows)


def header_row(rows: Sequence[Sequence[str]]) -> int:
    """Which of the first rows (lists of stripped cells) names the columns: 0, or one below it that
    has more cells and several usual names, when no row above has any, nor an address."""
    most = 0
    for at, row in enumerate(rows[:_TITLE_LINES]):
        filled = [cell for cell in row if cell]
        usual = sum(map(is_usual_header, filled))
        if usual > 1 and len(filled) > most:
            return at
        if usual or any(map(_ADDRESS.fullmatch, filled)):
            return 0
        most = max(most, len(filled))
    return 0


def _head(best: _Candidate, lines: Sequence[str], shown: str) -> Head:
    if len(best.cells) > COLUMN_LIMIT:
        raise FileProblem(
            f"“{shown}” has {len(best.cells):,} columns; at most {COLUMN_LIMIT:,} are read"
        )
    text = lines[best.line - 1].rstrip("\r\n")
    plain = _plain_list(best, lines)
    if plain:
        return Head(best.separator, (plain,), best.line - 1, best.line, text, named=False)
    _refuse_addresses(best.cells, best.line, shown)
    if not any(best.cells):
        raise FileProblem(f"line {best.line} of “{shown}” names no column", _NAME_THE_COLUMNS)
    return Head(best.separator, best.cells, best.next_line - 1, best.line, text)


def _first_filled(lines: Sequence[str], start: int) -> int:
    while start < len(lines) and is_blank(lines[start].rstrip("\r\n"), "\0"):
        start += 1
    return start


def _candidate(lines: Sequence[str], start: int, separator: str) -> _Candidate | BadRow:
    reader = Reader(lines[start:], separator, None, line=start + 1)
    record = next(iter(reader), None)
    if not isinstance(record, Record):
        return record or BadRow(start + 1, 1, "", "it is blank")
    cells = tuple(cell.strip() for cell in record.cells)
    share = _share(lines, reader.line, separator, len(cells))
    if len(cells) > 1 and not cells[-1]:  # the separator ends each line, or only the header's
        without = _share(lines, reader.line, separator, len(cells) - 1)
        if without >= share:
            cells, share = cells[:-1], without
    return _Candidate(separator, cells, record.line, reader.line, share)


def _share(lines: Sequence[str], first: int, separator: str, width: int) -> float:
    sample = list(islice(Reader(lines[first - 1 :], separator, width), _SAMPLE))
    return sum(isinstance(each, Record) for each in sample) / len(sample) if sample else 1.0


def _plain_list(best: _Candidate, lines: Sequence[str]) -> str:
    """“email” or “domain” when the only column has no name but such values from the first line."""
    if len(best.cells) != 1:
        return ""
    first = best.cells[0]
    if _ADDRESS.fullmatch(first):
        return "email"
    if not _DOMAIN.fullmatch(first) or is_usual_header(first):
        return ""
    rest = Reader(lines[best.next_line - 1 :], best.separator, 1)
    second = next((each.cells[0] for each in rest if isinstance(each, Record)), first)
    return "domain" if _DOMAIN.fullmatch(second) or _ADDRESS.fullmatch(second) else ""


def plain_kind(headers: Sequence[str], row: int, shown: str) -> str:
    """“email” when the only header already is an address, else "". Raises FileProblem when there
    are more columns and one of them begins with an address: they have no names."""
    if len(headers) == 1 and _ADDRESS.fullmatch(headers[0]):
        return "email"
    _refuse_addresses(headers, row, shown)
    return ""


def _refuse_addresses(headers: Sequence[str], line: int, shown: str) -> None:
    if any(_ADDRESS.fullmatch(header) for header in headers):
        raise FileProblem(
            f"“{shown}” has no column names: line {line} already holds an address",
            _NAME_THE_COLUMNS,
        )


def duplicate_headers(
    headers: Sequence[str], line: int, text: str, separator: str = ""
) -> list[BadRow]:
    """A bad row for each header that is there a second time (compared without case)."""
    seen: set[str] = set()
    bad = []
    for position, header in enumerate(headers):
        if header and header.casefold() in seen:
            at = offset_of_cell(text, separator, position) if separator else 0
            bad.append(BadRow.of(line, at + 1, text, f"two columns are called “{header}”"))
        seen.add(header.casefold())
    return bad
