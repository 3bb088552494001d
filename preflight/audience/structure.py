"""How a condition is put together: which tests are joined by ``and``, ``or`` and ``not``, and
where each of them stands in the text.

The parser's tree knows what a condition means but not where its operators stand; the tokens know
where. Both are walked side by side: where they disagree, nothing is said of parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from sqlglot import exp
from sqlglot.tokenizer_core import TokenType

from preflight.audience.condition import Condition, tokens

if TYPE_CHECKING:
    from sqlglot.tokenizer_core import Token


class Joint(StrEnum):
    """How a piece is made of others."""

    AND = "and"
    OR = "or"
    NOT = "not"
    TEST = "test"  # of nothing that is joined: a comparison, a column that is true or false


@dataclass(frozen=True, eq=False, slots=True)
class Piece:
    """One piece of a condition, by offsets in its text: ``start`` to ``end`` without the
    parentheses around it, ``outer`` with them. ``tree``: its node."""

    joint: Joint
    start: int
    end: int
    outer: tuple[int, int]
    tree: exp.Expr
    pieces: tuple[Piece, ...] = ()

    @property
    def in_parentheses(self) -> bool:
        return self.outer != (self.start, self.end)

    def walk(self) -> Iterator[Piece]:
        """This piece and all within it, in the order of the text."""
        yield self
        for piece in self.pieces:
            yield from piece.walk()

    @property
    def tests(self) -> tuple[Piece, ...]:
        return tuple(piece for piece in self.walk() if piece.joint is Joint.TEST)

    def text(self, whole: str) -> str:
        return whole[self.start : self.end]


class _Disagree(Exception):
    """Tokens and tree tell different stories."""


def structure_of(condition: Condition) -> Piece:
    """The whole condition as pieces; one single test where its make-up cannot be told."""
    found = tokens(condition.text)
    try:
        return _Reader(found).piece(0, len(found), condition.tree)
    except (_Disagree, RecursionError):
        start = found[0].start if found else 0
        end = found[-1].end + 1 if found else len(condition.text)
        return Piece(Joint.TEST, start, end, (start, end), condition.tree)


class _Reader:
    def __init__(self, found: Sequence[Token]) -> None:
        self.found = found
        self.kinds = [token.token_type for token in found]
        self.closing = self._pairs()

    def _pairs(self) -> dict[int, int]:
        """Where each parenthesis is closed."""
        pairs: dict[int, int] = {}
        waiting: list[int] = []
        for at, kind in enumerate(self.kinds):
            if kind == TokenType.L_PAREN:
                waiting.append(at)
            elif kind == TokenType.R_PAREN:
                if not waiting:
                    raise _Disagree
                pairs[waiting.pop()] = at
        return pairs

    def place(self, first: int, end: int) -> tuple[int, int]:
        if first >= end:
            raise _Disagree
        return self.found[first].start, self.found[end - 1].end + 1

    def piece(self, first: int, end: int, tree: exp.Expr) -> Piece:
        """The piece made of the tokens from ``first`` up to ``end``."""
        outer = self.place(first, end)
        while self.kinds[first] == TokenType.L_PAREN and self.closing.get(first) == end - 1:
            first, end = first + 1, end - 1
            if not isinstance(tree, exp.Paren):
                raise _Disagree
            tree = tree.this
        start, stop = self.place(first, end)
        for joint, word, kind in (
            (Joint.OR, TokenType.OR, exp.Or),
            (Joint.AND, TokenType.AND, exp.And),
        ):
            cuts = self.cuts(first, end, word)
            if not cuts:
                continue
            trees = _operands(tree, kind)
            if len(trees) != len(cuts) + 1:
                raise _Disagree
            edges = [first - 1, *cuts, end]
            pieces = tuple(
                self.piece(before + 1, after, one)
                for (before, after), one in zip(pairwise(edges), trees, strict=True)
            )
            return Piece(joint, start, stop, outer, tree, pieces)
        if isinstance(tree, (exp.And, exp.Or)):
            raise _Disagree
        if self.kinds[first] == TokenType.NOT:
            if not isinstance(tree, exp.Not):
                raise _Disagree
            inner = self.piece(first + 1, end, tree.this)
            return Piece(Joint.NOT, start, stop, outer, tree, (inner,))
        return Piece(Joint.TEST, start, stop, outer, tree)

    def cuts(self, first: int, end: int, word: TokenType) -> list[int]:
        """Where a conjunction stands outside parentheses; the ``and`` of a ``between`` is none."""
        between = 0
        cuts = []
        at = first
        while at < end:
            kind = self.kinds[at]
            if kind == TokenType.L_PAREN:
                if at not in self.closing:
                    raise _Disagree
                at = self.closing[at]
            elif kind == TokenType.BETWEEN:
                between += 1
            elif kind == TokenType.AND and between:
                between -= 1
            elif kind == word:
                cuts.append(at)
            at += 1
        return cuts


def _operands(tree: exp.Expr, kind: type[exp.Expr]) -> list[exp.Expr]:
    """The parts of a chain of one conjunction, in order; the chain is one deep tree."""
    parts: list[exp.Expr] = []
    while isinstance(tree, kind):
        parts.append(tree.args["expression"])
        tree = tree.this
    return [tree, *reversed(parts)]
