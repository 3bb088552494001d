"""Reading AMPscript: ``%%FirstName%%``, ``%%=v(@name)=%%``, ``%%[ IF ... ]%%``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial

from preflight.templates.languages.blocks import Blocks, Wrong
from preflight.templates.languages.expression_tokens import Grammar
from preflight.templates.languages.expressions import read_expression
from preflight.templates.languages.scanning import end_of, put_text
from preflight.templates.model import SyntaxFault
from preflight.templates.naming import Naming, naming
from preflight.templates.tree import (
    Code,
    Constant,
    Expression,
    Field,
    Print,
    TreeNode,
    Unknown,
)
from preflight.templates.tree_tools import fields_of, tested

_ANY = re.compile(
    r"(?P<value>%%=)|(?P<named>%%\[(?P<blanks>[\w .\-]{1,80})\]%%)|(?P<block>%%\[)"
    r"|%%(?P<field>[A-Za-z_][\w.\-]{0,80}(?: [\w.\-]{1,40}){0,4})%%"
)
_STATEMENT = re.compile(
    r"(?P<comment>/\*)|(?P<quote>[\"'])"
    r"|(?<![\w@.])(?P<word>set|if|elseif|else|endif|for|next|var|then|do)(?![\w(])",
    re.IGNORECASE,
)
_SET = re.compile(r"\s*+(@\w++)\s*+=(?!=)\s*+", re.IGNORECASE)
_FOR = re.compile(r"\s*+(@\w++)\s*+=.*", re.IGNORECASE | re.DOTALL)
_VARIABLE = re.compile(r"@\w++")
_PRINTED = ("v", "redirectto", "output")


def read_ampscript(text: str, dialect: str) -> tuple[TreeNode, ...] | SyntaxFault:
    """The tree of a template, or why it cannot be parsed. Never raises on any text."""
    try:
        return _Reader(text, naming(dialect)).tree()
    except Wrong as reason:
        return reason.fault


def _same(given: list[Expression], _start: int, _end: int) -> Expression | None:
    return given[0] if len(given) == 1 else None


def _attribute(own: Naming, given: list[Expression], start: int, end: int) -> Expression | None:
    """``AttributeValue("First Name")``."""
    if len(given) == 1 and isinstance(given[0], Constant):
        return own.value((str(given[0].value),), start, end)
    return None


@dataclass
class _Reader:
    text: str
    own: Naming
    blocks: Blocks = field(default_factory=Blocks)
    grammar: Grammar = field(default_factory=Grammar)

    def tree(self) -> tuple[TreeNode, ...]:
        same = tuple((name, _same) for name in _PRINTED)
        self.grammar = Grammar(functions=(*same, ("attributevalue", partial(_attribute, self.own))))
        at = 0
        while found := _ANY.search(self.text, at):
            put_text(self.blocks, self.text, at, found.start(), self.own)
            at = self._one(found)
        put_text(self.blocks, self.text, at, len(self.text), self.own)
        return self.blocks.finished()

    def _one(self, found: re.Match[str]) -> int:
        start, end = found.span()
        if found["value"]:
            last = end_of(self.text, end, "=%%", 20_000)
            if last < 0:
                raise Wrong(start, end, "“%%=” is never closed with “=%%”")
            value = self._expression(end, last)
            self.blocks.add(Print(start, last + 3, value, self.text[end:last]))
            return last + 3
        words = found["blanks"]
        if found["named"] and words.strip().casefold() not in ("else", "endif") and not (
            _STATEMENT.match(words.strip()) or "@" in words
        ):  # fmt: skip
            value = self.own.value((words.strip(),), *found.span("blanks"))
            self.blocks.add(Print(start, end, value, self.text[start:end]))
            return end
        if found["field"]:
            value = self.own.value((found["field"],), *found.span("field"))
            self.blocks.add(Print(start, end, value, self.text[start:end]))
            return end
        last = end_of(self.text, start + 3, "]%%", 100_000)
        if last < 0:
            raise Wrong(start, start + 3, "“%%[” is never closed with “]%%”")
        self.blocks.add(Code(start, last + 3))
        self._statements(start + 3, last)
        return last + 3

    # --- statements --------------------------------------------------------------------------

    def _statements(self, first: int, last: int) -> None:
        """The statements of one block: each begins with a word, and goes on to the next."""
        words = self._words(first, last)
        for number, (word, start, end) in enumerate(words):
            following = words[number + 1][1] if number + 1 < len(words) else last
            if word == "set":
                self._set(start, end, following)
            elif word == "var":
                for name in _VARIABLE.finditer(self.text, end, following):
                    self.blocks.add(Code(start, start, name.group(), Constant(None)))
            elif word == "if":
                self.blocks.open(start, end, "if", self._test(end, following))
            elif word == "elseif":
                self.blocks.otherwise(start, end, self._test(end, following))
            elif word == "else":
                self.blocks.otherwise(start, end, None)
            elif word == "for":
                loop = _FOR.match(self.text, end, following)
                item = loop[1] if loop else ""
                self.blocks.open(start, end, "loop", Unknown(), item=item)
            elif word in ("endif", "next"):
                self.blocks.close(start, end, self.text[start:end])

    def _words(self, first: int, last: int) -> list[tuple[str, int, int]]:
        """The words that begin a statement, outside texts and comments."""
        found: list[tuple[str, int, int]] = []
        at = first
        while match := _STATEMENT.search(self.text, at, last):
            at = match.end()
            if match["comment"]:
                closing = self.text.find("*/", at, last)
                at = last if closing < 0 else closing + 2
                found.append(("comment", match.start(), at))
            elif match["quote"]:
                closing = self.text.find(match["quote"], at, last)
                at = last if closing < 0 else closing + 1
            else:
                found.append((match["word"].casefold(), match.start(), at))
        return found

    def _set(self, start: int, end: int, following: int) -> None:
        found = _SET.match(self.text, end, following)
        if found is None:
            return
        value = self._expression(found.end(), following)
        self.blocks.add(Code(start, end, found[1], value))

    def _test(self, first: int, last: int) -> Expression:
        return tested(self._expression(first, last))

    def _expression(self, first: int, last: int) -> Expression:
        stop = first + len(self.text[first:last].rstrip(" \t\r\n;"))
        return read_expression(self.text, first, stop, self._named, self.grammar)

    def _named(self, path: tuple[str, ...], start: int, end: int) -> Expression:
        if self.text.startswith("@", start):
            found = Field(f"@{path[0]}", start, end)
            return found if len(path) == 1 else Unknown(fields_of(found))
        return self.own.value(path, start, end)
