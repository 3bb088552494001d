"""Lists that are no separated text: JSON lines and XLSX, turned into rows of text cells."""

from __future__ import annotations

import datetime as dt
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from preflight.audience.columns import ADDRESS_LIKE
from preflight.audience.csv_head import header_row
from preflight.audience.csv_lines import CELL_LIMIT, COLUMN_LIMIT, RECORD_LIMIT, BadRow
from preflight.audience.csv_text import (
    LONG_CELL,
    LONG_RECORD,
    NUL,
    UNDECODABLE,
    Record,
)
from preflight.files import FileProblem

_XLSX_LIMIT = 2_000_000_000  # bytes of the sheets once unpacked
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPED_BYTE = re.compile("[\udc80-\udcff]")
_ADDRESS = re.compile(ADDRESS_LIKE)


class _Number(str):
    """A number as it is written."""

    __slots__ = ()


class _Wrong(Exception):
    pass


def as_record(line: int, cells: list[str], shown: Sequence[str]) -> Record | BadRow:
    """The row, unless a cell of it cannot be loaded; ``shown`` is what a bad row shows."""
    reason = ""
    if any("\0" in cell for cell in cells):
        reason = NUL
    elif any(len(cell) * 4 > CELL_LIMIT and len(cell.encode()) > CELL_LIMIT for cell in cells):
        reason = LONG_CELL
    elif sum(map(len, cells)) * 4 > RECORD_LIMIT and len("".join(cells).encode()) > RECORD_LIMIT:
        reason = LONG_RECORD
    if not reason:
        return Record(line, cells)
    return BadRow.of(line, 1, ", ".join(cell[:500] for cell in shown), reason)


# JSON lines


def json_keys(lines: Iterable[str], shown: str) -> tuple[tuple[str, ...], int]:
    """The keys of all objects, in order of their first appearance, and how many lines hold
    anything. Raises FileProblem."""
    keys: dict[str, None] = {}
    filled = 0
    for each in _objects(lines):
        filled += 1
        if isinstance(each, tuple):
            keys.update(dict.fromkeys(each[1]))
            if len(keys) > COLUMN_LIMIT:
                raise FileProblem(
                    f"“{shown}” has more than {COLUMN_LIMIT:,} keys; so many columns are not read"
                )
    return tuple(keys), filled


def json_records(lines: Iterable[str], keys: Sequence[str]) -> Iterator[Record | BadRow]:
    """One row an object, its values as text in the order of ``keys``."""
    for each in _objects(lines):
        if isinstance(each, BadRow):
            yield each
            continue
        number, found, text = each
        yield as_record(number, [_cell(found.get(key)) for key in keys], (text,))


def _objects(lines: Iterable[str]) -> Iterator[tuple[int, dict[str, Any], str] | BadRow]:
    for number, raw in enumerate(lines, start=1):
        text = raw.strip()
        if not text:
            continue
        undecodable = None if text.isascii() else _ESCAPED_BYTE.search(raw)
        if undecodable:
            shown = _ESCAPED_BYTE.sub("�", raw)
            yield BadRow.of(number, undecodable.start() + 1, shown, UNDECODABLE)
            continue
        column = 1 + len(raw) - len(raw.lstrip())
        try:
            found = _DECODER.decode(text)
        except json.JSONDecodeError as error:
            column += error.pos
            reason = f"broken JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        except (_Wrong, ValueError) as error:
            reason = str(error)
        except RecursionError:
            reason = "JSON that is nested too deeply"
        else:
            if isinstance(found, dict):
                yield number, found, text
                continue
            reason = "no JSON object"
        yield BadRow.of(number, column, raw, reason)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _Wrong(f"the key “{key[:100]}” is there twice")
            seen.add(key)
    return found


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique, parse_int=_Number, parse_float=_Number, parse_constant=_Number
)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else _as_json(value)
    return text if text.isascii() else _SURROGATE.sub("�", text)


