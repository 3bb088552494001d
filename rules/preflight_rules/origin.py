"""Where the words of a finished message come from, and whose fault they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from preflight.rule import Rows

if TYPE_CHECKING:
    from preflight.templates.message import Message, Part
    from preflight.templates.message import Segment as Stretch
    from preflight.templates.model import Outcome, Tag


def own_words(message: Message, part: Part, start: int, end: int) -> bool:
    """Whether ``part.text[start:end]`` is the template's own: literal text, a constant, an included
    file. A class of recipients speaks never for values, so what a value brings is not; in a mail
    that was handed in, whoever brought the words, its reader sees them."""
    if part.template is None:
        return True
    covered = 0
    printing = _printing(part)
    for stretch in stretches(part, start, end):
        if not stretch.literal and stretch.source_start in printing:
            return False
        covered += min(stretch.end, end) - max(stretch.start, start)
    return covered == end - start or not _in_values(message, part.text[start:end])


def in_included_file(part: Part, start: int, end: int) -> bool:
    """Whether ``part.text[start:end]`` stands as it is in a file that the template includes: that
    file is a template of its own, so what there is to say is said there."""
    if any(stretches(part, start, end)):
        return False
    words = part.text[start:end]
    return any(words in file.text for file in part.included)


def all_from_template(part: Part) -> bool:
    """Whether a part is nothing but literal text of its template and printed fields: then what
    there is to say of its words is said of the template already."""
    if part.template is None or not part.parsed.literals:
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


def rows_of(outcomes: Iterable[Outcome]) -> Rows:
    """The recipients of some outcomes of one tag."""
    some = list(outcomes)
    first = sorted({ordinal for one in some for ordinal in one.first})
    return Rows(sum(one.count for one in some), tuple(first[:20]))


def empty_tag_between(message: Message, part: Part, start: int, end: int) -> bool:
    """Whether a field that prints nothing stands in ``part.text[start:end]``: the rule
    `empty-placeholder` speaks of that. In an included file nobody knows which, if it has any."""
    if not any(stretches(part, start, end)) and any(
        tag.names for file in part.included for tag in file.parsed.tags
    ):
        return True
    return any(_speaks_for_itself(message, tag) for tag in _silent_tags(part, start, end))


def _silent_tags(part: Part, start: int, end: int) -> Iterator[Tag]:
    before = [stretch for stretch in part.segments if stretch.start < start]
    after = [stretch for stretch in part.segments if stretch.end > end]
    first = before[-1].source_start if before else 0
    last = after[0].source_end if after else len(part.excerpt.text)
    printed = {stretch.source_start for stretch in part.segments if not stretch.literal}
    for tag in part.parsed.tags:
        if first <= tag.start and tag.end <= last and tag.start not in printed:
            yield tag


def _speaks_for_itself(message: Message, tag: Tag) -> bool:
    """Always reached, or reached in this class: a cell of blanks is true for a condition."""
    if not tag.names:
        return False
    return tag.when == "true" or any(message.facts.get(name.casefold()) for name in tag.names)


def _printing(part: Part) -> frozenset[int]:
    """Where the tags begin that print fields."""
    return frozenset(tag.start for tag in part.parsed.tags if tag.names)


def _in_values(message: Message, words: str) -> bool:
    folded = words.strip().casefold()
    return any(
        isinstance(value, str) and folded in value.casefold() for value in message.facts.values()
    )
