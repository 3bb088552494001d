"""What is known about a value in a template before any contact is looked at.

Nothing is rendered. Cells reach Jinja by one rule: an empty cell is '', true and false are
booleans, numbers are numbers, everything else is text. What other dialects make of an empty cell
is told by `preflight.templates.tree.Semantics`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from preflight.templates import conditions as on
from preflight.templates.conditions import FALSE, TRUE, Form, Maybe, all_of, any_of, choose

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_SWAPPED = {"lt": "gt", "lteq": "gteq", "gt": "lt", "gteq": "lteq"}


@dataclass(frozen=True, slots=True)
class Value:
    """A value as far as it can be told; the default is a value of which nothing is known.

    ``blank``: printed, it says nothing. ``truthy``: it counts as true. ``filled``: printed, it has
    at least one character. ``blank_true`` and ``blank_false``: blank, and counting as true or
    false. ``names``: the fields it depends on. ``form``: it is the text of a cell. ``length``: it
    is the length of that text. ``constant``: it is this constant. ``defined``: it exists. ``free``:
    the name stood for a field (not a variable of the template). ``missing``: it is no value at all,
    where the dialect has such a thing (nil, null). ``parts``: its attributes or items by name, as
    far as they are known. ``macro``: it is this macro (what that is, its dialect's reader knows).
    """

    blank: Maybe = None
    truthy: Maybe = None
    filled: Maybe = None
    blank_true: Maybe = None
    blank_false: Maybe = None
    names: tuple[str, ...] = ()
    form: Form | None = None
    length: Form | None = None
    constant: tuple[Any] | None = None
    defined: bool | None = None
    free: bool = False
    missing: Maybe = None
    parts: Mapping[Any, Value] | None = None
    macro: Any = None


@dataclass(slots=True)
class Scope:
    """The variables that a template sets, innermost first. ``inner``: inside a loop, a ``with`` or
    the like, whose variables end with it. ``bare``: the fields of the contact are not seen here:
    a file that was imported without context."""

    parent: Scope | None = None
    own: dict[str, Value] = field(default_factory=dict)
    inner: bool = False
    bare: bool = False

    def __post_init__(self) -> None:
        self.bare = self.bare or (self.parent is not None and self.parent.bare)

    def find(self, name: str) -> Value | None:
        scope: Scope | None = self
        while scope is not None:
            if name in scope.own:
                return scope.own[name]
            scope = scope.parent
        return None


def value(
    blank: Maybe,
    truthy: Maybe,
    filled: Maybe,
    names: tuple[str, ...],
    *,
    defined: bool | None = True,
    **known: Any,
) -> Value:
    """A value; the rest follows from what is given."""
    return Value(
        blank,
        truthy,
        filled,
        all_of(truthy, blank),
        all_of(on.negate(truthy), blank),
        names,
        defined=defined,
        **known,
    )


def constant(thing: object) -> Value:
    """A constant of the template."""
    return value(
        told(on.absent(str(thing))), told(bool(thing)), told(str(thing) != ""), (),
        constant=(thing,),
    )  # fmt: skip


@lru_cache(maxsize=1024)
def cell(name: str) -> Value:
    """The value of a field."""
    blank, empty = on.blank(name), on.empty(name)
    return Value(
        blank,
        on.truthy(name),
        on.negate(empty),
        all_of(blank, on.negate(empty)),  # zero and false are not blank
        empty,
        (name,),
        form=Form(name),
        defined=True,
        free=True,
    )


def boolean(condition: Maybe, names: tuple[str, ...]) -> Value:
    """The outcome of a test: prints True or False."""
    return value(FALSE, condition, TRUE, names)


NOTHING = value(TRUE, FALSE, FALSE, (), defined=False)
"""What an inline if without else leaves: it prints nothing, and ``default`` catches it."""


def agreed(*values: Value) -> bool | None:
    """Whether all are defined, or none is; None when that cannot be told."""
    known = {one.defined for one in values}
    return known.pop() if len(known) == 1 else None


def merged(test: Maybe, yes: Value, no: Value, names: tuple[str, ...] = ()) -> Value:
    """One value where the test is true, another where it is not."""
    if yes == no:
        return yes
    return Value(
        choose(test, yes.blank, no.blank),
        choose(test, yes.truthy, no.truthy),
        choose(test, yes.filled, no.filled),
        choose(test, yes.blank_true, no.blank_true),
        choose(test, yes.blank_false, no.blank_false),
        union(names, yes.names, no.names),
        defined=agreed(yes, no),
        free=yes.free or no.free,
    )


def either(left: Value, right: Value) -> Value:
    """``left or right``."""
    return value(
        any_of(left.blank_true, all_of(on.negate(left.truthy), right.blank)),
        any_of(left.truthy, right.truthy),
        any_of(left.truthy, right.filled),
        union(left.names, right.names),
        defined=agreed(left, right),
    )


def together(parts: Sequence[Value]) -> Value:
    """Texts one after the other: they say nothing when none of them says anything."""
    filled = any_of(*(part.filled for part in parts))
    return value(
        all_of(*(part.blank for part in parts)),
        filled,
        filled,
        union(*(part.names for part in parts)),
    )


def union(*names: Iterable[str]) -> tuple[str, ...]:
    """All names once, in order."""
    return tuple(dict.fromkeys(name for some in names for name in some))


def told(known: bool) -> Maybe:
    """The condition for what holds for everybody, or for nobody."""
    return TRUE if known else FALSE


def compared(operator: str, left: Value, right: Value) -> Maybe:
    """The condition under which a comparison holds; ``operator`` as Jinja names it."""
    if operator == "ne":
        return on.negate(compared("eq", left, right))
    if operator == "notin":
        return on.negate(compared("in", left, right))
    if operator == "in":
        return _contained(left, right)
    if left.constant and not right.constant:
        return compared(_SWAPPED.get(operator, operator), right, left)
    if not right.constant:
        return None
    other = right.constant[0]
    if left.constant:
        return told(left.constant[0] == other) if operator == "eq" else None
    if left.length and type(other) is int:
        return left.length.length(operator, other)
    if operator != "eq" or left.form is None:
        return None
    if isinstance(other, str):
        return left.form.equals(other)
    if other is None:
        return FALSE
    plain = not left.form.case and not left.form.trimmed
    return on.is_boolean(left.form.name, other) if isinstance(other, bool) and plain else None


def _contained(left: Value, right: Value) -> Maybe:
    if right.constant and isinstance(right.constant[0], tuple):
        items = right.constant[0]
        if left.form and all(isinstance(item, str) for item in items):
            return left.form.among(items)
        return any_of(*(compared("eq", left, constant(item)) for item in items))
    if right.form and left.constant and isinstance(left.constant[0], str):
        return right.form.contains(left.constant[0])
    return None
