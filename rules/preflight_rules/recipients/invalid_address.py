"""Cells that hold no address, several, or one that no server accepts."""

from __future__ import annotations

from collections.abc import Iterator

from preflight.audience.audience import Contact
from preflight.rule import Problem, Severity, rule
from preflight_rules.recipients._address import (
    LONG_LABEL,
    LONG_LOCAL_PART,
    LONGEST,
    NAMED,
    ORDINARY,
    QUOTED,
    RESERVED,
    SEVERAL,
    SHORT,
    VALID,
)

_CELL = '"@address"'
_SPECIAL = (
    f"(not matches({_CELL}, '{ORDINARY}') or length({_CELL}) > {SHORT} "
    f"or matches({_CELL}, '{RESERVED}'))"
)
_FILLED = f"{_SPECIAL} and not blank({_CELL})"
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
        condition=f"{_SPECIAL} and blank({_CELL})",
    )
    yield Problem(
        None,
        "{recipients} {have} several addresses in one cell",
        "Give each address a row of its own.",
        condition=f"{_SPECIAL} and {_SEVERAL}",
    )
    yield Problem(
        None,
        "{recipients} {have} a name beside the address in one cell, so nothing that is known of "
        "the address was found",
        "Keep the address alone in its column: name@example.org.",
        condition=f"{_SPECIAL} and {_NAMED} and not ({_SEVERAL})",
    )
    yield Problem(
        None,
        "{recipients} {have} an address that no server accepts",
        "Look for blanks, a missing or second @, a missing dot or a character that is none of it.",
        condition=f"{_FILLED} and not ({_VALID}) and not ({_SEVERAL}) and not {_NAMED}",
    )
