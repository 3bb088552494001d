"""What differs in Spark SQL, version 4."""

from __future__ import annotations

from functools import cache

from sqlglot import exp

from preflight.audience.warehouse.backtracking import explodes
from preflight.audience.warehouse.render import Renderer, labels_of, number

_NO_ESCAPE = "\x01"  # Spark's LIKE has always one; this is in no pattern


class SparkRenderer(Renderer):
    """Spark 4, its literals and casts in ANSI mode: what would raise is asked as try_cast."""

    dialect = "spark"
    title = "Spark"
    end = r"\z"

    def __init__(self) -> None:
        super().__init__()
        self.own[exp.PercentileDisc] = self.percentile

    def pattern(self, node: exp.Expr, form: str = "{}") -> exp.Expr:
        made = super().pattern(node, form)
        if explodes(made.name):
            raise self.unanswered(f"a pattern that may take too long: {node.name[:80]}")
        return made

    def found(self, text: exp.Expr, pattern: exp.Expr) -> exp.Expr:
        return exp.RegexpLike(this=exp.Paren(this=text), expression=pattern)

    def lower(self, text: exp.Expr) -> exp.Expr:
        # Java's lower case depends on what is around a sigma, and makes two letters of one.
        plain = exp.Translate(
            this=text, from_=exp.Literal.string("Σİ"), to=exp.Literal.string("σi")
        )
        return exp.Lower(this=plain)

    def upper(self, text: exp.Expr) -> exp.Expr:
        return _translated(text, *_by_letter("upper"))

    def without_accents(self, text: exp.Expr) -> exp.Expr:
        return _translated(text, *_by_letter("strip_accents"))

    def like(self, text: exp.Expr, pattern: exp.Expr) -> exp.Expr:
        return exp.Escape(
            this=exp.Like(this=text, expression=pattern), expression=exp.Literal.string(_NO_ESCAPE)
        )

    def first_of(self, value: exp.Expr, many: int) -> exp.Expr:
        listed = exp.Anonymous(this="sort_array", expressions=[exp.ArrayAgg(this=value)])
        return exp.Anonymous(this="slice", expressions=[listed, number(1), number(many)])

    def of_the_first(self, node: exp.ArgMin) -> exp.Expr:
        there = exp.Not(this=exp.Is(this=node.this.copy(), expression=exp.null()))
        order = exp.Case().when(there, node.expression)
        return exp.Anonymous(this="min_by", expressions=[node.this, order])

    def split(self, node: exp.Split) -> exp.Expr:
        sign = node.expression
        if not isinstance(sign, exp.Literal):
            raise self.unanswered("a separator that is no literal")
        quoted = exp.Literal.string("".join(f"[{one}]" for one in sign.name))
        return exp.Anonymous(this="split", expressions=[node.this, quoted])

    def split_by_pattern(self, node: exp.Anonymous) -> exp.Expr:
        text, pattern = node.expressions
        return exp.Anonymous(this="split", expressions=[text, self.pattern(pattern)])

    def above(self, node: exp.Array) -> exp.Expr:
        labels = labels_of(node, self).replace('"', "`")
        made: exp.Expr = exp.maybe_parse(
            f"transform(sequence(1, size({labels})), "
            f"i -> array_join(slice({labels}, i, size({labels})), '.'))",
            dialect=self.dialect,
        )
        return made

    def converted(self, text: exp.Expr, kind: str) -> exp.Expr:
        # A moment without a zone, as the embedded engine has them; safe: TRY_CAST is written so.
        known = exp.DataType.build(kind, dialect="duckdb")
        return exp.TryCast(this=text, to=known, safe=True)

    def hash(self, node: exp.Anonymous) -> exp.Expr:
        first: exp.Expr = node.expressions[0]
        if len(node.expressions) == 1:
            return first  # the thing itself is the best hash
        row = exp.Anonymous(this="struct", expressions=node.expressions)
        return exp.Anonymous(this="to_json", expressions=[row])

    def replaced_all(self, text: exp.Expr, pattern: exp.Expr, new: exp.Expr) -> exp.Expr:
        return exp.Anonymous(this="regexp_replace", expressions=[text, pattern, new])

    def percentile(self, node: exp.PercentileDisc) -> exp.Expr:
        share = exp.Anonymous(this="percentile_disc", expressions=[node.expression])
        ordered = exp.Ordered(this=node.this, nulls_first=True)
        return exp.WithinGroup(this=share, expression=exp.Order(expressions=[ordered]))


def _translated(text: exp.Expr, letters: str, others: str) -> exp.Expr:
    return exp.Translate(
        this=text, from_=exp.Literal.string(letters), to=exp.Literal.string(others)
    )


@cache
def _by_letter(function: str) -> tuple[str, str]:
    """The letters that the embedded engine's function changes, and what it makes of them: those
    that it takes away last."""
    import duckdb

    query = (
        f"SELECT letter, {function}(letter) AS other FROM (SELECT chr(i::INTEGER) AS letter FROM "
        "(SELECT unnest(range(1, 55296) || range(57344, 131072)) AS i)) "
        "WHERE other <> letter AND length(other) < 2 ORDER BY length(other) DESC, letter"
    )
    with duckdb.connect() as connection:
        found = connection.execute(query).fetchall()
    return "".join(one for one, _ in found), "".join(other for _, other in found)
