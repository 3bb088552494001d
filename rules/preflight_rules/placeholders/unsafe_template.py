"""A template that must not be rendered."""

from __future__ import annotations

from collections.abc import Iterator

from preflight.rule import Problem, Severity, rule
from preflight.templates.model import Template


@rule("unsafe-template", on=Template, severity=Severity.ERROR)
def unsafe_template(template: Template) -> Iterator[Problem]:
    """The template reaches for Python internals, or could run or write without bound."""
    for hazard in template.parsed.hazards:
        yield Problem(
            template.span(hazard.start, hazard.end),
            f"unsafe to render: {hazard.message}",
            "Take it out: a mail needs values, conditions and short loops. Until then no mail of "
            "this campaign is rendered, so what only finished mails show is not checked.",
        )
