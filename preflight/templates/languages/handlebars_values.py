"""What paths and helpers of Handlebars stand for."""

from __future__ import annotations

import re
from functools import reduce
from typing import TYPE_CHECKING

from preflight.templates.languages.handlebars_expressions import (
    Argument,
    Condition,
    Helper,
    Path,
    parse,
)
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

if TYPE_CHECKING:
    from collections.abc import Sequence

    from preflight.templates.naming import Naming

_DEFAULT = re.compile(r"\s*+default\s*=\s*+(.*)", re.S)
_SIGNS = {"==": "eq", "!=": "ne", "<": "lt", "<=": "lteq", ">": "gt", ">=": "gteq"}
_COMPARISON = re.compile(
    r"\s*+(?P<left>[\w.]++)\s*+(?P<sign>[=!]=|[<>]=?)\s*+(?P<right>\"[^\"]*+\"|'[^']*+'|[\w.]++)\s*+"
)
_NAME = re.compile(r"(?<![\w.'\"])[A-Za-z_]\w*")
_PIPE = re.compile(r"\s*+([\w.]++)\s*+\|\s*+([^|{}]*+)\Z")


class Values:
    """Evaluates expressions, inside blocks that change what names mean.

    A context is a prefix for names (``{{#with address}}``), a value that names do not change
    (a section of a single value), or None: the parts of a list, of which nothing is known.
    """

    def __init__(self, text: str, own: Naming) -> None:
        self.text = text
        self.own = own
        self.contexts: list[_Context] = [_Context()]
        self.assigned: set[str] = set()  # variables that the template sets

    def leave(self) -> None:
        self.contexts.pop()

    def enter(self, argument: Argument | None) -> None:
        """Into ``with``: names are parts of that value; of None: nothing changes."""
        here = self.contexts[-1]
        if isinstance(argument, Path) and argument.names and not here.items:
            prefix = (*here.prefix, *argument.names)
            self.contexts.append(_Context(prefix, this=self.argument(argument)))
        elif argument is None:
            self.contexts.append(here)
        else:
            self.contexts.append(_Context(items=True))

    def enter_items(self, names: Sequence[str]) -> None:
        """Into ``each``."""
        here = self.contexts[-1]
        self.contexts.append(_Context(here.prefix, items=True, named=(*here.named, *names)))

    def enter_section(self, value: Expression, *, inverse: bool) -> None:
        """Into ``{{#x}}``: a single value, or the parts of a list."""
        here = self.contexts[-1]
        if inverse:
            self.contexts.append(here)
        else:
            self.contexts.append(_Context(here.prefix, here.items, here.named, this=value))

    def name(self, written: str, start: int, end: int) -> Expression:
        """A name of Mustache: it may hold blanks."""
        if written.strip() == ".":
            return self.contexts[-1].this
        up = written.count("../")
        names = [part for part in written.replace("../", "").split(".") if part]
        return self.path(Path(tuple(names), up, start, end))

    def path(self, path: Path) -> Expression:
        here = self.contexts[-1]
        names, up = list(path.names), path.up
        if names and names[0] == "@root":
            return self.own.value(names[1:], path.start, path.end) if names[1:] else Unknown()
        if names and names[0].startswith("@"):
            found = self.own.value(names, path.start, path.end)
            return found if isinstance(found, System) else Unknown()
        if names and (names[0] in here.named or names[0] in self.assigned):
            return Unknown()
        depth = len(self.contexts) - 1
        if up:
            outer = [one for one in self.contexts if not _same(one, here)]
            here = outer[-up] if 0 < up <= len(outer) else self.contexts[0]
        if not names:
            return here.this if depth else Unknown()
        if here.items:
            whole = self.own.value(names, path.start, path.end)
            return whole if isinstance(whole, System) else Unknown()
        return self.own.value((*here.prefix, *names), path.start, path.end)

    def argument(self, argument: Argument) -> Expression:
        if isinstance(argument, Path):
            return self.path(argument)
        if isinstance(argument, Condition):
            return self._compared(argument)
        return argument if isinstance(argument, Constant) else self.value(argument)

    def _compared(self, condition: Condition) -> Expression:
        """Mandrill's condition in back quotes; only a single comparison is followed."""
        found = _COMPARISON.fullmatch(self.text, condition.start, condition.end)
        if found:
            left, right = (parse(self.text, *found.span(side)) for side in ("left", "right"))
            return Compare(_SIGNS[found["sign"]], self.value(left), self.value(right))
        names = _NAME.finditer(self.text, condition.start, condition.end)
        words = (name for name in names if name.group() not in ("and", "or", "not"))
        return Unknown(tuple(Field(word.group(), *word.span()) for word in words))

    def knows(self, path: Path) -> bool:
        """Whether a first word is a helper."""
        name = path.names[-1] if path.names else ""
        return name in self.own.filters or self.own.tag(name) is not None

    def value(self, helper: Helper) -> Expression:
        """What a tag prints, or an inner expression comes to."""
        if helper.path is None:
            first = helper.arguments[0] if helper.arguments else Constant("")
            return self.argument(first)
        name = helper.path.names[-1] if helper.path.names else ""
        if self.own.tag(name) == "system":
            return System(name)
        if not helper.arguments and not helper.named:
            return self.path(helper.path)
        given = [self.argument(argument) for argument in helper.arguments]
        given += [self.argument(argument) for _key, argument in helper.named]
        return self._called(name, given)

    def _called(self, name: str, given: list[Expression]) -> Expression:
        meaning = self.own.meaning(name)
        if meaning == "fallback" and len(given) == 2:
            return Fallback(given[0], _without_key(given[1]), "falsy")
        if meaning in ("and", "or") and given:
            joined = Both if meaning == "and" else Either
            return reduce(joined, given)
        if meaning == "not" and given:
            return Not(Exists(given[0], "falsy"))
        if meaning in ("eq", "ne", "lt", "lteq", "gt", "gteq", "contains") and len(given) == 2:
            return Compare(meaning, given[0], given[1])
        return Call(meaning or name, tuple(given)) if given else Unknown()

    def block_test(self, helper: Helper, name: str) -> Expression | None:
        """The test of a block that is a comparison: ``{{#equals a b}}``, ``{{#if (eq a b)}}``."""
        given = [self.argument(argument) for argument in helper.arguments]
        if name in ("if", "unless"):
            inner = helper.arguments[0] if helper.arguments else None
            return self._condition(given[0]) if isinstance(inner, (Helper, Condition)) else None
        meaning = self.own.meaning(name)
        if meaning in ("and", "or"):
            tests: list[Expression] = [Exists(one, "falsy") for one in given]
            return reduce(Both if meaning == "and" else Either, tests) if tests else None
        if meaning in ("eq", "ne", "lt", "lteq", "gt", "gteq", "contains") and len(given) == 2:
            return Compare(meaning, given[0], given[1])
        return None

    def _condition(self, value: Expression) -> Expression:
        tests = (Both, Either, Not, Compare, Exists, Unknown)
        return value if isinstance(value, tests) else Exists(value, "falsy")

    def own_fallback(self, text: str, start: int, end: int) -> Helper | None:
        """``{{first_name | there}}``: SendGrid's fallback, as if it were a helper."""
        if "pipe" not in self.own.spellings:
            return None
        found = _PIPE.match(text, start, end)
        if found is None:
            return None
        subject = parse(text, *found.span(1))
        if subject.path is None:
            return None
        insert = Path(("insert",), 0, found.start(), found.start())
        return Helper(insert, (subject.path, Constant(found[2].strip())))


class _Context:
    """See `Values`."""

    def __init__(
        self,
        prefix: tuple[str, ...] = (),
        items: bool = False,
        named: tuple[str, ...] = (),
        this: Expression | None = None,
    ) -> None:
        self.prefix = prefix
        self.items = items
        self.named = named
        self.this = this or Unknown()


def _same(one: _Context, other: _Context) -> bool:
    return one is other


def _without_key(value: Expression) -> Expression:
    """``"default=there"`` says ``there``."""
    if isinstance(value, Constant) and isinstance(value.value, str):
        found = _DEFAULT.fullmatch(value.value)
        if found:
            return Constant(found[1])
    return value
