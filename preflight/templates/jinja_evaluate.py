"""What the expressions of a Jinja template come to, as far as it can be told without rendering."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from jinja2 import nodes

from preflight.templates import conditions as on
from preflight.templates.conditions import FALSE, TRUE, Maybe, all_of, any_of, choose
from preflight.templates.values import (
    NOTHING,
    Value,
    agreed,
    boolean,
    cell,
    compared,
    constant,
    merged,
    told,
    union,
    value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

GLOBALS = frozenset({"range", "dict", "lipsum", "cycler", "joiner", "namespace", "self"})

# Filters after which blank text is blank and other text is not.
_TRANSPARENT = frozenset(
    {"e", "escape", "forceescape", "safe", "string", "striptags", "title", "capitalize"}
)
_LAYOUT = frozenset({"center", "indent"})  # add blanks only
_NUMERIC = frozenset({"length", "count", "int", "float", "round", "wordcount"})
_METHODS = {"strip": "trim", "lower": "lower", "upper": "upper"} | {
    name: name for name in ("title", "capitalize")
}
_EQUALITY_TESTS = {"eq": "eq", "equalto": "eq", "==": "eq", "ne": "ne", "!=": "ne", "in": "in"}
_SHORTEST_CUT = 20  # below, wordwrap and truncate could cut a word for nothing


@dataclass(slots=True)
class Scope:
    """The variables that a template sets, innermost first. ``inner``: inside a loop, a ``with`` or
    the like, whose variables end with it."""

    parent: Scope | None = None
    own: dict[str, Value] = field(default_factory=dict)
    inner: bool = False

    def find(self, name: str) -> Value | None:
        scope: Scope | None = self
        while scope is not None:
            if name in scope.own:
                return scope.own[name]
            scope = scope.parent
        return None


class Evaluator:
    """Evaluates expressions; collects the uses of fields and the branches on the way.

    ``columns``: casefolded names of the fields there are, or None when they are not known.
    ``ever_set``: names that the template sets anywhere. Node positions (``lineno``) are expected to
    be offsets in the template.
    """

    def __init__(self, columns: frozenset[str] | None, ever_set: frozenset[str]) -> None:
        self.columns = columns
        self.ever_set = ever_set
        self.uses: list[tuple[str, int, int]] = []
        self.branches: dict[str, None] = {}
        self.undecided: dict[str, None] = {}
        self._handlers: dict[type[nodes.Node], Callable[[Any, Scope], Value]] = {
            nodes.Name: self._name,
            nodes.Const: lambda node, _scope: constant(node.value),
            nodes.List: self._list,
            nodes.Tuple: self._list,
            nodes.Or: self._or,
            nodes.And: self._and,
            nodes.Not: self._not,
            nodes.CondExpr: self._inline_if,
            nodes.Concat: self._concat,
            nodes.Add: self._add,
            nodes.Compare: self._compare,
            nodes.Test: self._test,
            nodes.Filter: self._filter,
            nodes.Call: self._call,
        }

    def evaluate(self, node: nodes.Node, scope: Scope) -> Value:
        handler = self._handlers.get(type(node))
        return handler(node, scope) if handler else self._unknown(node, scope)

    def branch(self, node: nodes.Node, scope: Scope) -> Value:
        """The value of a test that something hangs on."""
        test = self.evaluate(node, scope)
        if test.truthy is None:
            self.depend(test)
        elif test.truthy not in (TRUE, FALSE):
            self.branches[test.truthy.text] = None
        return test

    def depend(self, on_value: Value) -> None:
        """Something hangs on this value, and it cannot be told how."""
        self.undecided.update(dict.fromkeys(on_value.names))

    def field(self, name: str) -> Value:
        """What a name stands for that the template does not set."""
        known = self.columns is None or name.casefold() in self.columns
        if name in GLOBALS and not (self.columns and known):
            return Value()
        return cell(name) if known else Value(names=(name,), defined=False, free=True)

    def _unknown(self, node: nodes.Node, scope: Scope) -> Value:
        return Value(names=self._names(node.iter_child_nodes(), scope))

    def _names(self, some: Iterable[nodes.Node], scope: Scope) -> tuple[str, ...]:
        return union(*(self.evaluate(node, scope).names for node in some))

    def _name(self, node: nodes.Name, scope: Scope) -> Value:
        found = scope.find(node.name)
        if found is None:
            found = self.field(node.name)
            if scope.inner and node.name in self.ever_set:
                # Set further down, outside: Jinja then finds nothing here, field or not.
                found = Value(names=found.names, free=found.free)
        if found.free and node.ctx == "load":
            self.uses.append((node.name, node.lineno, node.lineno + len(node.name)))
        return found

    def _list(self, node: nodes.List | nodes.Tuple, scope: Scope) -> Value:
        items = [self.evaluate(item, scope) for item in node.items]
        if all(item.constant for item in items):
            return constant(tuple(item.constant[0] for item in items if item.constant))
        return Value(names=union(*(item.names for item in items)))

    def _or(self, node: nodes.Or, scope: Scope) -> Value:
        return _either(self.evaluate(node.left, scope), self.evaluate(node.right, scope))

    def _and(self, node: nodes.And, scope: Scope) -> Value:
        left, right = self.evaluate(node.left, scope), self.evaluate(node.right, scope)
        return value(
            any_of(left.blank_false, all_of(left.truthy, right.blank)),
            all_of(left.truthy, right.truthy),
            choose(left.truthy, right.filled, left.filled),
            union(left.names, right.names),
            defined=agreed(left, right),
        )

    def _not(self, node: nodes.Not, scope: Scope) -> Value:
        operand = self.evaluate(node.node, scope)
        return boolean(on.negate(operand.truthy), operand.names)

    def _inline_if(self, node: nodes.CondExpr, scope: Scope) -> Value:
        test = self.branch(node.test, scope)
        yes = self.evaluate(node.expr1, scope)
        no = self.evaluate(node.expr2, scope) if node.expr2 else NOTHING
        return replace(
            merged(test.truthy, yes, no), names=union(test.names, yes.names, no.names), free=False
        )

    def _concat(self, node: nodes.Concat, scope: Scope) -> Value:
        return _together([self.evaluate(part, scope) for part in node.nodes])

    def _add(self, node: nodes.Add, scope: Scope) -> Value:
        parts = [self.evaluate(node.left, scope), self.evaluate(node.right, scope)]
        if any(part.constant and not isinstance(part.constant[0], str) for part in parts):
            return Value(names=union(*(part.names for part in parts)))  # a sum
        texts = _together(parts)
        if any(part.constant for part in parts):
            return texts
        # Cells may be numbers: a sum may be zero, and then counts as false.
        return Value(texts.blank, filled=texts.filled, names=texts.names, defined=True)

    def _compare(self, node: nodes.Compare, scope: Scope) -> Value:
        left = self.evaluate(node.expr, scope)
        others = [self.evaluate(operand.expr, scope) for operand in node.ops]
        names = union(left.names, *(other.names for other in others))
        if len(others) > 1:
            return boolean(None, names)
        return boolean(compared(node.ops[0].op, left, others[0]), names)

    def _test(self, node: nodes.Test, scope: Scope) -> Value:
        subject = self.evaluate(node.node, scope)
        arguments = [self.evaluate(argument, scope) for argument in node.args or ()]
        names = union(subject.names, *(argument.names for argument in arguments))
        outcome: Maybe = None
        if node.name in ("defined", "undefined"):
            if self.columns is not None and subject.defined is not None:
                outcome = told(subject.defined == (node.name == "defined"))
        elif node.name == "none":
            if subject.constant or subject.form:
                outcome = told(subject.constant == (None,))
        elif node.name in ("true", "false"):
            outcome = compared("eq", subject, constant(node.name == "true"))
        elif node.name in _EQUALITY_TESTS and len(arguments) == 1:
            outcome = compared(_EQUALITY_TESTS[node.name], subject, arguments[0])
        return boolean(outcome, names)

    def _filter(self, node: nodes.Filter, scope: Scope) -> Value:
        subject = self.evaluate(node.node, scope) if node.node else Value()
        arguments = [self.evaluate(argument, scope) for argument in node.args]
        named = {str(pair.key): self.evaluate(pair.value, scope) for pair in node.kwargs}
        spread = [part for part in (node.dyn_args, node.dyn_kwargs) if part is not None]
        names = union(
            subject.names,
            *(argument.names for argument in (*arguments, *named.values())),
            self._names(spread, scope),
        )
        if spread:
            return Value(names=names)
        result = _filtered(node.name, subject, arguments, named)
        return replace(result, names=names, free=False)

    def _call(self, node: nodes.Call, scope: Scope) -> Value:
        target = node.node
        bare = not (node.args or node.kwargs or node.dyn_args or node.dyn_kwargs)
        if bare and isinstance(target, nodes.Getattr) and target.attr in _METHODS:
            subject = self.evaluate(target.node, scope)
            return replace(_filtered(_METHODS[target.attr], subject, [], {}), free=False)
        return self._unknown(node, scope)


def _either(left: Value, right: Value) -> Value:
    """``left or right``."""
    return value(
        any_of(left.blank_true, all_of(on.negate(left.truthy), right.blank)),
        any_of(left.truthy, right.truthy),
        any_of(left.truthy, right.filled),
        union(left.names, right.names),
        defined=agreed(left, right),
    )


def _together(parts: list[Value]) -> Value:
    """Texts one after the other: they say nothing when none of them says anything."""
    filled = any_of(*(part.filled for part in parts))
    return value(
        all_of(*(part.blank for part in parts)),
        filled,
        filled,
        union(*(part.names for part in parts)),
    )


def _filtered(name: str, subject: Value, arguments: list[Value], named: dict[str, Value]) -> Value:
    if name in ("default", "d"):
        return _with_default(subject, arguments, named)
    if name in _NUMERIC:
        counted = name in ("length", "count")
        return Value(
            FALSE,
            subject.filled if counted and subject.form else None,
            TRUE,
            length=subject.form if counted else None,
            defined=True,
        )
    bare = not arguments and not named
    if name in ("lower", "upper") and bare:
        form = replace(subject.form, case=name) if subject.form else None
        return value(subject.blank, subject.filled, subject.filled, subject.names, form=form)
    if name == "trim" and bare:
        form = replace(subject.form, trimmed=True) if subject.form else None
        filled = form.filled if form else None
        if subject.constant:
            return constant(str(subject.constant[0]).strip())
        return value(subject.blank, filled, filled, subject.names, form=form)
    if name in _TRANSPARENT and bare:
        filled = subject.filled if name != "striptags" else None
        return value(subject.blank, filled, filled, subject.names)
    if (name in _LAYOUT and _only_numbers(arguments, named)) or (
        name in ("truncate", "wordwrap") and subject.form and _cuts_late(arguments, named)
    ):
        return value(subject.blank, None, None, subject.names)
    return Value()


def _only_numbers(arguments: list[Value], named: dict[str, Value]) -> bool:
    return all(
        given.constant is not None and isinstance(given.constant[0], int)
        for given in (*arguments, *named.values())
    )


def _cuts_late(arguments: list[Value], named: dict[str, Value]) -> bool:
    sizes = [*arguments[:1], *(named[key] for key in ("length", "width") if key in named)]
    known = [size.constant[0] for size in sizes if size.constant]
    return len(known) == len(sizes) and all(
        isinstance(size, int) and size >= _SHORTEST_CUT for size in known
    )


def _with_default(subject: Value, arguments: list[Value], named: dict[str, Value]) -> Value:
    fallback = arguments[0] if arguments else named.get("default_value", constant(""))
    also_false = arguments[1] if len(arguments) > 1 else named.get("boolean", constant(False))
    if subject.defined is False:
        return fallback
    if subject.defined is None or also_false.constant is None:
        return Value()
    return _either(subject, fallback) if also_false.constant[0] else subject
