"""A suppression list that is too old to know who opted out since."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict, Field

from preflight.audience.audience import Audience
from preflight.rule import Need, Problem, Related, Severity, rule
from preflight.source import Source
from preflight_rules.relationships._people import TO_EVERYBODY


class Options(BaseModel):
    """How old is too old."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_age: int = Field(30, ge=1, description="days since the newest entry")
    behind: int = Field(7, ge=0, description="days by which the contacts may be newer")


@rule(
    "stale-suppression-list",
    on=Audience,
    severity=Severity.WARNING,
    options=Options,
    needs=(Need.SUPPRESSION_AGE,),
)
def stale_suppression_list(audience: Audience, options: Options) -> Iterator[Problem]:
    """The suppression list is older than it may be, or than the contacts."""
    if not audience.bulk or audience.campaign.purpose.value in TO_EVERYBODY:
        return
    updated = audience.age("suppressed")
    if updated is None:
        return
    days = (audience.now.replace(tzinfo=None) - updated.moment).days
    contacts = audience.age()
    behind = 0
    if contacts is not None and contacts.dated == updated.dated:
        behind = (contacts.moment - updated.moment).days
    newest = "the newest entry of the suppression list" if updated.dated else "the suppression list"
    if days > options.max_age:
        what = f"{newest} is {days:,} days old"
    elif behind > options.behind:
        what = f"{newest} is {behind:,} days older than the contacts"
    else:
        return
    yield Problem(
        audience.campaign.key_span("audience"),
        f"{what}: who has opted out since gets this mail",
        "Export it again, then check once more.",
        related=tuple(_list(audience)),
    )


def _list(audience: Audience) -> Iterator[Related]:
    table = audience.ledger.tables.get("suppressed")
    if table is not None:
        yield table.related("the suppression list")
    for one in audience.ledger.lists.get("suppressed", ())[:1]:
        yield Related(Source(one.shown, "", personal=True).span(), "the suppression list")
