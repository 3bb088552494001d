"""Cells that hold no address, several, or one that no server accepts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from preflight.audience.audience import Contact
from preflight.rule import Need, Problem, Severity, rule
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
)

_FIELDS = ("to", "cc", "bcc")
_ASIDE = re.compile(r'"[^"]*+"|<[^<>]*+>|\([^()]*+\)|[^:;,"<>()]*+:[^:;"<>()]*+;')  # and groups
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
    yield Problem(
        None,
        "{recipients} {have} an address that no server accepts",
        "Look for blanks, a missing or second @, a missing dot or a character that is none of it.",
        condition=f"{_FILLED} and not ({_VALID}) and not ({_SEVERAL}) and not {_NAMED}",
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
