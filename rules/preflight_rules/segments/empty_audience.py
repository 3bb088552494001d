"""A campaign that reaches nobody."""

from __future__ import annotations

from collections.abc import Iterator

from preflight.audience.audience import Audience
from preflight.audience.segment import Filter
from preflight.rule import Problem, Severity, rule
from preflight_rules.segments._clauses import shown
from preflight_rules.segments._vocabulary import patterns_in_other_capitals, unknown_words


@rule("empty-audience", on=Audience, severity=Severity.ERROR)
def empty_audience(audience: Audience) -> Iterator[Problem]:
    """Nobody would get the mail."""
    if audience.selected:
        return
    contacts = _counted(audience.contacts)
    if not audience.contacts:
        yield Problem(None, "nobody gets this mail: the list is empty", "Export the list again.")
    elif audience.kept:
        only = audience.exclusions[0] if len(audience.exclusions) == 1 else None
        if audience.segment.where is None:
            those = "the only contact" if audience.contacts == 1 else f"all {contacts}"
            lost = f"the exclusions take {those} away"
        else:
            lost = (
                f"the filter keeps {audience.kept:,} of {contacts}, and the exclusions take all of "
                "them away"
            )
        yield Problem(
            only.span if only is not None else audience.campaign.span("audience", "exclude"),
            f"nobody gets this mail: {lost}",
            "Look whether the right list is excluded, and the filter the right way round.",
        )
    elif (where := audience.segment.where) is not None and not _explained(audience, where):
        yield _by_filter(audience, where, contacts)


def _explained(audience: Audience, where: Filter) -> bool:
    """Whether another rule says why: the filter contradicts itself, or asks for a misspelt word."""
    return (where.logic is not None and where.logic.never) or any(
        True for find in (unknown_words, patterns_in_other_capitals) for _ in find(audience, where)
    )


def _by_filter(audience: Audience, where: Filter, contacts: str) -> Problem:
    """At the one clause that nobody fulfils; at the whole filter when it is the combination."""
    clauses = where.clauses
    hits = audience.scan([clause.text for clause in clauses], among="true", limit=1)
    alone = [clause for clause, rows in zip(clauses, hits, strict=True) if not rows.count]
    if len(alone) == 1 and len(clauses) > 1:
        clause = alone[0]
        return Problem(
            where.part(clause.start, clause.end),
            f"nobody gets this mail: none of {contacts} fulfils “{shown(clause.text)}”",
            "Compare it with the values that the list holds.",
        )
    figures = ", ".join(
        f"“{shown(clause.text)}” keeps {rows.count:,}"
        for clause, rows in zip(clauses, hits, strict=True)
    )
    return Problem(
        where.span,
        f"nobody gets this mail: the filter keeps none of {contacts}",
        f"Each part alone: {figures}."
        if len(clauses) > 1 and not alone
        else "Compare it with the values that the list holds.",
    )


def _counted(number: int) -> str:
    return f"{number:,} contact{'' if number == 1 else 's'}"
