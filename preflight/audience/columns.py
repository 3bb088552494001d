"""The columns of a list: what they are called, and what kind of values they hold."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from preflight.audience.asking import Connection

# What a cell looks like that holds one address; as a DuckDB (RE2) and as a Python pattern.
ADDRESS_LIKE = r"\s*[^\s@]+@[^\s@]+\.[^\s@]+\s*"

_NEARLY_ALL = 0.9


class Kind(StrEnum):
    """The type that all non-empty values of a column share."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    NOTHING = "nothing"  # every cell is empty


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``name`` is used from then on, ``header`` stands in the file, ``physical`` is
    its SQL name in the table (c0, c1, ...: never the user's text)."""

    name: str
    header: str
    physical: str


@dataclass(frozen=True, slots=True)
class _Usual:
    headers: dict[str, tuple[str, ...]]  # canonical name -> folded headers, best first
    whole_or_last: frozenset[str]  # "Name": the whole name, or the last beside a first


@cache
def _usual() -> _Usual:
    data = json.loads(files("preflight.data").joinpath("columns.json").read_text("utf-8"))
    return _Usual(
        {
            name: (fold(name), *(fold(header) for header in headers))
            for name, headers in data["columns"].items()
        },
        frozenset(fold(header) for header in data["whole_or_last_name"]),
    )


def fold(header: str) -> str:
    """The header without case, accents, and everything that is no letter or digit."""
    return "".join(filter(str.isalnum, _without_accents(header.casefold())))


def _without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def is_usual_header(header: str) -> bool:
    """Whether a mailer or an address book is known to call a column so."""
    folded = fold(header)
    usual = _usual()
    return folded in usual.whole_or_last or any(folded in known for known in usual.headers.values())


def map_columns(headers: Sequence[str], mapping: Mapping[str, str]) -> tuple[Column, ...]:
    """The columns of a list with these headers.

    ``mapping`` (header -> name, from ``columns:``) comes first, then a header that literally is a
    canonical name, then the usual headers; any other column keeps its header. Each name is given
    once: what would be called like an earlier column gets ``_2``, ``_3``, ...
    """
    written = [header.strip() for header in headers]
    names = _mapped(written, mapping)
    taken = {name.casefold() for name in names.values()}
    usual = _usual().headers
    for position, header in enumerate(written):
        literal = header.casefold()
        if position not in names and literal in usual and literal not in taken:
            names[position] = literal
            taken.add(literal)
    folded = [fold(header) for header in written]
    for canonical, known in usual.items():
        if canonical in taken:
            continue
        position = next(
            (
                at
                for header in known
                for at, found in enumerate(folded)
                if found == header and at not in names
            ),
            -1,
        )
        if position >= 0:
            names[position] = canonical
            taken.add(canonical)
    _name_the_name(folded, names, taken)
    return _distinct(written, names)


def _mapped(written: Sequence[str], mapping: Mapping[str, str]) -> dict[int, str]:
    """Column position -> name, as ``columns:`` says; a header is looked up exactly, then without
    case, then folded."""
    names: dict[int, str] = {}
    for header, name in mapping.items():
        wanted = header.strip()
        for same in (str, str.casefold, fold):
            found = [
                at
                for at, each in enumerate(written)
                if at not in names and same(each) == same(wanted)
            ]
            if found:
                names[found[0]] = name.strip()
                break
    return names


def _name_the_name(folded: Sequence[str], names: dict[int, str], taken: set[str]) -> None:
    """“Name” is the last name where a first name stands beside it, else the whole name."""
    for position, header in enumerate(folded):
        if position in names or header not in _usual().whole_or_last:
            continue
        beside_first = "first_name" in taken and "last_name" not in taken
        name = "last_name" if beside_first else "full_name"
        if name not in taken:
            names[position] = name
            taken.add(name)


def _distinct(written: Sequence[str], names: Mapping[int, str]) -> tuple[Column, ...]:
    used = {name.casefold() for name in names.values()}
    seen: set[str] = set()
    columns = []
    for position, header in enumerate(written):
        wanted = names.get(position) or header or f"column_{position + 1}"
        given, number = wanted, 2
        others = seen if position in names else seen | used
        while given.casefold() in others:
            given, number = f"{wanted}_{number}", number + 1
        seen.add(given.casefold())
        columns.append(Column(given, header, f"c{position}"))
    return tuple(columns)


def unmatched(headers: Sequence[str], mapping: Mapping[str, str]) -> tuple[str, ...]:
    """The headers that ``columns:`` names and the list does not have."""
    known = {fold(header) or header.strip() for header in headers}
    return tuple(header for header in mapping if (fold(header) or header.strip()) not in known)


def aliases(column: Column) -> frozenset[str]:
    """Every name under which a filter or a tag may speak of the column, casefolded."""
    header = column.header.strip().casefold()
    spelt = (column.name.casefold(), header, _identifier(header))
    return frozenset(filter(None, (*spelt, _identifier(_without_accents(header)))))


def _identifier(text: str) -> str:
    return re.sub(r"\W+", "_", text).strip("_")


def guess_email(connection: Connection, table: str, columns: Sequence[Column]) -> Column | None:
    """The only column in which nearly all non-empty values look like addresses, or None."""
    if not columns:
        return None
    shares = ", ".join(
        f"avg(CASE WHEN regexp_full_match({column.physical}, '{ADDRESS_LIKE}') THEN 1.0 "
        f"WHEN {column.physical} IS NOT NULL THEN 0.0 END)"
        for column in columns
    )
    row = connection.execute(f"SELECT {shares} FROM {table}").fetchone() or ()
    likely = [
        column
        for column, share in zip(columns, row, strict=False)
        if share is not None and share >= _NEARLY_ALL
    ]
    return likely[0] if len(likely) == 1 else None


_WHOLE = r"-?(0|[1-9][0-9]{0,17})"
_TIMESTAMP = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?"
    r" ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?"
)
# What every non-empty value of a column of that kind satisfies; the first kind that fits counts.
_TESTS: dict[Kind, str] = {
    Kind.BOOLEAN: "lower({c}) IN ('true', 'false')",
    Kind.INTEGER: "TRY_CAST({c} AS BIGINT)::VARCHAR = {c}",
    Kind.NUMBER: f"regexp_full_match({{c}}, '{_WHOLE}([.][0-9]+)?')",
    Kind.DATE: "TRY_CAST({c} AS DATE)::VARCHAR = {c}",
    Kind.TIMESTAMP: "(TRY_CAST({c} AS DATE)::VARCHAR = {c} OR "
    f"regexp_full_match({{c}}, '{_TIMESTAMP}') AND TRY_CAST({{c}} AS TIMESTAMPTZ) IS NOT NULL)",
}
_SAMPLE = 2_000  # rows that already rule out most kinds, so that the scan tests few


