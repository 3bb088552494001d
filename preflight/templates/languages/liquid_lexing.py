"""The pieces of a Liquid template with their offsets, as tokens for python-liquid's parser.

The tokens are those of python-liquid's own lexer (the tests compare them), but found in linear
time: its regular expressions take quadratic time on long blanks and on blocks that never end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from liquid.token import TOKEN_CONTENT, TOKEN_EXPRESSION, TOKEN_OUTPUT, TOKEN_TAG, Token

from preflight.templates.languages.fault_words import never_closed

if TYPE_CHECKING:
    from collections.abc import Iterator

_OPENING = re.compile(r"\{\{|\{%")
_TAG = re.compile(r"-?\s*+(#|\w+)\s*+")
_END_OF_RAW = {name: re.compile(rf"\{{%-?\s*+end{name}\s*+(-?)%\}}") for name in ("raw", "doc")}
_MOST_BLANKS = 200  # in a row inside a tag: more are no accident, and slow to parse
_MOST_BRACKETS = 50
_BLANKS = re.compile(rf"\s{{{_MOST_BLANKS + 1}}}")
_CLOSING = {"{{": "}}", "{%": "%}"}


class Unreadable(Exception):
    """The text cannot be cut into tags: where, and why, in words for people."""

    def __init__(self, start: int, end: int, message: str) -> None:
        super().__init__(message)
        self.start = start
        self.end = end
        self.message = message


@dataclass(frozen=True, slots=True)
class Region:
    """A ``{{ }}``, a ``{% %}`` or a raw block. ``inner``: the expression in it, without the name
    of the tag; of a raw block its text. ``name``: of a tag; "" for printed expressions."""

    start: int
    end: int
    name: str
    inner: tuple[int, int]


@dataclass(slots=True)
class Lexed:
    """``tokens`` for the parser; ``regions`` by where their first token stands; ``runs``: literal
    text, start and end."""

    tokens: list[Token] = field(default_factory=list)
    regions: dict[int, Region] = field(default_factory=dict)
    runs: list[tuple[int, int]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    hidden: int = 0  # how many comments are open


def lex(text: str) -> Lexed:
    """Cut a text into tokens. Raises `Unreadable`."""
    lexed = Lexed()
    strip_left = False
    at = 0
    for start, end, opening in _tags(text, lexed):
        inside = (start + 2, end - 2)
        dash_left = text.startswith("-", inside[0])
        if not lexed.hidden:
            _literal(lexed, text, at, start, strip_left, dash_left)
        at = end
        strip_left = text.startswith("-", end - 3) and end - 3 >= inside[0]
        if opening == "{{":
            if not lexed.hidden:
                _output(lexed, text, start, end, strip_left)
            continue
        name = _TAG.match(text, inside[0], end - 2 - strip_left)
        if name is None:
            if lexed.hidden:
                continue
            raise Unreadable(start, end, "a tag begins with its name: there is none here")
        if name[1] == "comment":
            lexed.hidden += 1
            if lexed.hidden > 1:
                continue
        elif lexed.hidden:
            if name[1] != "endcomment":
                continue
            lexed.hidden -= 1
            if lexed.hidden:
                continue
        if name[1] in _END_OF_RAW and not lexed.hidden:
            # Found by ``_tags`` as one tag with its content.
            opened = text.index("%}", start) + 2
            closed = text.rindex("{%", opened, end)
            lexed.regions[start] = Region(start, end, name[1], (opened, closed))
            if name[1] == "raw":
                lexed.tokens.append(Token(TOKEN_CONTENT, text[opened:closed], start, text))
            # The lexer of python-liquid takes the dash of the opening tag here.
            strip_left = text.startswith("-", opened - 3)
            continue
        _statement(lexed, text, start, end, name, strip_left)
    if lexed.hidden:
        return lexed  # the parser says so
    _literal(lexed, text, at, len(text), strip_left, False)
    return lexed


def _tags(text: str, lexed: Lexed) -> Iterator[tuple[int, int, str]]:
    """Start, end and opening of each tag; a raw block is one."""
    at = 0
    absent: set[str] = set()  # what does not come again: looked for once
    while found := _OPENING.search(text, at):
        start, opening = found.start(), found.group()
        if lexed.hidden and opening == "{{":
            at = found.end()
            continue
        closing = -1 if opening in absent else text.find(_CLOSING[opening], found.end())
        if closing < 0:
            if not lexed.hidden:
                raise Unreadable(*never_closed(text, start))
            absent.add(opening)
            at = found.end()
            continue
        at = closing + 2
        if opening == "{%":
            name = _TAG.match(text, found.end(), closing)
            ending = _END_OF_RAW.get(name[1]) if name else None
            if name and ending and name.end() in (closing, closing - 1):
                end = ending.search(text, at)
                if end is None:
                    tag = name[1]
                    raise Unreadable(
                        start, at, f"“{{% {tag} %}}” is never closed with “{{% end{tag} %}}”"
                    )
                at = end.end()
        yield start, at, opening


def _literal(
    lexed: Lexed, text: str, start: int, end: int, strip_left: bool, strip_right: bool
) -> None:
    while strip_left and start < end and text[start].isspace():
        start += 1
    while strip_right and start < end and text[end - 1].isspace():
        end -= 1
    if start < end:
        lexed.runs.append((start, end))
        lexed.tokens.append(Token(TOKEN_CONTENT, text[start:end], start, text))


def _output(lexed: Lexed, text: str, start: int, end: int, dash: bool) -> None:
    begin = start + 2 + text.startswith("-", start + 2)
    begin, finish = _trimmed(text, begin, max(begin, end - 2 - dash))
    _guard(text, begin, finish)
    lexed.regions[start] = Region(start, end, "", (begin, finish))
    lexed.tokens.append(Token(TOKEN_OUTPUT, text[start:end], start, text))
    lexed.tokens.append(Token(TOKEN_EXPRESSION, text[begin:finish], begin, text))


def _statement(
    lexed: Lexed, text: str, start: int, end: int, name: re.Match[str], dash: bool
) -> None:
    begin, finish = _trimmed(text, name.end(), max(name.end(), end - 2 - dash))
    _guard(text, begin, finish)
    lexed.names.add(name[1])
    lexed.regions[name.start(1)] = Region(start, end, name[1], (begin, finish))
    lexed.tokens.append(Token(TOKEN_TAG, name[1], name.start(1), text))
    if begin < finish:
        lexed.tokens.append(Token(TOKEN_EXPRESSION, text[begin:finish], begin, text))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def _guard(text: str, start: int, end: int) -> None:
    """Refuse what python-liquid would take quadratic time to read."""
    if text.count("(", start, end) + text.count("[", start, end) > _MOST_BRACKETS:
        raise Unreadable(start, end, "the tag holds too many brackets to be read")
    if _BLANKS.search(text, start, end):
        raise Unreadable(start, end, f"the tag holds more than {_MOST_BLANKS} blanks in a row")
