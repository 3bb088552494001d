"""Countries that are none."""

from __future__ import annotations

from collections.abc import Iterator

from preflight.absence import says_nothing
from preflight.audience.audience import FIRST_ROWS, Audience
from preflight.rule import Need, Problem, Rows, Severity, rule
from preflight_rules.cells import column_of
from preflight_rules.recipients._countries import code_of, values_of

_MOSTLY = 0.5
"""Where fewer cells than this are countries, the column holds something else, such as regions."""


@rule("unknown-country", on=Audience, severity=Severity.WARNING, needs=(Need.COUNTRY,))
def unknown_country(audience: Audience) -> Iterator[Problem]:
    """A country in the list is none."""
    column = column_of(audience, "country")
    if column is None:
        return
    # NA is Namibia: absence is asked for after the countries.
    values = values_of(audience, column)
    unknown = [
        (value, count)
        for value, count in values
        if code_of(value) is None and not says_nothing(value)
    ]
    hits = sum(count for _, count in unknown)
    if not hits or hits > _MOSTLY * sum(count for _, count in values):
        return
    first = audience.query(
        f"SELECT min(_row, {FIRST_ROWS}) FROM people WHERE k_spoken "
        f"AND trim({column.physical}) IN (SELECT unnest(?::VARCHAR[]))",
        [[value for value, _ in unknown]],
    )[0][0]
    yield Problem(
        None,
        f"“{column.name}” of {{recipients}} is no country",
        "Correct these cells: the name in any usual language, or a code of two or three letters. "
        "What law and time of day ask for goes by the country.",
        rows=Rows(hits, tuple(first or ())),
    )
