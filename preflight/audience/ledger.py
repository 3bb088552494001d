"""What is known about people: the ledger's lists in tables, and the facts each contact gets.

A row holds an address, a whole domain, or both with one empty. One contact stays one row: its
address counts before its domain, ``clients`` before ``known``, then the first row of the file.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from preflight.audience.columns import Kind
from preflight.audience.names import Term
from preflight.files import FileProblem, Repository
from preflight.rule import Problem, Related, Rows, Said
from preflight.source import Source

if TYPE_CHECKING:
    import duckdb

    from preflight.audience.incidents import Incident
    from preflight.audience.lists import LoadedList
    from preflight.audience.warehouse.ledger import Beside, ListInTable
    from preflight.config import Config

PERSON = (
    "relationship", "known_since", "register", "formality", "language", "greeting", "owner",
)  # fmt: skip
FIELDS: Mapping[str, tuple[str, ...]] = {
    "clients": PERSON,
    "known": PERSON,
    "press": (),
    "suppressed": (),
    "disputes": ("since", "until", "owner", "allow"),
    "holds": ("kind", "since", "until", "owner", "allow"),
    "referrals": ("introduced_by", "introduced_at", "consent"),
    "internal": (),
    "competitors": (),
    "seeds": (),
}
"""Ledger kind -> the columns it may have besides ``email`` and ``domain``."""

_DATED = {"since", "until", "introduced_at"}
_LITERAL_KINDS = {"internal", "competitors", "seeds"}
_ENTRY = re.compile(r"(?:[^\s@/\\]+@)?@?[\w-]+(?:\.[\w-]+)+", re.UNICODE)
_LIST_FILE = re.compile(r"\.(csv|tsv|txt|jsonl|ndjson|parquet|xlsx)$", re.IGNORECASE)

FORMER = (
    "former_client", "former_customer", "former", "ex_client", "ex_customer", "past_client",
    "past_customer", "lost_client", "lost_customer", "lapsed_client", "lapsed_customer", "churned",
    "ancien_client", "ancienne_cliente", "ex_cliente", "ehemaliger_kunde", "ehemalige_kundin",
    "ex_kunde", "ex_kundin", "altkunde", "antiguo_cliente", "antigua_cliente", "antigua_clienta",
    "antigo_cliente", "antiga_cliente", "oud_klant", "oude_klant", "ex_klant",
)  # fmt: skip
"""Ways to write that somebody was a client, folded: lower case, blanks and hyphens as ``_``."""

FACTS: Mapping[str, tuple[Kind, tuple[str, ...]]] = {
    "relationship": (Kind.TEXT, ("clients", "known")),
    "known_since": (Kind.TEXT, ("clients", "known")),
    "register": (Kind.TEXT, ("clients", "known")),
    "language": (Kind.TEXT, ("clients", "known")),
    "owner": (Kind.TEXT, ("clients", "known")),
    "is_client": (Kind.BOOLEAN, ("clients",)),
    "is_known": (Kind.BOOLEAN, ("clients", "known")),
    "is_press": (Kind.BOOLEAN, ("press",)),
    "is_suppressed": (Kind.BOOLEAN, ("suppressed",)),
    "in_dispute": (Kind.BOOLEAN, ("disputes",)),
    "on_hold": (Kind.BOOLEAN, ("holds",)),
    "in_incident": (Kind.BOOLEAN, ("incidents",)),
}
"""The facts usable in ``where``: type, and the ledger kinds of which one must be configured."""

FACTS_FOR_RULES: Mapping[str, tuple[Kind, tuple[str, ...]]] = {
    **FACTS,
    "formality": (Kind.TEXT, ("clients", "known")),
    "greeting": (Kind.TEXT, ("clients", "known")),
    "is_former_client": (Kind.BOOLEAN, ("clients", "known")),
    "at_known_company": (Kind.BOOLEAN, ("clients",)),
    "barred_by_dispute": (Kind.BOOLEAN, ("disputes",)),
    "barred_by_hold": (Kind.BOOLEAN, ("holds",)),
    "is_referred": (Kind.BOOLEAN, ("referrals",)),
    "referral_consented": (Kind.BOOLEAN, ("referrals",)),
    "introduced_by": (Kind.TEXT, ("referrals",)),
    "introduced_at": (Kind.TEXT, ("referrals",)),
    "is_internal": (Kind.BOOLEAN, ("internal",)),
    "is_competitor": (Kind.BOOLEAN, ("competitors",)),
    "is_seed": (Kind.BOOLEAN, ("seeds",)),
}
"""What rules may ask besides, written ``"ledger.is_former_client"`` in their conditions."""


@dataclass(frozen=True)
class Ledger:
    """The ledger of one run, loaded. ``kinds``: those that are configured and could be read, also
    when they hold nothing; ``entries``: how many rows each has; ``configured``: all that
    preflight.yaml names, readable or not; ``tables``: those that stand beside the contacts."""

    kinds: frozenset[str] = frozenset()
    entries: Mapping[str, int] = field(default_factory=dict)
    lists: Mapping[str, tuple[LoadedList, ...]] = field(default_factory=dict)
    incidents: tuple[Incident, ...] = ()
    configured: frozenset[str] = frozenset()
    tables: Mapping[str, ListInTable] = field(default_factory=dict)

    def place_of(self, kind: str, entry: int) -> tuple[str, int] | None:
        """Path and line of an entry; None for one written in preflight.yaml itself."""
        for loaded in self.lists.get(kind, ()):
            if entry < loaded.rows:
                return loaded.shown, loaded.line_of(entry)
            entry -= loaded.rows
        return None

    def related(self, kind: str, entry: int) -> Related | None:
        if kind in self.tables:
            table = self.tables[kind]
            return table.related(f"the first of them is in {table.shown}, ledger.{kind}")
        place = self.place_of(kind, entry)
        if place is None:
            return None
        source = Source(place[0], "", first_line=place[1], personal=True)
        return Related(source.span(), f"the first of them, in ledger.{kind}")


def public_domains() -> list[str]:
    """Domains at which anybody can have an address (data file)."""
    text = files("preflight.data").joinpath("public_mail_domains.txt").read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def load_ledger(
    connection: duckdb.DuckDBPyConnection,
    config: Config,
    repository: Repository,
    base: Path,
    workdir: Path,
    beside: Beside | None = None,
) -> tuple[Ledger, list[Said]]:
    """Load every configured kind into a table ``ledger_<kind>(entry, address, domain, ...)``: from
    files into the embedded engine, from tables into the engine ``beside`` the contacts.

    A list that cannot be read is said and makes its kind absent: rules that need it do not run.
    """
    from preflight.campaign.model import ContactsTable

    said: list[Said] = []
    lists: dict[str, tuple[LoadedList, ...]] = {}
    entries: dict[str, int] = {}
    tables: dict[str, ListInTable] = {}
    for kind in config.kinds():
        if kind == "incidents":
            continue
        place = getattr(config.ledger, kind)
        if isinstance(place, ContactsTable):
            from preflight.audience.warehouse.ledger import list_in_table

            spans = {key: config.span("ledger", kind, key) for key in ("connection", "table")}
            found = list_in_table(
                f"ledger_{kind}", place, spans, beside, said,
                FIELDS[kind], sorted(_DATED.intersection(FIELDS[kind])),
            )  # fmt: skip
            if found is not None:
                tables[kind] = found
                entries[kind] = found.rows
            continue
        loaded, problems, usable = _load_kind(connection, kind, config, repository, base, workdir)
        said += problems
        if usable:
            lists[kind] = loaded
            count = connection.execute(f"SELECT count(*) FROM ledger_{kind}").fetchone()
            entries[kind] = int(count[0]) if count else 0
            said += _bad_dates(connection, kind, loaded)
    incidents: tuple[Incident, ...] = ()
    kinds = {*lists, *tables}
    if config.ledger.incidents:
        incidents, problems, usable = _load_incidents(connection, config, repository, base, workdir)
        said += problems
        if usable:
            kinds.add("incidents")
            entries["incidents"] = len(incidents)
    configured = frozenset(config.kinds())
    return Ledger(frozenset(kinds), entries, lists, incidents, configured, tables), said


def _load_kind(
    connection: duckdb.DuckDBPyConnection,
    kind: str,
    config: Config,
    repository: Repository,
    base: Path,
    workdir: Path,
) -> tuple[tuple[LoadedList, ...], list[Said], bool]:
    from preflight.audience.parts import entries_of, load_keyed

    said: list[Said] = []
    loaded: list[LoadedList] = []
    parts: list[str] = []
    literals: list[str] = []
    usable = True
    for index, path in enumerate(getattr(config.ledger, kind)):
        route = ("ledger", kind, index)
        if kind in _LITERAL_KINDS and _ENTRY.fullmatch(path) and not _LIST_FILE.search(path):
            literals.append(path.lower().lstrip("@"))
            continue
        found = load_keyed(
            connection, f"list_{kind}_{index}", path, config.span(*route), said,
            fields=FIELDS[kind], first_row=sum(one.rows for one in loaded),
            repository=repository, base=base, workdir=workdir,
        )  # fmt: skip
        if found is None:
            usable = False
            continue
        loaded += found.lists
        parts += found.selects
    fields = "".join(f", NULL::VARCHAR AS {name}" for name in FIELDS[kind])
    parts += [
        f"SELECT {-1 - i}::BIGINT AS entry, {_quoted(text) if '@' in text else 'NULL'} AS address, "
        f"{'NULL' if '@' in text else _quoted(text)} AS domain{fields}"
        for i, text in enumerate(literals)
    ]
    connection.execute(f"CREATE TABLE ledger_{kind} AS {entries_of(parts, FIELDS[kind])}")
    return tuple(loaded), said, usable


def _bad_dates(
    connection: duckdb.DuckDBPyConnection, kind: str, loaded: tuple[LoadedList, ...]
) -> list[Said]:
    """A date that cannot be read must never end a dispute in silence: the entry stays open."""
    said = []
    ledger = Ledger(lists={kind: loaded})
    for name in sorted(_DATED.intersection(FIELDS[kind])):
        found = connection.execute(
            f"SELECT entry, {name} FROM ledger_{kind} WHERE trim({name}) <> '' AND"
            f" TRY_CAST({name} AS TIMESTAMP) IS NULL ORDER BY entry LIMIT 21"
        ).fetchall()
        places = [(ledger.place_of(kind, entry), text) for entry, text in found]
        if not places or places[0][0] is None:
            continue
        path, line = places[0][0]
        text = str(places[0][1])
        source = Source(path, text, first_line=line, personal=True)
        said.append(
            Said(
                "malformed-row",
                Problem(
                    source.span(),
                    f"“{text}” in the column {name} is no date; the entry counts as without one",
                    "Write dates as YYYY-MM-DD.",
                    rows=Rows(len(found), (), tuple(place for place, _ in places if place)),
                ),
            )
        )
    return said


def _load_incidents(
    connection: duckdb.DuckDBPyConnection,
    config: Config,
    repository: Repository,
    base: Path,
    workdir: Path,
) -> tuple[tuple[Incident, ...], list[Said], bool]:
    from preflight.audience.incidents import load_incidents
    from preflight.audience.parts import entries_of, load_keyed

    said: list[Said] = []
    found: list[Incident] = []
    usable = True
    for index, path in enumerate(config.ledger.incidents):
        span = config.span("ledger", "incidents", index)
        try:
            file = repository.locate(path, base, limit=1 << 20)
        except FileProblem as problem:
            said.append(Said("unreadable-file", Problem(span, problem.message, problem.help)))
            usable = False
            continue
        incidents, problems = load_incidents(repository, file)
        said += problems
        usable = usable and not problems
        for incident in incidents:
            number = len(found)
            found.append(incident)
            parts: list[str] = []
            for part, affected in enumerate(incident.affects_paths):
                keys = load_keyed(
                    connection, f"list_incident_{number}_{part}", affected,
                    incident.span("affects"), said,
                    repository=repository, base=file.parent, workdir=workdir,
                )  # fmt: skip
                usable = usable and keys is not None
                parts += keys.selects if keys else ()
            connection.execute(f"CREATE TABLE incident_{number} AS {entries_of(parts)}")
    return tuple(found), said, usable


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def moment(now: dt.datetime) -> str:
    """The clock as SQL, without its zone: dates of the ledger are local dates."""
    return f"TIMESTAMP '{now.replace(tzinfo=None).isoformat(sep=' ', timespec='seconds')}'"


def terms(kinds: frozenset[str], prefix: str = "") -> dict[str, Term]:
    """The facts that the configured kinds can tell, as terms over the table of facts."""
    facts = FACTS_FOR_RULES if prefix else FACTS
    return {
        f"{prefix}{name}": Term(f"f_{name}", kind, typed=kind is not Kind.TEXT)
        for name, (kind, needed) in facts.items()
        if kinds.intersection(needed)
    }
