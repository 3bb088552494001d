"""Where the words of a finished message come from, and whose fault they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from preflight.templates.message import Message, Part
    from preflight.templates.message import Segment as Stretch
    from preflight.templates.model import Tag


def own_words(message: Message, part: Part, start: int, end: int) -> bool:
    """Whether ``part.text[start:end]`` is the template's own: literal text, a constant, an included
    file. A class of recipients speaks never for values, so what a value brings is not."""
    covered = 0
    printing = _printing(part)
    for stretch in stretches(part, start, end):
        if not stretch.literal and stretch.source_start in printing:
            return False
        covered += min(stretch.end, end) - max(stretch.start, start)
    return covered == end - start or not _in_values(message, part.text[start:end])


def all_from_template(part: Part) -> bool:
    """Whether a part is nothing but literal text of its template and printed fields: then what
    there is to say of its words is said of the template already."""
    if not part.template.parsed.literals:
        return False
    printing = _printing(part)
    covered = sum(stretch.length for stretch in part.segments)
    return covered == len(part.text) and all(
        stretch.literal or stretch.source_start in printing for stretch in part.segments
    )


def stretches(part: Part, start: int, end: int) -> Iterator[Stretch]:
    """The segments that ``part.text[start:end]`` overlaps, in order."""
    for stretch in part.segments:
        if stretch.start >= end:
            return
        if stretch.end > start:
            yield stretch


def output_of(part: Part, tag: Tag) -> str | None:
    """What a tag printed; None when it was not reached, or when that cannot be told."""
    printed = [s for s in part.segments if not s.literal and s.source_start == tag.start]
    if printed:
        return "".join(part.text[s.start : s.end] for s in printed)
    beside = any(
        s.literal and (s.source_end == tag.start or s.source_start == tag.end)
        for s in part.segments
    )
    return "" if beside or tag.when == "true" else None


def empty_tag_between(message: Message, part: Part, start: int, end: int) -> bool:
    """Whether a field that prints nothing stands in ``part.text[start:end]``: the rule
    `empty-placeholder` speaks of that."""
    return any(_speaks_for_itself(message, tag) for tag in _silent_tags(part, start, end))


def _silent_tags(part: Part, start: int, end: int) -> Iterator[Tag]:
    before = [stretch for stretch in part.segments if stretch.start < start]
    after = [stretch for stretch in part.segments if stretch.end > end]
    first = before[-1].source_start if before else 0
    last = after[0].source_end if after else len(part.template.text)
    printed = {stretch.source_start for stretch in part.segments if not stretch.literal}
    for tag in part.template.parsed.tags:
        if first <= tag.start and tag.end <= last and tag.start not in printed:
            yield tag


def _speaks_for_itself(message: Message, tag: Tag) -> bool:
    """Always reached, or reached in this class: a cell of blanks is true for a condition."""
    if not tag.names:
        return False
    return tag.when == "true" or any(message.facts.get(name.casefold()) for name in tag.names)


def _printing(part: Part) -> frozenset[int]:
    """Where the tags begin that print fields."""
    return frozenset(tag.start for tag in part.template.parsed.tags if tag.names)


def _in_values(message: Message, words: str) -> bool:
    folded = words.strip().casefold()
    return any(
        isinstance(value, str) and folded in value.casefold() for value in message.facts.values()
    )
