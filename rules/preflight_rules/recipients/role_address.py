"""Addresses that no single person reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from preflight.audience.audience import Contact
from preflight.rule import Problem, Severity, rule
from preflight_rules.cells import literal
from preflight_rules.relationships._people import TO_EVERYBODY

_WELCOME = TO_EVERYBODY | {"press"}


@rule("role-address", on=Contact, severity=Severity.NOTICE)
def role_address(contact: Contact) -> Iterator[Problem]:
    """A recipient is an office such as info@ or sales@, and no person."""
    if contact.purpose in _WELCOME:
        return
    yield Problem(
        None,
        "{recipients} {are} no person but an office, such as info@ or sales@",
        "Write to a person where you know one: several people read such an address, and any of "
        "them may report the mail.",
        condition=_offices(),
    )


@cache
def _offices() -> str:
    data = json.loads(
        files("preflight_rules.recipients").joinpath("role_address.json").read_text("utf-8")
    )
    words = sorted({word for words in data["words"].values() for word in words})
    spelt = "|".join(word.replace(" ", "[._-]?") for word in words)
    return f'matches("@address", {literal(f"^(?:{spelt})@")})'
