"""What a tree comes to for one contact, computed in the plainest way: the measure that readers are
compared with. It knows nothing of conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from preflight.templates.profiles import Semantics
from preflight.templates.tree import (
    Both,
    Branch,
    Call,
    Code,
    Compare,
    Constant,
    Either,
    Exists,
    Expression,
    Fallback,
    Field,
    Loop,
    Masked,
    Not,
    Print,
    System,
    Text,
    TreeNode,
    Unknown,
)

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "lt": lambda left, right: left < right,
    "lteq": lambda left, right: left <= right,
    "gt": lambda left, right: left > right,
    "gteq": lambda left, right: left >= right,
}


class NotTold(Exception):
    """The tree says that this cannot be told."""


@dataclass
class Interpreter:
    """``show``: how a value is printed. ``calls``: what filters do. ``printed``: for each tag that was
    reached what it printed, by its offset. ``one_is_true``: the number equals the boolean."""

    text: str
    row: Mapping[str, Any]
    semantics: Semantics
    show: Callable[[Any], str] = str
    calls: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    one_is_true: bool = False
    variables: dict[str, Any] = field(default_factory=dict)
    printed: dict[int, list[str]] = field(default_factory=dict)

    def run(self, nodes: Iterable[TreeNode]) -> str:
        return "".join(self._node(node) for node in nodes)

    def _node(self, node: TreeNode) -> str:
        match node:
            case Text():
                return self.text[node.start : node.end]
            case Print():
                shown = self._shown(self.value(node.value))
                self.printed.setdefault(node.start, []).append(shown)
                return shown
            case Code():
                if node.name and node.value is not None:
                    self.variables[node.name] = self.value(node.value)
                return ""
            case Branch():
                for test, body in node.arms:
                    if test is None or self.true(self.value(test)):
                        return self.run(body)
                return ""
            case Loop():
                return self._loop(node)
            case Masked():
                raise NotTold
        raise TypeError(node)

    def _loop(self, node: Loop) -> str:
        if node.items is None:
            raise NotTold
        if not node.items:
            return self.run(node.otherwise)
        before = dict(self.variables)
        pieces = []
        for item in node.items:
            self.variables[node.name] = self.value(item)
            pieces.append(self.run(node.body))
        if node.name in before:
            self.variables[node.name] = before[node.name]
        else:
            del self.variables[node.name]
        return "".join(pieces)

    def _shown(self, value: Any) -> str:
        return (self.semantics.missing or "") if value is None else self.show(value)

    def true(self, value: Any) -> bool:
        if value == "" and isinstance(value, str):
            return self.semantics.empty_is_true
        if value == 0 and not isinstance(value, bool):
            return self.semantics.zero_is_true
        return bool(value)

    def _counts(self, value: Any, kind: str) -> bool:
        if value is None:
            return False
        if kind == "empty":
            return value != ""
        if kind == "blank":
            return not (isinstance(value, str) and not value.strip())
        return self.true(value) if kind == "falsy" else True

    def value(self, expression: Expression) -> Any:
        match expression:
            case Field():
                if expression.name in self.variables:
                    return self.variables[expression.name]
                return self.row.get(expression.name)
            case Constant():
                return expression.value
            case System():
                return f"<{expression.name}>"
            case Fallback():
                found = self.value(expression.value)
                kept = self._counts(found, expression.catches)
                return found if kept else self.value(expression.otherwise)
            case Call():
                given = [self.value(argument) for argument in expression.arguments]
                if expression.name not in self.calls:
                    raise NotTold
                return self.calls[expression.name](*given)
            case Compare():
                return self._compare(expression)
            case Both():
                left = self.value(expression.left)
                return self.value(expression.right) if self.true(left) else left
            case Either():
                left = self.value(expression.left)
                return left if self.true(left) else self.value(expression.right)
            case Not():
                return not self.true(self.value(expression.value))
            case Exists():
                return self._counts(self.value(expression.value), expression.counts)
            case Unknown():
                raise NotTold
        raise TypeError(expression)

    def _compare(self, node: Compare) -> bool:
        left, right = self.value(node.left), self.value(node.right)
        if node.operator in ("eq", "ne"):
            booleans = isinstance(left, bool), isinstance(right, bool)
            same = self.one_is_true or booleans[0] == booleans[1]
            return (same and left == right) == (node.operator == "eq")
        if node.operator in ("in", "contains"):
            small, large = (left, right) if node.operator == "in" else (right, left)
            return bool(large) and bool(small or small == "") and str(small) in str(large)
        if left is None or right is None:
            return False
        try:
            return COMPARISONS[node.operator](left, right)
        except TypeError:  # Django takes this for false; Liquid gives an error, which is left out
            return False
