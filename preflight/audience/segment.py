"""The filter and the assertions of a campaign, parsed: the subject `Segment`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from preflight.source import Span

if TYPE_CHECKING:
    from preflight.audience.condition import Clause, Condition, Mistake
    from preflight.audience.names import Names
    from preflight.campaign.model import Campaign
    from preflight.source import Excerpt


@dataclass(frozen=True, eq=False)
class Filter:
    """One condition of the definition. ``route``: where it stands (``audience, where``).

    ``condition`` is None when it cannot be used; ``mistakes`` then says where and why.
    """

    route: tuple[str | int, ...]
    excerpt: Excerpt
    condition: Condition | None
    mistakes: tuple[Mistake, ...] = ()

    @property
    def text(self) -> str:
        return self.excerpt.text

    @property
    def span(self) -> Span:
        return self.excerpt.span

    def part(self, start: int, end: int) -> Span:
        """The place in the file of a stretch of the condition."""
        return self.excerpt.part(start, end)

    @property
    def clauses(self) -> tuple[Clause, ...]:
        return self.condition.clauses if self.condition else ()


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
    def sound(self) -> bool:
        """Whether the filter can be used (the assertions aside)."""
        return self.where is None or self.where.condition is not None


def read_segment(campaign: Campaign) -> Segment:
    """The conditions of a campaign, parsed; mistakes are kept, not raised."""
    audience = campaign.audience
    where = None
    if audience.where is not None:
        where = _filter(campaign, ("audience", "where"), audience.where)
    expect = audience.expect
    return Segment(
        campaign,
        where,
        tuple(_expectations(campaign, "every", expect.every)),
        tuple(_expectations(campaign, "none", expect.none)),
    )


def _expectations(campaign: Campaign, key: str, texts: tuple[str, ...]) -> Iterator[Filter]:
    for index, text in enumerate(texts):
        route: tuple[str | int, ...] = ("audience", "expect", key)
        if campaign.excerpt(*route) is None:
            route = (*route, index)
        yield _filter(campaign, route, text)


def _filter(campaign: Campaign, route: tuple[str | int, ...], text: str) -> Filter:
    from preflight.audience.condition import ConditionError, parse
    from preflight.source import Excerpt

    excerpt = campaign.excerpt(*route) or Excerpt(text, campaign.span(*route), [])
    try:
        return Filter(route, excerpt, parse(text))
    except ConditionError as error:
        return Filter(route, excerpt, None, error.mistakes)


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
    from preflight.audience.condition import ConditionError
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
        return one
    return Filter(one.route, one.excerpt, None, mistakes)
