"""The two sides of a comparison in one type: a literal takes the type of what it is compared with,
and what would be nonsense is told.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from sqlglot import exp

from preflight.audience.columns import Kind
from preflight.audience.condition import ORDERED, Condition, stretch_of
from preflight.audience.misread import ConditionError, Mistake
from preflight.audience.names import Names

_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_ISO_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?")
_WITH_COMMA = re.compile(r"\s*[-+]?\d[\d.'’\s]*(,\d+)+(\.\d+)?\s*")
NUMBERS = (Kind.INTEGER, Kind.NUMBER)
DATES = (Kind.DATE, Kind.TIMESTAMP)
SQL_TYPES = {
    Kind.INTEGER: "BIGINT",
    Kind.NUMBER: "DOUBLE",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.DATE: "DATE",
    Kind.TIMESTAMP: "TIMESTAMP",
}


@dataclass(frozen=True, slots=True)
class Typed:
    """A value as a tree of SQL, and what it is."""

    tree: exp.Expr
    kind: Kind
    literal: str | None = None  # the text of a literal, which adapts to its neighbour
    name: str | None = None  # the column's name, for messages


class Comparing:
    """What a comparison needs to know of a condition: its text, for places, and the columns."""

    def __init__(self, condition: Condition, names: Names) -> None:
        self.condition = condition
        self.names = names

    def fail(self, node: exp.Expr, message: str, help: str = "") -> ConditionError:
        start, end = stretch_of(node, self.condition.text)
        return ConditionError(Mistake(start, end, message, help))

    def held(self, typed: Typed) -> str:
        """What stands in a column, in words, with examples."""
        samples = self.names.samples(typed.name) if typed.name else []
        words = ", ".join(f"“{sample}”" for sample in samples[:3])
        kind = {Kind.TEXT: "text", Kind.DATE: "dates", Kind.TIMESTAMP: "times"}
        return kind.get(typed.kind, "numbers") + (f" such as {words}" if words else "")

    def alike(self, node: exp.Expr, left: Typed, right: Typed) -> tuple[exp.Expr, exp.Expr]:
        """Both sides in one type. Raises ConditionError where a comparison would be nonsense."""
        if left.literal is not None and right.literal is None:
            right_tree, left_tree = self.alike(node, right, left)
            return left_tree, right_tree
        ordered = isinstance(node, ORDERED)
        if left.kind is Kind.NOTHING or right.kind is Kind.NOTHING:
            return self._with_nothing(left, right)
        if right.literal is not None and right.kind is Kind.TEXT:
            return self._with_text(node, left, right, ordered)
        if right.literal is not None and left.kind is Kind.TEXT:
            return self._text_with_number(node, left, right, ordered)
        if left.kind is right.kind or {left.kind, right.kind} <= set(NUMBERS):
            return left.tree, right.tree
        if left.kind in DATES and right.kind in DATES:
            return left.tree, right.tree
        if Kind.TEXT in (left.kind, right.kind) and (left.kind in DATES or right.kind in DATES):
            return self._text_with_date(node, left, right)
        if (
            Kind.TEXT in (left.kind, right.kind)
            and not ordered
            and Kind.BOOLEAN
            not in (
                left.kind,
                right.kind,
            )
        ):
            return exp.cast(left.tree, "VARCHAR"), exp.cast(right.tree, "VARCHAR")
        who = f"“{left.name}” holds {self.held(left)}" if left.name else "the left side"
        raise self.fail(
            node, f"{who}: it cannot be compared with {_words(right)}", "Compare like with like."
        )

    def _with_nothing(self, left: Typed, right: Typed) -> tuple[exp.Expr, exp.Expr]:
        kind = left.kind if right.kind is Kind.NOTHING else right.kind
        if kind is Kind.NOTHING or kind is Kind.TEXT:
            return left.tree, right.tree
        to = SQL_TYPES[kind]
        return (
            exp.cast(exp.null(), to) if left.kind is Kind.NOTHING else left.tree,
            exp.cast(exp.null(), to) if right.kind is Kind.NOTHING else right.tree,
        )

    def _with_text(
        self, node: exp.Expr, left: Typed, right: Typed, ordered: bool
    ) -> tuple[exp.Expr, exp.Expr]:
        text = (right.literal or "").strip()
        if left.kind in DATES:
            return left.tree, self.date_literal(right.tree, text, left).tree
        if left.kind in NUMBERS:
            if re.fullmatch(r"[+-]?\d+(\.\d+)?", text):
                return left.tree, number_value(text.lstrip("+"))
            if ordered:
                raise self.fail(
                    node,
                    f"“{left.name}” holds numbers: it cannot be compared with '{text}'",
                    "Write numbers as 1200.5.",
                )
            return exp.cast(left.tree, "VARCHAR"), right.tree
        if left.kind is Kind.BOOLEAN:
            if text.lower() in ("true", "false"):
                return left.tree, exp.Boolean(this=text.lower() == "true")
            raise self.fail(
                node,
                f"“{left.name}” is true or false: it is never '{text}'",
                f"Write {left.name} or not {left.name}.",
            )
        if left.name and _ISO_DATE.fullmatch(text):
            self.check_dates(node, left)
            if ordered:
                return self._text_with_date(node, left, self.date_literal(right.tree, text))
        if left.name and _other_date(text) and ordered:
            raise self.fail(
                node,
                f"'{text}' is compared letter by letter, not as a date",
                "Write dates as YYYY-MM-DD, in the list and in the condition.",
            )
        return left.tree, right.tree

    def _text_with_number(
        self, node: exp.Expr, left: Typed, right: Typed, ordered: bool
    ) -> tuple[exp.Expr, exp.Expr]:
        if right.kind is Kind.BOOLEAN or not ordered:
            return left.tree, exp.Literal.string(right.literal or "")
        samples = self.names.samples(left.name) if left.name else []
        with_comma = [sample for sample in samples if _WITH_COMMA.fullmatch(sample)]
        if with_comma:  # it would be no number, and its row lost in silence
            raise self.fail(
                node,
                f"“{left.name}” holds numbers such as “{with_comma[0]}”: they cannot be compared",
                "Write the numbers of the list as 1200.5.",
            )
        if samples and not any(re.fullmatch(r"\s*-?\d+(\.\d+)?\s*", s) for s in samples):
            raise self.fail(
                node,
                f"“{left.name}” holds {self.held(left)}, no numbers",
                "Compare it with a text in quotes.",
            )
        return exp.TryCast(this=left.tree, to=exp.DataType.build("DOUBLE")), right.tree

    def _text_with_date(
        self, node: exp.Expr, left: Typed, right: Typed
    ) -> tuple[exp.Expr, exp.Expr]:
        for side in (left, right):
            if side.kind is Kind.TEXT:
                self.check_dates(node, side)
        return (
            as_date(left.tree) if left.kind is Kind.TEXT else left.tree,
            as_date(right.tree) if right.kind is Kind.TEXT else right.tree,
        )

    def check_dates(self, node: exp.Expr, column: Typed) -> None:
        """A date is compared with a column of text: its dates must be written the same way."""
        if not column.name:
            return
        samples = [sample for sample in self.names.samples(column.name) if re.search(r"\d", sample)]
        other = [sample for sample in samples if _other_date(sample)]
        if other:
            raise self.fail(
                node,
                f"“{column.name}” holds dates such as “{other[0]}”, the condition writes "
                "YYYY-MM-DD: they cannot be compared",
                "Write the dates of the list as YYYY-MM-DD.",
            )

    def date_literal(self, node: exp.Expr, text: str, column: Typed | None = None) -> Typed:
        if _ISO_DATE.fullmatch(text) or _ISO_TIME.fullmatch(text):
            try:
                moment = dt.datetime.fromisoformat(text)
            except ValueError:
                moment = None
            if moment is not None:
                return date_value(moment if len(text) > 10 else moment.date())
            raise self.fail(node, f"'{text}' is no day of the calendar")
        who = f"“{column.name}” holds dates: " if column and column.name else ""
        raise self.fail(
            node, f"{who}'{text}' is no date that can be compared", "Write dates as YYYY-MM-DD."
        )


def as_date(tree: exp.Expr) -> exp.Expr:
    return exp.TryCast(this=tree, to=exp.DataType.build("TIMESTAMP"))


def number_value(text: str) -> exp.Expr:
    tree = exp.Literal.number(text.lstrip("-"))
    return exp.Neg(this=tree) if text.startswith("-") else tree


def number_kind(text: str) -> Kind:
    return Kind.INTEGER if text.isdigit() else Kind.NUMBER


def date_value(moment: dt.date | dt.datetime) -> Typed:
    if isinstance(moment, dt.datetime):
        text = moment.replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")
        return Typed(exp.cast(exp.Literal.string(text), "TIMESTAMP"), Kind.TIMESTAMP)
    return Typed(exp.cast(exp.Literal.string(moment.isoformat()), "DATE"), Kind.DATE)


def _other_date(text: str) -> bool:
    return (
        re.fullmatch(r"\s*\d{1,2}[./-]\d{1,2}[./-]\d{2,4}.*|\s*\d{4}[./]\d{1,2}[./]\d{1,2}.*", text)
        is not None
    )


def _words(typed: Typed) -> str:
    if typed.literal is not None:
        return f"'{typed.literal}'" if typed.kind is Kind.TEXT else typed.literal
    if typed.name:
        return f"“{typed.name}”"
    return {Kind.BOOLEAN: "true or false", Kind.DATE: "a date"}.get(typed.kind, "that")
