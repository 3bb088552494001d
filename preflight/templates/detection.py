"""Finding out which dialect the parts of a mail are in."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from preflight.templates.dialects import known_dialects, profile, read_template
from preflight.templates.words import load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from preflight.templates.profiles import Profile

_SEVERAL = 2  # so many tags stand in a mail by no mistake


def detect(texts: Sequence[str]) -> str | None:
    """The dialect of the parts of a mail, where it is clear.

    A mailer is known by its marks (its own unsubscribe tag, ways of writing that only it has), a
    template language by its statements; plain ``{{ x }}`` and text without tags are ``jinja``, and
    so is what other engines read in the same way. A stray tag of another mailer among many of one
    is a mistake, no dialect. None where no reading fits better than another.
    """
    outside = [_without_samples(text) for text in texts]
    curly = sum(len(pattern.findall(text)) for pattern in _patterns("jinja") for text in outside)
    own: list[Profile] = _best(outside, curly=False)
    found = _curly(outside, texts) if curly else None
    if own and curly:
        both = next((one for one in known_dialects() if one.beside == own[0].id), None)
        engine = profile(found) if found else None
        if both and engine and (engine.engine or engine is both):
            return both.id
    if own:
        among = own[0].family.startswith("{{{")  # its tags are counted as curly ones too
        if _tags(own[0], texts) + among > curly:
            return own[0].id
    if curly:
        return found
    return None if _any("foreign", outside) else "jinja"


def _curly(outside: Sequence[str], texts: Sequence[str]) -> str | None:
    """The dialect of texts whose tags are ``{{ x }}`` or ``{% x %}``."""
    marked = _best(outside, curly=True)
    mailers = [found for found in marked if not found.engine]
    engines = [found for found in marked if found.engine]
    plain = not _any("not_jinja", outside)
    jinja = plain and all(_reads("jinja", text) for text in texts)
    candidates = mailers if jinja else mailers + engines
    for found in candidates:
        if all(_reads(found.id, text) for text in texts):
            return found.id
    if plain:
        return "jinja"
    return candidates[0].id if candidates else None


def _best(texts: Sequence[str], *, curly: bool) -> list[Profile]:
    """The profiles whose marks are found, those with the most first; of equals the mailer, whose
    own marks the language that it is built on does not have."""
    scores: list[tuple[int, bool, int, str, Profile]] = []
    for found in known_dialects():
        if (found.family.startswith("{{") and not found.family.startswith("{{{")) is not curly:
            continue
        sure, hints = (_hits(patterns, texts) for patterns in _marks(found.id))
        if sum(sure) or sum(hints) >= _SEVERAL:
            kinds = sum(hit > 0 for hit in (*sure, *hints))
            scores.append((-kinds, found.engine, -sum(sure) - sum(hints), found.id, found))
    return [found for *_score, found in sorted(scores, key=lambda score: score[:4])]


def _tags(found: Profile, texts: Sequence[str]) -> int:
    """How many tags there are when the texts are read so."""
    parsed = [read_template(text, found.id, frozenset()) for text in texts]
    return sum(len(one.tags) + len(one.branches) for one in parsed if one is not None)


def _reads(dialect: str, text: str) -> bool:
    """Whether a text is a template of the dialect without a fault."""
    parsed = read_template(text, dialect)
    return parsed is not None and parsed.fault is None


def _hits(patterns: Sequence[re.Pattern[str]], texts: Sequence[str]) -> list[int]:
    return [sum(len(pattern.findall(text)) for text in texts) for pattern in patterns]


@cache
def _marks(dialect: str) -> tuple[tuple[re.Pattern[str], ...], tuple[re.Pattern[str], ...]]:
    """The marks of a dialect, and its hints."""
    found = profile(dialect)
    if found is None:
        return (), ()
    return tuple(map(re.compile, found.marks)), tuple(map(re.compile, found.hints))


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
def _patterns(kind: str) -> tuple[re.Pattern[str], ...]:
    return tuple(map(re.compile, load("dialects.json")["detection"][kind]))


@cache
def _samples() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    pairs = load("dialects.json")["detection"]["samples"]
    return tuple((re.compile(opening), re.compile(closing)) for opening, closing in pairs)
