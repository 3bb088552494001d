"""From python-liquid's tree to ours."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

from liquid.ast import BlockNode, Node
from liquid.builtin.content import ContentNode
from liquid.builtin.expressions import primitive
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.assign_tag import AssignNode
from liquid.builtin.tags.capture_tag import CaptureNode
from liquid.builtin.tags.case_tag import CaseNode, MultiExpressionBlockNode
from liquid.builtin.tags.comment_tag import CommentNode
from liquid.builtin.tags.for_tag import BreakNode, ContinueNode, ForNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.include_tag import IncludeNode
from liquid.builtin.tags.inline_comment_tag import InlineCommentNode
from liquid.builtin.tags.liquid_tag import LiquidNode
from liquid.builtin.tags.render_tag import RenderNode
from liquid.builtin.tags.unless_tag import UnlessNode

from preflight.templates.languages.liquid_values import Values
from preflight.templates.languages.own_tags import printed_by_mailer
from preflight.templates.tree import (
    Branch,
    Call,
    Code,
    Constant,
    Either,
    Expression,
    Field,
    Inclusion,
    Loop,
    Masked,
    Not,
    Print,
    System,
    Text,
    TreeNode,
    Unknown,
)
from preflight.templates.tree_tools import code_between, fields_of, variable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from liquid.builtin.expressions.loop import LoopExpression

    from preflight.templates.languages.liquid_lexing import Lexed
    from preflight.templates.naming import Naming

_SAVED = re.compile(r":save\s++(\w++)")  # Braze's connected content
_MOST_ITEMS = 100  # of a range that is gone through


class Builder(Values):
    """Makes the tree of one template."""

    def __init__(self, text: str, lexed: Lexed, own: Naming, renamed: Mapping[str, str]) -> None:
        super().__init__(text, own, renamed)
        self.lexed = lexed
        self.runs = dict(lexed.runs)
        self.claimed: list[tuple[int, int]] = []

    def tree(self, nodes: Iterable[Node]) -> tuple[TreeNode, ...]:
        """All nodes; what prints nothing comes last."""
        found = self._block(nodes)
        edges = (region.start for region in self.lexed.regions.values())
        return (*found, *code_between(len(self.text), self.claimed, edges))

    def _block(self, nodes: Iterable[Node]) -> tuple[TreeNode, ...]:
        made: list[TreeNode] = []
        for node in nodes:
            made.extend(self._node(node))
        return tuple(made)

    def _body(self, block: BlockNode | None) -> tuple[TreeNode, ...]:
        if block is None:
            return ()
        # Liquid prints nothing of a block that holds nothing but blanks and code.
        nodes = [n for n in block.nodes if not (block.blank and isinstance(n, ContentNode))]
        return self._block(nodes)

    def _node(self, node: Node) -> Iterable[TreeNode]:
        match node:
            case ContentNode():
                return self._content(node)
            case OutputNode():
                return [self._print(node.token.start_index, self.filtered(node.expression))]
            case IfNode():
                return [self._if(node, self.test(node.condition))]
            case UnlessNode():
                return [self._if(node, Not(self.test(node.condition)))]
            case CaseNode():
                return self._case(node)
            case ForNode():
                return self._for(node)
            case AssignNode():
                value = self.filtered(node.expression)
                return [self._assign(node, str(node.name), value)]
            case CaptureNode():
                return self._capture(node)
            case LiquidNode():
                return self._body(node.block)
            case IncludeNode() | RenderNode():
                return [self._file(node)]
            case CommentNode() | InlineCommentNode():
                return []
            case _:
                return self._other(node)

    def _content(self, node: ContentNode) -> Iterable[TreeNode]:
        start = node.token.start_index
        raw = self.lexed.regions.get(start)
        if raw is not None:
            start, end = raw.inner
        else:
            end = self.runs[start]
        if start == end:
            return []
        made = list(printed_by_mailer(self.text, start, end, self.own, sample=raw is not None))
        self.claimed += [(one.start, one.end) for one in made]
        return made

    def _print(self, at: int, value: Expression) -> Print:
        start, end, source = self._place(at)
        return Print(start, end, value, source)

    def _place(self, at: int) -> tuple[int, int, str]:
        """Where a tag stands, and what is written in it; of a line of ``{% liquid %}`` the line."""
        region = self.lexed.regions.get(at)
        if region is None:
            line_end = self.text.find("\n", at)
            closing = self.text.find("%}", at)
            end = min(edge for edge in (line_end, closing, len(self.text)) if edge >= 0)
            written = self.text[at:end].rstrip(" \t\r-")
            end = at + len(written)
            source = written.partition(" ")[2].strip()
            start = at
        else:
            start, end = region.start, region.end
            source = self.text[slice(*region.inner)]
        self.claimed.append((start, end))
        return start, end, source

    def _if(self, node: IfNode | UnlessNode, first: Expression) -> Branch:
        arms: list[tuple[Expression | None, tuple[TreeNode, ...]]] = [
            (first, self._body(node.consequence))
        ]
        for other in node.alternatives:
            arms.append((self.test(other.expression), self._body(other.block)))
        arms.append((None, self._body(node.default)))
        return Branch(tuple(arms))

    def _case(self, node: CaseNode) -> Iterable[TreeNode]:
        """Each ``when`` is printed that fits, ``else`` where none before it did."""
        subject = self.value(node.expression)
        made: list[TreeNode] = []
        before: list[Expression] = []
        for block in node.blocks:
            if isinstance(block, MultiExpressionBlockNode):
                tests = [self.compare("eq", subject, e) for e in block.expression.expressions]
                test = reduce(Either, tests)
                before.append(test)
                made.append(Branch(((test, self._body(block.block)),)))
            else:
                none: Expression = Not(reduce(Either, before)) if before else Constant(True)
                made.append(Branch(((none, self._body(block)),)))
        return made

    def _for(self, node: ForNode) -> Iterable[TreeNode]:
        loop = node.expression
        over = self.value(loop.iterable)
        name = str(loop.identifier)
        self.items.append(name)
        self.unsure.append(_set_in(node.block))
        body = self._body(node.block)
        self.items.pop()
        after = self._unsure_after(self.unsure.pop())
        otherwise = self._body(node.default)
        parts = [part for part in (loop.limit, loop.offset) if part is not None]
        if parts:
            over = Unknown(fields_of(over, *map(self.value, parts)))
        if any(isinstance(inner, (BreakNode, ContinueNode)) for inner in _inside(node.block)):
            masked = self._masked(node, Unknown(fields_of(over)), (*body, *otherwise))
            return [masked, *after]
        return [Loop(over, variable(name), body, otherwise, _range(loop)), *after]

    def _unsure_after(self, names: set[str]) -> list[TreeNode]:
        """After a block that may be gone through several times nothing is known of what it set."""
        return [Code(0, 0, variable(name), Unknown()) for name in sorted(names)]

    def _assign(self, node: Node, name: str, value: Expression) -> Code:
        self.variables.add(name)
        start, end, _source = self._place(node.token.start_index)
        return Code(start, end, variable(name), value)

    def _capture(self, node: CaptureNode) -> Iterable[TreeNode]:
        """The text of the block goes into a variable; its tags print nothing where they stand."""
        claimed = list(self.claimed)
        body = self._body(node.block)
        self.claimed = claimed
        parts: list[Expression] = [Constant("")]  # what is captured is text, even of nothing
        for inner in body:
            match inner:
                case Text():
                    parts.append(Constant(self.text[inner.start : inner.end]))
                case Print():
                    parts.append(inner.value)
                case Code() if not inner.name:
                    pass
                case _:
                    return [self._assign(node, str(node.name), Unknown(fields_of(*body)))]
        value = reduce(lambda left, right: Call("append", (left, right)), parts)
        return [self._assign(node, str(node.name), value)]

    def _other(self, node: Node) -> Iterable[TreeNode]:
        """Tags of the mailer, and those whose outcome hangs on more than the contact."""
        block = getattr(node, "block", None)
        body: tuple[TreeNode, ...] = ()
        after: list[TreeNode] = []
        if isinstance(block, BlockNode):
            self.unsure.append(_set_in(block))
            body = self._body(block)
            after = self._unsure_after(self.unsure.pop())
        name = node.token.value
        kind = self.own.tag(name)
        if kind == "system":
            return [self._print(node.token.start_index, System(name)), *body, *after]
        if kind == "code" and not body:
            written = getattr(node, "written", None)
            saved = _SAVED.search(written.value) if written else None
            return [self._assign(node, saved[1], Unknown())] if saved else []
        if isinstance(node, (BreakNode, ContinueNode)):
            return []
        expressions = [self.value(expression) for expression in node.expressions()]
        return [self._masked(node, Unknown(fields_of(*expressions)), body), *after]

    def _file(self, node: IncludeNode | RenderNode) -> Masked:
        """``{% render 'card', name: first_name %}``; of a loop over files nothing can be told."""
        values = [self.value(expression) for expression in node.expressions()]
        masked = self._masked(node, Unknown(fields_of(*values)), ())
        loop = getattr(node, "loop", False) and node.var is not None
        if not isinstance(node.name, primitive.StringLiteral) or loop or self.items:
            return masked
        name = node.name.value
        given: dict[str, Expression] = {}
        alone = isinstance(node, RenderNode)
        if not alone:
            given = {one: Field(variable(one), masked.start, masked.end) for one in self.variables}
        given |= {str(one.name): self.value(one.value) for one in node.args}
        if node.var is not None:
            key = str(node.alias) if node.alias else name.rpartition("/")[2].partition(".")[0]
            given[key] = self.value(node.var)
        return replace(masked, file=Inclusion(name, tuple(given.items()), alone))

    def _masked(self, node: Node, value: Expression, body: tuple[TreeNode, ...]) -> Masked:
        start, end, _source = self._place(node.token.start_index)
        return Masked(start, end, value, body)


def _inside(block: BlockNode) -> Iterable[Node]:
    """All nodes of a block, at any depth."""
    pending: list[Node] = [block]
    while pending:
        node = pending.pop()
        yield node
        for name in ("block", "consequence", "default"):
            child = getattr(node, name, None)
            if child is not None:
                pending.append(child)
        for name in ("nodes", "alternatives", "blocks"):
            pending.extend(getattr(node, name, None) or ())


def _set_in(block: BlockNode) -> set[str]:
    """The variables that a block sets."""
    return {
        str(node.name) for node in _inside(block) if isinstance(node, (AssignNode, CaptureNode))
    }


def _range(loop: LoopExpression) -> tuple[Expression, ...] | None:
    """The items of a loop over a range of whole numbers."""
    over = loop.iterable
    if not isinstance(over, primitive.RangeLiteral) or loop.limit or loop.offset:
        return None
    first, last = over.start, over.stop
    if not isinstance(first, primitive.IntegerLiteral):
        return None
    if not isinstance(last, primitive.IntegerLiteral):
        return None
    if last.value - first.value >= _MOST_ITEMS:
        return None
    numbers = range(first.value, last.value + 1)
    ordered = reversed(numbers) if loop.reversed else numbers
    return tuple(Constant(number) for number in ordered)
