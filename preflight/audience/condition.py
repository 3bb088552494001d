"""Conditions: the restricted SQL that filters, expectations and rules are written in.

A condition is parsed by sqlglot into a tree in which only columns, literals, comparisons, boolean
logic, ``in``, ``like``, ``between``, ``is null``, a short list of functions and date arithmetic are
allowed. The text itself never reaches a database: what runs is made from the tree
(`preflight.audience.compile`).
"""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ParseError, SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from preflight.audience.misread import (
    HOW_TO_JOIN,
    ConditionError,
    Mistake,
    check_quotes,
    parse_mistake,
)

# What the parser would print by itself is said as a mistake, in our own words.
logging.getLogger("sqlglot").addHandler(logging.NullHandler())

MAX_LENGTH = 20_000

PRIMITIVES = {
    "blank": (1, "true for NULL, white space, and words for nothing such as n/a"),
    "empty": (1, "true for NULL and the empty text"),
    "truthy": (1, "what a template takes for true"),
    "matches": (2, "true when the regular expression (RE2) is found in the text"),
    "domain": (1, "the part of an address behind the @, in lower case"),
    "local_part": (1, "the part of an address before the @, in lower case"),
}
"""Functions of our own: number of arguments, meaning."""

FUNCTIONS = (
    "lower, upper, trim, length, coalesce, starts_with, year, month, day, domain, local_part, "
    "current_date - interval '30 days'"
)
_TYPES = {exp.DataType.Type.DATE, exp.DataType.Type.TIMESTAMP}
_NOW = ("now", "getdate")
"""What other databases call ``current_timestamp``."""
_UNITS = {"HOUR": 8766, "DAY": 366, "WEEK": 53, "MONTH": 12, "YEAR": 1}
"""Units of intervals, and how many of each make a year."""
_LONGEST = 1_000  # years: a date moved by more leaves the calendar of the engine

ALLOWED: frozenset[type[exp.Expr]] = frozenset(
    {
        exp.And, exp.Or, exp.Not, exp.Paren, exp.Column, exp.Identifier, exp.Literal,
        exp.Boolean, exp.Null, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE,
        exp.NullSafeEQ, exp.NullSafeNEQ, exp.Is, exp.In, exp.Between, exp.Like, exp.ILike,
        exp.Lower, exp.Upper, exp.Trim, exp.Length, exp.Coalesce, exp.StartsWith,
        exp.CurrentDate, exp.CurrentTimestamp, exp.Interval, exp.Var, exp.Add, exp.Sub, exp.Neg,
        exp.Cast, exp.DataType, exp.Anonymous, exp.Year, exp.Month, exp.Day,
    }
)  # fmt: skip
"""Every node a condition may hold; all others are refused by name."""

ORDERED = (exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between)
COMPARED = (exp.EQ, exp.NEQ, exp.In, *ORDERED)
_OTHER_LANGUAGES: dict[type[exp.Expr], tuple[str, str]] = {
    exp.ArrayOverlaps: ("&&", "and"),
    exp.DPipe: ("||", "or"),
}
"""Signs that mean something else in SQL than where they come from."""

