"""People whom an open incident hits."""

from __future__ import annotations

from collections.abc import Iterator

from preflight.audience.audience import Contact
from preflight.campaign.places import clipped
from preflight.rule import Need, Problem, Related, Severity, rule
from preflight_rules.relationships._people import TO_EVERYBODY, clause_about

_SHOWN = 3


@rule("contact-in-incident", on=Contact, severity=Severity.ERROR, needs=(Need.INCIDENTS,))
def contact_in_incident(contact: Contact) -> Iterator[Problem]:
    """An ordinary mail reaches people whom an open incident hits."""
    audience = contact.audience
    if contact.purpose in TO_EVERYBODY:
        return
    open_ones = [one for one in audience.ledger.incidents if one.open_at(audience.now)]
    which = "an open incident"
    if len(open_ones) == 1:
        which = f"the open incident “{clipped(open_ones[0].title.strip() or open_ones[0].id)}”"
    yield Problem(
        clause_about(audience, ("in_incident",)),
        f"{{recipients}} {{are}} hit by {which}",
        "Hold this mail until the all-clear, or leave them out: where: not in_incident. What they "
        "need first are facts and an apology (purpose incident or apology).",
        condition='"ledger.in_incident"',
        related=tuple(
            Related(one.span("id"), "the incident is open when the mail goes out")
            for one in open_ones[:_SHOWN]
        ),
    )
