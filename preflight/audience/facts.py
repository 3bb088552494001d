"""The facts: for each contact, what the ledger says of it.

A contact is looked up by ``f_address`` and ``f_domain``. Joins read the row's ordinal as an
explicit column: a join keeps no order.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from preflight.audience.ledger import FIELDS, FORMER, PERSON, Ledger, moment, public_domains

if TYPE_CHECKING:
    from preflight.audience.asking import Connection

_LISTED: tuple[str, ...] = ("press", "suppressed", "internal", "competitors", "seeds")
_LISTED_FACT = {
    "press": "is_press",
    "suppressed": "is_suppressed",
    "internal": "is_internal",
    "competitors": "is_competitor",
    "seeds": "is_seed",
}
_WITH_SUB_DOMAINS = ("internal", "competitors")
"""Kinds that speak of a whole company: of every domain below theirs too."""
_LONGEST_DOMAIN = 255
_BARRING: Mapping[str, tuple[str, str]] = {
    "disputes": ("in_dispute", "barred_by_dispute"),
    "holds": ("on_hold", "barred_by_hold"),
}


@dataclass(slots=True)
class Facts:
    """SQL for the facts of a contact ``c`` (a row with ``f_address`` and ``f_domain``).

    ``columns``: name -> expression (``f_<fact>`` for every fact that the configured kinds can
    tell, ``e_<kind>`` for the entry that counts); ``joins``: what the expressions read. Of a
    contact whose address and domain are in none of the ``keys`` (table, column), truths are false
    and all else is NULL.

    ``at_domains``: truths of everybody at the domains of a table for whom none of some other truths
    holds (table, names); they may be so of nearly all contacts. ``when``: conditions, which may ask
    for the other facts, under any of which a truth holds besides.
    """

    columns: dict[str, str] = field(default_factory=dict)
    joins: list[str] = field(default_factory=list)
    keys: list[tuple[str, str]] = field(default_factory=list)
    at_domains: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    when: dict[str, list[str]] = field(default_factory=dict)

    def join(self, table: str, key: str, short: str, *, distinct: bool = False) -> None:
        """Read the row of a small table that has the contact's address or domain."""
        rows = f"(SELECT DISTINCT {key} FROM {table} WHERE {key} <> '')" if distinct else table
        self.joins.append(f"LEFT JOIN {rows} {short} ON {short}.{key} = c.f_{key}")
        self.keys.append((table, key))

    def select(self, contacts: str, first: str = "c.*") -> str:
        """A query of the ``columns``; ``contacts``: a relation, ``first``: what the query is to
        give besides."""
        columns = "".join(f", {sql} AS {name}" for name, sql in self.columns.items())
        return f"SELECT {first}{columns} FROM {contacts} c {' '.join(self.joins)}"


def facts_of(
    connection: Connection,
    ledger: Ledger,
    *,
    domain: str,
    now: dt.datetime,
    purpose: str,
    incident_conditions: Mapping[int, str],
) -> Facts:
    """The facts of the contacts; the small tables that they read are made here.

    ``domain``: SQL for the domain of a row of ``contacts``. ``incident_conditions``: number of an
    open incident -> its condition as SQL over ``contacts``.
    """
    facts = Facts()
    columns = facts.columns
    people: list[str] = [kind for kind in ("clients", "known") if kind in ledger.kinds]
    for kind in people:
        _look_up(facts, connection, kind, _person_columns())
    columns |= _person_facts(people)
    if "clients" in ledger.kinds:
        _client_domains(connection)
        others = ("f_is_known", "f_is_former_client")
        facts.at_domains["f_at_known_company"] = ("client_domains", others)
    for kind in _LISTED:
        if kind in ledger.kinds:
            below = _below(connection, domain) if kind in _WITH_SUB_DOMAINS else ""
            _look_up(facts, connection, kind, {}, below=below)
            columns[f"f_{_LISTED_FACT[kind]}"] = f"({_entry(kind)} IS NOT NULL)"
    for kind, (state, barred) in _BARRING.items():
        if kind in ledger.kinds:
            _look_up(facts, connection, kind, _barring_columns(now, purpose))
            columns[f"f_{state}"] = _either(kind, "is_open")
            columns[f"f_{barred}"] = _either(kind, "bars")
    if "referrals" in ledger.kinds:
        _look_up(facts, connection, "referrals", _referral_columns())
        columns["f_is_referred"] = f"({_entry('referrals')} IS NOT NULL)"
        columns["f_referral_consented"] = _either("referrals", "consented")
        columns["f_introduced_by"] = _first("referrals", "introduced_by")
        columns["f_introduced_at"] = _first("referrals", "introduced_at")
    if "incidents" in ledger.kinds:
        columns["f_in_incident"] = _incidents(facts, ledger, now, incident_conditions)
    columns |= {f"e_{kind}": _entry(kind) for kind in ledger.kinds if kind in FIELDS}
    return facts


def _look_up(
    facts: Facts,
    connection: Connection,
    kind: str,
    aggregates: Mapping[str, str],
    *,
    below: str = "",
) -> None:
    """Two small tables a kind, one row an address and one row a domain, and the joins to them.
    ``below``: a table of the contacts' domains and those above, for kinds that count for both."""
    values = "".join(f", {sql} AS {name}" for name, sql in aggregates.items())
    for key in ("address", "domain"):
        # A row with both an address and a domain speaks of the address.
        only = "" if key == "address" else " AND address IS NULL"
        rows = f"ledger_{kind}"
        if below and key == "domain":
            rows = (
                f"(SELECT l.entry, l.address, b.domain FROM {rows} l "
                f"JOIN {below} b ON b.above = l.domain) AS l"
            )
        connection.execute(
            f"CREATE TABLE {kind}_by_{key} AS SELECT {key}, min(entry) AS entry{values} "
            f"FROM {rows} WHERE {key} IS NOT NULL AND {key} <> ''{only} GROUP BY {key}"
        )
        facts.join(f"{kind}_by_{key}", key, f"{kind}_{key[0]}")


