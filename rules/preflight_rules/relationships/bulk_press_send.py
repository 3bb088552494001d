"""Press people in a mail to many."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict, Field

from preflight.audience.audience import BULK, Audience, Contact
from preflight.batch import Batch
from preflight.rule import Need, Problem, Severity, rule
from preflight_rules.relationships._people import TO_EVERYBODY, unless_subscribed


class Options(BaseModel):
    """What counts as a mail to many."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_recipients: int = Field(
        1, ge=1, description="a mail with press people in it goes to so many recipients at most"
    )


@rule(
    "bulk-press-send",
    on=Audience,
    severity=Severity.ERROR,
    options=Options,
    needs=(Need.PRESS,),
)
def bulk_press_send(audience: Audience, options: Options) -> Iterator[Problem]:
    """Journalists, bloggers or media people get a mail that goes to many."""
    yield from _problems(audience, options)


@bulk_press_send.also(on=Contact)
def without_ledger(contact: Contact, options: Options) -> Iterator[Problem]:
    """The same without a press ledger, by domains and words alone."""
    if not contact.audience.has("ledger.is_press"):
        yield from _problems(contact.audience, options)


@bulk_press_send.also(on=Batch, needs=(Need.PRESS,))
def in_batch(batch: Batch, options: Options) -> Iterator[Problem]:
    """Finished mails: one goes to many with press people among them, or many say the same."""
    if batch.purpose in TO_EVERYBODY or batch.purpose == "newsletter":
        return
    together = {one for mail in batch.mails if batch.is_alike(mail) for one in mail.recipients}
    reached: set[str] = set()
    mails = []
    for mail in batch.mails:
        press = batch.press.intersection(mail.recipients)
        readers = len(together) if batch.is_alike(mail) else len(mail.recipients)
        introduced = batch.purpose == "introduction" and readers <= BULK
        if press and readers > options.max_recipients and not introduced:
            reached |= press
            mails.append(mail)
    if mails:
        people = "1 journalist, blogger or media person"
        if len(reached) > 1:
            people = f"{len(reached):,} journalists, bloggers or media people"
        yield Problem(
            mails[0].span,
            f"a mail to many reaches {people}",
            "Write to each of them alone, about their own work.",
            rows=batch.rows(mails),
        )


def _problems(audience: Audience, options: Options) -> Iterator[Problem]:
    from preflight_rules.relationships._press import press_people

    purpose = audience.campaign.purpose.value
    if audience.selected <= options.max_recipients or purpose in TO_EVERYBODY:
        return
    if purpose == "introduction" and audience.selected <= BULK:
        return  # two or three people who are to meet
    condition = f"({' or '.join(press_people(audience))})"
    yield Problem(
        None,
        f"one mail to {audience.selected:,} people reaches journalists, bloggers or media people: "
        "{recipients}",
        "Write to each of them alone, about their own work. In a newsletter, list the express "
        "consent of those who asked for it.",
        condition=unless_subscribed(audience, condition),
        evidence="press",
    )
