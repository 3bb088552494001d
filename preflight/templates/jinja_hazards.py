"""What would make rendering a Jinja template unsafe or costly, found in its tree."""

from __future__ import annotations

import itertools
import math
import re
from typing import TYPE_CHECKING

from jinja2 import nodes

from preflight.templates.jinja_folding import DIGITS, LIMIT, Folded, Folder, Sized
from preflight.templates.model import Hazard

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MOST = 100  # hazards; the first one already keeps a template from being rendered
_NEAR = 2000  # characters in which the end of a tag is looked for
_NARROW = 1000  # the widest layout that is cheap
_INTERNAL = re.compile(r"(?:^|[.\[])_|__\w+__")
_WIDTH = re.compile(r"%[-+ #0]*(?:\([^)]*\))?[-+ #0]*(\*|\d*)(?:\.(\*|\d*))?|\{[^{}]*?(\d{6,})")
_BY_ATTRIBUTE = frozenset(
    {"attr", "map", "selectattr", "rejectattr", "groupby", "sort", "sum", "unique", "min", "max"}
)
_SIZED = frozenset(
    {
        "center", "indent", "batch", "slice", "round", "tojson", "ljust", "rjust", "zfill",
        "expandtabs",
    }
)  # fmt: skip
_CHEAP_FILTERS = frozenset(
    {
        "trim", "title", "capitalize", "upper", "lower", "e", "escape", "forceescape", "safe",
        "string", "striptags", "default", "d", "length", "count", "truncate", "wordwrap",
        "wordcount", "center", "indent", "int", "float", "round", "abs", "first", "last",
        "urlencode", "filesizeformat",
    }
)  # fmt: skip
_CHEAP_METHODS = frozenset({"strip", "lstrip", "rstrip", "title", "upper", "lower", "capitalize"})
_COSTLY = {
    nodes.For, nodes.Macro, nodes.CallBlock, nodes.Include, nodes.Import, nodes.FromImport,
    nodes.Extends, nodes.AssignBlock, nodes.FilterBlock, nodes.Mul, nodes.Pow, nodes.Mod,
    nodes.FloorDiv, nodes.With,
}  # fmt: skip
_RISKY = {
    nodes.Getattr, nodes.Getitem, nodes.Mul, nodes.Pow, nodes.Concat, nodes.Add, nodes.Mod,
    nodes.Filter, nodes.Call, nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport,
}  # fmt: skip


def find_hazards(every: Sequence[nodes.Node], text: str) -> tuple[Hazard, ...]:
    """The hazards of a template, of which all nodes are given (parents first, the root at the
    head, with offsets as line numbers); in order, at most a hundred or so."""
    found: dict[tuple[int, str], Hazard] = {}
    finder = _Finder(text)
    kinds = set(map(type, every))
    loops = finder.loops(every[0]) if nodes.For in kinds else ()
    recursions = _recursions(every, text) if nodes.Macro in kinds else ()
    others = (hazard for node in every if type(node) in _RISKY for hazard in finder.of(node))
    for hazard in itertools.chain(loops, recursions, others):
        found.setdefault((hazard.start, hazard.message), hazard)
        if len(found) >= _MOST:
            break
    return tuple(found[key] for key in sorted(found))


def is_plain(every: Sequence[nodes.Node]) -> bool:
    """Whether rendering costs no more than writing the values down."""
    variables = {node.name for node in every if type(node) is nodes.Name and node.ctx == "store"}
    return not any(
        type(node) in _COSTLY
        or (isinstance(node, nodes.Filter) and not _is_cheap_filter(node))
        or (isinstance(node, nodes.Call) and not _is_cheap_call(node))
        or (isinstance(node, nodes.Assign) and _multiplies(node, variables))
        for node in every
    )


def _multiplies(node: nodes.Assign, variables: set[str]) -> bool:
    """Whether a variable is made of more than one: {% set a = a ~ a %}, forty times, fills any
    memory."""
    return sum(name.name in variables for name in node.node.find_all(nodes.Name)) > 1


def _is_cheap_filter(node: nodes.Filter) -> bool:
    if node.name not in _CHEAP_FILTERS:
        return False
    sizes = [*node.args, *(pair.value for pair in node.kwargs)] if node.name in _SIZED else ()
    return all(
        isinstance(size, nodes.Const)
        and (not isinstance(size.value, (int, float)) or abs(size.value) <= _NARROW)
        for size in sizes
    )


