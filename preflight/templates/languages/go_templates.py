"""Reading Go's templates, and listmonk's: ``{{ .Name }}``, ``{{ if .X }}``, pipelines."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

from preflight.templates.languages.blocks import Blocks, Wrong
from preflight.templates.languages.fault_words import never_closed
from preflight.templates.languages.methods import applied
from preflight.templates.languages.scanning import after_blanks, before_blanks, end_of, put_text
from preflight.templates.model import SyntaxFault
from preflight.templates.naming import Naming, naming
from preflight.templates.tree import (
    Both,
    Call,
    Code,
    Compare,
    Constant,
    Either,
    Expression,
    Fallback,
    Field,
    Masked,
    Not,
    Print,
    System,
    TreeNode,
    Unknown,
)
from preflight.templates.tree_tools import fields_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_TOKEN = re.compile(
    r"""\s*+(?:(?P<text>"(?:[^"\\\n]|\\.)*+"|`[^`]*+`|'(?:[^'\\\n]|\\.)*+')
    |(?P<number>-?\d++(?:\.\d++)?+)
    |(?P<path>\$\w*+(?:\.\w++)*+|(?:\.\w++)++|\.)
    |(?P<word>[^\W\d]\w*+(?:\.\w++)*+)
    |(?P<sign>:=|[|()=,]))""",
    re.VERBOSE,
)
_COMMENT = re.compile(r"\{\{-?\s*+/\*")
_COMMENT_END = re.compile(r"\*/\s*+-?\}\}")
_DEEPEST = 40
_COMPARED = {"eq": "eq", "ne": "ne", "lt": "lt", "le": "lteq", "gt": "gt", "ge": "gteq"}
_OTHERWISE_FIRST = frozenset({"default", "trunc", "contains", "replace", "trimPrefix"})


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


class _Unreadable(Exception):
    """The pipeline holds something that is not understood."""


def read_go(text: str, dialect: str) -> tuple[TreeNode, ...] | SyntaxFault:
    """The tree of a template, or why it cannot be parsed. Never raises on any text."""
    try:
        return _Reader(text, naming(dialect)).tree()
    except Wrong as reason:
        return reason.fault


@dataclass
class _Reader:
    text: str
    own: Naming
    blocks: Blocks = field(default_factory=Blocks)
    # What a dot means, innermost last: names before it, or None where nothing is known of it.
    dots: list[tuple[str, ...] | None] = field(default_factory=lambda: [()])
    variables: set[str] = field(default_factory=set)

    def tree(self) -> tuple[TreeNode, ...]:
        at = 0
        while (start := self.text.find("{{", at)) >= 0:
            comment = _COMMENT.match(self.text, start)
            if comment:
                closed = _COMMENT_END.search(self.text, comment.end())
                last = closed.end() - 2 if closed else -1
            else:
                last = end_of(self.text, start + 2, "}}")
            if last < 0:
                raise Wrong(*never_closed(self.text, start))
            inner, stop, end = start + 2, last, last + 2
            trims = self.text.startswith("-", inner) and self.text[inner + 1 : inner + 2].isspace()
            before = before_blanks(self.text, at, start) if trims else start
            put_text(self.blocks, self.text, at, before, self.own)
            trimmed = stop - 1 > inner and self.text[stop - 1] == "-"
            at = after_blanks(self.text, end) if trimmed else end
            if comment:
                self.blocks.add(Code(start, end))
            else:
                self._action(start, end, inner + trims, stop - trimmed)
        put_text(self.blocks, self.text, at, len(self.text), self.own)
        return self.blocks.finished()

    # --- actions -----------------------------------------------------------------------------

    def _action(self, start: int, end: int, first: int, last: int) -> None:
        tokens = list(self._tokens(first, last))
        word = tokens[0].text if tokens and tokens[0].kind == "word" else ""
        if not tokens:
            if self.text[first:last].strip():
                self.blocks.add(Masked(start, end))
                return
            raise Wrong(start, end, "the tag is empty")
        rest = tokens[1:]
        if word in ("if", "with", "range"):
            self._open(word, start, end, rest)
        elif word == "else":
            self._else(start, end, rest)
        elif word == "end":
            self.blocks.close(start, end, self.text[start:end])
            self.dots.pop()
        elif word in ("define", "block"):
            self.blocks.open(start, end, "masked", Unknown())
            self.dots.append(None)
        elif word == "template":
            self.blocks.add(Masked(start, end))
        elif word in ("break", "continue"):
            self.blocks.add(Code(start, end))
        elif len(tokens) > 2 and tokens[1].text in (":=", "=") and tokens[0].kind == "path":
            value = self._pipeline(tokens[2:])
            self.variables.add(tokens[0].text)
            self.blocks.add(Code(start, end, tokens[0].text, value))
        else:
            self.blocks.add(Print(start, end, self._pipeline(tokens), self.text[first:last]))

    def _open(self, word: str, start: int, end: int, rest: Sequence[_Token]) -> None:
        if not rest:
            raise Wrong(start, end, f"“{word}” needs a value")
        signs = [number for number, token in enumerate(rest) if token.text in (":=", "=")]
        variables = (
            [token.text for token in rest[: signs[0]] if token.kind == "path"] if signs else []
        )
        value = self._pipeline(rest[signs[0] + 1 :] if signs else rest)
        if word == "range":
            item = variables[-1] if variables else "."
            self.variables.update(variables)
            self.blocks.open(start, end, "loop", value, item=item)
            self.dots.append(None)
            return
        self.blocks.open(start, end, "if", value)
        if word == "with" and isinstance(value, Field) and not variables:
            path = self._path_of(rest)
            self.dots.append(path)
        else:
            self.dots.append(self.dots[-1] if word == "if" else None)

    def _path_of(self, tokens: Sequence[_Token]) -> tuple[str, ...] | None:
        here = self.dots[-1]
        if len(tokens) != 1 or tokens[0].kind != "path" or here is None:
            return None
        return (*here, *(part for part in tokens[0].text.split(".") if part))

    def _else(self, start: int, end: int, rest: Sequence[_Token]) -> None:
        if not rest:
            self.blocks.otherwise(start, end, None)
        elif rest[0].text in ("if", "with"):
            self.blocks.otherwise(start, end, self._pipeline(rest[1:]))
        else:
            raise Wrong(start, end, "after “else” only “if” may stand")
        if self.dots:
            self.dots[-1] = self.dots[-2] if len(self.dots) > 1 else ()

    # --- pipelines ---------------------------------------------------------------------------

    def _tokens(self, first: int, last: int) -> list[_Token]:
        found: list[_Token] = []
        while match := _TOKEN.match(self.text, first, last):
            kind = match.lastgroup or ""
            found.append(_Token(kind, match[kind], match.start(kind), match.end(kind)))
            first = match.end()
        return [] if self.text[first:last].strip() else found

    def _pipeline(self, tokens: Sequence[_Token]) -> Expression:
        try:
            value, rest = self._piped(list(tokens), 0)
            if not rest:
                return value
        except _Unreadable:
            pass
        named = (self._path(token) for token in tokens if token.kind == "path")
        return Unknown(fields_of(*named))

    def _piped(self, tokens: list[_Token], depth: int) -> tuple[Expression, list[_Token]]:
        if depth > _DEEPEST:
            raise _Unreadable
        value: Expression | None = None
        while True:
            operands: list[Expression] = [] if value is None else [value]
            name = ""
            first = True
            arguments: list[Expression] = []
            while tokens and tokens[0].text not in ("|", ")"):
                token = tokens.pop(0)
                if token.kind == "word" and first and not self._is_value(token):
                    name = token.text
                elif token.text == "(":
                    inner, tokens = self._piped(tokens, depth + 1)
                    if not tokens or tokens.pop(0).text != ")":
                        raise _Unreadable
                    arguments.append(inner)
                else:
                    arguments.append(self._operand(token))
                first = False
            arguments += operands
            value = self._called(name, arguments)
            if not tokens or tokens[0].text == ")":
                return value, tokens
            tokens = tokens[1:]

    def _is_value(self, token: _Token) -> bool:
        return token.text in ("true", "false", "nil")

    def _operand(self, token: _Token) -> Expression:
        match token.kind:
            case "text":
                return Constant(token.text[1:-1].replace('\\"', '"'))
            case "number":
                return Constant(float(token.text) if "." in token.text else int(token.text[:300]))
            case "path":
                return self._path(token)
            case "word" if self._is_value(token):
                return Constant({"true": True, "false": False, "nil": None}[token.text])
            case "word":
                return self._called(token.text, [])
        raise _Unreadable

    def _path(self, token: _Token) -> Expression:
        written = token.text
        if written in self.variables:
            return Field(written, token.start, token.end)
        head = written.partition(".")[0]
        if head in self.variables:
            return Unknown(fields_of(Field(head, token.start, token.end)))
        names = [part for part in written.split(".") if part and not part.startswith("$")]
        prefix: tuple[str, ...] | None = () if written.startswith("$") else self.dots[-1]
        if prefix is None:
            return Unknown()
        path = (*prefix, *names)
        return self.own.value(path, token.start, token.end) if path else Unknown()

    def _called(self, name: str, given: list[Expression]) -> Expression:
        if not name:
            if len(given) != 1:
                raise _Unreadable
            return given[0]
        if self.own.value((name,), 0, 0) == System(name):
            return System(name)
        if name in ("or", "and") and given:
            return reduce(Either if name == "or" else Both, given)
        if name == "not" and len(given) == 1:
            return Not(given[0])
        if name in _COMPARED and len(given) == 2:
            return Compare(_COMPARED[name], given[0], given[1])
        if name == "eq" and len(given) > 2:
            tests: list[Expression] = [Compare("eq", given[0], other) for other in given[1:]]
            return reduce(Either, tests)
        if name in ("default", "coalesce") and len(given) == 2:
            value, otherwise = given[::-1] if name == "default" else given
            return Fallback(value, otherwise, "falsy")
        if name == "ternary" and len(given) == 3:
            return Call("choose", (given[2], given[0], given[1]))
        if name in ("print", "html", "urlquery", "js", "Safe", "safeHTML") and len(given) == 1:
            return Call("escape", (given[0],))
        if name == "len" and len(given) == 1:
            return Call("length", (given[0],))
        if len(given) == 1 and name not in _OTHERWISE_FIRST:
            return applied(name, given[0], [], "falsy")
        return Unknown(fields_of(*given))
