"""Offers to people whose country asks for consent first."""

from __future__ import annotations

from collections.abc import Iterator

from preflight.audience.audience import FIRST_ROWS, Audience
from preflight.rule import Need, Problem, Rows, Severity, rule
from preflight_rules.cells import column_of
from preflight_rules.recipients._consent import (
    OFFERS,
    laws,
    on_record,
    private_person,
    written_as,
)
from preflight_rules.relationships._people import known

_SHOWN = 4


@rule("missing-consent", on=Audience, severity=Severity.ERROR, needs=(Need.COUNTRY,))
def missing_consent(audience: Audience) -> Iterator[Problem]:
    """An offer goes to people whose law asks for consent, and none is on record."""
    column = column_of(audience, "country")
    if column is None or audience.campaign.purpose.value not in OFFERS:
        return
    record = on_record(audience)
    # Clients may be written to about what they bought, until they object.
    excepted = [one for one in (record, known(audience)) if one]
    clear = " OR ".join(f"coalesce({audience.sql(one)}, false)" for one in excepted) or "false"
    private = audience.sql(private_person(audience))
    written = {code: values for code, values in written_as(audience).items() if code in laws()}
    everybody = [
        value
        for code, values in written.items()
        for value in values
        if laws()[code]["asks"] == "everybody"
    ]
    consumers = [
        value
        for code, values in written.items()
        for value in values
        if laws()[code]["asks"] == "consumers"
    ]
    cell = f"trim({column.physical})"
    found = audience.query(
        f"SELECT {cell} AS value, count(*) AS n, min(_row, {FIRST_ROWS}) AS first FROM people "
        f"WHERE k_spoken AND NOT ({clear}) AND ({cell} IN (SELECT unnest(?::VARCHAR[])) "
        f"OR ({cell} IN (SELECT unnest(?::VARCHAR[])) AND coalesce({private}, false))) "
        "GROUP BY value ORDER BY n DESC, value",
        [everybody, consumers],
    )
    if not found:
        return
    codes = {value: code for code, values in written.items() for value in values}
    countries = dict.fromkeys(codes[str(value)] for value, _, _ in found)
    shown = [f"{code} ({laws()[code]['law']})" for code in list(countries)[:_SHOWN]]
    more = f" and {len(countries) - _SHOWN} others" if len(countries) > _SHOWN else ""
    first = sorted(row for _, _, rows in found for row in rows)[:FIRST_ROWS]
    yield Problem(
        None,
        "{recipients} {have} no consent on record, and the law of their country asks for it "
        f"before an offer: {', '.join(shown)}{more}",
        "Leave them out, or record what there is in columns consent (express, implied), "
        "consent_date and consent_source."
        if record
        else "The list has no column consent. Add consent (express, implied), consent_date and "
        "consent_source where there is a record, and leave the others out.",
        rows=Rows(sum(count for _, count, _ in found), tuple(first)),
    )
