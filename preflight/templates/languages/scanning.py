"""Small steps that readers share: where something ends, and what text is left between tags."""

from __future__ import annotations

from preflight.templates.languages.blocks import Blocks
from preflight.templates.languages.own_tags import printed_by_mailer
from preflight.templates.naming import Naming

_OPENING = {"(": ")", "[": "]", "{": "}"}
_BLANKS = " \t\n\r"


def end_of(text: str, at: int, closing: str, limit: int = 10_000) -> int:
    """Where ``closing`` stands at or after ``at``, outside quotes and brackets; -1 where it does
    not within ``limit`` characters."""
    open_brackets: list[str] = []
    quote = ""
    last = min(len(text), at + limit)
    while at < last:
        char = text[at]
        if quote:
            if char == "\\":
                at += 1
            elif char == quote:
                quote = ""
        elif not open_brackets and text.startswith(closing, at):
            return at
        elif char in "\"'":
            quote = char
        elif char in _OPENING:
            open_brackets.append(_OPENING[char])
        elif open_brackets and char == open_brackets[-1]:
            open_brackets.pop()
        at += 1
    return -1


def put_text(blocks: Blocks, text: str, start: int, end: int, own: Naming) -> None:
    """A run of literal text, in which the mailer may have tags of its own."""
    if start < end:
        for node in printed_by_mailer(text, start, end, own):
            blocks.add(node)


def before_blanks(text: str, start: int, end: int) -> int:
    """Where a text ends without the blanks at its end, which a tag like ``{{-`` takes away."""
    return start + len(text[start:end].rstrip(_BLANKS))


def after_blanks(text: str, at: int) -> int:
    """Where what follows a tag like ``-}}`` begins."""
    while at < len(text) and text[at] in _BLANKS:
        at += 1
    return at
