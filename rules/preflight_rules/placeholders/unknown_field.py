"""A field that the contacts do not have."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from preflight.rule import Need, Problem, Related, Severity, rule
from preflight.templates.model import Template
from preflight.templates.words import is_system, normalise_name
from preflight_rules.placeholders._leftovers import column_for

if TYPE_CHECKING:
    from preflight.source import Span

_TESTED = re.compile(r"\b(\w+)\s+is\s+(?:not\s+)?(?:un)?defined\b")
_SHOWN = 12


class Options(BaseModel):
    """What the list need not have."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    filled_by_mailer: tuple[str, ...] = Field(
        (), description="names that the mailer itself fills in when it sends, as unsubscribe_url"
    )


@rule(
    "unknown-field",
    on=Template,
    severity=Severity.ERROR,
    options=Options,
    needs=(Need.LISTS,),
)
def unknown_field(template: Template, options: Options) -> Iterator[Problem]:
    """A tag or a condition of the template names a field that no contact has."""
    if template.columns is None:
        return
    exempt = {name.casefold() for name in options.filled_by_mailer} | _tested(template)
    places: dict[str, list[Span]] = {}
    for name, start, end in template.parsed.names:
        if name.casefold() not in template.columns and name.casefold() not in exempt:
            places.setdefault(name, []).append(template.span(start, end))
    for name, (first, *others) in places.items():
        by_mailer = is_system(normalise_name(name))
        yield Problem(
            first,
            f"no contact has a field “{name}”",
            _help(name, template.columns, by_mailer),
            weaker=by_mailer,
            related=tuple(Related(span, "here again") for span in others[:3]),
        )


def _tested(template: Template) -> set[str]:
    """Names whose absence the template itself provides for (``{% if nickname is defined %}``)."""
    return {
        match[1].casefold()
        for start, end in template.parsed.code
        for match in _TESTED.finditer(template.text[start:end])
    }


def _help(name: str, columns: frozenset[str], by_mailer: bool) -> str:
    close = column_for(normalise_name(name), columns) or next(
        iter(difflib.get_close_matches(name.casefold(), sorted(columns), n=1)), None
    )
    if close:
        return f"Did you mean “{close}”?"
    if by_mailer:
        return (
            "Add the column to the list. If your mailer fills it in when it sends, say so in "
            f"preflight.yaml: rules: {{unknown-field: {{filled_by_mailer: [{name}]}}}}."
        )
    known = sorted(column for column in columns if column.isidentifier())
    more = ", ..." if len(known) > _SHOWN else ""
    return f"Correct the name, or add the column. The list has {', '.join(known[:_SHOWN])}{more}."
