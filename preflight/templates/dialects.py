"""Dialects of merge tags: which there are, which one a text is in, and who can read it.

A dialect is a profile, as data (``preflight/data/dialects.json``): its mailer, the family of
delimiters, the reader, the mailer's own tags. The tags of a template are read only where there is
a reader; otherwise the caller says that they were not checked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import Any

from preflight.templates.model import Parsed

Reader = Callable[[str, frozenset[str] | None], Parsed]


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known about one dialect.

    ``family``: what a tag looks like. ``reader``: the name of the reader of its templates, None
    where there is none. ``unsubscribe``: the mailer's own tags for it, as written. ``reserved``:
    names that the mailer fills, not the list.
    """

    id: str
    mailer: str
    family: str
    reader: str | None = None
    unsubscribe: tuple[str, ...] = ()
    reserved: tuple[str, ...] = ()


def profile(name: str) -> Profile | None:
    """The profile of a dialect by its short name, without case; None when there is none."""
    return _profiles().get(name.strip().casefold())


def known_dialects() -> tuple[Profile, ...]:
    """All profiles, in the order of their short names."""
    return tuple(found for _name, found in sorted(_profiles().items()))


def did_you_mean(name: str) -> str | None:
    """The short name that is nearest to an unknown one."""
    close = get_close_matches(name.strip().casefold(), _profiles(), n=1)
    return close[0] if close else None


def detect(texts: Sequence[str]) -> str | None:
    """The dialect of the parts of a mail, where it is clear: ``jinja`` for Jinja tags (a stray tag
    of another mailer among them is a mistake, no dialect) and for text without tags. None for tags
    that Jinja cannot read, and where all tags are another mailer's."""
    outside = [_without_samples(text) for text in texts]
    if _any("not_jinja", outside):
        return None
    return None if _any("foreign", outside) and not _any("jinja", texts) else "jinja"


def read_template(text: str, dialect: str, columns: frozenset[str] | None = None) -> Parsed | None:
    """What a template is made of; None when nothing here reads its dialect.

    ``columns``: casefolded names of the fields that contacts have, None when no list was read.
    """
    known = profile(dialect)
    reader = _reader(known.reader) if known and known.reader else None
    return reader(text, columns) if reader else None


def _reader(name: str) -> Reader | None:
    if name == "jinja":
        from preflight.templates.jinja import read_jinja

        return read_jinja
    return None


def _any(kind: str, texts: Sequence[str]) -> bool:
    return any(pattern.search(text) for pattern in _patterns(kind) for text in texts)


def _without_samples(text: str) -> str:
    """The text without raw blocks and comments. Not one regular expression: that would take
    quadratic time on marks that are never closed."""
    for opening, closing in _samples():
        kept, at = [], 0
        while (start := opening.search(text, at)) and (end := closing.search(text, start.end())):
            kept.append(text[at : start.start()])
            at = end.end()
        text = "".join([*kept, text[at:]])
    return text


@cache
def _data() -> dict[str, Any]:
    file = resources.files("preflight.data").joinpath("dialects.json")
    data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return data


@cache
def _profiles() -> dict[str, Profile]:
    return {
        name: Profile(
            name,
            facts["mailer"],
            facts["family"],
            facts.get("reader"),
            tuple(facts.get("unsubscribe", ())),
            tuple(facts.get("reserved", ())),
        )
        for name, facts in _data()["profiles"].items()
    }


@cache
def _patterns(kind: str) -> tuple[re.Pattern[str], ...]:
    return tuple(map(re.compile, _data()["detection"][kind]))


@cache
def _samples() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    pairs = _data()["detection"]["samples"]
    return tuple((re.compile(opening), re.compile(closing)) for opening, closing in pairs)
