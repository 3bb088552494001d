"""The names that the conditions of a check may use: columns of the lists, facts of the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from preflight.audience.columns import Column, Kind, aliases
from preflight.audience.compile import to_sql
from preflight.audience.condition import parse
from preflight.audience.ledger import FACTS, PERSON, Ledger, terms
from preflight.audience.misread import ConditionError
from preflight.audience.names import Names, Term, unknown_names
from preflight.audience.repeated import Repeated

if TYPE_CHECKING:
    from preflight.audience.asking import Connection


@dataclass(frozen=True, slots=True)
class Scope:
    """``public``: what users may name (a column hides the fact of its name); ``all``: what rules
    may name besides."""

    public: Names
    all: Names


def scope_of(
    connection: Connection,
    columns: tuple[Column, ...],
    kinds: Mapping[str, Kind],
    ledger: Ledger,
    now: dt.datetime,
    repeated: Repeated | None,
) -> Scope:
    """``repeated``: of a list in the embedded engine."""
    known: dict[str, Term] = dict(terms(ledger.kinds))
    for column in reversed(columns):
        for alias in aliases(column):
            known[alias] = Term(column.physical, kinds[column.physical])
    for column in columns:  # the name itself wins over another column's alias
        known[column.name.casefold()] = Term(column.physical, kinds[column.physical])
    missing = {
        name: "it needs " + " or ".join(f"ledger.{kind}" for kind in needed) + " in preflight.yaml"
        for name, (_, needed) in FACTS.items()
        if name not in known
    }
    shown = (*(one.header.strip() or one.name for one in columns), *terms(ledger.kinds))

    def samples(name: str) -> list[str]:
        term = known.get(name.casefold())
        if term is None:
            return []
        if term.sql.startswith("f_"):  # of the ledger's own rows: contacts are not joined yet
            fact = term.sql.removeprefix("f_")
            told = sorted(ledger.kinds.intersection(FACTS[fact][1])) if fact in PERSON else []
            rows = " UNION ALL ".join(f"SELECT {fact} AS v FROM ledger_{kind}" for kind in told)
        else:
            rows = f"SELECT {term.sql} AS v FROM contacts"
        if not rows:
            return []
        found = connection.execute(
            f"SELECT DISTINCT v FROM ({rows}) WHERE v IS NOT NULL ORDER BY v LIMIT 200"
        ).fetchall()
        return [str(row[0]) for row in found]

    public = Names(known, now, shown, missing, samples, repeated)
    everything = {**known, **terms(ledger.kinds, "ledger.")}
    everything["@address"] = Term("f_address", Kind.TEXT)
    everything["@domain"] = Term("f_domain", Kind.TEXT)
    everything["@ordinary"] = Term("f_ordinary", Kind.BOOLEAN, typed=True)
    return Scope(public, Names(everything, now, shown, missing, samples, repeated))


def incident_conditions(
    ledger: Ledger, names: Names, now: dt.datetime
) -> tuple[dict[int, str], tuple[str, ...]]:
    """The conditions of open incidents as SQL; what these contacts have no columns for is named."""
    conditions: dict[int, str] = {}
    undecided: list[str] = []
    for number, incident in enumerate(ledger.incidents):
        if incident.affects_condition is None or not incident.open_at(now):
            continue
        try:
            condition = parse(incident.affects_condition)
            mistakes = tuple(unknown_names(condition, names))
            if mistakes:
                raise ConditionError(*mistakes)
            conditions[number] = to_sql(condition, names)
        except ConditionError as error:
            undecided.append(
                f"incident “{incident.id}” cannot be joined: {error.mistakes[0].message}"
            )
    return conditions, tuple(undecided)
