"""People you know in a first-contact mail."""

from __future__ import annotations

from collections.abc import Iterator

from preflight.audience.audience import Contact
from preflight.rule import Need, Problem, Severity, rule
from preflight_rules.relationships._people import KNOWN_NAMES, clause_about, former_client, known


@rule("known-contact-in-cold-campaign", on=Contact, severity=Severity.ERROR, needs=(Need.KNOWN,))
def known_contact_in_cold_campaign(contact: Contact) -> Iterator[Problem]:
    """A first-contact mail goes to people whom you know already."""
    audience = contact.audience
    if contact.purpose != "prospecting":
        return
    where = audience.segment.where
    span = clause_about(audience, KNOWN_NAMES) or (where.span if where is not None else None)
    condition = known(audience)
    if condition:
        listed = audience.has("ledger.is_known")
        yield Problem(
            span,
            "{recipients} {are} known to you already, and this is a first-contact mail",
            f"Leave them out{': where: not is_known' if listed else ' with the filter'}. Who knows "
            "you gets a mail of their own, with the purpose relationship.",
            condition=condition,
            evidence=("clients", "known"),
        )
    if audience.has("ledger.at_known_company"):
        others = (known(audience), former_client(audience))
        apart = "".join(f" and not {other}" for other in others if other)
        yield Problem(
            span,
            "{recipients} {are} at the company of a client, and this is a first-contact mail",
            "Ask whoever looks after the client before you write to a colleague of theirs.",
            weaker=True,
            condition=f'"ledger.at_known_company"{apart}',
        )
