"""Who is chosen: the filter, less the lists under ``exclude``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from preflight.audience.audience import Exclusion
from preflight.audience.list_table import ADDRESS, with_keys
from preflight.audience.parts import entries_of, load_keyed
from preflight.files import Repository
from preflight.rule import Said

if TYPE_CHECKING:
    import duckdb

    from preflight.audience.asking import Connection
    from preflight.audience.facts import Facts
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
    found: list[tuple[str, int, bool]] | None = []
    for index, path in enumerate(campaign.audience.exclude):
        if not isinstance(path, str):
            from preflight.audience.warehouse.ledger import list_in_table

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


def add_exclusions(facts: Facts, number: int) -> str:
    """The facts ``k_excluded_<n>`` of as many lists; returns SQL for being in any of them."""
    for index in range(number):
        for key in ("address", "domain"):
            facts.join(f"exclusion_{index}", key, f"x{index}{key[0]}", distinct=True)
        facts.columns[f"k_excluded_{index}"] = (
            f"(x{index}a.address IS NOT NULL OR x{index}d.domain IS NOT NULL)"
        )
    return " OR ".join(f"k_excluded_{index}" for index in range(number)) or "false"


def choose_in_table(
    connection: Connection, facts: Facts, email: str, filter_sql: str, exclusions: int
) -> None:
    """``people`` where the contacts stand in another engine: one wide table, so that no scan of a
    rule joins anything. ``email``: the physical column of the address."""
    out = add_exclusions(facts, exclusions)
    for name, (table, others) in facts.at_domains.items():
        none = "".join(f" AND NOT {facts.columns[other]}" for other in others)
        facts.columns[name] = f"({table}.domain IS NOT NULL{none})"
        facts.join(table, "domain", table)
    for name, conditions in facts.when.items():
        facts.columns[name] = f"({' OR '.join([facts.columns[name], *conditions])})"
    seed = "f_is_seed" if "f_is_seed" in facts.columns else "false"
    known = facts.select(f"({with_keys('contacts', ADDRESS.format(email))})")
    connection.execute(
        f"CREATE TABLE people AS SELECT *, k_kept AND NOT ({out}) AS k_chosen, "
        f"k_kept AND NOT ({out}) AND NOT k_seed AS k_spoken FROM "
        f"(SELECT f.*, coalesce(({filter_sql}), false) AS k_kept, {seed} AS k_seed "
        f"FROM ({known}) f)"
    )


def counted_exclusions(
    connection: Connection, campaign: Campaign, excluded: list[tuple[str, int, bool]]
) -> tuple[Exclusion, ...]:
    """The lists under ``exclude``, each with how many of ``people`` it hits."""
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
