"""A field of a filter that no contact has."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from preflight.audience.columns import fold
from preflight.audience.segment import Filter, Segment
from preflight.rule import Fix, Need, Problem, Severity, rule
from preflight_rules.segments._clauses import fix_of

if TYPE_CHECKING:
    from preflight.audience.misread import Mistake


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
                    fix=_fix(condition, mistake),
                )


def _fix(condition: Filter, mistake: Mistake) -> Fix | None:
    """The column that is meant, where the filter has it with a letter or two wrong."""
    if not mistake.meant or not _sure(str(mistake.name), mistake.meant):
        return None
    plain = re.fullmatch(r"[^\W\d]\w*", mistake.meant)
    name = mistake.meant if plain else '"' + mistake.meant.replace('"', '""') + '"'
    return fix_of(condition, mistake.start, mistake.end, name, f"Write {mistake.meant}")


def _sure(written: str, meant: str) -> bool:
    """Whether nothing else can be meant: ``lead_score`` and ``last_score`` are alike, too."""
    return difflib.SequenceMatcher(None, fold(written), fold(meant)).ratio() >= 0.85
