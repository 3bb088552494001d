"""Recipients who see each other's addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from preflight.audience.audience import BULK, Audience
from preflight.audience.ledger import public_domains
from preflight.batch import Batch
from preflight.rule import Need, Problem, Severity, rule
from preflight.templates.message import Message

if TYPE_CHECKING:
    from preflight.mail import Mailbox
    from preflight.source import Excerpt

# Begins where a word does: else hostile text would take quadratic time.
_ADDRESS = re.compile(r"(?<![^\s@<>\"',;:])[^\s@<>\"',;:]++@([^\s@<>\"',;:]+\.[^\s@<>\"',;:{}]+)")
_ODD_ONES = 0.2  # so few mails of a batch go to several: a slip, no habit
_PERSONAL = ("relationship", "service", "event")


@rule("exposed-recipients", on=Audience, severity=Severity.ERROR)
def exposed_recipients(audience: Audience) -> Iterator[Problem]:
    """People who have nothing to do with each other see each other's addresses."""
    campaign = audience.campaign
    few = audience.selected <= BULK
    purpose = campaign.purpose.value
    if campaign.delivery.mode.value == "visible" and not (few and purpose == "introduction"):
        internal = '"ledger.is_internal"' if audience.has("ledger.is_internal") else "false"
        outside = f'not blank("@address") and not coalesce({internal}, false)'
        if _unrelated(_domains(audience, outside), _own_domain(campaign.from_)):
            yield Problem(
                campaign.span("delivery", "mode"),
                "{recipients} {are} in one mail with all addresses visible, and any of them can "
                "answer all",
                "Send one mail to each: mode: individual.",
                weaker=few and purpose in _PERSONAL,
                rows=audience.scan([outside])[0],
            )
    for name, value in campaign.headers.items():
        if name.casefold() not in ("to", "cc"):
            continue
        named = {match[0].casefold(): match[1].casefold() for match in _ADDRESS.finditer(value)}
        domains = [(domain, 1) for domain in named.values()]
        if len(named) > BULK and _unrelated(_counted(domains), _own_domain(campaign.from_)):
            yield Problem(
                campaign.span("headers", name),
                f"{len(named)} addresses in {name} are visible to every recipient",
                "Send one mail to each, or put these addresses into audience.contacts.",
            )


@exposed_recipients.also(on=Message, needs=(Need.HEADERS,))
def in_message(message: Message) -> Iterator[Problem]:
    """To and Cc of a finished mail name several. A reply goes to whoever wrote before."""
    mail = message.mail
    if mail is None or mail.values("in-reply-to") or mail.values("references"):
        return
    found = list(mail.mailboxes("to", "cc"))
    people = _people(box.address for _, _, box in found)
    fewest = 1 if message.bulk else BULK
    if len(people) <= fewest or not _are_unrelated(people, message.sender):
        return
    few = len(people) <= BULK
    if few and message.purpose == "introduction":
        return
    name, value, first = found[0]
    last = [box for header, _, box in found if header == name][-1]
    yield Problem(
        value.part(first.start, last.end),
        f"{len(people)} people see each other's addresses in {_fields(found)}, and any of them "
        "can answer all",
        "Send one mail to each.",
        weaker=few and message.purpose in _PERSONAL,
    )


@exposed_recipients.also(on=Batch, needs=(Need.SEVERAL,))
def in_batch(batch: Batch) -> Iterator[Problem]:
    """One mail of many goes to several people, where the others go to one each."""
    several = [mail for mail in batch.mails if len(_people(mail.visible)) > 1]
    if not several or len(several) > _ODD_ONES * len(batch.mails):
        return
    exposed = [
        mail
        for mail in several
        if len(_people(mail.visible)) <= BULK and _are_unrelated(_people(mail.visible), mail.sender)
    ]
    if exposed:
        yield Problem(
            exposed[0].span,
            f"{len(exposed):,} of {len(batch.mails):,} mails go to several people who see each "
            "other's addresses; the others go to one each",
            "Look for two addresses in one cell of the list, and give each a mail of its own.",
            weaker=True,
            rows=batch.rows(exposed),
        )


def _people(addresses: Iterable[str]) -> dict[str, str]:
    """Address -> domain, of what is an address."""
    found = {}
    for address in addresses:
        match = _ADDRESS.search(address)
        if match is not None:
            found[match[0].casefold()] = match[1].casefold()
    return found


def _are_unrelated(people: Mapping[str, str], sender: str) -> bool:
    return _unrelated(_counted([(domain, 1) for domain in people.values()]), _own_domain(sender))


def _fields(found: Iterable[tuple[str, Excerpt, Mailbox]]) -> str:
    return " and ".join(dict.fromkeys(name for name, _, _ in found))


def _domains(audience: Audience, outside: str) -> dict[str, int]:
    """Domain -> different addresses there; as many domains as settle the question."""
    found = audience.query(
        "SELECT f_domain, count(DISTINCT f_address) FROM people "
        f"WHERE k_spoken AND ({audience.sql(outside)}) GROUP BY f_domain ORDER BY f_domain LIMIT 50"
    )
    return {str(domain): int(count) for domain, count in found}


def _counted(domains: list[tuple[str, int]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for domain, count in domains:
        counts[domain] = counts.get(domain, 0) + count
    return counts


def _unrelated(domains: dict[str, int], own: str) -> bool:
    """Whether the people come from several places: each address at a public mail domain is a place
    of its own, a company with its sub-domains is one, the sender's company is none."""
    public = set(public_domains())
    people = sum(count for domain, count in domains.items() if domain in public)
    companies: list[str] = []
    for domain in sorted(domains, key=len):
        same = any(domain == known or domain.endswith("." + known) for known in (own, *companies))
        if domain not in public and not same:
            companies.append(domain)
    return people + len(companies) > 1


def _own_domain(sender: str) -> str:
    """The sender's company; none when the sender uses a public mail domain."""
    match = _ADDRESS.search(sender)
    domain = match[1].casefold() if match else ""
    return "" if domain in public_domains() else domain
