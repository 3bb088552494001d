"""Constant expressions of a Jinja template, computed without ever making a large number or text."""

from __future__ import annotations

import math
from dataclasses import dataclass

from jinja2 import nodes

LIMIT = 100_000
"""More turns of a loop, or more characters of a computed text, than any mail needs."""

DIGITS = 400
"""Numbers with more digits are never computed: they are infinite here."""


@dataclass(frozen=True, slots=True)
class Sized:
    """A text or list too large to be held, or whose content does not matter."""

    length: float


Folded = int | float | str | Sized | None


class Folder:
    """Computes the constant expressions of one tree, each once."""

    def __init__(self) -> None:
        self._known: dict[int, Folded] = {}

    def fold(self, node: nodes.Node) -> Folded:
        """What a constant expression comes to; None when it is no constant."""
        if id(node) not in self._known:
            self._known[id(node)] = self._fold(node)
        return self._known[id(node)]

    def turns_of_range(self, node: nodes.Node) -> float | None:
        """How many numbers ``range(...)`` gives; None for anything else, and for data."""
        if not (
            isinstance(node, nodes.Call)
            and isinstance(node.node, nodes.Name)
            and node.node.name == "range"
            and 1 <= len(node.args) <= 3
        ):
            return None
        numbers = [self.fold(argument) for argument in node.args]
        given = [number for number in numbers if isinstance(number, (int, float))]
        if len(given) < len(numbers):
            return None
        start, stop = (0, given[0]) if len(given) == 1 else given[:2]
        step = given[2] if len(given) == 3 else 1
        if not step or not math.isfinite(step) or not math.isfinite(start) or math.isnan(stop):
            return None
        return max(0, math.ceil((stop - start) / step)) if math.isfinite(stop) else math.inf

    def _fold(self, node: nodes.Node) -> Folded:
        match node:
            case nodes.Const():
                known = node.value
                if isinstance(known, bool) or not isinstance(known, (int, float, str)):
                    return None
                return _bounded(known)
            case nodes.List() | nodes.Tuple():
                return Sized(len(node.items))
            case nodes.Neg():
                inner = self.fold(node.node)
                return -inner if isinstance(inner, (int, float)) else None
            case nodes.Concat():
                whole: Folded = ""
                for part in node.nodes:
                    whole = _joined(whole, self.fold(part))
                return whole
            case nodes.Add() | nodes.Sub() | nodes.Mul() | nodes.Pow():
                return _computed(node, self.fold(node.left), self.fold(node.right))
        return None


def _bounded(known: Folded) -> Folded:
    if isinstance(known, int) and known.bit_length() > DIGITS * 3:
        return math.inf if known > 0 else -math.inf
    if isinstance(known, str) and len(known) > LIMIT:
        return Sized(len(known))
    return known


def _length(folded: Folded) -> float | None:
    if isinstance(folded, str):
        return len(folded)
    return folded.length if isinstance(folded, Sized) else None


def _joined(left: Folded, right: Folded) -> Folded:
    if isinstance(left, str) and isinstance(right, (str, int)):
        return _bounded(left + str(right))
    first, second = _length(left), _length(right)
    return None if first is None or second is None else Sized(first + second)


def _computed(node: nodes.BinExpr, left: Folded, right: Folded) -> Folded:
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return _number(node, left, right)
    if isinstance(node, nodes.Add):
        return _joined(left, right)
    if isinstance(node, nodes.Mul):
        for sequence, count in ((left, right), (right, left)):
            size = _length(sequence)
            if size is not None and isinstance(count, (int, float)):
                if isinstance(sequence, str) and size * count <= DIGITS:
                    return sequence * int(count)
                return Sized(size * max(count, 0) if size else 0)
    return None


def _number(node: nodes.BinExpr, left: float, right: float) -> Folded:
    try:
        if isinstance(node, nodes.Add):
            return _bounded(left + right)
        if isinstance(node, nodes.Sub):
            return _bounded(left - right)
        if isinstance(node, nodes.Mul):
            return _bounded(left * right)
        if abs(left) > 1 and right * math.log10(abs(left)) > DIGITS:
            return math.inf
        power = left**right
        return power if isinstance(power, (int, float)) else None
    except (OverflowError, ZeroDivisionError, ValueError):
        return math.inf
