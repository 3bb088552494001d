"""The names that a condition may use, and what each stands for."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from preflight.audience.columns import Kind
from preflight.audience.condition import Condition
from preflight.audience.misread import Mistake


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
    whose ledger is not configured). ``samples`` gives a few different values of a name, for
    messages; ``now`` is the clock.
    """

    terms: Mapping[str, Term]
    now: dt.datetime
    shown: tuple[str, ...] = ()
    missing: Mapping[str, str] | None = None
    samples: Callable[[str], list[str]] = lambda _name: []

    def did_you_mean(self, name: str) -> str:
        close = difflib.get_close_matches(
            name.casefold(), [shown.casefold() for shown in self.shown], n=1, cutoff=0.6
        )
        for shown in self.shown:
            if close and shown.casefold() == close[0]:
                return shown
        return ""


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
        yield Mistake(
            start,
            end,
            f"no contact has a column “{column.name}”",
            f"Did you mean “{close}”?"
            if close
            else "The columns are " + ", ".join(sorted(names.shown, key=str.casefold)[:30]) + ".",
            column.name,
            close,
        )
