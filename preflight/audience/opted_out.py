"""What a list itself says of people who want no mail: columns such as ``unsubscribed``, ``Do Not
Contact`` or ``status``. The words are data (``preflight/data/opt_out.json``)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from preflight.audience.columns import Column, Kind, fold

if TYPE_CHECKING:
    from preflight.audience.audience import Audience


@dataclass(frozen=True)
class _Words:
    flags: frozenset[str]
    left_out: frozenset[str]
    states: frozenset[str]
    words: frozenset[str]
    yes: frozenset[str]
    state_pattern: str
    yes_pattern: str


@cache
def _words() -> _Words:
    data = json.loads(files("preflight.data").joinpath("opt_out.json").read_text("utf-8"))
    folded = {
        key: frozenset(fold(word) for word in data[key])
        for key in ("flags", "left_out", "states", "words", "yes")
    }
    return _Words(
        **folded,
        state_pattern=_pattern(data["words"]),
        yes_pattern=_pattern(data["yes"], r"\d{4}-\d\d-\d\d.*"),
    )


def _pattern(words: Iterable[str], *more: str) -> str:
    """RE2: the whole cell is one of the words, whatever stands between their parts."""
    known = ["[ _-]*".join(map(re.escape, word.split())) for word in words]
    return rf"(?i)^\s*({'|'.join((*known, *more))})\s*$"


def opt_out_columns(columns: Iterable[Column]) -> tuple[Column, ...]:
    """The columns that tell who wants no mail."""
    return tuple(
        column for column in columns if _is_flag(column) or _names(column) & _words().states
    )


def opted_out(audience: Audience) -> str | None:
    """The condition under which the list itself says that a contact wants no mail; None when it
    has no column that could tell."""
    parts = [
        part for column in opt_out_columns(audience.columns) for part in _asks(audience, column)
    ]
    return " or ".join(parts) or None


def is_flag(name: str, *, or_left_out: bool = False) -> bool:
    """Whether a column of this name marks people who want no mail (or are to be left out)."""
    words = _words()
    return fold(name) in words.flags or (or_left_out and fold(name) in words.left_out)


def is_state(name: str) -> bool:
    """Whether a column of this name holds a word such as ``subscribed`` or ``bounced``."""
    return fold(name) in _words().states


def means_no_mail(value: str) -> bool:
    """Whether a word in such a column means that no mail is wanted."""
    return fold(value) in _words().words


def means_yes(value: str) -> bool:
    return fold(value) in _words().yes


def _names(column: Column) -> set[str]:
    return {fold(column.name), fold(column.header)}


def _is_flag(column: Column) -> bool:
    return bool(_names(column) & _words().flags)


def _asks(audience: Audience, column: Column) -> Iterator[str]:
    name = '"' + column.name.replace('"', '""') + '"'
    words = _words()
    if not _is_flag(column):
        yield f"matches({name}, '{words.state_pattern}')"
        return
    match audience.names.terms[column.name.casefold()].kind:
        case Kind.BOOLEAN:
            yield f"coalesce({name}, false)"
        case Kind.INTEGER:
            yield f"coalesce({name} = 1, false)"
        case Kind.DATE | Kind.TIMESTAMP:
            yield f"not empty({name})"
        case Kind.TEXT:
            yield f"matches({name}, '{words.yes_pattern}')"
            yield f"matches({name}, '{words.state_pattern}')"
