"""Many people of one company in one first-contact mail."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict, Field

from preflight.audience.audience import Audience
from preflight.audience.ledger import public_domains
from preflight.rule import Problem, Severity, rule
from preflight_rules.recipients._domains import crowded, people_by_domain, rows_at


class Options(BaseModel):
    """How many are many."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max: int = Field(5, ge=1, description="people at one company who may get the mail")


@rule("crowded-company", on=Audience, severity=Severity.NOTICE, options=Options)
def crowded_company(audience: Audience, options: Options) -> Iterator[Problem]:
    """A first-contact mail goes to many people at one company."""
    if audience.campaign.purpose.value != "prospecting":
        return
    public = set(public_domains())
    counts = {
        domain: count
        for domain, count in people_by_domain(audience).items()
        if domain not in public
    }
    companies = list(crowded(counts, options.max))
    if companies:
        where = "one company" if len(companies) == 1 else f"{len(companies):,} companies"
        yield Problem(
            None,
            f"{{recipients}} {{are}} at {where} where more than {options.max} people get this "
            "first-contact mail",
            "Choose the few whom it concerns: colleagues compare, and an office that gets one mail "
            "many times takes it for spam.",
            rows=rows_at(audience, [domain for group in companies for domain in group]),
        )
