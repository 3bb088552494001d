"""First mails to referred people that do not say who made the introduction."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from preflight.audience.audience import Audience
from preflight.rule import Need, Problem, Rows, Severity, rule
from preflight.templates.message import Message, Part
from preflight_rules.relationships._introducers import introducer
from preflight_rules.relationships._people import TO_EVERYBODY

if TYPE_CHECKING:
    from preflight.source import Span

_BY = "ledger.introduced_by"
_CLASSES = (
    _BY,
    '"ledger.is_referred" and not empty("last_contacted")',
    '"ledger.is_referred" and "last_contacted" >= "ledger.introduced_at"',
    '"ledger.is_referred" and "ledger.is_known"',
    '"ledger.is_referred" and matches("consent", \'(?i)^\\s*express\\s*$\')',
)
_NAMES = ("first_name", "last_name", "full_name")
_PARTS = {"html": "the HTML", "text": "the plain text"}
_FEW = 50


@rule(
    "unnamed-referrer",
    on=Message,
    severity=Severity.WARNING,
    needs=(Need.REFERRALS,),
    by=_CLASSES,
)
def unnamed_referrer(message: Message) -> Iterator[Problem]:
    """The first mail to a referred contact does not say who made the introduction."""
    facts, purpose = message.facts, message.purpose
    who = introducer(*(str(facts.get(name) or "") for name in (_BY, "introduced_by")))
    if (
        who is None
        or not str(facts.get(_BY) or "").strip()
        or purpose in TO_EVERYBODY
        or purpose == "introduction"
        or (purpose == "newsletter" and _asked_for_it(facts))
        or facts.get("ledger.is_known") is True
        or _written_to(facts)
        or "subject" in message.unrendered
    ):
        return
    sender = message.sender
    if who.is_in(sender):
        return
    but = [sender, *(str(facts.get(name) or "") for name in _NAMES)]
    if message.subject is not None and who.named_in(message.subject.text, but=but):
        return
    for name, label in _PARTS.items():
        part = message.parts.get(name)
        if part is None or who.named_in(part.plain.text, but=but):
            continue
        yield Problem(
            _first_line(message, part),
            f"{message.reader} a first mail that does not say in {label} who introduced them",
            "Name the person in the first sentences: the reader knows them, and not you.",
        )


@unnamed_referrer.also(on=Audience, needs=(Need.REFERRALS,))
def left_out(audience: Audience) -> Iterator[Problem]:
    """An introduction leaves out the person who introduced one of the two to you."""
    if audience.campaign.purpose.value != "introduction":
        return
    value = audience.names.terms[_BY].sql
    found = audience.query(
        f"SELECT {value} AS who, count(*), min(_row, 20) FROM people "
        f"WHERE k_spoken AND trim({value}) <> '' GROUP BY who ORDER BY min(_row)"
    )
    for written, count, first in found:
        who = introducer(written)
        if who is None or any(map(who.is_in, _present(audience))):
            continue
        copied = _copied(audience)
        if who.named_in(copied):
            continue
        if copied.strip() and not who.addresses:
            continue  # the address in Cc may be theirs
        yield Problem(
            _place(audience),
            "{recipients} {are} introduced without the person who introduced them to you",
            "Put that person in Cc, or among the recipients: it is their name that opens the door.",
            rows=Rows(count, tuple(first)),
            evidence="referrals",
        )


def _asked_for_it(facts: Mapping[str, object]) -> bool:
    return str(facts.get("consent") or "").strip().casefold() == "express"


def _written_to(facts: Mapping[str, object]) -> bool:
    """Whether a mail went out since the introduction (or at any time, when its date is unknown)."""
    last = str(facts.get("last_contacted") or "").strip()
    if not any(char.isdigit() for char in last):
        return False
    contacted, introduced = _day(last), _day(str(facts.get("ledger.introduced_at") or "").strip())
    return contacted is None or introduced is None or contacted >= introduced


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None


def _first_line(message: Message, part: Part) -> Span:
    """Where the reader begins to read."""
    text = part.plain.text
    line = re.search(r"\S.*", text)
    if line is None:
        return message.place_of(part)
    return part.plain_span(line.start(), line.start() + len(line.group().rstrip()))


def _present(audience: Audience) -> Iterator[str]:
    """The sender and the first recipients, one text each."""
    yield audience.campaign.from_
    chosen = audience.query(f"SELECT _row FROM people WHERE k_chosen ORDER BY _row LIMIT {_FEW}")
    for row in audience.rows([ordinal for (ordinal,) in chosen]):
        yield " ".join(row.get(name, "") for name in (*_NAMES, "email"))


def _copied(audience: Audience) -> str:
    """Whom the headers add."""
    headers = audience.campaign.headers.items()
    return " ".join(value for name, value in headers if name.casefold() in ("to", "cc", "bcc"))


def _place(audience: Audience) -> Span | None:
    """At the headers, where Cc belongs; else at the delivery; else at the contacts."""
    campaign = audience.campaign
    if campaign.headers:
        return campaign.key_span("headers")
    if campaign.excerpt("delivery", "mode") is not None:
        return campaign.span("delivery", "mode")
    return None
