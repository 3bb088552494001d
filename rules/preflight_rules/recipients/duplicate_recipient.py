"""The same person twice among the recipients."""

from __future__ import annotations

from collections.abc import Iterator

from preflight.audience.audience import FIRST_ROWS, Audience
from preflight.batch import Batch, Digest
from preflight.rule import Problem, Related, Rows, Severity, rule

# One mailbox, however it is written: without its tag and, at Gmail, without dots.
_LOCAL = "split_part(f_address, '@', 1)"
_UNTAGGED = f"coalesce(nullif(split_part({_LOCAL}, '+', 1), ''), {_LOCAL})"
_MAILBOX = (
    "CASE WHEN f_domain IN ('gmail.com', 'googlemail.com') "
    f"THEN replace({_UNTAGGED}, '.', '') || '@gmail.com' "
    f"WHEN contains(f_address, '+') THEN {_UNTAGGED} || '@' || f_domain "
    "ELSE f_address END"
)
# Written out twice: under a name it would be kept, and that takes longer than to make it again.
_CHOSEN = (
    f"(SELECT _row, f_address, {_MAILBOX} AS mailbox FROM people "
    "WHERE k_spoken AND (f_ordinary OR strpos(f_address, '@') > 1)) AS chosen"
)
# Of millions of addresses only those whose mailbox comes again are compared letter by letter.
_REPEATED = (
    f"WITH again AS (SELECT hash(mailbox) AS h FROM {_CHOSEN} GROUP BY h HAVING count(*) > 1), "
    f"suspects AS (SELECT * FROM {_CHOSEN} SEMI JOIN again ON hash(chosen.mailbox) = again.h), "
    "placed AS (SELECT _row, f_address, min(_row) OVER same AS first_row, "
    "count(*) OVER same AS times FROM suspects WINDOW same AS (PARTITION BY mailbox)) "
    "SELECT count(DISTINCT first_row), count(*), count(DISTINCT f_address), "
    f"min([_row, first_row], {FIRST_ROWS}) FILTER (WHERE _row > first_row) "
    "FROM placed WHERE times > 1"
)


@rule("duplicate-recipient", on=Audience, severity=Severity.WARNING)
def duplicate_recipient(audience: Audience) -> Iterator[Problem]:
    """The same person is among the recipients twice."""
    mailboxes, rows, addresses, found = audience.query(_REPEATED)[0]
    if not mailboxes:
        return
    repeats = int(rows - mailboxes)
    written_otherwise = int(addresses - mailboxes)
    yield Problem(
        None,
        "{recipients} {get} this mail a second time" + _how(repeats, written_otherwise),
        "Keep one row of each person.",
        rows=Rows(repeats, tuple(int(row) for row, _ in found)),
        related=(audience.related(int(found[0][1]), "the same person stands here before"),),
    )


@duplicate_recipient.also(on=Batch)
def in_batch(batch: Batch) -> Iterator[Problem]:
    """Two mails of a batch that say the same go to one mailbox, or one mail goes to it twice."""
    first: dict[tuple[str, str], Digest] = {}
    again: list[Digest] = []
    earlier: Digest | None = None
    for mail in batch.mails:
        here = set()
        for mailbox in map(_mailbox, mail.to):
            key = (mailbox, " ".join(mail.subject.casefold().split()))
            known = first.setdefault(key, mail)
            if (known is not mail and known.says_as(mail)) or mailbox in here:
                again.append(mail)
                earlier = earlier or known
            here.add(mailbox)
    if not again:
        return
    assert earlier is not None
    related = [Related(earlier.span, "the same person gets this one")]
    yield Problem(
        again[0].span,
        "the same person gets this mail a second time"
        if len(again) == 1
        else f"{len(again):,} mails go to people who get the same mail already",
        "Keep one row of each person in the list.",
        rows=batch.rows(again),
        related=tuple(related if earlier is not again[0] else ()),
    )


def _mailbox(address: str) -> str:
    """The mailbox, as `_MAILBOX` has it."""
    local, _, domain = address.strip().lower().rpartition("@")
    local = local.partition("+")[0] or local
    if domain in ("gmail.com", "googlemail.com"):
        return local.replace(".", "") + "@gmail.com"
    return f"{local}@{domain}"


def _how(repeats: int, written_otherwise: int) -> str:
    same = repeats - written_otherwise
    if not written_otherwise:
        return ": the same address is in an earlier row"
    if not same:
        return ": the same mailbox, written with another tag or other dots, is in an earlier row"
    return (
        f": {same:,} by the same address, {written_otherwise:,} by one that differs only in a tag "
        "or in dots"
    )
