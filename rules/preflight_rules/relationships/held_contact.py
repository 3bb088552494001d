"""People whom no mail may reach for now."""

from __future__ import annotations

from collections.abc import Iterator

from preflight.audience.audience import Contact
from preflight.rule import Need, Problem, Severity, rule
from preflight_rules.relationships._people import clause_about


@rule("held-contact", on=Contact, severity=Severity.ERROR, needs=(Need.HOLDS,))
def held_contact(contact: Contact) -> Iterator[Problem]:
    """A mail reaches somebody on hold whose entry does not allow its purpose."""
    yield Problem(
        clause_about(contact.audience, ("on_hold",)),
        f"{{recipients}} {{are}} on hold, and the hold allows no {contact.purpose} mail",
        "Leave them out: where: not on_hold. The ledger says who set the hold and until when; only "
        "they lift it, or add the purpose to allow.",
        condition='"ledger.barred_by_hold"',
        evidence="holds",
    )
