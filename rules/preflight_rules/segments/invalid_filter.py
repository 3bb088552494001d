"""A filter or an assertion that cannot be used."""

from __future__ import annotations

from collections.abc import Iterator

from preflight.audience.segment import Segment
from preflight.rule import Problem, Severity, rule


@rule("invalid-filter", on=Segment, severity=Severity.ERROR)
def invalid_filter(segment: Segment) -> Iterator[Problem]:
    """A filter does not parse, or uses what a filter may not."""
    for condition in segment.filters:
        for mistake in condition.mistakes:
            if mistake.name is None:
                yield Problem(
                    condition.part(mistake.start, mistake.end), mistake.message, mistake.help
                )