def _is_cheap_call(node: nodes.Call) -> bool:
    return (
        isinstance(node.node, nodes.Getattr)
        and node.node.attr in _CHEAP_METHODS
        and not (node.args or node.kwargs or node.dyn_args or node.dyn_kwargs)
    )


def _recursions(every: Sequence[nodes.Node], text: str) -> Iterator[Hazard]:
    macros = {node.name: node for node in every if isinstance(node, nodes.Macro)}
    calls = {
        name: {
            call.node.name
            for call in macro.find_all(nodes.Call)
            if isinstance(call.node, nodes.Name) and call.node.name in macros
        }
        for name, macro in macros.items()
    }
    callers: dict[str, set[str]] = {name: set() for name in macros}
    for name, called in calls.items():
        for other in called:
            callers[other].add(name)
    # What calls no macro, or is called by none, is in no circle.
    for here, there in ((calls, callers), (callers, calls)):
        pending = [name for name in macros if not here[name]]
        while pending:
            done = pending.pop()
            for other in there[done]:
                here[other].discard(done)
                if not here[other]:
                    pending.append(other)
            there[done].clear()
            macros.pop(done, None)
    for name, macro in macros.items():
        written = re.compile(rf"macro\s+({re.escape(name)})").search(text, macro.lineno)
        start, end = written.span(1) if written else (macro.lineno, macro.lineno + 1)
        yield Hazard(start, end, f"the macro “{name}” calls itself")


