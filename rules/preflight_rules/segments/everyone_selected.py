"""A whole list that gets the mail."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict, Field

from preflight.audience.audience import BULK, Audience
from preflight.rule import Problem, Severity, rule
from preflight_rules.segments._guards import chooses


class Options(BaseModel):
    """What counts as large."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    large_list: int = Field(
        100, ge=1, description="a list of more contacts than this is not sent to without a filter"
    )


@rule("everyone-selected", on=Audience, severity=Severity.WARNING, options=Options)
def everyone_selected(audience: Audience, options: Options) -> Iterator[Problem]:
    """The whole list gets the mail, although there is a filter, or because there is none."""
    if audience.selected < audience.contacts or audience.contacts <= BULK or _expected(audience):
        return
    where = audience.segment.where
    if where is None:
        if audience.contacts > options.large_list:
            yield Problem(
                None,
                f"all {audience.contacts:,} contacts of the list get this mail: there is no filter",
                "Choose with audience.where, or say with audience.expect.count that all are meant.",
            )
        return
    logic = where.logic
    if logic is not None and (logic.always or any(True for _ in logic.full())):
        return  # filter-without-effect says so, whatever the list
    choosing = [clause for clause in where.clauses if chooses(clause.text)]
    if choosing:
        one = choosing[0] if len(choosing) == 1 else None
        yield Problem(
            where.part(one.start, one.end) if one is not None else where.span,
            f"the filter keeps all {audience.contacts:,} contacts: it chooses nobody",
            "Look whether it says what is meant, and whether the list is the right one. If all are "
            "meant, say so with audience.expect.count.",
        )


def _expected(audience: Audience) -> bool:
    expected = audience.campaign.audience.expect.count
    return expected is not None and expected[0] <= audience.selected <= expected[1]
