"""Many conditions counted in one scan of the contacts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from preflight.audience.compile import tests
from preflight.rule import Rows

if TYPE_CHECKING:
    import duckdb

    from preflight.audience.names import Names

_BITS = 62
"""Conditions in one number, a bit each: rows that satisfy the same ones are counted together."""


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
    texts = list(asked)
    parts = list(asked.values())
    masks = [_mask(parts[at : at + _BITS]) for at in range(0, len(parts), _BITS)]
    named = ", ".join(f"{mask} AS m{at}" for at, mask in enumerate(masks))
    groups = ", ".join(f"m{at}" for at in range(len(masks)))
    found = connection.execute(
        f"SELECT {groups}, count(*), min(_row, {limit}) FROM (SELECT _row, {named} FROM "
        f"people WHERE {among}) "
        f"WHERE {' OR '.join(f'm{at} <> 0' for at in range(len(masks)))} GROUP BY {groups}"
    ).fetchall()
    counts: dict[str, int] = dict.fromkeys(asked, 0)
    first: dict[str, list[int]] = {text: [] for text in asked}
    for *hit, count, rows in found:
        for at, text in enumerate(texts):
            if hit[at // _BITS] >> at % _BITS & 1:
                counts[text] += count
                first[text] += rows
    return {text: Rows(counts[text], tuple(sorted(first[text])[:limit])) for text in asked}


def _mask(conditions: Sequence[list[str]]) -> str:
    """SQL: the sum of the bits of the conditions that a row satisfies. What several test first is
    tested once."""
    by_first: dict[str, list[str]] = defaultdict(list)
    for at, (first, *later) in enumerate(conditions):
        bit = str(1 << at)
        for test in reversed(later):
            bit = f"CASE WHEN {test} THEN {bit} ELSE 0 END"
        by_first[first].append(bit)
    return " + ".join(
        f"CASE WHEN {first} THEN ({' + '.join(bits)})::BIGINT ELSE 0 END"
        for first, bits in by_first.items()
    )
