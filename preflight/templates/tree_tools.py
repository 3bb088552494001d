"""What all readers need that make a tree (`preflight.templates.tree`)."""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from dataclasses import fields
from typing import TYPE_CHECKING

from preflight.templates.tree import (
    Both,
    Code,
    Compare,
    Either,
    Exists,
    Expression,
    Field,
    Not,
    TreeNode,
    Unknown,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def fields_of(*parts: Expression | TreeNode) -> tuple[Field, ...]:
    """All fields in expressions and nodes, each place once, in order."""
    found: dict[Field, None] = {}
    pending: list[object] = list(reversed(parts))
    while pending:
        part = pending.pop()
        if isinstance(part, Field):
            found[part] = None
        elif isinstance(part, tuple):
            pending.extend(reversed(part))
        else:
            pending.extend(_inner(part))
    return tuple(found)


def _inner(part: object) -> Iterator[object]:
    if not hasattr(part, "__dataclass_fields__"):
        return
    for one in reversed(fields(part)):  # type: ignore[arg-type]
        value = getattr(part, one.name)
        if isinstance(value, tuple) or hasattr(value, "__dataclass_fields__"):
            yield value


def variable(name: str) -> str:
    """The name in the tree of a variable that the template sets: no field of a contact has it."""
    return f"{name} "


def code_between(
    size: int, printed: Iterable[tuple[int, int]], edges: Iterable[int]
) -> tuple[Code, ...]:
    """Code for every stretch of a template of that size that is not printed, cut at the edges
    (where tags begin): blanks that a tag takes away belong to the code beside them."""
    made: list[Code] = []
    cuts = sorted(set(edges))
    at = 0
    for start, end in [*sorted(printed), (size, size)]:
        if start > at:
            inside = cuts[bisect_right(cuts, at) : bisect_left(cuts, start)]
            made.extend(Code(*pair) for pair in itertools.pairwise([at, *inside, start]))
        at = max(at, end)
    return tuple(made)


def tested(value: Expression) -> Expression:
    """A bare value as a test: it is there, and not empty."""
    tests = (Both, Either, Not, Compare, Exists, Unknown)
    return value if isinstance(value, tests) else Exists(value, "empty")
