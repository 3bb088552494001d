"""Orders to a language model in the cells of a list."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from preflight.audience.audience import Contact
from preflight.rule import Problem, Severity, rule
from preflight_rules.cells import found_in
from preflight_rules.recipients._address import UNUSUAL


@rule("injected-instruction", on=Contact, severity=Severity.WARNING)
def injected_instruction(contact: Contact) -> Iterator[Problem]:
    """A cell gives orders to a language model: ignore all previous instructions."""
    from preflight.audience.columns import Kind

    audience = contact.audience
    for column in audience.columns:
        if audience.names.terms[column.name.casefold()].kind is not Kind.TEXT:
            continue
        found = found_in(column.name, _orders())
        if column.name.casefold() == "email":  # all patterns need a blank or a bracket
            found = f"{UNUSUAL} and {found}"
        yield Problem(
            None,
            f"“{column.name}” of {{recipients}} gives orders to a language model",
            "Take these words out of the list before they are mailed, or given to a model that "
            "writes, sorts or answers mails.",
            condition=found,
        )


@cache
def _orders() -> str:
    """RE2, for any language."""
    file = files("preflight_rules.placeholders").joinpath("instructions.json")
    patterns = json.loads(file.read_text("utf-8"))["patterns"].values()
    return "(?i)" + "|".join(one["pattern"] for entries in patterns for one in entries)