def column_kinds(connection: Connection, table: str, columns: Sequence[Column]) -> dict[str, Kind]:
    """The kind of each column, by ``physical`` name: that of **all** its non-empty values.

    ``table`` must hold text columns with NULL for empty cells. A few rows are looked at first, then
    all for the first kind that fits these; a column that it does not fit is scanned again.
    """
    every = {column.physical: tuple(_TESTS) for column in columns}
    sample = f"(SELECT * FROM {table} LIMIT {_SAMPLE})"
    likely = {
        name: every[name] if kinds is None else kinds  # no value in the sample rules nothing out
        for name, kinds in _fitting(connection, sample, every).items()
    }
    found = dict.fromkeys(likely, Kind.TEXT)
    while likely:
        fitting = _fitting(connection, table, {name: kinds[:1] for name, kinds in likely.items()})
        found |= {name: Kind.NOTHING for name, kinds in fitting.items() if kinds is None}
        found |= {name: kinds[0] for name, kinds in fitting.items() if kinds}
        # None: without values; (): not of this kind
        likely = {name: likely[name][1:] for name, kinds in fitting.items() if kinds == ()}
        likely = {name: kinds for name, kinds in likely.items() if kinds}
    return found


def _fitting(
    connection: Connection,
    relation: str,
    candidates: Mapping[str, Sequence[Kind]],
) -> dict[str, tuple[Kind, ...] | None]:
    """Which of the candidate kinds fit all values of each column; None: it has no value."""
    if not candidates:
        return {}
    counts = [f"count({name})" for name in candidates]
    tests = [
        f"count(*) FILTER (WHERE {name} IS NOT NULL AND "
        f"NOT coalesce({_TESTS[kind].replace('{c}', name)}, false))"
        for name, kinds in candidates.items()
        for kind in kinds
    ]
    row = connection.execute(f"SELECT {', '.join(counts + tests)} FROM {relation}").fetchone()
    assert row is not None
    misses = iter(row[len(counts) :])
    fitting: dict[str, tuple[Kind, ...] | None] = {}
    for (name, kinds), filled in zip(candidates.items(), row, strict=False):
        fits = tuple(kind for kind in kinds if next(misses) == 0)
        fitting[name] = fits if filled else None
    return fitting
