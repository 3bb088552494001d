"""Reading Liquid templates: python-liquid's parser makes the tree, nothing is rendered."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from liquid import Environment
from liquid.ast import Node
from liquid.exceptions import LiquidError
from liquid.parser import Parser, get_parser
from liquid.stream import TokenStream
from liquid.tag import Tag
from liquid.token import TOKEN_EXPRESSION, TOKEN_TAG

from preflight.templates.languages.fault_words import TOO_DEEP, misspelt
from preflight.templates.languages.liquid_faults import explain, wrong_parts
from preflight.templates.languages.liquid_lexing import Unreadable, lex
from preflight.templates.languages.liquid_nodes import Builder
from preflight.templates.model import SyntaxFault
from preflight.templates.naming import naming
from preflight.templates.tree import TreeNode

if TYPE_CHECKING:
    from liquid.token import Token

_INNER = frozenset({"else", "elsif", "when"})


def read_liquid(text: str, dialect: str = "liquid") -> tuple[TreeNode, ...] | SyntaxFault:
    """The tree of a Liquid template, or why it cannot be parsed. Never raises on any text."""
    own = naming(dialect)
    masked = text
    renamed: dict[str, str] = {}
    if dialect == "braze":
        from preflight.templates.languages.braze import without_braces

        masked, renamed = without_braces(text)
    try:
        lexed = lex(masked)
    except Unreadable as reason:
        return SyntaxFault(reason.start, reason.end, reason.message)
    stock = _environment(frozenset(), frozenset())
    known = stock.tags.keys() | _INNER
    unknown = {
        name
        for name in lexed.names - known
        if own.tag(name) or not (name.startswith("end") or misspelt(name, known))
    }
    blocks = frozenset(name for name in unknown if f"end{name}" in lexed.names)
    environment = _environment(blocks, frozenset(unknown - blocks))
    stream = TokenStream(iter(lexed.tokens))
    try:
        found = Parser(environment).parse(stream)
        fault = wrong_parts(lexed, found, environment, own)
        return fault or Builder(text, lexed, own, renamed).tree(found)
    except LiquidError as error:
        return explain(masked, lexed, stream, error, environment)
    except RecursionError:
        return SyntaxFault(0, min(len(text), 1), TOO_DEEP)


class OpaqueNode(Node):
    """A tag that Liquid does not have: its block, if it has one, and what is written in it."""

    __slots__ = ("block", "written")

    def __init__(self, token: Token, block: Node | None, written: Token | None) -> None:
        super().__init__(token)
        self.block = block
        self.written = written
        self.blank = False

    def render_to_output(self, context: Any, buffer: Any) -> int:
        raise NotImplementedError("templates are only read here")


class _Single(Tag):
    block = False

    def parse(self, stream: TokenStream) -> Node:
        return OpaqueNode(stream.current, None, _written(stream))


class _Block(Tag):
    def parse(self, stream: TokenStream) -> Node:
        token = stream.current
        written = _written(stream)
        next(stream)
        body = get_parser(self.env).parse_block(stream, (f"end{token.value}",))
        stream.expect(TOKEN_TAG, value=f"end{token.value}")
        return OpaqueNode(token, body, written)


def _written(stream: TokenStream) -> Token | None:
    if stream.peek.kind != TOKEN_EXPRESSION:
        return None
    next(stream)
    return stream.current


@lru_cache(maxsize=16)
def _environment(blocks: frozenset[str], singles: frozenset[str]) -> Environment:
    """An environment whose own tags are these: never used to render."""
    environment = Environment()
    for names, kind in ((blocks, _Block), (singles, _Single)):
        for name in names:
            environment.tags[name] = kind(environment)
    return environment
