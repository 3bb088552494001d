"""From a campaign's lists and ledger to its `Audience`: load, lock, join, choose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from preflight.audience.audience import MAILED, Audience, Held
from preflight.audience.choose import choose_in_table, counted_exclusions, load_exclusions
from preflight.audience.columns import Column, aliases, column_kinds, guess_email
from preflight.audience.compile import to_sql
from preflight.audience.csv_lines import account
from preflight.audience.facts import facts_of
from preflight.audience.gather import gather
from preflight.audience.ledger import PERSON, Ledger, load_ledger
from preflight.audience.list_table import ADDRESS, quoted
from preflight.audience.lists import LoadedList
from preflight.audience.parts import load_parts, malformed
from preflight.audience.people import make_people
from preflight.audience.repeated import Repeated
from preflight.audience.scope import incident_conditions, scope_of
from preflight.audience.segment import Segment, typed_segment
from preflight.audience.unanswered import Unanswered
from preflight.doing import doing
from preflight.files import FileProblem, Repository
from preflight.rule import Problem, Said

if TYPE_CHECKING:
    import duckdb

    from preflight.audience.warehouse.connection import Warehouse
    from preflight.campaign.model import Campaign
    from preflight.config import Config

MEMORY = "640MB"
"""Of the engine; beyond it, work goes to a temporary folder. The whole check stays below 1 GB."""


@dataclass(frozen=True)
class Loaded:
    """What became of the lists. ``audience`` is None when a part failed: ``why`` says which;
    ``undecided_incidents``: why an incident could not be joined (a column that is not there);
    ``notes``: how the lists were read, where that was not plain."""

    audience: Audience | None
    segment: Segment
    said: tuple[Said, ...]
    contacts: int | None = None
    column_names: frozenset[str] | None = None
    why: str = ""
    undecided_incidents: tuple[str, ...] = ()
    ledger: Ledger = field(default_factory=Ledger)
    notes: tuple[str, ...] = ()


def connect(workdir: Path) -> duckdb.DuckDBPyConnection:
    """An engine of our own: no extension is fetched, nothing of this process can be read."""
    import duckdb

    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": MEMORY,
            "temp_directory": str(workdir / "spill"),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "python_enable_replacements": "false",
            "allow_community_extensions": "false",
        },
    )
    # On by itself in notebooks, shells and `python -c`: it would be drawn into the report.
    connection.execute("SET enable_progress_bar = false")
    return connection


def _keep_packed(connection: duckdb.DuckDBPyConnection, workdir: Path) -> None:
    """Let tables be kept in a file, not in memory: there the columns of a long list are packed by
    the values that come again while it is loaded. What is asked of a packed column is worked out
    once for each value, so most questions take a tenth of the time. The file is never read again:
    neither a log nor a last state is written, nor one in between."""
    place = quoted(str(workdir / "lists.duckdb"))
    connection.execute(f"ATTACH {place} AS lists (RECOVERY_MODE no_wal_writes)")
    connection.execute("USE lists")
    connection.execute("PRAGMA disable_checkpoint_on_shutdown")
    connection.execute("SET checkpoint_threshold = '1TB'")


def load_audience(
    campaign: Campaign,
    segment: Segment,
    config: Config,
    *,
    repository: Repository,
    base: Path,
    config_base: Path,
    now: dt.datetime,
    workdir: Path,
    mailed: Path | None = None,
) -> Loaded:
    """Read every list, choose the contacts. Problems are said, never raised. ``mailed``: the file
    of those who get earlier campaigns (`preflight.schedule`)."""
    from preflight.campaign.model import ContactsTable

    local = connect(workdir)
    _keep_packed(local, workdir)
    if mailed is not None:
        local.execute(f"ATTACH {quoted(str(mailed))} AS {MAILED}")
    said: list[Said] = []
    place = campaign.audience.contacts
    table = loaded = beside = None
    if isinstance(place, ContactsTable):
        from preflight.audience.warehouse.contacts import open_table
        from preflight.audience.warehouse.ledger import Beside

        table = open_table(campaign, place, said)
        beside = Beside(place.connection, table[0]) if table is not None else None
    else:
        loaded = _load_contacts(local, campaign, place, repository, base, workdir, said)
    ledger, problems = load_ledger(local, config, repository, config_base, workdir, beside)
    said += problems
    excluded = load_exclusions(local, campaign, repository, base, workdir, said, beside)
    # From here on the user's conditions are evaluated: nothing outside can be reached any more.
    local.execute("SET enable_external_access = false")
    local.execute("SET lock_configuration = true")
    work = _Work(campaign, segment, said, ledger, excluded, now)
    read = [*(loaded or ()), *((kind, one) for kind, many in ledger.lists.items() for one in many)]
    notes = tuple(dict.fromkeys(note for _, one in read for note in one.notes))
    if loaded is not None:
        span = campaign.span("audience", "contacts")
        contacts = gather(local, loaded)
        held = Held(local, local, tuple(one for _, one in loaded))
        try:
            chosen = _chosen(work, held, contacts.columns, contacts.mail, contacts.base)
            return replace(chosen, notes=notes)
        except FileProblem as lost:
            said.append(Said("unreadable-file", Problem(span, lost.message, lost.help)))
            why = "needs every contact"
            return Loaded(None, segment, tuple(said), why=why, ledger=ledger, notes=notes)
    if table is None:
        why = "needs the recipient list"
        return Loaded(None, segment, tuple(said), why=why, ledger=ledger, notes=notes)
    from preflight.audience.warehouse.contacts import bring_lists

    warehouse, columns = table
    said += _unused_columns(campaign, columns)
    try:
        listed = enumerate(campaign.audience.exclude) if excluded is not None else ()
        files = [index for index, path in listed if isinstance(path, str)]
        bring_lists(local, warehouse, ledger, files)
        mail = next((one for one in columns if one.name == "email"), None)
        mail = mail or guess_email(warehouse, "contacts", columns)
        done = _chosen(work, Held(warehouse, local, table=warehouse), columns, mail)
        warehouse.lock()
    except Unanswered as reason:
        warehouse.close()
        span = campaign.span("audience", "contacts", "table")
        said.append(Said("unreadable-file", Problem(span, reason.message, reason.help)))
        return Loaded(None, segment, tuple(said), why="needs the contacts", ledger=ledger)
    if done.audience is None:
        warehouse.close()
    return replace(done, notes=notes)


@dataclass(frozen=True)
class _Work:
    """What is known before the contacts are looked at."""

    campaign: Campaign
    segment: Segment
    said: list[Said]
    ledger: Ledger
    excluded: list[tuple[str, int, bool]] | None
    now: dt.datetime


def _chosen(
    work: _Work,
    held: Held,
    columns: tuple[Column, ...],
    mail: Column | None,
    base: str = "",
) -> Loaded:
    """From the relation ``contacts`` to the audience. Raises Unanswered for contacts in a table.
    ``base``: the table behind the relation, where it is our own."""
    campaign, segment, ledger, now = work.campaign, work.segment, work.ledger, work.now
    connection, said = held.connection, work.said
    if mail is None:
        said.append(
            Said(
                "invalid-campaign",
                Problem(
                    campaign.span("audience", "contacts"),
                    "no column of the list holds e-mail addresses",
                    "Name it: under audience, columns: {Your column: email}.",
                ),
            )
        )
        return Loaded(None, segment, tuple(said), why="needs a column of addresses", ledger=ledger)
    found = connection.execute("SELECT count(*) FROM contacts").fetchone()
    contacts = int(found[0])
    doing(f"looking {contacts:,} contacts up")
    kinds = column_kinds(connection, "contacts", columns)
    repeated = None
    if held.table is None:
        texts = [one.physical for one in columns if one is not mail]
        repeated = Repeated(held.local, [*texts, "f_domain"], contacts)
    names = scope_of(connection, columns, kinds, ledger, now, repeated)
    public = frozenset(name for column in columns for name in aliases(column))
    segment = typed_segment(segment, names.public)
    conditions, undecided = incident_conditions(ledger, names.public, now)
    if not segment.sound or work.excluded is None:
        lists = "needs every exclusion" if work.excluded is None else ""
        why = lists or "needs a filter without mistakes"
        return Loaded(None, segment, tuple(said), contacts, public, why, undecided, ledger)
    where = segment.where.condition if segment.where else None
    filter_sql = to_sql(where, names.public) if where else "true"
    if held.table is not None and held.table.why_not(f"SELECT {filter_sql}"):
        said.append(_not_there(campaign, held.table))
        why = "needs a filter that the database can answer"
        return Loaded(None, segment, tuple(said), contacts, public, why, undecided, ledger)
    facts = facts_of(
        connection,
        ledger,
        domain="f_domain" if base else f"split_part({ADDRESS.format(mail.physical)}, '@', 2)",
        now=now,
        purpose=campaign.purpose.value,
        incident_conditions=conditions,
    )
    excluded = work.excluded
    if base:
        make_people(held.local, base, columns, facts, filter_sql, len(excluded))
        if repeated and facts.columns:
            told = (f"f_{name}" for name in PERSON)
            repeated.add_facts("hits", (name for name in told if name in facts.columns))
    else:
        choose_in_table(connection, facts, mail.physical, filter_sql, len(excluded))
    exclusions = counted_exclusions(connection, campaign, excluded)
    counts = connection.execute(
        "SELECT count(*) FILTER (WHERE k_kept), count(*) FILTER (WHERE k_chosen), count(*) "
        "FROM people"
    ).fetchone()
    assert counts is not None
    if held.table is None:
        rows = sum(one.rows for one in held.lists)
        account(campaign.name, rows, contacts)
        account(campaign.name, rows, int(counts[2]))
    audience = Audience(
        campaign, segment, contacts, int(counts[0]), int(counts[1]), columns, exclusions, ledger,
        held, now, names.all,
    )  # fmt: skip
    return Loaded(audience, segment, tuple(said), contacts, public, "", undecided, ledger)


def _not_there(campaign: Campaign, table: Warehouse) -> Said:
    problem = Problem(
        campaign.span("audience", "where"),
        f"{table.renderer.title} cannot answer this filter as it is meant",
        "Write its matches() with a plainer pattern, or put the question into a view.",
    )
    return Said("unreadable-file", problem)


def _load_contacts(
    connection: duckdb.DuckDBPyConnection,
    campaign: Campaign,
    paths: tuple[str, ...],
    repository: Repository,
    base: Path,
    workdir: Path,
    said: list[Said],
) -> tuple[tuple[str, LoadedList], ...] | None:
    """Each list with its table; None when one cannot be read."""
    lists: list[LoadedList] = []
    tables: list[str] = []
    failed = False
    for index, path in enumerate(paths):
        span = campaign.span("audience", "contacts", index)
        try:
            for table, loaded in load_parts(
                connection, f"contacts_{index}", path, repository=repository, base=base,
                workdir=workdir, first_row=sum(one.rows for one in lists),
                mapping=campaign.audience.columns, addressed=True,
            ):  # fmt: skip
                said += malformed(loaded, span)
                lists.append(loaded)
                tables.append(table)
        except FileProblem as problem:
            said.append(Said("unreadable-file", Problem(span, problem.message, problem.help)))
            failed = True
    if failed:
        return None
    if lists:
        said += _unused_columns(campaign, [one for loaded in lists for one in loaded.columns])
    return tuple(zip(tables, lists, strict=True))


def _unused_columns(campaign: Campaign, columns: Sequence[Column]) -> list[Said]:
    headers = {column.header.strip().casefold() for column in columns}
    return [
        Said(
            "invalid-campaign",
            Problem(
                campaign.key_span("audience", "columns", header),
                f"the list has no column “{header}”",
                "Its columns are "
                + ", ".join(column.header for column in columns if column.header)[:300]
                + ".",
            ),
        )
        for header in campaign.audience.columns
        if header.strip().casefold() not in headers
    ]
