"""The pieces of a Django template with their offsets, as tokens for Django's parser.

The tokens are those of Django's own `DebugLexer` (the tests compare them), but found in linear
time: its regular expression takes quadratic time on a line of tags that never end.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.template.base import DebugLexer, Token

if TYPE_CHECKING:
    from collections.abc import Iterator

_OPENING = re.compile(r"\{[%{#]")
_CLOSING = {"{%": "%}", "{{": "}}", "{#": "#}"}


class _Lexer(DebugLexer):  # type: ignore[misc]
    """Django's lexer, which finds the tags in linear time."""

    def _tag_re_split_positions(self) -> Iterator[tuple[int, int]]:
        last = 0
        for start, end in tags(self.template_string):
            yield last, start
            yield start, end
            last = end
        yield last, len(self.template_string)


def lex(text: str) -> list[Token]:
    """The tokens of a text; ``position`` of each is where it starts and ends."""
    tokens: list[Token] = _Lexer(text).tokenize()
    return tokens


def tags(text: str) -> Iterator[tuple[int, int]]:
    """Where each tag starts and ends. A tag over two lines is none: Django prints it as it is."""
    at = 0
    line_end = -1
    absent: set[str] = set()  # closing marks that do not come again on this line
    while found := _OPENING.search(text, at):
        start = found.start()
        if start > line_end:
            line_end = text.find("\n", start)
            line_end = len(text) if line_end < 0 else line_end
            absent.clear()
        closing = _CLOSING[found.group()]
        end = -1 if closing in absent else text.find(closing, start + 2, line_end)
        if end < 0:
            absent.add(closing)
            at = start + 1
        else:
            at = end + 2
            yield start, at
