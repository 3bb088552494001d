"""Implied consent past its term."""

from __future__ import annotations

from collections.abc import Iterator

from preflight.audience.audience import FIRST_ROWS, Audience
from preflight.audience.ledger import moment
from preflight.rule import Need, Problem, Rows, Severity, rule
from preflight_rules.cells import column_of, found_in
from preflight_rules.recipients._consent import (
    OFFERS,
    implied_words,
    inquiry,
    laws,
    written_as,
)


@rule("expired-consent", on=Audience, severity=Severity.WARNING, needs=(Need.COUNTRY,))
def expired_consent(audience: Audience) -> Iterator[Problem]:
    """An offer goes to people whose implied consent has run out."""
    country = column_of(audience, "country")
    consent, given = column_of(audience, "consent"), column_of(audience, "consent_date")
    if audience.campaign.purpose.value not in OFFERS:
        return
    if country is None or consent is None or given is None:
        return
    implied = audience.sql(found_in("consent", implied_words()))
    asked = "false"
    if column_of(audience, "consent_source") is not None:
        asked = audience.sql(found_in("consent_source", inquiry()))
    last = column_of(audience, "last_contacted")
    for code, values in sorted(written_as(audience).items()):
        law = laws().get(code, {})
        months = law.get("months")
        if not months:
            continue
        shorter = law.get("after_inquiry", months)
        since = f"TRY_CAST({given.physical} AS TIMESTAMP)"
        if last is not None and "after_inquiry" not in law:  # counted from the last contact there
            since = f"greatest({since}, TRY_CAST({last.physical} AS TIMESTAMP))"
        end = f"{since} + to_months(CASE WHEN {asked} THEN {shorter} ELSE {months} END)"
        count, first = audience.query(
            f"SELECT count(*), min(_row, {FIRST_ROWS}) FROM people WHERE k_spoken "
            f"AND ({implied}) AND trim({country.physical}) IN (SELECT unnest(?::VARCHAR[])) "
            f"AND {end} < {moment(audience.now)}",
            [values],
        )[0]
        if not count:
            continue
        term = f"{months} months" if shorter == months else f"{months} or {shorter} months"
        yield Problem(
            None,
            f"{{recipients}} in {code} gave their consent only by implication, more than {term} "
            f"ago: it has run out ({law['law']})",
            "Leave them out, or ask for express consent by another way than this mail.",
            rows=Rows(int(count), tuple(first)),
        )
