"""Where contacts live: which engine a connection's name stands for, and what every engine offers.

A file of a campaign names a connection, never a host or a secret: those come from the environment,
and are never printed.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlglot import exp

from preflight.audience.columns import Column, map_columns
from preflight.audience.unanswered import Unanswered
from preflight.audience.warehouse.render import Renderer
from preflight.files import FileProblem
from preflight.rule import Rows

SECONDS = 300
"""A statement that takes longer is given up."""


def variable(connection: str) -> str:
    """The variable of the environment that holds the URL of a connection."""
    return "PREFLIGHT_CONNECTION_" + connection.upper().replace("-", "_")


def connected(connection: str) -> Warehouse:
    """The engine behind the name of a connection. Raises FileProblem."""
    name = variable(connection)
    url = os.environ.get(name, "").strip()
    if not url:
        raise FileProblem(
            f"the connection “{connection}” is not known: the variable {name} is not set",
            f"Set {name} to its URL in the environment, never in a file.",
        )
    scheme = url.split(":", 1)[0].split("+")[0].split("[")[0].lower()
    if scheme in ("postgresql", "postgres"):
        from preflight.audience.warehouse.postgres import Postgres

        return Postgres(url, name)
    if scheme == "spark":
        from preflight.audience.warehouse.spark import Spark

        return Spark(url, name)
    raise FileProblem(
        f"{name} is the URL of an engine that this version cannot ask",
        "PostgreSQL and Spark are supported: postgresql://..., spark:local[2], spark://...",
    )


@dataclass(frozen=True, slots=True)
class Result:
    """The rows of an answer, all there."""

    rows: list[tuple[Any, ...]]

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self.rows

    def fetchone(self) -> tuple[Any, ...] | None:
        return self.rows[0] if self.rows else None


class Warehouse(ABC):
    """One engine with the contacts in it, asked in the SQL of the embedded engine.

    `open` makes the relation ``contacts(_row, _key, c0, c1, ...)`` of texts, as a list from a file
    has; `upload` brings small relations beside it; `lock` forbids everything but questions.
    """

    renderer: Renderer

    def __init__(self) -> None:
        self.locked = False
        self.shown = ""

    def open(self, table: str, mapping: dict[str, str]) -> tuple[Column, ...]:
        """Find the table and make ``contacts`` of it. Raises FileProblem."""
        self.shown = table
        return self.bring(table, "contacts", mapping)

    def bring(
        self, table: str, relation: str, mapping: Mapping[str, str] | None = None
    ) -> tuple[Column, ...]:
        """Find the table and make a relation of its rows as texts. Raises FileProblem."""
        found = self.find(table)
        columns = map_columns(found.columns, dict(mapping or {}))
        self.make_list(relation, found, columns)
        return columns

    def execute(self, query: str, parameters: Sequence[Any] = ()) -> Result:
        """The answer to a statement of the embedded engine. Raises Unanswered."""
        tree = self.renderer.tree(query, parameters)
        if isinstance(tree, exp.Create):
            if self.locked or tree.args.get("replace"):
                raise self.renderer.unanswered("CREATE")
            self.create(tree)
            return Result([])
        return Result([tuple(map(_plain, row)) for row in self.fetch(self.renderer.sql(tree))])

    def scan(self, tests: Sequence[str], among: str, limit: int) -> list[Rows]:
        """How many rows satisfy each test, in one scan; the first rows of each are asked for
        apart, since to collect them in the scan would hold all."""
        counts = ", ".join(f"count(*) FILTER (WHERE b{index})" for index in range(len(tests)))
        bits = ", ".join(f"{test} AS b{index}" for index, test in enumerate(tests))
        found = self.execute(
            f"SELECT {counts} FROM (SELECT {bits} FROM people WHERE {among}) AS bits"
        ).rows[0]
        return [
            Rows(int(count), self._first(test, among, limit) if count else ())
            for test, count in zip(tests, found, strict=True)
        ]

    def _first(self, test: str, among: str, limit: int) -> tuple[int, ...]:
        found = self.execute(
            f"SELECT _row FROM people WHERE {among} AND {test} ORDER BY _row LIMIT {limit}"
        )
        return tuple(int(row) for (row,) in found.rows)

    def why_not(self, query: str) -> str:
        """Why a statement cannot be asked here; "" when it can."""
        try:
            self.renderer.render(query)
        except Unanswered as reason:
            return reason.reason
        return ""

    def keys_of(self, ordinals: Iterable[int], relation: str = "contacts") -> dict[int, str]:
        """How people find some rows in their table: by number, or by address."""
        wanted = ", ".join(str(int(ordinal)) for ordinal in dict.fromkeys(ordinals))
        if not wanted:
            return {}
        found = self.execute(f"SELECT _row, _key FROM {relation} WHERE _row IN ({wanted})")
        return {int(row): str(key or "") for row, key in found.rows}

    @abstractmethod
    def find(self, table: str) -> Found:
        """What a table or a view of that name has. Raises FileProblem."""

    @abstractmethod
    def make_list(self, relation: str, found: Found, columns: Sequence[Column]) -> None:
        """The relation ``(_row, _key, c0, c1, ...)`` of a table. Raises FileProblem."""

    @abstractmethod
    def upload(self, table: str, columns: Sequence[tuple[str, str]], rows: Sequence[Any]) -> None:
        """A relation of our own: names and types (of the embedded engine) of its columns."""

    @abstractmethod
    def create(self, tree: exp.Create) -> None:
        """Make a relation of our own of a statement for this engine."""

    @abstractmethod
    def lock(self) -> None:
        """From here on nothing is made any more."""

    @abstractmethod
    def fetch(self, statement: str) -> list[tuple[Any, ...]]:
        """The rows of a statement of this engine. Raises Unanswered."""

    @abstractmethod
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Found:
    """A table that is there: its name as written, and quoted; its columns in order; and the columns
    of its key where these hold numbers (or UUIDs), not what is known of people."""

    shown: str
    quoted: str
    columns: tuple[str, ...]
    key: tuple[str, ...] = ()


def _plain(value: Any) -> Any:
    """Sums of PostgreSQL are decimals."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
