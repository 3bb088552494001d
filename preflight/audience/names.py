"""The names that a condition may use, and what each stands for."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from preflight.audience.columns import Kind, fold
from preflight.audience.condition import COMPARED, Condition
from preflight.audience.misread import Mistake

if TYPE_CHECKING:
    from preflight.audience.repeated import Repeated


@dataclass(frozen=True, slots=True)
class Term:
    """What a name stands for: a text expression of the engine, and what its values are.
    ``typed``: the expression has its type already (facts); else it is text to be cast."""

    sql: str
    kind: Kind
    typed: bool = False


@dataclass(frozen=True)
class Names:
    """The names that a condition may use.

    ``terms``: casefolded name -> term. ``missing``: casefolded name -> why it is not there (a fact
    whose ledger is not configured). ``shown``: as the list writes them. ``samples`` gives a few
    different values of a name, for messages; ``now`` is the clock; ``repeated``: what is known of
    the columns that repeat a few values, where conditions are asked of a long list.
    """

    terms: Mapping[str, Term]
    now: dt.datetime
    shown: tuple[str, ...] = ()
    missing: Mapping[str, str] | None = None
    samples: Callable[[str], list[str]] = lambda _name: []
    repeated: Repeated | None = None

    def did_you_mean(self, name: str) -> str:
        written = {fold(shown): shown for shown in reversed(self.shown)}
        known = [*(shown.casefold() for shown in self.shown), *self.terms]
        close = difflib.get_close_matches(name.casefold(), known, n=1, cutoff=0.6)
        return written.get(fold(close[0]), close[0]) if close else ""


def unknown_names(condition: Condition, names: Names) -> Iterable[Mistake]:
    """The columns of a condition that no contact has, with the likely one."""
    for column in condition.columns:
        key = column.name.casefold()
        if key in names.terms:
            continue
        start, end = condition.stretch(column)
        reason = (names.missing or {}).get(key)
        if reason:
            yield Mistake(start, end, f"“{column.name}” is not known: {reason}", "", column.name)
            continue
        close = names.did_you_mean(column.name)
        if _stands_as_value(column, names) and (column.this.quoted or not close):
            help, close = f"A text stands in single quotes: '{column.name}'.", ""
        elif close:
            help = f"Did you mean “{close}”?"
        else:
            shown = sorted(dict.fromkeys(names.shown), key=str.casefold)[:30]
            help = f"The columns are {', '.join(shown)}."
        message = f"no contact has a column “{column.name}”"
        yield Mistake(start, end, message, help, column.name, close)


def _stands_as_value(column: exp.Column, names: Names) -> bool:
    """Whether it stands where the value does with which another column is compared."""
    asked = column.parent.this if isinstance(column.parent, COMPARED) else None
    return isinstance(asked, exp.Column) and asked.name.casefold() in names.terms