_PARTS: dict[type[exp.Expr], frozenset[str]] = {
    exp.Trim: frozenset({"this"}),
    exp.CurrentDate: frozenset(),
    exp.CurrentTimestamp: frozenset(),
    exp.Between: frozenset({"this", "low", "high"}),
    exp.Length: frozenset({"this"}),
    exp.Cast: frozenset({"this", "to"}),
    exp.DataType: frozenset({"this", "nested"}),
    exp.Interval: frozenset({"this", "unit"}),
}
"""The parts of a node that are understood. What is there besides (``trim(both 'x' from a)``)
would be lost without a word: it is refused."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One part of a conjunction, by offsets in the condition's text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Condition:
    """A parsed condition. ``tree`` holds allowed nodes only."""

    text: str
    tree: exp.Expr = field(repr=False)

    @property
    def columns(self) -> tuple[exp.Column, ...]:
        return tuple(self.tree.find_all(exp.Column))

    def stretch(self, node: exp.Expr) -> tuple[int, int]:
        """The offsets from the first to the last leaf of a node."""
        return stretch_of(node, self.text)

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """The parts joined by ``and`` at the top; one part when the top is anything else."""
        from preflight.audience.structure import Joint, structure_of

        root = structure_of(self)
        pieces = root.pieces if root.joint is Joint.AND else (root,)
        places = (piece.outer for piece in pieces)
        return tuple(Clause(start, end, self.text[start:end]) for start, end in places)


@lru_cache(maxsize=1_024)
def parse(text: str) -> Condition:
    """The condition in ``text``. Raises ConditionError with the place of each mistake.

    Nobody changes a tree, so that a rule's condition is read once for all campaigns."""
    if not text.strip():
        raise ConditionError(Mistake(0, len(text), "the condition is empty", "Remove the key."))
    if len(text) > MAX_LENGTH:
        raise ConditionError(
            Mistake(0, 1, f"the condition is longer than {MAX_LENGTH:,} characters")
        )
    check_quotes(text)
    try:
        statements = _statements(text)
    except ParseError as error:
        raise ConditionError(parse_mistake(text, error, tokens(text))) from None
    except (SqlglotError, ValueError, AttributeError, TypeError, IndexError, KeyError):
        raise ConditionError(
            Mistake(0, len(text), "this is no SQL condition that can be read")
        ) from None
    except RecursionError:
        raise ConditionError(Mistake(0, 1, "the condition is nested too deeply")) from None
    if len(statements) != 1 or statements[0] is None:
        at = text.find(";")
        raise ConditionError(
            Mistake(
                max(at, 0),
                len(text) if at < 0 else at + 1,
                "one condition is expected, not several statements",
                "Remove the “;” and what follows it.",
            )
        )
    tree = statements[0]
    assert isinstance(tree, exp.Expr)
    try:
        mistakes = tuple(_refused(tree, text))
    except RecursionError:
        raise ConditionError(Mistake(0, 1, "the condition is nested too deeply")) from None
    if mistakes:
        raise ConditionError(*mistakes)
    return Condition(text, tree)


def _statements(text: str) -> list[exp.Expr | None]:
    """What the text holds, read as conditions: no word begins a command (“Alter” is an age); none
    when the first of several can be read."""
    found = tokens(text) or sqlglot.tokenize(text, read="duckdb")
    end = next(
        (token.start for token in found[:-1] if token.token_type == TokenType.SEMICOLON), None
    )
    if end is not None:
        _statements(text[:end])
        return []
    for token in found:
        if token.token_type == TokenType.ALTER:
            token.token_type = TokenType.VAR
    read = Dialect.get_or_raise("duckdb").parser().parse_into(exp.Condition, found, text)
    for call in read[0].find_all(exp.Anonymous) if read and read[0] else ():
        if call.name.lower() in _NOW and not call.expressions:
            call.replace(exp.CurrentTimestamp())
    return read


def stretch_of(node: exp.Expr, text: str) -> tuple[int, int]:
    """The offsets from the first to the last leaf of a node; the whole text when none is known."""
    start, end = len(text), -1
    for leaf in node.find_all(exp.Identifier, exp.Literal):
        meta = leaf.meta
        if "start" in meta:
            start, end = min(start, meta["start"]), max(end, meta["end"] + 1)
    return (start, end) if end >= 0 else (0, len(text))


def _refused(tree: exp.Expr, text: str) -> Iterator[Mistake]:
    for node in tree.walk():
        reason = _reason(node)
        if reason:
            start, end = _locate(node, text)
            message, help = reason
            if text[end:].lstrip().startswith("("):  # a function under one of its other names
                message = message.replace(f"{_name(node)}()", f"{text[start:end]}()")
            yield Mistake(start, end, message, help)
            return  # what is inside a refused node is no news


