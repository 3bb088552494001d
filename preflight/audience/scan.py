"""Many conditions counted in one scan of the contacts.

Most conditions ask about one column and hit nobody, and most columns repeat a few values: such
conditions are tried on the different values first, and only what hits one is counted row by row.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from preflight.audience.compile import joined, tests
from preflight.audience.condition import parse
from preflight.rule import Rows

if TYPE_CHECKING:
    import duckdb

    from preflight.audience.names import Names

_LARGE = 20_000
"""Rows below which one plain scan is the quickest."""
_REPEATED = 8
"""A column is tried by its values where each stands so many times on average."""
_SAMPLE = 100_000
"""Rows of which that is told: an estimate of speed, no count depends on it."""


def scan(
    connection: duckdb.DuckDBPyConnection,
    conditions: Sequence[str],
    names: Names,
    *,
    among: str,
    limit: int,
    rows: int,
) -> list[Rows]:
    """How many of ``people`` satisfy each condition, and the first ``limit`` of them. ``among``:
    SQL, whom to look at; ``rows``: about how many they are. Raises ConditionError."""
    parsed = {text: parse(text) for text in conditions}
    asked = {text: tests(condition, names) for text, condition in parsed.items()}
    found = dict.fromkeys(asked, Rows(0, ()))
    if rows > _LARGE:
        by_column: dict[str, list[str]] = defaultdict(list)
        for text, condition in parsed.items():
            columns = {names.terms[one.name.casefold()].sql for one in condition.columns}
            if len(columns) == 1:
                by_column[columns.pop()].append(text)
        for text in _missed(connection, by_column, asked, among, rows):
            del asked[text]
    found |= _counted(connection, asked, among, limit)
    return [found[text] for text in conditions]


def _missed(
    connection: duckdb.DuckDBPyConnection,
    by_column: dict[str, list[str]],
    asked: dict[str, list[str]],
    among: str,
    rows: int,
) -> list[str]:
    """The conditions that no value of their column satisfies."""
    if not by_column:
        return []
    every = max(1, rows // _SAMPLE)
    seen = connection.execute(
        "SELECT count(*), " + ", ".join(f"approx_count_distinct({column})" for column in by_column)
        + f" FROM people WHERE {among} AND _row % {every} = 0"
    ).fetchone()  # fmt: skip
    assert seen is not None
    looked_at, *different = seen
    missed: list[str] = []
    for (column, texts), count in zip(by_column.items(), different, strict=True):
        if count * _REPEATED > looked_at:
            continue
        bits = ", ".join(f"bool_or({joined(asked[text])})" for text in texts)
        hit = connection.execute(
            f"SELECT {bits} FROM (SELECT {column} FROM people WHERE {among} GROUP BY {column})"
        ).fetchone()
        assert hit is not None
        missed += [text for text, has in zip(texts, hit, strict=True) if not has]
    return missed


def _counted(
    connection: duckdb.DuckDBPyConnection, asked: dict[str, list[str]], among: str, limit: int
) -> dict[str, Rows]:
    if not asked:
        return {}
    # What several conditions test first is computed once.
    times = Counter(parts[0] for parts in asked.values())
    shared = {test: f"t{at}" for at, test in enumerate(one for one in times if times[one] > 1)}
    inner = "".join(f", ({test}) AS {name}" for test, name in shared.items())
    bits = ", ".join(
        f"{joined([shared.get(parts[0], parts[0]), *parts[1:]])} AS b{at}"
        for at, parts in enumerate(asked.values())
    )
    counts = ", ".join(
        f"count(*) FILTER (WHERE b{at}), min(_row, {limit}) FILTER (WHERE b{at})"
        for at in range(len(asked))
    )
    row = connection.execute(
        f"SELECT {counts} FROM (SELECT _row, {bits} FROM (SELECT *{inner} FROM people "
        f"WHERE {among}))"
    ).fetchone()
    assert row is not None
    return {
        text: Rows(int(row[2 * at]), tuple(row[2 * at + 1] or ())) for at, text in enumerate(asked)
    }
