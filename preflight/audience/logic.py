"""What can be proven of a condition without any row: that it can never be true, that it always is,
that a piece of it changes nothing.

Every column that the condition names gets a few values that stand for all
(`preflight.audience.representatives`). One bit of a long number stands for one combination of
them, so the condition is worked out for all combinations at once, under three-valued logic.
What falls outside (too many combinations, columns compared with each other) is not decided.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Sequence

from sqlglot import exp

from preflight.audience.combinations import Group, Node, Space
from preflight.audience.compile import compiled
from preflight.audience.condition import Condition
from preflight.audience.formula import All, Any_, Formula, Is, Not, Test, Translator
from preflight.audience.gaps import TooMany
from preflight.audience.guessed import completed_names
from preflight.audience.misread import ConditionError
from preflight.audience.names import Names
from preflight.audience.representatives import Behaviour, ColumnDomain
from preflight.audience.structure import Joint, Piece, structure_of
from preflight.audience.values import NotModelled, Value

MAX_COMBINATIONS = 1 << 14
"""So many combinations of values are worked out at once."""

MAX_TESTS = 1_500


class Logic:
    """A condition, read. Each answer is True only when it is proven; what is not decided is no."""

    def __init__(self, condition: Condition, names: Names | None, now: dt.datetime) -> None:
        self.condition = condition
        self.root = structure_of(condition)
        self.names = completed_names(condition, names, now)
        self.translator = Translator(self.names)
        self.behaviours: dict[str, list[Behaviour]] = {}
        self.parts: list[Group] = []
        self.joint = Joint.AND
        self.decided = False
        """Whether every combination was looked at."""
        try:
            top = self._node(self.root)
        except (RecursionError, TooMany):
            return
        self._find_behaviours()
        self._split(top)

    # -- making it ready ----------------------------------------------------------------------

    def _node(self, piece: Piece) -> Node:
        if piece.joint is Joint.TEST:
            try:
                tree = compiled(piece.tree, self.condition, self.names)
                formula = self.translator.formula(tree)
            except (ConditionError, NotModelled):
                formula = self.translator.riddle(piece.tree)
            if len(self.translator.columns) > MAX_TESTS:
                raise TooMany
            return Node(piece, formula, columns=frozenset(_columns(formula)))
        children = [self._node(one) for one in piece.pieces]
        node = Node(piece, None, children)
        for number, child in enumerate(children):
            child.parent, child.number = node, number
        node.columns = frozenset().union(*(child.columns for child in children))
        return node

    def _find_behaviours(self) -> None:
        for key, nullable in self.translator.riddles.items():
            answers = (True, False, None) if nullable else (True, False)
            self.behaviours[key] = [Behaviour((one,), one is None, False) for one in answers]
        for key, column in self.translator.columns.items():
            fact = key.startswith("f_") and column.term.typed
            domain = ColumnDomain(column.base, column.term.kind, nullable=not fact)
            try:
                self.behaviours[key] = domain.behaviours(column.asked)
            except (TooMany, NotModelled):
                continue

    def _split(self, top: Node) -> None:
        """The pieces at the top, grouped by the columns that they share: each group is worked out
        alone. A group that is too large is worked out column by column."""
        joint = top.piece.joint if top.piece.joint in (Joint.AND, Joint.OR) else Joint.AND
        pieces = top.children if top.piece.joint is joint else [top]
        for piece in pieces:
            piece.parent = None
        whole = True
        for group in _connected(pieces):
            part = self._group(group, joint, whole=True)
            if part is not None:
                self.parts.append(part)
                continue
            whole = False
            for column in sorted(frozenset().union(*(node.columns for node in group))):
                own = [node for node in group if node.columns == {column}]
                part = self._group(own, joint, whole=False) if own else None
                if part is not None:
                    self.parts.append(part)
        self.decided = whole
        self.joint = joint

    def _group(self, nodes: list[Node], joint: Joint, *, whole: bool) -> Group | None:
        columns = sorted(frozenset().union(*(node.columns for node in nodes)))
        if not all(column in self.behaviours for column in columns):
            return None
        behaviours = {column: self.behaviours[column] for column in columns}
        if math.prod(map(len, behaviours.values())) > MAX_COMBINATIONS:
            return None
        return Group(nodes, Space(behaviours), joint, whole)

    # -- answers ------------------------------------------------------------------------------

    @property
    def never(self) -> bool:
        """Whether the condition can never be true."""
        if not self.parts:
            return False
        if self.joint is Joint.AND:
            return any(part.never for part in self.parts)
        return self.decided and all(part.never for part in self.parts)

    @property
    def always(self) -> bool:
        """Whether the condition is true of every row."""
        if not self.parts:
            return False
        if self.joint is Joint.OR:
            return any(part.always for part in self.parts)
        return self.decided and all(part.always for part in self.parts)

    def witness(self) -> dict[str, Value] | None:
        """A row that the condition keeps, by the names of its columns; None when none is known."""
        return self._row(kept=True)

    def counterexample(self) -> dict[str, Value] | None:
        """A row that the condition does not keep; None when none is known."""
        return self._row(kept=False)

    def _row(self, *, kept: bool) -> dict[str, Value] | None:
        """A row for each group: as it must be where that decides, else one that is kept."""
        if not self.decided or not self.parts:
            return None
        each = kept is (self.joint is Joint.AND)
        row: dict[str, Value] = {}
        met = False
        for part in self.parts:
            found = None
            if each or not met:
                found = part.space.row(part.true if kept else part.space.whole & ~part.true)
                met = met or found is not None
            if found is None and each:
                return None
            if found is None:
                found = part.space.row(part.true if not kept else part.space.whole & ~part.true)
            row |= found or part.space.row(part.space.whole) or {}
        return {self._name(column): value for column, value in row.items()} if met else None

    def dropped_when_empty(self) -> Iterator[str]:
        """The columns without which nobody is kept."""
        if not self.decided or (self.joint is Joint.OR and len(self.parts) > 1):
            return
        for group in self.parts:
            for column, found in group.space.behaviours.items():
                numbers = [number for number, one in enumerate(found) if one.null]
                known = not column.startswith("?")
                if numbers and known and not group.true & group.space.where(column, numbers):
                    yield self._name(column)

    def _name(self, column: str) -> str:
        for mention in self.condition.columns:
            term = self.names.terms.get(mention.name.casefold())
            if term is not None and term.sql == column:
                return str(mention.name)
        return column

    def idle(self) -> Iterator[Piece]:
        """The pieces that change nothing when one of them is taken out, or all together: of two
        that say the same the last, and nothing within a piece that is named."""
        if any(part.never if self.joint is Joint.AND else part.always for part in self.parts):
            return  # the whole is always the same: another answer says so
        for part in self.parts:
            yield from self._idle(part)

    def _idle(self, part: Group) -> Iterator[Piece]:
        alone = len(part.nodes) == 1 and len(self.parts) == 1
        idle = {
            node
            for node in _walk(part.nodes)
            if not (alone and node.parent is None)
            and not (node.parent is not None and node.parent.piece.joint is Joint.NOT)
            and part.without(node) == part.true
        }
        try:
            for node in reversed(part.nodes):
                yield from _idle_together(part, node, idle)
        finally:
            part.work_out()

    def hollow(self) -> Iterator[Piece]:
        """The alternatives that can never be true, within a condition that can be."""
        for part in self.parts:
            for node in _walk(part.nodes):
                joint = node.parent.piece.joint if node.parent else part.joint
                if joint is Joint.OR and not node.masks[0] and not _within_hollow(node):
                    yield node.piece

    def full(self) -> Iterator[Piece]:
        """The largest pieces that are true of every row whose columns are filled, and never ask
        whether they are."""
        if self.joint is Joint.OR and any(
            part.space.filled and not part.space.filled & ~part.true for part in self.parts
        ):
            if not _asks_for_null(self.root):
                yield self.root
            return
        for part in self.parts:
            yield from _full(part.nodes, part.space.filled)

    def clash(self) -> tuple[Piece, ...]:
        """Of a conjunction that can never be true: the fewest pieces that exclude each other."""
        for part in self.parts:
            if self.joint is Joint.AND and part.never:
                return tuple(node.piece for node in _fewest(part.nodes, part.space))
        return ()

    def clash_in(self, piece: Piece) -> tuple[Piece, ...]:
        """The same, of a piece."""
        for part in self.parts:
            for node in _walk(part.nodes):
                if node.piece is piece and node.piece.joint is Joint.AND:
                    return tuple(one.piece for one in _fewest(node.children, part.space))
        return ()


def _idle_together(part: Group, node: Node, idle: set[Node]) -> Iterator[Piece]:
    """Of pieces that do nothing each, those that do nothing together; the outermost first."""
    if node in idle and part.without(node) == part.true:
        part.take_out(node)
        yield node.piece
        return
    for child in reversed(node.children):
        yield from _idle_together(part, child, idle)


def _full(nodes: Iterable[Node], filled: int) -> Iterator[Piece]:
    for node in nodes:
        if filled and not filled & ~node.masks[0] and not _asks_for_null(node.piece):
            yield node.piece
        elif node.piece.joint is not Joint.NOT:
            yield from _full(node.children, filled)


def _fewest(nodes: Sequence[Node], space: Space) -> list[Node]:
    """Of pieces that exclude each other, as few as do."""
    kept = list(nodes)
    for node in list(reversed(nodes)) if len(nodes) <= 200 else ():
        rest = [one for one in kept if one is not node]
        if rest and not space.joined(Joint.AND, [one.masks for one in rest])[0]:
            kept = rest
    return kept


def _walk(nodes: Iterable[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from _walk(node.children)


def _within_hollow(node: Node) -> bool:
    above = node.parent
    while above is not None:
        if not above.masks[0]:
            return True
        above = above.parent
    return False


def _asks_for_null(piece: Piece) -> bool:
    return any(
        isinstance(part, (exp.Is, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Coalesce, exp.Anonymous))
        for part in piece.tree.walk()
    )


def _columns(formula: Formula) -> Iterator[str]:
    if isinstance(formula, Test):
        yield formula.column
    elif isinstance(formula, (Not, Is)):
        yield from _columns(formula.of)
    elif isinstance(formula, (All, Any_)):
        for one in formula.of:
            yield from _columns(one)


def _connected(nodes: Sequence[Node]) -> list[list[Node]]:
    """The nodes in groups that share no column with each other."""
    owner: dict[str, int] = {}
    groups: dict[int, list[Node]] = {}
    columns: dict[int, set[str]] = {}
    for number, node in enumerate(nodes):
        touched = sorted({owner[column] for column in node.columns if column in owner})
        home = touched[0] if touched else number
        groups.setdefault(home, [])
        columns.setdefault(home, set())
        for other in touched[1:]:
            groups[home] += groups.pop(other)
            columns[home] |= columns.pop(other)
        groups[home].append(node)
        columns[home] |= node.columns
        owner |= dict.fromkeys(columns[home], home)
    return [sorted(group, key=nodes.index) for group in groups.values()]
