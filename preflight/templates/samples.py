"""Samples in plain text: fenced, indented and quoted code shows tags without being one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from preflight.templates.zones import greets

if TYPE_CHECKING:
    from collections.abc import Iterator

_FENCE = re.compile(
    r"^ {0,3}(?P<fence>```+|~~~+)[^\n`]*\n.*?^ {0,3}(?P=fence)[`~]*[ \t]*$", re.M | re.S
)
_FRONT_MATTER = re.compile(
    r"---[ \t]*\n(?:[\w-]+[ \t]*:.*\n|[ \t#-].*\n|\n){1,200}(?:---|\.\.\.)[ \t]*(?:\n|\Z)"
)
_INLINE = re.compile(r"(?<!`)(?P<ticks>`{1,3})(?!`)[^`\n]{1,200}(?P=ticks)(?!`)")
_PARAGRAPH = re.compile(r"(?:^[^\n]*\S[^\n]*\n?)+", re.MULTILINE)
_INDENT = re.compile(r"(?: {4}|\t)")


def samples_of(text: str) -> list[tuple[int, int]]:
    """The stretches of a text part that show code."""
    found = [match.span() for match in _FENCE.finditer(text)]
    if "`" in text:
        found += [match.span() for match in _INLINE.finditer(text)]
    return found + list(_indented(text))


def front_matter(text: str) -> list[tuple[int, int]]:
    """The fields of a static page that a Markdown file begins with: no reader sees them."""
    found = _FRONT_MATTER.match(text)
    return [found.span()] if found else []


def _indented(text: str) -> Iterator[tuple[int, int]]:
    """Paragraphs that are indented as a whole, in a text that is not; but no opening salutation."""
    paragraphs = list(_PARAGRAPH.finditer(text))
    whole = [
        all(_INDENT.match(line) for line in match.group().splitlines()) for match in paragraphs
    ]
    if all(whole):
        return
    for index, (match, indented) in enumerate(zip(paragraphs, whole, strict=True)):
        if indented and not (index == 0 and greets(match.group())):
            yield match.span()
