"""The chosen contacts as a relation: the subjects `Audience` and `Contact`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from preflight.rule import Need, Place, Related, Rows
from preflight.source import Source

if TYPE_CHECKING:
    import duckdb

    from preflight.audience.age import Age
    from preflight.audience.asking import Connection
    from preflight.audience.columns import Column
    from preflight.audience.ledger import Ledger
    from preflight.audience.lists import LoadedList
    from preflight.audience.names import Names
    from preflight.audience.segment import Segment
    from preflight.audience.warehouse.connection import Warehouse
    from preflight.campaign.model import Campaign
    from preflight.source import Span

FIRST_ROWS = 20
"""So many rows of a problem are named; the count is exact."""

MAILED = "mailed"
"""What the file of those who get earlier campaigns is called in SQL (`preflight.schedule`)."""

BULK = 3
"""A mail to more than so many people is bulk (DESIGN.md)."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """One list under ``audience.exclude``: how many entries it has, how many contacts of the list
    they hit, how many the filter alone would have chosen, and how many of these it takes away.
    ``table``: its keys; None when it has neither addresses nor domains."""

    path: str
    span: Span
    entries: int
    contacts: int
    removed: int
    index: int
    keyed: bool


@dataclass(frozen=True)
class Held:
    """Where the contacts are: in the embedded engine, from ``lists``, or in a ``table`` of another
    one. ``connection`` is asked about them; ``local`` holds the lists of the ledger."""

    connection: Connection
    local: duckdb.DuckDBPyConnection
    lists: tuple[LoadedList, ...] = ()
    table: Warehouse | None = None


@dataclass(frozen=True, eq=False)
class Audience:
    """The chosen contacts, and how they were chosen.

    ``contacts``: rows of the lists; ``kept``: those that the filter keeps, before exclusions;
    ``selected``: those that get the mail. Conditions are written as for ``where``
    (`preflight.audience.condition`); facts of the ledger that a column of the same name would hide
    are ``"ledger.is_known"`` and so on.
    """

    campaign: Campaign
    segment: Segment
    contacts: int
    kept: int
    selected: int
    columns: tuple[Column, ...]
    exclusions: tuple[Exclusion, ...]
    ledger: Ledger
    held: Held
    now: dt.datetime
    names: Names
    _ages: dict[str | None, Age | None] = field(default_factory=dict, repr=False)
    _answers: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict, repr=False)

    @property
    def lists(self) -> tuple[LoadedList, ...]:
        """The files that the contacts come from; none where they stand in a table."""
        return self.held.lists

    @property
    def bulk(self) -> bool:
        return self.selected > BULK

    @property
    def column_names(self) -> frozenset[str]:
        """Every name by which a template may print a column, casefolded."""
        from preflight.audience.columns import aliases

        return frozenset(name for column in self.columns for name in aliases(column))

    def has(self, name: str) -> bool:
        """Whether a column or fact of that name can be used in a condition."""
        return name.casefold() in self.names.terms

    def sql(self, condition: str) -> str:
        """The condition as SQL over the relation `people`. Raises ConditionError."""
        from preflight.audience.compile import to_sql

        return to_sql(condition, self.names)

    def scan(
        self, conditions: Sequence[str], *, among: str = "k_spoken", limit: int = FIRST_ROWS
    ) -> list[Rows]:
        """How many rows satisfy each condition, and the first of them, in one scan.

        ``among``: ``k_spoken`` (chosen, your own test addresses aside), ``k_chosen``, ``k_kept``
        (by the filter alone), or ``true`` (all contacts). Raises ConditionError.
        """
        from preflight.audience.scan import scan

        if not conditions:
            return []
        if self.held.table is not None:
            from preflight.audience.compile import to_bit

            tests = [to_bit(condition, self.names) for condition in conditions]
            return self.held.table.scan(tests, among, limit)
        return scan(self.held.local, conditions, self.names, among=among, limit=limit)

    def count(self, condition: str, *, among: str = "k_spoken") -> int:
        """How many satisfy the condition."""
        return self.scan([condition], among=among, limit=1)[0].count

    def query(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of a query of the rule's own over ``people``; never with text of a campaign in it.
        Columns: ``_row``, ``f_address``, ``f_domain``, ``f_ordinary``, ``k_spoken``, ``k_chosen``,
        ``k_kept``, and the physical columns (`sql` makes them from names)."""
        return self.held.connection.execute(sql, list(values)).fetchall()

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """The same for a question that several rules put: it is answered once."""
        if sql not in self._answers:
            self._answers[sql] = self.query(sql)
        return self._answers[sql]

    def rows(self, ordinals: Sequence[int]) -> list[dict[str, Any]]:
        """Some contacts whole: casefolded name -> text ("" for an empty cell)."""
        wanted = ", ".join(str(int(ordinal)) for ordinal in ordinals)
        if not wanted:
            return []
        physical = [column.physical for column in self.columns]
        found = self.query(
            f"SELECT _row, {', '.join(physical)} FROM people WHERE _row IN ({wanted}) ORDER BY _row"
        )
        by_row = {row[0]: row[1:] for row in found}
        return [
            {
                column.name.casefold(): "" if value is None else value
                for column, value in zip(self.columns, by_row[ordinal], strict=True)
            }
            for ordinal in ordinals
            if ordinal in by_row
        ]

    def why_not(self, condition: str) -> str:
        """Why a condition cannot be asked where the contacts are; "" when it can."""
        from preflight.audience.compile import to_bit

        if self.held.table is None:
            return ""
        return self.held.table.why_not(f"SELECT {to_bit(condition, self.names)}")

    def place_of(self, ordinal: int) -> Place:
        """Path and line of a contact, or its table and its key there."""
        return self.places_of([ordinal])[0]

    def places_of(self, ordinals: Sequence[int]) -> tuple[Place, ...]:
        """Path and line of some contacts, or their table and their keys there."""
        table = self.held.table
        if table is not None:
            keys = table.keys_of(ordinals)
            return tuple((table.shown, keys[ordinal]) for ordinal in ordinals)
        return tuple(map(self._line_of, ordinals))

    def related(self, ordinal: int, message: str) -> Related:
        """A contact as another place that explains a problem."""
        path, at = self.place_of(ordinal)
        if isinstance(at, str):
            return Related(self.campaign.span("audience", "contacts"), f"{message}: {at}")
        return Related(Source(path, "", first_line=at, personal=True).span(), message)

    def _line_of(self, ordinal: int) -> Place:
        for loaded in self.lists:
            if ordinal < loaded.rows:
                return loaded.shown, loaded.line_of(ordinal)
            ordinal -= loaded.rows
        raise IndexError(ordinal)

    def close(self) -> None:
        """Let go of the contacts."""
        self.held.connection.close()
        self.held.local.close()

    def evidence(self, kind: str, ordinal: int) -> int | None:
        """The entry of a ledger kind that speaks of a contact."""
        if kind not in self.ledger.lists and kind not in self.ledger.tables:
            return None
        found = self.query("SELECT e_" + kind + " FROM people WHERE _row = ?", [ordinal])
        return int(found[0][0]) if found and found[0][0] is not None else None

    def missing(self, need: Need) -> str | None:
        """Why a need is not met here; None when it is."""
        if need is Need.KNOWN:
            own = {"relationship", "known_since"} & self.column_names
            if own or {"clients", "known"} & self.ledger.kinds:
                return None
            return "needs ledger.clients or ledger.known in preflight.yaml"
        if need is Need.SUPPRESSED and self._says_who_opted_out():
            return None
        if need is Need.EXCLUDED:
            chosen = self.segment.where is not None or self.exclusions
            others = (Need.KNOWN, Need.SUPPRESSED)
            if not chosen or self.exclusions or not all(map(self.missing, others)):
                return None
            return "needs ledger.known or ledger.suppressed in preflight.yaml, or audience.exclude"
        if need in (Need.COUNTRY, Need.LAST_CONTACTED):
            has = any(column.name.casefold() == need.value for column in self.columns)
            return None if has else f"needs a column “{need.value}” in the list"
        if need is Need.SUPPRESSION_AGE:
            return self._no_suppression_age()
        always = (Need.LISTS, Need.CAMPAIGN, Need.HEADERS, Need.BULK, Need.PRINTED)
        if need in always or need.value in self.ledger.kinds:
            return None
        return f"needs ledger.{need.value} in preflight.yaml"

    def age(self, kind: str | None = None) -> Age | None:
        """The age of the lists of a ledger kind, or of the contacts; None where it cannot be
        told (`preflight.audience.age`)."""
        if kind not in self._ages:
            self._ages[kind] = self._age(kind)
        return self._ages[kind]

    def _age(self, kind: str | None) -> Age | None:
        from preflight.audience.age import Age, age_of, newest_date

        table = self.ledger.tables.get(kind or "")
        if table is not None:
            relation, columns = table.relation, table.columns
        elif kind is None and self.held.table is not None:
            relation, columns = "contacts", self.columns
        else:
            lists = self.lists if kind is None else self.ledger.lists.get(kind, ())
            return age_of(self.held.local, lists, self.now)
        newest = newest_date(self.held.connection, relation, columns, self.now)
        return Age(newest, True) if newest else None

    def _no_suppression_age(self) -> str | None:
        kind = Need.SUPPRESSED.value
        if kind not in self.ledger.kinds:
            return f"needs ledger.{kind} in preflight.yaml"
        here = self.ledger.lists.get(kind) or kind in self.ledger.tables
        if not here or not self.ledger.entries.get(kind):
            return None  # an empty one: missing-suppression-list speaks of it
        if self.age(kind) is None:
            return "needs a column of dates in the suppression list, or its history in git"
        return None

    def _says_who_opted_out(self) -> bool:
        from preflight.audience.opted_out import opt_out_columns

        return bool(opt_out_columns(self.columns))


@dataclass(frozen=True, eq=False)
class Contact:
    """All chosen contacts, seen as the one row for which a rule writes its conditions.

    A rule on Contact yields problems with a ``condition``; it never sees values. ``printed``:
    casefolded names of the columns that the templates print, by part.
    """

    audience: Audience
    printed: Mapping[str, frozenset[str]]

    @property
    def campaign(self) -> Campaign:
        return self.audience.campaign

    @property
    def purpose(self) -> str:
        return self.audience.campaign.purpose.value

    @property
    def ledger(self) -> Ledger:
        return self.audience.ledger

    def has(self, name: str) -> bool:
        """Whether a column or fact of that name can be used in a condition."""
        return self.audience.has(name)
