"""A recipient for whom an assertion does not hold."""

from __future__ import annotations

from collections.abc import Iterator

from preflight.audience.audience import Audience
from preflight.rule import Problem, Severity, rule
from preflight_rules.segments._clauses import shown


@rule("unexpected-recipient", on=Audience, severity=Severity.ERROR)
def unexpected_recipient(audience: Audience) -> Iterator[Problem]:
    """A recipient breaks expect.every or expect.none."""
    # A line break closes a comment that the text may end in.
    for every in audience.segment.every:
        if every.condition is not None:
            wanted = f"“{shown(every.text)}” is to be true of all"
            yield Problem(
                every.span,
                "{recipients} {are} not as expected: " + wanted,
                "Leave them out with the filter or an exclusion, or correct the list.",
                condition=f"not coalesce(({every.text}\n), false)",
            )
    for none in audience.segment.none:
        if none.condition is not None:
            unwanted = f"“{shown(none.text)}” is to be true of nobody"
            yield Problem(
                none.span,
                "{recipients} {are} not expected: " + unwanted,
                "Leave them out with the filter or an exclusion, or correct the list.",
                condition=f"coalesce(({none.text}\n), false)",
            )
