"""What a walk over a Jinja template carries along: how a statement is reached, and macros."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jinja2 import nodes

from preflight.templates.conditions import TRUE, Maybe, all_of
from preflight.templates.values import Scope, Value, union

if TYPE_CHECKING:
    from preflight.templates.jinja_file import JinjaFile


@dataclass(frozen=True, slots=True)
class Path:
    """How a statement is reached: when, the fields that this depends on, and whether what it
    prints is changed before it is printed (``opaque``)."""

    when: Maybe = TRUE
    names: tuple[str, ...] = ()
    opaque: bool = False

    def under(self, test: Maybe, names: tuple[str, ...] = ()) -> Path:
        return replace(self, when=all_of(self.when, test), names=union(self.names, names))


@dataclass(eq=False)
class Macro:
    """A macro, or the body that a ``call`` hands to one, where it was defined."""

    name: str
    node: nodes.Macro | nodes.CallBlock
    file: JinjaFile
    scope: Scope
    called: bool = False


def is_super(node: nodes.Node | None) -> bool:
    """The call that prints the block of the parent."""
    return (
        isinstance(node, nodes.Call)
        and isinstance(node.node, nodes.Name)
        and node.node.name == "super"
        and not node.args
    )


def inside(scope: Scope, own: Mapping[str, Value] | None = None) -> Scope:
    """A scope that ends with its block."""
    return Scope(scope, dict(own or {}), inner=True)


def bound_arguments(
    macro: Macro, call: nodes.Call, evaluate: Callable[[nodes.Node], Value]
) -> tuple[dict[str, Value], tuple[str, ...]]:
    """What a call gives to the parameters of a macro, and the fields that this depends on."""
    given = [evaluate(argument) for argument in call.args]
    named = {pair.key: evaluate(pair.value) for pair in call.kwargs}
    spread = [evaluate(one) for one in (call.dyn_args, call.dyn_kwargs) if one]
    names = union(*(one.names for one in (*given, *named.values(), *spread)))
    if spread:
        return {one.name: Value(names=names) for one in macro.node.args}, names
    bound = {
        parameter.name: value for parameter, value in zip(macro.node.args, given, strict=False)
    }
    return {**bound, **named}, names


def fields_among(some: Iterable[str], assigned: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """The fields among names; "=name" stands for a variable, and so for the fields of all that was
    ever ``assigned`` to it."""
    found: dict[str, None] = {}
    pending = list(dict.fromkeys(some))[::-1]
    seen: set[str] = set()
    while pending:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        if name.startswith("="):
            pending += assigned.get(name[1:], ())
        else:
            found[name] = None
    return tuple(found)


class DefinedMacros:
    """The macros of a template, in the order in which they are defined. ``field``: what a name
    stands for that is not set."""

    def __init__(self, field: Callable[[str], Value]) -> None:
        self._field = field
        self._seen: dict[int, dict[str, Value]] = {}
        self.all: list[Macro] = []

    def add(self, macro: Macro) -> None:
        self.all.append(macro)
        self._seen.clear()

    def seen_from(self, file: JinjaFile) -> dict[str, Value]:
        """The variables of a file as its macros and blocks see them: that depends on when they are
        called; only a macro that is defined once is what it is."""
        if id(file) not in self._seen:  # asked at each call of each
            self._seen[id(file)] = self._worked_out(file)
        return dict(self._seen[id(file)])

    def _worked_out(self, file: JinjaFile) -> dict[str, Value]:
        found = {}
        for name in file.ever_set:
            # Where it is not set yet, it is the field of that name.
            field = self._field(name)
            found[name] = Value(names=union((f"={name}",), field.names if field.form else ()))
        stored = {n.name for n in file.every if type(n) is nodes.Name and n.ctx == "store"}
        for macro in self.all:
            once = len(file.macros.get(macro.name, ())) == 1 and macro.name not in stored
            if macro.file is file and once:
                found[macro.name] = Value(macro=macro)
        return found
