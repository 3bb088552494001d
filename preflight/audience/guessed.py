"""What the columns of a condition probably hold, where no list is at hand to tell: judged by what
they are compared with."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from sqlglot import exp

from preflight.audience.columns import Kind
from preflight.audience.condition import Condition
from preflight.audience.ledger import FACTS
from preflight.audience.names import Names, Term

_ISO = re.compile(r"\d{4}-\d\d-\d\d([T ].*)?")


def completed_names(condition: Condition, names: Names | None, now: dt.datetime) -> Names:
    """The names that are known, and a term for each other column of the condition. A column that
    is empty in the list at hand is guessed too: the next list may fill it."""
    known = dict(names.terms) if names is not None else {}
    empty = {key for key, term in known.items() if term.kind is Kind.NOTHING}
    uses: dict[str, set[Kind]] = {}
    for column in condition.columns:
        key = column.name.casefold()
        if key not in known or key in empty:
            uses.setdefault(key, set()).update(_uses(column))
    for number, (key, kinds) in enumerate(uses.items()):
        if key in empty:
            known[key] = replace(known[key], kind=_likely(kinds))
        elif key in FACTS:
            kind = FACTS[key][0]
            known[key] = Term(f"f_{key}", kind, typed=kind is not Kind.TEXT)
        else:
            known[key] = Term(f"guessed_{number}", _likely(kinds))
    if names is not None:
        return replace(names, terms=known, samples=lambda _name: [])
    return Names(known, now)


def _likely(kinds: set[Kind]) -> Kind:
    for kind in (Kind.TEXT, Kind.DATE, Kind.NUMBER, Kind.BOOLEAN):
        if kind in kinds:
            return kind
    return Kind.TEXT


def _uses(column: exp.Column) -> Iterator[Kind]:
    """What one mention of a column says about its values."""
    node: exp.Expr = column
    parent = column.parent
    while isinstance(parent, exp.Paren):
        node, parent = parent, parent.parent
    if parent is None or isinstance(parent, (exp.And, exp.Or, exp.Not)):
        yield Kind.BOOLEAN
    elif isinstance(parent, exp.Is):
        if isinstance(parent.expression, exp.Boolean):
            yield Kind.BOOLEAN
    elif isinstance(parent, (exp.Year, exp.Month, exp.Day, exp.Add, exp.Sub)):
        yield Kind.DATE
    elif isinstance(parent, (exp.Lower, exp.Upper, exp.Trim, exp.Like, exp.ILike, exp.StartsWith)):
        yield Kind.TEXT
    elif isinstance(parent, (exp.Binary, exp.In, exp.Between, exp.Coalesce)):
        ordered = isinstance(parent, (exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between))
        for other in parent.iter_expressions():
            if other is not node:
                yield from _compared_with(other, ordered)


_DATES: Mapping[type[exp.Expr], Kind] = dict.fromkeys(
    (exp.CurrentDate, exp.CurrentTimestamp, exp.Cast, exp.Add, exp.Sub), Kind.DATE
)


def _compared_with(node: exp.Expr, ordered: bool) -> Iterator[Kind]:
    node = node.unnest()
    if isinstance(node, exp.Boolean):
        yield Kind.BOOLEAN
    elif isinstance(node, exp.Neg) or (isinstance(node, exp.Literal) and not node.is_string):
        yield Kind.NUMBER
    elif isinstance(node, exp.Literal):
        if ordered and _ISO.fullmatch(node.name):
            yield Kind.DATE
        elif not _ISO.fullmatch(node.name) and node.name.lower() not in ("true", "false"):
            yield Kind.TEXT
    elif type(node) in _DATES:
        yield _DATES[type(node)]
