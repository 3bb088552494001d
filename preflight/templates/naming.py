"""What the names in a mailer's tags stand for: a field of the contact, what the mailer itself
fills in, or something that is neither. As data (``preflight/data/engine_names.json``)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from preflight.templates.languages.fault_words import misspelt
from preflight.templates.profiles import names_of
from preflight.templates.tree import Expression, Field, System, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Naming:
    """The names of one dialect, without case.

    ``prefixes``: objects that hold the contact's fields (``customer``, ``contact.data``), the
    longest first. ``elsewhere``: objects that hold other things (an event, the campaign).
    ``system``: what the mailer fills in for everybody; an object there stands for all it holds.
    ``tags``: the mailer's own statements, each ``system`` (prints something for everybody),
    ``code`` (prints nothing) or ``masked`` (may print anything). ``filters``: its own filters or
    helpers; ``fallbacks``: those among them that work like ``default``. ``strict``: it has no
    others, so an unknown one is a mistake. ``loose``: blanks may stand anywhere in a tag.
    ``flavour``: which kind of its family. ``meanings``: helpers that do what one of the tree's
    does. ``spellings``: own ways to write things. ``literal``: tags of the mailer that are no part
    of its language: a match prints something for everybody, or the group ``field`` (with
    ``otherwise`` where that is empty), or what cannot be told (``other``), or nothing (``code``).
    ``absent``: names of tests that fail in every mail (Mailchimp's ``ARCHIVE_PAGE``).
    """

    prefixes: tuple[str, ...] = ()
    elsewhere: frozenset[str] = frozenset()
    system: frozenset[str] = frozenset()
    tags: tuple[tuple[str, str], ...] = ()
    filters: frozenset[str] = frozenset()
    fallbacks: frozenset[str] = frozenset()
    strict: bool = False
    loose: bool = False
    flavour: str = ""
    meanings: tuple[tuple[str, str], ...] = ()
    spellings: frozenset[str] = frozenset()
    literal: re.Pattern[str] | None = None
    absent: frozenset[str] = frozenset()

    def meaning(self, name: str) -> str:
        """What a filter or helper is called where it does the same in the tree; "" for others."""
        return dict(self.meanings).get(name, "")

    def tag(self, name: str) -> str | None:
        """What a statement of the mailer's own is; None for one that it does not have."""
        return dict(self.tags).get(name)

    def takes(self, name: str, known: Iterable[str]) -> bool:
        """Whether a statement that is not known may be one of the mailer's own."""
        return not (self.strict or name.startswith("end") or misspelt(name, known))

    def value(self, path: Sequence[str], start: int, end: int) -> Expression:
        """What a path of names stands for that is written at ``start`` to ``end``."""
        written = ".".join(path)
        folded = written.casefold()
        if _under(folded, self.system):
            return System(written)
        for prefix in self.prefixes:
            if folded.startswith(prefix + ".") and len(written) > len(prefix) + 1:
                return Field(written[len(prefix) + 1 :], start, end)
        if _under(folded, self.elsewhere) or folded in self.prefixes:
            return Unknown()
        return Field(written, start, end)


def _under(name: str, objects: frozenset[str]) -> bool:
    """Whether a name, or an object that it is in, is one of these."""
    while True:
        if name in objects:
            return True
        name, dot, _last = name.rpartition(".")
        if not dot:
            return False


@cache
def naming(dialect: str) -> Naming:
    """The names of a dialect: those of its profile, and of its engine."""
    profile = names_of(dialect)
    facts: dict[str, Any] = {**profile, **_data().get(dialect, {})}
    meanings = facts.get("meanings", {})
    prefixes = sorted((name.casefold() for name in facts.get("prefixes", ())), key=len)
    return Naming(
        tuple(reversed(prefixes)),
        frozenset(name.casefold() for name in facts.get("elsewhere", ())),
        frozenset(
            name.casefold() for name in (*facts.get("system", ()), *profile.get("system", ()))
        ),
        tuple(facts.get("tags", {}).items()),
        frozenset((*facts.get("filters", ()), *facts.get("fallbacks", ()), *meanings)),
        frozenset(facts.get("fallbacks", ())),
        facts.get("strict", False),
        facts.get("loose", False),
        facts.get("flavour", ""),
        tuple(meanings.items()),
        frozenset(facts.get("spellings", ())),
        re.compile(facts["literal"]) if "literal" in facts else None,
        frozenset(name.casefold() for name in facts.get("absent", ())),
    )


@cache
def _data() -> dict[str, dict[str, Any]]:
    file = resources.files("preflight.data").joinpath("engine_names.json")
    data: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return data
