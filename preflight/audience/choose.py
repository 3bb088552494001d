"""Who is chosen: the filter, less the lists under ``exclude``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from preflight.audience.audience import Exclusion
from preflight.audience.parts import entries_of, load_keyed
from preflight.files import Repository
from preflight.rule import Said

if TYPE_CHECKING:
    import duckdb

    from preflight.audience.asking import Connection
    from preflight.audience.warehouse.ledger import Beside
    from preflight.campaign.model import Campaign


def load_exclusions(
    connection: duckdb.DuckDBPyConnection,
    campaign: Campaign,
    repository: Repository,
    base: Path,
    workdir: Path,
    said: list[Said],
    beside: Beside | None = None,
) -> list[tuple[str, int, bool]] | None:
    """Tables ``exclusion_<n>(entry, address, domain)``, of files in the embedded engine, of tables
    in the one ``beside`` the contacts; None when one cannot be read."""
    from preflight.audience.warehouse.ledger import list_in_table

    found: list[tuple[str, int, bool]] | None = []
    for index, path in enumerate(campaign.audience.exclude):
        if not isinstance(path, str):
            route = ("audience", "exclude", index)
            spans = {key: campaign.span(*route, key) for key in ("connection", "table")}
            there = list_in_table(f"exclusion_{index}", path, spans, beside, said)
            if there is None:
                found = None
            elif found is not None:
                found.append((there.shown, there.rows, True))
            continue
        span = campaign.span("audience", "exclude", index)
        keys = load_keyed(
            connection, f"exclude_{index}", path, span, said,
            repository=repository, base=base, workdir=workdir,
        )  # fmt: skip
        if keys is None:
            found = None
            continue
        connection.execute(f"CREATE TABLE exclusion_{index} AS {entries_of(keys.selects)}")
        if found is not None:
            found.append((path, keys.rows, bool(keys.selects)))
    return found


def choose(
    connection: Connection,
    campaign: Campaign,
    contacts: str,
    filter_sql: str,
    excluded: list[tuple[str, int, bool]],
    seeds: bool,
) -> tuple[Exclusion, ...]:
    """The table ``people``: all ``contacts`` (a query), each with whether it is kept, excluded,
    chosen. One wide table, so that no scan of a rule joins anything."""
    joins, columns = [], []
    for index in range(len(excluded)):
        for key in ("address", "domain"):
            short = f"x{index}{key[0]}"
            joins.append(
                f"LEFT JOIN (SELECT DISTINCT {key} FROM exclusion_{index} WHERE {key} IS NOT NULL "
                f"AND {key} <> '') {short} ON {short}.{key} = f.f_{key}"
            )
        columns.append(
            f"(x{index}a.address IS NOT NULL OR x{index}d.domain IS NOT NULL) AS k_excluded_{index}"
        )
    out = " OR ".join(f"k_excluded_{index}" for index in range(len(excluded))) or "false"
    seed = "f_is_seed" if seeds else "false"
    connection.execute(
        f"CREATE TABLE people AS SELECT *, k_kept AND NOT ({out}) AS k_chosen, "
        f"k_kept AND NOT ({out}) AND NOT k_seed AS k_spoken FROM (SELECT f.*, "
        f"coalesce(({filter_sql}), false) AS k_kept, {seed} AS k_seed"
        + "".join(f", {column}" for column in columns)
        + f" FROM ({contacts}) f {' '.join(joins)})"
    )
    return _exclusions(connection, campaign, excluded)


def _exclusions(
    connection: Connection, campaign: Campaign, excluded: list[tuple[str, int, bool]]
) -> tuple[Exclusion, ...]:
    if not excluded:
        return ()
    parts = ", ".join(
        f"count(*) FILTER (WHERE k_excluded_{index}), "
        f"count(*) FILTER (WHERE k_kept AND k_excluded_{index})"
        for index in range(len(excluded))
    )
    counts = connection.execute(f"SELECT {parts} FROM people").fetchone()
    assert counts is not None
    return tuple(
        Exclusion(
            path,
            campaign.span("audience", "exclude", index),
            entries,
            int(counts[2 * index]),
            int(counts[2 * index + 1]),
            index,
            keyed_,
        )
        for index, (path, entries, keyed_) in enumerate(excluded)
    )