def _as_json(value: Any) -> str:
    """JSON text with the numbers as they were written."""
    if isinstance(value, _Number):
        return value
    if isinstance(value, dict):
        pairs = (f"{_as_json(str(key))}: {_as_json(each)}" for key, each in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_as_json, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


# XLSX


@dataclass(frozen=True, slots=True)
class Sheet:
    """The first sheet with an address, or with anything: ``headers`` (stripped), their row, the
    rows below, and how many of them hold anything. ``unread``: which other sheets hold addresses;
    ``titled``: whether rows stand above the headers."""

    headers: tuple[str, ...]
    header_row: int
    rows: Iterable[tuple[int, list[str]]]
    filled: int
    unread: str
    titled: bool

    def with_first_row(self) -> Sheet:
        """For a plain list: what looked like headers is its first row."""
        first = (self.header_row, list(self.headers))
        return replace(self, rows=chain([first], self.rows))

    def records(self) -> Iterator[Record | BadRow]:
        """The rows that hold anything."""
        for number, cells in self.rows:
            if any(cells):
                yield as_record(number, cells, cells)


def open_sheet(path: Path, shown: str) -> Sheet:
    """Raises FileProblem when the file is no workbook, has no cells, or cannot be read here."""
    _check_archive(path, shown)
    try:
        import python_calamine
    except ImportError:
        raise FileProblem(
            f"“{shown}” is an XLSX workbook, which cannot be read here yet",
            "Install the extra: pip install 'preflight-email[xlsx]', or export the list as CSV.",
        ) from None
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(str(path))
        sheets = {
            name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in workbook.sheet_names
        }
    except FileProblem:
        raise
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - the reader's panics are no Exception
        raise FileProblem(
            f"“{shown}” is no readable XLSX workbook ({type(error).__name__})",
            "Open and save it again, or export the list as CSV (UTF-8).",
        ) from None
    filled = [name for name, rows in sheets.items() if any(map(_filled, rows))]
    if not filled:
        raise FileProblem(f"“{shown}” is empty")
    first, *others = [name for name in filled if _has_addresses(sheets[name])] or filled[:1]
    return _sheet(sheets[first], first, others, shown)


def _filled(row: list[Any]) -> bool:
    return any(cell not in ("", None) for cell in row)


def _has_addresses(rows: list[list[Any]]) -> bool:
    cells = (cell for row in rows for cell in row if isinstance(cell, str))
    return any(_ADDRESS.fullmatch(cell) for cell in cells)


def _check_archive(path: Path, shown: str) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise FileProblem(f"“{shown}” is a damaged XLSX workbook or ZIP file") from None
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise FileProblem(
            f"“{shown}” is a ZIP file, not a list", "Unpack it, or export the list as CSV or XLSX."
        )
    if sum(part.file_size for part in parts) > _XLSX_LIMIT:
        raise FileProblem(f"“{shown}” is too large once unpacked; export the list as CSV")


def _sheet(rows: list[list[Any]], name: str, others: list[str], shown: str) -> Sheet:
    top = next(at for at, row in enumerate(rows) if _filled(row))
    first = top + header_row(
        [[_xlsx_text(cell).strip() for cell in row] for row in rows[top:][:20]]
    )
    headers = tuple(_xlsx_text(cell).strip() for cell in rows[first])
    if len(headers) > COLUMN_LIMIT:
        raise FileProblem(
            f"“{shown}” has {len(headers):,} columns; at most {COLUMN_LIMIT:,} are read"
        )
    unread = ""
    if others:
        also = ", ".join(f"“{other}”" for other in others)
        unread = f"reads the sheet “{name}” of “{shown}”, not {also}, with addresses too"
    below = (
        (number, [_xlsx_text(cell) for cell in row])
        for number, row in enumerate(rows[first + 1 :], start=first + 2)
    )
    filled = sum(map(_filled, rows[first + 1 :]))
    return Sheet(headers, first + 1, below, filled, unread, first > top)


def _xlsx_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return "" if value is None else str(value)
