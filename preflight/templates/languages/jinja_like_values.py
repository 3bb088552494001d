"""What the expressions of languages that are nearly Jinja come to, in our tree."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.lexer import TokenStream
from jinja2.parser import Parser

from preflight.templates.jinja_lexing import RawToken, environment, lex, quiet
from preflight.templates.languages.jinja_like_text import Choice
from preflight.templates.tree import (
    Both,
    Call,
    Compare,
    Constant,
    Either,
    Exists,
    Expression,
    Fallback,
    Field,
    Not,
    Unknown,
)
from preflight.templates.tree_tools import fields_of, variable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from preflight.templates.naming import Naming

_CALLS = {"e": "escape", "count": "length", "forceescape": "escape"}
_METHODS = frozenset({"strip", "lower", "upper", "title", "capitalize", "trim"})
_DEFAULTS = frozenset({"default", "d"})


class Values:
    """Makes the expressions of one template. ``stand_ins``: what names of the prepared text stand
    for, by offset."""

    def __init__(
        self, text: str, own: Naming, stand_ins: Mapping[int, Expression | Choice]
    ) -> None:
        self.text = text
        self.own = own
        self.stand_ins = stand_ins
        self.variables: set[str] = set()
        self.items: set[str] = {"loop", "self"}

    def value(self, node: Any) -> Expression:
        if node.lineno in self.stand_ins and isinstance(node, nodes.Name):
            return self._stood_for(self.stand_ins[node.lineno])
        match node:
            case nodes.Const():
                return Constant(node.value)
            case nodes.Name() | nodes.Getattr() | nodes.Getitem():
                return self._path(node)
            case nodes.And():
                return Both(self.value(node.left), self.value(node.right))
            case nodes.Or():
                return Either(self.value(node.left), self.value(node.right))
            case nodes.Not():
                return Not(self.value(node.node))
            case nodes.Concat():
                parts = [self.value(part) for part in node.nodes]
                return reduce(lambda left, right: Call("append", (left, right)), parts)
            case nodes.Compare() if len(node.ops) == 1:
                return self._compare(node)
            case nodes.Test():
                return self._test(node)
            case nodes.CondExpr():
                no = self.value(node.expr2) if node.expr2 else Constant("")
                return Call("choose", (self.value(node.test), self.value(node.expr1), no))
            case nodes.Filter() if node.node is not None:
                return self._filter(node)
            case nodes.Call():
                return self._call(node)
        return self._unknown(node)

    def _stood_for(self, found: Expression | Choice) -> Expression:
        if not isinstance(found, Choice):
            return found
        test, no = self._part(*found.test), self._part(*found.no)
        if found.yes is None:
            return Either(test, no)
        return Call("choose", (test, self._part(*found.yes), no))

    def _part(self, start: int, end: int) -> Expression:
        """An expression that stands at a place in the text; unknown where Jinja cannot read it."""
        inner = Values(self.text, self.own, {})
        inner.variables, inner.items = self.variables, self.items
        tokens: list[RawToken] = []
        try:
            lex("{{" + self.text[start:end] + "}}", tokens)
            parser = Parser(environment(), "")
            moved = [token._replace(start=token.start + start - 2) for token in tokens]
            parser.stream = TokenStream(environment().lexer.wrap(quiet(moved)), None, None)
            output = parser.parse().body[0]
        except TemplateSyntaxError:
            return Unknown()
        return inner.value(output.nodes[0]) if isinstance(output, nodes.Output) else Unknown()

    def _unknown(self, node: nodes.Node) -> Unknown:
        return Unknown(fields_of(*(self.value(child) for child in node.iter_child_nodes())))

    def _path(self, node: nodes.Node) -> Expression:
        names: list[str] = []
        inner: nodes.Node = node
        while not isinstance(inner, nodes.Name):
            if isinstance(inner, nodes.Getattr):
                names.append(inner.attr)
            elif isinstance(inner, nodes.Getitem) and isinstance(inner.arg, nodes.Const):
                names.append(str(inner.arg.value))
            else:
                return self._unknown(node)
            inner = inner.node
        if inner.lineno in self.stand_ins:
            return Unknown(fields_of(self._stood_for(self.stand_ins[inner.lineno])))
        path = [inner.name, *reversed(names)]
        start, head = inner.lineno, inner.name
        written = ".".join(path)
        end = start + (len(written) if self.text.startswith(written, start) else len(head))
        if head in self.items:
            return Unknown()
        if head in self.variables:
            found = Field(variable(head), start, end)
            return found if len(path) == 1 else Unknown((found,))
        return self.own.value(path, start, end)

    def _compare(self, node: nodes.Compare) -> Expression:
        operator = node.ops[0].op
        left = self.value(node.expr)
        other = node.ops[0].expr
        if isinstance(other, (nodes.List, nodes.Tuple)) and operator in ("in", "notin"):
            found: Expression = Constant(False)
            for item in other.items:
                found = Either(found, Compare("eq", left, self.value(item)))
        else:
            right = self.value(other)
            found = Compare("in" if operator == "notin" else operator, left, right)
        return Not(found) if operator == "notin" else found

    def _test(self, node: nodes.Test) -> Expression:
        value = self.value(node.node)
        if node.name in ("empty", "blank"):
            return Not(Exists(value, "falsy"))
        if node.name in ("none", "null"):
            return Not(Exists(value, "missing"))
        if node.name == "defined" and not isinstance(value, Field):
            return Exists(value, "missing")
        return Unknown(fields_of(value, *(self.value(arg) for arg in node.args or ())))

    def _filter(self, node: nodes.Filter) -> Expression:
        value = self.value(node.node)
        given = [self.value(argument) for argument in node.args]
        named = {str(pair.key): self.value(pair.value) for pair in node.kwargs}
        if node.name in _DEFAULTS:
            otherwise = given[0] if given else named.get("default_value", Constant(""))
            if "default catches empty" in self.own.spellings or Constant(True) in given[1:]:
                return Fallback(value, otherwise, "falsy")
            return Fallback(value, otherwise, "missing") if len(given) < 2 else self._unknown(node)
        if named:
            return Call(f"{node.name} with options", (value, *given, *named.values()))
        return Call(_CALLS.get(node.name, node.name), (value, *given))

    def _call(self, node: nodes.Call) -> Expression:
        given = [self.value(argument) for argument in node.args]
        if isinstance(node.node, nodes.Getattr) and node.node.attr in _METHODS and not given:
            return Call(_CALLS.get(node.node.attr, node.node.attr), (self.value(node.node.node),))
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        first = given[0] if given else None
        if name == "personalization_token" and isinstance(first, Constant):
            start = node.args[0].lineno
            value = self.own.value(str(first.value).split("."), start, start + 1)
            return Fallback(value, given[1], "empty") if len(given) > 1 else value
        if self.own.meaning(name.lower()) and given:
            return Call(self.own.meaning(name.lower()), tuple(given))
        return Unknown(fields_of(*given))
