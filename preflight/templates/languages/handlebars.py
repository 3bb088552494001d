"""Reading Handlebars and Mustache templates, and the mailers' own kinds of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from preflight.templates.languages.fault_words import (
    TOO_DEEP,
    blank_in_name,
    meant,
    misspelt,
    shortened,
)
from preflight.templates.languages.handlebars_expressions import Helper, Wrong, parse
from preflight.templates.languages.handlebars_lexing import Tag, Unreadable, lex, without_lone_lines
from preflight.templates.languages.handlebars_values import Values
from preflight.templates.languages.own_tags import printed_by_mailer
from preflight.templates.model import SyntaxFault
from preflight.templates.naming import Naming, naming
from preflight.templates.tree import (
    Branch,
    Code,
    Constant,
    Exists,
    Expression,
    Inclusion,
    Loop,
    Masked,
    Not,
    Print,
    TreeNode,
    Unknown,
)
from preflight.templates.tree_tools import code_between, fields_of

if TYPE_CHECKING:
    from collections.abc import Iterable

_BLOCKS = frozenset({"if", "unless", "each", "with"})
_ELSE_IF = frozenset({("elseif",), ("elsif",), ("elif",)})
_DEEPEST = 100
_VALUE = r"(?:(?P<path>[A-Za-z_][\w.]*+)|\"(?P<text>[^\"]*+)\")"
_PARTIAL = re.compile(
    r"\s*+(?P<name>\"[^\"]++\"|'[^']++'|[\w./-]++)(?P<given>(?:\s++\w++=(?:[A-Za-z_][\w.]*+|\"[^\"]*+\"))*+)\s*+"
)
_GIVEN = re.compile(rf"(?P<name>\w++)={_VALUE}")


def read_handlebars(text: str, dialect: str = "handlebars") -> tuple[TreeNode, ...] | SyntaxFault:
    """The tree of a template, or why it cannot be parsed. Never raises on any text."""
    own = naming(dialect)
    try:
        lexed = lex(text, mustache=own.flavour == "mustache")
        runs = without_lone_lines(text, lexed)
        return _Reader(text, lexed.tags, runs, own).tree()
    except Unreadable as reason:
        return reason.fault
    except Wrong as reason:
        return reason.fault


@dataclass(slots=True)
class _Arm:
    """A part of a block: what must hold for it (None: nothing else did), and its nodes."""

    test: Expression | None
    body: list[TreeNode] = field(default_factory=list)


@dataclass(slots=True)
class _Block:
    """A block that is still open. ``name``: what closes it. ``kind``: branch, each or masked."""

    tag: Tag
    name: str
    kind: str
    value: Expression
    arms: list[_Arm]
    item: str = ""


class _Reader:
    def __init__(
        self, text: str, tags: list[Tag], runs: list[tuple[int, int, bool]], own: Naming
    ) -> None:
        self.text = text
        self.tags = tags
        self.runs = runs
        self.own = own
        self.values = Values(text, own)
        self.printed: list[tuple[int, int]] = []
        self.top = _Arm(None)
        self.open: list[_Block] = []

    def tree(self) -> tuple[TreeNode, ...]:
        """All nodes; what prints nothing comes last. Raises `Wrong`."""
        number = 0
        for tag in self.tags:
            while number < len(self.runs) and self.runs[number][0] < tag.start:
                self._text(self.runs[number])
                number += 1
            self._tag(tag)
        for run in self.runs[number:]:
            self._text(run)
        if self.open:
            raise self._never_closed(self.open[-1])
        edges = (tag.start for tag in self.tags)
        return (*self.top.body, *code_between(len(self.text), self.printed, edges))

    @property
    def _here(self) -> list[TreeNode]:
        return self.open[-1].arms[-1].body if self.open else self.top.body

    def _text(self, run: tuple[int, int, bool]) -> None:
        start, end, sample = run
        for node in printed_by_mailer(self.text, start, end, self.own, sample=sample):
            if not isinstance(node, Code):
                self.printed.append((node.start, node.end))
            self._here.append(node)

    def _tag(self, tag: Tag) -> None:
        if tag.kind == "comment":
            return
        if tag.kind == "close":
            self._close(tag)
        elif tag.kind == "else":
            self._else(tag)
        elif tag.kind == "partial":
            self._partial(tag)
        elif tag.inner[0] >= tag.inner[1]:
            raise Wrong(tag.start, tag.end, "the tag is empty")
        elif tag.kind in ("open", "inverse"):
            self._open(tag)
        else:
            self._print(tag)

    def _print(self, tag: Tag) -> None:
        start, end = tag.inner
        if self.own.flavour == "mustache":
            value = self.values.name(self.text[start:end], start, end)
        else:
            helper = self._parsed(tag)
            kind = (
                self.own.tag(helper.path.names[-1]) if helper.path and helper.path.names else None
            )
            if kind == "code":
                return
            value = self._helper_value(tag, helper)
        self.printed.append((tag.start, tag.end))
        self._here.append(Print(tag.start, tag.end, value, self.text[start:end]))

    def _parsed(self, tag: Tag) -> Helper:
        start, end = tag.inner
        try:
            return parse(self.text, start, end)
        except Wrong:
            fallback = self.values.own_fallback(self.text, start, end)
            if fallback is None:
                raise
            return fallback

    def _helper_value(self, tag: Tag, helper: Helper) -> Expression:
        start, end = tag.inner
        if helper.arguments and helper.path and not self.values.knows(helper.path):
            if helper.path.names in _ELSE_IF:
                raise Wrong(helper.path.start, helper.path.end, "this is written “else if”")
            words = blank_in_name(self.text, start, end)
            name = ".".join(helper.path.names)
            close = misspelt(name, self.own.filters)
            if words and not close and self.own.strict:
                raise Wrong(*words)
            if close or self.own.strict:
                said = f"there is no helper “{shortened(name)}”{meant(name, self.own.filters)}"
                raise Wrong(helper.path.start, helper.path.end, said)
        return self.values.value(helper)

    def _open(self, tag: Tag) -> None:
        if len(self.open) >= _DEEPEST:
            raise Wrong(0, min(len(self.text), 1), TOO_DEEP)
        start, end = tag.inner
        written = self.text[start:end]
        if self.own.flavour == "mustache":
            self._section(tag, written, self.values.name(written, start, end))
            return
        helper = self._parsed(tag)
        name = ".".join(helper.path.names) if helper.path else written
        if not helper.arguments and not helper.named and name not in _BLOCKS:
            if name.lower() in _BLOCKS:
                raise self._no_block(helper, name)
            self._section(tag, name, self.values.value(helper))
            return
        first = self.values.argument(helper.arguments[0]) if helper.arguments else None
        if name == "assign" and isinstance(first, Constant):  # Iterable's
            self.values.assigned.add(str(first.value))
        test = self.values.block_test(helper, name)
        if name in ("if", "unless") or test is not None:
            if first is None:
                raise Wrong(start, end, f"“{name}” needs something to test")
            test = test or Exists(first, "falsy")
            block = _Block(tag, name, "branch", first, [])
            block.arms.append(_Arm(Not(test) if name == "unless" else test))
        elif name == "each":
            block = self._each(tag, helper, first)
        elif name == "with" and helper.arguments:
            value = first or Unknown()
            block = _Block(tag, name, "branch", value, [_Arm(Exists(value, "falsy"))])
            self.values.enter(helper.arguments[0])
        elif name not in self.own.filters and (
            self.own.strict or misspelt(name, _BLOCKS | self.own.filters)
        ):
            raise self._no_block(helper, name)
        else:
            value = Unknown(fields_of(*map(self.values.argument, helper.arguments)))
            block = _Block(tag, name, "masked", value, [_Arm(None)])
        if name not in ("each", "with"):
            self.values.enter(None)
        self.open.append(block)

    def _each(self, tag: Tag, helper: Helper, over: Expression | None) -> _Block:
        if over is None:
            raise Wrong(*tag.inner, "“each” needs something to go through")
        self.values.enter_items(helper.names)
        return _Block(tag, "each", "each", over, [_Arm(None)])

    def _no_block(self, helper: Helper, name: str) -> Wrong:
        start, end = (helper.path.start, helper.path.end) if helper.path else (0, 1)
        known = _BLOCKS | self.own.filters
        return Wrong(start, end, f"there is no block “{shortened(name)}”{meant(name, known)}")

    def _section(self, tag: Tag, name: str, value: Expression) -> None:
        words = name.split()
        if self.own.flavour == "mustache" and len(words) > 1 and words[0] in _BLOCKS:
            said = f"Mustache has no “{words[0]}”: write “{{{{#{words[1]}}}}}”"
            raise Wrong(tag.inner[0], tag.inner[0] + len(words[0]), said)
        test: Expression = Exists(value, "falsy")
        if tag.kind == "inverse":
            test = Not(test)
        self.open.append(_Block(tag, name, "branch", value, [_Arm(test)]))
        self.values.enter_section(value, inverse=tag.kind == "inverse")

    def _else(self, tag: Tag) -> None:
        if not self.open:
            raise Wrong(tag.start, tag.end, "“else” stands outside of any block")
        block = self.open[-1]
        if block.arms[-1].test is None and block.kind == "branch":
            raise Wrong(tag.start, tag.end, "a second “else” in the same block")
        start, end = tag.inner
        words = self.text[start:end].split(maxsplit=1)
        if len(words) < 2:
            block.arms.append(_Arm(None))
            return
        at = start + len(words[0]) + 1
        helper = parse(self.text, at, end)
        name = ".".join(helper.path.names) if helper.path else ""
        test = self.values.block_test(helper, name)
        if name in ("if", "unless") and helper.arguments:
            test = test or Exists(self.values.argument(helper.arguments[0]), "falsy")
            test = Not(test) if name == "unless" else test
        elif test is None:
            found = misspelt(name, _BLOCKS)
            if found or self.own.strict:
                raise self._no_block(helper, name)
            test = Unknown(fields_of(*map(self.values.argument, helper.arguments)))
        block.arms.append(_Arm(test))

    def _close(self, tag: Tag) -> None:
        name = self.text[slice(*tag.inner)]
        shown = f"{{{{/{shortened(name)}}}}}"
        if not self.open:
            raise Wrong(tag.start, tag.end, f"“{shown}” closes a block that is not open")
        block = self.open[-1]
        if _same(name) != _same(block.name):
            if any(_same(other.name) == _same(name) for other in self.open):
                raise self._never_closed(block)
            said = f"“{shown}” does not close the block “{shortened(block.name)}” that is open"
            raise Wrong(tag.start, tag.end, said)
        self.open.pop()
        self.values.leave()
        self._here.extend(self._finished(block))

    def _never_closed(self, block: _Block) -> Wrong:
        start, end = block.tag.inner
        end = min(end, start + len(block.name)) if self.text.startswith(block.name, start) else end
        said = f"“{shortened(block.name)}” is never closed with “{{{{/{shortened(block.name)}}}}}”"
        return Wrong(start, end, said)

    def _finished(self, block: _Block) -> Iterable[TreeNode]:
        bodies = [(arm.test, tuple(arm.body)) for arm in block.arms]
        if block.kind == "branch":
            return [Branch(tuple(bodies))]
        rest = tuple(node for _test, body in bodies[1:] for node in body)
        if block.kind == "each":
            return [Loop(block.value, " item", bodies[0][1], rest)]
        self.printed.append((block.tag.start, block.tag.end))
        body = (*bodies[0][1], *rest)
        return [Masked(block.tag.start, block.tag.end, block.value, body)]

    def _partial(self, tag: Tag) -> None:
        """``{{> card name=first_name}}``. Inside of what changes the meaning of names, or with a
        value to stand in, nobody can tell what they mean there."""
        first, last = tag.inner
        named = _PARTIAL.fullmatch(self.text, first, last)
        branches = all(b.kind == "branch" and b.name in ("if", "unless") for b in self.open)
        inside = not self.open or (branches and self.own.flavour != "mustache")
        self._masked(tag, Unknown())
        if named is None or not inside:
            return
        given: list[tuple[str, Expression]] = []
        for one in _GIVEN.finditer(self.text, *named.span("given")):
            value: Expression = Constant(one["text"] or "")
            if one["path"]:
                value = self.values.name(one["path"], *one.span("path"))
            given.append((one["name"], value))
        masked = self._here.pop()
        assert isinstance(masked, Masked)
        file = Inclusion(named["name"].strip("\"'"), tuple(given))
        self._here.append(replace(masked, file=file))

    def _masked(self, tag: Tag, value: Expression) -> None:
        self.printed.append((tag.start, tag.end))
        self._here.append(Masked(tag.start, tag.end, value))


def _same(name: str) -> str:
    return re.sub(r"[\s\[\]]", "", name).removeprefix("this.")
