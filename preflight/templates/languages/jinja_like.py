"""Reading templates of languages that are nearly Jinja (HubL, Twig, Mailjet's): Jinja's parser
makes the tree, nothing is compiled or rendered."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.lexer import TokenStream
from jinja2.parser import Parser

from preflight.templates.jinja_faults import STATEMENTS, explain
from preflight.templates.jinja_lexing import RawToken, environment, lex, literals, quiet, regions
from preflight.templates.languages.fault_words import TOO_DEEP, meant, misspelt, shortened
from preflight.templates.languages.jinja_like_text import Choice, prepare
from preflight.templates.languages.jinja_like_values import Values
from preflight.templates.languages.own_tags import printed_by_mailer
from preflight.templates.languages.sparkpost import as_jinja, with_jinja_words
from preflight.templates.model import SyntaxFault
from preflight.templates.naming import Naming, naming
from preflight.templates.tree import (
    Branch,
    Code,
    Expression,
    Loop,
    Masked,
    Print,
    System,
    TreeNode,
    Unknown,
)
from preflight.templates.tree_tools import code_between, fields_of, variable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_OPAQUE = " "  # begins the name of a block that is no block of Jinja


def read_jinja_like(text: str, dialect: str) -> tuple[TreeNode, ...] | SyntaxFault:
    """The tree of a template, or why it cannot be parsed. Never raises on any text."""
    own = naming(dialect)
    bare = "bare statements" in own.spellings
    prepared = prepare(as_jinja(text) if bare else text, own, STATEMENTS)
    tokens: list[RawToken] = []
    try:
        lex(prepared.text, tokens)
        words = list(with_jinja_words(tokens)) if bare else tokens
        parser = Parser(environment(), "")
        parser.stream = TokenStream(environment().lexer.wrap(quiet(words)), None, None)
        for name, end in prepared.blocks.items():
            parser.extensions[name] = partial(_opaque, end=end)
        tree = parser.parse()
        reader = _Reader(text, tokens, own, prepared.stand_ins)
        return reader.fault(tree) or reader.tree(tree)
    except TemplateSyntaxError as error:
        found = explain(prepared.text, tokens, error.message or "", error.lineno)
        return _in_words(text, prepared.text, found, bare=bare)
    except RecursionError:
        return SyntaxFault(0, min(len(text), 1), TOO_DEEP)
    except ValueError:  # Python reads no number of more than 4,300 digits
        return SyntaxFault(0, min(len(text), 1), "a number is too long")


def _in_words(text: str, prepared: str, fault: SyntaxFault, *, bare: bool) -> SyntaxFault:
    """The fault without the words of Jinja that the writer has not written."""
    written = text[fault.start : fault.end]
    message = fault.message
    if bare and written == "end":
        message = "“end” does not fit here: no block is open"
    elif bare:
        message = re.sub(r"\{% end(?:if|for) %\}", "{{end}}", message)
    elif prepared[fault.start : fault.end] != written:
        message = f"“{shortened(written)}” cannot be read"
    return replace(fault, message=message)


def _opaque(parser: Parser, end: str | None) -> nodes.Node:
    token = next(parser.stream)
    body: list[nodes.Node] = []
    if end is not None:
        body = parser.parse_statements((f"name:{end}",), drop_needle=True)
    return nodes.Block(_OPAQUE + token.value, body, False, False, lineno=token.lineno)


class _Reader(Values):
    def __init__(
        self,
        text: str,
        tokens: list[RawToken],
        own: Naming,
        stand_ins: Mapping[int, Expression | Choice],
    ) -> None:
        super().__init__(text, own, stand_ins)
        self.regions = list(regions(tokens))
        self.starts = [region.start for region in self.regions]
        self.runs = {start: (end, raw) for start, end, raw in literals(tokens)}
        self.claimed: list[tuple[int, int]] = []

    def fault(self, tree: nodes.Template) -> SyntaxFault | None:
        """The first filter that is plainly misspelt."""
        known = environment().filters.keys() | self.own.filters
        for used in tree.find_all(nodes.Filter):
            if used.name in known or not (self.own.strict or misspelt(used.name, known)):
                continue
            at = max(self.text.find(used.name, used.lineno), used.lineno)
            said = f"there is no filter “{used.name}”{meant(used.name, known)}"
            return SyntaxFault(at, at + len(used.name), said)
        return None

    def tree(self, found: nodes.Template) -> tuple[TreeNode, ...]:
        made = self._all(found.body)
        if any(isinstance(node, nodes.Extends) for node in found.body):
            made = (Masked(0, 0, Unknown(), made),)
        return (*made, *code_between(len(self.text), self.claimed, self.starts))

    def _all(self, body: Iterable[nodes.Node]) -> tuple[TreeNode, ...]:
        return tuple(made for node in body for made in self._one(node))

    def _one(self, node: nodes.Node) -> Iterable[TreeNode]:
        match node:
            case nodes.Output():
                return [made for child in node.nodes for made in self._output(child)]
            case nodes.If():
                return [self._if(node)]
            case nodes.For():
                return self._for(node)
            case nodes.Assign() if isinstance(node.target, nodes.Name):
                value = self.value(node.node)
                return [self._assign(node.lineno, node.target.name, value)]
            case nodes.AssignBlock() if isinstance(node.target, nodes.Name):
                return self._captured(node, node.target.name)
            case nodes.Block():
                return self._block(node)
            case nodes.ScopedEvalContextModifier():
                return self._all(node.body)
            case nodes.With():
                given = zip(node.targets, node.values, strict=True)
                made: list[TreeNode] = [
                    self._assign(node.lineno, target.name, self.value(value))
                    for target, value in given
                    if isinstance(target, nodes.Name)
                ]
                return [*made, *self._all(node.body)]
            case nodes.Macro():
                self.variables.add(node.name)
                self.items |= {argument.name for argument in node.args}
                return [self._masked(node.lineno, Unknown(), self._all(node.body))]
            case nodes.CallBlock() | nodes.FilterBlock():
                return [self._masked(node.lineno, Unknown(), self._all(node.body))]
            case nodes.Include():
                return [self._masked(node.lineno, Unknown())]
            case nodes.Import():
                self.items.add(node.target)
                return []
            case nodes.FromImport():
                names = [n if isinstance(n, str) else n[1] for n in node.names]
                self.items |= set(names)
                return []
            case _:
                return []

    def _output(self, child: nodes.Node) -> Iterable[TreeNode]:
        if isinstance(child, nodes.TemplateData):
            start = child.lineno
            if start not in self.runs:
                return []
            end, raw = self.runs[start]
            made = list(printed_by_mailer(self.text, start, end, self.own, sample=raw))
            self.claimed += [(one.start, one.end) for one in made if not isinstance(one, Code)]
            return made
        start, end, source = self._place(child.lineno)
        return [Print(start, end, self.value(child), source)]

    def _place(self, at: int) -> tuple[int, int, str]:
        """The tag in which an offset stands, and what is written in it."""
        number = max(bisect_right(self.starts, at) - 1, 0)
        region = self.regions[number]
        self.claimed.append((region.start, region.end))
        return region.start, region.end, self.text[slice(*region.inner)].strip()

    def _masked(self, at: int, value: Expression, body: tuple[TreeNode, ...] = ()) -> Masked:
        start, end, _source = self._place(at)
        return Masked(start, end, value, body)

    def _assign(self, at: int, name: str, value: Expression) -> Code:
        self.variables.add(name)
        start, end, _source = self._place(at)
        return Code(start, end, variable(name), value)

    def _captured(self, node: nodes.AssignBlock, name: str) -> Iterable[TreeNode]:
        claimed = list(self.claimed)
        body = self._all(node.body)
        self.claimed = claimed
        return [self._assign(node.lineno, name, Unknown(fields_of(*body)))]

    def _block(self, node: nodes.Block) -> Iterable[TreeNode]:
        body = self._all(node.body)
        if not node.name.startswith(_OPAQUE):
            return body
        name = node.name.removeprefix(_OPAQUE)
        kind = self.own.tag(name)
        if kind == "system":
            start, end, source = self._place(node.lineno)
            return [Print(start, end, System(name), source), *body]
        if kind == "code" and not body:
            return []
        return [self._masked(node.lineno, Unknown(), body)]

    def _if(self, node: nodes.If) -> Branch:
        arms: list[tuple[Expression | None, tuple[TreeNode, ...]]] = [
            (self.value(one.test), self._all(one.body)) for one in (node, *node.elif_)
        ]
        arms.append((None, self._all(node.else_)))
        return Branch(tuple(arms))

    def _for(self, node: nodes.For) -> Iterable[TreeNode]:
        over = self.value(node.iter)
        targets = [n.name for n in (node.target, *node.target.find_all(nodes.Name))
                   if isinstance(n, nodes.Name)]  # fmt: skip
        before = set(self.items)
        self.items |= set(targets)
        items: tuple[Expression, ...] | None = None
        if isinstance(node.iter, nodes.List) and node.test is None and len(node.iter.items) <= 100:
            items = tuple(self.value(item) for item in node.iter.items)
            self.items = before | set(targets[1:])
            self.variables |= set(targets[:1])
        if node.test is not None:
            over = Unknown(fields_of(over, self.value(node.test)))
        body = self._all(node.body)
        self.items = before
        name = variable(targets[0] if targets else "")
        return [Loop(over, name, body, self._all(node.else_), items)]
