"""A field of a filter that no contact has."""

from __future__ import annotations

from collections.abc import Iterator

from preflight.audience.segment import Segment
from preflight.rule import Need, Problem, Severity, rule


@rule("unknown-filter-field", on=Segment, severity=Severity.ERROR, needs=(Need.LISTS,))
def unknown_filter_field(segment: Segment) -> Iterator[Problem]:
    """A filter names a field that the contacts do not have."""
    for condition in segment.filters:
        for mistake in condition.mistakes:
            if mistake.name is not None:
                yield Problem(
                    condition.part(mistake.start, mistake.end),
                    mistake.message,
                    mistake.help or "Name the list there, or filter by a column of your own.",
                )
