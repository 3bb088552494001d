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

# A row in the engine: the limit of a record, with every quote doubled.
_MAX_LINE = 10_000_000
_BUFFER = 32_000_000


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
    select = "*"
    if lines.count:
        relation = csv_relation(clean, width, ",", 0, parallel=True)
        if escaped:
            select = ", ".join(f"{_unescaped(f'c{at}')} AS c{at}" for at in range(width))
    else:
        relation = (
            f"(SELECT {', '.join(f'NULL::VARCHAR AS c{at}' for at in range(width))}) WHERE false"
        )
    loaded = create(job, relation, select)
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
        f"max_line_size={_MAX_LINE}, buffer_size={_BUFFER}, parallel={str(parallel).lower()}, "
        f"compression='none', hive_partitioning=false, columns={{{columns}}})"
    )


def create(job: Job, relation: str, select: str = "*") -> int:
    """Make the table and number its rows; returns how many there are. The load has expressions of
    the row only and keeps the file's order, so that the row's number is its place."""
    key = f", {ADDRESS.format(job.mail)} AS f_address" if job.mail else ""
    rows = f"(SELECT {select} FROM {relation})" if key else relation
    job.connection.execute(
        f"CREATE TABLE {job.table} AS SELECT 0::BIGINT AS _row, "
        f"{'*' if key else select}{key} FROM {rows}"
    )
    job.connection.execute(f"UPDATE {job.table} SET _row = rowid + {job.first_row}")
    found = job.connection.execute(f"SELECT count(*) FROM {job.table}").fetchone()
    return int(found[0]) if found else 0


def give_plain_name(path: Path, plain: Path) -> None:
    """The file under a name without characters that the engine would take for a pattern."""
    try:
        plain.symlink_to(path.resolve())
    except OSError:  # file systems and accounts that may not
        shutil.copyfile(path, plain)


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
