"""Incidents without a last word, or with a late first one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from preflight.audience.audience import Audience
from preflight.rule import Need, Problem, Severity, rule
from preflight_rules.tone._incident import PURPOSES

if TYPE_CHECKING:
    from preflight.audience.incidents import Incident, Update
    from preflight.campaign.model import Campaign
    from preflight.source import Span


class Options(BaseModel):
    """When a first mail is late."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_hours: int = Field(
        24, ge=1, description="from the start of an incident to the first mail about it"
    )


@rule(
    "missing-incident-follow-up",
    on=Audience,
    severity=Severity.WARNING,
    options=Options,
    needs=(Need.INCIDENTS,),
)
def missing_incident_follow_up(audience: Audience, options: Options) -> Iterator[Problem]:
    """An incident has no all-clear planned, or its first mail is late."""
    campaign = audience.campaign
    if campaign.purpose.value not in PURPOSES:
        return
    incidents = audience.ledger.incidents
    named = [one for one in incidents if any(_is(update, campaign) for update in one.updates)]
    about = named or [one for one in incidents if one.open_at(audience.now)]
    if not named and len(about) > 1:
        return  # which of them this mail is about is not known
    for one in about:
        if one.open_at(audience.now) and not any(
            update.kind.value == "all-clear" for update in one.updates
        ):
            yield Problem(
                one.span("id"),
                f"no all-clear is planned for the incident “{one.id}”",
                "Add it under `updates` (kind: all-clear, at: when), and send it when it is over: "
                "who was told of the fault wants to hear of its end.",
            )
        yield from _late(one, audience, options.max_hours)


def _late(incident: Incident, audience: Audience, max_hours: int) -> Iterator[Problem]:
    zone = audience.now.tzinfo
    first: dt.datetime = audience.now
    span: Span = audience.campaign.span("delivery", "send_at")
    firsts = [(at, one) for at, one in enumerate(incident.updates) if one.kind.value == "first"]
    if firsts:
        number, update = firsts[0]
        if update.at is None and not _is(update, audience.campaign):
            return
        if update.at is not None:
            first = update.at if update.at.tzinfo else update.at.replace(tzinfo=zone)
            span = incident.span("updates", number, "at")
    elif incident.updates:
        return  # this is no first mail
    hours = (first - incident.begins(zone)).total_seconds() / 3600
    if hours > max_hours:
        yield Problem(
            span,
            f"the first mail about the incident “{incident.id}” comes {hours:,.0f} hours after it "
            "began",
            "Write as soon as the facts are known, and say that the rest follows.",
        )


def _is(update: Update, campaign: Campaign) -> bool:
    """Whether an update is this campaign, by its name or its file."""
    if update.campaign is None:
        return False
    written = _without_file(update.campaign.strip()).lstrip("./")
    own = f"/{_without_file(campaign.path)}"
    named = campaign.name in (written, written.rpartition("/")[2])
    return named or (bool(written) and own.endswith(f"/{written}"))


def _without_file(path: str) -> str:
    """The folder of a campaign file, or the file without its ending."""
    return path.removesuffix("/campaign.yaml").removesuffix(".yaml")
