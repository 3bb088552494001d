"""How wide text is on a screen, and where lines are broken."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_JOINER, _EMOJI_FORM = "\u200d", "\ufe0f"


def character_widths(text: str) -> Iterator[int]:
    """Columns that each character of a visible text takes: 0, 1 or 2.

    Marks take none, East Asian wide characters and emoji two. What a joiner ties to an emoji takes
    none, and neither does a skin tone: that is how terminals draw them.
    """
    before = ""
    before_width = 0
    for char in text:
        width = 1 if char.isascii() else _width(char, before, before_width)
        yield width
        before, before_width = char, width


def _width(char: str, before: str, before_width: int) -> int:
    if char == _EMOJI_FORM:
        return 1 if before_width == 1 and unicodedata.category(before) == "So" else 0
    if unicodedata.category(char) in ("Mn", "Me", "Cf") or "\u1160" <= char <= "\u11ff":
        return 0
    wide = unicodedata.east_asian_width(char) in ("W", "F")
    if wide and before == _JOINER:
        return 0
    if "\U0001f3fb" <= char <= "\U0001f3ff" and before_width == 2:
        return 0
    return 2 if wide else 1


def display_width(text: str) -> int:
    """Columns that a visible text takes."""
    return len(text) if text.isascii() else sum(character_widths(text))


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of at most ``width`` columns (at least 2), broken at blanks where there
    are any, else anywhere. At least one line."""
    lines: list[str] = []
    line, used = "", 0
    for word in text.split(" "):
        size = display_width(word)
        if line and used + 1 + size <= width:
            line, used = f"{line} {word}", used + 1 + size
            continue
        if line:
            lines.append(line)
        *whole, line = _broken(word, width) if size > width else [word]
        lines += whole
        used = display_width(line)
    return [*lines, line]


def _broken(word: str, width: int) -> list[str]:
    parts: list[str] = []
    start, used = 0, 0
    for index, size in enumerate(character_widths(word)):
        if used + size > width:
            parts.append(word[start:index])
            start, used = index, 0
        used += size
    return [*parts, word[start:]]


def indented(label: str, text: str, width: int, indent: int = 2) -> list[str]:
    """The text wrapped behind a label, the following lines under the first."""
    lead = " " * indent + label
    size = display_width(lead)
    first, *rest = wrap(text, max(2, width - size))
    return [lead + first, *(" " * size + line for line in rest)]
