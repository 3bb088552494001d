"""What the expressions of a compiled condition give for one value of one column, as the engine
would compute it. For reading conditions without any row (`preflight.audience.logic`)."""

from __future__ import annotations

import calendar
import datetime as dt
import math
import re
from collections.abc import Callable
from typing import Any

from sqlglot import exp

Value = str | int | float | bool | dt.datetime | None
"""A value of a column; dates are midnights."""


class NotModelled(Exception):
    """What the expression gives cannot be told here."""


_LARGEST = 2**52

MANY, ONE = "\ue000", "\ue001"  # “%” and “_” of a pattern that stands for all texts it fits


def fits(pattern: str, text: str) -> bool:
    """Whether a text is ``like`` a pattern; never more than its length times the pattern's."""
    at = here = 0
    star, resume = -1, 0
    while here < len(text):
        char = pattern[at] if at < len(pattern) else ""
        if char == "%":
            star, resume, at = at, here, at + 1
        elif char and (char == text[here] != ONE or (char == "_" and text[here] != MANY)):
            at, here = at + 1, here + 1
        elif star >= 0:
            resume += 1
            at, here = star + 1, resume
        else:
            return False
    return not pattern[at:].strip("%")


def implies(one: str, other: str) -> bool:
    """Whether it is sure that every text like ``one`` is like ``other``."""
    return fits(other, one.replace("%", MANY).replace("_", ONE))


def disjoint(one: str, other: str) -> bool:
    """Whether it is sure that no text is like both."""
    (head, tail), (start, end) = _ends(one), _ends(other)
    size = min(len(head), len(start))
    back = min(len(tail), len(end))
    return head[:size] != start[:size] or tail[len(tail) - back :] != end[len(end) - back :]


def _ends(pattern: str) -> tuple[str, str]:
    """The letters before the first and behind the last wildcard."""
    parts = re.split("[%_]", pattern)
    return parts[0], parts[-1]


def lowered(text: str) -> str:
    return _case(text, str.lower)


def raised(text: str) -> str:
    return _case(text, str.upper)


def _case(text: str, change: Callable[[str], str]) -> str:
    """Letter by letter, as the engine does; where one becomes two, Python and it disagree."""
    changed = change(text)
    if len(changed) != len(text):
        raise NotModelled
    return changed


BLANKS = "".join(
    chr(at) for at in (0x20, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)
)
"""What ``trim`` takes away."""


def moved(moment: dt.datetime, amount: int, unit: str) -> dt.datetime:
    """A date and an interval; the last day of a month where there is no such day."""
    try:
        if unit in ("MONTH", "YEAR"):
            months = moment.month - 1 + amount * (12 if unit == "YEAR" else 1)
            year, month = moment.year + months // 12, months % 12 + 1
            last = calendar.monthrange(year, month)[1]
            return moment.replace(year=year, month=month, day=min(moment.day, last))
        hours = {"HOUR": 1, "DAY": 24, "WEEK": 168}[unit]
        return moment + dt.timedelta(hours=amount * hours)
    except (OverflowError, ValueError, KeyError):
        raise NotModelled from None


def interval_of(node: exp.Interval) -> tuple[int, str]:
    try:
        return int(node.this.name), str(node.args["unit"].name).upper().rstrip("S")
    except (AttributeError, KeyError, ValueError):
        raise NotModelled from None


def evaluate(node: exp.Expr, column: Value, base: str) -> Value:
    """What a value expression gives when its column holds ``column``; ``base``: how the compiled
    condition writes that column. Raises NotModelled."""
    if isinstance(node, (exp.Column, exp.TryCast)) and node.sql() == base:
        return column
    if isinstance(node, exp.Column):
        return _text(column)
    inside = _INSIDE.get(type(node))
    if inside is None:
        raise NotModelled
    return inside(node, lambda part: evaluate(part, column, base))


_Inside = Callable[[Any], Value]


def _text(value: Value) -> Value:
    if isinstance(value, bool):
        return str(value).lower()
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    raise NotModelled


