"""Recipient lists and ledger lists -> DuckDB tables, with the physical line of every row.

What is well formed is loaded by the engine as it is (the fast way); anything doubtful is read
strictly, line by line (the careful way), written out clean, and loaded by the same call. Rows in
the file = rows in the table + rows named bad, always: `account` holds it for every way of reading,
and what it finds lost is a problem, never silence.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from preflight.audience.columns import Column, column_kinds, map_columns
from preflight.audience.csv_bytes import survey
from preflight.audience.csv_encoding import Encoding, find_encoding, to_utf8
from preflight.audience.csv_head import HEAD_LINES, Head, duplicate_headers, find_head, plain_kind
from preflight.audience.csv_lines import COLUMN_LIMIT, BadRow, BadRows, Lines, account
from preflight.audience.csv_text import Reader
from preflight.audience.list_table import (
    Job,
    column_names,
    create,
    csv_relation,
    give_plain_name,
    load_clean,
    quoted,
)
from preflight.audience.packed import unpack
from preflight.doing import doing
from preflight.files import FileProblem

if TYPE_CHECKING:
    import duckdb

__all__ = ["BadRow", "LoadedList", "column_kinds", "load_list"]

_HEAD_CHARACTERS = 4_000_000
_BINARY = {".parquet": "Parquet", ".xlsx": "Excel", ".xlsm": "Excel"}
_JSON_ENDINGS = (".jsonl", ".ndjson", ".json", ".jsonlines")


@dataclass(frozen=True)
class LoadedList:
    """A list that is in the table ``table``.

    ``bad`` holds the first bad rows in order of the file (at most 1,000) after the header's own
    faults, ``bad_count`` is the number of all. ``encoding`` is Python's name, "" for formats that
    have none; ``separator`` is None where nothing is separated. ``notes`` are remarks for people.
    ``unread``: what of the file was not looked at. ``table``: where its rows are; ``addressed``:
    it has the column ``f_address``.
    """

    path: Path
    shown: str
    columns: tuple[Column, ...]
    rows: int
    bad: tuple[BadRow, ...]
    encoding: str
    separator: str | None
    format: str = "csv"  # csv | jsonl | parquet | xlsx
    notes: tuple[str, ...] = ()
    unread: str = ""
    bad_count: int = 0
    lines: Lines = field(default_factory=Lines, repr=False, compare=False)
    table: str = field(default="", compare=False)
    addressed: bool = field(default=False, compare=False)

    def line_of(self, ordinal: int) -> int:
        """The physical line on which the row (from 0) begins; in Parquet and XLSX its row, from 1
        (an XLSX header counts). Raises IndexError when there is no such row."""
        if not 0 <= ordinal < self.rows:
            raise IndexError(f"{self.shown} has {self.rows} rows, asked for number {ordinal}")
        return self.lines[ordinal]


def load_list(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    path: Path,
    shown: str,
    *,
    mapping: Mapping[str, str] | None = None,
    first_row: int = 0,
    workdir: Path,
    addressed: bool = False,
) -> LoadedList:
    """Create the table ``<table>(_row BIGINT, c0 VARCHAR, c1 VARCHAR, ...)`` from a list.

    ``_row`` is ``first_row`` plus the row's number in the list (from 0); an empty cell is NULL.
    CSV in any usual encoding and separation, JSON lines, Parquet and XLSX are told apart by their
    content, also where they are compressed. ``table`` must be a plain identifier; ``workdir`` a
    folder for temporary files, which are gone afterwards. ``addressed``: with the keys of each row
    (`list_table.with_keys`) in place of ``_row``, where the list has a column called ``email``; its
    rows are in the order of the list. Raises FileProblem when the file is no list.
    """
    import duckdb

    doing(f"reading {path.name}")
    scratch = workdir / f"loading_{table}"
    job = Job(connection, table, path, shown, dict(mapping or {}), first_row, scratch, addressed)
    try:
        scratch.mkdir(parents=True, exist_ok=True)
        return _load(job)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise FileProblem(f"“{shown}” cannot be read: {reason}") from None
    except duckdb.Error as error:
        raise FileProblem(
            f"“{shown}” cannot be loaded ({type(error).__name__})",
            "Export the list again, as CSV (UTF-8).",
        ) from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _load(job: Job) -> LoadedList:
    unpacked = unpack(job.path, job.shown, job.scratch)
    if unpacked is not None:
        return replace(_load_plain(replace(job, path=unpacked)), path=job.path)
    return _load_plain(job)


def _load_plain(job: Job) -> LoadedList:
    with job.path.open("rb") as file:
        start = file.read(4)
    if not start:
        raise FileProblem(f"“{job.shown}” is empty", "Export the list again, or take it out.")
    if start == b"PAR1":
        return _load_parquet(job)
    if start == b"PK\x03\x04":
        return _load_xlsx(job)
    if job.path.suffix.lower() in _BINARY:
        raise FileProblem(
            f"“{job.shown}” is damaged: it is no {_BINARY[job.path.suffix.lower()]} file inside",
            "Export the list again.",
        )
    encoding = find_encoding(job.path, job.shown)
    text = job.path
    if not encoding.is_utf8:
        text = job.scratch / "text.csv"
        if not to_utf8(job.path, encoding, text):
            encoding = Encoding(encoding.name, encoding.bom, False, encoding.note)
    with _opened(text) as lines:
        head_lines = list(islice(_bounded(lines), HEAD_LINES))
    if _is_json(head_lines, job):
        return _load_json(job, text, encoding)
    return _load_text(job, text, encoding, head_lines)


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    """The lines of a UTF-8 text with their ends as they are; bad bytes as surrogates."""
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        yield file


def _bounded(lines: Iterable[str]) -> Iterator[str]:
    size = 0
    for line in lines:
        yield line
        size += len(line)
        if size > _HEAD_CHARACTERS:
            return


def _is_json(head: list[str], job: Job) -> bool:
    first = next((line.strip() for line in head if line.strip()), "")
    named = job.path.suffix.lower() in _JSON_ENDINGS
    if named and first.startswith("["):
        raise FileProblem(
            f"“{job.shown}” is one JSON array, not JSON lines",
            "Write one object a line, for example with jq -c '.[]'.",
        )
    return bool(first) and (named or (first.startswith('{"') and first.endswith("}")))


# Separated text


def _load_text(job: Job, text: Path, encoding: Encoding, head_lines: list[str]) -> LoadedList:
    head = find_head(head_lines, job.shown, tabs=job.path.suffix.lower() in (".tsv", ".tab"))
    job = job.of(head.headers)
    bad = BadRows()
    for duplicate in head.duplicates() if head.named else ():
        bad.add(duplicate)
    lines = _load_fast(job, text, head) if encoding.sound else None
    if lines is None:
        with _opened(text) as file:
            rows = islice(file, head.lines, None)
            reader = Reader(
                rows, head.separator, head.width, line=head.lines + 1, header=head.named
            )
            lines = load_clean(job, reader, head.width, bad)
        account(job.shown, reader.line - reader.first_line, reader.accounted, "lines")
    loaded = _loaded(job, head.headers, lines, bad, "csv", encoding, separator=head.separator)
    return _titled(loaded, head.header_line) if head.titled else loaded


def _titled(loaded: LoadedList, line: int) -> LoadedList:
    note = f"“{loaded.shown}” is read from line {line} on: what stands above names no columns"
    return replace(loaded, notes=(*loaded.notes, note))


def _load_fast(job: Job, text: Path, head: Head) -> Lines | None:
    """Load the file as it is; None (and no table) when it or the engine leaves any doubt."""
    import duckdb

    if not head.separator.isascii() or head.separator == '"':
        return None
    found = survey(text, head.separator, head.width, head.lines, blanks=False)
    if found is None:
        return None
    plain = job.scratch / "list.csv"
    give_plain_name(text, plain)
    relation = csv_relation(
        plain, head.width, head.separator, head.lines, parallel=not found.quoted_breaks
    )
    try:
        loaded = create(job, relation, column_names(head.width))
        if loaded < found.lines.count:
            found = survey(text, head.separator, head.width, head.lines, blanks=True) or found
        if loaded == found.lines.count and not (head.width == 1 and _has_blanks(job)):
            return found.lines
    except duckdb.Error:
        pass
    job.connection.execute(f"DROP TABLE IF EXISTS {job.table}")
    return None


def _has_blanks(job: Job) -> bool:
    """Whether a cell of the only column is blank: its line counts as a blank line."""
    found = job.connection.execute(
        f"SELECT count(*) FROM {job.table} WHERE trim(c0, ' \t') = ''"
    ).fetchone()
    return found is not None and found[0] > 0


# The other formats


def _load_json(job: Job, text: Path, encoding: Encoding) -> LoadedList:
    from preflight.audience.list_formats import json_keys, json_records

    with _opened(text) as lines:
        keys, filled = json_keys(lines, job.shown)
    if not keys:
        raise FileProblem(
            f"“{job.shown}” has no JSON object with a key",
            'Write one object a line, for example {"email": "anna@example.org"}.',
        )
    job = job.of(keys)
    bad = BadRows()
    with _opened(text) as lines:
        found = load_clean(job, json_records(lines, keys), len(keys), bad)
    account(job.shown, filled, found.count + bad.count)
    return _loaded(job, keys, found, bad, "jsonl", encoding)


def _load_xlsx(job: Job) -> LoadedList:
    from preflight.audience.list_formats import open_sheet

    sheet = open_sheet(job.path, job.shown)
    bad = BadRows()
    headers, records = sheet.headers, sheet.records()
    plain = plain_kind(headers, sheet.header_row, job.shown)
    if plain:
        headers, records = (plain,), sheet.with_first_row().records()
    else:
        for duplicate in duplicate_headers(headers, sheet.header_row, ", ".join(headers)):
            bad.add(duplicate)
    job = job.of(headers)
    faults = bad.count
    lines = load_clean(job, records, len(headers), bad)
    account(job.shown, sheet.filled + bool(plain), lines.count + bad.count - faults)
    loaded = replace(_loaded(job, headers, lines, bad, "xlsx"), unread=sheet.unread)
    return _titled(loaded, sheet.header_row) if sheet.titled else loaded


def _load_parquet(job: Job) -> LoadedList:
    plain = job.scratch / "list.parquet"
    give_plain_name(job.path, plain)
    relation = f"read_parquet({quoted(str(plain))}, binary_as_string=true, hive_partitioning=false)"
    described = job.connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    headers = tuple(str(row[0]) for row in described)
    if len(headers) > COLUMN_LIMIT:
        raise FileProblem(
            f"“{job.shown}” has {len(headers):,} columns; at most {COLUMN_LIMIT:,} are read"
        )
    cells = []
    for name, kind, *_ in described:
        column = '"' + name.replace('"', '""') + '"'
        nested = str(kind).endswith("]") or str(kind).startswith(("STRUCT", "MAP", "UNION"))
        text = f"to_json({column})::VARCHAR" if nested else f"{column}::VARCHAR"
        cells.append(f"nullif({text}, '')")
    lines = Lines()
    job = job.of(headers)
    lines.add(1, create(job, relation, cells))
    found = job.connection.execute(
        f"SELECT sum(num_rows) FROM parquet_file_metadata({quoted(str(plain))})"
    ).fetchone()
    account(job.shown, int(found[0]) if found else -1, lines.count)
    return _loaded(job, headers, lines, BadRows(), "parquet")


def _loaded(
    job: Job,
    headers: tuple[str, ...],
    lines: Lines,
    bad: BadRows,
    format: str,
    encoding: Encoding | None = None,
    *,
    separator: str | None = None,
) -> LoadedList:
    columns = map_columns(headers, job.mapping)
    return LoadedList(
        job.path,
        job.shown,
        _without_empty_nameless(job, columns),
        lines.count,
        tuple(bad.kept),
        encoding.name if encoding else "",
        separator,
        format,
        (encoding.note,) if encoding and encoding.note else (),
        bad_count=bad.count,
        lines=lines,
        table=job.table,
        addressed=bool(job.mail),
    )


def _without_empty_nameless(job: Job, columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """A column without a header counts only when something is in it."""
    nameless = [column for column in columns if not column.header]
    if not nameless:
        return columns
    counts = ", ".join(f"count({column.physical})" for column in nameless)
    row = job.connection.execute(f"SELECT {counts} FROM {job.table}").fetchone() or ()
    empty = {column for column, count in zip(nameless, row, strict=False) if not count}
    return tuple(column for column in columns if column not in empty)
