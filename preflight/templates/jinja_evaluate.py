"""What the expressions of a Jinja template come to, as far as it can be told without rendering."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jinja2 import nodes

from preflight.templates import conditions as on
from preflight.templates.conditions import FALSE, TRUE, Maybe, all_of, any_of, choose
from preflight.templates.jinja_loops import listed
from preflight.templates.values import (
    NOTHING,
    Scope,
    Value,
    agreed,
    boolean,
    cell,
    compared,
    constant,
    either,
    merged,
    together,
    told,
    union,
    value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from preflight.templates.jinja_file import JinjaFile

GLOBALS = frozenset({"range", "dict", "lipsum", "cycler", "joiner", "namespace", "self"})

# Filters after which blank text is blank and other text is not.
_TRANSPARENT = frozenset(
    {"e", "escape", "forceescape", "safe", "string", "striptags", "title", "capitalize"}
)
_LAYOUT = frozenset({"center", "indent"})  # add blanks only
_NUMERIC = frozenset({"length", "count", "int", "wordcount"})
_METHODS = {"strip": "trim", "lower": "lower", "upper": "upper"} | {
    name: name for name in ("title", "capitalize")
}
_EQUALITY_TESTS = {"eq": "eq", "equalto": "eq", "==": "eq", "ne": "ne", "!=": "ne", "in": "in"}
_SHORTEST_CUT = 20  # below, wordwrap and truncate could cut a word for nothing


class Evaluator:
    """Evaluates expressions; collects the uses of fields and the branches on the way.

    ``columns``: casefolded names of the fields there are, or None when they are not known.
    ``called``: what a call of a macro comes to. ``file``: whose expressions are evaluated; the
    positions of its nodes (``lineno``) are offsets in its text. ``loose``: macros and blocks
    (``self.name``) that may be printed in ways that cannot be followed.
    """

    def __init__(
        self,
        columns: frozenset[str] | None,
        file: JinjaFile,
        called: Callable[[Value, nodes.Call, Scope], Value],
    ) -> None:
        self.columns = columns
        self.file = file
        self.called = called
        self.macro_names: set[str] = set()
        self._renamed: dict[str, str] = {}
        self.loose: dict[str, None] = {}
        self.branches: dict[str, None] = {}
        self.undecided: dict[str, None] = {}
        self._handlers: dict[type[nodes.Node], Callable[[Any, Scope], Value]] = {
            nodes.Name: self._name,
            nodes.Const: lambda node, _scope: constant(node.value),
            nodes.List: self._list,
            nodes.Tuple: self._list,
            nodes.Dict: self._dict,
            nodes.Getattr: self._attribute,
            nodes.Getitem: self._item,
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
        self.hangs_on(test)
        return test

    def hangs_on(self, test: Value) -> None:
        """Something hangs on whether this value counts as true."""
        if test.truthy is None:
            self.depend(test)
        elif test.truthy not in (TRUE, FALSE):
            self.branches[test.truthy.text] = None

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
        if node.ctx == "load":
            self._mention(node.name)
        if found is None:
            found = self.field(node.name)
            if scope.inner and node.name in self.file.ever_set:
                # Set further down, outside: Jinja then finds nothing here, field or not.
                found = Value(names=found.names, free=found.free)
            elif scope.bare and found.free:
                found = replace(NOTHING, names=found.names, free=True)
        if found.free and node.ctx == "load":
            self.file.uses.append((node.name, node.lineno, node.lineno + len(node.name)))
        return found

    def rename(self, original: str, alias: str) -> None:
        """A macro is known by another name here."""
        self._renamed[alias] = original

    def _mention(self, name: str) -> None:
        """A name is used as a value: if it is a macro, nobody knows where that is called."""
        for known in (name, self._renamed.get(name)):
            if known in self.macro_names:
                self.loose[known] = None

    def _dict(self, node: nodes.Dict, scope: Scope) -> Value:
        parts = {
            pair.key.value: self.evaluate(pair.value, scope)
            for pair in node.items
            if isinstance(pair.key, nodes.Const)
        }
        names = self._names(node.iter_child_nodes(), scope)
        known = len(parts) == len(node.items) and all(isinstance(key, str) for key in parts)
        return Value(names=names, parts=parts if known else None)

    def _attribute(self, node: nodes.Getattr, scope: Scope) -> Value:
        self._mention(node.attr)
        if isinstance(node.node, nodes.Name) and node.node.name == "self":
            self.loose[f"self.{node.attr}"] = None
        subject = self.evaluate(node.node, scope)
        return _part(subject, node.attr) or Value(names=subject.names)

    def _item(self, node: nodes.Getitem, scope: Scope) -> Value:
        subject = self.evaluate(node.node, scope)
        key = self.evaluate(node.arg, scope)
        found = _part(subject, key.constant[0]) if key.constant else None
        return found or Value(names=union(subject.names, key.names))

    def _list(self, node: nodes.List | nodes.Tuple, scope: Scope) -> Value:
        items = [self.evaluate(item, scope) for item in node.items]
        found = listed(items)
        if all(item.constant for item in items):
            whole = constant(tuple(item.constant[0] for item in items if item.constant))
            return replace(whole, parts=found.parts)
        return found

    def _or(self, node: nodes.Or, scope: Scope) -> Value:
        return either(self.evaluate(node.left, scope), self.evaluate(node.right, scope))

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
        return together([self.evaluate(part, scope) for part in node.nodes])

    def _add(self, node: nodes.Add, scope: Scope) -> Value:
        parts = [self.evaluate(node.left, scope), self.evaluate(node.right, scope)]
        if any(part.constant and not isinstance(part.constant[0], str) for part in parts):
            return Value(names=union(*(part.names for part in parts)))  # a sum
        texts = together(parts)
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
        found = self.macro(target, scope)
        if found is not None:
            return self.called(found, node, scope)
        bare = not (node.args or node.kwargs or node.dyn_args or node.dyn_kwargs)
        if bare and isinstance(target, nodes.Getattr) and target.attr in _METHODS:
            subject = self.evaluate(target.node, scope)
            return replace(_filtered(_METHODS[target.attr], subject, [], {}), free=False)
        if bare and isinstance(target, nodes.Getattr) and target.attr == "items":
            pairs = self.evaluate(target.node, scope).parts or {}
            if pairs and all(isinstance(key, str) for key in pairs):
                return listed([listed([constant(key), part]) for key, part in pairs.items()])
        return self._unknown(node, scope)

    def macro(self, node: nodes.Node, scope: Scope) -> Value | None:
        """The macro that a name, or an attribute of an imported file, stands for."""
        found: Value | None = None
        if isinstance(node, nodes.Name):
            found = scope.find(node.name)
        elif isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            owner = scope.find(node.node.name)
            found = _part(owner, node.attr) if owner is not None else None
        return found if found is not None and found.macro is not None else None


def _part(subject: Value, key: object) -> Value | None:
    """What is known of an attribute or an item; a name that is shared with a method is not."""
    known = subject.parts or {}
    return known.get(key) if isinstance(key, (str, int)) and not hasattr(dict, str(key)) else None


def _filtered(name: str, subject: Value, arguments: list[Value], named: dict[str, Value]) -> Value:
    if name in ("default", "d"):
        return _with_default(subject, arguments, named)
    if name in _NUMERIC and not (arguments or named):
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
    return either(subject, fallback) if also_false.constant[0] else subject
