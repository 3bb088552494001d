"""Reading FreeMarker's templates: ``${name!"there"}``, ``<#if name??>``; and Responsys."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from preflight.templates.languages.blocks import Blocks, Wrong
from preflight.templates.languages.expression_tokens import Grammar
from preflight.templates.languages.expressions import read_expression
from preflight.templates.languages.scanning import end_of, put_text
from preflight.templates.model import SyntaxFault
from preflight.templates.naming import Naming, naming
from preflight.templates.tree import (
    Code,
    Expression,
    Field,
    Masked,
    Print,
    System,
    Text,
    TreeNode,
    Unknown,
)
from preflight.templates.tree_tools import fields_of, tested

_GRAMMAR = Grammar(bang_default=True)
_ANY = re.compile(
    r"(?P<comment><#--)|(?P<value>[$#]\{)|(?P<close></#(?P<closed>\w++)\s*+>)"
    r"|(?P<open><#(?P<name>\w++))|(?P<macro></?@)"
    r"|(?P<dollar>\$(?P<field>[A-Za-z_]\w{1,60})(?P<call>\([^()$\n]{0,80}\))?\$)"
)
_SET = re.compile(r"\s*+([A-Za-z_]\w*+)\s*+=\s*+")
_AS = re.compile(r"\s++as\s++([A-Za-z_]\w*+)\s*+\Z")
_MASKED = frozenset({"switch", "macro", "function", "attempt", "items", "global", "transform"})
_INSIDE = frozenset({"compress", "escape", "autoesc", "noautoesc", "outputformat", "noescape"})
_CODE = frozenset({"import", "setting", "ftl", "break", "return", "stop", "flush", "t", "lt", "rt",
                   "nt", "sep", "case", "default", "recover", "continue"})  # fmt: skip


def read_freemarker(text: str, dialect: str) -> tuple[TreeNode, ...] | SyntaxFault:
    """The tree of a template, or why it cannot be parsed. Never raises on any text."""
    try:
        return _Reader(text, naming(dialect), dialect == "responsys").tree()
    except Wrong as reason:
        return reason.fault


@dataclass
class _Reader:
    text: str
    own: Naming
    dollars: bool
    blocks: Blocks = field(default_factory=Blocks)
    variables: set[str] = field(default_factory=set)

    def tree(self) -> tuple[TreeNode, ...]:
        at = 0
        kept = 0  # text before it is written already
        while found := _ANY.search(self.text, at):
            if found["dollar"] and not self.dollars:
                at = found.start() + 1
                continue
            put_text(self.blocks, self.text, kept, found.start(), self.own)
            kept = at = self._one(found)
        put_text(self.blocks, self.text, kept, len(self.text), self.own)
        return self.blocks.finished()

    def _one(self, found: re.Match[str]) -> int:
        """One tag; where it ends."""
        start, end = found.span()
        if found["comment"]:
            last = self.text.find("-->", end)
            if last < 0:
                raise Wrong(start, end, "“<#--” is never closed with “-->”")
            self.blocks.add(Code(start, last + 3))
            return last + 3
        if found["value"]:
            last = end_of(self.text, end, "}")
            if last < 0:
                raise Wrong(start, end, f"“{found['value']}” is never closed with “}}”")
            source = self.text[end:last]
            if not source.strip():
                raise Wrong(start, last + 1, "the tag is empty")
            value = self._expression(end, last)
            self.blocks.add(Print(start, last + 1, value, source))
            return last + 1
        if found["dollar"]:
            self._dollar(found)
            return end
        if found["close"]:
            self._close(found["closed"], start, end)
            return end
        last = end_of(self.text, end, ">")
        if last < 0:
            raise Wrong(start, end, "this tag is never closed with “>”")
        if found["macro"]:
            self.blocks.add(Masked(start, last + 1))
            return last + 1
        return self._open(found["name"], start, last + 1, end, last)

    def _dollar(self, found: re.Match[str]) -> None:
        """Responsys: ``$FIRST_NAME$``, ``$lookup(FIRST_NAME)$``, ``$unsubscribeprecheck()$``."""
        start, end = found.span()
        name, place = found["field"], found.span("field")
        value: Expression
        if found["call"] and name != "lookup":
            value = System(found.group())
        elif found["call"]:
            inner = found.start("call") + 1, found.end("call") - 1
            value = self.own.value((self.text[slice(*inner)].strip(),), *inner)
        else:
            value = self.own.value((name,), *place)
        loose = isinstance(value, Field) and not found["call"]
        self.blocks.add(Print(start, end, value, self.text[start:end], loose))

    def _close(self, name: str, start: int, end: int) -> None:
        if name in _CODE or name == "noparse":
            self.blocks.add(Code(start, end))
        else:
            self.blocks.close(start, end, self.text[start:end], name)

    def _open(self, name: str, start: int, end: int, first: int, last: int) -> int:
        if self.text[last - 1] == "/":
            last -= 1
        if name == "if":
            test = tested(self._expression(first, last))
            self.blocks.open(start, end, "if", test, closing=name)
        elif name == "elseif":
            self.blocks.otherwise(start, end, tested(self._expression(first, last)))
        elif name == "else":
            self.blocks.otherwise(start, end, None)
        elif name in ("list", "foreach"):
            found = _AS.search(self.text[first:last])
            item = found[1] if found else ""
            over = self._expression(first, first + found.start() if found else last)
            self.variables.add(item)
            self.blocks.open(start, end, "loop", over, item=item, closing=name)
        elif name in ("assign", "local"):
            self._assign(start, end, first, last)
        elif name == "noparse":
            return self._noparse(start, end)
        elif name in _CODE:
            self.blocks.add(Code(start, end))
        elif name in _INSIDE:
            self.blocks.open(start, end, "loop", Unknown(), items=(Unknown(),), closing=name)
        elif name in _MASKED:
            self.blocks.open(start, end, "masked", Unknown(), closing=name)
        else:
            self.blocks.add(Masked(start, end))
        return end

    def _assign(self, start: int, end: int, first: int, last: int) -> None:
        found = _SET.match(self.text, first, last)
        if found is None:
            self.blocks.open(start, end, "masked", Unknown(), closing="assign")
            return
        self.variables.add(found[1])
        value = self._expression(found.end(), last)
        self.blocks.add(Code(start, end, found[1], value))

    def _noparse(self, start: int, end: int) -> int:
        last = self.text.find("</#noparse>", end)
        if last < 0:
            raise Wrong(start, end, "this block is never closed")
        if last > end:
            self.blocks.add(Text(end, last, sample=True))
        return last

    def _expression(self, first: int, last: int) -> Expression:
        return read_expression(self.text, first, last, self._named, _GRAMMAR)

    def _named(self, path: tuple[str, ...], start: int, end: int) -> Expression:
        if path[0] in self.variables:
            found = Field(path[0], start, end)
            return found if len(path) == 1 else Unknown(fields_of(found))
        return self.own.value(path, start, end)
