"""``incidents.yaml``: what went wrong, for whom, from when to when, and what was said about it."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr

from preflight.campaign import checks
from preflight.campaign.model import Model, Moment, Paths
from preflight.campaign.places import Places
from preflight.rule import Problem, Related, Said

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from preflight.campaign.located import Located
    from preflight.campaign.places import Route
    from preflight.files import Repository
    from preflight.source import Source, Span

V = TypeVar("V")

LIST_ENDINGS = (".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".parquet", ".xlsx")
"""``affects`` that ends like this is the path of a list."""


class UpdateKind(enum.StrEnum):
    """Which mail of an incident it is."""

    FIRST = "first"
    UPDATE = "update"
    ALL_CLEAR = "all-clear"


class Update(Model):
    """A mail about the incident, sent or planned."""

    kind: UpdateKind
    at: Moment | None = Field(None, description="when it is sent")
    campaign: str | None = Field(None, description="its campaign file, relative to this one")


class Incident(Model):
    """One incident. ``until`` absent: it is still open; a date counts to its end."""

    id: Annotated[str, AfterValidator(checks.not_blank)]
    title: str = ""
    since: Moment
    until: Annotated[dt.datetime | dt.date, BeforeValidator(checks.moment_or_date)] | None = None
    affects: Annotated[Paths, AfterValidator(checks.some)] = Field(
        description="lists of the people whom it hits, or one condition"
    )
    updates: tuple[Update, ...] = ()

    _places: Places = PrivateAttr(default_factory=Places)
    _route: tuple[str | int, ...] = PrivateAttr(default=())

    def span(self, *route: str | int) -> Span:
        """The place of a value of this incident, else of what holds it."""
        return self._places.span((*self._route, *route))

    @property
    def affects_paths(self) -> tuple[str, ...]:
        """The lists of the people whom it hits, relative to the file of the incident."""
        return () if self.affects_condition is not None else self.affects

    @property
    def affects_condition(self) -> str | None:
        """The condition that is true for the people whom it hits; None when lists name them."""
        first = self.affects[0]
        is_list = len(self.affects) > 1 or first.casefold().endswith(LIST_ENDINGS)
        return None if is_list else first

    def begins(self, zone: dt.tzinfo | None) -> dt.datetime:
        """When it began; a time without a zone is one of ``zone``."""
        return _in_zone(self.since, zone)

    def ends(self, zone: dt.tzinfo | None) -> dt.datetime | None:
        """The moment at which it is over; None while it is open."""
        if self.until is None:
            return None
        if isinstance(self.until, dt.datetime):
            return _in_zone(self.until, zone)
        next_day = self.until + dt.timedelta(days=1)
        return _in_zone(dt.datetime.combine(next_day, dt.time()), zone)

    def open_at(self, clock: dt.datetime) -> bool:
        """Whether it has begun and is not over. A clock without a zone is taken for UTC."""
        clock = _in_zone(clock, dt.UTC)
        end = self.ends(clock.tzinfo)
        return self.begins(clock.tzinfo) <= clock and (end is None or clock < end)


class IncidentFile(Model):
    """The whole file."""

    incidents: tuple[Incident, ...] = ()


def _in_zone(moment: dt.datetime, zone: dt.tzinfo | None) -> dt.datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=zone or dt.UTC)


def load_incidents(repository: Repository, path: Path) -> tuple[tuple[Incident, ...], list[Said]]:
    """The incidents of a file and what is wrong with it; none when anything is."""
    from preflight.campaign.load import read_source

    source, said = read_source(repository, path)
    return ((), said) if source is None else incidents_from(source)


def incidents_from(source: Source) -> tuple[tuple[Incident, ...], list[Said]]:
    """The same from text."""
    from preflight.campaign.load import located_yaml, modelled

    located, said = located_yaml(source, "invalid-yaml", "invalid-configuration")
    if located is None:
        return (), said
    if located.value is None:
        return (), []
    located = _under_key(located)
    file, problems = modelled(IncidentFile, located, "a list of incidents")
    found = [problem for _, problem in problems]
    if file is None:
        return (), [Said("invalid-configuration", problem) for problem in found]
    for number, incident in enumerate(file.incidents):
        incident._places = located.places
        incident._route = ("incidents", number)
    found = list(_contradictions(file.incidents))
    said = [Said("invalid-configuration", problem) for problem in found]
    return (() if said else file.incidents), said


def _under_key(located: Located) -> Located:
    """A list at the top counts as the value of ``incidents``."""
    if not isinstance(located.value, list):
        return located
    places = located.places

    def moved(table: Mapping[Route, V]) -> dict[Route, V]:
        return {("incidents", *route): item for route, item in table.items()}

    return replace(
        located,
        value={"incidents": located.value},
        places=Places(
            places.source, moved(places.values), moved(places.keys), moved(places.excerpts)
        ),
    )


def _contradictions(incidents: tuple[Incident, ...]) -> Iterator[Problem]:
    by_id: dict[str, Incident] = {}
    for incident in incidents:
        earlier = by_id.setdefault(incident.id, incident)
        if earlier is not incident:
            yield Problem(
                incident.span("id"),
                f"the incident “{incident.id}” is given twice",
                help="Give each its own id.",
                related=(Related(earlier.span("id"), "first given here"),),
            )
        end = incident.ends(dt.UTC)
        if end is not None and end <= incident.begins(dt.UTC):
            yield Problem(
                incident.span("until"),
                f"the incident “{incident.id}” ends before it begins",
                help="Correct `since` or `until`.",
            )
