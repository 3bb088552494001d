"""What is known about each dialect, as data (``preflight/data/dialects.json``)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import Any, Literal

from preflight.templates.words import load

_WORDS = re.compile(r"\b(?:PATH|FIELD|WORD)\b")


@dataclass(frozen=True, slots=True)
class Semantics:
    """How a dialect takes values.

    ``empty_cell``: an empty cell of the list is the empty text (``text``) or no value at all
    (``nothing``). ``empty_is_true``: the empty text counts as true (Liquid, Ruby). ``zero_is_true``
    likewise for 0. ``missing``: what a value that is not there prints ("" for most, ``None``,
    ``null``, ``undefined``, ``<no value>``); None: the tag as written.
    """

    empty_cell: Literal["text", "nothing"] = "nothing"
    empty_is_true: bool = False
    zero_is_true: bool = False
    missing: str | None = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """One dialect.

    ``family``: what a tag looks like. ``reader``: the name of the reader of its templates.
    ``engine``: it is a template language, whose names are those of the data; else a mailer, which
    has its own names for the usual fields. ``example``: a tag; ``fallback``: the same with words
    for an empty value (FIELD, or PATH with the object it is in, and WORD stand for the name and
    the words; "" where the dialect has none). ``unsubscribe``, ``online``, ``address``: the
    mailer's own tags, as written. ``reserved``: names that the mailer fills in. ``synonyms``: its
    names for fields that no list has. ``marks``: patterns of what only those write who send with
    it; ``hints``: of tags that only it has, which may stand in a mail by mistake. ``aliases``:
    other names for it.
    ``spelling``: how a field is printed, x for its name; None where that takes more than the name.
    ``one_line``: a tag must not go over a line's end. ``beside``: it is a template language in
    which the tags of that other dialect work as well.
    """

    id: str
    mailer: str
    family: str
    reader: str = ""
    engine: bool = False
    example: str = ""
    fallback: str = ""
    unsubscribe: tuple[str, ...] = ()
    online: tuple[str, ...] = ()
    address: tuple[str, ...] = ()
    reserved: tuple[str, ...] = ()
    synonyms: tuple[tuple[str, str], ...] = ()
    marks: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    semantics: Semantics = field(default_factory=Semantics)
    spelling: str | None = None
    one_line: bool = False
    beside: str = ""

    def spelled(self, name: str) -> str | None:
        """The tag that prints a field."""
        return self.spelling and self.spelling.replace("x", name)

    def with_fallback(self, written: str, word: str) -> str:
        """A tag that prints ``word`` where the field that is ``written`` so is empty; "" where
        that cannot be written."""
        name = written.rpartition(".")[2].strip(" @$[]{}")
        words = {"PATH": written, "FIELD": name, "WORD": word}
        return _WORDS.sub(lambda found: words[found.group()], self.fallback)


def profile(name: str) -> Profile | None:
    """The profile of a dialect by its short name or another of its names, without case."""
    found = name.strip().casefold()
    return profiles().get(_aliases().get(found, found))


def known_dialects() -> tuple[Profile, ...]:
    """All profiles, in the order of their short names."""
    return tuple(found for _name, found in sorted(profiles().items()))


def did_you_mean(name: str) -> str | None:
    """The short name that is nearest to an unknown one."""
    close = get_close_matches(name.strip().casefold(), [*profiles(), *_aliases()], n=1)
    return _aliases().get(close[0], close[0]) if close else None


def shapes_of(dialect: str) -> tuple[dict[str, Any], ...]:
    """The patterns of the tags of a dialect, for `preflight.templates.languages.merge_tags`."""
    data = load("dialects.json")
    names = data["profiles"].get(dialect, {}).get("shapes", ())
    return tuple(entry for name in names for entry in data["shapes"][name])


def names_of(dialect: str) -> dict[str, Any]:
    """What the names of a dialect stand for, for `preflight.templates.naming`."""
    facts: dict[str, Any] = load("dialects.json")["profiles"].get(dialect, {})
    return {
        "prefixes": facts.get("prefixes", ()),
        "elsewhere": facts.get("elsewhere", ()),
        "system": facts.get("reserved", ()),
        "absent": facts.get("absent", ()),
        "filters": facts.get("filters", ()),
        "tags": facts.get("tags", {}),
        **({"literal": facts["literal"]} if "literal" in facts else {}),
    }


@cache
def profiles() -> dict[str, Profile]:
    return {name: _made(name, facts) for name, facts in load("dialects.json")["profiles"].items()}


@cache
def _aliases() -> dict[str, str]:
    return {alias: found.id for found in profiles().values() for alias in found.aliases}


def _made(name: str, facts: dict[str, Any]) -> Profile:
    def several(key: str) -> tuple[str, ...]:
        return tuple(facts.get(key, ()))

    return Profile(
        name,
        facts["mailer"],
        facts["family"],
        facts.get("reader", ""),
        facts.get("engine", False),
        facts["example"],
        facts.get("fallback", ""),
        several("unsubscribe"),
        several("online"),
        several("address"),
        several("reserved"),
        tuple((key.casefold(), value) for key, value in facts.get("synonyms", {}).items()),
        several("marks"),
        several("hints"),
        several("aliases"),
        Semantics(**facts.get("semantics", {})),
        facts.get("spelling"),
        facts.get("one_line", False),
        facts.get("beside", ""),
    )