def _letters(function: Callable[[str], Value]) -> Callable[[exp.Expr, _Inside], Value]:
    def apply(node: exp.Expr, inside: _Inside) -> Value:
        value = inside(node.this)
        if value is None:
            return None
        if not isinstance(value, str):
            raise NotModelled
        return function(value)

    return apply


def _literal(node: exp.Literal, _inside: _Inside) -> Value:
    if node.is_string:
        return str(node.name)
    number = int(node.name) if node.name.isdigit() else float(node.name)
    if not math.isfinite(number) or abs(number) > _LARGEST:
        raise NotModelled  # there the engine and Python may round differently
    return number


def _negative(node: exp.Neg, inside: _Inside) -> Value:
    value = inside(node.this)
    if isinstance(value, (int, float)):
        return -value
    raise NotModelled


def _cast(node: exp.Cast, inside: _Inside) -> Value:
    value = inside(node.this)
    kind = node.to.this
    if value is None:
        return None
    if kind in (exp.DataType.Type.VARCHAR, exp.DataType.Type.TEXT):
        return _text(value)
    if kind in (exp.DataType.Type.DATE, exp.DataType.Type.TIMESTAMP, exp.DType.TIMESTAMPNTZ):
        return _moment(value)
    if kind is exp.DataType.Type.DOUBLE and isinstance(value, str):
        if re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", value):
            return float(value)
        if not re.search(r"\d|inf|nan", value, re.IGNORECASE):
            return None
    raise NotModelled


def _moment(value: Value) -> Value:
    if isinstance(value, dt.datetime):
        return value
    if isinstance(value, str):
        if re.fullmatch(r"\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?", value):
            try:
                return dt.datetime.fromisoformat(value)
            except ValueError:
                return None
        if not re.search(r"\d|inf|epoch", value, re.IGNORECASE):
            return None
    raise NotModelled


def _coalesce(node: exp.Coalesce, inside: _Inside) -> Value:
    for part in (node.this, *node.expressions):
        value = inside(part)
        if value is not None:
            return value
    return None


def _shifted(node: exp.Add | exp.Sub, inside: _Inside) -> Value:
    value = inside(node.this)
    amount, unit = interval_of(node.expression)
    if value is None:
        return None
    if not isinstance(value, dt.datetime):
        raise NotModelled
    return moved(value, amount if isinstance(node, exp.Add) else -amount, unit)


def _part(name: str) -> Callable[[exp.Expr, _Inside], Value]:
    def apply(node: exp.Expr, inside: _Inside) -> Value:
        value = inside(node.this)
        if value is None:
            return None
        if not isinstance(value, dt.datetime):
            raise NotModelled
        return int(getattr(value, name))

    return apply


def _split(node: exp.SplitPart, inside: _Inside) -> Value:
    value = inside(node.this)
    if value is None:
        return None
    if not isinstance(value, str):
        raise NotModelled
    parts = value.split("@")
    at = int(node.args["part_index"].name) - 1
    return parts[at] if at < len(parts) else ""


def _nullif(node: exp.Nullif, inside: _Inside) -> Value:
    value = inside(node.this)
    return None if value == inside(node.expression) else value


_INSIDE: dict[type[exp.Expr], Callable[[Any, _Inside], Value]] = {
    exp.Paren: lambda node, inside: inside(node.this),
    exp.Literal: _literal,
    exp.Neg: _negative,
    exp.Null: lambda _node, _inside: None,
    exp.Boolean: lambda node, _inside: bool(node.this),
    exp.Cast: _cast,
    exp.TryCast: _cast,
    exp.Lower: _letters(lowered),
    exp.Upper: _letters(raised),
    exp.Trim: _letters(lambda text: text.strip(BLANKS)),
    exp.Length: _letters(len),
    exp.Coalesce: _coalesce,
    exp.Add: _shifted,
    exp.Sub: _shifted,
    exp.Year: _part("year"),
    exp.Month: _part("month"),
    exp.Day: _part("day"),
    exp.SplitPart: _split,
    exp.Nullif: _nullif,
}
