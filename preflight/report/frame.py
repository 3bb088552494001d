"""The lines of a source around a place, with the place underlined.

Addresses are masked piece by piece, tabs are expanded and hidden characters shown as escapes, so
every character of the source is a cell that knows its own width: the underline always fits.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from preflight.report.layout import character_widths, display_width
from preflight.visible import masked_addresses, visible_characters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from preflight.report.paint import Paint
    from preflight.report.style import Style
    from preflight.source import Span

_TAB = 4
_CUT = "…"


class Cell(NamedTuple):
    """What is shown for the characters ``start`` to ``end`` of a line, ``width`` columns wide."""

    text: str
    width: int
    start: int
    end: int


class Row(NamedTuple):
    """A line of a frame; the marked characters, or None when it is there for context only."""

    number: int
    text: str
    mark: tuple[int, int] | None


def frame(span: Span, style: Style, paint: Paint, color: str, indent: int = 4) -> list[str]:
    """The frame of a span as lines of at most the style's width; none when there is nothing to
    see (an empty source, blank lines only)."""
    rows = list(_rows(span))
    if not any(row.text.strip() for row in rows if row.mark is not None):
        return []
    digits = len(str(rows[-1].number))
    room = max(10, style.columns - indent - digits - 3)
    if rows[0].mark is None and len(rows[1].text) > room:
        del rows[0]  # beside a line that is cut, the one above explains nothing
    lines = []
    for above, row in pairwise([None, *rows]):
        assert row is not None
        if above is not None and row.number > above.number + 1:
            lines.append(" " * indent + paint("." * digits, "blue"))
        text, lead, size = clipped(row.text, row.mark, room, style)
        number = paint(f"{row.number:>{digits}} |", "blue")
        lines.append(f"{' ' * indent}{number} {text}".rstrip())
        if row.mark is not None:
            gutter = paint(" " * digits + " |", "blue")
            marks = paint("^" * size, "bold", color)
            lines.append(f"{' ' * indent}{gutter} {' ' * lead}{marks}")
    return lines


def _rows(span: Span) -> Iterator[Row]:
    """The marked lines: all of one or two, the first, one between and the last of three, the
    first and the last of more; before a single one the line above, for context."""
    source = span.source
    start, end = max(0, span.start), min(span.end, len(source.text))
    while end > start + 1 and source.text[end - 1] == "\n":
        end -= 1
    first, last = source.place(start), source.place(max(start, end))
    if last.line == first.line + 1 and last.column == 1:  # the span is a line end, nothing more
        last = first
    text = source.line_text(first.line)
    if first.line == last.line:
        above = source.line_text(first.line - 1)
        if above.strip():
            yield Row(first.line - 1, above, None)
        yield Row(first.line, text, (first.column - 1, max(first.column, last.column) - 1))
        return
    yield Row(first.line, text, (first.column - 1, max(first.column - 1, len(text.rstrip()))))
    if last.line == first.line + 2:
        between = source.line_text(first.line + 1)
        yield Row(first.line + 1, between, _inked(between))
    closing = source.line_text(last.line)
    yield Row(last.line, closing, (_inked(closing, last.column - 1)[0], last.column - 1))


def _inked(line: str, end: int | None = None) -> tuple[int, int]:
    """The stretch of a line without the blanks around it."""
    part = line[:end]
    return len(part) - len(part.lstrip()), len(part.rstrip())


def clipped(
    line: str, mark: tuple[int, int] | None, room: int, style: Style
) -> tuple[str, int, int]:
    """A line as it may be shown in ``room`` columns, cut around its marked characters; then the
    column where the marks begin, and how many columns (at least one) they take."""
    start, end = mark or (0, 0)
    # No more of a very long line is looked at than can be seen, with a margin for addresses.
    margin = 4 * room + 1000
    low = max(0, start - margin)
    high = min(len(line), max(start + room, min(end, start + margin)) + margin)
    cells = list(_cells(line[low:high], low, style))
    total = sum(cell.width for cell in cells)
    if total > room:
        before = sum(cell.width for cell in cells if cell.end <= start)
        size = sum(cell.width for cell in cells if cell.start < end and cell.end > start)
        lead = (room - size) // 2 if size < room - 8 else 4
        left = min(max(0, before - lead), total - room)
        cells = list(_window(cells, left, left + room, total))
    lead = sum(cell.width for cell in cells if cell.end <= start)
    size = sum(cell.width for cell in cells if cell.start < end and cell.end > start)
    return "".join(cell.text for cell in cells), lead, max(1, size)


def _window(cells: list[Cell], left: int, right: int, total: int) -> Iterator[Cell]:
    """The cells between two columns, a cut mark in the place of what is left out."""
    first = left + 1 if left > 0 else 0
    last = right - 1 if right < total else total
    column = 0
    kept = []
    for cell in cells:
        if first <= column and column + cell.width <= last:
            kept.append(cell)
        column += cell.width
    if left > 0:
        at = kept[0].start if kept else 0
        yield Cell(_CUT, 1, at - 1, at)
    yield from kept
    if right < total:
        at = kept[-1].end if kept else 0
        yield Cell(_CUT, 1, at, at)


def _cells(text: str, offset: int, style: Style) -> Iterator[Cell]:
    """The text in cells; ``offset`` is where it begins in its line."""
    masks = {} if style.show_addresses else {mask.start: mask for mask in masked_addresses(text)}
    shown = list(visible_characters(text))
    # Widths count for characters that are shown as they are; an escape is as wide as it is long.
    widths = list(character_widths(text))
    column = index = 0
    while index < len(text):
        if index in masks:
            end = masks[index].end
            piece = "".join(visible_characters(masks[index].text))
            width = display_width(piece)
        else:
            end = index + 1
            piece = shown[index]
            width = widths[index] if piece == text[index] else len(piece)
            if text[index] == "\t":
                width = _TAB - column % _TAB
                piece = " " * width
        yield Cell(piece, width, offset + index, offset + end)
        column += width
        index = end
