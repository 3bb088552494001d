"""Filters made by chance, and what logic claims of them held against every row of a small table
that has all combinations of some values, NULL among them."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections import Counter
from collections.abc import Iterator, Sequence

import duckdb

from preflight.audience.columns import Kind
from preflight.audience.compile import to_sql
from preflight.audience.condition import parse
from preflight.audience.logic import Logic
from preflight.audience.misread import ConditionError
from preflight.audience.names import Names, Term
from preflight.audience.structure import Joint, Piece

NOW = dt.datetime(2026, 11, 2, 9, 0)

VALUES: dict[str, tuple[Kind, tuple[str | None, ...]]] = {
    "country": (Kind.TEXT, (None, "FR", "DE", "fr", "F", "FRx", " FR", "Zürich", "")),
    "score": (Kind.INTEGER, (None, "0", "3", "5", "6", "60")),
    "rate": (Kind.NUMBER, (None, "0.5", "3.0", "4.5")),
    "since": (Kind.DATE, (None, "2019-12-31", "2020-02-29", "2026-10-30", "2026-11-03")),
    "vip": (Kind.BOOLEAN, (None, "true", "false")),
    "known": (Kind.BOOLEAN, ("true", "false")),  # a fact of the ledger: never NULL
}
_SQL = {name: f"c{at}" for at, name in enumerate(VALUES)} | {"known": "f_known"}
_LITERALS = {
    "country": ("FR", "DE", "fr", "F", "de", "", "Zürich", "ZÜRICH", "FR "),
    "score": ("0", "3", "5", "6", "-1", "4.5", "'5'", "60"),
    "rate": ("0.5", "3", "4", "-2.5"),
    "since": (
        "'2020-02-29'", "'2019-12-31'", "current_date", "current_date - interval '3 days'",
        "date '2026-10-30'", "current_date - interval '1 year'", "'2026-10-30 00:00'",
    ),
}  # fmt: skip
_PATTERNS = ("F%", "%R", "%r%", "_R", "FR", "%", "f%", "fr%", "D_", "%FR%", "Z%h", "", "F_%")


def filters(chance: random.Random) -> Iterator[str]:
    """Conditions without end."""
    while True:
        columns = chance.sample(sorted(VALUES), chance.choice((1, 1, 2, 2, 3)))
        yield _joined(chance, columns, chance.choice((0, 1, 1, 1, 2, 2)))


def _joined(chance: random.Random, columns: list[str], depth: int) -> str:
    if depth == 0:
        return _test(chance, chance.choice(columns))
    word = chance.choice((" and ", " or ", " AND\n"))
    parts = [_joined(chance, columns, depth - 1) for _ in range(chance.choice((2, 2, 3)))]
    text = word.join(f"({part})" if chance.random() < 0.6 else part for part in parts)
    return f"not ({text})" if chance.random() < 0.15 else text


def _test(chance: random.Random, column: str) -> str:
    kind = VALUES[column][0]
    pick = chance.random()
    if pick < 0.14:
        return f"{column} is {chance.choice(('', 'not '))}null"
    if kind is Kind.BOOLEAN:
        return chance.choice(
            (column, f"not {column}", f"{column} is true", f"{column} is not true",
             f"{column} is false", f"{column} is not false", f"{column} = true",
             f"{column} = 'false'", f"coalesce({column}, false)", f"{column} <> false")
        )  # fmt: skip
    literal = lambda: _literal(chance, column)  # noqa: E731
    if kind is Kind.TEXT and pick < 0.4:
        return _of_text(chance, column)
    if kind is Kind.DATE and pick < 0.25:
        return chance.choice(
            (f"year({column}) = {chance.choice((2019, 2020, 2026))}", f"month({column}) > 2",
             f"day({column}) = 29", f"{column} + interval '1 month' > current_date",
             f"year({column}) <> 2020")
        )  # fmt: skip
    if pick < 0.5:
        items = ", ".join({literal() for _ in range(3)} | ({"null"} if pick < 0.43 else set()))
        return f"{column} {chance.choice(('', 'not '))}in ({items})"
    if pick < 0.6:
        return f"{column} {chance.choice(('', 'not '))}between {literal()} and {literal()}"
    if pick < 0.64:
        return f"{column} is {chance.choice(('', 'not '))}distinct from {literal()}"
    if pick < 0.67:
        return f"coalesce({column}, {literal()}) = {literal()}"
    if pick < 0.69:
        return f"({column} = {literal()}) is {chance.choice(('true', 'not true', 'null', 'false'))}"
    if pick < 0.71:
        return chance.choice(("true", "false", "null = 1", f"{column} = {column}"))
    sign = chance.choice(("=", "=", "<>", "<", "<=", ">", ">="))
    sides = [column, literal()]
    return f" {sign} ".join(sides if chance.random() < 0.9 else reversed(sides))


def _of_text(chance: random.Random, column: str) -> str:
    function = chance.choice(("lower", "upper", "trim", "lower(trim", "length"))
    if function == "length":
        return f"length({column}) {chance.choice(('=', '>', '<'))} {chance.choice((0, 1, 2, 3))}"
    tested = f"{function}({column})" + ")" * ("(" in function)
    tested = chance.choice((tested, column))
    if chance.random() < 0.5:
        return f"{tested} {chance.choice(('=', '<>'))} {_literal(chance, column)}"
    word = chance.choice(("like", "not like", "ilike", "not ilike"))
    return f"{tested} {word} '{chance.choice(_PATTERNS)}'"


def _literal(chance: random.Random, column: str) -> str:
    text = chance.choice(_LITERALS[column])
    return f"'{text}'" if VALUES[column][0] is Kind.TEXT else text


class Table:
    """Every combination of the values of the columns that a filter names."""

    def __init__(self) -> None:
        self.names = Names(
            {
                name: Term(_SQL[name], kind, typed=name == "known")
                for name, (kind, _) in VALUES.items()
            },
            NOW,
        )
        self.connection = duckdb.connect()
        self.made: set[str] = set()
        self.claims: Counter[str] = Counter()

    def rows(self, condition: str) -> str:
        used = sorted({column.name for column in parse(condition).columns} or {"vip"})
        table = "rows_of_" + "_".join(used)
        if table not in self.made:
            self.made.add(table)
            parts = []
            for name in used:
                values = ", ".join(
                    "(NULL::VARCHAR)" if one is None else f"('{one}')" for one in VALUES[name][1]
                )
                column = f"v::BOOLEAN AS {_SQL[name]}" if name == "known" else f"v AS {_SQL[name]}"
                parts.append(f"(SELECT {column} FROM (VALUES {values}) t(v))")
            self.connection.execute(f"CREATE TABLE {table} AS SELECT * FROM {', '.join(parts)}")
        return table

    def sql(self, text: str) -> str:
        return f"coalesce(({to_sql(text, self.names)}), false)"

    def disagreements(self, text: str) -> list[str]:
        """What logic claims of a filter and some row belies."""
        try:
            kept = self.sql(text)
        except ConditionError:
            self.claims["not a filter"] += 1
            return []
        logic = Logic(parse(text), self.names, NOW)
        asked = {**dict(self._claims(text, logic)), "any": "kept", "other": "NOT kept"}
        counts = self.connection.execute(
            f"SELECT {', '.join(f'count(*) FILTER (WHERE {one})' for one in asked.values())} "
            f"FROM (SELECT *, {kept} AS kept FROM {self.rows(text)})"
        ).fetchone()
        assert counts is not None
        self.claims.update(name.split(":")[0] for name in asked if name not in ("any", "other"))
        self.claims["decided"] += logic.decided
        found = dict(zip(asked, counts, strict=True))
        wrong = [name for name, count in found.items() if count and name not in ("any", "other")]
        wrong += self._witnesses(text, logic, kept)
        self._count_missed(logic, found)
        return wrong

    def _claims(self, text: str, logic: Logic) -> Iterator[tuple[str, str]]:
        """Claim -> the rows that would belie it."""
        if logic.never:
            yield "never", "kept"
            for piece in logic.clash():
                assert piece.text(text)
            together = " and ".join(f"({piece.text(text)})" for piece in logic.clash())
            if together:
                yield "clash", self.sql(together)
        if logic.always:
            yield "always", "NOT kept"
        idle = list(logic.idle())
        for number, piece in enumerate(idle):
            yield f"idle:{number}", f"{self.sql(without(text, (piece,), logic))} <> kept"
        if len(idle) > 1:
            yield "idle together", f"{self.sql(without(text, idle, logic))} <> kept"
        for number, piece in enumerate(logic.hollow()):
            yield f"hollow:{number}", self.sql(piece.text(text))
        for number, piece in enumerate(logic.full()):
            names = {column.name for column in parse(piece.text(text)).columns}
            filled = " AND ".join([f"{_SQL[name]} IS NOT NULL" for name in names] or ["true"])
            yield f"full:{number}", f"{filled} AND NOT {self.sql(piece.text(text))}"

    def _witnesses(self, text: str, logic: Logic, kept: str) -> Iterator[str]:
        for name, row, wanted in (
            ("witness", logic.witness(), True),
            ("counterexample", logic.counterexample(), False),
        ):
            if row is None:
                continue
            self.claims[name] += 1
            values = [f"{_shown(value)} AS {_SQL[column.lower()]}" for column, value in row.items()]
            values += [
                f"{'false' if column == 'known' else 'NULL::VARCHAR'} AS {_SQL[column]}"
                for column in VALUES
                if column not in row
            ]
            found = self.connection.execute(f"SELECT {kept} FROM (SELECT {', '.join(values)})")
            if found.fetchone() != (wanted,):
                yield f"{name} {row}"

    def _count_missed(self, logic: Logic, found: dict[str, int]) -> None:
        """Filters that no row of the table fulfils, or all: logic should know most of them."""
        if not found["any"]:
            self.claims["no row"] += 1
            self.claims["no row, proven"] += logic.never
        if not found["other"]:
            self.claims["all rows"] += 1
            self.claims["all rows, proven"] += logic.always


def without(text: str, pieces: Sequence[Piece], logic: Logic) -> str:
    """The filter with some pieces taken out."""
    for piece in sorted(pieces, key=lambda one: -one.start):
        above = next(one for one in logic.root.walk() if any(part is piece for part in one.pieces))
        word = "true" if above.joint is Joint.AND else "false"
        start, end = piece.outer
        text = f"{text[:start]} {word} {text[end:]}"
    return text


def _shown(value: object) -> str:
    if value is None:
        return "NULL::VARCHAR"
    if isinstance(value, bool):
        return str(value).lower() if value in (True, False) else ""
    if isinstance(value, dt.datetime):
        return f"'{value.date()}'"
    return "'" + str(value).replace("'", "''") + "'"


def checked(count: int, seed: int) -> tuple[list[tuple[str, list[str]]], Counter[str]]:
    """So many filters: those of which a claim was wrong, and how often each claim was made."""
    table = Table()
    wrong = []
    for text in itertools.islice(filters(random.Random(seed)), count):
        found = table.disagreements(text)
        if found:
            wrong.append((text, found))
    return wrong, table.claims
