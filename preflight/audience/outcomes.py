"""What tags print that only rendering can tell, for every recipient.

Two contacts with the same values in all fields that a tag depends on get the same from it. So each
different combination of these values is rendered once, for the first contact that has it, and
counts for all who have it: as exact as rendering every mail, up to `MOST_RENDERED` combinations.
What was not rendered is named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from preflight.audience.audience import FIRST_ROWS, Audience
from preflight.audience.classes import values_of
from preflight.rule import Rows
from preflight.templates.model import Outcome, Template
from preflight.templates.probe import Answers, Asked, probe
from preflight.templates.render import JINJA

MOST_RENDERED = 50_000
"""Combinations of values that are rendered for all tags of a part, the most frequent first."""

_LONGEST = 200  # characters kept of what a tag printed
_SHOWN = 40
_FIRST = FIRST_ROWS


class Faulty(NamedTuple):
    """A tag that cannot be rendered for some recipients."""

    template: Template
    start: int
    end: int
    message: str
    rows: Rows


@dataclass(frozen=True)
class Outcomes:
    """The templates with what their tags printed, reasons for `not_checked`, and failures."""

    templates: tuple[Template, ...]
    untold: tuple[str, ...]
    faulty: tuple[Faulty, ...]


@dataclass(frozen=True, slots=True)
class _Group:
    """Recipients with the same values: how many, the first of them in order."""

    count: int
    first: tuple[int, ...]


def find_outcomes(audience: Audience, templates: Sequence[Template]) -> Outcomes:
    """Render what is undecided in the templates."""
    found: dict[int, dict[int, tuple[Outcome, ...]]] = defaultdict(dict)
    untold: list[str] = []
    faulty: list[Faulty] = []
    for main in templates:
        if main.fragment:
            continue
        asked = [
            Asked(file, tag)
            for file in (main, *main.files.values())
            for tag in file.parsed.tags
            if tag.names and not tag.decided and all(map(audience.has, tag.names))
        ]
        if not asked:
            continue
        safe = not any(file.parsed.hazards for file in (main, *main.files.values()))
        if not safe or main.dialect not in JINJA:
            why = "it is not safe to render" if not safe else "only its mailer can compute it"
            untold += [f"{_place(one)} was not looked at: {why}" for one in asked]
            continue
        work = _Work(audience, main, asked)
        for one, outcomes in work.outcomes():
            found[id(one.template)][one.tag.start] = outcomes
        untold += work.untold
        faulty += work.faulty()
    new = {id(t): replace(t, outcomes=found[id(t)]) if found[id(t)] else t for t in templates}
    templates = [
        replace(t, files={name: new[id(file)] for name, file in t.files.items()})
        if any(new[id(file)] is not file for file in t.files.values())
        else t
        for t in map(new.__getitem__, map(id, templates))
    ]
    return Outcomes(tuple(templates), tuple(untold), tuple(faulty))


class _Work:
    """One part of the mail: the combinations of values that matter, and what came of them."""

    def __init__(self, audience: Audience, main: Template, asked: Sequence[Asked]) -> None:
        self.audience = audience
        self.asked = asked
        self.untold: list[str] = []
        self.keys: list[tuple[str, ...]] = [
            tuple(sorted({name.casefold() for name in one.tag.depends if audience.has(name)}))
            for one in asked
        ]
        self.groups: dict[tuple[str, ...], dict[int, _Group]] = {}
        self.left_out: dict[tuple[str, ...], int] = {}
        total = audience.query("SELECT count(*) FROM people WHERE k_spoken")[0][0]
        found = {key: _groups(audience, key) for key in set(self.keys)}
        left = MOST_RENDERED
        for key in sorted(found, key=lambda key: (len(found[key]), key)):  # few values first
            self.groups[key] = dict(list(found[key].items())[:left])
            seen = sum(group.count for group in self.groups[key].values())
            self.left_out[key] = total - seen
            left -= len(self.groups[key])
        ordinals = sorted({row for groups in self.groups.values() for row in groups})
        self.index = {ordinal: row for row, ordinal in enumerate(ordinals)}
        used = {
            name.casefold()
            for file in (main, *main.files.values())
            for name, _start, _end in file.parsed.names
        }
        rows = list(values_of(audience, ordinals, used))
        self.answers: Answers = probe(main, asked, rows)

    def outcomes(self) -> Iterator[tuple[Asked, tuple[Outcome, ...]]]:
        for number, one in enumerate(self.asked):
            key = self.keys[number]
            sums: dict[str, list[_Group]] = {}
            unseen = self.left_out[key]
            for ordinal, group in self.groups[key].items():
                row = self.index[ordinal]
                if row not in self.answers.seen and self._failed_in(row) != number:
                    unseen += group.count
                for text in dict.fromkeys(self.answers.printed.get((number, row), ())):
                    sums.setdefault(text[:_LONGEST], []).append(group)
            if unseen:
                people = "one recipient" if unseen == 1 else f"{unseen:,} recipients"
                self.untold.append(f"{_place(one)} was not looked at for {people}")
            yield one, tuple(Outcome(text, *_together(groups)) for text, groups in sums.items())

    def faulty(self) -> Iterator[Faulty]:
        """Tags that fail for some values: one for each, with the first reason."""
        failed: dict[int, list[_Group]] = defaultdict(list)
        reasons: dict[int, str] = {}
        ordinals = list(self.index)
        for row, (number, message) in self.answers.failures.items():
            group = self.groups[self.keys[number]].get(ordinals[row]) if number >= 0 else None
            if group is not None:
                failed[number].append(group)
                reasons.setdefault(number, message)
        for number, groups in failed.items():
            template, tag = self.asked[number]
            rows = Rows(*_together(groups))
            yield Faulty(template, tag.start, tag.end, reasons[number], rows)

    def _failed_in(self, row: int) -> int:
        return self.answers.failures.get(row, (-1, ""))[0]


def _together(groups: Sequence[_Group]) -> tuple[int, tuple[int, ...]]:
    first = sorted(ordinal for group in groups for ordinal in group.first)
    return sum(group.count for group in groups), tuple(first[:_FIRST])


def _groups(audience: Audience, key: tuple[str, ...]) -> dict[int, _Group]:
    """The combinations of values of some fields by the first contact that has each, the most
    frequent first."""
    columns = [f"CAST({audience.names.terms[name].sql} AS VARCHAR)" for name in key]
    names = [f"k{index}" for index in range(len(key))]
    keyed = ["_row", *(f"{sql} AS {name}" for sql, name in zip(columns, names, strict=True))]
    top = f"SELECT {''.join(f'{name}, ' for name in names)}count(*) AS n, min(_row) AS r FROM keyed"
    top += f" GROUP BY {', '.join(names)}" if names else " HAVING count(*) > 0"
    same = " AND ".join(f"keyed.{name} IS NOT DISTINCT FROM top.{name}" for name in names)
    found = audience.query(
        f"WITH keyed AS (SELECT {', '.join(keyed)} FROM people WHERE k_spoken), "
        f"top AS ({top} ORDER BY n DESC, r LIMIT {MOST_RENDERED}) "
        f"SELECT top.r, top.n, min(keyed._row, {_FIRST}) FROM top JOIN keyed ON {same or 'true'} "
        "GROUP BY top.r, top.n ORDER BY top.n DESC, top.r"
    )
    return {row: _Group(count, tuple(first)) for row, count, first in found}


def _place(one: Asked) -> str:
    span = one.template.span(one.tag.start, one.tag.end)
    source = " ".join(one.template.text[one.tag.start : one.tag.end].split())
    shown = source if len(source) <= _SHOWN else source[: _SHOWN - 1] + "…"
    return f"what {shown} prints ({span.source.path}:{span.start_place.line})"
