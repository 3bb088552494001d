"""Former clients among the recipients."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from preflight.audience.audience import Contact
from preflight.rule import Need, Problem, Severity, rule
from preflight_rules.relationships._people import (
    TO_EVERYBODY,
    clause_about,
    former_client,
    unless_subscribed,
)

if TYPE_CHECKING:
    from preflight.audience.segment import Segment


@rule("ended-relationship", on=Contact, severity=Severity.WARNING, needs=(Need.KNOWN,))
def ended_relationship(contact: Contact) -> Iterator[Problem]:
    """A former client gets a mail as if they still were one."""
    audience = contact.audience
    condition = former_client(audience)
    if condition is None or contact.purpose in TO_EVERYBODY or _meant(audience.segment):
        return
    yield Problem(
        clause_about(audience, ("relationship", "is_client", "is_known")),
        "the relationship with {recipients} has ended, and they get this mail like everybody else",
        "Leave them out, or choose them alone (where: relationship = 'former_client') and write "
        "them a mail that knows how it ended.",
        condition=unless_subscribed(audience, condition),
        evidence=("clients", "known"),
    )


def _meant(segment: Segment) -> bool:
    """Whether the filter, or what is expected of it, asks for former clients by name."""
    from sqlglot import exp

    from preflight.audience.ledger import FORMER

    for one in (segment.where, *segment.every):
        if one is None or one.condition is None:
            continue
        for node in one.condition.tree.find_all(exp.EQ, exp.In):
            values = node.expressions if isinstance(node, exp.In) else [node.this, node.expression]
            folded = {
                value.name.strip().lower().replace(" ", "_").replace("-", "_")
                for value in values
                if isinstance(value, exp.Literal)
            }
            if not folded.isdisjoint(FORMER) and node.find_ancestor(exp.Not, exp.Or) is None:
                return True
    return False
