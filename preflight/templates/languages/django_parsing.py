"""Django's own template parser, without Django's settings.

An engine of our own: nothing is configured, registered or rendered, so a Django project in the
same process is not disturbed. Tags and filters of libraries that are not Django's own are read as
`OpaqueNode` and `opaque_filter`: what they print cannot be told.
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any, NoReturn

from django.template.base import (
    UNKNOWN_SOURCE,
    FilterExpression,
    Node,
    NodeList,
    Origin,
    Parser,
    Token,
    TokenType,
)
from django.template.engine import Engine
from django.template.exceptions import TemplateSyntaxError

from preflight.templates.languages.fault_words import misspelt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from preflight.templates.naming import Naming

_INNER = ("else", "elif", "empty", "plural")
_TRANSLATED = ("blocktrans", "blocktranslate")


class OpaqueNode(Node):  # type: ignore[misc]
    """A tag that is not Django's: ``bits`` as written, and the nodes of its blocks."""

    child_nodelists = ()

    def __init__(self, bits: list[str], blocks: list[NodeList]) -> None:
        self.bits = bits
        self.blocks = blocks


class TemplateParser(Parser):  # type: ignore[misc]
    """Django's parser, for whom no tag or filter of another library is unknown.

    ``loads``: whether the template loads libraries of which nothing is known. ``places``: the tag
    that each expression stands in, by the expression's identity.
    """

    def __init__(self, tokens: list[Token], own: Naming) -> None:
        engine = _engine()
        super().__init__(tokens, {}, engine.template_builtins, Origin(UNKNOWN_SOURCE))
        words = [t.contents.split() for t in tokens if t.token_type is TokenType.BLOCK]
        used = {found[0] for found in words if found}
        self.own = own
        self.loads = "load" in used
        self.places: dict[int, tuple[int, int]] = {}
        self._current = (0, 0)
        self.tags["load"] = _load
        self.tags.pop("debug", None)
        for name in used - self.tags.keys():
            if own.tag(name) or (name not in _INNER and self._foreign(name)):
                ends = (f"end{name}", f"end_{name}")
                end = next((end for end in ends if end in used), None)
                self.tags[name] = partial(_opaque, end=end)

    def _foreign(self, name: str) -> bool:
        """Whether a tag that Django does not have may be another library's."""
        known = {*self.tags, *_INNER, *(f"end{tag}" for tag in self.tags)}
        if name.startswith("end") or misspelt(name, known):
            return False
        return self.loads or not self.own.strict

    def next_token(self) -> Token:
        token: Token = super().next_token()
        self._current = token.position
        return token

    def compile_filter(self, token: str) -> FilterExpression:
        expression = super().compile_filter(token)
        self.places[id(expression)] = self._current
        return expression

    def invalid_block_tag(
        self, token: Token, command: str, parse_until: Sequence[str] | None = None
    ) -> NoReturn:
        # Django's own translates a word of its message, for which it reads the settings.
        expected = f", expected {' or '.join(parse_until)}." if parse_until else ""
        raise self.error(token, f"Invalid block tag: {command}{expected}")

    def find_filter(self, filter_name: str) -> Callable[..., Any]:
        found: Callable[..., Any] | None = self.filters.get(filter_name)
        if found is not None:
            return found
        foreign = self.loads or not self.own.strict
        if filter_name in self.own.filters or (foreign and not misspelt(filter_name, self.filters)):
            return _opaque_filter(filter_name)
        raise TemplateSyntaxError(f"Invalid filter: '{filter_name}'")


@cache
def _engine() -> Engine:
    return Engine(autoescape=True, loaders=[])


@cache
def _opaque_filter(name: str) -> Callable[..., Any]:
    def opaque_filter(value: Any, argument: Any = None) -> Any:
        raise NotImplementedError("templates are only read here")

    opaque_filter._filter_name = name  # type: ignore[attr-defined]
    return opaque_filter


def _load(_parser: Parser, token: Token) -> OpaqueNode:
    return OpaqueNode(token.split_contents(), [])


def _opaque(parser: Parser, token: Token, end: str | None) -> OpaqueNode:
    bits = token.split_contents()
    blocks: list[NodeList] = []
    if end is not None:
        inner = ["plural"] if bits[0] in _TRANSLATED else []
        while True:
            blocks.append(parser.parse((*inner, end)))
            closing = parser.next_token().contents.split()[0]
            if closing == end:
                break
    return OpaqueNode(bits, blocks)


def known_filters(parser: TemplateParser) -> Iterable[str]:
    """The names of all filters that a template may use."""
    return (*parser.filters, *parser.own.filters)
