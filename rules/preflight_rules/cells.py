"""The columns of a list as rules ask for them: which the mail prints, and how a condition names
them."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from preflight.audience.audience import Audience, Contact
    from preflight.audience.columns import Column


def asked(name: str) -> str:
    """A column's name as a condition writes it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as a condition writes it."""
    return "'" + text.replace("'", "''") + "'"


def found_in(name: str, pattern: str) -> str:
    """The condition under which a regular expression (RE2) is found in a column."""
    return f"matches({asked(name)}, {literal(pattern)})"


def printed_columns(contact: Contact) -> tuple[Column, ...]:
    """The columns that some part of the mail prints, but for the address itself, as they stand in
    the list."""
    audience = contact.audience
    terms = audience.names.terms
    names = frozenset[str]().union(*contact.printed.values())
    printed = {terms[name].sql for name in names if name in terms}
    return tuple(
        column
        for column in audience.columns
        if column.physical in printed and column.name.casefold() != "email"
    )


def column_of(audience: Audience, name: str) -> Column | None:
    """The list's own column of that name."""
    return next((one for one in audience.columns if one.name.casefold() == name), None)


def folded(text: str) -> str:
    """Without case and accents, each run of other signs as one blank."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join("".join(char if char.isalnum() else " " for char in kept).split())
