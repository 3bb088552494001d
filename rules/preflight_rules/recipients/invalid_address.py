"""Cells that hold no address, several, or one that no server accepts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from preflight.audience.audience import FIRST_ROWS, Audience, Contact
from preflight.rule import Need, Problem, Rows, Severity, rule
from preflight.templates.message import Message
from preflight_rules.recipients._address import (
    LONG_LABEL,
    LONG_LOCAL_PART,
    LONGEST,
    NAMED,
    QUOTED,
    RESERVED,
    SEVERAL,
    UNUSUAL,
    VALID,
    is_address,
    shape_of,
    why_refused,
)

_FIELDS = ("to", "cc", "bcc")
_ASIDE = re.compile(  # and groups
    r""" "[^"]*+" | <[^<>]*+> | \([^()]*+\) | (?<![^:;,"<>()]) [^:;,"<>()]*+ : [^:;"<>()]*+ ; """,
    re.VERBOSE,
)
_SEMICOLON = re.compile(r";\s*\S")
_CELL = '"@address"'
_FILLED = f"{UNUSUAL} and not blank({_CELL})"
_SEVERAL = f"matches({_CELL}, '{SEVERAL}') and not matches({_CELL}, '{QUOTED}')"
_NAMED = f"matches({_CELL}, '{NAMED}')"
_VALID = (
    f"matches({_CELL}, '{VALID}') and not matches({_CELL}, '{RESERVED}') "
    f"and not matches({_CELL}, '{LONG_LABEL}') and length({_CELL}) <= {LONGEST} "
    f"and not matches({_CELL}, '{LONG_LOCAL_PART}')"
)
_STOPPED = f"{_FILLED} and not ({_VALID}) and not ({_SEVERAL}) and not {_NAMED}"
_SHOWN = 3
_EXAMINED = 10_000
"""Of more shapes, the word of the condition is taken: the column is none of addresses."""


@rule("invalid-address", on=Contact, severity=Severity.ERROR)
def invalid_address(_: Contact) -> Iterator[Problem]:
    """A recipient has no address, several in one cell, or one that no server accepts."""
    yield Problem(
        None,
        "{recipients} {have} no address",
        "Complete the list, or leave these rows out.",
        condition=f"{UNUSUAL} and blank({_CELL})",
    )
    yield Problem(
        None,
        "{recipients} {have} several addresses in one cell",
        "Give each address a row of its own.",
        condition=f"{UNUSUAL} and {_SEVERAL}",
    )
    yield Problem(
        None,
        "{recipients} {have} a name beside the address in one cell, so nothing that is known of "
        "the address was found",
        "Keep the address alone in its column: name@example.org.",
        condition=f"{UNUSUAL} and {_NAMED} and not ({_SEVERAL})",
    )
    yield _REFUSED


def _exactly(audience: Audience) -> Problem | None:
    """Each address that the condition stopped, by the exact test: what that accepts is none, and
    of the others it knows why."""
    stopped = f"k_spoken AND {audience.sql(_STOPPED)}"
    rows, reasons = 0, Counter[str]()
    known: dict[str, str] = {}  # of addresses of one shape one is looked at
    first: list[int] = []
    found = audience.query(
        f"SELECT f_address, count(*), min(_row, {FIRST_ROWS}) FROM people WHERE {stopped} "
        "GROUP BY f_address ORDER BY min(_row)"
    )
    for address, count, places in found:
        shape = shape_of(str(address))
        if shape not in known:
            known[shape] = why_refused(str(address)) if len(known) < _EXAMINED else "it is none"
        reason = known[shape]
        if reason:
            rows += count
            reasons[reason] += count
            first += places
    if not rows:
        return None
    return replace(
        _REFUSED,
        message=f"{_REFUSED.message}: {_told(reasons)}",
        rows=Rows(rows, tuple(sorted(first)[:FIRST_ROWS])),
        condition=None,
    )


def _told(reasons: Counter[str]) -> str:
    if len(reasons) == 1:
        return next(iter(reasons))
    parts = [f"{reason} ({count:,})" for reason, count in reasons.most_common(_SHOWN)]
    rest = reasons.total() - sum(count for _, count in reasons.most_common(_SHOWN))
    return "; ".join(parts) + (f"; and {rest:,} more" if rest else "")


_REFUSED = Problem(
    None,
    "{recipients} {have} an address that no server accepts",
    "Look for blanks, a missing or second @, a missing dot or a character that is none of it.",
    condition=_STOPPED,
    exactly=_exactly,
)


@invalid_address.also(on=Message, needs=(Need.HEADERS,))
def in_message(message: Message) -> Iterator[Problem]:
    """An address of a finished mail that no server accepts. One that was delivered had a way."""
    mail = message.mail
    if mail is None or mail.values("received"):
        return
    for header in mail.headers or ():
        if header.name.lower() in _FIELDS and _SEMICOLON.search(_ASIDE.sub("", header.value.text)):
            yield Problem(
                header.value.part(0, len(header.value.text)),
                f"a semicolon stands between the addresses in {header.name}: only the first counts",
                "Give each address a mail of its own, or put commas between them.",
            )
    for name, value, box in mail.mailboxes(*_FIELDS):
        part = message.parts.get(f"header:{name}")
        tags = part.tags if part is not None and not is_address(box.address) else ()
        if is_address(box.address) or any(t.start < box.end and box.start < t.end for t in tags):
            continue  # of a tag that is left over speaks unrendered-placeholder
        yield Problem(
            value.part(box.start, box.end) if box.end > box.start else value.span,
            f"an address in {name} is empty"
            if not box.address
            else f"an address in {name} is none that a server accepts",
            "Look for blanks, a missing or second @, a missing dot or a character that is none of "
            "it; without it the mail goes astray, or to the others only.",
        )
