"""Whether what is said of a template holds for every row: the proof against brute force."""

from __future__ import annotations

import datetime as dt
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from random import Random
from typing import Any, cast

import duckdb
from random_templates import (
    COLUMNS,
    MARK,
    Row,
    Templates,
    compiled,
    pieces,
    random_rows,
    values,
)

from preflight.absence import ABSENCE_WORDS, says_nothing
from preflight.audience.columns import Kind
from preflight.audience.compile import to_sql
from preflight.audience.names import Names, Term
from preflight.source import Excerpt, Source
from preflight.templates.jinja import read_jinja
from preflight.templates.model import Parsed, Tag, Template
from preflight.templates.probe import Asked, probe

_KINDS = (Kind.TEXT, Kind.TEXT, Kind.TEXT, Kind.BOOLEAN, Kind.INTEGER)
NAMES = Names(
    {name: Term(name, kind) for name, kind in zip(COLUMNS, _KINDS, strict=True)},
    dt.datetime(2026, 1, 1),
)
_SEVERAL = re.compile(
    rf"(?:\s|{'|'.join(re.escape(w) for w in sorted(ABSENCE_WORDS, key=len, reverse=True))})*", re.I
)

# The tags inside a macro tell what it prints, not the tag that calls it.
_CALL = re.compile(r"(?:m\d+|z|z\.m\d+|caller|super)\(")


@dataclass
class Tally:
    """``pairs``: of a template and a list. ``proven``, ``tried``: answers for a tag and a row that
    were compared, told by the tree or by trying values out. ``open``: told by neither, and so
    named. ``wrong``: disagreements."""

    pairs: int = 0
    proven: int = 0
    tried: int = 0
    open: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.pairs += other.pairs
        self.proven += other.proven
        self.tried += other.tried
        self.open += other.open
        self.wrong += other.wrong


@lru_cache(maxsize=100_000)
def _sql(condition: str) -> str:
    return to_sql(condition, NAMES)


class Lists:
    """A random list, as Jinja gets it and as a table of text, as lists are kept."""

    def __init__(self, random: Random, size: int = 10) -> None:
        cells = random_rows(random, size)
        self.rows: list[Row] = [values(row) for row in cells]
        self.connection = duckdb.connect(config={"threads": 1})
        columns = ", ".join(f"{name} varchar" for name in COLUMNS)
        self.connection.execute(f"create table list (i int, {columns})")
        self.connection.executemany(
            "insert into list values (?, ?, ?, ?, ?, ?)", [[i, *row] for i, row in enumerate(cells)]
        )

    def truth(self, conditions: Sequence[str]) -> list[tuple[bool, ...]]:
        """The truth of conditions, row by row."""
        if not conditions:
            return [() for _row in self.rows]
        columns = ", ".join(f"({_sql(condition)})" for condition in conditions)
        return self.connection.execute(f"select {columns} from list order by i").fetchall()


def _template(text: str, files: dict[str, str], parsed: Parsed) -> Template:
    whole = Template(
        cast(Any, None), "text", Excerpt.whole(Source("mail.txt", text)), "jinja", parsed,
        frozenset(COLUMNS),
    )  # fmt: skip
    fragments = {
        one.name: Template(
            cast(Any, None), "text", Excerpt.whole(one.source), "jinja", one.parsed,
            frozenset(COLUMNS), fragment=True,
        )
        for one in parsed.included
    }  # fmt: skip
    return Template(
        cast(Any, None), "text", whole.excerpt, "jinja", parsed, frozenset(COLUMNS), fragments
    )


