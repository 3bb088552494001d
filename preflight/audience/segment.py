"""The filter and the assertions of a campaign, parsed: the subject `Segment`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from preflight.source import Span

if TYPE_CHECKING:
    from preflight.audience.condition import Clause, Condition
    from preflight.audience.logic import Logic
    from preflight.audience.misread import Mistake
    from preflight.audience.names import Names
    from preflight.campaign.model import Campaign
    from preflight.source import Excerpt


@dataclass(frozen=True, eq=False)
class Filter:
    """One condition of the definition. ``route``: where it stands (``audience, where``).

    ``condition`` is None when it cannot be used; ``mistakes`` then says where and why. ``names``:
    the columns that the contacts have; None while no list was opened. ``now`` is the clock.
    """

    route: tuple[str | int, ...]
    excerpt: Excerpt
    condition: Condition | None
    mistakes: tuple[Mistake, ...] = ()
    names: Names | None = None
    now: dt.datetime = dt.datetime.min

    @property
    def text(self) -> str:
        return self.excerpt.text

    @property
    def span(self) -> Span:
        """Where it stands, from its first word to its last."""
        clauses = self.clauses
        if not clauses:
            return self.excerpt.span
        return self.part(clauses[0].start, clauses[-1].end)

    def part(self, start: int, end: int) -> Span:
        """The place in the file of a stretch of the condition."""
        return self.excerpt.part(start, end)

    @property
    def clauses(self) -> tuple[Clause, ...]:
        return self.condition.clauses if self.condition else ()

    @property
    def column_names(self) -> frozenset[str]:
        """The columns that it names, casefolded."""
        columns = self.condition.columns if self.condition else ()
        return frozenset(column.name.casefold() for column in columns)

    @cached_property
    def logic(self) -> Logic | None:
        """What can be proven of it without any row; None when it cannot be used."""
        from preflight.audience.logic import Logic

        return Logic(self.condition, self.names, self.now) if self.condition else None


@dataclass(frozen=True, eq=False)
class Segment:
    """Who is chosen, as written: ``where``, the exclusions, and what is expected of the result."""

    campaign: Campaign
    where: Filter | None = None
    every: tuple[Filter, ...] = field(default=())
    none: tuple[Filter, ...] = field(default=())

    @property
    def filters(self) -> Iterator[Filter]:
        if self.where is not None:
            yield self.where
        yield from self.every
        yield from self.none

    @property
    def lists_opened(self) -> bool:
        """Whether the conditions were held against the columns of the contacts."""
        return any(one.names is not None for one in self.filters)

    @property
    def sound(self) -> bool:
        """Whether the filter can be used (the assertions aside)."""
        return self.where is None or self.where.condition is not None


def read_segment(campaign: Campaign, now: dt.datetime) -> Segment:
    """The conditions of a campaign, parsed; mistakes are kept, not raised."""
    audience = campaign.audience
    where = None
    if audience.where is not None:
        where = _filter(campaign, ("audience", "where"), audience.where, now)
    expect = audience.expect
    return Segment(
        campaign,
        where,
        tuple(_expectations(campaign, "every", expect.every, now)),
        tuple(_expectations(campaign, "none", expect.none, now)),
    )


def _expectations(
    campaign: Campaign, key: str, texts: tuple[str, ...], now: dt.datetime
) -> Iterator[Filter]:
    for index, text in enumerate(texts):
        route: tuple[str | int, ...] = ("audience", "expect", key)
        if campaign.excerpt(*route) is None:
            route = (*route, index)
        yield _filter(campaign, route, text, now)


def _filter(
    campaign: Campaign, route: tuple[str | int, ...], text: str, now: dt.datetime
) -> Filter:
    from preflight.audience.condition import parse
    from preflight.audience.misread import ConditionError
    from preflight.source import Excerpt

    excerpt = campaign.excerpt(*route) or Excerpt(text, campaign.span(*route), [])
    swallowed = tuple(_swallowed(excerpt))
    if swallowed:
        return Filter(route, excerpt, None, swallowed)
    try:
        return Filter(route, excerpt, parse(text), now=now)
    except ConditionError as error:
        return Filter(route, excerpt, None, error.mistakes)


def _swallowed(excerpt: Excerpt) -> Iterator[Mistake]:
    """A comment over which YAML has folded further lines of the condition: they are lost in it."""
    from preflight.audience.misread import Mistake, comments

    for start, end in comments(excerpt.text):
        lines = excerpt.part(start, end).text.splitlines()
        if excerpt.text.startswith("--", start) and any(
            line.strip() and not line.strip().startswith("--") for line in lines[1:]
        ):
            yield Mistake(
                start,
                end,
                "the comment swallows the lines that follow: YAML makes one line of them all",
                "Write “where: |”, which keeps the lines, or take the comment out.",
            )


def typed_segment(segment: Segment, names: Names) -> Segment:
    """The segment with each condition held against the columns that the contacts have: a name that
    nobody has, or a comparison that makes no sense, makes the condition unusable."""
    return Segment(
        segment.campaign,
        _typed(segment.where, names) if segment.where else None,
        tuple(_typed(one, names) for one in segment.every),
        tuple(_typed(one, names) for one in segment.none),
    )


def _typed(one: Filter, names: Names) -> Filter:
    from preflight.audience.compile import to_sql
    from preflight.audience.misread import ConditionError
    from preflight.audience.names import unknown_names

    if one.condition is None:
        return one
    mistakes = tuple(unknown_names(one.condition, names))
    if not mistakes:
        try:
            to_sql(one.condition, names)
        except ConditionError as error:
            mistakes = error.mistakes
    if not mistakes:
        return replace(one, names=names)
    return replace(one, condition=None, mistakes=mistakes, names=names)
