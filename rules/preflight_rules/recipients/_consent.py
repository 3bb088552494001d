"""What the list knows of consent, and what the law asks for."""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from preflight.audience.ledger import public_domains
from preflight_rules.cells import asked, column_of, found_in, literal
from preflight_rules.recipients._countries import code_of, values_of
from preflight_rules.relationships._people import either

if TYPE_CHECKING:
    from preflight.audience.audience import Audience

OFFERS = ("prospecting", "promotion")
"""Purposes for which the law asks."""


def laws() -> dict[str, Any]:
    """Country code -> what is asked there."""
    countries: dict[str, Any] = _data()["countries"]
    return countries


def written_as(audience: Audience) -> dict[str, list[str]]:
    """Country code -> how the list writes it, for the countries of those who get the mail."""
    column = column_of(audience, "country")
    found: dict[str, list[str]] = defaultdict(list)
    if column is not None:
        for value, _ in values_of(audience, column):
            code = code_of(value)
            if code is not None:
                found[code].append(value)
    return found


def on_record(audience: Audience) -> str | None:
    """The condition under which the list has a consent on record; None when it has no column."""
    from preflight.audience.columns import fold

    wanted = {fold(name) for name in _data()["columns"]}
    none = rf"(?i)^\s*(?:{either(_data()['none'])})\s*$"
    parts = [
        f"(not blank({asked(column.name)}) and not {found_in(column.name, none)})"
        for column in audience.columns
        if {fold(column.name), fold(column.header)} & wanted
    ]
    if not parts and column_of(audience, "consent_date") is not None:
        parts.append(f"not blank({asked('consent_date')})")
    return f"({' or '.join(parts)})" if parts else None


def private_person(audience: Audience) -> str:
    """The condition under which a contact is certainly no company: an address that anybody can
    have, and no company in the list."""
    domains = ", ".join(map(literal, public_domains()))
    at_home = f'domain("@address") in ({domains})'
    if column_of(audience, "company") is None:
        return f"({at_home})"
    return f"({at_home} and blank({asked('company')}))"


def implied_words() -> str:
    """RE2: a consent that nobody said."""
    return rf"(?i)^\s*(?:{either(_data()['implied'])})\s*$"


def inquiry() -> str:
    """RE2: a source that is a question, no purchase."""
    return rf"(?i){'|'.join(_data()['inquiry'])}"


@cache
def _data() -> Any:
    file = files("preflight_rules.recipients").joinpath("consent_laws.json")
    return json.loads(file.read_text("utf-8"))
