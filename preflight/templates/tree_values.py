"""What the expressions of a tree (`preflight.templates.tree`) come to, as far as it can be told
without looking at any contact."""

from __future__ import annotations

import re
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from preflight.templates import conditions as on
from preflight.templates.conditions import FALSE, TRUE, Form, Maybe, all_of, any_of
from preflight.templates.profiles import Semantics
from preflight.templates.tree import (
    Both,
    Call,
    Compare,
    Constant,
    Either,
    Exists,
    Expression,
    Fallback,
    Field,
    Not,
    System,
    Unknown,
)
from preflight.templates.values import (
    Scope,
    Value,
    agreed,
    boolean,
    compared,
    either,
    merged,
    together,
    told,
    union,
    value,
)
from preflight.templates.words import is_field, is_personal, normalise_name

if TYPE_CHECKING:
    from collections.abc import Callable

# After these blank text is blank, and other text is not.
TRANSPARENT = frozenset(
    {"capitalize", "capfirst", "title", "titlecase", "titleize", "propercase", "escape"}
    | {"force_escape", "escapejs", "url_encode", "urlencode", "html", "html_escape", "text"}
    | {"string", "safe", "raw", "no_escape"}
)
_WRITTEN_TOGETHER = re.compile(r"\w*?(?:[a-z][A-Z]|[^\W_]_[^\W_])\w*")
_SHORTEST_NAME = 4  # shorter words are too much alike
_SHORTEST_CUT = 20  # below, a cut could leave a word for nothing


