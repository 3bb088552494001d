"""From Django's tree to ours."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.template import defaulttags as tags
from django.template.base import FilterExpression, Node, TextNode, TokenType, Variable, VariableNode
from django.template.loader_tags import BlockNode, ExtendsNode, IncludeNode

from preflight.templates.languages.django_parsing import OpaqueNode
from preflight.templates.tree import (
    Both,
    Branch,
    Call,
    Code,
    Compare,
    Constant,
    Either,
    Expression,
    Fallback,
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
from preflight.templates.tree_tools import code_between, fields_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.template.base import Token

    from preflight.templates.naming import Naming

_OPERATORS = {
    "==": "eq", "!=": "ne", "<": "lt", "<=": "lteq", ">": "gt", ">=": "gteq", "in": "in",
}  # fmt: skip
_CALLS = {"truncatechars": "truncate", "force_escape": "escape", "e": "escape"}
_CONSTANTS = {"True": True, "False": False, "None": None}
# Tags that print something for everybody, whatever the contact.
_FOR_ALL = (tags.NowNode, tags.URLNode, tags.LoremNode, tags.TemplateTagNode)
_SYSTEM = frozenset(
    {"trans", "translate", "static", "get_static_prefix", "get_media_prefix", "site_url"}
)
_SILENT = frozenset({"load", "csrf_token", "get_current_language", "get_available_languages"})
_TRANSLATED = frozenset({"blocktrans", "blocktranslate"})
_BOUND = re.compile(r"(\w+)=(.+)\Z", re.S)


class Builder:
    """Makes the tree of one template."""

    def __init__(
        self, text: str, tokens: list[Token], own: Naming, places: Mapping[int, tuple[int, int]]
    ) -> None:
        self.text = text
        self.tokens = tokens
        self.own = own
        self.places = places
        self.claimed: list[tuple[int, int]] = []
        self.bound: dict[str, str] = {}  # variables of the template, and their names in the tree
        self.items: set[str] = set()  # variables that stand for parts of other values
        self.count = 0
        self.here = (0, 0)  # the tag that is being read

    def tree(self, nodes: Iterable[Node]) -> tuple[TreeNode, ...]:
        """All nodes; what prints nothing comes last."""
        found = self._block(nodes)
        edges = (t.position[0] for t in self.tokens if t.token_type is not TokenType.TEXT)
        return (*found, *code_between(len(self.text), self.claimed, edges))

    def _block(self, nodes: Iterable[Node] | None) -> tuple[TreeNode, ...]:
        return tuple(made for node in nodes or () for made in self._node(node))

    def _node(self, node: Node) -> Iterable[TreeNode]:
        start, end = self.here = node.token.position
        match node:
            case TextNode():
                self.claimed.append((start, end))
                return [Text(start, end)]
            case VariableNode():
                return [self._print(start, end, self._filtered(node.filter_expression))]
            case tags.IfNode():
                return [self._if(node)]
            case tags.ForNode():
                return self._for(node)
            case tags.WithNode():
                given = {name: self._filtered(e) for name, e in node.extra_context.items()}
                return self._with(start, end, given, node.nodelist)
            case tags.FirstOfNode():
                value: Expression = Constant("")
                for variable in reversed(node.vars):
                    value = Either(self._filtered(variable), value)
                return [self._assigned_or_printed(node, value)]
            case tags.VerbatimNode():
                return self._verbatim(end)
            case tags.SpacelessNode() | tags.AutoEscapeControlNode():
                return self._block(node.nodelist)
            case BlockNode():
                return self._block(node.nodelist)
            case ExtendsNode():
                # What stands outside its blocks is not printed; its blocks may be.
                blocks = [inner for inner in node.nodelist if isinstance(inner, BlockNode)]
                return [self._masked(start, end, Unknown(), self._block(blocks))]
            case tags.CommentNode() | tags.ResetCycleNode() | tags.CsrfTokenNode():
                return []
            case tags.RegroupNode():
                self.claimed.append((start, end))
                self.items.add(node.var_name)
                value = Unknown(fields_of(self._filtered(node.target)))
                return [Code(start, end, self._bind(node.var_name), value)]
            case IncludeNode():
                return [self._file(node, start, end)]
            case OpaqueNode():
                return self._opaque(node, start, end)
            case _ if isinstance(node, _FOR_ALL):
                return [self._assigned_or_printed(node, System(node.token.contents.split()[0]))]
            case _:
                return self._other(node, start, end)

    def _print(self, start: int, end: int, value: Expression) -> Print:
        self.claimed.append((start, end))
        return Print(start, end, value, self.text[start + 2 : end - 2].strip())

    def _masked(
        self, start: int, end: int, value: Expression, body: tuple[TreeNode, ...] = ()
    ) -> Masked:
        self.claimed.append((start, end))
        return Masked(start, end, value, body)

    def _file(self, node: IncludeNode, start: int, end: int) -> Masked:
        """``{% include "card.html" with name=first_name only %}``."""
        given = {name: self._filtered(value) for name, value in node.extra_context.items()}
        named = node.template.var
        known = Unknown(fields_of(*given.values()))
        if (
            not isinstance(named, str) or self.items
        ):  # the name is a value, or a loop's item is seen
            return self._masked(start, end, known)
        if not node.isolated_context:
            outer = {name: Field(bound, start, end) for name, bound in self.bound.items()}
            given = {**outer, **given}
        file = Inclusion(named, tuple(given.items()), node.isolated_context)
        return replace(self._masked(start, end, known), file=file)

    def _assigned_or_printed(self, node: Node, value: Expression) -> TreeNode:
        start, end = node.token.position
        name = getattr(node, "asvar", None)
        if not name:
            return self._print(start, end, value)
        self.claimed.append((start, end))
        return Code(start, end, self._bind(name), value)

    def _bind(self, name: str) -> str:
        """A name for a variable that no other has, so that it ends where its block does."""
        self.count += 1
        self.bound[name] = f"{name} {self.count}"
        return self.bound[name]

    def _if(self, node: tags.IfNode) -> Branch:
        arms: list[tuple[Expression | None, tuple[TreeNode, ...]]] = []
        for condition, nodes in node.conditions_nodelists:
            test = None if condition is None else self._condition(condition)
            arms.append((test, self._block(nodes)))
        return Branch(tuple(arms))

    def _for(self, node: tags.ForNode) -> Iterable[TreeNode]:
        over = self._filtered(node.sequence)
        before, items = dict(self.bound), set(self.items)
        names = [self._bind(name) for name in node.loopvars]
        self.items |= {*node.loopvars, "forloop"}
        body = self._block(node.nodelist_loop)
        self.bound, self.items = before, items
        return [Loop(over, names[0], body, self._block(node.nodelist_empty))]

    def _with(
        self, start: int, end: int, given: dict[str, Expression], nodes: Iterable[Node]
    ) -> list[TreeNode]:
        self.claimed.append((start, end))
        before = dict(self.bound)
        made: list[TreeNode] = [
            Code(start, end, self._bind(name), value) for name, value in given.items()
        ]
        made.extend(self._block(nodes))
        self.bound = before
        return made

    def _verbatim(self, end: int) -> Iterable[TreeNode]:
        """All up to the next tag: inside there is none."""
        closing = next(
            (
                token.position[0]
                for token in self.tokens
                if token.position[0] >= end and token.token_type is TokenType.BLOCK
            ),
            len(self.text),
        )
        if closing == end:
            return []
        self.claimed.append((end, closing))
        return [Text(end, closing, sample=True)]

    def _opaque(self, node: OpaqueNode, start: int, end: int) -> Iterable[TreeNode]:
        name = node.bits[0]
        kind = self.own.tag(name)
        if name in _TRANSLATED and node.blocks:
            return self._translated(node, start, end)
        body = tuple(made for block in node.blocks for made in self._block(block))
        if name in _SYSTEM or kind == "system":
            if "as" in node.bits[:-1] and name in _SYSTEM:
                self.claimed.append((start, end))
                return [Code(start, end, self._bind(node.bits[-1]), System(name))]
            return [self._print(start, end, System(name)), *body]
        if (name in _SILENT or kind == "code") and not body:
            return []
        return [self._masked(start, end, Unknown(), body)]

    def _translated(self, node: OpaqueNode, start: int, end: int) -> list[TreeNode]:
        """``blocktrans``: the text in another language, with the same values."""
        given: dict[str, Expression] = {}
        for bit in node.bits[1:]:
            if found := _BOUND.match(bit):
                value = self._expression(found[2])
                given[found[1]] = value
        count = next(iter(given.values()), Unknown()) if len(node.blocks) > 1 else None
        if count is None:
            return self._with(start, end, given, node.blocks[0])
        made = self._with(start, end, given, node.blocks[0])
        one = tuple(made[len(given) :])
        many = tuple(self._with(start, end, given, node.blocks[1]))
        several = Unknown(fields_of(count))
        return [*made[: len(given)], Branch(((several, one), (None, many)))]

    def _other(self, node: Node, start: int, end: int) -> Iterable[TreeNode]:
        lists = [getattr(node, name, None) for name in node.child_nodelists]
        body = tuple(made for nodes in lists for made in self._block(nodes))
        expressions = [
            self._filtered(value)
            for held in vars(node).values()
            for value in (held if isinstance(held, (list, tuple)) else [held])
            if isinstance(value, FilterExpression)
        ]
        value = Unknown(fields_of(*expressions))
        name = next(
            (
                getattr(node, key)
                for key in ("asvar", "var_name", "variable_name")
                if getattr(node, key, None)
            ),
            None,
        )
        if isinstance(name, str) and not body:
            self.claimed.append((start, end))
            self.items.add(name)
            return [Code(start, end, self._bind(name), value)]
        return [self._masked(start, end, value, body)]

    # --- expressions -------------------------------------------------------------------------

    def _condition(self, condition: Any) -> Expression:
        if isinstance(condition, tags.TemplateLiteral):
            return self._filtered(condition.value)
        first = self._condition(condition.first)
        if condition.id == "not":
            return Not(first)
        second = self._condition(condition.second)
        match condition.id:
            case "and":
                return Both(first, second)
            case "or":
                return Either(first, second)
            case "not in":
                return Not(Compare("in", first, second))
            case "is" | "is not" if isinstance(second, Constant):
                same = Compare("eq", first, second)
                return same if condition.id == "is" else Not(same)
        operator = _OPERATORS.get(condition.id)
        if operator is None:
            return Unknown(fields_of(first, second))
        return Compare(operator, first, second)

    def _expression(self, written: str) -> Expression:
        """A simple expression that no parser of Django has read."""
        name = re.match(r"[A-Za-z][\w.]*", written)
        if name is None:
            return Constant(written.strip("'\""))
        found = self._name(tuple(name.group().split(".")))
        return found if name.end() == len(written) else Unknown(fields_of(found))

    def _filtered(self, expression: FilterExpression) -> Expression:
        self.here = self.places.get(id(expression), self.here)
        value = self._variable(expression.var)
        for function, arguments in expression.filters:
            name = getattr(function, "_filter_name", function.__name__)
            given = [self._variable(found) for _lookup, found in arguments]
            value = self._filter(name, value, given, expression)
        return value

    def _filter(
        self, name: str, value: Expression, given: list[Expression], expression: FilterExpression
    ) -> Expression:
        if name == "default" and given:
            return Fallback(value, given[0], "falsy")
        if name == "default_if_none" and given:
            return Fallback(value, given[0], "missing")
        if name == "lookup" and given and isinstance(given[0], Constant):
            path = (str(expression.var), str(given[0].value))
            start, end = self._written(path[0])
            return self.own.value(path, start, end)
        if name == "date" and isinstance(value, System):
            return value
        return Call(_CALLS.get(name, name), (value, *given))

    def _variable(self, found: Any) -> Expression:
        if not isinstance(found, Variable):
            # A text, or one to be translated.
            return Constant(str(found)) if isinstance(found, str) else System("translation")
        if found.lookups is None:
            return System("translation") if found.translate else Constant(_plain(found.literal))
        return self._name(found.lookups)

    def _name(self, path: tuple[str, ...]) -> Expression:
        if len(path) == 1 and path[0] in _CONSTANTS:
            return Constant(_CONSTANTS[path[0]])
        start, end = self._written(".".join(path))
        head = path[0]
        if head in self.items and (len(path) > 1 or head not in self.bound):
            return Unknown()
        if head in self.bound:
            found = Field(self.bound[head], start, end)
            return found if len(path) == 1 else Unknown((found,))
        if head in ("forloop", "block"):
            return Unknown()
        return self.own.value(path, start, end)

    def _written(self, name: str) -> tuple[int, int]:
        """Where a name stands in the tag that is being read."""
        pattern = re.compile(rf"(?<![\w.'\"]){re.escape(name)}(?!\w)")
        found = pattern.search(self.text, *self.here)
        return found.span() if found else self.here


def _plain(literal: Any) -> str | int | float:
    if isinstance(literal, str):
        return str(literal)
    return literal if isinstance(literal, (int, float)) else str(literal)
