"""The words of a filter held against the words of the list."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import exp

    from preflight.audience.audience import Audience
    from preflight.audience.segment import Filter
    from preflight.audience.structure import Piece

PERSONAL = frozenset(
    ("email", "first_name", "last_name", "full_name", "phone", "introduced_by", "owner")
)
"""Columns of whose values a message may not speak."""

MOST_WORDS = 40
"""So many unknown words of a filter are looked for; more are a list, not a slip."""


@dataclass(frozen=True, slots=True)
class Word:
    """A literal of a filter that no contact has. ``near``: what the contacts have instead, and how
    many do; ``sure``: it differs in case, accents or blanks only, or in a letter of a long word."""

    piece: Piece
    column: str
    text: str
    start: int
    end: int
    near: str
    count: int
    sure: bool


@dataclass(frozen=True, slots=True)
class _Asked:
    piece: Piece
    column: exp.Column
    literal: exp.Expr
    text: str


def unknown_words(audience: Audience, where: Filter) -> Iterator[Word]:
    """The literals that no contact has, where the contacts have something very near."""
    asked = list(_asked(audience, where))
    if not asked:
        return
    counts = audience.scan([_equals(one) for one in asked], among="true", limit=1)
    written = {(one.column.name.casefold(), one.text) for one in asked}
    missing = [one for one, rows in zip(asked, counts, strict=True) if not rows.count]
    for one in missing[:MOST_WORDS]:
        found = _nearest(audience, one)
        if found is None:
            continue
        near, count, sure = found
        if (one.column.name.casefold(), near) in written:
            continue  # whoever writes down all spellings knows of them
        start, end = _place(where, one.literal)
        yield Word(one.piece, one.column.name, one.text, start, end, near, count, sure)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern of ``like`` that no contact fits, while ``count`` do but for small letters and
    capitals."""

    column: str
    text: str
    start: int
    end: int
    count: int


def patterns_in_other_capitals(audience: Audience, where: Filter) -> Iterator[Pattern]:
    """The patterns that nobody fits, because they are written in other capitals than the list."""
    from sqlglot import exp

    found: list[tuple[exp.Column, exp.Literal]] = []
    for piece in where.logic.root.tests if where.logic else ():
        node = piece.tree.unnest()
        node = node.this.unnest() if isinstance(node, exp.Not) else node
        column, pattern = node.this, node.args.get("expression")
        if not isinstance(node, exp.Like) or not isinstance(column, exp.Column):
            continue
        if isinstance(pattern, exp.Literal) and pattern.name.lower() != pattern.name.upper():
            found.append((column, pattern))
    if not found:
        return
    spellings = Counter((column.name.casefold(), like.name.casefold()) for column, like in found)
    tests = [f"{_name(column)} {{}} {_quoted(like.name)}" for column, like in found]
    exact = audience.scan([test.format("like") for test in tests], among="true", limit=1)
    loose = audience.scan([test.format("ilike") for test in tests], among="true", limit=1)
    for (column, like), fits, would in zip(found, exact, loose, strict=True):
        alone = spellings[column.name.casefold(), like.name.casefold()] == 1
        if alone and would.count and not fits.count:
            yield Pattern(column.name, like.name, *_place(where, like), would.count)


def _asked(audience: Audience, where: Filter) -> Iterator[_Asked]:
    """Every word that a column of text is compared with."""
    from sqlglot import exp

    from preflight.audience.columns import Kind, map_columns

    logic = where.logic
    for piece in logic.root.tests if logic else ():
        node = piece.tree.unnest()
        node = node.this.unnest() if isinstance(node, exp.Not) else node
        values: Sequence[exp.Expr] = ()
        if isinstance(node, (exp.EQ, exp.NEQ, exp.NullSafeEQ, exp.NullSafeNEQ)):
            values = [node.expression]
        elif isinstance(node, exp.In):
            values = node.expressions
        column = node.this if isinstance(node.this, exp.Column) else None
        if column is None:
            continue
        term = audience.names.terms.get(column.name.casefold())
        mapped = map_columns([column.name], {})[0].name.casefold()
        if term is None or term.kind is not Kind.TEXT or mapped in PERSONAL:
            continue
        for literal in values:
            if (
                isinstance(literal, exp.Literal)
                and literal.name.strip()
                and "@" not in literal.name
            ):
                yield _Asked(piece, column, literal, literal.name)


def _equals(one: _Asked) -> str:
    return f"{_name(one.column)} = {_quoted(one.text)}"


def _name(column: exp.Column) -> str:
    return '"' + column.name.replace('"', '""') + '"'


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _nearest(audience: Audience, one: _Asked) -> tuple[str, int, bool] | None:
    """The value that is meant: the same but for case, accents and blanks; else with a letter or
    two wrong, when there is just one such."""
    field = audience.sql(f"{_name(one.column)} is null").removesuffix(" IS NULL")
    values = f"SELECT {field} AS v, count(*) AS n FROM people WHERE {field} IS NOT NULL GROUP BY 1"
    plain = r"regexp_replace(lower(strip_accents(v)), '[^\p{L}\p{N}]+', '', 'g')"
    folded = _folded(one.text)
    same = audience.query(
        f"SELECT v, n FROM ({values}) WHERE {plain} = ? "
        f"OR (regexp_full_match(v, '0*[0-9]+') AND ltrim(v, '0') = ?) ORDER BY n DESC, v LIMIT 2",
        [folded or one.text, one.text if one.text.isdigit() else ""],
    )
    if same:
        return str(same[0][0]), int(same[0][1]), len(same) == 1
    most = _slips(folded)
    if not most:
        return None
    near = audience.query(
        f"SELECT v, n, damerau_levenshtein({plain}, ?) AS d FROM ({values}) "
        f"WHERE length(v) BETWEEN ? AND ? AND d <= ? ORDER BY d, n DESC, v LIMIT 3",
        [folded, len(folded) - most, len(folded) + most + 4, most],
    )
    near = [
        row for row in near if _is_slip(folded, _folded(str(row[0]))) and "@" not in str(row[0])
    ]
    if not near or (len(near) > 1 and near[1][2] == near[0][2]):
        return None
    return str(near[0][0]), int(near[0][1]), True


def _folded(text: str) -> str:
    from preflight.audience.columns import fold

    return fold(text)


def _slips(word: str) -> int:
    """How many letters of a word may be wrong; short codes and what holds digits have no slips."""
    if len(word) < 5 or re.search(r"\d", word):
        return 0
    return 1 if len(word) < 8 else 2


def _is_slip(one: str, other: str) -> bool:
    """``subscribed`` and ``unsubscribed`` are near and mean the opposite."""
    if re.search(r"\d", other):
        return False
    short, long = sorted((one, other), key=len)
    return not (len(long) - len(short) >= 2 and long.endswith(short))


def _place(where: Filter, literal: exp.Expr) -> tuple[int, int]:
    from preflight.audience.condition import stretch_of

    return stretch_of(literal, where.text)
