"""Prepared greetings that name somebody else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from preflight.audience.audience import FIRST_ROWS, Contact
from preflight.rule import Problem, Rows, Severity, rule
from preflight_rules.cells import column_of, folded, printed_columns

if TYPE_CHECKING:
    from preflight.audience.columns import Column

_SHORTEST = 3
_WORDS = 5


@rule("greeting-for-another", on=Contact, severity=Severity.WARNING)
def greeting_for_another(contact: Contact) -> Iterator[Problem]:
    """A prepared greeting in the list names another person than its row."""
    audience = contact.audience
    found = [column_of(audience, name) for name in ("first_name", "last_name", "full_name")]
    names = [column.physical for column in found if column is not None]
    if not names:
        return
    for column in printed_columns(contact):
        if not _is_prepared(column):
            continue
        rows = [
            int(row)
            for row, phrase, *own in audience.query(_suspects(column, names), [_opening()])
            if _is_another(str(phrase), " ".join(str(part or "") for part in own))
        ]
        if rows:
            yield Problem(
                None,
                f"“{column.name}” of {{recipients}} greets somebody else than the row's own name",
                "Make the greetings again from the names beside them.",
                rows=Rows(len(rows), tuple(rows[:FIRST_ROWS])),
            )


def _suspects(column: Column, names: list[str]) -> str:
    """SQL: the rows whose greeting does not hold the first word of any of their names, with what
    stands behind the word of greeting."""
    text = f"strip_accents(lower({column.physical}))"
    own = [f"split_part(strip_accents(lower(trim({name}))), ' ', 1)" for name in names]
    held = " OR ".join(f"(length({part}) > 1 AND contains({text}, {part}))" for part in own)
    told = " OR ".join(f"length(trim({name})) > 1" for name in names)
    return (
        f"SELECT * FROM (SELECT _row, regexp_extract({column.physical}, ?, 1) AS phrase, "
        f"{', '.join(names)} FROM people WHERE k_spoken AND ({told}) "
        f"AND NOT coalesce({held}, false)) WHERE phrase <> '' ORDER BY _row"
    )


def _is_another(phrase: str, own: str) -> bool:
    """Whether the greeted words are a first name, and none that the row's own people go by."""
    words = folded(phrase).split()[:_WORDS]
    names = folded(own).split()
    if not words or not names:
        return False
    data = _data()
    groups = data.groups
    if any(word in data.nobody for word in words) or words[0] not in groups:
        return False
    whole = "".join(names)
    if not re.search("[a-z]", whole):
        return False  # another script: the greeting may be the same name in Latin letters
    for word in words:
        if word in names or word in whole:
            return False
        for name in names:
            if groups.get(word, frozenset()) & groups.get(name, frozenset()):
                return False
            shorter = min(len(word), len(name))
            if shorter >= _SHORTEST and (word.startswith(name) or name.startswith(word)):
                return False
            # Cut and grown again: Fredi for Frederik, Tomi for Tomasz.
            if shorter >= _SHORTEST and word[:_SHORTEST] == name[:_SHORTEST]:
                return False
    return True


def _is_prepared(column: Column) -> bool:
    from preflight.audience.columns import fold

    return bool({fold(column.name), fold(column.header)} & _data().columns)


@dataclass(frozen=True)
class _Data:
    columns: frozenset[str]
    nobody: frozenset[str]
    groups: dict[str, frozenset[int]]  # a folded name -> the lines in which it stands


@cache
def _data() -> _Data:
    from preflight.audience.columns import fold

    file = files("preflight_rules.placeholders").joinpath("nicknames.json")
    data = json.loads(file.read_text("utf-8"))
    groups: dict[str, set[int]] = {}
    for number, line in enumerate(data["groups"]):
        for name in folded(line).split():
            groups.setdefault(name, set()).add(number)
    return _Data(
        frozenset(map(fold, data["columns"])),
        frozenset(map(folded, data["nobody"])),
        {name: frozenset(lines) for name, lines in groups.items()},
    )


@cache
def _opening() -> str:
    """RE2: the words of greeting at the beginning of a cell; the group is who is greeted."""
    data = json.loads(files("preflight.data").joinpath("greetings.json").read_text("utf-8"))
    words = {re.escape(word) for words in data["greetings"].values() for word in words}
    spelt = "|".join(sorted(words, key=lambda word: (-len(word), word))).replace(r"\ ", r"\s+")
    return rf"^\s*(?i:{spelt})[\s,]+(\p{{Lu}}[\p{{L}}\p{{M}}'’.\- ]*?)\s*(?:[,!:;.?\n(]|$)"
