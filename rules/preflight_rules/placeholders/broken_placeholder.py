"""A merge tag that somebody damaged, so that no mailer reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from preflight.campaign.places import clipped
from preflight.rule import Fix, Problem, Severity, rule
from preflight.templates.message import Message
from preflight.templates.model import Template
from preflight.templates.words import is_system, normalise_name
from preflight.templates.zones import zone_of
from preflight_rules.origin import all_from_template, own_words
from preflight_rules.placeholders._leftovers import (
    broken_over_lines,
    column_for,
    fix_of,
    leftovers_in_part,
    leftovers_in_template,
    spelled,
)

if TYPE_CHECKING:
    from preflight.templates.broken_tags import BrokenTag

_HELP_UNKNOWN = "Write the tag whole, or take it out."
_STRING = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
_CURLY = re.compile(r"[“”„‟‘’‚]")
_MARKUP = re.compile(r"</?[A-Za-z][^<>\n]{0,200}>")
_ENTITY = re.compile(r"&(?:nbsp|quot|apos|amp|lt|gt|#\d{2,5}|#x[0-9a-fA-F]{2,4});")
_INSIDE = (
    (_CURLY, "curly quotes stand in it", "Write straight quotes in the tag."),
    (_MARKUP, "markup stands in it", "Take the markup out of the tag, and put it around it."),
    (_ENTITY, "an entity stands in it", "Write the character itself in the tag."),
)


@rule("broken-placeholder", on=Template, severity=Severity.ERROR)
def broken_placeholder(template: Template) -> Iterator[Problem]:
    """A merge tag is damaged, so that the mailer does not read it."""
    for tag in leftovers_in_template(template).broken:
        column = column_for(normalise_name(tag.name), template.columns)
        zone = zone_of(template, tag.start, tag.end)
        yield Problem(
            template.span(tag.start, tag.end),
            _message(tag),
            _help(tag, spelled(template, column)),
            fix=fix_of(template, tag.start, tag.end, column, zone),
        )
    yield from _too_many(template)
    yield from _spoilt(template)
    for start, end in broken_over_lines(template):
        yield Problem(
            template.span(start, end),
            f"“{_shown(template.text[start:end])}” is no tag: it is broken over two lines",
            "Write the tag on one line.",
        )


@broken_placeholder.also(on=Message)
def in_message(message: Message) -> Iterator[Problem]:
    """The same in a finished mail, in words that were made by the template, not by a value."""
    said: set[tuple[int, int]] = set()
    for part in message.parts.values():
        if all_from_template(part):
            continue
        for tag in leftovers_in_part(part).broken:
            span = part.span(tag.start, tag.end)
            place = (span.start, span.end)
            if place not in said and own_words(message, part, tag.start, tag.end):
                said.add(place)
                yield Problem(span, _message(tag), _help(tag, None))


def _message(tag: BrokenTag) -> str:
    return f"“{_shown(tag.text)}” is no tag: {tag.what}"


def _help(tag: BrokenTag, right: str | None) -> str:
    whole = right or ("" if is_system(normalise_name(tag.name)) else tag.whole)
    return f"Write {whole}." if whole else _HELP_UNKNOWN


def _shown(tag: str) -> str:
    return clipped(" ".join(tag.split()))


def _too_many(template: Template) -> Iterator[Problem]:
    """``{{ first_name }}}``: the tag is read, and a brace is left for the reader to see."""
    markup, text = template.markup, template.text
    for tag in template.parsed.tags:
        written = text[tag.start : tag.end]
        if not written.endswith("}}") or text[tag.end : tag.end + 1] != "}":
            continue
        run = markup.run_at(tag.end) if markup.html else None
        line = text[text.rfind("\n", 0, tag.start) + 1 : tag.start]
        if "{" in re.sub(r"\{\{[^{}]*\}\}|\{%[^%]*%\}", "", line):
            continue  # JSON and the like
        if markup.html and (run is None or run.hidden or run.sample):
            continue
        yield Problem(
            template.span(tag.start, tag.end + 1),
            f"“{_shown(written)}}}” has a brace too many, which the reader will see",
            f"Write {_shown(written)}.",
            fix=Fix(template.span(tag.end, tag.end + 1), "", "take the last brace out"),
        )


def _spoilt(template: Template) -> Iterator[Problem]:
    """Tags that the reader of this dialect takes, though the mailer will not."""
    text = template.text
    for start, end in ((tag.start, tag.end) for tag in template.parsed.tags):
        if text[start] == "<":
            continue  # an element is the tag
        inside = _STRING.sub(lambda match: " " * len(match.group()), text[start:end])
        for pattern, what, advice in _INSIDE:
            found = pattern.search(inside)
            if found is not None:
                yield Problem(
                    template.span(start + found.start(), start + found.end()),
                    f"“{_shown(text[start:end])}” is no tag: {what}",
                    advice,
                )
                break
