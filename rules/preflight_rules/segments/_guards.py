"""Which conditions choose people, and which only keep some out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from preflight_rules.segments._meaning import asks_permission, permitting_words

if TYPE_CHECKING:
    from sqlglot import exp


def chooses(text: str) -> bool:
    """Whether a condition picks people out of a list. One that only keeps some out, asks for
    their permission, or asks that a value be there, is a guard: often it stops nobody."""
    from preflight.audience.condition import parse

    return _chooses(parse(text).tree)


def _chooses(node: exp.Expr) -> bool:
    from sqlglot import exp

    if isinstance(node, exp.Paren):
        return _chooses(node.this)
    if isinstance(node, (exp.And, exp.Or)):
        return _chooses(node.this) or _chooses(node.expression)
    if isinstance(node, (exp.Not, exp.NEQ, exp.NullSafeNEQ)) or node.args.get("negate"):
        return False
    if isinstance(node, exp.Is):
        return isinstance(node.expression, exp.Boolean) and _yes(node.expression, node.this)
    if isinstance(node, (exp.EQ, exp.NullSafeEQ)):
        if isinstance(node.expression, exp.Boolean):
            return _yes(node.expression, node.this)
        return not _permits(node.this, node.expression)
    if isinstance(node, exp.In):
        return not _permits(node.this, *node.expressions)
    if isinstance(node, (exp.Like, exp.ILike)) and node.expression.name.strip("%_") in ("", "@"):
        return False
    return not _permits(node)


def _yes(value: exp.Boolean, asked: exp.Expr) -> bool:
    return bool(value.this) and not _permits(asked)


def _permits(asked: exp.Expr, *values: exp.Expr) -> bool:
    """Whether a column of consent is asked, or a state of subscription."""
    from preflight.audience.columns import fold

    if asked.name and asks_permission(asked.name):
        return True
    return bool(values) and all(fold(value.name) in permitting_words() for value in values)
