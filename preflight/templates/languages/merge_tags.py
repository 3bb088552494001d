"""Reading templates whose tags are single words in delimiters: most mailers' own.

What the tags look like is data (``shapes`` in ``preflight/data/dialects.json``): patterns whose
groups say what a match is: ``field`` (with ``otherwise`` where that is empty), ``system``,
``other`` (prints something unknown), ``code`` (prints nothing), ``text`` (an escaped sign), and for
blocks ``if``, ``ifnot``, ``ifother`` (a test that cannot be read), ``elif``, ``else``, ``end``,
``loop``. The first pattern that matches at a place counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from preflight.templates.languages.blocks import Blocks, Wrong
from preflight.templates.languages.expression_tokens import Grammar
from preflight.templates.languages.expressions import read_expression
from preflight.templates.model import SyntaxFault
from preflight.templates.naming import Naming, naming
from preflight.templates.profiles import shapes_of
from preflight.templates.tree import (
    Code,
    Compare,
    Constant,
    Expression,
    Fallback,
    Masked,
    Not,
    Print,
    System,
    Text,
    TreeNode,
    Unknown,
)
from preflight.templates.tree_tools import tested

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIMPLE = re.compile(
    r"\s*+(?P<name>[^=!<>&|\"'\n]{1,80}?)\s*+(?P<sign>==?|!=|<>|<=|>=|<|>)\s*+(?P<value>.*)\Z", re.S
)
_SIGNS = {
    "=": "eq", "==": "eq", "!=": "ne", "<>": "ne",
    "<": "lt", "<=": "lteq", ">": "gt", ">=": "gteq",
}  # fmt: skip
_QUOTES = "\"'“”‘’"
_JOINED = re.compile(r"&&|\|\||\b(?:and|or)\b", re.IGNORECASE)
_TESTS = Grammar(bare_text=True)


@dataclass(frozen=True, slots=True)
class Shape:
    """One pattern; ``loose``: prose and code look so too."""

    pattern: re.Pattern[str]
    loose: bool = False


def read_merge_tags(text: str, dialect: str) -> tuple[TreeNode, ...] | SyntaxFault:
    """The tree of a template, or why it cannot be parsed. Never raises on any text."""
    reader = _Reader(text, naming(dialect), _shapes(dialect))
    try:
        return reader.tree()
    except Wrong as reason:
        return reason.fault


@cache
def _shapes(dialect: str) -> tuple[tuple[Shape, ...], re.Pattern[str]]:
    entries = shapes_of(dialect)
    shapes = tuple(
        Shape(re.compile(entry["pattern"], re.IGNORECASE if entry.get("fold") else 0),
              entry.get("loose", False))
        for entry in entries
    )  # fmt: skip
    openings = sorted({opening for entry in entries for opening in entry["opening"].split()})
    return shapes, re.compile("|".join(map(re.escape, openings)) or r"(?!)")


@dataclass
class _Reader:
    text: str
    own: Naming
    known: tuple[tuple[Shape, ...], re.Pattern[str]]
    blocks: Blocks = field(default_factory=Blocks)

    def tree(self) -> tuple[TreeNode, ...]:
        at = 0
        for shape, found in self._matches():
            if found.start() > at:
                self.blocks.add(Text(at, found.start()))
            self._one(shape, found)
            at = found.end()
        if at < len(self.text):
            self.blocks.add(Text(at, len(self.text)))
        return self.blocks.finished()

    def _matches(self) -> Iterator[tuple[Shape, re.Match[str]]]:
        shapes, opening = self.known
        at = 0
        while start := opening.search(self.text, at):
            at = start.start() + 1
            for shape in shapes:
                found = shape.pattern.match(self.text, start.start())
                if found:
                    yield shape, found
                    at = found.end()
                    break

    def _one(self, shape: Shape, found: re.Match[str]) -> None:
        start, end = found.span()
        groups = {name: value for name, value in found.groupdict().items() if value is not None}
        blocks = self.blocks
        if "field" in groups:
            self._field(shape, found, groups)
        elif "system" in groups:
            blocks.add(Print(start, end, System(groups["system"]), found.group()))
        elif "other" in groups:
            blocks.add(Masked(start, end))
        elif "text" in groups:
            blocks.add(Text(*found.span("text")))
        elif "if" in groups:
            blocks.open(start, end, "if", self._test(*found.span("if")))
        elif "ifnot" in groups:
            blocks.open(start, end, "if", Not(self._test(*found.span("ifnot"))))
        elif "ifother" in groups:
            blocks.open(start, end, "if", Unknown())
        elif "loop" in groups:
            blocks.open(start, end, "loop", Unknown())
        elif "elif" in groups:
            blocks.otherwise(start, end, self._test(*found.span("elif")))
        elif "else" in groups:
            blocks.otherwise(start, end, None)
        elif "end" in groups:
            blocks.close(start, end, self.text[start:end])
        else:
            blocks.add(Code(start, end))

    def _field(self, shape: Shape, found: re.Match[str], groups: dict[str, str]) -> None:
        start, end = found.span()
        written = groups["field"].strip()
        value = self.own.value((written,), *found.span("field"))
        loose = shape.loose and not isinstance(value, System)
        otherwise = groups.get("otherwise")
        if otherwise is not None and not isinstance(value, System):
            value = Fallback(value, Constant(_unquoted(otherwise)), "empty")
            loose = False
        self.blocks.add(Print(start, end, value, self.text[start:end], loose))

    def _test(self, start: int, end: int) -> Expression:
        simple = _SIMPLE.match(self.text[start:end])
        if simple and not _JOINED.search(self.text, start, end):
            at = start + simple.start("name")
            left = self._named((simple["name"].strip(" $@[]{}"),), at, at + len(simple["name"]))
            return Compare(_SIGNS[simple["sign"]], left, Constant(_unquoted(simple["value"])))
        found = read_expression(self.text, start, end, self._named, _TESTS)
        if isinstance(found, Unknown) and not found.fields:
            written = self.text[start:end].strip(" $@[]{}")
            if written and "\n" not in written and not set(written) & set("()<>=\"'&|"):
                found = self._named((written,), start, end)
        return tested(found)

    def _named(self, path: tuple[str, ...], start: int, end: int) -> Expression:
        if ".".join(path).casefold() in self.own.absent:
            return Constant(None)
        return self.own.value(path, start, end)


def _unquoted(written: str) -> str:
    """A fallback or value without the quotes around it."""
    written = written.strip()
    if len(written) > 1 and written[0] in _QUOTES and written[-1] in _QUOTES:
        return written[1:-1]
    return written
