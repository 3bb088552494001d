"""Patterns that are asked of columns which repeat a few values, as most columns of a long list do.

A pattern is tried on the different values, once for all rules and columns, and in a condition the
values that it fits stand in its place: mostly none, and then most conditions need no look at the
rows. A long pattern takes longer to be made ready than to be asked of a short list: so the columns
of short lists are all treated in this way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    import duckdb

_SHORT = 2_000
"""Rows of a list whose columns are all treated as such."""
_OFTEN = 8
"""Times that each value stands there, on average, in a column that repeats them."""
_SAMPLE = 100_000
"""Rows of which that is told: an estimate of speed, no count depends on it."""
_MOST = 50
"""So many values may stand in place of a pattern."""
_LONGEST = 10_000
"""Characters of all of them."""
_PATTERNS = (exp.RegexpLike, exp.RegexpFullMatch, exp.Anonymous)


class Repeated:
    """What patterns find in ``columns`` (texts) of the relation ``contacts``, which has so many
    ``rows``; and in the ``facts`` of the few that stand in a list of the ledger, once it is known
    in which table."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, columns: Iterable[str], rows: int
    ) -> None:
        self._connection = connection
        self._candidates = tuple(columns)
        self._rows = rows
        self._numbers: dict[str, int] | None = None  # of the columns that repeat their values
        self._facts: dict[str, str] = {}
        self._collected: set[str] = set()
        self._fits: dict[tuple[str, str], tuple[str, ...] | None] = {}

    def fold(self, trees: Sequence[exp.Expr]) -> list[exp.Expr]:
        """The conditions with values in place of patterns. Those that no value fits become FALSE;
        what a pattern says of NULL is not kept: it stands in a ``coalesce`` or beside IS NULL."""
        asked: dict[str, set[str]] = defaultdict(set)
        for tree in trees:
            for node in _patterns(tree):
                column = _column(node)
                if column in self._facts or column in self._repeated():
                    asked[_of_value(node)].add(column)
        together: dict[frozenset[str], list[str]] = defaultdict(list)
        for pattern, columns in asked.items():
            new = frozenset(column for column in columns if (pattern, column) not in self._fits)
            together[new].append(pattern)
        for some, patterns in together.items():
            if some:
                self._ask(patterns, sorted(some))
        return [tree.transform(self._folded) for tree in trees] if asked else list(trees)

    def add_facts(self, table: str, columns: Iterable[str]) -> None:
        """``columns`` of contacts stand in ``table``, and are NULL for those that do not."""
        self._facts |= dict.fromkeys(columns, table)

    def _repeated(self) -> dict[str, int]:
        if self._numbers is not None:
            return self._numbers
        self._connection.execute("CREATE TABLE repeated (number INTEGER, value VARCHAR)")
        self._numbers = {name: number for number, name in enumerate(self._candidates)}
        if self._rows > _SHORT:
            counts = ", ".join(f"approx_count_distinct({name})" for name in self._candidates)
            every = max(1, self._rows // _SAMPLE)
            seen = self._connection.execute(
                f"SELECT count(*), {counts} FROM contacts WHERE _row % {every} = 0"
            ).fetchone()
            assert seen is not None
            for name, count in zip(self._candidates, seen[1:], strict=True):
                if count * _OFTEN > seen[0]:
                    del self._numbers[name]
        return self._numbers

    def _ask(self, patterns: Sequence[str], columns: Sequence[str]) -> None:
        numbers = self._repeated()
        for column in columns:
            numbers.setdefault(column, len(self._candidates) + len(numbers))
        values = " UNION ALL ".join(
            f"SELECT {numbers[column]}, {column} FROM {self._facts.get(column, 'contacts')} "
            f"WHERE {column} IS NOT NULL GROUP BY {column}"
            for column in columns
            if column not in self._collected
        )
        if values:
            self._connection.execute(f"INSERT INTO repeated {values}")
        self._collected.update(columns)
        fits = ", ".join(f"min(value, {_MOST + 1}) FILTER (WHERE {one})" for one in patterns)
        within = ", ".join(str(numbers[column]) for column in columns)
        found = {
            number: fitting
            for number, *fitting in self._connection.execute(
                f"SELECT number, {fits} FROM repeated WHERE number IN ({within}) GROUP BY number"
            ).fetchall()
        }
        for column in columns:
            fitting = found.get(numbers[column], [None] * len(patterns))
            for pattern, some in zip(patterns, fitting, strict=True):
                self._fits[pattern, column] = _few(some or ())

    def _folded(self, node: exp.Expr) -> exp.Expr:
        inner = node.this if isinstance(node, exp.Coalesce) else node
        if not _is_pattern(inner):
            return node
        column = _column(inner)
        values = self._fits.get((_of_value(inner), column))
        if values is None:
            return node
        if not values:
            return exp.false()
        among = exp.In(
            this=exp.column(column), expressions=[exp.Literal.string(one) for one in values]
        )
        return among if inner is node else exp.func("coalesce", among, exp.false())


def _few(values: Sequence[str]) -> tuple[str, ...] | None:
    """The values that may stand in a condition; None when they are too many or too long, or cannot
    be written in one."""
    if (
        len(values) > _MOST
        or sum(map(len, values)) > _LONGEST
        or any("\0" in one for one in values)
    ):
        return None
    return tuple(values)


def _is_pattern(node: exp.Expr) -> bool:
    if isinstance(node, exp.Anonymous):
        return node.name.lower() == "regexp_matches"
    return isinstance(node, _PATTERNS)


def _patterns(tree: exp.Expr) -> Iterator[exp.Expr]:
    return (node for node in tree.find_all(*_PATTERNS) if _is_pattern(node))


def _column(node: exp.Expr) -> str:
    """The only column of which a pattern is asked; "" when there are others."""
    names = {column.name for column in node.find_all(exp.Column)}
    return names.pop() if len(names) == 1 else ""


def _of_value(node: exp.Expr) -> str:
    """The pattern as SQL over the column ``value``."""
    asked = node.copy()
    for column in list(asked.find_all(exp.Column)):
        column.replace(exp.column("value"))
    return asked.sql(dialect="duckdb", comments=False)
