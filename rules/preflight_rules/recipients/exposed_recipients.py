"""Recipients who see each other's addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from preflight.audience.audience import BULK, Audience
from preflight.audience.ledger import public_domains
from preflight.rule import Problem, Severity, rule

_ADDRESS = re.compile(r"[^\s@<>\"',;:]+@([^\s@<>\"',;:]+\.[^\s@<>\"',;:{}]+)")
_PERSONAL = ("relationship", "service", "event")


@rule("exposed-recipients", on=Audience, severity=Severity.ERROR)
def exposed_recipients(audience: Audience) -> Iterator[Problem]:
    """People who have nothing to do with each other see each other's addresses."""
    campaign = audience.campaign
    few = audience.selected <= BULK
    purpose = campaign.purpose.value
    if campaign.delivery.mode.value == "visible" and not (few and purpose == "introduction"):
        internal = '"ledger.is_internal"' if audience.has("ledger.is_internal") else "false"
        outside = f'not blank("@address") and not coalesce({internal}, false)'
        if _unrelated(_domains(audience, outside), _own_domain(campaign.from_)):
            yield Problem(
                campaign.span("delivery", "mode"),
                "{recipients} {are} in one mail with all addresses visible, and any of them can "
                "answer all",
                "Send one mail to each: mode: individual.",
                weaker=few and purpose in _PERSONAL,
                rows=audience.scan([outside])[0],
            )
    for name, value in campaign.headers.items():
        if name.casefold() not in ("to", "cc"):
            continue
        named = {match[0].casefold(): match[1].casefold() for match in _ADDRESS.finditer(value)}
        domains = [(domain, 1) for domain in named.values()]
        if len(named) > BULK and _unrelated(_counted(domains), _own_domain(campaign.from_)):
            yield Problem(
                campaign.span("headers", name),
                f"{len(named)} addresses in {name} are visible to every recipient",
                "Send one mail to each, or put these addresses into audience.contacts.",
            )


def _domains(audience: Audience, outside: str) -> dict[str, int]:
    """Domain -> different addresses there; as many domains as settle the question."""
    found = audience.query(
        "SELECT f_domain, count(DISTINCT f_address) FROM people "
        f"WHERE k_spoken AND ({audience.sql(outside)}) GROUP BY f_domain ORDER BY f_domain LIMIT 50"
    )
    return {str(domain): int(count) for domain, count in found}


def _counted(domains: list[tuple[str, int]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for domain, count in domains:
        counts[domain] = counts.get(domain, 0) + count
    return counts


def _unrelated(domains: dict[str, int], own: str) -> bool:
    """Whether the people come from several places: each address at a public mail domain is a place
    of its own, a company with its sub-domains is one, the sender's company is none."""
    public = set(public_domains())
    people = sum(count for domain, count in domains.items() if domain in public)
    companies: list[str] = []
    for domain in sorted(domains, key=len):
        same = any(domain == known or domain.endswith("." + known) for known in (own, *companies))
        if domain not in public and not same:
            companies.append(domain)
    return people + len(companies) > 1


def _own_domain(sender: str) -> str:
    """The sender's company; none when the sender uses a public mail domain."""
    match = _ADDRESS.search(sender)
    domain = match[1].casefold() if match else ""
    return "" if domain in public_domains() else domain
