"""Loops of a Jinja template whose turns are known before any contact is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2 import nodes

from preflight.templates.values import Value, constant, union

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from preflight.templates.jinja_evaluate import Evaluator
    from preflight.templates.jinja_folding import Folder
    from preflight.templates.values import Scope

_MOST_TURNS = 60


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: what the targets are bound to, and what is known of ``loop``."""

    bound: Sequence[tuple[nodes.Node, Value]]
    loop: Mapping[str, Value]


def turns(node: nodes.For, source: Value, numbers: Sequence[int] | None) -> list[Turn] | None:
    """The turns of a loop over a list that is written down, or over some numbers; None when they
    are not known, or too many."""
    if node.recursive or (numbers is not None and numbers[_MOST_TURNS:]):
        return None
    items = [constant(number) for number in numbers] if numbers is not None else items_of(source)
    if items is None or len(items) > _MOST_TURNS:
        return None
    return [
        Turn(_bound(node.target, item), _loop(index, len(items)))
        for index, item in enumerate(items)
    ]


def items_of(value: Value) -> list[Value] | None:
    """The items of a list that is written down."""
    if value.parts is None or list(value.parts) != list(range(len(value.parts))):
        return None
    return list(value.parts.values())


def listed(items: Sequence[Value]) -> Value:
    """A list of such items."""
    return Value(names=union(*(item.names for item in items)), parts=dict(enumerate(items)))


def numbers_of(
    node: nodes.Node, scope: Scope, evaluator: Evaluator, folder: Folder
) -> Sequence[int] | None:
    """The numbers of ``range(...)`` with constants, which may be many."""
    if not isinstance(node, nodes.Call) or folder.turns_of_range(node) is None:
        return None
    if scope.find("range") is not None or evaluator.field("range").free:
        return None
    given = [folder.fold(argument) for argument in node.args]
    whole = [number for number in given if isinstance(number, int)]
    return range(*whole) if len(whole) == len(given) and not node.kwargs else None


def _bound(target: nodes.Node, item: Value) -> list[tuple[nodes.Node, Value]]:
    parts = items_of(item) if isinstance(target, nodes.Tuple) else None
    if isinstance(target, nodes.Tuple) and parts is not None and len(parts) == len(target.items):
        return list(zip(target.items, parts, strict=True))
    return [(target, item)]


def _loop(index: int, length: int) -> dict[str, Value]:
    known = {
        "index": index + 1,
        "index0": index,
        "revindex": length - index,
        "revindex0": length - index - 1,
        "first": index == 0,
        "last": index == length - 1,
        "length": length,
        "depth": None,
    }
    return {name: constant(value) for name, value in known.items() if value is not None}
