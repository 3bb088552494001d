"""The same person twice among the recipients."""

from __future__ import annotations

from collections.abc import Iterator

from preflight.audience.audience import FIRST_ROWS, Audience
from preflight.rule import Problem, Related, Rows, Severity, rule
from preflight.source import Source

# One mailbox, however it is written: without its tag and, at Gmail, without dots.
_LOCAL = "split_part(f_address, '@', 1)"
_UNTAGGED = f"coalesce(nullif(split_part({_LOCAL}, '+', 1), ''), {_LOCAL})"
_MAILBOX = (
    "CASE WHEN f_domain IN ('gmail.com', 'googlemail.com') "
    f"THEN replace({_UNTAGGED}, '.', '') || '@gmail.com' ELSE {_UNTAGGED} || '@' || f_domain END"
)
_CHOSEN = (
    f"(SELECT _row, f_address, {_MAILBOX} AS mailbox FROM people "
    "WHERE k_spoken AND strpos(f_address, '@') > 1)"
)


@rule("duplicate-recipient", on=Audience, severity=Severity.WARNING)
def duplicate_recipient(audience: Audience) -> Iterator[Problem]:
    """The same person is among the recipients twice."""
    mailboxes, rows, addresses = audience.query(
        f"SELECT count(*), sum(rows), sum(addresses) FROM (SELECT count(*) AS rows, "
        f"count(DISTINCT f_address) AS addresses FROM {_CHOSEN} GROUP BY mailbox HAVING rows > 1)"
    )[0]
    if not mailboxes:
        return
    repeats = int(rows - mailboxes)
    written_otherwise = int(addresses - mailboxes)
    found = audience.query(
        f"SELECT later._row, first_row FROM {_CHOSEN} later JOIN (SELECT mailbox, min(_row) AS "
        f"first_row FROM {_CHOSEN} GROUP BY mailbox HAVING count(*) > 1) USING (mailbox) "
        f"WHERE later._row > first_row ORDER BY later._row LIMIT {FIRST_ROWS}"
    )
    path, line = audience.place_of(int(found[0][1]))
    place = Source(path, "", first_line=line, personal=True).span()
    yield Problem(
        None,
        "{recipients} {get} this mail a second time" + _how(repeats, written_otherwise),
        "Keep one row of each person.",
        rows=Rows(repeats, tuple(int(row) for row, _ in found)),
        related=(Related(place, "the same person stands here before"),),
    )


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
