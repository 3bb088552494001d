"""The pieces of a Jinja template with their true offsets.

Jinja's lexer gives its raw tokens without positions, and drops only blanks (those that ``-`` takes
away), so a search forward for each token is exact. The offset then stands where Jinja keeps the
line number: every node of the tree and every error of the parser carries it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from jinja2 import StrictUndefined, nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.lexer import TokenStream
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jinja2 import Environment

# Escapes that Python does not know: it keeps them as they stand, but warns.
_ESCAPE = re.compile(r"""(\\\\)|\\(?![\n'"abfnrtvxuUN0-7])""")

_OPENINGS = {"variable_begin": "variable", "block_begin": "block", "comment_begin": "comment"}
_CLOSINGS = {"variable_end", "block_end", "comment_end"}


class RawToken(NamedTuple):
    """A token of Jinja's lexer: its offset, its type, its text as written."""

    start: int
    type: str
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Region:
    """A ``{{ }}``, ``{% %}``, ``{# #}`` or a raw mark. ``kind``: variable, block, comment, raw.
    ``end`` does not count the blanks that ``-`` takes away."""

    kind: str
    start: int
    end: int
    inner: tuple[int, int]


@cache
def environment() -> Environment:
    """The environment templates are read in: never used to render or to compile."""
    return ImmutableSandboxedEnvironment(keep_trailing_newline=True, undefined=StrictUndefined)


def lex(text: str, into: list[RawToken]) -> None:
    """Append the tokens of the text to ``into``; they stay there when TemplateSyntaxError is
    raised, which then carries the end of the last token as its line number."""
    at = 0
    # A value of a YAML file can hold one; Jinja would make "\r\n" one character shorter.
    text = text.replace("\r", "\n")
    try:
        for _line, kind, written in environment().lexer.tokeniter(text, None):
            while not text.startswith(written, at):
                at += 1
            into.append(RawToken(at, kind, written))
            at += len(written)
    except TemplateSyntaxError as error:
        raise TemplateSyntaxError(error.message or "", at) from None


def parse(tokens: list[RawToken]) -> nodes.Template:
    """The tree of a template; ``lineno`` of each node is the offset of its first token.

    Raises TemplateSyntaxError (its ``lineno`` is an offset as well), ValueError for a number that
    is too long, RecursionError for text nested too deeply.
    """
    reading = environment()
    parser = Parser(reading, "")
    parser.stream = TokenStream(reading.lexer.wrap(quiet(tokens)), None, None)
    return parser.parse()


def all_nodes(tree: nodes.Template) -> list[nodes.Node]:
    """Every node, parents before their children. One list for all passes: Jinja's own ``find_all``
    costs more than parsing."""
    found: list[nodes.Node] = [tree]
    for node in found:  # grows on the way
        for field in node.fields:
            child = getattr(node, field)
            if isinstance(child, list):
                found.extend(item for item in child if isinstance(item, nodes.Node))
            elif isinstance(child, nodes.Node):
                found.append(child)
    return found


def quiet(tokens: list[RawToken]) -> Iterator[RawToken]:
    """The tokens without escapes that Python would warn of."""
    for token in tokens:
        if token.type == "string" and "\\" in token.text:
            quiet = _ESCAPE.sub(lambda found: found[1] or "\\\\", token.text)
            yield token._replace(text=quiet)
        else:
            yield token


def regions(tokens: list[RawToken]) -> Iterator[Region]:
    """Everything between delimiters, in order."""
    opening = None
    for token in tokens:
        if token.type in _OPENINGS:
            opening = token
        elif token.type in _CLOSINGS and opening:
            end = token.start + len(token.text.rstrip())
            yield Region(_OPENINGS[opening.type], opening.start, end, (opening.end, token.start))
            opening = None
        elif token.type in ("raw_begin", "raw_end"):
            end = token.start + len(token.text.rstrip())
            yield Region("raw", token.start, end, (token.start, end))


def literals(tokens: list[RawToken]) -> Iterator[tuple[int, int, bool]]:
    """Runs of text that are printed as they stand: start, end, whether in a raw block."""
    raw = False
    for token in tokens:
        if token.type == "data":
            yield token.start, token.end, raw
        elif token.type in ("raw_begin", "raw_end"):
            raw = token.type == "raw_begin"
