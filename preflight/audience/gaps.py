"""Values around the literals of a condition: in each gap between them there is one that stands
for all others there."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Iterable, Iterator, Sequence

from preflight.audience.columns import Kind
from preflight.audience.values import NotModelled, Value, disjoint, implies, lowered, raised

MAX_PATTERNS = 6


class TooMany(Exception):
    """More than is worked out."""


# -- texts -----------------------------------------------------------------------------------


def is_prefix(pattern: str) -> bool:
    """``abc%``: what is like it lies in one stretch of the alphabet."""
    return len(pattern) > 1 and pattern.endswith("%") and not set("%_") & set(pattern[:-1])


def edges_of(prefixes: Iterable[str]) -> Iterator[str]:
    for pattern in prefixes:
        start = pattern[:-1]
        yield start
        if ord(start[-1]) < 0x10FFFF:
            yield start[:-1] + chr(ord(start[-1]) + 1)


def in_gaps(edges: Sequence[str]) -> Iterator[str]:
    """A text behind each edge and before the next."""
    for before, after in zip(edges, [*edges[1:], None], strict=True):
        for more in ("x", " ", "\x01"):
            if after is None or before + more < after:
                yield before + more
                break


def hits_and_misses(patterns: Sequence[str]) -> Iterator[dict[str, bool]]:
    """Hits and misses of patterns, without those that are surely impossible."""
    if len(patterns) > MAX_PATTERNS:
        raise TooMany
    for chosen in itertools.product((False, True), repeat=len(patterns)):
        hits = dict(zip(patterns, chosen, strict=True))
        if all(
            hits[other] if implies(one, other) else not (hits[other] and disjoint(one, other))
            for one in patterns
            if hits[one]
            for other in patterns
        ) and not any(not hit and not pattern.strip("%") for pattern, hit in hits.items()):
            yield hits


def texts_like(literals: list[str], patterns: list[str]) -> Iterator[str]:
    """Candidates for a column of text: literals and what looks like them or their patterns."""
    yield from ("something else", "Something Else", "")
    made = [
        pattern.replace("%", middle).replace("_", "x")
        for pattern in patterns
        for middle in ("", "x", " ")
    ]
    made += [
        one.replace("%", other.replace("%", "x")).replace("_", "x")
        for one, other in itertools.permutations(patterns[:MAX_PATTERNS], 2)
    ]
    prefixes = [one for one in patterns if is_prefix(one)]
    for text in (*literals, *made):
        yield text
        for change in (lowered, raised):
            try:
                yield change(text)
            except NotModelled:
                continue
        yield from (text.capitalize(), f" {text}", f"{text} ", f"{text}@x.example", f"x@{text}")
    yield from in_gaps(sorted({*literals, *edges_of(prefixes), ""}))


# -- numbers, dates, truth -------------------------------------------------------------------


def numbers_around(literals: Iterable[Value], kind: Kind) -> Iterator[Value]:
    """Each number and one in each gap; both truth values."""
    if kind is Kind.BOOLEAN:
        yield from (True, False)
        return
    whole = kind is Kind.INTEGER
    points = sorted({one for one in literals if isinstance(one, (int, float))} | {0})
    yield points[0] if not whole else math.floor(points[0])
    yield (math.floor(points[0]) if math.isfinite(points[0]) else 0) - 1
    for before, after in zip(points, [*points[1:], None], strict=True):
        if not whole or before == int(before):
            yield int(before) if whole else before
        if after is None:
            yield math.floor(before) + 1
        elif whole:
            if math.floor(before) + 1 < after:
                yield math.floor(before) + 1
        elif before < (middle := before + (after - before) / 2) < after:
            yield middle


def moments_around(literals: Iterable[dt.datetime], kind: Kind) -> Iterator[dt.datetime]:
    days = kind is Kind.DATE
    points = sorted({*literals}) or [dt.datetime(2020, 1, 1)]
    one_day = dt.timedelta(days=1)
    try:
        yield _midnight(points[0]) - one_day
        for before, after in zip(points, [*points[1:], None], strict=True):
            if not days or before == _midnight(before):
                yield before
            later = _midnight(before) + one_day
            if after is None:
                yield later
            elif days:
                if later < after:
                    yield later
            elif before < (middle := before + (after - before) / 2) < after:
                yield middle
    except OverflowError:
        raise NotModelled from None


def _midnight(moment: dt.datetime) -> dt.datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def is_of_kind(value: Value, kind: Kind) -> bool:
    match kind:
        case Kind.TEXT:
            return isinstance(value, str)
        case Kind.BOOLEAN:
            return isinstance(value, bool)
        case Kind.DATE | Kind.TIMESTAMP:
            return isinstance(value, dt.datetime)
        case Kind.INTEGER:
            return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, (int, float)) and not isinstance(value, bool)
