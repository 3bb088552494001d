"""The domains of the recipients, each looked at once, and the rows that are there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from preflight.audience.audience import FIRST_ROWS
from preflight.rule import Rows

if TYPE_CHECKING:
    from preflight.audience.audience import Audience

LONGEST = 254
"""Characters that an address may have; longer ones are the business of `invalid-address`."""


def domains_of(audience: Audience) -> list[str]:
    """The different domains of those who get the mail, sorted."""
    return list(_counts(audience))


def counts_at(audience: Audience, domains: Sequence[str]) -> dict[str, int]:
    """How many of those who get the mail have an address at each of these domains."""
    if not domains:
        return {}
    counts = _counts(audience)
    return {domain: counts[domain] for domain in domains}


def _counts(audience: Audience) -> dict[str, int]:
    found = audience.ask(
        "SELECT f_domain, count(*) FROM people WHERE k_spoken AND f_domain <> '' "
        f"AND length(f_domain) <= {LONGEST} GROUP BY f_domain ORDER BY f_domain"
    )
    return {str(domain): int(count) for domain, count in found}


def rows_at(audience: Audience, domains: Sequence[str]) -> Rows:
    """Those who get the mail and have an address at one of these domains."""
    count, first = audience.query(
        f"SELECT count(*), min(_row, {FIRST_ROWS}) FROM people "
        "WHERE k_spoken AND f_domain IN (SELECT unnest(?::VARCHAR[]))",
        [list(domains)],
    )[0]
    return Rows(int(count), tuple(first or ()))
