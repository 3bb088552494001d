"""From a condition's tree to the tree that runs: columns become typed expressions, literals take
the type of what they are compared with, primitives become functions of the engine, relative dates
become dates. One place for filters, expectations and rules.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from preflight.absence import ABSENCE_PATTERN
from preflight.audience.columns import Kind
from preflight.audience.comparing import (
    DATES,
    SQL_TYPES,
    Comparing,
    Typed,
    as_date,
    date_value,
    number_kind,
)
from preflight.audience.condition import Condition, parse
from preflight.audience.misread import ConditionError, Mistake
from preflight.audience.names import Names, Term, unknown_names


def to_sql(condition: Condition | str, names: Names) -> str:
    """The condition as SQL of the embedded engine. Raises ConditionError."""
    return _trees([condition], names)[0].sql(dialect="duckdb", comments=False)


def to_bit(condition: Condition | str, names: Names) -> str:
    """The condition as SQL that is true or false, never NULL (`tests`, one after another). Raises
    ConditionError."""
    return _joined(tests([condition], names)[0])


def tests(conditions: Sequence[Condition | str], names: Names) -> list[list[str]]:
    """The parts of each conjunction, in order, as SQL. Raises ConditionError."""
    return [_parts(tree) for tree in _trees(conditions, names)]


def _trees(conditions: Sequence[Condition | str], names: Names) -> list[exp.Expr]:
    trees: list[exp.Expr] = []
    for condition in conditions:
        parsed = parse(condition) if isinstance(condition, str) else condition
        trees.append(_Compiler(parsed, names).boolean(parsed.tree))
    return names.repeated.fold(trees) if names.repeated else trees


def _parts(tree: exp.Expr) -> list[str]:
    later: list[str] = []
    waiting = [tree]
    while len(waiting) > 1 or isinstance(waiting[-1].unnest(), exp.And):
        here = waiting.pop().unnest()
        if isinstance(here, exp.And):
            waiting += [here.this, here.expression]
        else:
            later.append(here.sql(dialect="duckdb", comments=False))
    return [waiting[0].sql(dialect="duckdb", comments=False), *reversed(later)]


def _joined(tests: Sequence[str]) -> str:
    """All tests hold, as SQL that is never NULL. They are looked at in turn, each only where those
    before it hold: so a cheap one spares costly ones."""
    *first, last = tests
    cases = "".join(f"CASE WHEN {test} THEN " for test in first)
    return f"coalesce({cases}{last}{' ELSE false END' * len(first)}, false)"


def compiled(node: exp.Expr, condition: Condition, names: Names) -> exp.Expr:
    """One piece of a condition's tree as the tree that runs. Raises ConditionError."""
    return _Compiler(condition, names).boolean(node)


def base_of(term: Term) -> exp.Expr:
    """A column in the type of its values."""
    tree: exp.Expr = exp.column(term.sql)
    if not term.typed and term.kind in SQL_TYPES:
        tree = exp.TryCast(this=tree, to=exp.DataType.build(SQL_TYPES[term.kind]))
    return tree


