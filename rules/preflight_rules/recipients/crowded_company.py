"""Many people of one company in one first-contact mail."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict, Field

from preflight.audience.audience import FIRST_ROWS, Audience
from preflight.audience.ledger import public_domains
from preflight.rule import Problem, Rows, Severity, rule


class Options(BaseModel):
    """How many are many."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max: int = Field(5, ge=1, description="people at one company who may get the mail")


@rule("crowded-company", on=Audience, severity=Severity.NOTICE, options=Options)
def crowded_company(audience: Audience, options: Options) -> Iterator[Problem]:
    """A first-contact mail goes to many people at one company."""
    if audience.campaign.purpose.value != "prospecting":
        return
    companies = (
        "SELECT f_domain FROM people WHERE k_spoken AND strpos(f_address, '@') > 1 "
        "AND f_domain <> '' AND NOT list_contains(?, f_domain) "
        f"GROUP BY f_domain HAVING count(DISTINCT f_address) > {options.max}"
    )
    count, first, domains = audience.query(
        f"SELECT count(*), min(_row, {FIRST_ROWS}), count(DISTINCT f_domain) FROM people "
        f"WHERE k_spoken AND f_domain IN ({companies})",
        [public_domains()],
    )[0]
    if count:
        where = "one company" if domains == 1 else f"{domains:,} companies"
        yield Problem(
            None,
            f"{{recipients}} {{are}} at {where} where more than {options.max} people get this "
            "first-contact mail",
            "Choose the few whom it concerns: colleagues compare, and an office that gets one mail "
            "many times takes it for spam.",
            rows=Rows(int(count), tuple(first)),
        )
