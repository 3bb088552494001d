"""Merge tags that somebody damaged: a brace too few, a blank between the signs, backslashes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from preflight.templates.masking import overwrite
from preflight.templates.nodes import FILLER
from preflight.templates.stretches import Stretch, stretches
from preflight.templates.words import (
    compact,
    is_field,
    is_personal,
    is_system,
    load,
    normalise_name,
)
from preflight.templates.zones import in_salutation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from preflight.templates.html import Markup


class Shape(NamedTuple):
    """One way to damage a tag: see `broken_tags.json`."""

    what: str
    whole: str
    strength: str
    opening: str
    written: str

    @property
    def pattern(self) -> re.Pattern[str]:
        return _compiled(self.written)


@dataclass(frozen=True, slots=True)
class BrokenTag:
    """A damaged tag: ``text[start:end]`` of the part. ``name``: the field as written in it;
    ``what``: what is wrong; ``whole``: what was meant, "" where that cannot be told."""

    start: int
    end: int
    text: str
    name: str
    what: str
    whole: str


def find_broken_tags(
    text: str,
    markup: Markup,
    *,
    fields: frozenset[str] = frozenset(),
    skip: Sequence[tuple[int, int]] = (),
) -> tuple[BrokenTag, ...]:
    """The damaged tags of a part, in order, none overlapping another. ``markup``, ``fields`` and
    ``skip`` as in `find_tags`."""
    base = markup.masked if len(markup.masked) == len(text) else text
    shapes = [shape for shape in _shapes() if _may_hold(text, shape)]
    if not shapes:
        return ()
    columns = frozenset(compact(normalise_name(name)) for name in fields) - {""}
    found = [
        tag
        for stretch in stretches(overwrite(base, skip, FILLER), markup)
        if stretch.kind != "hidden"
        for tag in _in_stretch(stretch, text, shapes, columns)
    ]
    return tuple(_first_of_overlapping(found))


def _may_hold(text: str, shape: Shape) -> bool:
    """The opening stands there, or some of it may be an entity."""
    return shape.opening in text or "&" in text


def _in_stretch(
    stretch: Stretch, text: str, shapes: Sequence[Shape], columns: frozenset[str]
) -> Iterator[BrokenTag]:
    words = stretch.plain.text
    for shape in shapes:
        if shape.opening not in words:
            continue
        for match in shape.pattern.finditer(words):
            if FILLER in match.group() or not _counts(shape, match, stretch, columns):
                continue
            start, end = stretch.plain.source_span(*match.span())
            name = match["name"].strip()
            whole = shape.whole.replace("x", name)
            yield BrokenTag(start, end, text[start:end], name, shape.what, whole)


def _counts(shape: Shape, match: re.Match[str], stretch: Stretch, columns: frozenset[str]) -> bool:
    if shape.strength == "strong":
        return True
    name = normalise_name(match["name"])
    sure = is_personal(name) or is_system(name)
    if shape.strength == "sure":
        return sure
    if shape.strength == "greeting":
        plain = stretch.lines or stretch.plain
        placed = stretch.kind == "text" and in_salutation(plain, *match.span(), is_plain=True)
        return sure and placed
    return sure or is_field(name) or compact(name) in columns


def _first_of_overlapping(found: list[BrokenTag]) -> Iterator[BrokenTag]:
    end = -1
    for tag in sorted(found, key=lambda tag: (tag.start, -tag.end)):
        if tag.start >= end:
            yield tag
            end = tag.end


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.MULTILINE)


@cache
def _shapes() -> tuple[Shape, ...]:
    return tuple(
        Shape(
            entry["what"],
            entry["whole"],
            entry.get("strength", "field"),
            entry["opening"],
            entry["pattern"],
        )
        for entry in load("broken_tags.json")["shapes"]
    )
