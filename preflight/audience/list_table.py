"""The one door into the engine: tables made from files that it can read without a guess."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from preflight.audience.columns import map_columns
from preflight.audience.csv_lines import BadRow, BadRows, Lines, account
from preflight.audience.csv_text import Record

if TYPE_CHECKING:
    import duckdb

_BUFFER = 16_000_000
"""Bytes that the engine reads at once, and the longest row: the limit of a record, with every quote
doubled, is below. To name a longest row besides makes it read a third slower."""
_UNIQUE = "VARCHAR USING COMPRESSION uncompressed"
"""Of columns in which hardly a value comes again."""


@dataclass(frozen=True, slots=True)
class Job:
    """What loading one list needs: where to, from where, and how its columns are renamed."""

    connection: duckdb.DuckDBPyConnection
    table: str
    path: Path
    shown: str
    mapping: Mapping[str, str]
    first_row: int
    scratch: Path  # a folder of its own: safe names for the engine
    addressed: bool = False  # whether the rows get their key
    mail: str = ""  # the column of which the key is made (`ADDRESS`)

    def of(self, headers: Sequence[str]) -> Job:
        """The same, once the headers are known."""
        if not self.addressed:
            return self
        columns = map_columns(headers, self.mapping)
        mail = next((one for one in columns if one.name.casefold() == "email"), None)
        return replace(self, mail=mail.physical if mail else "")


ADDRESS = "lower(trim({}))"
"""SQL for the key of a row, ``f_address``: addresses compare without case and blanks around."""
_DOMAIN = "split_part(f_address, '@', 2)"
_ORDINARY = (
    "coalesce(length(f_address) <= 63 AND regexp_matches(f_address, "
    r"'^[a-z0-9_%+-]+(?:\.[a-z0-9_%+-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$'), "
    "false)"
)
"""What nearly all addresses look like. One that does is valid, unless its domain is promised to
nobody: one quick look at all rows spares many."""
KEYS = {"f_address": _UNIQUE, "f_domain": "VARCHAR", "f_ordinary": "BOOLEAN"}
"""Column -> type."""


def with_keys(rows: str, address: str) -> str:
    """SQL: the rows of a relation with the keys ``f_address``, ``f_domain`` and ``f_ordinary``
    (whether it is an address as nearly all are) at their end. ``address``: SQL for the first."""
    rows = f"SELECT *, {address} AS f_address FROM {rows}"
    return (
        f"SELECT *, {_ORDINARY} AS f_ordinary FROM (SELECT *, {_DOMAIN} AS f_domain FROM ({rows}))"
    )


def load_clean(job: Job, records: Iterable[Record | BadRow], width: int, bad: BadRows) -> Lines:
    """Load rows that were read here, through a clean CSV. Raises FileProblem when not every row
    arrives."""
    lines = Lines()
    escaped = False
    clean = job.scratch / "clean.csv"
    with clean.open("w", encoding="utf-8", newline="") as out:
        write = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow
        for record in records:
            if isinstance(record, BadRow):
                bad.add(record)
                continue
            cells = record.cells
            if _SPECIAL.search("".join(cells)):
                cells = [_SPECIAL.sub(_escape, cell) for cell in cells]
                escaped = True
            write(cells)
            lines.add(record.line)
    columns = column_names(width)
    cells = columns
    if lines.count:
        relation = csv_relation(clean, width, ",", 0, parallel=True)
        if escaped:
            cells = [_unescaped(column) for column in columns]
    else:
        relation = f"(SELECT {', '.join(f'NULL AS {column}' for column in columns)}) WHERE false"
    loaded = create(job, relation, cells)
    account(job.shown, lines.count, loaded)
    return lines


# Line breaks are written so that the engine cannot take one for the end of a row.
_ESCAPES = {"\x01": "\x01e", "\n": "\x01n", "\r": "\x01r"}
_SPECIAL = re.compile("[\x01\n\r]")


def _escape(match: re.Match[str]) -> str:
    return _ESCAPES[match[0]]


def _unescaped(column: str) -> str:
    """SQL that undoes `_escape`; the escape itself comes last."""
    for plain in ("\n", "\r", "\x01"):
        column = f"replace({column}, chr(1) || '{_ESCAPES[plain][1]}', chr({ord(plain)}))"
    return column


def csv_relation(path: Path, width: int, separator: str, skip: int, *, parallel: bool) -> str:
    """The engine's reader with a complete dialect: nothing is left to be guessed."""
    columns = ", ".join(f"'c{at}': 'VARCHAR'" for at in range(width))
    return (
        f"read_csv({quoted(str(path))}, auto_detect=false, header=false, skip={skip}, "
        f"delim={quoted(separator)}, quote='\"', escape='\"', comment='', nullstr='', "
        f"allow_quoted_nulls=true, null_padding=false, strict_mode=true, ignore_errors=false, "
        f"buffer_size={_BUFFER}, parallel={str(parallel).lower()}, "
        f"compression='none', hive_partitioning=false, columns={{{columns}}})"
    )


def column_names(width: int) -> list[str]:
    return [f"c{at}" for at in range(width)]


def create(job: Job, relation: str, cells: Sequence[str]) -> int:
    """Make the table and number its rows; returns how many there are. ``cells``: SQL for
    each column. The load has expressions of the row only and keeps the file's order, so that the
    row's number is its place."""
    columns = column_names(len(cells))
    values = ", ".join(f"{cell} AS {name}" for cell, name in zip(cells, columns, strict=True))
    describe(job.connection, job.table, columns, job.mail)
    if job.mail:
        rows = with_keys(f"(SELECT {values} FROM {relation})", ADDRESS.format(job.mail))
        job.connection.execute(f"INSERT INTO {job.table} {rows}")
    else:
        job.connection.execute(f"INSERT INTO {job.table} SELECT 0, {values} FROM {relation}")
        job.connection.execute(f"UPDATE {job.table} SET _row = rowid + {job.first_row}")
    found = job.connection.execute(f"SELECT count(*) FROM {job.table}").fetchone()
    return int(found[0]) if found else 0


def describe(
    connection: duckdb.DuckDBPyConnection, table: str, columns: Iterable[str], mail: str
) -> None:
    """Make an empty table of contacts; without ``mail``, the column of addresses, without keys."""
    kinds = dict.fromkeys(columns, "VARCHAR")
    kinds = kinds | {mail: _UNIQUE, **KEYS} if mail else {"_row": "BIGINT", **kinds}
    described = ", ".join(f"{name} {kind}" for name, kind in kinds.items())
    connection.execute(f"CREATE TABLE {table} ({described})")


def give_plain_name(path: Path, plain: Path) -> None:
    """The file under a name without characters that the engine would take for a pattern."""
    try:
        plain.symlink_to(path.resolve())
    except OSError:  # file systems and accounts that may not
        shutil.copyfile(path, plain)


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