def _below(connection: Connection, domain: str) -> str:
    """The table of the contacts' domains, each with itself and every domain above it."""
    connection.execute(
        "CREATE TABLE IF NOT EXISTS domains_above AS SELECT domain, "
        "unnest([array_to_string(labels[i:], '.') for i in range(1, len(labels) + 1)]) AS above "
        "FROM (SELECT domain, string_split(domain, '.') AS labels FROM (SELECT DISTINCT "
        f"{domain} AS domain FROM contacts) "
        f"WHERE length(domain) BETWEEN 1 AND {_LONGEST_DOMAIN})"
    )
    return "domains_above"


def _entry(kind: str) -> str:
    return f"coalesce({kind}_a.entry, {kind}_d.entry)"


def _either(kind: str, name: str) -> str:
    return f"(coalesce({kind}_a.{name}, false) OR coalesce({kind}_d.{name}, false))"


def _first(kind: str, name: str) -> str:
    """The value of the entry that counts: the address's, else the domain's."""
    return f"CASE WHEN {kind}_a.entry IS NOT NULL THEN {kind}_a.{name} ELSE {kind}_d.{name} END"


def _person_columns() -> dict[str, str]:
    """Of the first row of each key."""
    return {name: f"arg_min(coalesce({name}, ''), entry)" for name in PERSON}


def _folded(sql: str) -> str:
    return f"replace(replace(lower(trim(coalesce({sql}, ''))), ' ', '_'), '-', '_')"


def _is_former(sql: str) -> str:
    words = ", ".join(f"'{word}'" for word in FORMER)
    return f"{_folded(sql)} IN ({words})"


def _current(kind: str) -> str:
    """Whether the entry of a kind speaks of somebody known now."""
    return f"{_entry(kind)} IS NOT NULL AND NOT {_is_former(_first(kind, 'relationship'))}"


def _former(people: Iterable[str]) -> str:
    relationship = f"coalesce({', '.join([_value(kind, 'relationship') for kind in people])}, '')"
    return _is_former(relationship)


def _value(kind: str, name: str) -> str:
    return f"nullif({_first(kind, name)}, '')"


def _person_facts(people: list[str]) -> dict[str, str]:
    if not people:
        return {}
    columns = {}
    for name in PERSON:
        values = [_value(kind, name) for kind in people]
        if name == "relationship":  # being listed is a relationship, also where none is written
            defaults = {"clients": "client", "known": "known"}
            values = [
                f"CASE WHEN {_entry(kind)} IS NOT NULL THEN "
                f"coalesce({_value(kind, name)}, '{defaults[kind]}') END"
                for kind in people
            ]
        columns[f"f_{name}"] = f"coalesce({', '.join(values)})"
    known = " OR ".join(f"({_current(kind)})" for kind in people)
    columns["f_is_known"] = f"coalesce({known}, false)"
    if "clients" in people:
        columns["f_is_client"] = f"coalesce({_current('clients')}, false)"
    columns["f_is_former_client"] = _former(people)
    return columns


def _client_domains(connection: Connection) -> None:
    """Companies of which somebody is a client now."""
    connection.execute(
        "CREATE TABLE client_domains AS SELECT DISTINCT split_part(address, '@', 2) AS domain "
        f"FROM ledger_clients WHERE address IS NOT NULL AND NOT {_is_former('relationship')} "
        "AND NOT list_contains(?, split_part(address, '@', 2))",
        [public_domains()],
    )


def _barring_columns(now: dt.datetime, purpose: str) -> dict[str, str]:
    """Whether an entry is open at ``now`` (a date without a time is the whole day), and whether
    it bars this purpose."""
    clock = moment(now)
    begun = f"coalesce(TRY_CAST(since AS TIMESTAMP) <= {clock}, true)"
    day = "regexp_full_match(trim(until), '\\d{4}-\\d\\d-\\d\\d')"
    lasts = (
        f"CASE WHEN {day} THEN TRY_CAST(until AS DATE) >= CAST({clock} AS DATE) "
        f"ELSE TRY_CAST(until AS TIMESTAMP) >= {clock} END"
    )
    is_open = f"({begun} AND coalesce({lasts}, true))"
    allowed = (
        "list_contains(regexp_split_to_array(lower(trim(coalesce(allow, ''))), '[,;\\s]+'), "
        f"'{purpose}')"
    )
    return {"is_open": f"bool_or({is_open})", "bars": f"bool_or({is_open} AND NOT {allowed})"}


def _referral_columns() -> dict[str, str]:
    return {
        "consented": "bool_or(lower(trim(coalesce(consent, ''))) = 'yes')",
        "introduced_by": "arg_min(introduced_by, entry)",
        "introduced_at": "arg_min(introduced_at, entry)",
    }


def _incidents(
    facts: Facts, ledger: Ledger, now: dt.datetime, conditions: Mapping[int, str]
) -> str:
    hit = ["false"]
    for number, incident in enumerate(ledger.incidents):
        if not incident.open_at(now):
            continue
        if number in conditions:
            condition = f"coalesce({conditions[number]}, false)"
            facts.when.setdefault("f_in_incident", []).append(condition)
        elif incident.affects_paths:
            for key in ("address", "domain"):
                short = f"i{number}_{key[0]}"
                facts.join(f"incident_{number}", key, short, distinct=True)
                hit.append(f"{short}.{key} IS NOT NULL")
    return "(" + " OR ".join(hit) + ")"
