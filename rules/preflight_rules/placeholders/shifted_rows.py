"""Names that stand beside other people's addresses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from preflight.audience.audience import FIRST_ROWS, Audience
from preflight.rule import Problem, Rows, Severity, rule
from preflight_rules.placeholders._names_and_addresses import (
    NEAR,
    Names,
    keys_sql,
    name_columns,
    not_easy,
    out_of_step,
    rows_sql,
)

_SMALL = 1_000
"""Lists up to here are looked at as a whole, and few rows in step are no accident."""
_FEW, _MANY = 3, 6
_STRETCH = 32
"""Rows; a shift shows as a stretch in which hardly an address is made of its own row's name."""
_PROBE, _TOGETHER = 500, 4
"""So many stretches are looked into before all are, and so many side by side: at the least share
of addresses, enough of them match."""
_SORTED = 200_000
"""Lists up to here are searched for names that were sorted apart from their addresses."""
_MOST = 3
"""So many stretches of a list are told."""


class Options(BaseModel):
    """What counts as a shift."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    share: float = Field(
        0.4, gt=0, lt=1, description="of the addresses in a stretch that match another row's name"
    )


@dataclass(frozen=True, slots=True)
class _Block:
    """A stretch of rows whose addresses match the name ``distance`` rows further down (negative:
    up; None: somewhere)."""

    distance: int | None
    hits: tuple[int, ...]
    names: int  # rows of the stretch in which something can be told


@rule("shifted-rows", on=Audience, severity=Severity.ERROR, options=Options)
def shifted_rows(audience: Audience, options: Options) -> Iterator[Problem]:
    """Names stand beside other people's addresses."""
    looks = list(name_columns(audience))
    if not looks:
        return
    if audience.contacts <= _SMALL:
        for names, count in zip(looks, not_easy(audience, looks), strict=True):
            found = (
                _looked_at(audience, names, options.share, _FEW, "people") if count >= _FEW else []
            )
            if found:
                yield from found
                return
        return
    for names, stretches in zip(looks, out_of_step(audience, looks, _STRETCH), strict=True):
        found = _found(audience, names, options.share, stretches)
        if found:
            yield from found
            return


