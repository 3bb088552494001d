"""All combinations of what the columns of a condition can hold, worked out at once: one bit of a
long number stands for one combination, under three-valued logic."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from preflight.audience.formula import All, Formula, Is, Known, Not, Test
from preflight.audience.representatives import Behaviour
from preflight.audience.structure import Joint, Piece
from preflight.audience.values import Value

Masks = tuple[int, int]
"""For which combinations something is true, and for which it is false; else it is NULL."""


@dataclass(eq=False)
class Node:
    """A piece with its formula, and where it is true and false."""

    piece: Piece
    formula: Formula | None
    children: list[Node] = field(default_factory=list)
    parent: Node | None = None
    number: int = 0
    columns: frozenset[str] = frozenset()
    masks: Masks = (0, 0)
    before: list[Masks] = field(default_factory=list)
    after: list[Masks] = field(default_factory=list)


class Space:
    """All combinations of the behaviours of some columns, a bit each."""

    def __init__(self, behaviours: Mapping[str, Sequence[Behaviour]]) -> None:
        self.behaviours = behaviours
        self.size = math.prod(len(found) for found in behaviours.values())
        self.whole = (1 << self.size) - 1
        self.strides: dict[str, int] = {}
        stride = 1
        for column, found in behaviours.items():
            self.strides[column] = stride
            stride *= len(found)
        self._bits: dict[Test, Masks] = {}

    def where(self, column: str, numbers: Iterable[int]) -> int:
        """The combinations in which a column shows one of these behaviours."""
        stride = self.strides[column]
        block = (1 << stride) - 1
        period = stride * len(self.behaviours[column])
        pattern = 0
        for number in numbers:
            pattern |= block << (number * stride)
        return pattern * (self.whole // ((1 << period) - 1))

    def of(self, formula: Formula) -> Masks:
        """Where a formula is true, and where it is false."""
        if isinstance(formula, Known):
            return (
                self.whole if formula.value is True else 0,
                self.whole if formula.value is False else 0,
            )
        if isinstance(formula, Test):
            return self._test(formula)
        if isinstance(formula, Not):
            true, false = self.of(formula.of)
            return false, true
        if isinstance(formula, Is):
            true, false = self.of(formula.of)
            hit = {True: true, False: false, None: self.whole & ~(true | false)}[formula.value]
            return hit, self.whole & ~hit
        joint = Joint.AND if isinstance(formula, All) else Joint.OR
        return self.joined(joint, [self.of(one) for one in formula.of])

    def _test(self, test: Test) -> Masks:
        if test not in self._bits:
            found = self.behaviours[test.column]
            answers = [one.answers[test.number] for one in found]
            self._bits[test] = (
                self.where(test.column, (at for at, one in enumerate(answers) if one is True)),
                self.where(test.column, (at for at, one in enumerate(answers) if one is False)),
            )
        return self._bits[test]

    def joined(self, joint: Joint, parts: Iterable[Masks]) -> Masks:
        true, false = self.neutral(joint)
        for one_true, one_false in parts:
            if joint is Joint.AND:
                true, false = true & one_true, false | one_false
            else:
                true, false = true | one_true, false & one_false
        return true, false

    def neutral(self, joint: Joint) -> Masks:
        """What changes nothing in a conjunction: true; in an alternative: false."""
        return (self.whole, 0) if joint is Joint.AND else (0, self.whole)

    @cached_property
    def filled(self) -> int:
        """The combinations in which no column is NULL."""
        mask = self.whole
        for column, found in self.behaviours.items():
            mask &= self.where(column, (at for at, one in enumerate(found) if not one.null))
        return mask

    @cached_property
    def shown(self) -> int:
        """The combinations for which a row is known that shows them."""
        mask = self.whole
        for column, found in self.behaviours.items():
            mask &= self.where(column, (at for at, one in enumerate(found) if one.known))
        return mask

    def row(self, mask: int) -> dict[str, Value] | None:
        """A row that shows one of these combinations; None when none is known."""
        mask &= self.shown
        if not mask:
            return None
        bit = (mask & -mask).bit_length() - 1
        return {
            column: found[bit // self.strides[column] % len(found)].value
            for column, found in self.behaviours.items()
        }


@dataclass(eq=False)
class Group:
    """Pieces at the top that share columns, and the space in which they are worked out.
    ``whole``: nothing that shares a column with them was left out."""

    nodes: list[Node]
    space: Space
    joint: Joint
    whole: bool
    true: int = 0

    def __post_init__(self) -> None:
        self.work_out()

    def work_out(self) -> None:
        for node in self.nodes:
            worked_out(node, self.space)
        self.true = self.space.joined(self.joint, [node.masks for node in self.nodes])[0]

    @property
    def never(self) -> bool:
        return not self.true

    @property
    def always(self) -> bool:
        return self.true == self.space.whole

    def without(self, node: Node) -> int:
        """Where the part is true when a piece of it is taken out."""
        return self.replaced(node, self.space.neutral(self._joint_above(node)))

    def take_out(self, node: Node) -> None:
        """Go on as if the piece were not there, until `work_out`."""
        node.masks = self.space.neutral(self._joint_above(node))
        while node.parent is not None:
            node = node.parent
            put_together(node, self.space)

    def _joint_above(self, node: Node) -> Joint:
        return node.parent.piece.joint if node.parent is not None else self.joint

    def replaced(self, node: Node, masks: Masks) -> int:
        """Where the part is true when a piece of it is something else."""
        while node.parent is not None:
            parent, number = node.parent, node.number
            if parent.piece.joint is Joint.NOT:
                masks = masks[1], masks[0]
            else:
                masks = self.space.joined(
                    parent.piece.joint, (parent.before[number], masks, parent.after[number])
                )
            node = parent
        others = [one.masks for one in self.nodes if one is not node]
        return self.space.joined(self.joint, [*others, masks])[0]


def worked_out(node: Node, space: Space) -> None:
    if node.formula is not None:
        node.masks = space.of(node.formula)
        return
    for child in node.children:
        worked_out(child, space)
    put_together(node, space)


def put_together(node: Node, space: Space) -> None:
    parts = [child.masks for child in node.children]
    joint = node.piece.joint
    if joint is Joint.NOT:
        node.masks = parts[0][1], parts[0][0]
        return
    node.before, node.after = [space.neutral(joint)], [space.neutral(joint)]
    for masks in parts:
        node.before.append(space.joined(joint, (node.before[-1], masks)))
    for masks in reversed(parts):
        node.after.append(space.joined(joint, (node.after[-1], masks)))
    node.masks = node.before[-1]
    node.after = node.after[-2::-1]  # after[i]: all behind the i-th
