"""Addresses that were made to be thrown away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from preflight.audience.audience import Audience
from preflight.rule import Problem, Severity, rule
from preflight_rules.recipients._domains import domains_of, rows_at
from preflight_rules.recipients.misspelt_domain import likely

if TYPE_CHECKING:
    from collections.abc import Set


@rule("disposable-address", on=Audience, severity=Severity.WARNING)
def disposable_address(audience: Audience) -> Iterator[Problem]:
    """A recipient has an address at a provider of throw-away addresses."""
    from disposable_email_domains import blocklist

    listed = (domain for domain in domains_of(audience) if _is_listed(domain, blocklist))
    # gmial.com is on such lists, too; whoever typed it meant gmail.com (misspelt-domain).
    hit = [domain for domain in listed if likely(domain) is None]
    if hit:
        yield Problem(
            None,
            "{recipients} {have} a throw-away address, which nobody reads after a day",
            "Leave them out: such mail bounces, and bounces cost you the trust of mailbox "
            "providers.",
            rows=rows_at(audience, hit),
        )


def _is_listed(domain: str, listed: Set[str]) -> bool:
    """Whether the domain or one above it is on the list."""
    labels = domain.split(".")
    return any(".".join(labels[at:]) in listed for at in range(len(labels) - 1))
