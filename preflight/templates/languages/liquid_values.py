"""What the expressions of Liquid come to, in our tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from liquid.builtin.expressions import logical, primitive
from liquid.builtin.expressions.filtered import FilteredExpression, TernaryFilteredExpression
from liquid.builtin.expressions.path import Path

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
    System,
    Unknown,
)
from preflight.templates.tree_tools import fields_of, variable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from liquid.builtin.expressions.filtered import Filter

    from preflight.templates.naming import Naming

_MOST_FILTERS = 100  # on one value: more are not followed

# Filters that other dialects have under another name.
_CALLS = {
    "upcase": "upper",
    "downcase": "lower",
    "strip": "trim",
    "size": "length",
    "escape_once": "escape",
    "h": "escape",
}
_COMPARISONS: dict[type[Any], str] = {
    logical.EqExpression: "eq",
    logical.NeExpression: "ne",
    logical.LtExpression: "lt",
    logical.LeExpression: "lteq",
    logical.GtExpression: "gt",
    logical.GeExpression: "gteq",
    logical.ContainsExpression: "contains",
}
_LOOP_NAMES = frozenset({"forloop", "tablerowloop"})
_NOW = frozenset({"now", "today"})


class Values:
    """Makes the expressions of one template. ``renamed``: names that stand in for others in its
    text."""

    def __init__(self, text: str, own: Naming, renamed: Mapping[str, str]) -> None:
        self.text = text
        self.own = own
        self.renamed = renamed
        self.variables: set[str] = set()
        self.items: list[str] = []  # variables of the loops around
        self.unsure: list[set[str]] = []  # variables that the loops around set: whose round?

    def test(self, expression: Any) -> Expression:
        if isinstance(expression, logical.BooleanExpression):
            expression = expression.expression
        return self.value(expression)

    def value(self, expression: Any) -> Expression:
        match expression:
            case primitive.Nil():
                return Constant(None)
            case primitive.Empty() | primitive.Blank():
                return Constant("")
            case primitive.Literal():
                return Constant(expression.value)
            case Path():
                return self._path(expression)
            case FilteredExpression() | TernaryFilteredExpression():
                return self.filtered(expression)
            case logical.LogicalAndExpression():
                return Both(self.value(expression.left), self.value(expression.right))
            case logical.LogicalOrExpression():
                return Either(self.value(expression.left), self.value(expression.right))
            case logical.LogicalNotExpression():
                return Not(self.value(expression.right))
        operator = _COMPARISONS.get(type(expression))
        if operator:
            return self.compare(operator, self.value(expression.left), expression.right)
        children = [self.value(child) for child in expression.children()]
        return Unknown(fields_of(*children))

    def compare(self, operator: str, left: Expression, right: Any) -> Expression:
        if isinstance(right, primitive.Blank) and operator in ("eq", "ne"):
            filled = Exists(left, "blank")
            return filled if operator == "ne" else Not(filled)
        return Compare(operator, left, self.value(right))

    def _path(self, path: Path) -> Expression:
        start = path.token.start_index
        names = [self.renamed.get(str(part), str(part)) for part in path.path]
        inner = [self.value(part) for part in path.path if isinstance(part, Path)]
        if inner:
            return Unknown(fields_of(*inner))
        end = self._end_of_path(path, start)
        head = names[0]
        if head in self.items or head in _LOOP_NAMES:
            return Field(variable(head), start, end) if len(names) == 1 else Unknown()
        if any(head in names for names in self.unsure):
            return Unknown()
        if head in self.variables:
            found = Field(variable(head), start, end)
            return found if len(names) == 1 else self._part(found, names[1:])
        if len(names) > 1 and names[-1] in ("size", "first", "last"):
            whole = self.own.value(names[:-1], start, end)
            return self._part(whole, names[-1:])
        return self.own.value(names, start, end)

    def _part(self, whole: Expression, names: list[str]) -> Expression:
        if names == ["size"] and not isinstance(whole, (Unknown, System)):
            return Call("length", (whole,))
        return Unknown(fields_of(whole))

    def _end_of_path(self, path: Path, start: int) -> int:
        written = str(path)
        if self.text.startswith(written, start):
            return start + len(written)
        return start + len(path.token.value)

    def filtered(self, expression: Any) -> Expression:
        if isinstance(expression, TernaryFilteredExpression):
            every = [self.value(child) for child in expression.children()]
            return Unknown(fields_of(*every))
        value = self.value(expression.left)
        filters = expression.filters or []
        if len(filters) > _MOST_FILTERS:
            return Unknown(fields_of(value))
        for used in filters:
            value = self._filter(value, used)
        return value

    def _filter(self, value: Expression, used: Filter) -> Expression:
        plain = [self.value(given.value) for given in used.args if not _key(given)]
        named = {_key(given): self.value(given.value) for given in used.args if _key(given)}
        if used.name == "default" or used.name in self.own.fallbacks:
            otherwise = plain[0] if plain else Constant("")
            first = Fallback(value, otherwise, "empty")
            if named.get("allow_false") == Constant(True):
                return first
            return Fallback(first, otherwise, "falsy")
        if used.name == "date" and isinstance(value, Constant) and value.value in _NOW:
            return System("date")
        if used.name == "prepend" and len(plain) == 1:
            return Call("append", (plain[0], value))
        arguments = (value, *plain, *named.values())
        if named and used.name not in ("truncate",):
            return Call(f"{used.name} with options", arguments)
        return Call(_CALLS.get(used.name, used.name), arguments)


def _key(given: Any) -> str:
    return str(getattr(given, "name", ""))
