"""Where each letter of a YAML scalar stands in its file: quotes, escapes, folding, blocks."""

from __future__ import annotations

import re

from preflight.source import Excerpt, Source, Span

_BREAKS = "\n\r\x85\u2028\u2029"
_BLANKS = " \t" + _BREAKS
_BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
_ANCHOR = re.compile(r"&[0-9A-Za-z_-]*")  # as the parser reads it: “&a:b” is “:b” named a
_GAP = re.compile(rf"(?:[ \t{_BREAKS}]|(?<=[ \t{_BREAKS}])#[^{_BREAKS}]*)*")
_DIGITS = {"x": 2, "u": 4, "U": 8}
_ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f",
    "r": "\r", "e": "\x1b", " ": " ", '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0",
    "L": "\u2028", "P": "\u2029",
}  # fmt: skip


def after_anchor(text: str, start: int, end: int) -> int:
    """The offset at which a node begins that may be written ``&name node``."""
    anchor = _ANCHOR.match(text, start, end)
    if anchor is None:
        return start
    gap = _GAP.match(text, anchor.end(), end)
    return gap.end() if gap else anchor.end()


def locate_scalar(source: Source, start: int, end: int, value: str, style: str) -> Excerpt:
    """The scalar written between two offsets. ``value`` is what the YAML parser read; ``style``
    its quote, ``|`` or ``>``, or "" for a plain one. The excerpt's span is the content: without
    the quotes, without the header of a block."""
    text = source.text
    if style in ("'", '"'):
        start, end = start + 1, end - 1
    elif style in ("|", ">"):
        header = _BREAK.search(text, start, end)
        start = header.end() if header else end
    span = Span(source, start, max(start, end))
    if text[start:end] == value:
        return Excerpt(value, span)
    if style not in ("|", ">"):
        letters, offsets = _flow(text, start, end, style)
        if "".join(letters) == value:
            return Excerpt(value, span, offsets)
    return Excerpt(value, span, _aligned(text, start, end, value))


def _flow(text: str, start: int, end: int, quote: str) -> tuple[list[str], list[int]]:
    """The letters of a plain or quoted scalar and the offset of each, by the rules of YAML."""
    letters: list[str] = []
    offsets: list[int] = []
    at = start
    while at < end:
        char, step = text[at], 1
        if char in _BLANKS:
            step = _run(text, at, end)
            kept = _folded(text, at, at + step)
        elif quote == "'" and char == "'":
            kept, step = [("'", at)], 2
        elif quote == '"' and char == "\\":
            kept, step = _escape(text, at, end)
        else:
            kept = [(char, at)]
        for letter, offset in kept:
            letters.append(letter)
            offsets.append(offset)
        at += step
    return letters, offsets


def _run(text: str, start: int, end: int) -> int:
    at = start
    while at < end and text[at] in _BLANKS:
        at += 1
    return at - start


def _folded(text: str, start: int, end: int) -> list[tuple[str, int]]:
    """A run of blanks: kept within a line; one line end is a space, further ones line ends."""
    breaks = [(_line_end(m[0]), m.start()) for m in _BREAK.finditer(text, start, end)]
    if not breaks:
        return [(text[at], at) for at in range(start, end)]
    if breaks[0][0] != "\n":
        return breaks
    return breaks[1:] or [(" ", breaks[0][1])]


def _line_end(written: str) -> str:
    return written if written in "\u2028\u2029" else "\n"


def _escape(text: str, at: int, end: int) -> tuple[list[tuple[str, int]], int]:
    """What an escape stands for, and its length."""
    code = text[at + 1] if at + 1 < end else ""
    if code in _DIGITS:
        digits = text[at + 2 : at + 2 + _DIGITS[code]]
        try:
            return [(chr(int(digits, 16)), at)], 2 + len(digits)
        except (ValueError, OverflowError):
            return [], 2 + len(digits)
    if code and code in _BREAKS:
        size = _run(text, at + 1, end)
        breaks = list(_BREAK.finditer(text, at + 1, at + 1 + size))
        return [(_line_end(m[0]), m.start()) for m in breaks[1:]], 1 + size
    return [(_ESCAPES.get(code, code), at)], 2


def _aligned(text: str, start: int, end: int, value: str) -> list[int]:
    """Offsets of a block's letters: all that is no blank stands there in the same order; blanks
    are placed between."""
    offsets: list[int] = []
    cursor, filled = start, 0
    for at, char in enumerate(value):
        if char in _BLANKS:
            continue
        found = text.find(char, cursor, end)
        if found < 0:
            break
        offsets += _placed(text, cursor, found, value[filled:at])
        offsets.append(found)
        cursor, filled = found + 1, at + 1
    offsets += _placed(text, cursor, end, value[filled:])
    last = max(len(text) - 1, 0)
    return [min(offset, last) for offset in offsets]


def _placed(text: str, start: int, end: int, gap: str) -> list[int]:
    """Places for the blanks ``gap`` of a value, which stand between two offsets."""
    if not gap:
        return []
    breaks = [m.start() for m in _BREAK.finditer(text, start, end)]
    lines = len(_BREAK.findall(gap))
    if not lines:
        at = start if not breaks or start + len(gap) <= breaks[0] else breaks[0]
        if breaks and not text[start:end].startswith(gap):
            at = breaks[0]
        return [max(start, min(at + i, end - 1)) for i in range(len(gap))]
    tail = len(gap) - 1 - max(gap.rfind(char) for char in _BREAKS)
    placed: list[int] = []
    cursor, line = start, 0
    for char in gap[: len(gap) - tail]:
        if char in _BREAKS and line < len(breaks):
            cursor = max(cursor, breaks[line])
            line += 1
        placed.append(max(start, min(cursor, end - 1)))
        cursor += 1
    return placed + [max(start, end - tail + i) for i in range(tail)]
