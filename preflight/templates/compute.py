"""What the expressions of a tree come to for one recipient.

The same as `preflight.templates.tree_values` says for all of them: a test holds the two together.
What cannot be told is `MASK`, and so is all that depends on it.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from preflight.templates.profiles import Semantics
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
from preflight.templates.tree_values import TRANSPARENT


class _Mask:
    """The one value of which nothing is known."""

    def __repr__(self) -> str:
        return "MASK"


MASK: Final = _Mask()
FILLED_IN: Final = _Mask()
"""What the mailer itself prints: something, for everybody."""

Scalar = str | int | float | bool | None | _Mask

_CASES: dict[str, Callable[[str], str]] = {
    "upper": str.upper,
    "lower": str.lower,
    "trim": str.strip,
    "capitalize": lambda text: text[:1].upper() + text[1:],
    "capfirst": lambda text: text[:1].upper() + text[1:],
}
_AS_IS = TRANSPARENT - {"titlecase", "titleize", "propercase", "title"} - frozenset(_CASES)
_ESCAPES = frozenset({"escape", "force_escape", "html_escape"})
_ORDER: dict[str, Callable[[float, float], bool]] = {
    "lt": lambda left, right: left < right,
    "lteq": lambda left, right: left <= right,
    "gt": lambda left, right: left > right,
    "gteq": lambda left, right: left >= right,
}


@dataclass(slots=True)
class Computer:
    """Computes for one recipient: ``values`` by casefolded column name, "" for an empty cell.
    ``variables`` are those that the template sets."""

    semantics: Semantics
    values: Mapping[str, object]
    resolve: Callable[[str], str] = str
    variables: dict[str, Scalar] = field(default_factory=dict)

    def value(self, node: Expression) -> Scalar:
        match node:
            case Field():
                return self._field(node)
            case Constant():
                return node.value
            case System():
                return FILLED_IN
            case Fallback():
                left = self.value(node.value)
                caught = self._caught(left, node.catches)
                if caught is None:
                    return MASK
                return self.value(node.otherwise) if caught else left
            case Both() | Either():
                left = self.value(node.left)
                true = self.truth(left)
                if true is None:
                    return MASK
                return left if true is isinstance(node, Either) else self.value(node.right)
            case Call():
                return self._call(node)
            case _:
                outcome = self.test(node)
                return MASK if outcome is None else outcome

    def test(self, node: Expression) -> bool | None:
        """Whether an expression counts as true; None when that cannot be told."""
        match node:
            case Not():
                inner = self.test(node.value)
                return None if inner is None else not inner
            case Exists():
                caught = self._caught(self.value(node.value), node.counts)
                return None if caught is None else not caught
            case Compare():
                return self._compare(node)
            case Unknown():
                return None
            case Both() | Either():
                left, right = self.test(node.left), self.test(node.right)
                decisive = isinstance(node, Either)
                if decisive in (left, right):
                    return decisive
                return None if None in (left, right) else not decisive
            case _:
                return self.truth(self.value(node))

    def printed(self, value: Scalar) -> str | None:
        """A value as text; None where it is no value and the tag stays as it is written."""
        if value is None:
            return self.semantics.missing
        if isinstance(value, bool):
            return "true" if value else "false"
        return str(value)

    def truth(self, value: Scalar) -> bool | None:
        if value is MASK:
            return None
        if value is FILLED_IN:
            return True
        if value == "" and isinstance(value, str):
            return self.semantics.empty_is_true
        if value == 0 and not isinstance(value, bool):
            return self.semantics.zero_is_true
        return bool(value)

    def _field(self, node: Field) -> Scalar:
        name = node.name.casefold()
        if name in self.variables:
            return self.variables[name]
        if name.partition(".")[0] in self.variables:
            return MASK
        found: Any = self.values.get(self.resolve(node.name).casefold())
        if found == "" and isinstance(found, str) and self.semantics.empty_cell == "nothing":
            return None
        known = found is None or isinstance(found, (str, int, float, bool, _Mask))
        return found if known else str(found)

    def _caught(self, value: Scalar, how: str) -> bool | None:
        if value is MASK:
            return None
        if value is FILLED_IN:
            return False
        if how == "falsy":
            return not self.truth(value)
        if value is None:
            return True
        if how == "missing":
            return False
        text = str(value)
        return not (text.strip() if how == "blank" else text)

    def _compare(self, node: Compare) -> bool | None:
        left, right = self.value(node.left), self.value(node.right)
        if isinstance(left, _Mask) or isinstance(right, _Mask):
            return None
        operator = node.operator
        if operator in ("contains", "in"):
            whole, part = (left, right) if operator == "contains" else (right, left)
            return str(part or "") in str(whole or "")
        if Constant(None) in (node.left, node.right) and operator in ("eq", "ne"):
            return (left is None and right is None) is (operator == "eq")
        if operator in ("eq", "ne"):
            if self.semantics.empty_cell == "text" and (left is None) is not (right is None):
                return operator == "ne"
            return _same(left, right) is (operator == "eq")
        if left is None or left == "" or right is None or right == "":
            return False
        try:
            return _ORDER[operator](float(left), float(right))
        except (KeyError, ValueError):
            return None

    def _call(self, node: Call) -> Scalar:
        if node.name == "choose" and len(node.arguments) == 3:
            test = self.test(node.arguments[0])
            return MASK if test is None else self.value(node.arguments[1 if test else 2])
        given = [self.value(argument) for argument in node.arguments]
        if not given or any(isinstance(one, _Mask) for one in given):
            return MASK
        texts = ["" if one is None else self.printed(one) or "" for one in given]
        if len(given) == 1:
            if node.name in _ESCAPES and _escapes(node.arguments[0]):
                # Escaped twice, a sign is shown as its code.
                return texts[0] if html.escape(texts[0]) == texts[0] else MASK
            if node.name in _CASES:
                return _CASES[node.name](texts[0])
            if node.name in _AS_IS:
                return texts[0]
            if node.name == "length":
                text = given[0] is None or isinstance(given[0], str)
                return len(texts[0]) if text else MASK
        elif node.name == "append":
            return "".join(texts)
        return MASK


def _escapes(node: Expression) -> bool:
    match node:
        case Call():
            return node.name in _ESCAPES or any(map(_escapes, node.arguments))
        case Fallback():
            return _escapes(node.value) or _escapes(node.otherwise)
        case Both() | Either():
            return _escapes(node.left) or _escapes(node.right)
        case _:
            return False


def _same(left: object, right: object) -> bool:
    """A list knows no types: 5 is "5", and no value is the empty text."""
    if isinstance(left, bool) or isinstance(right, bool):
        return str(left).casefold() == str(right).casefold()
    return ("" if left is None else str(left)) == ("" if right is None else str(right))
