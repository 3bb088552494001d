"""From a compiled condition to a formula: ``and``, ``or``, ``not`` over tests of one column each.

A test that cannot be modelled (one column with another, a regular expression) becomes a riddle: it
may be true, false or NULL, whatever the others are. What is proven in spite of riddles holds.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlglot import exp

from preflight.audience.compile import base_of
from preflight.audience.names import Names, Term
from preflight.audience.representatives import Answer, Asked, Truth, pattern_answer
from preflight.audience.values import NotModelled, Value, evaluate, lowered


@dataclass(frozen=True)
class Known:
    """Always the same."""

    value: Truth


@dataclass(frozen=True)
class Test:
    """The answer of one test: its column and its number among the tests of that column."""

    column: str
    number: int


@dataclass(frozen=True)
class Not:
    of: Formula


@dataclass(frozen=True)
class All:
    of: tuple[Formula, ...]


@dataclass(frozen=True)
class Any_:
    of: tuple[Formula, ...]


@dataclass(frozen=True)
class Is:
    """Whether a formula is exactly true, false, or NULL."""

    of: Formula
    value: Truth


Formula = Known | Test | Not | All | Any_ | Is


@dataclass
class Tested:
    """A column of a condition: what it is, and all that the condition asks of it."""

    term: Term
    base: str
    asked: list[Asked] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)


_ORDER: Mapping[type[exp.Expr], Callable[[Any, Any], bool]] = {
    exp.EQ: operator.eq,
    exp.NEQ: operator.ne,
    exp.GT: operator.gt,
    exp.GTE: operator.ge,
    exp.LT: operator.lt,
    exp.LTE: operator.le,
}
_TURNED: Mapping[type[exp.Expr], type[exp.Expr]] = {
    exp.GT: exp.LT,
    exp.LT: exp.GT,
    exp.GTE: exp.LTE,
    exp.LTE: exp.GTE,
}


class Translator:
    """Collects the tests of a condition, column by column."""

    def __init__(self, names: Names) -> None:
        self.terms = {term.sql: term for term in names.terms.values()}
        self.columns: dict[str, Tested] = {}
        self.riddles: dict[str, bool] = {}
        """Key of a riddle -> whether it can be NULL."""

    def formula(self, node: exp.Expr) -> Formula:
        """The formula of a compiled condition."""
        if isinstance(node, exp.Paren):
            return self.formula(node.this)
        if isinstance(node, (exp.And, exp.Or)):
            kind = type(node)
            parts: list[Formula] = []
            here: exp.Expr = node
            while isinstance(here, kind):
                parts.append(self.formula(here.args["expression"]))
                here = here.this.unnest() if isinstance(here.this, exp.Paren) else here.this
            parts.append(self.formula(here))
            chain = tuple(reversed(parts))
            return All(chain) if kind is exp.And else Any_(chain)
        if isinstance(node, exp.Not):
            return Not(self.formula(node.this))
        if isinstance(node, exp.Boolean):
            return Known(bool(node.this))
        if isinstance(node, exp.Cast) and isinstance(node.this, exp.Null):
            return Known(None)
        if isinstance(node, exp.Is):
            return self._is(node)
        if isinstance(node, exp.Coalesce) and len(node.expressions) == 1:
            default = node.expressions[0]
            if isinstance(default, exp.Boolean):
                inner = self.formula(node.this)
                return Not(Is(inner, False)) if default.this else Is(inner, True)
        try:
            return self._test(node)
        except NotModelled:
            return self.riddle(node)

    def _is(self, node: exp.Is) -> Formula:
        value = None if isinstance(node.expression, exp.Null) else bool(node.expression.this)
        if value is None and not isinstance(node.this.unnest(), _FORMULAS):
            try:
                tested = node.this
                if isinstance(tested, exp.Column):  # the bare cell is NULL where its value is
                    tested = base_of(self._column(tested).term)
                return self._asked(node, tested, lambda given: given is None, ())
            except NotModelled:
                return self.riddle(node, nullable=False)
        return Is(self.formula(node.this), value)

    def riddle(self, node: exp.Expr, *, nullable: bool = True) -> Formula:
        """What is not modelled: the same text is the same riddle."""
        key = "?" + node.sql()
        self.riddles[key] = nullable
        return Test(key, 0)

    def _test(self, node: exp.Expr) -> Formula:
        """A comparison of one expression with literals, or a column that is true or false."""
        kind = type(node)
        if kind in _ORDER or isinstance(node, (exp.NullSafeEQ, exp.NullSafeNEQ)):
            left, right = node.this, node.expression
            if not left.find(exp.Column):
                left, right, kind = right, left, _TURNED.get(kind, kind)
            literal = constant(right)
            if not left.find(exp.Column):
                return self._known(node, constant(left), literal)
            return self._asked(node, left, _compared(kind, literal), (literal,))
        if isinstance(node, exp.In):
            return self._in(node)
        if isinstance(node, (exp.Like, exp.ILike, exp.StartsWith)):
            return self._like(node)
        if isinstance(node, (exp.Column, exp.TryCast)):
            return self._asked(node, node, _truth, ())
        raise NotModelled

    def _known(self, node: exp.Expr, left: Value, right: Value) -> Formula:
        return Known(_compared(type(node), right)(left))

    def _in(self, node: exp.In) -> Formula:
        values = [constant(item) for item in node.expressions]
        safe = dict.fromkeys(value for value in values if value is not None)  # in their order
        if len({isinstance(value, str) for value in safe}) > 1:
            raise NotModelled
        with_null = None in values

        def answer(given: Value) -> Truth:
            if given is None:
                return None
            return True if given in safe else (None if with_null else False)

        if not node.this.find(exp.Column):
            return Known(answer(constant(node.this)))
        return self._asked(node, node.this, answer, tuple(safe))

    def _like(self, node: exp.Expr) -> Formula:
        pattern, tested = constant(node.expression), node.this
        if pattern is None:
            return Known(None)
        if not isinstance(pattern, str):
            raise NotModelled
        if isinstance(node, exp.StartsWith):
            if set("%_") & set(pattern):
                raise NotModelled
            pattern += "%"
        if isinstance(node, exp.ILike):
            pattern = lowered(pattern)
            if not isinstance(tested, exp.Lower):
                tested = exp.Lower(this=tested.copy())
        answer = pattern_answer(pattern)
        if not tested.find(exp.Column):
            return Known(answer(constant(tested)))
        if not set("%_") & set(pattern):
            return self._asked(node, tested, _compared(exp.EQ, pattern), (pattern,))
        return self._asked(node, tested, answer, (), pattern)

    def _asked(
        self,
        node: exp.Expr,
        tested: exp.Expr,
        answer: Answer,
        literals: tuple[Value, ...],
        pattern: str | None = None,
    ) -> Formula:
        while isinstance(tested, exp.Paren):
            tested = tested.this
        column = self._column(tested)
        key = node.sql()
        if key not in column.numbers:
            asked = Asked(tested, answer, literals, pattern)
            answer(evaluate(tested, None, column.base))  # what NULL gives must be known
            column.numbers[key] = len(column.asked)
            column.asked.append(asked)
        return Test(column.term.sql, column.numbers[key])

    def _column(self, node: exp.Expr) -> Tested:
        """The one column of an expression. Raises NotModelled where there are several."""
        found = {column.name for column in node.find_all(exp.Column)}
        if len(found) != 1:
            raise NotModelled
        name = found.pop()
        if name not in self.columns:
            if name not in self.terms:
                raise NotModelled
            term = self.terms[name]
            self.columns[name] = Tested(term, base_of(term).sql())
        return self.columns[name]


_FORMULAS: tuple[type[exp.Expr], ...] = (
    exp.And, exp.Or, exp.Not, exp.Is, exp.In, exp.Like, exp.ILike, exp.StartsWith, exp.Boolean,
    exp.NullSafeEQ, exp.NullSafeNEQ, *_ORDER,
)  # fmt: skip


def constant(node: exp.Expr) -> Value:
    """The value of an expression without columns. Raises NotModelled."""
    if node.find(exp.Column):
        raise NotModelled
    return evaluate(node, None, "")


def _compared(kind: type[exp.Expr], literal: Value) -> Answer:
    if kind in (exp.NullSafeEQ, exp.NullSafeNEQ):
        return lambda given: (given == literal) is (kind is exp.NullSafeEQ)
    compare = _ORDER[kind]

    def answer(given: Value) -> Truth:
        if given is None or literal is None:
            return None
        try:
            return bool(compare(given, literal))
        except TypeError:
            raise NotModelled from None

    return answer


def _truth(given: Value) -> Truth:
    if given is None or isinstance(given, bool):
        return given
    raise NotModelled
