"""Press people as conditions: newsroom domains, words of their jobs, addresses of newsrooms."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from preflight_rules.relationships._people import either, load

if TYPE_CHECKING:
    from preflight.audience.audience import Audience

_EDGE = r"[\s,;:/|&()+.\x22-]"
"""What parts two words. Classes of all letters of the world would make the patterns ten times as
dear."""
_WORD_PART = r"[^\s,;:/|&()+.\x22-]*"
_WORD = r"[^\s,;:/|&()+.\x22-]+"


def press_people(audience: Audience) -> Iterator[str]:
    """The conditions of which one holds for journalists, bloggers and media people."""
    from preflight.audience.columns import fold

    if audience.has("ledger.is_press"):
        yield '"ledger.is_press"'
    outlets, newsrooms = _addresses()
    yield f"matches(\"@domain\", '{outlets}')"
    yield f"matches(\"@address\", '{newsrooms}')"
    jobs, groups = _columns()
    for column in audience.columns:
        names = {fold(column.name), fold(column.header)}
        if names & (jobs | groups):
            yield from _told_by(column.name, grouped=bool(names & groups))
    if audience.has("ledger.relationship"):
        yield from _told_by("ledger.relationship", grouped=True)


def _told_by(column: str, *, grouped: bool) -> Iterator[str]:
    cell = 'lower("' + column.replace('"', '""') + '")'
    yield f"(matches({cell}, '{_roles()}') and not matches({cell}, '{_other_jobs()}'))"
    if grouped:
        yield f"matches({cell}, '{_groups()}')"


@cache
def _columns() -> tuple[frozenset[str], frozenset[str]]:
    from preflight.audience.columns import fold

    words = load("press.json")
    jobs, groups = (frozenset(map(fold, words[kind])) for kind in ("job_columns", "group_columns"))
    return jobs, groups


@cache
def _roles() -> str:
    words = load("press.json")
    anywhere = rf"(^|{_EDGE})({either(words['roles'])})($|{_EDGE})"
    return rf"{anywhere}|^\s*({either(words['alone'])})\s*($|[,(|]|at\s)"


@cache
def _other_jobs() -> str:
    words = load("press.json")
    stems, gap = either(words["stems"]), r"[\s&-]+"
    before = rf"({either(words['before'])})({gap}{_WORD}){{0,2}}{gap}{_WORD_PART}({stems})"
    after = rf"({stems}){_WORD_PART}({gap}{_WORD})?{gap}({either(words['after'])})($|{_EDGE})"
    return rf"(^|{_EDGE})({before})|{after}"


@cache
def _groups() -> str:
    return rf"(^|[,;|/])\s*({either(load('press.json')['groups'])})\s*($|[,;|/])"


@cache
def _addresses() -> tuple[str, str]:
    """A domain, and an address, in lower case; one pattern costs a tenth of a list of 150
    domains."""
    words = load("press.json")
    domains = "|".join(domain.replace(".", "[.]") for domain in words["domains"])
    return f"^({domains})$", rf"^({either(words['local_parts'])})([._-][^@]*)?@"
