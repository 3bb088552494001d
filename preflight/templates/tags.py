"""Merge tags of any mailer that will reach the reader as they stand.

Shapes are data (`tag_families.json`). A strong shape counts alone; a weak one, which ordinary
prose and code have too, needs the name of a field in it. A false alarm is worse than a miss.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from preflight.templates.families import Family, families_known, own_families
from preflight.templates.masking import overwrite
from preflight.templates.nodes import FILLER
from preflight.templates.plain import Plain, decode, flow
from preflight.templates.samples import samples_of
from preflight.templates.words import (
    compact,
    is_common,
    is_field,
    is_personal,
    is_system,
    load,
    normalise_name,
)
from preflight.templates.zones import in_salutation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from preflight.templates.html import Markup
    from preflight.templates.nodes import Attribute, Node, TextRun

__all__ = ["FoundTag", "find_tags", "normalise_name"]

_UNREAD = frozenset({"style", "class", "id"})  # attributes that are instructions, not words
_OPENS = re.compile(r"[{\[%*<«#$~&@]")
_SOFT_BREAK = re.compile(r"(?<!\n)\n(?!\n)")
_URL = re.compile(r"(?:https?://|www\.|mailto:)[^\s<>\"']+", re.IGNORECASE)
_ENCODED = re.compile(r"%(?:7B|5B|2A|3C|25|24|23|7E|C2%AB)", re.IGNORECASE)
_TO_ADDRESS = re.compile(
    r"[\s\]>)]{0,3}(?:[-:=\u2192\u2013\u2014>|]\s*)?[<(\[]?(?:https?://|www\.|mailto:)",
    re.IGNORECASE,
)
_WRITTEN_TOGETHER = re.compile(r"\w*(?:[a-z][A-Z]|_)\w*")
_PLAIN_WORDS = re.compile(r"[^\W\d_]+(?:\s+[^\W\d_]+)*")
_HEAD = re.compile(r"\W*([A-Za-z]+)([.:=])(?=\w|\$\{)")
_FIXED = re.compile(r"(?:https?|mailto|tel|sms|ftp)\s*:", re.IGNORECASE)
_WORDS_IN_NAME = 4


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


class _Stretch(NamedTuple):
    """A text to look through. ``kind``: text, value (an attribute), address, or hidden.
    ``lines``: the same with its line ends, where they count."""

    plain: Plain
    kind: str
    lines: Plain | None = None


def find_tags(
    text: str,
    markup: Markup,
    *,
    fields: frozenset[str] = frozenset(),
    skip: Sequence[tuple[int, int]] = (),
    own_family: str | None = None,
) -> tuple[FoundTag, ...]:
    """The literal merge tags of a part, in order, none overlapping another.

    ``markup``: the view of ``text``; its own template code is left out, as is what ``skip`` names.
    ``fields``: names of the list's own columns. ``own_family``: families (joined by ``+``) that
    are the template's own dialect and so no leftovers.
    """
    if not _OPENS.search(text):
        return ()
    base = markup.masked if len(markup.masked) == len(text) else text
    base = overwrite(base, skip, FILLER)
    own = own_families(own_family)
    families = [family for family in families_known() if family.id not in own]
    names = frozenset(compact(normalise_name(name)) for name in fields) - {""}
    found = [
        tag
        for stretch in _stretches(base, markup)
        for tag in _in_stretch(stretch, text, markup, families, names)
    ]
    if "<x>" not in own:
        found += _elements(text, markup)
    return tuple(_first_of_overlapping(found))


# --- what is looked through ------------------------------------------------------------------


def _stretches(base: str, markup: Markup) -> Iterator[_Stretch]:
    if not markup.html:
        masked = overwrite(base, [*_raw_blocks(markup), *samples_of(base)], FILLER)
        joined = _SOFT_BREAK.sub(" ", masked)  # a tag may be broken over two lines
        yield _Stretch(Plain.of(joined), "text", Plain.of(masked))
        yield from _encoded(masked, 0, len(masked))
        return
    runs = markup.runs
    seen = [not (run.hidden or run.sample) for run in runs]
    for outlook in (False, True):  # Outlook's own copies stand beside those of the others
        wanted = [ok and run.outlook == outlook for ok, run in zip(seen, runs, strict=True)]
        if any(wanted):
            yield _Stretch(flow(base, runs, wanted), "text")
    for run, ok in zip(runs, seen, strict=True):
        if ok:
            yield from _encoded(base, run.start, run.end)
        elif run.hidden and not _in_template(markup, run):
            yield _Stretch(decode(base, run.start, run.end, entities=False), "hidden")
    for node in markup.elements:
        for attribute in node.attributes.values():
            yield from _value(base, attribute)


def _raw_blocks(markup: Markup) -> list[tuple[int, int]]:
    return [(run.start, run.end) for run in markup.runs if run.sample]


def _value(base: str, attribute: Attribute) -> Iterator[_Stretch]:
    if not _OPENS.search(base, attribute.start, attribute.end):
        return
    name = attribute.name
    if name in _UNREAD or name.startswith(("on", "data-", "mc:")):
        yield _Stretch(decode(base, attribute.start, attribute.end), "hidden")
        return
    kind = "address" if name in ("href", "src", "action", "background", "srcset") else "value"
    yield _Stretch(decode(base, attribute.start, attribute.end), kind)
    if kind == "address" and _ENCODED.search(base, attribute.start, attribute.end):
        yield _Stretch(decode(base, attribute.start, attribute.end, percent=True), kind)


def _encoded(base: str, start: int, end: int) -> Iterator[_Stretch]:
    """Percent-encoded addresses written in the text."""
    if "%" not in base:
        return
    for match in _URL.finditer(base, start, end):
        if _ENCODED.search(match.group()):
            yield _Stretch(decode(base, *match.span(), percent=True), "address")


def _in_template(markup: Markup, run: TextRun) -> bool:
    return any(node.tag == "template" for node in markup.ancestors(run.element))


# --- what counts -------------------------------------------------------------------------------


def _in_stretch(
    stretch: _Stretch,
    text: str,
    markup: Markup,
    families: Iterable[Family],
    names: frozenset[str],
) -> Iterator[FoundTag]:
    plain, kind, _ = stretch
    words = plain.text
    for family in families:
        if family.opening not in words:
            continue
        if kind == "hidden" and family.id not in ("{{..}}", "*|..|*"):
            continue
        pattern = family.in_address if kind == "address" else family.pattern
        for match in pattern.finditer(words):
            if FILLER in match.group():
                continue
            verdict = _judge(family, match, stretch, markup, names)
            if verdict is not None:
                start, end = plain.source_span(*match.span())
                name = normalise_name(match["name"])
                yield FoundTag(start, end, text[start:end], family.id, name, verdict)


def _judge(
    family: Family,
    match: re.Match[str],
    stretch: _Stretch,
    markup: Markup,
    names: frozenset[str],
) -> bool | None:
    """Whether it is certainly a tag; None when it is none."""
    written = match["name"]
    name = normalise_name(written)
    plain, kind, lines = stretch
    known = is_field(name) or compact(name) in names or _has_namespace(written)
    sure = is_personal(name) or is_system(name) or _has_namespace(written)
    if kind == "hidden":
        return True if known or family.id == "*|..|*" else None
    if family.strength == "strong":
        return _judge_strong(family.id, written, name, known)
    greets = kind == "text" and in_salutation(lines or plain, *match.span(), is_plain=True)
    if family.strength == "greeting":
        return True if greets and is_personal(name) else None
    if family.id == "[..]" and _is_link_text(match, stretch, markup):
        return None
    if family.id in ("{..}", "${..}") and kind == "text" and not greets and _is_path(match):
        return None
    shell = family.id == "%..%" and kind == "text" and not greets and "." not in written
    if shell and compact(name) in _shell_names():
        return None
    rest = match.groupdict().get("rest") or ""
    if sure or rest.startswith((",", "=", "%%", "|", " ")):
        return True if known or "fallback" in rest else None
    return _judge_weak(family, match, name, known=known, placed=greets or kind == "address")


def _judge_strong(family: str, written: str, name: str, known: bool) -> bool | None:
    if known:
        return True
    if family == "%%..%%" and " " in written and written[0] not in "[=":
        return None
    if family == "{{..}}" and name.count("_") >= _WORDS_IN_NAME and _PLAIN_WORDS.fullmatch(written):
        return None
    return family not in ("{{..}}", "%%..%%") or not _PLAIN_WORDS.fullmatch(written)


def _judge_weak(
    family: Family, match: re.Match[str], name: str, *, known: bool, placed: bool
) -> bool | None:
    written = match["name"]
    if family.id == "${..}" and not placed and written.isupper():
        return None
    if family.strength == "shaped" and " " not in written and _WRITTEN_TOGETHER.fullmatch(written):
        return True
    if not known:
        return None
    if family.strength == "rare" and not placed:
        # A column of the list, when its name is none that prose would have.
        return False if not is_common(name) and "_" in name else None
    return placed


def _has_namespace(written: str) -> bool:
    """``contact.x``, ``var:x``, ``contactfield=x``: nobody writes so but for a mailer."""
    head = _HEAD.match(written)
    return head is not None and head[1].lower() in load("tag_families.json")["namespaces"][head[2]]


def _is_link_text(match: re.Match[str], stretch: _Stretch, markup: Markup) -> bool:
    """``[unsubscribe]`` with a working address is style, not a tag; in an address itself, a
    bracket is a tag only as a whole value (``filter[name]=x`` is none)."""
    words = stretch.plain.text
    if stretch.kind == "address":
        return words[match.end() : match.end() + 1] not in ("", "&", "/", "#") or words[
            : match.start()
        ][-1:] not in ("", "=", "/", ":", "?")
    if _TO_ADDRESS.match(words, match.end()):
        return True
    start, _ = stretch.plain.source_span(match.start("name"), match.start("name") + 1)
    run = markup.run_at(start) if markup.html else None
    return run is not None and any(_leads_somewhere(node) for node in markup.ancestors(run.element))


def _leads_somewhere(node: Node) -> bool:
    href = node.attributes.get("href") if node.tag == "a" else None
    if href is None:
        return False
    return href.dynamic or bool(_FIXED.match(href.value.strip()))


def _is_path(match: re.Match[str]) -> bool:
    """``/users/{name}/posts``: documentation of an interface."""
    words, at = match.string, match.start()
    begin = max(words.rfind(" ", 0, at), words.rfind("\n", 0, at)) + 1
    before = words[begin:at]
    return "/" in before and "://" not in before


def _elements(text: str, markup: Markup) -> Iterator[FoundTag]:
    """``<unsubscribe>``: Campaign Monitor and Sendy make it into a link, nobody else does."""
    names = load("tag_families.json")["elements"]["names"]
    for node in markup.elements:
        if node.tag in names:
            yield FoundTag(node.start, node.end, text[node.start : node.end], "<x>", node.tag, True)


def _first_of_overlapping(found: list[FoundTag]) -> Iterator[FoundTag]:
    end = -1
    for tag in sorted(found, key=lambda tag: (tag.start, -tag.end, not tag.certain)):
        if tag.start >= end:
            yield tag
            end = tag.end


@cache
def _shell_names() -> frozenset[str]:
    return frozenset(compact(name) for name in load("field_words.json")["windows"])
