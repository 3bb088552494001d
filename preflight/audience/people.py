"""``people``: the contacts with their facts and marks, in the embedded engine.

The loaded table is not copied. Most contacts are in no list of the ledger: the facts are worked out
for those that are, and stay in a small table beside them, but for the truths, which are bits of one
number in the row. Who is kept, chosen and spoken to is marked in the row too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from preflight.audience.choose import add_exclusions
from preflight.audience.columns import Kind
from preflight.audience.ledger import FACTS_FOR_RULES
from preflight.audience.list_table import KEYS

if TYPE_CHECKING:
    import duckdb

    from preflight.audience.columns import Column
    from preflight.audience.facts import Facts

_MARKS = ("k_kept", "k_chosen", "k_spoken")
_SAMPLED = 16
"""One row in so many tells what most rows are: it is a matter of speed alone."""


def make_people(
    connection: duckdb.DuckDBPyConnection,
    base: str,
    columns: tuple[Column, ...],
    facts: Facts,
    filter_sql: str,
    exclusions: int,
) -> None:
    """Mark the rows of the table ``base`` (`preflight.audience.gather`), and make ``people`` of it:
    all contacts, each with its facts, and whether it is kept, excluded, chosen."""
    out = add_exclusions(facts, exclusions)
    truths = [
        name
        for name in (*facts.columns, *facts.at_domains)
        if FACTS_FOR_RULES.get(name.removeprefix("f_"), ("",))[0] is Kind.BOOLEAN
    ]
    shown = [
        "b.rowid AS _row",
        *(f"b.{name}" for name in (*(column.physical for column in columns), *KEYS)),
    ]
    source = f"{base} b"
    bits = {name: 1 << at for at, name in enumerate(truths)}
    if facts.columns:
        _find_hits(connection, base, facts, bits)
        shown += [f"(b.f_bits & {bit}) <> 0 AS {name}" for name, bit in bits.items()]
        told = [name for name in facts.columns if name not in bits]
        shown += [
            f"coalesce(h.{name}, false) AS {name}" if name.startswith("k_") else f"h.{name}"
            for name in told
        ]
        # Grouped, so that counts that ask for none of these join nothing.
        hits = "".join(f", any_value({name}) AS {name}" for name in told)
        source += f" LEFT JOIN (SELECT _row{hits} FROM hits GROUP BY _row) h ON h._row = b.rowid"
    seed = "f_is_seed" if "f_is_seed" in truths else "false"
    shown.append(f"{seed} AS k_seed")
    people = f"SELECT {', '.join(shown)} FROM {source}"
    for name, conditions in facts.when.items():
        connection.execute(
            f"UPDATE {base} AS b SET f_bits = b.f_bits + {bits[name]} FROM (SELECT _row FROM "
            f"({people}) WHERE NOT {name} AND ({' OR '.join(conditions)})) p WHERE p._row = b.rowid"
        )
    # Only the rows that differ from most are written.
    usual = connection.execute(
        f"SELECT count(*) FILTER (WHERE {filter_sql}) * 2 > count(*) FROM ({people}) "
        f"WHERE _row % {_SAMPLED} = 0"
    ).fetchone() == (True,)
    for mark in _MARKS:
        connection.execute(f"ALTER TABLE {base} ADD COLUMN {mark} BOOLEAN DEFAULT {usual}")
    connection.execute(
        f"UPDATE {base} AS b SET k_kept = p.kept, k_chosen = p.chosen, k_spoken = p.spoken FROM "
        f"(SELECT _row, kept, kept AND NOT ({out}) AS chosen, kept AND NOT ({out}) AND NOT k_seed "
        f"AS spoken FROM (SELECT *, coalesce(({filter_sql}), false) AS kept FROM ({people}))) p "
        f"WHERE p._row = b.rowid AND {'NOT p.spoken' if usual else 'p.kept'}"
    )
    marked = ", ".join([*shown, *(f"b.{mark}" for mark in _MARKS)])
    connection.execute(f"CREATE VIEW people AS SELECT {marked} FROM {source}")


def _find_hits(
    connection: duckdb.DuckDBPyConnection, base: str, facts: Facts, bits: Mapping[str, int]
) -> None:
    """The table ``hits``: the facts of the contacts that have any. The truths are set in the
    column ``f_bits`` of ``base``."""
    some = []
    for key in ("address", "domain"):
        tables = [table for table, column in facts.keys if column == key]
        if tables:
            keys = " UNION ALL ".join(f"SELECT {key} FROM {table}" for table in tables)
            some.append(f"coalesce(f_{key} IN ({keys}), false)")
    hit = f"(SELECT rowid AS _row, * FROM {base} WHERE {' OR '.join(some) or 'false'})"
    connection.execute(f"CREATE TABLE hits AS {facts.select(hit, 'c._row')}")
    connection.execute(f"ALTER TABLE {base} ADD COLUMN f_bits INTEGER DEFAULT 0")
    found = [f"{name}::INTEGER * {bit}" for name, bit in bits.items() if name in facts.columns]
    if found:
        connection.execute(
            f"UPDATE {base} AS b SET f_bits = h.bits FROM (SELECT _row, {' + '.join(found)} "
            "AS bits FROM hits) h WHERE h._row = b.rowid AND h.bits <> 0"
        )
    for name, (table, others) in facts.at_domains.items():
        connection.execute(
            f"UPDATE {base} SET f_bits = f_bits + {bits[name]} WHERE "
            f"(f_bits & {sum(bits[other] for other in others)}) = 0 "
            f"AND f_domain IN (SELECT domain FROM {table})"
        )