class _Compiler(Comparing):
    # -- in the position of a truth value ----------------------------------------------------

    def boolean(self, node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Paren):
            return exp.Paren(this=self.boolean(node.this))
        if isinstance(node, (exp.And, exp.Or)):
            # A long chain is one deep tree: fold it here, not by recursion.
            kind = type(node)
            parts: list[exp.Expr] = []
            here: exp.Expr = node
            while isinstance(here, kind):
                parts.append(here.expression)
                here = here.this
            tree, *others = self._all(here, *reversed(parts))
            for part in others:
                tree = kind(this=_wrapped(tree), expression=_wrapped(part))
            return tree
        if isinstance(node, exp.Not):
            return exp.Not(this=exp.Paren(this=self.boolean(node.this)))
        typed = self.value(node)
        if typed.kind is Kind.BOOLEAN:
            return typed.tree
        if typed.kind is Kind.NOTHING:
            return exp.cast(exp.null(), "BOOLEAN")
        if typed.kind is Kind.INTEGER and typed.literal is None:
            return exp.NEQ(this=typed.tree, expression=exp.Literal.number(0))
        what = f"“{typed.name}” holds {self.held(typed)}" if typed.name else "this is a value"
        raise self.fail(
            node, f"{what}, not true or false", "Compare it with something: column = 'value'."
        )

    def _all(self, *nodes: exp.Expr) -> list[exp.Expr]:
        """Truth values that stand side by side; what is wrong with any of them is said at once."""
        trees: list[exp.Expr] = []
        mistakes: list[Mistake] = []
        for node in nodes:
            try:
                trees.append(self.boolean(node))
            except ConditionError as error:
                mistakes += error.mistakes
        if mistakes:
            raise ConditionError(*dict.fromkeys(mistakes))
        return trees

    # -- values -----------------------------------------------------------------------------

    def value(self, node: exp.Expr) -> Typed:
        if isinstance(node, exp.Paren):
            inner = self.value(node.this)
            return Typed(exp.Paren(this=inner.tree), inner.kind, inner.literal, inner.name)
        if isinstance(node, exp.Column):
            return self._column(node)
        if isinstance(node, exp.Literal):
            kind = Kind.TEXT if node.is_string else number_kind(node.name)
            return Typed(node.copy(), kind, node.name)
        if isinstance(node, exp.Neg):
            text = "-" + node.this.name
            return Typed(exp.Neg(this=node.this.copy()), number_kind(node.this.name), text)
        if isinstance(node, exp.Boolean):
            return Typed(node.copy(), Kind.BOOLEAN)
        if isinstance(node, exp.Null):
            return Typed(exp.null(), Kind.NOTHING)
        if isinstance(node, exp.Cast):
            return self.date_literal(node, node.this.name)
        if isinstance(node, exp.CurrentDate):
            return date_value(self.names.now.date())
        if isinstance(node, exp.CurrentTimestamp):
            return date_value(self.names.now)
        if isinstance(node, (exp.Add, exp.Sub)):
            return self._date_arithmetic(node)
        if isinstance(node, (exp.And, exp.Or, exp.Not)):
            return Typed(exp.Paren(this=self.boolean(node)), Kind.BOOLEAN)
        if isinstance(node, exp.Is):
            return self._is(node)
        if isinstance(node, exp.In):
            return self._in(node)
        if isinstance(node, exp.Between):
            return self._between(node)
        if isinstance(node, (exp.Like, exp.ILike, exp.StartsWith)):
            return self._pattern(node)
        if isinstance(
            node,
            (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ),
        ):
            left, right = self.alike(node, self.value(node.this), self.value(node.expression))
            return Typed(type(node)(this=left, expression=right), Kind.BOOLEAN)
        if isinstance(node, (exp.Lower, exp.Upper, exp.Trim)):
            return Typed(type(node)(this=self.text(node.this)), Kind.TEXT)
        if isinstance(node, exp.Length):
            return Typed(exp.Length(this=self.text(node.this)), Kind.INTEGER)
        if isinstance(node, (exp.Year, exp.Month, exp.Day)):
            return self._part_of_date(node)
        if isinstance(node, exp.Coalesce):
            return self._coalesce(node)
        if isinstance(node, exp.Anonymous):
            return self._primitive(node)
        raise self.fail(node, f"“{node.sql()}” cannot stand here")

    def text(self, node: exp.Expr) -> exp.Expr:
        """A value as text, as the list writes it."""
        if isinstance(node, exp.Column):
            return self._raw(node)
        typed = self.value(node)
        if typed.kind is Kind.TEXT:
            return typed.tree
        return exp.cast(typed.tree, "VARCHAR")

    def _term(self, node: exp.Column) -> Term:
        term = self.names.terms.get(node.name.casefold())
        if term is None:
            raise ConditionError(*unknown_names(self.condition, self.names))
        return term

    def _raw(self, node: exp.Column) -> exp.Expr:
        term = self._term(node)
        if term.typed and term.kind is not Kind.TEXT:
            return exp.cast(exp.column(term.sql), "VARCHAR")
        return exp.column(term.sql)

    def _column(self, node: exp.Column) -> Typed:
        term = self._term(node)
        return Typed(base_of(term), term.kind, name=node.name)

    def _date_arithmetic(self, node: exp.Add | exp.Sub) -> Typed:
        left, right = node.this, node.expression
        if isinstance(left, exp.Interval) and isinstance(node, exp.Add):
            left, right = right, left
        if not isinstance(right, exp.Interval) or isinstance(left, exp.Interval):
            raise self.fail(node, "a filter does no arithmetic but with dates")
        base = self.value(left)
        if base.literal is not None and base.kind is Kind.TEXT:
            base = self.date_literal(left, base.literal)
        if base.kind is Kind.NOTHING:
            return base
        if base.kind is Kind.TEXT:
            self.check_dates(node, base)
            base = Typed(as_date(base.tree), Kind.DATE, name=base.name)
        if base.kind not in DATES:
            raise self.fail(node, "a filter does no arithmetic but with dates")
        unit = str(right.args["unit"].name).upper().rstrip("S")
        interval = exp.Interval(this=exp.Literal.string(right.this.name), unit=exp.var(unit))
        moved = type(node)(this=base.tree, expression=interval)
        return Typed(exp.Paren(this=moved), Kind.TIMESTAMP)

    def _part_of_date(self, node: exp.Expr) -> Typed:
        inner = self.value(node.this)
        if inner.literal is not None:
            inner = self.date_literal(node, inner.literal)
        tree = as_date(inner.tree) if inner.kind is Kind.TEXT else inner.tree
        if inner.kind is Kind.NOTHING:
            tree = exp.cast(exp.null(), "DATE")
        elif inner.kind not in (*DATES, Kind.TEXT):
            raise self.fail(node, f"“{inner.name}” holds no dates")
        return Typed(type(node)(this=tree), Kind.INTEGER)

    # -- forms ------------------------------------------------------------------------------------

    def _is(self, node: exp.Is) -> Typed:
        if isinstance(node.expression, exp.Boolean):
            return Typed(
                exp.Is(
                    this=exp.Paren(this=self.boolean(node.this)), expression=node.expression.copy()
                ),
                Kind.BOOLEAN,
            )
        if not isinstance(node.expression, exp.Null):
            raise self.fail(node, "“is” is followed by null, true or false")
        inner = (
            self._raw(node.this)
            if isinstance(node.this, exp.Column)
            else self.value(node.this).tree
        )
        return Typed(exp.Is(this=inner, expression=exp.null()), Kind.BOOLEAN)

    def _in(self, node: exp.In) -> Typed:
        left = self.value(node.this)
        equal = exp.EQ(this=node.this.copy(), expression=exp.null())
        pairs = [self.alike(equal, left, self.value(item)) for item in node.expressions]
        sides = {id(pair[0]): pair[0] for pair in pairs}  # nearly always one and the same
        if len({side.sql() for side in sides.values()}) == 1:
            return Typed(
                exp.In(this=pairs[0][0], expressions=[pair[1] for pair in pairs]), Kind.BOOLEAN
            )
        parts = [exp.EQ(this=left_, expression=right_) for left_, right_ in pairs]
        return Typed(exp.Paren(this=exp.or_(*parts)), Kind.BOOLEAN)

    def _between(self, node: exp.Between) -> Typed:
        value = self.value(node.this)
        low_left, low = self.alike(node, value, self.value(node.args["low"]))
        high_left, high = self.alike(node, value, self.value(node.args["high"]))
        return Typed(
            exp.Paren(
                this=exp.And(
                    this=exp.GTE(this=low_left, expression=low),
                    expression=exp.LTE(this=high_left, expression=high),
                )
            ),
            Kind.BOOLEAN,
        )

    def _pattern(self, node: exp.Expr) -> Typed:
        pattern = self.value(node.expression)
        if pattern.kind is not Kind.TEXT:
            raise self.fail(node, "a pattern is a text in quotes")
        fits: exp.Expr = type(node)(this=self.text(node.this), expression=pattern.tree)
        if node.args.get("negate"):  # x not like 'y': a flag of the node, no node of its own
            fits = exp.Not(this=exp.Paren(this=fits))
        return Typed(fits, Kind.BOOLEAN)

    def _coalesce(self, node: exp.Coalesce) -> Typed:
        parts = [self.value(part) for part in (node.this, *node.expressions)]
        kinds = [part.kind for part in parts if part.kind is not Kind.NOTHING and not part.literal]
        lead = next((part for part in parts if kinds and part.kind is kinds[0]), parts[0])
        equal = exp.EQ(this=node.this.copy(), expression=exp.null())
        trees = [part.tree if part is lead else self.alike(equal, lead, part)[1] for part in parts]
        return Typed(exp.Coalesce(this=trees[0], expressions=trees[1:]), lead.kind, name=lead.name)

    def _primitive(self, node: exp.Anonymous) -> Typed:
        name, argument = node.name.lower(), node.expressions[0]
        text = self.text(argument)
        if name == "empty":
            empty = exp.EQ(this=text.copy(), expression=exp.Literal.string(""))
            return Typed(_or_null(text, empty), Kind.BOOLEAN)
        if name == "blank":
            says_nothing = exp.func(
                "regexp_full_match", text.copy(), exp.Literal.string(ABSENCE_PATTERN)
            )
            return Typed(_or_null(text, says_nothing), Kind.BOOLEAN)
        if name == "matches":
            found = exp.func("regexp_matches", text, node.expressions[1].copy())
            return Typed(exp.func("coalesce", found, exp.false()), Kind.BOOLEAN)
        if name == "truthy":
            typed = self.value(argument)
            if typed.kind in (Kind.BOOLEAN, Kind.INTEGER, Kind.NUMBER):
                true = exp.cast(typed.tree, "BOOLEAN")
                return Typed(exp.func("coalesce", true, exp.false()), Kind.BOOLEAN)
            empty = exp.EQ(this=text.copy(), expression=exp.Literal.string(""))
            return Typed(exp.Not(this=_or_null(text, empty)), Kind.BOOLEAN)
        address = exp.func("lower", exp.func("trim", text))
        half = exp.Literal.number(2 if name == "domain" else 1)
        at = exp.func("split_part", address, exp.Literal.string("@"), half)
        return Typed(exp.func("nullif", at, exp.Literal.string("")), Kind.TEXT)


def _wrapped(tree: exp.Expr) -> exp.Expr:
    return exp.Paren(this=tree) if isinstance(tree, (exp.And, exp.Or)) else tree


def _or_null(text: exp.Expr, test: exp.Expr) -> exp.Expr:
    null = exp.Is(this=text, expression=exp.null())
    return exp.Paren(this=exp.Or(this=null, expression=test))
