"""The facts: for each contact, what the ledger says of it.

Joins read the row's ordinal as an explicit column: a join keeps no order. The relation has one row
a contact: its own columns, ``f_address``, ``f_domain``, and ``f_<fact>`` for every fact that the
configured ledger kinds can tell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
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


def contacts_with_facts(
    connection: Connection,
    ledger: Ledger,
    *,
    email: str,
    now: dt.datetime,
    purpose: str,
    incident_conditions: Mapping[int, str],
) -> str:
    """A query of all contacts with their facts; the small tables that it joins are made here.

    ``email``: the physical column of the address. ``incident_conditions``: number of an open
    incident -> its condition as SQL over ``contacts``.
    """
    columns = ["c.*"]
    joins: list[str] = []
    people: list[str] = [kind for kind in ("clients", "known") if kind in ledger.kinds]
    for kind in people:
        joins += _lookup(connection, kind, _person_columns(), "min(entry)")
    columns += _person_facts(people)
    if "clients" in ledger.kinds:
        _client_domains(connection)
        joins.append("LEFT JOIN client_domains cd ON cd.domain = c.f_domain")
        known = " OR ".join(f"({_current(kind)})" for kind in people)
        former = _former(people)
        columns.append(
            f"(cd.domain IS NOT NULL AND NOT coalesce({known}, false) AND NOT {former})"
            " AS f_at_known_company"
        )
    for kind in _LISTED:
        if kind in ledger.kinds:
            below = _below(connection, email) if kind in _WITH_SUB_DOMAINS else ""
            joins += _lookup(connection, kind, {}, "min(entry)", below=below)
            columns.append(f"({_entry(kind)} IS NOT NULL) AS f_{_LISTED_FACT[kind]}")
    for kind, (state, barred) in _BARRING.items():
        if kind in ledger.kinds:
            joins += _lookup(connection, kind, _barring_columns(now, purpose), "min(entry)")
            columns += [
                f"{_either(kind, 'is_open')} AS f_{state}",
                f"{_either(kind, 'bars')} AS f_{barred}",
            ]
    if "referrals" in ledger.kinds:
        joins += _lookup(connection, "referrals", _referral_columns(), "min(entry)")
        columns += [
            f"({_entry('referrals')} IS NOT NULL) AS f_is_referred",
            f"{_either('referrals', 'consented')} AS f_referral_consented",
            f"{_first('referrals', 'introduced_by')} AS f_introduced_by",
            f"{_first('referrals', 'introduced_at')} AS f_introduced_at",
        ]
    if "incidents" in ledger.kinds:
        columns.append(_incidents(ledger, now, incident_conditions, joins) + " AS f_in_incident")
    columns += [f"{_entry(kind)} AS e_{kind}" for kind in ledger.kinds if kind in FIELDS]
    address = f"lower(trim({email}))"
    keys = (
        "SELECT *, split_part(f_address, '@', 2) AS f_domain FROM "
        f"(SELECT *, {address} AS f_address FROM contacts)"
    )
    return f"SELECT {', '.join(columns)} FROM ({keys}) c {' '.join(joins)}"


def _lookup(
    connection: Connection,
    kind: str,
    aggregates: Mapping[str, str],
    entry: str,
    *,
    below: str = "",
) -> list[str]:
    """Two small tables a kind, one row an address and one row a domain, and the joins to them.
    ``below``: a table of the contacts' domains and those above, for kinds that count for both."""
    values = "".join(f", {sql} AS {name}" for name, sql in aggregates.items())
    joins = []
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
            f"CREATE TABLE {kind}_by_{key} AS SELECT {key}, {entry} AS entry{values} "
            f"FROM {rows} WHERE {key} IS NOT NULL AND {key} <> ''{only} GROUP BY {key}"
        )
        short = f"{kind}_{key[0]}"
        joins.append(f"LEFT JOIN {kind}_by_{key} {short} ON {short}.{key} = c.f_{key}")
    return joins


def _below(connection: Connection, email: str) -> str:
    """The table of the contacts' domains, each with itself and every domain above it."""
    connection.execute(
        "CREATE TABLE IF NOT EXISTS domains_above AS SELECT domain, "
        "unnest([array_to_string(labels[i:], '.') for i in range(1, len(labels) + 1)]) AS above "
        "FROM (SELECT domain, string_split(domain, '.') AS labels FROM (SELECT DISTINCT "
        f"split_part(lower(trim({email})), '@', 2) AS domain FROM contacts) "
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


def _person_facts(people: list[str]) -> list[str]:
    if not people:
        return []
    columns = []
    for name in PERSON:
        values = [_value(kind, name) for kind in people]
        if name == "relationship":  # being listed is a relationship, also where none is written
            defaults = {"clients": "client", "known": "known"}
            values = [
                f"CASE WHEN {_entry(kind)} IS NOT NULL THEN "
                f"coalesce({_value(kind, name)}, '{defaults[kind]}') END"
                for kind in people
            ]
        columns.append(f"coalesce({', '.join(values)}) AS f_{name}")
    known = " OR ".join(f"({_current(kind)})" for kind in people)
    columns.append(f"coalesce({known}, false) AS f_is_known")
    if "clients" in people:
        columns.append(f"coalesce({_current('clients')}, false) AS f_is_client")
    columns.append(f"{_former(people)} AS f_is_former_client")
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
    ledger: Ledger, now: dt.datetime, conditions: Mapping[int, str], joins: list[str]
) -> str:
    hit = ["false"]
    for number, incident in enumerate(ledger.incidents):
        if not incident.open_at(now):
            continue
        if number in conditions:
            hit.append(f"coalesce({conditions[number]}, false)")
        elif incident.affects_paths:
            for key in ("address", "domain"):
                short = f"i{number}_{key[0]}"
                joins.append(
                    f"LEFT JOIN (SELECT DISTINCT {key} FROM incident_{number} "
                    f"WHERE {key} IS NOT NULL AND {key} <> '') {short} ON {short}.{key} = c.f_{key}"
                )
                hit.append(f"{short}.{key} IS NOT NULL")
    return "(" + " OR ".join(hit) + ")"
