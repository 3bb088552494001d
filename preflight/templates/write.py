"""The writer: the tree of a template and the values of one recipient make a part of a message.

Exact, but for what cannot be told here: that is masked, and the message is marked `approximate`.
What the mailer itself fills in, the same for everybody, is a `FILLER` and leaves it exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from preflight.templates.compute import FILLED_IN, MASK, Computer, Scalar
from preflight.templates.message import Part, Segment
from preflight.templates.model import Parsed, Template
from preflight.templates.nodes import FILLER
from preflight.templates.profiles import Semantics
from preflight.templates.tree import (
    Branch,
    Code,
    Inclusion,
    Loop,
    Masked,
    Print,
    Text,
    TreeNode,
)

_MOST_STEPS = 50_000  # nodes that are written: a loop in a loop could be without end


class Written(NamedTuple):
    part: Part
    exact: bool


def write(
    template: Template,
    values: Mapping[str, object],
    semantics: Semantics,
    resolve: Callable[[str], str] = str,
) -> Written:
    """One part as the recipient with these values gets it. ``values``: by casefolded name, "" for
    an empty cell. ``resolve``: the column that a name means."""
    computer = Computer(semantics, values, resolve)
    writer = _written(template.text, template.parsed, computer, template.files)
    part = Part(template.part, "".join(writer.pieces), tuple(writer.segments), template)
    return Written(part, writer.exact)


def write_known(
    text: str, parsed: Parsed, values: Mapping[str, object], semantics: Semantics
) -> tuple[str, bool]:
    """A text of which some values are known, by casefolded name, and whether all are that it asks
    for; a `FILLER` stands in the place of the others."""
    writer = _written(text, parsed, Computer(semantics, _Known(values)))
    return "".join(writer.pieces), writer.exact


class _Known(dict[str, object]):
    """Values of which those that are not there are not known, rather than absent."""

    def get(self, key: str, default: object = MASK) -> object:
        return super().get(key, default)


def _written(
    text: str, parsed: Parsed, computer: Computer, files: Mapping[str, Template] | None = None
) -> _Writer:
    writer = _Writer(text, computer, frozenset(tag.start for tag in parsed.tags))
    writer.files = files or {}
    try:
        writer.all(parsed.tree or ())
    except (RecursionError, _TooLong):
        writer.exact = False
    return writer


class _TooLong(Exception):
    """More is printed than any mail holds."""


@dataclass(slots=True)
class _Writer:
    text: str
    computer: Computer
    tags: frozenset[int]
    pieces: list[str] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    length: int = 0
    exact: bool = True
    steps: int = 0
    files: Mapping[str, Template] = field(default_factory=dict)
    inside: int = 0

    def all(self, nodes: Iterable[TreeNode]) -> None:
        for node in nodes:
            self.steps += 1
            if self.steps > _MOST_STEPS:
                raise _TooLong
            self._one(node)

    def _one(self, node: TreeNode) -> None:
        match node:
            case Text():
                self._put(self.text[node.start : node.end], node.start, node.end, literal=True)
            case Print() if node.loose and node.start not in self.tags:
                self._put(self.text[node.start : node.end], node.start, node.end, literal=True)
            case Print():
                self._print(node, self.computer.value(node.value))
            case Code():
                if node.name and node.value is not None:
                    value = self.computer.value(node.value)
                    self.computer.variables[node.name.casefold()] = value
            case Branch():
                self.all(self._arm(node))
            case Loop():
                self._loop(node)
            case Masked() if node.file is not None and node.start not in self.tags:
                self._include(node.file)
            case Masked():
                self._print(node, MASK)
                self.all(node.body)

    def _include(self, file: Inclusion) -> None:
        """A file that the evaluator has followed. Its words are none of this text."""
        included = self.files[file.name]
        given = {name.casefold(): self.computer.value(value) for name, value in file.given}
        kept = self.text, self.tags, self.computer.variables
        self.text, self.computer.variables = included.text, given
        self.tags = frozenset(tag.start for tag in included.parsed.tags)
        self.inside += 1
        self.all(included.parsed.tree or ())
        self.text, self.tags, self.computer.variables = kept
        self.inside -= 1

    def _print(self, node: Print | Masked, value: Scalar) -> None:
        if value is MASK:
            self.exact = False
        if value is MASK or value is FILLED_IN:
            printed: str | None = FILLER
        else:
            printed = self.computer.printed(value)
        if printed is None:
            printed = self.text[node.start : node.end]
        self._put(printed, node.start, node.end, literal=False)

    def _put(self, piece: str, start: int, end: int, *, literal: bool) -> None:
        if piece:
            if not self.inside:
                self.segments.append(Segment(self.length, len(piece), start, end, literal))
            self.pieces.append(piece)
            self.length += len(piece)

    def _arm(self, node: Branch) -> tuple[TreeNode, ...]:
        """What is printed of a branch; the first arm of which nobody can say that it is not."""
        for test, body in node.arms:
            outcome = True if test is None else self.computer.test(test)
            if outcome is None:
                self.exact = False
            if outcome is not False:
                return body
        return ()

    def _loop(self, node: Loop) -> None:
        variables = self.computer.variables
        before = dict(variables)
        name = node.name.casefold()
        if node.items is None:
            self.exact = False
            items: list[Scalar] = [MASK]
        else:
            items = [self.computer.value(item) for item in node.items]
        for item in items:
            variables[name] = item
            self.all(node.body)
        if not items:
            self.all(node.otherwise)
        variables.clear()
        variables.update(before)
