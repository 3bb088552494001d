"""The contacts of a campaign that stand in a table: found, and the lists brought beside them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from preflight.audience.columns import Column
from preflight.audience.warehouse.connection import Warehouse, connected
from preflight.files import FileProblem
from preflight.rule import Problem, Said

if TYPE_CHECKING:
    from preflight.audience.asking import Connection
    from preflight.audience.ledger import Ledger
    from preflight.campaign.model import Campaign, ContactsTable


def open_table(
    campaign: Campaign, place: ContactsTable, said: list[Said]
) -> tuple[Warehouse, tuple[Column, ...]] | None:
    """The engine with its relation ``contacts``, and the columns; None when it cannot be had:
    ``said`` then says so, at the key at fault."""
    at = "connection"
    warehouse: Warehouse | None = None
    try:
        warehouse = connected(place.connection)
        at = "table"
        columns = warehouse.open(place.table, campaign.audience.columns)
    except FileProblem as problem:
        if warehouse is not None:
            warehouse.close()
        span = campaign.span("audience", "contacts", at)
        said.append(Said("unreadable-file", Problem(span, problem.message, problem.help)))
        return None
    return warehouse, columns


def bring_lists(
    local: Connection, warehouse: Warehouse, ledger: Ledger, exclusions: Iterable[int]
) -> None:
    """The lists that were read from files, beside the contacts: their keys and dates."""
    tables = [
        f"ledger_{kind}" for kind in sorted(ledger.kinds - {"incidents"} - ledger.tables.keys())
    ]
    tables += [
        f"incident_{number}"
        for number, incident in enumerate(ledger.incidents)
        if incident.affects_paths
    ]
    tables += [f"exclusion_{index}" for index in exclusions]
    for table in tables:
        columns = [
            (str(name), str(kind))
            for name, kind, *_ in local.execute(f"DESCRIBE {table}").fetchall()
        ]
        rows = local.execute(f"SELECT * FROM {table}").fetchall()
        warehouse.upload(table, columns, rows)