def compare(seed: int, lists: Lists, blocks: int = 1) -> Tally:
    """One random template of so many blocks against one list, row by row."""
    generator = Templates(Random(seed))
    text = generator.template(blocks)
    files = generator.files

    def find(name: str) -> Source:
        from preflight.files import FileProblem

        if name not in files:
            raise FileProblem("not there")
        return Source(name, files[name])

    parsed = read_jinja(text, frozenset(COLUMNS), find)
    tally = Tally(pairs=1)
    if parsed.fault or any(one.parsed.fault for one in parsed.included):
        tally.wrong.append(f"{text}\n{files}\n{parsed.fault}")
        return tally
    template = _template(text, files, parsed)
    tags = [
        (int(mark[1]), Asked(file, tag))
        for file in (template, *template.files.values())
        for tag in file.parsed.tags
        if (mark := re.search("\ue000(\\d+)\ue001$", file.text[: tag.start]))
    ]
    try:  # Jinja computes constants here, and may fail on them
        brute = compiled(text, files)
    except Exception:  # noqa: BLE001
        return tally
    printed: list[dict[int, list[str]] | None] = []
    for row in lists.rows:
        try:
            printed.append(pieces(brute.render(row)))
        except Exception:  # noqa: BLE001 - a template that fails for a row claims nothing
            printed.append(None)
    whole = (text, files)
    _proven(tags, lists, printed, tally, whole)
    _tried(template, tags, lists, printed, tally, whole)
    return tally


Asking = list[tuple[int, Asked]]
Printing = list[dict[int, list[str]] | None]


def _proven(
    tags: Asking, lists: Lists, printed: Printing, tally: Tally, whole: tuple[Any, ...]
) -> None:
    conditions = [c for _n, (_f, tag) in tags for c in (tag.when, tag.blank) if c is not None]
    answers = lists.truth(conditions)
    for row, (answer, shown) in enumerate(zip(answers, printed, strict=True)):
        if shown is None:
            continue
        rest = iter(answer)
        for number, (_file, tag) in tags:
            when = next(rest) if tag.when is not None else None
            blank = next(rest) if tag.blank is not None else None
            got = shown.get(number, [])
            if when is not None:
                tally.proven += 1
                if when != bool(got):
                    _wrong(tally, "when", whole, lists.rows[row], tag, got)
            if blank is not None and got and not _CALL.match(tag.expression):
                tally.proven += 1
                joined = "~" in str(whole) or "+" in str(whole)
                likely = {any(map(says_nothing, got))}
                if joined:  # what several cells say together
                    likely.add(any(_SEVERAL.fullmatch(one) for one in got))
                if blank not in likely:
                    _wrong(tally, "blank", whole, lists.rows[row], tag, got)


def _tried(
    template: Template, tags: Asking, lists: Lists, printed: Printing, tally: Tally, whole: Any
) -> None:
    asked = [(n, one) for n, one in tags if one.tag.names and not one.tag.decided]
    if not asked:
        return
    answers = probe(template, [one for _n, one in asked], lists.rows, trusted=True)
    for index, (number, (_file, tag)) in enumerate(asked):
        names = [name.casefold() for name in tag.depends]
        speaks: dict[tuple[object, ...], int] = {}
        for row, shown in enumerate(printed):
            key = tuple(str(lists.rows[row].get(name)) for name in names)
            first = speaks.setdefault(key, row)
            if shown is None:
                continue
            if first not in answers.seen:
                tally.open += 1
                continue
            tally.tried += 1
            told = [MARK.sub("", text) for text in answers.printed.get((index, first), [])]
            if told != shown.get(number, []):
                rows = (lists.rows[first], lists.rows[row])
                _wrong(tally, "tried", whole, rows, tag, (told, shown.get(number, [])))


def _wrong(
    tally: Tally, what: str, whole: tuple[Any, ...], row: object, tag: Tag, got: object
) -> None:
    tally.wrong.append(f"{what}: {whole}\n{row}\n{tag}\n{got}")


def run(seeds: Sequence[int], templates: int = 50, blocks: int = 1) -> Tally:
    """Compare a template for each seed; so many in turn meet the same list."""
    tally = Tally()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the compiler, about random templates
        for number, seed in enumerate(seeds):
            if number % templates == 0:
                lists = Lists(Random(seed))
            tally.add(compare(seed, lists, blocks))
    return tally