class Evaluator:
    """Evaluates expressions under the semantics of a dialect; collects the uses of fields and the
    branches on the way.

    ``columns``: casefolded names of the fields there are, None when they are not known.
    ``resolve``: the column that a name means. ``here``: the place in the template of what is
    evaluated, for fields that do not say where they stand.
    """

    def __init__(
        self,
        semantics: Semantics,
        columns: frozenset[str] | None,
        resolve: Callable[[str], str] = str,
    ) -> None:
        self.semantics = semantics
        self.columns = columns
        self.resolve = resolve
        self.here = (0, 0)
        self.uses: list[tuple[str, int, int]] = []
        self.branches: dict[str, None] = {}
        self.undecided: dict[str, None] = {}
        self._handlers: dict[type[Any], Callable[[Any, Scope], Value]] = {
            Field: self._field,
            Constant: lambda node, _scope: self.constant(node.value),
            System: lambda _node, _scope: value(FALSE, TRUE, TRUE, (), missing=FALSE),
            Unknown: self._unknown,
            Fallback: self._fallback,
            Call: self._call,
            Compare: self._compare,
            Both: self._both,
            Either: self._either,
            Not: self._not,
            Exists: self._exists,
        }

    def evaluate(self, expression: Expression, scope: Scope) -> Value:
        return self._handlers[type(expression)](expression, scope)

    def branch(self, expression: Expression, scope: Scope) -> Value:
        """The value of a test that something hangs on."""
        test = self.evaluate(expression, scope)
        if test.truthy is None:
            self.depend(test)
        elif test.truthy not in (TRUE, FALSE):
            self.branches[test.truthy.text] = None
        return test

    def knows(self, expression: Expression) -> bool:
        """Whether what looks like a tag is one: it names a column of the list, or a field by a name
        that nobody writes but for a field (or as nobody writes but in code), or misspells a
        column."""
        name = self.resolve(expression.name) if isinstance(expression, Field) else ""
        if self.columns is None:
            return is_field(normalise_name(name))
        if name.casefold() in self.columns:
            return True
        if is_personal(normalise_name(name)) or _WRITTEN_TOGETHER.fullmatch(name):
            return True
        close = get_close_matches(name.casefold(), self.columns, n=1, cutoff=0.75)
        return bool(close) and len(name) > _SHORTEST_NAME

    def depend(self, found: Value) -> None:
        """Note that something hangs on the value in a way that cannot be told."""
        self.undecided.update(dict.fromkeys(found.names))

    def constant(self, thing: str | float | bool | None) -> Value:
        semantics = self.semantics
        if thing is None:
            printed, true = semantics.missing or "", False
        else:
            printed, true = str(thing), bool(thing)
        if thing == "" and isinstance(thing, str):
            true = semantics.empty_is_true
        elif thing == 0 and not isinstance(thing, (bool, str)):
            true = semantics.zero_is_true
        return value(
            told(on.absent(printed)), told(true), told(printed != "" and thing is not None), (),
            constant=(thing,), missing=told(thing is None),
        )  # fmt: skip

    def caught(self, found: Value, how: str) -> Maybe:
        """The condition under which a fallback steps in, see `Fallback.catches`."""
        if how == "missing":
            return found.missing
        if how == "falsy":
            return on.negate(found.truthy)
        if how == "empty":
            return on.negate(found.filled)
        if found.constant:
            text = found.constant[0]
            return told(text is None or not str(text).strip())
        if found.form:
            return on.negate(replace(found.form, trimmed=True).filled)
        return FALSE if found.blank == FALSE else None

    # --- one method for each kind -------------------------------------------------------------

    def _field(self, node: Field, scope: Scope) -> Value:
        set_here = scope.find(node.name.casefold())
        head = node.name.casefold().partition(".")[0]
        if set_here is None and head != node.name.casefold():
            whole = scope.find(head)
            set_here = None if whole is None else Value(names=whole.names)
        if set_here is not None and not set_here.free:
            return set_here
        name = self.resolve(node.name)
        place = (node.start, node.end) if node.end > node.start else self.here
        self.uses.append((name, *place))
        if self.columns is not None and name.casefold() not in self.columns:
            return Value(names=(name,), defined=False, free=True)
        return self.cell(name)

    def cell(self, name: str) -> Value:
        """The value of a field."""
        blank, empty = on.blank(name), on.empty(name)
        text = self.semantics.empty_cell == "text"
        truthy: Maybe = on.truthy(name)
        if self.semantics.zero_is_true:
            truthy = all_of(on.negate(empty), on.negate(on.is_boolean(name, False)))
        always = text and self.semantics.empty_is_true
        if always:
            truthy = on.negate(on.is_boolean(name, False))
        return Value(
            blank,
            truthy,
            on.negate(empty),
            blank if always else all_of(blank, on.negate(empty)),
            FALSE if always else empty,
            (name,),
            form=Form(name),
            defined=True,
            free=True,
            missing=FALSE if text else empty,
        )

    def _unknown(self, node: Unknown, scope: Scope) -> Value:
        return Value(names=union(*(self._field(one, scope).names for one in node.fields)))

    def _fallback(self, node: Fallback, scope: Scope) -> Value:
        left = self.evaluate(node.value, scope)
        right = self.evaluate(node.otherwise, scope)
        names = union(left.names, right.names)
        if left.defined is False:  # there is no such field
            return replace(right, names=names, form=None, length=None, constant=None)
        if node.catches == "falsy":
            return self._first_true(left, right)
        caught = self.caught(left, node.catches)
        kept = on.negate(caught)
        blank_too: Maybe = all_of(left.blank, kept)
        if node.catches == "blank" and left.form:
            blank_too = all_of(left.blank, on.negate(on.empty(left.form.name)), kept)
        # Nothing in the place of nothing changes nothing.
        blank = any_of(blank_too, all_of(caught, right.blank))
        return value(
            left.blank if right.blank == TRUE else blank,
            any_of(all_of(left.truthy, kept), all_of(caught, right.truthy)),
            any_of(all_of(left.filled, kept), all_of(caught, right.filled)),
            names,
            defined=agreed(left, right),
            missing=any_of(all_of(left.missing, kept), all_of(caught, right.missing)),
        )

    def _both(self, node: Both, scope: Scope) -> Value:
        left, right = self.evaluate(node.left, scope), self.evaluate(node.right, scope)
        return value(
            any_of(left.blank_false, all_of(left.truthy, right.blank)),
            all_of(left.truthy, right.truthy),
            on.choose(left.truthy, right.filled, left.filled),
            union(left.names, right.names),
            defined=agreed(left, right),
        )

    def _either(self, node: Either, scope: Scope) -> Value:
        left, right = self.evaluate(node.left, scope), self.evaluate(node.right, scope)
        if left.defined is False:
            return replace(right, names=union(left.names, right.names), form=None, constant=None)
        return self._first_true(left, right)

    def _first_true(self, left: Value, right: Value) -> Value:
        """``left`` where it counts as true, else ``right``."""
        found = either(left, right)
        filled = found.filled
        if self.semantics.empty_is_true:
            filled = on.choose(left.truthy, left.filled, right.filled)
        missing = all_of(on.negate(left.truthy), right.missing)
        return replace(found, filled=filled, missing=missing)

    def _not(self, node: Not, scope: Scope) -> Value:
        inner = self.evaluate(node.value, scope)
        return boolean(on.negate(inner.truthy), inner.names)

    def _exists(self, node: Exists, scope: Scope) -> Value:
        inner = self.evaluate(node.value, scope)
        if inner.defined is False:
            return boolean(FALSE, inner.names)
        return boolean(on.negate(self.caught(inner, node.counts)), inner.names)

    def _compare(self, node: Compare, scope: Scope) -> Value:
        left, right = self.evaluate(node.left, scope), self.evaluate(node.right, scope)
        names = union(left.names, right.names)
        if node.operator == "contains":
            return boolean(compared("in", right, left), names)
        for one, other in ((left, right), (right, left)):
            if node.operator in ("eq", "ne") and other.constant == (None,) and not one.constant:
                same = one.missing
                return boolean(same if node.operator == "eq" else on.negate(same), names)
        return boolean(compared(node.operator, left, right), names)

    def _call(self, node: Call, scope: Scope) -> Value:
        if node.name == "choose" and len(node.arguments) == 3:
            return self._choose(node, scope)
        given = [self.evaluate(argument, scope) for argument in node.arguments]
        names = union(*(one.names for one in given))
        found = self._called(node.name, given[0], given[1:]) if given else Value()
        return replace(found, names=names, free=False)

    def _choose(self, node: Call, scope: Scope) -> Value:
        test = self.branch(node.arguments[0], scope)
        yes, no = (self.evaluate(one, scope) for one in node.arguments[1:])
        found = merged(test.truthy, yes, no)
        return replace(found, names=union(test.names, yes.names, no.names), free=False)

    def _called(self, name: str, subject: Value, others: list[Value]) -> Value:
        if name in ("upper", "lower") and not others:
            form = replace(subject.form, case=name) if subject.form else None
            return self._text(subject.blank, subject.filled, form)
        if name == "trim" and not others:
            if subject.constant:
                return self.constant(str(subject.constant[0] or "").strip())
            form = replace(subject.form, trimmed=True) if subject.form else None
            return self._text(subject.blank, form.filled if form else None, form)
        if name in TRANSPARENT and not others:
            return self._text(subject.blank, subject.filled)
        if name == "pad":  # blanks around it
            return self._text(subject.blank, None)
        if name == "append" and others:
            joined = together([subject, *others])
            return self._text(joined.blank, joined.filled)
        if name == "length" and not others:
            true = TRUE if self.semantics.zero_is_true else subject.filled
            known = true if subject.form else None
            return Value(FALSE, known, TRUE, length=subject.form, defined=True)
        if name == "truncate" and subject.form and others and others[0].constant:
            size = others[0].constant[0]
            if isinstance(size, int) and size >= _SHORTEST_CUT:
                return self._text(subject.blank, None)
        return Value()

    def _text(self, blank: Maybe, filled: Maybe, form: Form | None = None) -> Value:
        true = TRUE if self.semantics.empty_is_true else filled
        return value(blank, true, filled, (), form=form, missing=FALSE)
