"""People who have just had a mail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict, Field

from preflight.audience.audience import FIRST_ROWS, Audience
from preflight.rule import Need, Problem, Rows, Severity, rule
from preflight_rules.cells import column_of
from preflight_rules.relationships._people import TO_EVERYBODY

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
    usual = _DAYS_OF_NEWSLETTERS if purpose == "newsletter" else _DAYS
    days = options.min_days or usual
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
            "Leave them out, or send later: who gets mail too often leaves, or reports it.",
            rows=Rows(int(count), tuple(first)),
        )
