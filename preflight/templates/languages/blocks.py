"""Blocks of templates (`if`, loops) as readers meet them: opened, divided, closed."""

from __future__ import annotations

from dataclasses import dataclass, field

from preflight.templates.languages.fault_words import TOO_DEEP, shortened
from preflight.templates.model import SyntaxFault
from preflight.templates.tree import Branch, Code, Expression, Loop, Masked, TreeNode

_DEEPEST = 100


class Wrong(Exception):
    """Why a template cannot be parsed."""

    def __init__(self, start: int, end: int, message: str) -> None:
        super().__init__(message)
        self.fault = SyntaxFault(start, end, message)


@dataclass(slots=True)
class _Open:
    """A block that is still open. ``kind``: if, loop, or masked."""

    start: int
    end: int
    kind: str
    value: Expression
    item: str = ""
    items: tuple[Expression, ...] | None = None
    closing: str = ""
    arms: list[tuple[Expression | None, list[TreeNode]]] = field(default_factory=list)


@dataclass(slots=True)
class Blocks:
    """The nodes of a template while it is read."""

    top: list[TreeNode] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)

    def add(self, node: TreeNode) -> None:
        (self.stack[-1].arms[-1][1] if self.stack else self.top).append(node)

    def open(
        self,
        start: int,
        end: int,
        kind: str,
        value: Expression,
        *,
        item: str = "",
        items: tuple[Expression, ...] | None = None,
        closing: str = "",
    ) -> None:
        """A block begins with the tag at ``start``; ``closing``: what its last tag must be."""
        if len(self.stack) >= _DEEPEST:
            raise Wrong(start, end, TOO_DEEP)
        self.add(Code(start, end))
        block = _Open(start, end, kind, value, item, items, closing)
        block.arms.append((value if kind == "if" else None, []))
        self.stack.append(block)

    def otherwise(self, start: int, end: int, test: Expression | None) -> None:
        """``else``, or with a test ``elseif``."""
        block = self.stack[-1] if self.stack else None
        if block is None or block.kind == "masked":
            raise Wrong(start, end, "there is no block that this could divide")
        if block.kind == "if" and block.arms[-1][0] is None:
            raise Wrong(start, end, "this block has its last branch already")
        block.arms[-1][1].append(Code(start, end))
        block.arms.append((test, []))

    def close(self, start: int, end: int, written: str, closing: str = "") -> None:
        """The last tag of a block; ``closing`` as it was expected by `open`."""
        if not self.stack:
            raise Wrong(start, end, f"“{shortened(written)}” closes no open block")
        block = self.stack.pop()
        if closing and block.closing and closing != block.closing:
            said = f"“{shortened(written)}” closes a block that was not opened here"
            raise Wrong(start, end, said)
        block.arms[-1][1].append(Code(start, end))
        self.add(self._made(block))

    def finished(self) -> tuple[TreeNode, ...]:
        """All nodes."""
        if self.stack:
            block = self.stack[-1]
            raise Wrong(block.start, block.end, "this block is never closed")
        return tuple(self.top)

    def _made(self, block: _Open) -> TreeNode:
        arms = [(test, tuple(body)) for test, body in block.arms]
        if block.kind == "if":
            return Branch(tuple(arms))
        if block.kind == "masked":
            return Masked(block.start, block.end, block.value, arms[0][1])
        otherwise = tuple(node for _test, body in arms[1:] for node in body)
        return Loop(block.value, block.item, arms[0][1], otherwise, block.items)
