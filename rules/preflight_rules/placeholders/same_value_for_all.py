"""One person's value in everybody's mail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from preflight.audience.audience import FIRST_ROWS, Contact
from preflight.batch import Batch, Digest
from preflight.rule import Need, Problem, Rows, Severity, rule
from preflight.templates.zones import addressee
from preflight_rules.cells import printed_columns
from preflight_rules.placeholders._same_value import (
    Options,
    is_personal_field,
    names_a_person,
    same_for_all,
)

if TYPE_CHECKING:
    from preflight.audience.audience import Audience
    from preflight.audience.columns import Column


@rule("same-value-for-all", on=Contact, severity=Severity.WARNING, options=Options)
def same_value_for_all(contact: Contact, options: Options) -> Iterator[Problem]:
    """A personal field that the mail prints has one value for nearly everybody."""
    audience = contact.audience
    for column in printed_columns(contact):
        if not is_personal_field(column.name) or _is_asked_for(audience, column):
            continue
        found = audience.query(
            f"SELECT value, n, first, sum(n) OVER () FROM (SELECT lower(trim({column.physical})) "
            f"AS value, count(*) AS n, min(_row, {FIRST_ROWS}) AS first FROM people "
            f"WHERE k_spoken AND trim({column.physical}) <> '' GROUP BY value) "
            "ORDER BY n DESC, first[1] LIMIT 1"
        )
        for value, count, first, filled in found:
            if same_for_all(str(value), int(count), int(filled), options):
                yield Problem(
                    None,
                    f"{{recipients}} {{have}} the same value in “{column.name}”, which the mail "
                    "prints",
                    "Look at how the list was made: a value of one person was copied down, or a "
                    "fallback was exported in the place of names.",
                    rows=Rows(int(count), tuple(first)),
                )


@same_value_for_all.also(on=Batch, needs=(Need.SEVERAL,))
def in_batch(batch: Batch, options: Options) -> Iterator[Problem]:
    """Nearly all mails of a batch greet one person by name, or were merged with one person's
    data, and go to different people."""
    yield from _in_data(batch, options)
    greeted: dict[str, list[Digest]] = {}
    for mail in batch.mails:
        name = addressee(mail.opening)
        if name and names_a_person(name):
            greeted.setdefault(name.casefold(), []).append(mail)
    if not greeted:
        return
    name, mails = max(greeted.items(), key=lambda one: len(one[1]))
    readers = {mail.to for mail in mails}
    filled = sum(map(len, greeted.values()))
    if len(readers) > 1 and same_for_all(name, len(readers), max(filled, len(readers)), options):
        yield Problem(
            mails[0].opening_span,
            f"{len(mails):,} of {len(batch.mails):,} mails greet the same person, and go to "
            "different people",
            "Look at what was merged: the row of one person was used for all.",
            rows=batch.rows(mails),
        )


def _in_data(batch: Batch, options: Options) -> Iterator[Problem]:
    """The same, where the caller gives the data of each mail."""
    values: dict[str, dict[str, list[Digest]]] = {}
    for mail in batch.mails:
        for field, value in mail.context.data.items():
            text = str(value or "").strip().casefold()
            if text and is_personal_field(field):
                values.setdefault(field, {}).setdefault(text, []).append(mail)
    for field, found in values.items():
        text, mails = max(found.items(), key=lambda one: len(one[1]))
        filled = sum(map(len, found.values()))
        readers = len({mail.to for mail in mails})
        if readers > 1 and same_for_all(text, readers, filled, options):
            yield Problem(
                mails[0].span,
                f"{len(mails):,} of {len(batch.mails):,} mails were merged with the same value of "
                f"“{field}”",
                "Look at what was merged: the row of one person was used for all.",
                rows=batch.rows(mails),
            )


def _is_asked_for(audience: Audience, column: Column) -> bool:
    """Whether the filter chooses by this very column, as for a name day."""
    where = audience.segment.where
    if where is None or where.condition is None:
        return False
    terms = audience.names.terms
    return any(
        term is not None and term.sql == column.physical
        for term in (terms.get(asked.name.casefold()) for asked in where.condition.columns)
    )