def _reason(node: exp.Expr) -> tuple[str, str] | None:
    """Why a node may not stand in a condition (message, help); None when it may."""
    only = f"Comparisons, and/or/not, in, like, between, is null, and {FUNCTIONS} are there."
    if isinstance(node, (exp.Query, exp.Subquery, exp.Exists)):
        return "a filter may not hold a sub-query", "Name a list under audience.exclude instead."
    if isinstance(node, exp.Alias):
        return f"“{node.alias}” is not expected here", HOW_TO_JOIN
    if isinstance(node, exp.Literal) and node.is_string:
        return _reason_against(node)
    if type(node) in _OTHER_LANGUAGES:
        sign, word = _OTHER_LANGUAGES[type(node)]
        return f"“{sign}” is not expected here", f"Write “{word}”."
    if type(node) not in ALLOWED:
        if isinstance(node, (exp.Func, exp.UDTF)):
            return f"a filter may not call {_name(node)}()", only
        return f"a filter may not use {_name(node)}", only
    known = _PARTS.get(type(node))
    more = known is not None and any(value and key not in known for key, value in node.args.items())
    if more:
        return f"this form of {_name(node)} cannot be read", only
    if isinstance(node, exp.Anonymous):
        name = node.name.lower()
        if name not in PRIMITIVES:
            return f"a filter may not call {node.name}()", only
        if len(node.expressions) != PRIMITIVES[name][0]:
            return f"{name}() takes {PRIMITIVES[name][0]} argument(s)", only
        if name == "matches" and not (
            isinstance(node.expressions[1], exp.Literal) and node.expressions[1].is_string
        ):
            return "matches() takes a regular expression in quotes", only
    if isinstance(node, exp.Column) and node.args.get("table") is not None:
        return (
            f"“{node.sql()}”: a column has no table here",
            "Write the column's name alone; in double quotes when it holds a dot.",
        )
    if isinstance(node, exp.In) and (node.args.get("query") or node.args.get("unnest")):
        return "a filter may not hold a sub-query", "Write the values: in ('a', 'b')."
    if isinstance(node, exp.In) and (node.args.get("field") or not node.expressions):
        return "“in” needs values in parentheses", "Write the values: in ('a', 'b')."
    if isinstance(node, exp.Cast):
        plain = isinstance(node.this, exp.Literal) and node.this.is_string
        if not plain or node.to.this not in _TYPES:
            return "a filter may not convert types", "Write dates as '2026-01-31'."
    if isinstance(node, exp.Interval):
        unit = str(node.args["unit"].name if node.args.get("unit") else "").upper().rstrip("S")
        amount = node.this.name if isinstance(node.this, exp.Literal) else ""
        if unit not in _UNITS or not re.fullmatch(r"\d{1,6}", amount):
            return "this interval cannot be read", "Write it as interval '30 days'."
        if int(amount) > _UNITS[unit] * _LONGEST:
            return f"this interval is longer than {_LONGEST:,} years", "Write a shorter one."
    if isinstance(node, (exp.Add, exp.Sub)) and not node.find(exp.Interval):
        return (
            "a filter does no arithmetic but with dates",
            "Write current_date - interval '30 days'.",
        )
    if isinstance(node, exp.Neg) and not isinstance(node.this, exp.Literal):
        return "a filter does no arithmetic but with dates", ""
    return None


def _reason_against(text: exp.Literal) -> tuple[str, str] | None:
    """Why a text may not stand where it does: alone (``country = 'FR' or 'BE'``), or as a day that
    no calendar has (a number may look like one, but nobody asks whether it is later)."""
    if isinstance(text.parent, (exp.And, exp.Or, exp.Not)):
        return (
            f"'{text.name}' stands alone: it is compared with nothing",
            f"Repeat the column: column = '{text.name}'; or several values: in ('a', 'b').",
        )
    if isinstance(text.parent, ORDERED) and re.fullmatch(r"\d{4}-\d\d-\d\d", text.name):
        try:
            dt.date.fromisoformat(text.name)
        except ValueError:
            return f"'{text.name}' is no day of the calendar", "Write dates as YYYY-MM-DD."
    return None


def _name(node: exp.Expr) -> str:
    if isinstance(node, exp.Func) and type(node) is not exp.Func:
        return node.sql_name().lower()
    return type(node).__name__.upper() if isinstance(node, exp.DDL) else node.key.replace("_", " ")


def _locate(node: exp.Expr, text: str) -> tuple[int, int]:
    if isinstance(node, exp.Func) and "start" in node.meta:
        return node.meta["start"], node.meta["end"] + 1
    names = {_name(node).replace(" ", ""), node.name.lower() if node.name else "", node.key}
    if isinstance(node, (exp.Query, exp.Subquery)) or node.args.get("query"):
        names = {"select"}
    elif type(node) in _OTHER_LANGUAGES:
        names = {_OTHER_LANGUAGES[type(node)][0]}
    for token in tokens(text):
        if token.text.lower().replace("_", "") in {n.replace("_", "") for n in names if n}:
            return token.start, token.end + 1
    return stretch_of(node, text)


def tokens(text: str) -> list[Token]:
    """The tokens of a condition; none where it cannot be cut into tokens."""
    try:
        return sqlglot.tokenize(text, read="duckdb")
    except SqlglotError:
        return []
