"""People with whom you are in a dispute."""

from __future__ import annotations

from collections.abc import Iterator

from preflight.audience.audience import Contact
from preflight.rule import Need, Problem, Severity, rule
from preflight_rules.relationships._people import clause_about


@rule("contact-in-dispute", on=Contact, severity=Severity.ERROR, needs=(Need.DISPUTES,))
def contact_in_dispute(contact: Contact) -> Iterator[Problem]:
    """A mail reaches somebody in an open dispute that does not allow its purpose."""
    yield Problem(
        clause_about(contact.audience, ("in_dispute",)),
        f"{{recipients}} {{are}} in an open dispute with you that allows no {contact.purpose} mail",
        "Leave them out: where: not in_dispute. If this very mail must reach them, agree on it "
        "with the owner of the dispute and add its purpose to allow in the ledger.",
        condition='"ledger.barred_by_dispute"',
        evidence="disputes",
    )
