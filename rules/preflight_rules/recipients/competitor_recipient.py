"""People at a competitor."""

from __future__ import annotations

from collections.abc import Iterator

from preflight.audience.audience import Contact
from preflight.rule import Need, Problem, Severity, rule


@rule("competitor-recipient", on=Contact, severity=Severity.WARNING, needs=(Need.COMPETITORS,))
def competitor_recipient(contact: Contact) -> Iterator[Problem]:
    """People at a competitor get a first-contact mail."""
    if contact.purpose != "prospecting":
        return
    yield Problem(
        None,
        "{recipients} {are} at a competitor, and this is a first-contact mail",
        "Leave them out: what you offer to strangers is news to a competitor.",
        condition='"ledger.is_competitor"',
        evidence="competitors",
    )
