"""Recipients who want no mail."""

from __future__ import annotations

from collections.abc import Iterator

from preflight.audience.audience import BULK, Contact
from preflight.audience.opted_out import opted_out
from preflight.batch import Batch
from preflight.rule import Need, Problem, Severity, rule
from preflight_rules.relationships._people import TO_EVERYBODY

_PERSONAL = ("relationship", "introduction", "press")
_LISTED = '"ledger.is_suppressed"'


@rule("suppressed-recipient", on=Contact, severity=Severity.ERROR, needs=(Need.SUPPRESSED,))
def suppressed_recipient(contact: Contact) -> Iterator[Problem]:
    """A recipient has unsubscribed, bounced or complained."""
    if contact.purpose in TO_EVERYBODY:
        return
    by_hand = contact.purpose in _PERSONAL and not contact.audience.bulk
    if contact.has("ledger.is_suppressed"):
        yield Problem(
            None,
            "{recipients} {are} on the suppression list",
            "Leave them out: where: not is_suppressed.",
            weaker=by_hand,
            condition=_LISTED,
            evidence="suppressed",
        )
    marked = opted_out(contact.audience)
    if marked:
        other = f" and not {_LISTED}" if contact.has("ledger.is_suppressed") else ""
        yield Problem(
            None,
            "{recipients} {are} marked in the list itself as wanting no mail",
            "Leave them out with the filter: whoever opted out stays out when a list comes back.",
            weaker=by_hand,
            condition=f"({marked}){other}",
        )


@suppressed_recipient.also(on=Batch, needs=(Need.SUPPRESSED,))
def in_batch(batch: Batch) -> Iterator[Problem]:
    """The same for finished mails, by the ledger."""
    if batch.purpose in TO_EVERYBODY:
        return
    listed = batch.listed("suppressed")
    hit = [mail for mail in batch.mails if not listed.keys().isdisjoint(mail.recipients)]
    if not hit:
        return
    entry = next((one for one in listed.values() if one is not None), None)
    what = "it goes" if len(batch.mails) == 1 else f"{len(hit):,} of {len(batch.mails):,} mails go"
    yield Problem(
        hit[0].span,
        f"{what} to people on the suppression list",
        "Take them out of the list: whoever opted out stays out.",
        weaker=batch.purpose in _PERSONAL and len(batch.mails) <= BULK,
        rows=batch.rows(hit),
        related=(entry,) if entry is not None else (),
    )
