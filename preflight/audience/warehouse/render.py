"""SQL of the embedded engine -> SQL of the engine that holds the contacts.

Every statement is parsed and each of its nodes looked up. Only what is known to mean the same there
is written: a node that is in no table below makes the statement `Unanswered`, and the check that
asked it is named as not checked. Nothing is passed on as it stands.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError

from preflight.audience.unanswered import Unanswered
from preflight.audience.warehouse.patterns import Untranslatable, translated

Maker = Callable[[Any], exp.Expr]
"""From a node of the embedded engine, its parts already made, to that of the target."""

PLAIN: frozenset[type[exp.Expr]] = frozenset(
    {
        exp.Select, exp.From, exp.Where, exp.Group, exp.Having, exp.Order, exp.Ordered, exp.Limit,
        exp.Join, exp.Subquery, exp.Union, exp.With, exp.CTE, exp.Table, exp.TableAlias,
        exp.Alias, exp.Column, exp.Identifier, exp.Star, exp.Literal, exp.Boolean, exp.Null,
        exp.Paren, exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE,
        exp.NullSafeEQ, exp.NullSafeNEQ, exp.Is, exp.In, exp.Between, exp.Case, exp.If, exp.Neg,
        exp.Add, exp.Sub, exp.Interval, exp.Var, exp.Coalesce, exp.Nullif, exp.Trim, exp.Replace,
        exp.Translate, exp.SplitPart, exp.StrPosition, exp.DPipe, exp.StartsWith, exp.Left,
        exp.Length, exp.Count, exp.Sum, exp.Max, exp.Avg, exp.LogicalOr, exp.Distinct,
        exp.Window, exp.Values, exp.Tuple, exp.Greatest, exp.DataType, exp.Array, exp.ArrayAgg,
        exp.Explode, exp.ArrayContains, exp.PercentileDisc, exp.Year, exp.Month, exp.Day,
        exp.Create, exp.Schema, exp.ArrayToString, exp.GenerateSeries, exp.Slice, exp.Bracket,
    }
)  # fmt: skip
"""Nodes that mean the same everywhere, or that sqlglot is trusted to write for the target; each
stands in a statement of our tests that is run on every engine."""

_VALUE = re.compile(r"'(?:[^']|'')*'|\?")
_ABOVE = "[ARRAY_TO_STRING({0}[i:], '.') FOR i IN RANGE(1, LENGTH({0}) + 1)]"
_SIMPLE = re.compile(r"[^|?(]*")  # patterns of which every engine finds the same stretch

# What a number or a date looks like to TRY_CAST of the embedded engine; more is in no list.
_NUMBER = r"^[ ]*[+-]?([0-9]{1,200}[.]?[0-9]{0,200}|[.][0-9]{1,200})([eE][+-]?[0-9]{1,2})?[ ]*$"
_WHOLE = r"^[ ]*[+-]?[0-9]{1,19}[ ]*$"
_LEAP = "([0-9][0-9](0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)"
_DAY = (
    "([0-9]{3}[1-9]|[0-9]{2}[1-9][0-9]|[0-9][1-9][0-9]{2}|[1-9][0-9]{3})"
    "-((0?[13578]|1[02])-(0?[1-9]|[12][0-9]|3[01])|(0?[469]|11)-(0?[1-9]|[12][0-9]|30)"
    f"|0?2-(0?[1-9]|1[0-9]|2[0-8]))|{_LEAP}-0?2-29"
)
_CLOCK = "([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?"
_ZONE = " ?(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)?)?"
_MOMENT = f"^[ ]*({_DAY}){_CLOCK}{_ZONE}[ ]*$"
SHAPES: Mapping[str, str] = {
    "BIGINT": _WHOLE,
    "DOUBLE": _NUMBER,
    "DATE": _MOMENT,
    "TIMESTAMP": _MOMENT,
}
"""Type -> what a text looks like that can be of it; days are days of the calendar."""


class Renderer(ABC):
    """The primitives of one engine. ``dialect``: sqlglot's name; ``title``: its name for people."""

    dialect: str
    title: str

    def __init__(self) -> None:
        self.own: dict[type[exp.Expr], Maker] = {
            exp.RegexpLike: lambda n: self.found(n.this, self.pattern(n.expression)),
            exp.RegexpFullMatch: lambda n: self.found(
                n.this, self.pattern(n.expression, "^(?:{})")
            ),
            exp.RegexpReplace: self.replaced,
            exp.Lower: lambda n: self.lower(n.this),
            exp.Upper: lambda n: self.upper(n.this),
            exp.Like: lambda n: _negated(n, self.like(n.this, n.expression)),
            exp.ILike: lambda n: _negated(
                n, self.like(self.lower(n.this), self.lower(n.expression))
            ),
            exp.Min: self.minimum,
            exp.ArgMin: self.of_the_first,
            exp.Contains: lambda n: exp.GT(
                this=exp.StrPosition(this=n.this, substr=n.expression), expression=number(0)
            ),
            exp.Split: self.split,
            exp.TryCast: self.try_cast,
            exp.Cast: self.cast,
            exp.Filter: self.filtered,
            exp.Comprehension: lambda n: n,
        }
        self.functions: dict[str, Maker] = {
            "hash": self.hash,
            "regexp_split_to_array": self.split_by_pattern,
            "strip_accents": lambda n: self.without_accents(n.expressions[0]),
            "to_months": lambda n: exp.Anonymous(
                this="make_interval", expressions=[number(0), n.expressions[0]]
            ),
        }

    # -- the way in ---------------------------------------------------------------------------

    def tree(self, sql: str, values: Sequence[Any] = ()) -> exp.Expr:
        """A statement for this engine. Raises Unanswered."""
        waiting = iter(values)
        bound = _VALUE.sub(lambda m: _literal(next(waiting)) if m[0] == "?" else m[0], sql)
        try:
            tree = sqlglot.parse_one(bound, read="duckdb")
        except SqlglotError as error:
            raise self.unanswered(str(error)) from None
        return self.made(tree)

    def sql(self, tree: exp.Expr) -> str:
        """The statement as text. Raises Unanswered."""
        try:
            return tree.sql(dialect=self.dialect, identify=True, unsupported_level=ErrorLevel.RAISE)
        except SqlglotError as error:
            raise self.unanswered(str(error)) from None

    def render(self, sql: str, values: Sequence[Any] = ()) -> str:
        """A statement of the embedded engine as text for this one. Raises Unanswered."""
        return self.sql(self.tree(sql, values))

    def made(self, tree: exp.Expr) -> exp.Expr:
        root = exp.Paren(this=tree)
        nodes = list(tree.bfs())
        for number, node in enumerate(nodes):
            known = type(node) in PLAIN or type(node) in self.own
            if isinstance(node, exp.Anonymous):
                known = node.name.lower() in self.functions
            if isinstance(node, exp.Identifier):
                node.set("this", node.name.lower())
            if not known and not isinstance(node, (exp.Comprehension, exp.Anonymous)):
                raise self.unanswered(type(node).__name__)
            if not known:
                raise self.unanswered(node.name)
            if isinstance(node, exp.Star) and any(node.args.values()):
                raise self.unanswered("a star that leaves something out")
            if isinstance(node, exp.Group) and node.args.get("all"):
                _group_by_all(node)
            unnamed = isinstance(node, exp.Subquery) and not node.alias
            if unnamed and isinstance(node.parent, (exp.From, exp.Join)):
                node.set("alias", exp.TableAlias(this=exp.to_identifier(f"s{number}")))
        for node in reversed(nodes):
            maker = self.own.get(type(node))
            if isinstance(node, exp.Anonymous):
                maker = self.functions[node.name.lower()]
            elif isinstance(node, exp.Array) and node.find(exp.Comprehension):
                maker = self.above
            if maker is not None:
                new = maker(node)
                if new is not node:
                    node.replace(new)
        made: exp.Expr = root.this
        return made

    def unanswered(self, detail: str) -> Unanswered:
        return Unanswered(f"{self.title} cannot tell", detail)

    def pattern(self, node: exp.Expr, form: str = "{}") -> exp.Expr:
        if not isinstance(node, exp.Literal):
            raise self.unanswered("a pattern that is no literal")
        try:
            text = translated(node.name, end=self.end)
        except Untranslatable as error:
            raise self.unanswered(f"the pattern {node.name[:80]}: {error}") from None
        whole = form != "{}"
        return exp.Literal.string(form.format(text) + self.end if whole else text)

    # -- what differs ---------------------------------------------------------------------------

    end: str = "$"

    @abstractmethod
    def found(self, text: exp.Expr, pattern: exp.Expr) -> exp.Expr:
        """Whether a (translated) pattern is found in a text."""

    @abstractmethod
    def lower(self, text: exp.Expr) -> exp.Expr: ...

    @abstractmethod
    def upper(self, text: exp.Expr) -> exp.Expr: ...

    @abstractmethod
    def like(self, text: exp.Expr, pattern: exp.Expr) -> exp.Expr:
        """LIKE without an escape character."""

    @abstractmethod
    def first_of(self, value: exp.Expr, many: int) -> exp.Expr:
        """The smallest values, in order, as a list."""

    @abstractmethod
    def of_the_first(self, node: exp.ArgMin) -> exp.Expr: ...

    @abstractmethod
    def split(self, node: exp.Split) -> exp.Expr: ...

    @abstractmethod
    def split_by_pattern(self, node: exp.Anonymous) -> exp.Expr: ...

    @abstractmethod
    def above(self, node: exp.Array) -> exp.Expr:
        """A domain's labels -> the domain and each above it."""

    @abstractmethod
    def converted(self, text: exp.Expr, kind: str) -> exp.Expr:
        """A text of the right shape in the type ``kind``."""

    @abstractmethod
    def hash(self, node: exp.Anonymous) -> exp.Expr: ...

    @abstractmethod
    def without_accents(self, text: exp.Expr) -> exp.Expr: ...

    def replaced(self, node: exp.RegexpReplace) -> exp.Expr:
        pattern, new = node.expression, node.args["replacement"]
        modifiers = node.args.get("modifiers")
        simple = isinstance(pattern, exp.Literal) and _SIMPLE.fullmatch(pattern.name)
        plain = isinstance(new, exp.Literal) and not re.search(r"[\\$]", new.name)
        if not simple or not plain or modifiers is None or modifiers.name != "g":
            raise self.unanswered("a replacement")
        return self.replaced_all(node.this, self.pattern(pattern), new)

    @abstractmethod
    def replaced_all(self, text: exp.Expr, pattern: exp.Expr, new: exp.Expr) -> exp.Expr: ...

    def minimum(self, node: exp.Min) -> exp.Expr:
        many = node.expressions[0] if node.expressions else node.args.get("count")
        if many is None:
            return node
        return self.first_of(node.this, int(many.name))

    def filtered(self, node: exp.Filter) -> exp.Expr:
        """A filter belongs to the aggregate, also where that became a part of something."""
        inner = node.this.find(exp.ArrayAgg)
        if inner is None or inner is node.this:
            return node
        whole: exp.Expr = node.this
        inner.replace(exp.Filter(this=inner.copy(), expression=node.expression))
        return whole

    def try_cast(self, node: exp.TryCast) -> exp.Expr:
        """A conversion that gives NULL where it cannot be: of what has the right shape only."""
        kind = node.to.sql("duckdb")
        kind = "TIMESTAMP" if kind.startswith("TIMESTAMP") else kind
        if kind == "BOOLEAN":
            return _as_boolean(node.this)
        shape = SHAPES.get(kind)
        if shape is None:
            raise self.unanswered(f"TRY_CAST AS {kind}")
        shape = shape.removesuffix("$") + self.end
        test = self.found(node.this.copy(), exp.Literal.string(shape))
        return exp.Case().when(test, self.converted(node.this, kind))

    def cast(self, node: exp.Cast) -> exp.Expr:
        if node.to.this is not exp.DataType.Type.BOOLEAN or isinstance(node.this, exp.Null):
            return node
        inner = node.this.unnest()
        if isinstance(inner, exp.Column):
            return _as_boolean(node.this) if inner.name.startswith("c") else node
        return exp.Paren(this=exp.NEQ(this=node.this, expression=number(0)))


