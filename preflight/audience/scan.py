"""Many conditions counted in one scan of the contacts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from preflight.audience.compile import joined, tests
from preflight.rule import Rows

if TYPE_CHECKING:
    import duckdb

    from preflight.audience.names import Names


def scan(
    connection: duckdb.DuckDBPyConnection,
    conditions: Sequence[str],
    names: Names,
    *,
    among: str,
    limit: int,
) -> list[Rows]:
    """How many of ``people`` satisfy each condition, and the first ``limit`` of them. ``among``:
    SQL, whom to look at. Raises ConditionError."""
    different = list(dict.fromkeys(conditions))
    asked = {
        text: parts
        for text, parts in zip(different, tests(different, names), strict=True)
        if "FALSE" not in parts
    }
    found = _counted(connection, asked, among, limit)
    return [found.get(text, Rows(0, ())) for text in conditions]


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
