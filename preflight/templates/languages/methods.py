"""What filters, methods and functions of template languages do, by their usual names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from preflight.templates.tree import (
    Call,
    Compare,
    Constant,
    Exists,
    Expression,
    Fallback,
    Not,
    System,
    Unknown,
)
from preflight.templates.tree_tools import fields_of
from preflight.templates.words import is_system, normalise_name

if TYPE_CHECKING:
    from collections.abc import Sequence

_CALLS = {
    "upcase": "upper", "upper": "upper", "uppercase": "upper", "upper_case": "upper",
    "touppercase": "upper", "strtoupper": "upper",
    "downcase": "lower", "lower": "lower", "lowercase": "lower", "lower_case": "lower",
    "tolowercase": "lower", "strtolower": "lower",
    "strip": "trim", "trim": "trim",
    "capitalize": "capitalize", "capfirst": "capfirst", "cap_first": "capfirst",
    "ucfirst": "capfirst", "title": "title", "titleize": "title", "titlecase": "title",
    "propercase": "title", "ucwords": "title",
    "escape": "escape", "e": "escape", "h": "escape", "html": "escape", "html_escape": "escape",
    "escape_html": "escape", "esc": "escape", "escapehtml": "escape", "url": "url_encode",
    "urlencode": "url_encode", "url_encode": "url_encode", "raw": "raw", "html_safe": "raw",
    "safe": "raw", "to_s": "text", "tostring": "text", "string": "text", "str": "text",
    "length": "length", "size": "length", "count": "length", "len": "length",
    "concat": "append", "append": "append", "truncate": "truncate",
}  # fmt: skip
_EMPTY = frozenset({"empty", "empty?", "isempty", "is_empty", "isnull", "isnil"})
_BLANK = frozenset({"blank?", "isblank"})
_NIL = frozenset({"nil?", "isnull?", "is_null"})
_FILLED = frozenset({"present?", "has_content", "isnotempty", "isset", "isnotblank", "any?"})
_PRESENCE = frozenset({"presence"})
_CHOICES = frozenset({"iif", "if"})
_COMPARED = {
    "equals": "eq", "eq": "eq", "equalsignorecase": "", "ne": "ne", "gt": "gt", "lt": "lt",
    "gte": "gteq", "lte": "lteq", "contains": "contains", "include?": "contains",
    "includes": "contains",
}  # fmt: skip
_DEFAULTS = frozenset({"default", "d", "fallback", "default_if_none", "ifempty", "coalesce"})

METHODS = frozenset({*_CALLS, *_EMPTY, *_BLANK, *_NIL, *_FILLED, *_PRESENCE}) - {
    "html", "url", "title", "e", "d", "h", "count", "size", "text", "string", "any?", "empty",
}  # fmt: skip


def applied(
    name: str, subject: Expression | None, arguments: Sequence[Expression], default: str
) -> Expression:
    """A filter or method on ``subject``, or (without one) a function of ``arguments``.
    ``default``: what the dialect's filter ``default`` catches."""
    word = name.casefold()
    if subject is None and is_system(normalise_name(name)):  # unsubscribe_url(@user)
        return System(name)
    given = [*([] if subject is None else [subject]), *arguments]
    if not given:
        return Unknown()
    first, others = given[0], given[1:]
    if word in _DEFAULTS and others:
        also_false = len(others) > 1 and others[1] == Constant(True)
        catches = "falsy" if also_false else default
        return Fallback(first, others[0], catches)  # type: ignore[arg-type]
    if word in _PRESENCE and not others:
        return Fallback(first, Constant(None), "blank")
    if word in _NIL and not others:
        return Not(Exists(first, "missing"))
    if word in _EMPTY and not others:
        return Not(Exists(first, "empty"))
    if word in _BLANK and not others:
        return Not(Exists(first, "blank"))
    if word in _FILLED and not others:
        return Exists(first, "blank" if word in ("present?", "isnotblank") else "empty")
    if word in _CHOICES and len(given) == 3:
        return Call("choose", (given[0], given[1], given[2]))
    if word in _COMPARED and len(given) == 2 and _COMPARED[word]:
        return Compare(_COMPARED[word], first, others[0])
    if word in _CALLS:
        return Call(_CALLS[word], tuple(given))
    return Unknown(fields_of(*given))