def _literal(value: Any) -> str:
    return exp.convert(value).sql(dialect="duckdb")


def _negated(node: exp.Expr, made: exp.Expr) -> exp.Expr:
    """``not like`` is one node of the parser."""
    return exp.Not(this=exp.Paren(this=made)) if node.args.get("negate") else made


def number(value: int) -> exp.Expr:
    literal = exp.Literal.number(abs(value))
    return exp.Neg(this=literal) if value < 0 else literal


def _as_boolean(text: exp.Expr) -> exp.Expr:
    cases = exp.Case(this=exp.Anonymous(this="lower", expressions=[text]))
    return cases.when(exp.Literal.string("true"), exp.true()).when(
        exp.Literal.string("false"), exp.false()
    )


def labels_of(node: exp.Array, renderer: Renderer) -> str:
    bracket = node.find(exp.Bracket)
    name = bracket.this.name if bracket is not None else ""
    if node.sql("duckdb") != _ABOVE.format(name):
        raise renderer.unanswered("a comprehension")
    return f'"{name}"'


def _group_by_all(group: exp.Group) -> None:
    """GROUP BY ALL, said by the positions of what is no aggregate."""
    select = group.parent
    assert isinstance(select, exp.Select)
    group.set("all", None)
    places = [
        exp.Literal.number(place)
        for place, part in enumerate(select.expressions, 1)
        if not part.find(exp.AggFunc)
    ]
    group.set("expressions", places)
