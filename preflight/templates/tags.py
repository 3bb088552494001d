"""Merge tags of any mailer that will reach the reader as they stand.

Shapes are data (`tag_families.json`). A strong shape counts alone; a weak one, which ordinary
prose and code have too, needs the name of a field in it. A false alarm is worse than a miss.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from preflight.templates.families import Family, foreign_families, own_families
from preflight.templates.masking import overwrite
from preflight.templates.nodes import FILLER
from preflight.templates.stretches import Stretch, stretches
from preflight.templates.tag_judge import Judge, is_macro
from preflight.templates.words import compact, is_personal, load, normalise_name
from preflight.templates.zones import SALUTATION_BEFORE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from preflight.templates.html import Markup
    from preflight.templates.nodes import Node

__all__ = ["FoundTag", "find_tags", "normalise_name"]

_IN_HIDDEN = ("{{..}}", "*|..|*")
_OPENS = re.compile(r"[|{\[%*<«#$~&@!(_\ufffd-]")


@dataclass(frozen=True, slots=True)
class FoundTag:
    """A tag as it stands: ``text[start:end]`` of the part. ``family``: its shape, as in
    `tag_families.json`; ``name``: the field, normalised. ``certain``: no prose or code looks so."""

    start: int
    end: int
    text: str
    family: str
    name: str
    certain: bool


def find_tags(
    text: str,
    markup: Markup,
    *,
    fields: frozenset[str] = frozenset(),
    skip: Sequence[tuple[int, int]] = (),
    own_family: str | None = None,
    part: str = "",
) -> tuple[FoundTag, ...]:
    """The literal merge tags of a part, in order, none overlapping another.

    ``markup``: the view of ``text``; its own template code is left out, as is what ``skip`` names.
    ``fields``: names of the list's own columns. ``own_family``: families (joined by ``+``) that
    are the template's own dialect and so no leftovers. ``part``: its name (subject, from, html,
    ...), where it is known.
    """
    if not _OPENS.search(text):
        return ()
    base = markup.masked if len(markup.masked) == len(text) else text
    base = overwrite(base, skip, FILLER)
    columns = frozenset(compact(normalise_name(name)) for name in fields) - {""}
    header = part in ("subject", "from", "preheader") or part.startswith("header:")
    judge = Judge(base, markup, columns, header)
    families = foreign_families(own_family)
    found = [
        tag
        for stretch in stretches(base, markup)
        for tag in _in_stretch(stretch, text, families, judge)
    ]
    if "<x>" not in own_families(own_family):
        found += _elements(text, markup)
    return tuple(_first_of_overlapping(found))


# --- what counts -------------------------------------------------------------------------------


def _in_stretch(
    stretch: Stretch, text: str, families: Iterable[Family], judge: Judge
) -> Iterator[FoundTag]:
    plain, kind = stretch.plain, stretch.kind
    words = plain.text
    for family in families:
        if family.opening not in words:
            continue
        if kind == "hidden" and family.id not in _IN_HIDDEN:
            continue
        if kind != "text" and family.greets:
            continue
        pattern = family.in_address if kind == "address" else family.pattern
        last = SALUTATION_BEFORE if family.greets else len(words)
        for match in pattern.finditer(words, 0, last):
            if FILLER in match.group():
                continue
            verdict = judge.verdict(family, match, stretch)
            if verdict is not None:
                start, end = plain.source_span(*match.span())
                name = normalise_name(match["name"])
                yield FoundTag(start, end, text[start:end], family.id, name, verdict)


def _elements(text: str, markup: Markup) -> Iterator[FoundTag]:
    """``<unsubscribe>``: Campaign Monitor and Sendy make it into a link, nobody else does.
    ``<first_name>``: a gap that the reader's program takes for an element."""
    data = load("tag_families.json")["elements"]
    classes = data["classes"] if any(name in text for name in data["classes"]) else ()
    for node in markup.elements:
        if _is_gap(node.tag) or (classes and _class_of(node) in classes):
            yield FoundTag(node.start, node.end, text[node.start : node.end], "<x>", node.tag, True)


@lru_cache(maxsize=1_000)
def _is_gap(tag: str) -> bool:
    known = load("tag_families.json")["elements"]["names"]
    name = normalise_name(tag.rpartition("$")[2])  # <A--$rotate> too
    return tag in known or is_personal(name) or ("$" in tag and is_macro(name))


def _class_of(node: Node) -> str:
    found = node.attributes.get("class")
    return found.value.strip().casefold() if found else ""


def _first_of_overlapping(found: list[FoundTag]) -> Iterator[FoundTag]:
    end = -1
    for tag in sorted(found, key=lambda tag: (tag.start, -tag.end, not tag.certain)):
        if tag.start >= end:
            yield tag
            end = tag.end
