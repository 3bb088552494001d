"""What templates loop over: articles, products, what no row of a recipient list has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from preflight.templates.model import Template

_LOOPED = re.compile(
    r"(?:\bfor\b[^%{}]{1,80}?\bin|[#/](?:each|list)|#foreach\s*\([^()]{1,80}?\bin|\brange)"
    r"[\s(]+[.$@]?(?P<over>[^\W\d]\w*)"
    r"|(?<![\w.])@?(?P<each>[^\W\d]\w*)\.(?:each|each_with_index|forEach|map)\b"
)


def collections_of(template: Template) -> dict[str, tuple[int, int]]:
    """The names that the template goes through in a loop and that no contact has, casefolded, with
    the place of the first."""
    if template.columns is None:
        return {}
    used = {start: (name, end) for name, start, end in template.parsed.names}
    found: dict[str, tuple[int, int]] = {}
    for start, end in template.parsed.code:
        for match in _LOOPED.finditer(template.text, start, end):
            at = match.start(match.lastgroup or 0)
            name, last = used.get(at, ("", 0))
            if name and name.casefold() not in template.columns:
                found.setdefault(name.casefold(), (at, last))
    return found
