"""Ledger kinds that stand in tables beside the contacts, and are joined there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from preflight.audience.columns import Column
from preflight.audience.parts import entries_of, keyed
from preflight.audience.unanswered import Unanswered
from preflight.files import FileProblem
from preflight.rule import Problem, Related, Rows, Said

if TYPE_CHECKING:
    from preflight.audience.warehouse.connection import Warehouse
    from preflight.campaign.model import ContactsTable
    from preflight.source import Span

_NAMED = 20  # rows of a problem


@dataclass(frozen=True, slots=True)
class Beside:
    """The engine that holds the contacts, under the name of its connection."""

    connection: str
    warehouse: Warehouse


@dataclass(frozen=True, slots=True)
class ListInTable:
    """A list that stands in a table: its name as written, and where; the relation of its rows as
    texts, its columns, and how many rows it has."""

    shown: str
    span: Span
    relation: str
    columns: tuple[Column, ...]
    rows: int

    def related(self, message: str) -> Related:
        return Related(self.span, message)


def list_in_table(
    name: str,
    place: ContactsTable,
    spans: dict[str, Span],
    beside: Beside | None,
    said: list[Said],
    fields: Sequence[str] = (),
    dates: Sequence[str] = (),
) -> ListInTable | None:
    """Make the relation ``name`` of a table: ``entry``, ``address``, ``domain``, and the fields.
    None when it cannot be had; ``said`` then says so, at one of the ``spans`` of the keys
    ``connection`` and ``table``. ``dates``: the fields that hold dates."""
    at = "connection"
    try:
        if beside is None or beside.connection != place.connection:
            raise FileProblem(
                f"“{place.table}” is a table of the connection “{place.connection}”, and the "
                "contacts are not there: they cannot be compared",
                "Export the list into a file, or let audience.contacts name a table of the same "
                "connection.",
            )
        at = "table"
        warehouse, relation = beside.warehouse, f"list_{name}"
        columns = warehouse.bring(place.table, relation)
        count = warehouse.execute(f"SELECT count(*) FROM {relation}").fetchone()
        select = keyed(warehouse, relation, columns, tuple(fields))
        if select is None:
            raise FileProblem(
                f"no column of “{place.table}” holds addresses or domains",
                "Name one of its columns email or domain, in a view.",
            )
        warehouse.execute(f"CREATE TABLE {name} AS {entries_of([select], fields)}")
        rows = int(count[0]) if count else 0
        found = ListInTable(place.table, spans["table"], relation, columns, rows)
        said += _bad_dates(warehouse, name, found, dates)
        return found
    except FileProblem as problem:
        said.append(Said("unreadable-file", Problem(spans[at], problem.message, problem.help)))
    except Unanswered as reason:
        said.append(Said("unreadable-file", Problem(spans[at], reason.message, reason.help)))
    return None


def _bad_dates(
    warehouse: Warehouse, name: str, found: ListInTable, dates: Sequence[str]
) -> list[Said]:
    """A date that cannot be read must never end a dispute in silence: the entry stays open."""
    said = []
    for date in dates:
        wrong = warehouse.execute(
            f"SELECT entry, {date} FROM {name} WHERE trim({date}) <> '' AND "
            f"TRY_CAST({date} AS TIMESTAMP) IS NULL ORDER BY entry LIMIT {_NAMED + 1}"
        ).fetchall()
        if wrong:
            keys = warehouse.keys_of([entry for entry, _ in wrong[:_NAMED]], found.relation)
            problem = Problem(
                found.span,
                f"“{wrong[0][1]}” in the column {date} of {found.shown} is no date; the entry "
                "counts as without one",
                "Write dates as YYYY-MM-DD.",
                rows=Rows(len(wrong), (), tuple((found.shown, key) for key in keys.values())),
            )
            said.append(Said("malformed-row", problem))
    return said
