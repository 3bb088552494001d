"""A second mail on the strength of one referral."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from preflight.audience.audience import Contact
from preflight.rule import Need, Problem, Severity, rule
from preflight_rules.relationships._people import (
    TO_EVERYBODY,
    has_column,
    known,
    unless_subscribed,
)

if TYPE_CHECKING:
    from preflight.audience.audience import Audience


@rule("repeated-referral-mail", on=Contact, severity=Severity.WARNING, needs=(Need.REFERRALS,))
def repeated_referral_mail(contact: Contact) -> Iterator[Problem]:
    """A referred contact who has had a mail since the introduction gets another one."""
    audience = contact.audience
    written_to = _written_to(audience)
    if written_to is None or contact.purpose in TO_EVERYBODY:
        return
    acquainted = known(audience)
    yield Problem(
        None,
        "{recipients} {have} had a mail since somebody introduced them to you, and {get} another",
        "One introduction carries one mail. Leave out who did not answer, and enter who did as "
        "known in the ledger.",
        condition=unless_subscribed(
            audience,
            f'"ledger.is_referred" and {written_to}'
            + (f" and not {acquainted}" if acquainted else ""),
        ),
        evidence="referrals",
    )


def _written_to(audience: Audience) -> str | None:
    """The condition under which the last mail was not before the introduction; without the date of
    the introduction any mail counts."""
    from preflight.audience.columns import Kind

    if not has_column(audience, "last_contacted"):
        return None
    no_date = "not matches(\"ledger.introduced_at\", '^\\s*\\d{4}-\\d\\d-\\d\\d')"
    match audience.names.terms["last_contacted"].kind:
        case Kind.DATE | Kind.TIMESTAMP:
            since = 'coalesce("last_contacted" >= "ledger.introduced_at", true)'
            return f'(not empty("last_contacted") and {since})'
        case Kind.TEXT:  # several notations: what is written as a date of ISO 8601 compares as text
            iso = "matches(\"last_contacted\", '^\\d{4}-\\d\\d-\\d\\d')"
            since = f'{iso} and "last_contacted" >= "ledger.introduced_at"'
            some_day = "matches(\"last_contacted\", '\\d')"
            return f"(({some_day} and {no_date}) or ({since}))"
        case _:
            return None
