"""Marker files: the words by which a language addresses a reader, one file a language.

Each entry of ``data/markers.<language>.json`` says what matches (phrases of
`preflight.tone.phrases`, with accents as written), which register it shows, how strongly, and one
sentence that it must match and one that it must not; the test suite runs both. ``exceptions`` are
set phrases and homographs in which a marker says nothing; ``plural`` is what shows that a form
which can mean several readers does.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from preflight.tone.files import load
from preflight.tone.phrases import Phrases

if TYPE_CHECKING:
    from collections.abc import Sequence

    from preflight.tone.words import Word

LANGUAGES = ("fr", "en", "de", "es", "it", "pt", "nl")


class Marker(NamedTuple):
    """One entry of a marker file."""

    register: str
    strength: str
    kind: str
    plural: bool  # may be said to several readers
    neutral: tuple[str, ...]  # variants of the language in which it shows no register


class Hit(NamedTuple):
    """A marker at ``words[first:last]``; ``reason`` says why it does not count, or is empty."""

    first: int
    last: int
    marker: Marker
    reason: str


class MarkerFile(NamedTuple):
    """The markers of one language, ready to be looked for."""

    markers: Phrases[Marker]
    exceptions: Phrases[str]
    plural: Phrases[str]


@cache
def marker_file(language: str) -> MarkerFile:
    """The marker file of a language."""
    data = load(f"markers.{language}")
    return MarkerFile(
        Phrases(
            ((phrase, _marker(entry)) for entry in data["markers"] for phrase in entry["match"]),
            fold=str,
        ),
        Phrases(
            (
                (phrase, entry["reason"])
                for entry in data["exceptions"]
                for phrase in entry["match"]
            ),
            fold=str,
        ),
        Phrases((phrase, "") for entry in data["plural"] for phrase in entry["match"]),
    )


def excepted(words: Sequence[Word], language: str) -> dict[int, str]:
    """The words of set phrases and homographs, and what each of them is."""
    found: dict[int, str] = {}
    for first, last, reason in marker_file(language).exceptions.find(words):
        found.update(dict.fromkeys(range(first, last), reason))
    return found


def hits(
    words: Sequence[Word],
    language: str,
    variant: str = "",
    exceptions: dict[int, str] | None = None,
) -> list[Hit]:
    """Every marker in the words, in order; of those at one word the first in the file.

    ``exceptions`` is what `excepted` says of the words, where that is known already.
    """
    if not words:
        return []
    file = marker_file(language)
    if exceptions is None:
        exceptions = excepted(words, language)
    found: list[Hit] = []
    behind = 0
    for first, last, marker in file.markers.find(words):
        if first < behind:
            continue
        behind = last
        reason = next((exceptions[at] for at in range(first, last) if at in exceptions), "")
        if not reason and variant in marker.neutral:
            reason = f"says no register in {variant}"
        found.append(Hit(first, last, marker, reason))
    return found


def speaks_to_many(words: Sequence[Word], language: str) -> list[int]:
    """The sentences in which a phrase shows that several readers are meant."""
    return [words[found.first].sentence for found in marker_file(language).plural.find(words)]


def _marker(entry: dict[str, object]) -> Marker:
    return Marker(
        str(entry["register"]),
        str(entry["strength"]),
        str(entry["kind"]),
        bool(entry.get("plural")),
        tuple(entry.get("neutral", ())),  # type: ignore[arg-type]
    )
