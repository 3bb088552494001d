"""Who somebody is to the sender: conditions over the ledger and the list's own columns."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from preflight.audience.audience import Audience
    from preflight.source import Span

TO_EVERYBODY = frozenset(("service", "incident", "apology"))
"""Purposes of mails that people need whatever else is between them and you."""

KNOWN_NAMES = frozenset(("relationship", "known_since", "is_known", "is_client"))
"""What a filter asks to tell the people whom you know from the others."""


@cache
def load(name: str) -> Any:
    """A word list of the pack (JSON), read once."""
    return json.loads(files("preflight_rules.data").joinpath(name).read_text("utf-8"))


def known(audience: Audience) -> str | None:
    """The condition under which you know a contact now; None when nothing could tell. Those who
    were clients once are not among them."""
    parts = ['"ledger.is_known"'] if audience.has("ledger.is_known") else []
    own = []
    if has_column(audience, "relationship"):
        own.append(f"matches(\"relationship\", '{_relationship(former=False)}')")
    if has_column(audience, "known_since"):
        own.append(_known_since(audience))
    if own:
        gone = _own_former(audience)
        if audience.has("ledger.is_former_client"):
            gone.append('"ledger.is_former_client"')
        said = f"({' or '.join(own)})"
        parts.append(f"({said} and not ({' or '.join(gone)}))" if gone else said)
    return f"({' or '.join(parts)})" if parts else None


def former_client(audience: Audience) -> str | None:
    """The condition under which a contact was a client and is none now."""
    parts = ['"ledger.is_former_client"'] if audience.has("ledger.is_former_client") else []
    still = ' and not "ledger.is_known"' if audience.has("ledger.is_known") else ""
    parts += [f"({own}{still})" for own in _own_former(audience)]
    return f"({' or '.join(parts)})" if parts else None


def unless_subscribed(audience: Audience, condition: str) -> str:
    """The condition for all but those who asked for this newsletter themselves."""
    if audience.campaign.purpose.value == "newsletter" and has_column(audience, "consent"):
        return f"({condition}) and not matches(\"consent\", '(?i)^\\s*express\\s*$')"
    return condition


def has_column(audience: Audience, name: str) -> bool:
    """Whether the list itself has a column of that name."""
    return any(column.name.casefold() == name for column in audience.columns)


def clause_about(audience: Audience, names: Iterable[str]) -> Span | None:
    """The place of the one clause of ``where`` that asks for one of these names (or for a column
    that is called so after mapping); None when there is none, or more than one."""
    from preflight.audience.columns import aliases

    where = audience.segment.where
    if where is None or where.condition is None:
        return None
    wanted = set(names)
    for column in audience.columns:
        if column.name.casefold() in wanted:
            wanted |= aliases(column)
    asked = [
        where.condition.stretch(column)[0]
        for column in where.condition.columns
        if column.name.casefold() in wanted
    ]
    found = [one for one in where.clauses if any(one.start <= at < one.end for at in asked)]
    return where.part(found[0].start, found[0].end) if len(found) == 1 else None


def _known_since(audience: Audience) -> str:
    from preflight.audience.columns import Kind

    kind = audience.names.terms["known_since"].kind
    if kind in (Kind.DATE, Kind.TIMESTAMP):
        return '"known_since" <= current_date'
    return "matches(\"known_since\", '(?i)[1-9]|^\\s*(true|yes)\\s*$')"


def _own_former(audience: Audience) -> list[str]:
    if not has_column(audience, "relationship"):
        return []
    return [f"matches(\"relationship\", '{_relationship(former=True)}')"]


@cache
def _relationship(*, former: bool) -> str:
    """RE2: one of the entries of the cell is a word for a client of old, or for people you know."""
    from preflight.audience.ledger import FORMER

    gone = {_folded(word) for word in FORMER}
    words = load("known_relationships.json")["words"]
    chosen = FORMER if former else [word for word in words if _folded(word) not in gone]
    return rf"(?i)(^|[,;/|+&])\s*({either(chosen)})(\(e\)|·e)?\s*($|[,;/|+&])"


def relationship_says(relationship: str) -> bool | None:
    """Whether a cell says that you know somebody, or once did; None when it says neither."""
    if any(re.search(_relationship(former=former), relationship) for former in (False, True)):
        return True
    folded = "".join(filter(str.isalnum, without_accents(relationship.casefold())))
    new = load("newcomers.json")["words"]
    return False if folded in {"".join(filter(str.isalnum, word)) for word in new} else None


def _folded(word: str) -> str:
    return re.sub(r"[\s_-]+", "_", word.strip().casefold())


def either(words: Iterable[str]) -> str:
    """RE2: any of the words, with or without their accents; a blank stands for blanks, hyphens and
    underscores, a star for the rest of a word."""
    spelt = {spelling for word in words for spelling in (word, without_accents(word))}
    return "|".join(
        r"[\s_-]+".join(
            re.escape(part).replace(r"\*", r"[^\s,;/]*") for part in re.split(r"[\s_-]+", word)
        )
        for word in sorted(spelt, key=lambda word: (-len(word), word))
    )


def without_accents(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    return "".join(char for char in plain if not unicodedata.combining(char))