class _Finder:
    def __init__(self, text: str) -> None:
        self._text = text
        self._folder = Folder()
        self._counted: set[int] = set()  # ranges that a loop has answered for

    def of(self, node: nodes.Node) -> Iterator[Hazard]:
        """The hazards of one node, loops aside."""
        match node:
            case nodes.Getattr() if node.attr.startswith("_"):
                yield self._internal(node, node.attr)
            case nodes.Getitem():
                key = self._folder.fold(node.arg)
                if isinstance(key, str) and _INTERNAL.search(key):
                    yield self._internal(node, key)
            case nodes.Mul() | nodes.Pow() | nodes.Concat() | nodes.Add():
                yield from self._arithmetic(node)
            case nodes.Mod():
                yield from self._widths(node, self._folder.fold(node.left))
            case nodes.Filter():
                yield from self._filter(node)
            case nodes.Call():
                yield from self._call(node)
            case nodes.Include() | nodes.Extends() | nodes.Import() | nodes.FromImport():
                yield from self._paths(node, node.template)

    def loops(self, root: nodes.Node) -> Iterator[Hazard]:
        """The loops that turn too often, those around them counted in."""
        pending: list[tuple[nodes.Node, float]] = [(root, 1)]
        while pending:
            node, turns = pending.pop()
            inside: set[int] = set()
            inner = turns
            if isinstance(node, nodes.For):
                self._counted.add(id(node.iter))
                inside = set(map(id, node.body))
                inner = turns * max(self._turns(node.iter), 1)
                if inner > LIMIT:
                    yield self._hazard(node, f"would loop {_times(inner)}")
            pending.extend(
                (child, inner if id(child) in inside else turns)
                for child in node.iter_child_nodes()
            )

    def _turns(self, iterated: nodes.Node) -> float:
        """How often a loop over this turns; 0 when it depends on data."""
        counted = self._folder.turns_of_range(iterated)
        if counted is not None:
            return counted
        folded = self._folder.fold(iterated)
        if isinstance(folded, str):
            return len(folded)
        return folded.length if isinstance(folded, Sized) else 0

    def _arithmetic(
        self, node: nodes.Mul | nodes.Pow | nodes.Concat | nodes.Add
    ) -> Iterator[Hazard]:
        folded = self._folder.fold(node)
        if isinstance(folded, Sized) and folded.length > LIMIT:
            yield self._hazard(node, f"would make a text of {_amount(folded.length)} characters")
        elif isinstance(folded, float) and math.isinf(folded):
            yield self._hazard(node, "would compute a number with too many digits")
        elif folded is None and isinstance(node, nodes.Mul):
            for factor in (self._folder.fold(node.left), self._folder.fold(node.right)):
                if isinstance(factor, (int, float)) and factor > LIMIT:
                    yield self._hazard(node, f"would repeat its text {_times(factor)}")
        elif folded is None and isinstance(node, nodes.Pow):
            power = self._folder.fold(node.right)
            if not isinstance(power, (int, float)) or abs(power) > DIGITS:
                yield self._hazard(node, "would compute a number of any size, as the data says")

    def _filter(self, node: nodes.Filter) -> Iterator[Hazard]:
        arguments = [*node.args, *(pair.value for pair in node.kwargs)]
        folded = [self._folder.fold(argument) for argument in arguments]
        if node.name in _BY_ATTRIBUTE:
            for key in folded:
                if isinstance(key, str) and _INTERNAL.search(key):
                    yield self._internal(node, key)
        if node.name in _SIZED:
            yield from self._sizes(node, node.name, folded)
        if node.name == "format" and node.node is not None:
            yield from self._widths(node, self._folder.fold(node.node))

    def _call(self, node: nodes.Call) -> Iterator[Hazard]:
        folded = [
            self._folder.fold(argument)
            for argument in (*node.args, *(k.value for k in node.kwargs))
        ]
        counted = None if id(node) in self._counted else self._folder.turns_of_range(node)
        if counted is not None and counted > LIMIT:
            yield self._hazard(node, f"would loop {_times(counted)}")
        if isinstance(node.node, nodes.Name) and node.node.name == "lipsum":
            numbers = [number for number in folded if isinstance(number, (int, float))]
            if math.prod(max(number, 1) for number in numbers) * 100 > LIMIT:
                yield self._hazard(node, "would make a text that is far too long")
        if isinstance(node.node, nodes.Getattr):
            if node.node.attr in _SIZED:
                yield from self._sizes(node, node.node.attr, folded)
            pattern = self._folder.fold(node.node.node)
            if node.node.attr in ("format", "format_map"):
                yield from self._widths(node, pattern)
                if isinstance(pattern, str) and _INTERNAL.search(pattern):
                    yield self._internal(node.node.node, pattern)

    def _sizes(self, node: nodes.Node, name: str, folded: list[Folded]) -> Iterator[Hazard]:
        for size in folded:
            if isinstance(size, (int, float)) and abs(size) > LIMIT:
                yield self._hazard(node, f"“{name}” with {_amount(abs(size))} would take forever")

    def _widths(self, node: nodes.Node, pattern: Folded) -> Iterator[Hazard]:
        if not isinstance(pattern, str):
            return
        for match in _WIDTH.finditer(pattern):
            for width in match.groups():
                digits = (width or "").lstrip("0")
                if width == "*" or len(digits) > 6 or int(digits or 0) > LIMIT:
                    yield self._hazard(node, f"“{match.group()[:40]}” would make a text too wide")
                    return

    def _paths(self, node: nodes.Node, template: nodes.Node) -> Iterator[Hazard]:
        items = template.items if isinstance(template, (nodes.List, nodes.Tuple)) else [template]
        for item in items:
            path = self._folder.fold(item)
            if not isinstance(path, str):
                yield self._hazard(node, "the file it reads is not written down")
            elif (
                path.startswith(("/", "\\")) or ":" in path[:2] or ".." in re.split(r"[/\\]", path)
            ):
                yield self._hazard(node, f"“{path}” leads out of the campaign's folder")

    def _internal(self, node: nodes.Node, key: str) -> Hazard:
        shown = re.search(r"_+\w*", key)
        name = shown.group() if shown else key
        at = self._text.find(name, node.lineno, node.lineno + _NEAR)
        start = at if at >= 0 else node.lineno
        said = f"reaches for Python internals: “{name[:40]}”"
        return Hazard(start, start + (len(name) if at >= 0 else 1), said)

    def _hazard(self, node: nodes.Node, message: str) -> Hazard:
        limit = node.lineno + _NEAR
        ends = (self._text.find(mark, node.lineno, limit) for mark in ("}}", "%}"))
        closing = [at for at in ends if at >= 0]
        end = min(closing, default=node.lineno + 1)
        written = self._text[node.lineno : end].rstrip(" -\n")
        return Hazard(node.lineno, node.lineno + len(written), message)


def _times(number: float) -> str:
    return f"{_amount(number)} times"


def _amount(number: float) -> str:
    return f"{number:,.0f}" if number < 1e15 else "countless"
