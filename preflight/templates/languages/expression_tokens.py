"""The words and signs of expressions, and how languages differ in them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from preflight.templates.tree import Expression

Named = Callable[[tuple[str, ...], int, int], Expression]
"""What a path of names stands for that is written at a place."""

Function = Callable[[list[Expression], int, int], Expression | None]
"""What a call of a mailer's own function comes to, by its arguments and its place."""

LONGEST = 4_000
"""Characters of an expression that is read."""

_TOKEN = re.compile(
    r"""(?P<text>"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'|“[^“”]*+”)
    |(?P<number>(?:\d++(?:\.\d++)?+|\.\d++)(?![^\W\d]))
    |(?P<name>[@$]{0,2}+!?(?<!!)[^\W\d]\w*+)
    |(?P<sign>\?\?|\?:|\?\.|&\.|\|\||&&|===|!==|==|!=|<>|<=|>=|=>|[-+*/%~<>=!?:.,|&()\[\]{}#@$])
    """,
    re.VERBOSE | re.DOTALL,
)
_BLANKS = re.compile(r"\s*+")


@dataclass(frozen=True, slots=True)
class Grammar:
    """How a language differs.

    ``filters``: ``|`` applies a filter (else it is unknown). ``bare_text``: right of a comparison
    a bare word is text. ``bang_default``: ``x!"there"`` is a fallback and ``x??`` a test
    (FreeMarker). ``predicates``: names may end in ``?`` (Ruby). ``default``: what its filter
    ``default`` catches; ``coalesce``: what ``??`` does. ``functions``: its own, by name.
    """

    filters: bool = False
    bare_text: bool = False
    bang_default: bool = False
    predicates: bool = False
    default: str = "empty"
    coalesce: str = "missing"
    functions: tuple[tuple[str, Function], ...] = ()


class Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


class Unreadable(Exception):
    """The expression holds something that is not understood."""


def tokens_of(text: str, start: int, end: int, grammar: Grammar) -> list[Token]:
    """The tokens of ``text[start:end]``, the last of the kind ``end``. Raises `Unreadable`."""
    if end - start > LONGEST:
        raise Unreadable
    found: list[Token] = []
    at = _after_blanks(text, start, end)
    while at < end:
        match = _TOKEN.match(text, at, end)
        if match is None:
            raise Unreadable
        kind = match.lastgroup or ""
        stop = match.end()
        if kind == "name" and grammar.predicates and _asks(text, stop):
            stop += 1
        found.append(Token(kind, text[at:stop], at, stop))
        at = _after_blanks(text, stop, end)
    found.append(Token("end", "", end, end))
    return found


def _after_blanks(text: str, at: int, end: int) -> int:
    blanks = _BLANKS.match(text, at, end)
    return blanks.end() if blanks else at


def _asks(text: str, at: int) -> bool:
    """Whether a name ends in ``?`` here, and is not the test of ``a ? b : c``."""
    return text[at : at + 1] == "?" and not text[at + 1 : at + 2].isalnum()
