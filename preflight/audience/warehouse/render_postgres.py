"""What differs in PostgreSQL."""

from __future__ import annotations

import sqlglot
from sqlglot import exp

from preflight.audience.warehouse.render import Renderer, labels_of, number


class PostgresRenderer(Renderer):
    """PostgreSQL 13 and later, encoded in UTF-8. ``letters``: the collation that knows the cases
    of all letters; everything else goes by the letters' numbers, as in the embedded engine."""

    dialect = "postgres"
    title = "PostgreSQL"

    def __init__(self, letters: str = "und-x-icu") -> None:
        super().__init__()
        self.letters = letters

    def found(self, text: exp.Expr, pattern: exp.Expr) -> exp.Expr:
        return exp.RegexpLike(this=exp.Paren(this=text), expression=pattern)

    def lower(self, text: exp.Expr) -> exp.Expr:
        return _by_letter(exp.Lower(this=_collated(text, self.letters)))

    def upper(self, text: exp.Expr) -> exp.Expr:
        return _by_letter(exp.Upper(this=_collated(text, self.letters)))

    def like(self, text: exp.Expr, pattern: exp.Expr) -> exp.Expr:
        return exp.Escape(
            this=exp.Like(this=text, expression=pattern), expression=exp.Literal.string("")
        )

    def first_of(self, value: exp.Expr, many: int) -> exp.Expr:
        return exp.Bracket(
            this=exp.Paren(this=_list_of(value, value.copy())),
            expressions=[exp.Slice(this=number(1), expression=number(many))],
        )

    def of_the_first(self, node: exp.ArgMin) -> exp.Expr:
        there = exp.Not(this=exp.Is(this=node.this.copy(), expression=exp.null()))
        listed = exp.Filter(
            this=_list_of(node.this, node.expression), expression=exp.Where(this=there)
        )
        return exp.Bracket(this=exp.Paren(this=listed), expressions=[number(1)], offset=1)

    def split(self, node: exp.Split) -> exp.Expr:
        return exp.Anonymous(this="string_to_array", expressions=[node.this, node.expression])

    def split_by_pattern(self, node: exp.Anonymous) -> exp.Expr:
        text, pattern = node.expressions
        return exp.Anonymous(
            this="regexp_split_to_array", expressions=[text, self.pattern(pattern)]
        )

    def above(self, node: exp.Array) -> exp.Expr:
        labels = labels_of(node, self)
        return sqlglot.parse_one(
            f"ARRAY(SELECT array_to_string({labels}[i:], '.') "
            f"FROM generate_series(1, cardinality({labels})) AS s(i))",
            read="postgres",
        )

    def converted(self, text: exp.Expr, kind: str) -> exp.Expr:
        if kind == "BIGINT":
            exact = exp.Cast(this=text, to=exp.DataType.build("DECIMAL"))
            fits = exp.Between(this=exact, low=number(-(2**63)), high=number(2**63 - 1))
            return exp.Case().when(fits, exp.Cast(this=text.copy(), to=exp.DataType.build(kind)))
        return exp.Cast(this=text, to=exp.DataType.build(kind))

    def hash(self, node: exp.Anonymous) -> exp.Expr:
        row: exp.Expr = exp.Anonymous(this="ROW", expressions=node.expressions)
        if len(node.expressions) == 1:
            row = node.expressions[0]  # the thing itself is the best hash
        return exp.cast(row, "TEXT")

    def without_accents(self, text: exp.Expr) -> exp.Expr:
        apart = exp.Anonymous(this="normalize", expressions=[text, exp.var("NFD")])
        marks = exp.Literal.string("[\u0300-\u036f]")
        return self.replaced_all(apart, marks, exp.Literal.string(""))

    def replaced_all(self, text: exp.Expr, pattern: exp.Expr, new: exp.Expr) -> exp.Expr:
        return exp.Anonymous(
            this="regexp_replace", expressions=[text, pattern, new, exp.Literal.string("g")]
        )


def _collated(text: exp.Expr, name: str) -> exp.Expr:
    return exp.Collate(this=exp.Paren(this=text), expression=exp.Identifier(this=name, quoted=True))


def _by_letter(text: exp.Expr) -> exp.Expr:
    """In the order of the letters' numbers, as everywhere here."""
    return exp.Paren(this=_collated(text, "C"))


def _list_of(value: exp.Expr, order: exp.Expr) -> exp.Expr:
    ordered = exp.Ordered(this=order.copy(), nulls_first=False)
    return exp.ArrayAgg(this=exp.Order(this=value, expressions=[ordered]))
