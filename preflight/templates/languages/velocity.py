"""Reading Velocity's templates: ``$name``, ``$!{name}``, ``#if($x)``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

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
    Fallback,
    Field,
    Masked,
    Print,
    TreeNode,
    Unknown,
)
from preflight.templates.tree_tools import fields_of, tested

_GRAMMAR = Grammar()
_NAME = r"[A-Za-z_][\w\-]*+"
_ANY = re.compile(
    rf"""(?P<block>\#\*)|(?P<line>\#\#[^\n]*+\n?)|(?P<raw>\#\[\[)
    |(?<!\\)\$(?P<quiet>!?)\{{\s*+(?P<braced>{_NAME}(?:\.{_NAME})*+)
    |(?<!\\)\$(?P<quiet2>!?)(?P<bare>{_NAME}(?:\.{_NAME})*+)
    |(?<!["'&])\#\{{?(?P<word>if|elseif|foreach|set|else|end|macro|define|include|parse|stop|break|evaluate)\b\}}?
    """,
    re.VERBOSE,
)
_OPEN = re.compile(r"\s*+\(")
_SET = re.compile(r"\s*+\$!?\{?([A-Za-z_]\w*+)\}?\s*+=\s*+")
_IN = re.compile(r"\s*+\$!?\{?([A-Za-z_]\w*+)\}?\s++in\s++")
_ALTERNATE = re.compile(r"\s*+\|\s*+(?:\"([^\"\n]*+)\"|'([^'\n]*+)')\s*+\}")
_BRACES = re.compile(r"(\$!?\{)([\w.\-]++)\}")

_Made = tuple[Callable[[], None] | None, int]


def read_velocity(text: str, dialect: str) -> tuple[TreeNode, ...] | SyntaxFault:
    """The tree of a template, or why it cannot be parsed. Never raises on any text."""
    try:
        return _Reader(text, naming(dialect)).tree()
    except Wrong as reason:
        return reason.fault


@dataclass
class _Reader:
    text: str
    own: Naming
    blocks: Blocks = field(default_factory=Blocks)
    variables: set[str] = field(default_factory=set)
    readable: str = ""  # ${x} as $x, with blanks in the place of the braces

    def tree(self) -> tuple[TreeNode, ...]:
        self.readable = _BRACES.sub(_without_braces, self.text)
        at = 0
        kept = 0  # text before it is written already
        while found := _ANY.search(self.text, at):
            start = found.start()
            made, end = self._one(found)
            if made is None:
                at = end
                continue
            put_text(self.blocks, self.text, kept, start, self.own)
            made()
            kept = at = end
        put_text(self.blocks, self.text, kept, len(self.text), self.own)
        return self.blocks.finished()

    def _one(self, found: re.Match[str]) -> _Made:
        """What a match makes, and where it ends; None where it is text."""
        start = found.start()
        if found["block"] or found["raw"]:
            mark = "*#" if found["block"] else "]]#"
            last = self.text.find(mark, found.end())
            end = len(self.text) if last < 0 else last + len(mark)
            return (lambda: self.blocks.add(Code(start, end))), end
        if found["line"]:
            return (lambda: self.blocks.add(Code(start, found.end()))), found.end()
        if found["word"]:
            return self._directive(found)
        return self._reference(found)

    def _reference(self, found: re.Match[str]) -> _Made:
        start, end = found.span()
        group = "braced" if found["braced"] else "bare"
        quiet = bool(found["quiet"] or found["quiet2"])
        names = tuple(found[group].split("."))
        value = self._named(names, *found.span(group))
        if self.text[end : end + 1] == "(":
            last = end_of(self.text, end + 1, ")", 2_000)
            if last >= 0:
                inner = self._expression(found.start(group), last + 1)
                value, end = inner, last + 1
        if group == "braced":
            other = _ALTERNATE.match(self.text, end)
            if other:
                word = other[1] if other[1] is not None else other[2]
                value, end = Fallback(value, Constant(word), "empty"), other.end()
            elif self.text[end : end + 1] == "}":
                end += 1
            else:
                return None, end
        if quiet:
            value = Fallback(value, Constant(""), "missing")
        loose = group == "bare" and isinstance(value, Field) and names[0] not in self.variables
        node = Print(start, end, value, self.text[start:end], loose)
        return (lambda: self.blocks.add(node)), end

    def _directive(self, found: re.Match[str]) -> _Made:
        start, end, word = found.start(), found.end(), found["word"]
        if word in ("else", "end", "stop", "break"):
            return (lambda: self._plain(word, start, end)), end
        opening = _OPEN.match(self.text, end)
        if opening is None:
            return None, end
        last = end_of(self.text, opening.end(), ")", 4_000)
        if last < 0:
            raise Wrong(start, end, f"the brackets of “#{word}” are never closed")
        inner = opening.end(), last
        return (lambda: self._statement(word, start, last + 1, *inner)), last + 1

    def _plain(self, word: str, start: int, end: int) -> None:
        if word == "else":
            self.blocks.otherwise(start, end, None)
        elif word == "end":
            self.blocks.close(start, end, self.text[start:end])
        else:
            self.blocks.add(Code(start, end))

    def _statement(self, word: str, start: int, end: int, first: int, last: int) -> None:
        if word == "if":
            self.blocks.open(start, end, "if", self._test(first, last))
        elif word == "elseif":
            self.blocks.otherwise(start, end, self._test(first, last))
        elif word == "foreach":
            found = _IN.match(self.text, first, last)
            name = found[1] if found else ""
            over = self._expression(found.end(), last) if found else Unknown()
            self.variables.add(name)
            self.blocks.open(start, end, "loop", over, item=name)
        elif word == "set":
            found = _SET.match(self.text, first, last)
            if found is None:
                self.blocks.add(Code(start, end))
                return
            value = self._expression(found.end(), last)
            self.variables.add(found[1])
            self.blocks.add(Code(start, end, found[1], value))
        elif word in ("macro", "define"):
            self.blocks.open(start, end, "masked", Unknown())
        else:
            self.blocks.add(Masked(start, end))

    def _test(self, first: int, last: int) -> Expression:
        return tested(self._expression(first, last))

    def _expression(self, first: int, last: int) -> Expression:
        return read_expression(self.readable, first, last, self._named, _GRAMMAR)

    def _named(self, path: tuple[str, ...], start: int, end: int) -> Expression:
        if path[0] in self.variables:
            found = Field(path[0], start, end)
            return found if len(path) == 1 else Unknown(fields_of(found))
        if path[0] == "foreach" or path[0].casefold() in ("esc", "date", "math", "display"):
            return Unknown()
        return self.own.value(path, start, end)


def _without_braces(found: re.Match[str]) -> str:
    return " " * (len(found[1]) - 1) + "$" + found[2] + " "
