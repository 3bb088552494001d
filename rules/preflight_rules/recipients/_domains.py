"""The domains of the recipients, each looked at once, and the rows that are there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from preflight.audience.audience import FIRST_ROWS
from preflight.rule import Rows

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

    from preflight.audience.audience import Audience

LONGEST = 254
"""Characters that an address may have; longer ones are the business of `invalid-address`."""


def domains_of(audience: Audience) -> list[str]:
    """The different domains of those who get the mail, sorted."""
    return list(_counts(audience))


def crowded(counts: Mapping[str, int], most: int) -> Iterator[list[str]]:
    """The domains of each organisation at which there are more than ``most``. ``counts``: how many
    at each domain. Only what may be too many is looked up in the public suffix list."""
    labels = {domain: domain.split(".") for domain in counts}
    todo = [(2, list(counts))]
    while todo:
        level, domains = todo.pop()
        groups: dict[str, list[str]] = defaultdict(list)
        for domain in domains:
            groups[".".join(labels[domain][-level:])].append(domain)
        for shared, group in groups.items():
            if sum(counts[domain] for domain in group) <= most:
                continue
            if group == [shared] or _is_registrable(shared):
                yield group
            else:
                todo.append((level + 1, group))


def _is_registrable(domain: str) -> bool:
    """Whether a domain belongs to somebody, other than co.uk, under which they are sold."""
    return domain == _suffixes().privatesuffix(domain)


def has_known_ending(domain: str) -> bool:
    """Whether there are domains under the last part of this one, by the public suffix list."""
    return _suffixes().publicsuffix(domain, accept_unknown=False) is not None


@cache
def _suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


def people_by_domain(audience: Audience) -> dict[str, int]:
    """How many different addresses of those who get the mail are at each domain."""
    found = audience.query(
        "SELECT f_domain, count(DISTINCT f_address) FROM people WHERE k_spoken "
        "AND strpos(f_address, '@') > 1 AND f_domain <> '' "
        f"AND length(f_domain) <= {LONGEST} GROUP BY f_domain ORDER BY f_domain"
    )
    return {str(domain): int(count) for domain, count in found}


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
