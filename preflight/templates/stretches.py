"""What a part of a mail holds to look for tags in: its words, attributes and addresses, decoded."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from preflight.templates.masking import overwrite
from preflight.templates.nodes import FILLER
from preflight.templates.plain import Plain, decode, flow
from preflight.templates.samples import samples_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from preflight.templates.html import Markup
    from preflight.templates.nodes import Attribute, Node, TextRun

# Attributes that are instructions, not words.
_UNREAD = frozenset({"style", "class", "id", "name", "for", "xmlns"})
_ADDRESSES = frozenset({"href", "src", "action", "background", "srcset"})
_OPENS_VALUE = re.compile(r"[{\[%*<«#$~&@\uff5b]|__")
_OPENS_ADDRESS = re.compile(r"[{\[%*#$]|__")
_SOFT_BREAK = re.compile(r"(?<!\n)\n(?!\n)")
_CLOSED = re.compile(r"--!?>|<!--\[(?:end)?if")
_URL = re.compile(r"(?:https?://|www\.|mailto:)[^\s<>\"']+", re.IGNORECASE)
_ENCODED = re.compile(r"%(?:7B|5B|2A|2B|3C|25|24|23|7E|C2%AB)", re.IGNORECASE)


class Stretch(NamedTuple):
    """A text to look through. ``kind``: text, value (an attribute), field (the value of a form's
    field, or what few programs show), address, or hidden. ``lines``: the same with its line ends,
    where they count."""

    plain: Plain
    kind: str
    lines: Plain | None = None


@lru_cache(maxsize=4)
def stretches(base: str, markup: Markup) -> tuple[Stretch, ...]:
    """What a part holds: ``base`` is its text, or the same with what is no words masked. Whole and
    damaged tags are looked for in the same, one after the other."""
    return tuple(_stretches(base, markup))


def _stretches(base: str, markup: Markup) -> Iterator[Stretch]:
    if not markup.html:
        masked = overwrite(base, [*_raw_blocks(markup), *samples_of(base)], FILLER)
        joined = _SOFT_BREAK.sub(" ", masked)  # a tag may be broken over two lines
        yield Stretch(Plain.of(joined), "text", Plain.of(masked))
        yield from _addresses(masked, 0, len(masked))
        return
    runs = markup.runs
    seen = [not (run.hidden or run.sample) for run in runs]
    for outlook in (False, True):  # Outlook's own copies stand beside those of the others
        wanted = [ok and run.outlook == outlook for ok, run in zip(seen, runs, strict=True)]
        if any(wanted):
            yield Stretch(flow(base, runs, wanted), "text")
    for run, ok in zip(runs, seen, strict=True):
        if ok:
            yield from _addresses(base, run.start, run.end)
        elif run.hidden and not _in_template(markup, run):
            yield Stretch(decode(base, run.start, run.end, entities=False), "hidden")
    for node in markup.elements:
        for attribute in node.attributes.values():
            yield from _value(base, node, attribute)
    opened = base.rfind("<!--")
    if opened >= 0 and not _CLOSED.search(base, opened) and markup.run_at(opened) is None:
        # A comment without an end: some programs hide all that follows, others show it.
        yield Stretch(decode(base, opened, len(base)), "field")


def _raw_blocks(markup: Markup) -> list[tuple[int, int]]:
    return [(run.start, run.end) for run in markup.runs if run.sample]


def _value(base: str, node: Node, attribute: Attribute) -> Iterator[Stretch]:
    if not _OPENS_VALUE.search(base, attribute.start, attribute.end):
        return
    name = attribute.name
    if name in _UNREAD or name.startswith(("on", "data-", "mc:")):
        yield Stretch(decode(base, attribute.start, attribute.end), "hidden")
        return
    if name not in _ADDRESSES:
        form = name == "value" and node.tag in ("input", "option", "param")
        yield Stretch(decode(base, attribute.start, attribute.end), "field" if form else "value")
        return
    yield Stretch(decode(base, attribute.start, attribute.end), "address")
    if _ENCODED.search(base, attribute.start, attribute.end):
        yield Stretch(decode(base, attribute.start, attribute.end, percent=True), "address")


def _addresses(base: str, start: int, end: int) -> Iterator[Stretch]:
    """Addresses written in the text."""
    for match in _URL.finditer(base, start, end):
        if not _OPENS_ADDRESS.search(match.group()):
            continue
        yield Stretch(decode(base, *match.span(), entities=False), "address")
        if _ENCODED.search(match.group()):
            yield Stretch(decode(base, *match.span(), percent=True), "address")


def _in_template(markup: Markup, run: TextRun) -> bool:
    return any(node.tag == "template" for node in markup.ancestors(run.element))
