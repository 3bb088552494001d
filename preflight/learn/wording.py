"""What `preflight learn` prints: text alone, not yet fit to be shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from preflight.report.wording import counted

if TYPE_CHECKING:
    from preflight.learn.ledger import Proposal
    from preflight.learn.letters import Letters
    from preflight.learn.register import Learned

_SHOWN = 20


def heap(letters: Letters, senders: tuple[str, ...]) -> Iterator[str]:
    """What was read, and what of it says nothing."""
    yield f"{counted(letters.mails, 'mail')} read."
    if not senders:
        sender, count = letters.senders.most_common(1)[0]
        yield f"Yours are taken to be the {count:,} from {sender or 'nobody'} (--from says others)."
    left_out = [
        (letters.several, "to several people"),
        (letters.silent, "without a word that leaves no doubt"),
        (len(letters.unreadable), f"unreadable, the first {''.join(letters.unreadable[:1])}"),
    ]
    said = "; ".join(f"{count:,} {why}" for count, why in left_out if count)
    if said:
        yield f"Left out: {said}."


def told(proposal: Proposal, *, everything: bool) -> Iterator[str]:
    """The proposal, one paragraph for each kind of answer."""
    most = 1_000_000 if everything else _SHOWN
    for file, people in proposal.changes:
        yield from _people(f"{file.shown}: the register of {_persons(people)}", people, most)
    contrary = [one for one, _ in proposal.contrary]
    words = {one.address: f"the ledger says “{written}”; " for one, written in proposal.contrary}
    yield from _people(
        f"The ledger says otherwise, and is left alone: {_persons(contrary)}", contrary, most, words
    )
    yield from _people(
        f"Not decided: {_persons(proposal.undecided)}", proposal.undecided, most, spelling=False
    )
    yield from _people(
        f"In neither ledger.clients nor ledger.known: {_persons(proposal.strangers)}; "
        "add them there, and run this again",
        proposal.strangers,
        most,
    )
    if proposal.agreeing:
        yield ""
        yield f"The ledger says so already of {_persons(proposal.agreeing)}."
    for refused in proposal.refused:
        yield ""
        yield f"Not written to: {refused}."


def _people(
    title: str,
    people: list[Learned],
    most: int,
    before: dict[str, str] | None = None,
    *,
    spelling: bool = True,
) -> Iterator[str]:
    if not people:
        return
    yield ""
    yield f"{title}."
    for one in people[:most]:
        said = f"{one.spelling}: " if spelling else ""
        yield f"  {one.address}  {said}{(before or {}).get(one.address, '')}{one.reason}"
    if len(people) > most:
        yield f"  and {len(people) - most:,} more (--verbose)"


def _persons(people: list[Learned]) -> str:
    return "1 person" if len(people) == 1 else f"{len(people):,} people"
