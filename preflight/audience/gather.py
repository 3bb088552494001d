"""The lists of a campaign's contacts as one relation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from preflight.audience.columns import Column, guess_email
from preflight.audience.list_table import ADDRESS, KEYS, describe, with_keys

if TYPE_CHECKING:
    import duckdb

    from preflight.audience.lists import LoadedList


@dataclass(frozen=True, slots=True)
class Gathered:
    """All contacts: the table ``base``, with their keys, whose rows are known by their place in it
    (``rowid``: none is ever taken out), and the view ``contacts`` of its columns; ``mail``: the one
    of addresses, None when a list has none."""

    base: str
    columns: tuple[Column, ...]
    mail: Column | None


def gather(
    connection: duckdb.DuckDBPyConnection, lists: Sequence[tuple[str, LoadedList]]
) -> Gathered:
    """Make the relation ``contacts`` of the lists (each with its table). A single list stays where
    it is; several are copied into one table, and found again in it."""
    mails: list[Column | None] = []
    for table, loaded in lists:
        mail = next((c for c in loaded.columns if c.name.casefold() == "email"), None)
        mails.append(mail or guess_email(connection, table, loaded.columns))
    if any(mail is None for mail, (_, one) in zip(mails, lists, strict=True) if one.rows):
        return Gathered("", (), None)
    if len(lists) == 1 and mails[0] is not None and lists[0][1].addressed:
        base, columns = lists[0][0], lists[0][1].columns
        mail = mails[0]
    else:
        base = "gathered"
        columns = _one_table(connection, base, lists, mails)
        mail = next(column for column in columns if column.name == "email")
    shown = ", ".join(["rowid AS _row", *KEYS, *(column.physical for column in columns)])
    connection.execute(f"CREATE VIEW contacts AS SELECT {shown} FROM {base}")
    return Gathered(base, columns, mail)


def _one_table(
    connection: duckdb.DuckDBPyConnection,
    base: str,
    lists: Sequence[tuple[str, LoadedList]],
    mails: Sequence[Column | None],
) -> tuple[Column, ...]:
    columns: dict[str, Column] = {}
    for (_, loaded), mail in zip(lists, mails, strict=True):
        for column in loaded.columns:
            name = "email" if column is mail else column.name
            columns.setdefault(name.casefold(), Column(name, column.header, f"c{len(columns)}"))
    if "email" not in columns:  # lists without rows and without a known column
        columns["email"] = Column("email", "email", f"c{len(columns)}")
    physical = [column.physical for column in columns.values()]
    describe(connection, base, physical, columns["email"].physical)
    first = 0
    for (table, loaded), mail in zip(lists, mails, strict=True):
        own = {
            ("email" if column is mail else column.name).casefold(): column.physical
            for column in loaded.columns
        }
        parts = ", ".join(
            f"{own.get(key, 'NULL::VARCHAR')} AS {column.physical}"
            for key, column in columns.items()
        )
        address = ADDRESS.format(columns["email"].physical)
        rows = with_keys(f"(SELECT {parts} FROM {table})", address)
        connection.execute(f"INSERT INTO {base} {rows}")
        # Each row is kept once: what was loaded is found in the one table from now on.
        connection.execute(f"DROP TABLE {table}")
        back = "".join(f", {columns[key].physical} AS {here}" for key, here in own.items())
        end = first + loaded.rows
        connection.execute(
            f"CREATE VIEW {table} AS SELECT rowid AS _row{back} FROM {base} "
            f"WHERE rowid >= {first} AND rowid < {end}"
        )
        first = end
    return tuple(columns.values())
