"""Countries by any name that lists give them."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from preflight_rules.cells import folded

if TYPE_CHECKING:
    from preflight.audience.audience import Audience
    from preflight.audience.columns import Column

MOST = 5_000
"""So many different values of a column are looked at, the most frequent first."""
_LONGEST = 100
_JOINTS = re.compile(r"\s*[-–—/(),;:|]\s*|\s{2,}")


def code_of(value: str) -> str | None:
    """The ISO 3166-1 code of a country; None for what is none. ``NA`` is Namibia, and
    ``Germany (DE)`` is Germany."""
    if len(value) > _LONGEST:
        return None
    names = _names()
    whole = names.get(folded(value))
    if whole is not None:
        return whole
    parts = [names.get(folded(part)) for part in _JOINTS.split(value) if part.strip()]
    known = {part for part in parts if part is not None}
    return known.pop() if len(known) == 1 else None


def values_of(audience: Audience, column: Column) -> list[tuple[str, int]]:
    """The different values of a column as they are written, and how many of those who get the
    mail have each; blank ones aside."""
    cell = f"trim({column.physical})"
    found = audience.ask(
        f"SELECT {cell} AS value, count(*) AS n FROM people WHERE k_spoken AND {cell} <> '' "
        f"GROUP BY value ORDER BY n DESC, value LIMIT {MOST}"
    )
    return [(str(value), int(count)) for value, count in found]


@cache
def _names() -> dict[str, str]:
    file = files("preflight_rules.recipients").joinpath("countries.json")
    names: dict[str, str] = {}
    for code, others in json.loads(file.read_text("utf-8"))["names"].items():
        for name in others:
            names.setdefault(name, code)
    for code in set(names.values()):
        names[code.lower()] = code
    return names
