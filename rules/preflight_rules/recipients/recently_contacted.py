"""People who have just had a mail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict, Field

from preflight.audience.audience import FIRST_ROWS, Audience
from preflight.rule import Need, Problem, Related, Rows, Severity, rule
from preflight.schedule import Earlier, Schedule
from preflight_rules.cells import column_of
from preflight_rules.relationships._people import TO_EVERYBODY

_HELP = "Leave them out, or send later: who gets mail too often leaves, or reports it."
_SHOWN = 3
_DAYS, _DAYS_OF_NEWSLETTERS = 7, 1


class Options(BaseModel):
    """How soon is too soon."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    min_days: int | None = Field(
        None, ge=1, description="days between two mails; 7, and 1 for a newsletter, when absent"
    )


@rule(
    "recently-contacted",
    on=Audience,
    severity=Severity.WARNING,
    options=Options,
    needs=(Need.LAST_CONTACTED,),
)
def recently_contacted(audience: Audience, options: Options) -> Iterator[Problem]:
    """A recipient has had a mail a few days ago."""
    column = column_of(audience, "last_contacted")
    purpose = audience.campaign.purpose.value
    if column is None or purpose in TO_EVERYBODY:
        return
    days = _days(purpose, options)
    now = audience.now.replace(tzinfo=None)
    # An ISO date may carry a time and a zone; other notations are not guessed.
    last = f"TRY_CAST({column.physical} AS TIMESTAMP)"
    count, first = audience.query(
        f"SELECT count(*), min(_row, {FIRST_ROWS}) FROM people WHERE k_spoken "
        f"AND {last} > ? AND {last} <= ?",
        [now - dt.timedelta(days=days), now],
    )[0]
    if count:
        since = "a day" if days == 1 else f"{days} days"
        yield Problem(
            None,
            f"{{recipients}} had another mail less than {since} before this one",
            _HELP,
            rows=Rows(int(count), tuple(first)),
        )


@recently_contacted.also(on=Schedule)
def in_another_campaign(schedule: Schedule, options: Options) -> Iterator[Problem]:
    """A recipient gets another campaign, checked together with this one, a few days before."""
    purpose = schedule.campaign.purpose.value
    if purpose in TO_EVERYBODY:
        return
    days = _days(purpose, options)
    near = [
        one
        for one in schedule.earlier
        if _between(one, schedule) < days and one.campaign.purpose.value not in TO_EVERYBODY
    ]
    rows, counts = schedule.shared(near)
    others = [(one, count) for one, count in zip(near, counts, strict=True) if count]
    if not others:
        return
    if len(others) == 1:
        what = f"{_named(others[0][0])} {_when(others[0][0], schedule)}"
    else:
        shown = [f"{_named(one)} ({n:,}, {_when(one, schedule)})" for one, n in others[:_SHOWN]]
        more = [f"{len(others) - _SHOWN} more"] if len(others) > _SHOWN else []
        what = "other campaigns shortly before this one: " + ", ".join(shown + more)
    yield Problem(
        schedule.campaign.span("delivery", "send_at"),
        f"{{recipients}} {{get}} {what}",
        _HELP,
        rows=rows,
        related=tuple(
            Related(one.campaign.span("delivery", "send_at"), f"when {_named(one)} is sent")
            for one, _ in others[:_SHOWN]
        ),
    )


def _days(purpose: str, options: Options) -> int:
    return options.min_days or (_DAYS_OF_NEWSLETTERS if purpose == "newsletter" else _DAYS)


def _between(earlier: Earlier, schedule: Schedule) -> int:
    """Whole days on the calendar, where this campaign is sent."""
    return (schedule.at.date() - earlier.at.astimezone(schedule.at.tzinfo).date()).days


def _named(earlier: Earlier) -> str:
    return f"“{earlier.campaign.name}”"


def _when(earlier: Earlier, schedule: Schedule) -> str:
    if earlier.at == schedule.at:
        return "at the same moment"
    days = _between(earlier, schedule)
    if not days:
        return "on the same day"
    return "the day before" if days == 1 else f"{days} days before"
