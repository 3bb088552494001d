"""Reading ``<%= x %>``: ERB (Ruby), and EJS and Adobe Campaign (JavaScript)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from preflight.templates.languages.blocks import Blocks, Wrong
from preflight.templates.languages.expression_tokens import Grammar
from preflight.templates.languages.expressions import read_expression
from preflight.templates.languages.scanning import after_blanks, end_of, put_text
from preflight.templates.model import SyntaxFault
from preflight.templates.naming import Naming, naming
from preflight.templates.tree import (
    Code,
    Expression,
    Field,
    Masked,
    Not,
    Print,
    System,
    Text,
    TreeNode,
    Unknown,
)
from preflight.templates.tree_tools import fields_of

_RUBY = Grammar(predicates=True)
_SCRIPT = Grammar(default="missing")
_WORD = re.compile(r"\s*+([a-z]\w*+)\b")
_SET = re.compile(r"\s*+(?:var\s++|let\s++|const\s++)?(@{0,2}[^\W\d]\w*+)\s*+=(?![=>~])\s*+")
_EACH = re.compile(r"\bdo\s*+(?:\|([^|\n]*+)\|\s*+)?\Z")
_IF = re.compile(r"\s*+(?:else\s++)?if\s*+\(")
_ATTRIBUTE = re.compile(r"\s*+(\w++)(?:\s++view\s*+=\s*+[\"']([^\"']*+)[\"'])?")


def read_scriptlets(text: str, dialect: str) -> tuple[TreeNode, ...] | SyntaxFault:
    """The tree of a template, or why it cannot be parsed. Never raises on any text."""
    try:
        return _Reader(text, naming(dialect), dialect == "erb").tree()
    except Wrong as reason:
        return reason.fault


@dataclass
class _Reader:
    text: str
    own: Naming
    ruby: bool
    blocks: Blocks = field(default_factory=Blocks)
    variables: set[str] = field(default_factory=set)

    def tree(self) -> tuple[TreeNode, ...]:
        at = 0
        while (start := self.text.find("<%", at)) >= 0:
            put_text(self.blocks, self.text, at, start, self.own)
            if self.text.startswith("<%%", start):  # an escape: prints <%
                self.blocks.add(Text(start, start + 2))
                self.blocks.add(Code(start + 2, start + 3))
                at = start + 3
                continue
            last = self.text.find("%>", start + 2)
            if last < 0:
                raise Wrong(start, start + 2, "“<%” is never closed with “%>”")
            end = last + 2
            trimmed = last - 1 >= start + 2 and self.text[last - 1] in "-_"
            self._tag(start, end, start + 2, last - trimmed)
            at = self._line_end(end) if trimmed else end
        put_text(self.blocks, self.text, at, len(self.text), self.own)
        return self.blocks.finished()

    def _line_end(self, at: int) -> int:
        after = after_blanks(self.text, at)
        newline = self.text.find("\n", at, after)
        return newline + 1 if newline >= 0 else at

    def _tag(self, start: int, end: int, first: int, last: int) -> None:
        sign = self.text[first : first + 1]
        if sign in "#@=" and sign:
            first += 1
        elif sign in "-_" and sign:
            first += 1
            sign = "=" if sign == "-" and not self.ruby else ""
        if sign == "=" and self.text[first : first + 1] in ("=", "-"):
            first += 1
        if sign == "#":
            self.blocks.add(Code(start, end))
        elif sign == "@":
            self._directive(start, end, first, last)
        elif sign == "=":
            self._print(start, end, first, last)
        elif self.ruby:
            self._ruby(start, end, first, last)
        else:
            self._script(start, end, first, last)

    def _print(self, start: int, end: int, first: int, last: int) -> None:
        written = self.text[first:last].rstrip()
        if self.ruby and _EACH.search(written):  # <%= form_for x do |f| %>
            self.blocks.open(start, end, "masked", Unknown())
            return
        stop = first + len(written)
        while stop > first and self.text[stop - 1] == ";":
            stop -= 1
        value = self._expression(first, stop)
        self.blocks.add(Print(start, end, value, self.text[first:stop]))

    def _directive(self, start: int, end: int, first: int, last: int) -> None:
        """Adobe Campaign: ``<%@ include view='MirrorPage' %>``."""
        found = _ATTRIBUTE.match(self.text, first, last)
        name = found[1] if found else ""
        if name == "include":
            self.blocks.add(Print(start, end, System(self.text[first:last].strip()), name))
        elif name == "foreach":
            self.blocks.open(start, end, "loop", Unknown())
        elif name == "end":
            self.blocks.close(start, end, self.text[start:end])
        else:
            self.blocks.add(Masked(start, end))

    def _ruby(self, start: int, end: int, first: int, last: int) -> None:
        word = _WORD.match(self.text, first, last)
        name, rest = (word[1], word.end()) if word else ("", first)
        written = self.text[first:last].strip()
        each = _EACH.search(written)
        if name in ("if", "unless"):
            test = self._expression(rest, self._without_then(rest, last))
            self.blocks.open(start, end, "if", Not(test) if name == "unless" else test)
        elif name == "elsif":
            self.blocks.otherwise(
                start, end, self._expression(rest, self._without_then(rest, last))
            )
        elif name == "else":
            self.blocks.otherwise(start, end, None)
        elif name == "end":
            self.blocks.close(start, end, self.text[start:end])
        elif name in ("case", "while", "until", "for", "begin"):
            self.blocks.open(start, end, "masked", Unknown())
        elif name == "when" or written.startswith(("in ", "rescue", "ensure")):
            self.blocks.add(Code(start, end))
        elif each:
            items = [item.strip() for item in (each[1] or "").split(",")]
            self.variables.update(items)
            over = self._expression(first, first + self.text[first:last].find("."))
            self.blocks.open(start, end, "loop", over, item=items[0])
        else:
            self._assign(start, end, first, last)

    def _without_then(self, first: int, last: int) -> int:
        written = self.text[first:last].rstrip()
        return first + len(written.removesuffix(" then"))

    def _script(self, start: int, end: int, first: int, last: int) -> None:
        written = self.text[first:last].strip()
        if not written:
            self.blocks.add(Code(start, end))
            return
        if written.startswith("}"):
            at = first + self.text[first:last].find("}") + 1
            if not written.endswith("{"):
                self.blocks.close(start, end, self.text[start:end])
                return
            test = self._script_test(at, last)
            self.blocks.otherwise(start, end, test)
        elif written.endswith("{"):
            test = self._script_test(first, last)
            if test is not None:
                self.blocks.open(start, end, "if", test)
            else:
                self.blocks.open(start, end, "loop", Unknown())
        else:
            self._assign(start, end, first, last)

    def _script_test(self, first: int, last: int) -> Expression | None:
        found = _IF.match(self.text, first, last)
        if found is None:
            return None
        closing = end_of(self.text, found.end(), ")", last - found.end())
        return self._expression(found.end(), closing) if closing >= 0 else Unknown()

    def _assign(self, start: int, end: int, first: int, last: int) -> None:
        found = _SET.match(self.text, first, last)
        if found is None:
            self.blocks.add(Code(start, end))
            return
        stop = first + len(self.text[first:last].rstrip().rstrip(";"))
        several = ";" in self.text[found.end() : stop]
        value = Unknown() if several else self._expression(found.end(), stop)
        name = found[1].lstrip("@")
        self.variables.add(name)
        self.blocks.add(Code(start, end, name, value))

    def _expression(self, first: int, last: int) -> Expression:
        if "#{" in self.text[first:last]:  # text with values in it
            return Unknown()
        grammar = _RUBY if self.ruby else _SCRIPT
        return read_expression(self.text, first, last, self._named, grammar)

    def _named(self, path: tuple[str, ...], start: int, end: int) -> Expression:
        if path[0] in self.variables:
            found = Field(path[0], start, end)
            return found if len(path) == 1 else Unknown(fields_of(found))
        return self.own.value(path, start, end)
