"""The lists that one path of a campaign or a ledger names (a file, or all that fit a pattern), and
their entries: an address or a domain each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from preflight.audience.lists import LoadedList, load_list
from preflight.files import FileProblem
from preflight.rule import Problem, Related, Rows, Said
from preflight.source import Source, Span

if TYPE_CHECKING:
    import duckdb

    from preflight.audience.asking import Connection
    from preflight.audience.columns import Column
    from preflight.files import Repository

LIST_LIMIT = 8 << 30
"""Largest list that is read, in bytes, packed or not."""


def load_parts(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    path: str,
    *,
    repository: Repository,
    base: Path,
    workdir: Path,
    first_row: int = 0,
    mapping: Mapping[str, str] | None = None,
    addressed: bool = False,
) -> Iterator[tuple[str, LoadedList]]:
    """Load each list that ``path`` (relative to ``base``) names, in the order of their names, into
    a table ``<table>_<n>``; rows are numbered on from ``first_row``; ``addressed``: as for
    `load_list`. Yields table and list.
    Raises FileProblem at the first that cannot be read."""
    for number, part in enumerate(repository.expand(path, base)):
        file = repository.locate(part, base, limit=LIST_LIMIT)
        name = f"{table}_{number}"
        loaded = load_list(
            connection, name, file, repository.shown(file),
            mapping=mapping, first_row=first_row, workdir=workdir, addressed=addressed,
        )  # fmt: skip
        first_row += loaded.rows
        yield name, loaded


@dataclass(frozen=True, slots=True)
class Keyed:
    """Lists of addresses or domains, loaded. ``selects``: SQL for the entries of each that has
    such a column (`entries_of` makes one relation of them)."""

    lists: tuple[LoadedList, ...]
    selects: tuple[str, ...]

    @property
    def rows(self) -> int:
        return sum(one.rows for one in self.lists)


def load_keyed(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    path: str,
    span: Span,
    said: list[Said],
    *,
    repository: Repository,
    base: Path,
    workdir: Path,
    first_row: int = 0,
    fields: Sequence[str] | None = None,
) -> Keyed | None:
    """Load the lists that ``path`` names, for their keys. None when one cannot be read, or (with
    ``fields``, as in a ledger) has no key; ``said`` then says so, at ``span``."""
    lists, selects = [], []
    try:
        for name, loaded in load_parts(
            connection, table, path, repository=repository, base=base, workdir=workdir,
            first_row=first_row,
        ):  # fmt: skip
            select = keyed(connection, name, loaded.columns, tuple(fields or ()))
            if select is None and loaded.rows and fields is not None:
                raise FileProblem(
                    f"no column of “{loaded.shown}” holds addresses or domains",
                    "Name one of its columns email or domain.",
                )
            said += malformed(loaded, span)
            lists.append(loaded)
            selects += [select] if select else []
    except FileProblem as problem:
        said.append(Said("unreadable-file", Problem(span, problem.message, problem.help)))
        return None
    return Keyed(tuple(lists), tuple(selects))


def entries_of(selects: Sequence[str], fields: Sequence[str] = ()) -> str:
    """SQL for all entries: ``entry``, ``address``, ``domain``, and the fields."""
    more = "".join(f", NULL::VARCHAR AS {name}" for name in fields)
    nothing = (
        "SELECT 0::BIGINT AS entry, ''::VARCHAR AS address, ''::VARCHAR AS domain"
        f"{more} WHERE false"
    )
    return " UNION ALL ".join(selects) or nothing


def keyed(
    connection: Connection, table: str, columns: Sequence[Column], fields: tuple[str, ...]
) -> str | None:
    """SQL for the entries of a list: number, address, domain, and the fields it has. None when
    the list has neither addresses nor domains."""
    from preflight.audience.columns import guess_email

    by_name = {column.name.casefold(): column.physical for column in columns}
    email, domain = by_name.get("email"), by_name.get("domain")
    if email is None and domain is None:
        guess = guess_email(connection, table, columns)
        if guess is None:
            return None
        email = guess.physical
    mail = f"lower(trim({email}))" if email else "NULL::VARCHAR"
    own = f"lower(trim({domain}))" if domain else "NULL::VARCHAR"
    more = "".join(f", {by_name.get(name, 'NULL::VARCHAR')} AS {name}" for name in fields)
    # Either column may hold either: a plain list mixes addresses and domains.
    cell = f"coalesce(nullif({mail}, ''), {own})"
    is_address = f"strpos(ltrim({cell}, '@'), '@') > 1"
    return (
        f"SELECT _row AS entry, CASE WHEN {is_address} THEN {cell} END AS address, "
        f"CASE WHEN NOT ({is_address}) THEN ltrim({cell}, '@') END AS domain{more} "
        f"FROM {table}"
    )


def malformed(loaded: LoadedList, span: Span) -> list[Said]:
    """The rows of a list that could not be read, as one problem at the first of them; and what of
    it was not looked at."""
    unread = [Said("malformed-row", Problem(span, loaded.unread), unchecked=True)]
    return [*_bad_rows(loaded, span), *(unread if loaded.unread else ())]


def _bad_rows(loaded: LoadedList, span: Span) -> list[Said]:
    if not loaded.bad:
        return []
    first = loaded.bad[0]
    source = Source(loaded.shown, first.text, first_line=first.line, personal=True)
    at = max(0, min(first.column - 1, len(first.text)))
    many = loaded.bad_count
    rest = f", and {many - 1:,} more" if many > 1 else ""
    return [
        Said(
            "malformed-row",
            Problem(
                source.span(at),
                f"{'this row' if many == 1 else f'{many:,} rows of this list'} cannot be read: "
                f"{first.reason}{rest}",
                "Mend the line in the list, or export the list again. Nothing of it is guessed, "
                "and nobody in it is checked.",
                rows=Rows(many, (), tuple((loaded.shown, bad.line) for bad in loaded.bad[:20])),
                related=(Related(span, "the list is named here"),),
            ),
        )
    ]
