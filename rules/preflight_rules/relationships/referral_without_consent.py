"""Referred people whose introducer has not agreed."""

from __future__ import annotations

from collections.abc import Iterator

from preflight.audience.audience import Contact
from preflight.rule import Need, Problem, Severity, rule
from preflight_rules.relationships._people import TO_EVERYBODY, unless_subscribed

_UNCONSENTED = '"ledger.is_referred" and not "ledger.referral_consented"'


@rule("referral-without-consent", on=Contact, severity=Severity.ERROR, needs=(Need.REFERRALS,))
def referral_without_consent(contact: Contact) -> Iterator[Problem]:
    """A contact whom somebody introduced to you is used without the introducer's consent."""
    audience = contact.audience
    if contact.purpose in TO_EVERYBODY:
        return
    introduction = contact.purpose == "introduction"
    condition = unless_subscribed(audience, _UNCONSENTED)
    if audience.has("ledger.is_client") and not introduction:
        condition += ' and not "ledger.is_client"'
    yield Problem(
        None,
        "{recipients} {are} passed on without the consent of whoever introduced them to you"
        if introduction
        else "{recipients} {are} mailed without the consent of whoever introduced them to you",
        "Ask the introducer first; when the answer is yes, write consent: yes in the referrals. "
        "Until then leave them out.",
        condition=condition,
        evidence="referrals",
    )
