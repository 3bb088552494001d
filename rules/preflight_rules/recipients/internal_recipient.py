"""Your own people among strangers."""

from __future__ import annotations

from collections.abc import Iterator

from preflight.audience.audience import Contact
from preflight.rule import Need, Problem, Severity, rule


@rule("internal-recipient", on=Contact, severity=Severity.WARNING, needs=(Need.INTERNAL,))
def internal_recipient(contact: Contact) -> Iterator[Problem]:
    """Your own staff get a first-contact mail."""
    if contact.purpose != "prospecting":
        return
    yield Problem(
        None,
        "{recipients} {are} among your own people, and this is a first-contact mail",
        "Leave them out, or name addresses that test your mails as seeds in preflight.yaml.",
        condition='"ledger.is_internal"',
        evidence="internal",
    )