def _found(audience: Audience, names: Names, share: float, stretches: list[int]) -> list[Problem]:
    """What is out of step in a large list, which is looked at where it seems to be."""
    if len(stretches) > _PROBE:  # looked into before all is
        every = -(-len(stretches) // _PROBE)
        probe = [stretch for stretch in stretches if stretch // _TOGETHER % every == 0]
        # A copy: what is asked of a packed column is worked out for all of its values.
        audience.query(f"CREATE OR REPLACE TEMP TABLE probed AS {_within(probe, names)}")
        found = _looked_at(audience, names, share, _MANY, "probed")
        audience.query("DROP TABLE probed")
        if not found:
            return []
    if not stretches:
        return []
    return _looked_at(audience, names, share, _MANY, f"({_within(stretches, names)})")


def _within(stretches: Iterable[int], names: Names) -> str:
    """SQL: the rows of some stretches, and those around them."""
    rows = {near for stretch in stretches for near in range(stretch - 2, stretch + 3)}
    runs: list[list[int]] = []
    for stretch in sorted(rows):
        if runs and runs[-1][1] == stretch:
            runs[-1][1] += 1
        else:
            runs.append([stretch, stretch + 1])
    spots = ", ".join(f"({start * _STRETCH}, {end * _STRETCH})" for start, end in runs)
    columns = ", ".join(filter(None, (*names.all, names.taken_out)))
    return (
        f"SELECT _row, k_spoken, f_address, {columns} FROM people WHERE _row IN "
        f"(SELECT unnest(range(a, b)) FROM (VALUES {spots}) AS runs(a, b))"
    )


def _looked_at(
    audience: Audience, names: Names, share: float, few: int, source: str
) -> list[Problem]:
    """``source``: the rows that are looked at, as a relation like `people`."""
    audience.query(f"CREATE OR REPLACE TEMP TABLE name_rows AS {rows_sql(names, source)}")
    try:
        apart = audience.query("SELECT count(*) FROM name_rows WHERE state = 2")[0][0]
        if apart < few:
            return []
        blocks = _blocks(audience, names, source, few, share)
        return [problem for block in blocks for problem in _problem(audience, block)]
    finally:
        audience.query("DROP TABLE name_rows")


def _problem(audience: Audience, block: _Block) -> Iterator[Problem]:
    spoken = audience.query(
        "SELECT _row FROM name_rows WHERE k_spoken AND _row IN (SELECT unnest(?::BIGINT[])) "
        "ORDER BY _row",
        [list(block.hits)],
    )
    if not spoken:
        return
    path, first = audience.place_of(block.hits[0])
    last = audience.place_of(block.hits[-1])[1]
    share = f"{len(block.hits):,} of {block.names:,} addresses there match"
    if block.distance is None:
        what = f"the names were sorted without the addresses, {share} the name of another row"
    else:
        rows = abs(block.distance)
        far = "one row" if rows == 1 else f"{rows:,} rows"
        way = "low" if block.distance > 0 else "high"
        what = f"the names stand {far} too {way}, {share} the name {far} further " + (
            "down" if block.distance > 0 else "up"
        )
    yield Problem(
        None,
        f"{{recipients}} would get a mail with somebody else's name: from line {first} to line "
        f"{last} of {path} {what}",
        "Export the list again from where it came. Who moves one column back by hand must look at "
        "all the others too.",
        rows=Rows(len(spoken), tuple(row for (row,) in spoken[:FIRST_ROWS])),
    )


def _blocks(audience: Audience, names: Names, source: str, few: int, share: float) -> list[_Block]:
    found: list[_Block] = []
    taken: set[int] = set()
    for distance, hits in _in_step(audience, names, source, few):
        left = [row for row in hits if row not in taken]
        for block in _stretches(audience, distance, left, few, share):
            found.append(block)
            taken.update(block.hits)
    if not found and audience.contacts <= _SORTED:
        hits = _anywhere(audience, names)
        found += _stretches(audience, None, hits, few + 2, share)
    largest = sorted(found, key=lambda block: -len(block.hits))[:_MOST]
    return sorted(largest, key=lambda block: block.hits[0])


def _in_step(
    audience: Audience, names: Names, source: str, few: int
) -> Iterator[tuple[int, list[int]]]:
    """Distances that several rows have in common, most rows first."""
    keys = keys_sql(names, source, weak=True)
    pairs = audience.query(
        f"WITH keys AS ({keys}), apart AS (SELECT _row, local FROM name_rows WHERE state = 2), "
        f"spots AS (SELECT *, unnest([_row // {NEAR} - 1, _row // {NEAR}, _row // {NEAR} + 1]) AS "
        "spot FROM apart) SELECT DISTINCT s._row, k._row - s._row FROM spots s JOIN keys k "
        f"ON k.key = s.local AND k._row // {NEAR} = s.spot"
    )
    by_distance: dict[int, list[int]] = defaultdict(list)
    for row, distance in pairs:
        if distance and _same_list(audience, row, row + distance):
            by_distance[distance].append(row)
    for distance, rows in sorted(by_distance.items(), key=lambda one: (-len(one[1]), one[0])):
        if len(rows) >= few:
            yield distance, sorted(rows)


def _anywhere(audience: Audience, names: Names) -> list[int]:
    """Rows whose address is made of a name that stands in just one other row."""
    keys = keys_sql(names, "people", weak=False)
    pairs = audience.query(
        "WITH apart AS (SELECT _row, local FROM name_rows WHERE state = 2), "
        f"keys AS (SELECT * FROM ({keys}) WHERE key IN (SELECT local FROM apart)), "
        "single AS (SELECT key, min(_row) AS _row FROM keys GROUP BY key HAVING count(*) = 1) "
        "SELECT a._row, s._row FROM apart a JOIN single s ON s.key = a.local ORDER BY a._row"
    )
    return [row for row, other in pairs if _same_list(audience, row, other)]


def _stretches(
    audience: Audience, distance: int | None, hits: list[int], few: int, share: float
) -> Iterator[_Block]:
    """The stretches in which such rows are most of those in which anything can be told."""
    if len(hits) < few:
        return
    before = audience.query(
        "SELECT * FROM (SELECT _row, count(*) FILTER (WHERE state = 1) OVER (ORDER BY _row), "
        "count(*) FILTER (WHERE state = 2) OVER (ORDER BY _row) FROM name_rows) "
        "WHERE _row IN (SELECT unnest(?::BIGINT[])) ORDER BY _row",
        [hits],
    )
    cost = share / (1 - share)  # of a row that matches nobody; one that matches its own name is 1
    score, best = 0.0, 0.0
    here: list[tuple[int, int]] = []
    kept, seen = 0, (0, 0)
    for row, own, apart in [*before, (-1, 0, 0)]:
        ends = row < 0 or (bool(here) and not _same_list(audience, here[-1][0], row))
        score -= own - seen[0] + (apart - seen[1] - 1) * cost
        if here and (ends or score <= 0):
            yield from _block(distance, here[:kept], few)
            here, score, best, kept = [], 0.0, 0.0, 0
        here.append((row, own + apart))
        seen = (own, apart)
        score = max(score, 0.0) + 1
        if score >= best:
            best, kept = score, len(here)


def _block(distance: int | None, hits: list[tuple[int, int]], few: int) -> Iterator[_Block]:
    if len(hits) >= few:
        names = hits[-1][1] - hits[0][1] + 1
        yield _Block(distance, tuple(row for row, _ in hits), names)


def _same_list(audience: Audience, *rows: int) -> bool:
    """Whether rows are of one file: the last of one and the first of the next are no neighbours."""
    if len(audience.lists) == 1:
        return True
    return len(set(_lists(audience, rows))) == 1


def _lists(audience: Audience, rows: Iterable[int]) -> Iterator[int]:
    for row in rows:
        end = 0
        for index, loaded in enumerate(audience.lists):
            end += loaded.rows
            if row < end:
                yield index
                break
