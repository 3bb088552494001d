"""Classes of recipients: who gets a mail of the same kind.

Recipients are grouped by what can change the mail in kind: which used fields are empty, which
branch each condition takes, their language, register and relationship. One message a class is
rendered. A class speaks for emptiness and branches, never for values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from typing import TYPE_CHECKING, Any

from preflight.audience.columns import Kind
from preflight.audience.misread import ConditionError

if TYPE_CHECKING:
    from preflight.audience.audience import Audience
    from preflight.templates.model import Template
    from preflight.templates.render import RecipientClass

_AT_ONCE = 2_000
_BY_VALUE = ("language", "register", "relationship")


def recipient_classes(
    audience: Audience, templates: Iterable[Template], *, keys: Sequence[str] = (), limit: int
) -> tuple[list[RecipientClass], int]:
    """The classes, largest first (equals in file order), at most ``limit``; and how many
    recipients are in none of them. ``keys``: further names whose values split, for contacts that
    have them, and conditions."""
    from preflight.templates.render import RecipientClass

    columns = _key_columns(audience, templates, keys)
    names = ", ".join(f"k{index}" for index in range(len(columns)))
    inner = "".join(f", {sql} AS k{index}" for index, sql in enumerate(columns))
    group = f"GROUP BY {names}" if names else ""
    found = audience.query(
        f"SELECT count(*) AS n, min(_row, 20), min(_row) AS r FROM (SELECT _row{inner} FROM "
        f"people WHERE k_spoken) AS p {group} HAVING count(*) > 0 ORDER BY n DESC, r LIMIT {limit}"
    )
    covered = sum(row[0] for row in found)
    total = audience.query("SELECT count(*) FROM people WHERE k_spoken")[0][0]
    values = _values(audience, [row[1][0] for row in found])
    classes = [
        RecipientClass(values[first[0]][0], values[first[0]][1], count, tuple(first))
        for count, first, _ in found
    ]
    return classes, total - covered


def _key_columns(
    audience: Audience, templates: Iterable[Template], keys: Sequence[str]
) -> list[str]:
    columns: dict[str, None] = {}

    def add(condition: str) -> None:
        try:
            columns[f"coalesce(({audience.sql(condition)}), false)"] = None
        except ConditionError:
            return  # a name that no contact has: another rule speaks of it

    for template in templates:
        for name in dict.fromkeys(name for name, _, _ in template.parsed.names):
            if audience.has(name):
                quoted = name.replace('"', '""')
                add(f'empty("{quoted}")')
                add(f'blank("{quoted}")')
        for branch in template.parsed.branches:
            add(branch)
        for name in template.parsed.undecided:
            if audience.has(name):
                columns[_text(audience, name)] = None
    for name in (*_BY_VALUE, *keys):
        if audience.has(name):
            columns[_text(audience, name)] = None
        else:
            add(name)  # a condition, or a name that no contact has
    return list(columns)


def _text(audience: Audience, name: str) -> str:
    return f"CAST({audience.names.terms[name.casefold()].sql} AS VARCHAR)"


def values_of(
    audience: Audience, ordinals: Sequence[int], names: Set[str]
) -> Iterator[dict[str, Any]]:
    """What a template prints for some contacts, only of the names it uses."""
    for at in range(0, len(ordinals), _AT_ONCE):
        some = ordinals[at : at + _AT_ONCE]
        found = _values(audience, some)
        for ordinal in some:
            values = found[ordinal][0]
            yield {name: value for name, value in values.items() if name in names}


def _values(
    audience: Audience, ordinals: Sequence[int]
) -> dict[int, tuple[dict[str, Any], dict[str, Any]]]:
    """For some contacts: what a template prints (typed, "" for an empty cell, by every name), and
    all that is known of them (columns and facts, casefolded names)."""
    from preflight.audience.columns import aliases

    if not ordinals:
        return {}
    facts = {
        name.removeprefix("ledger."): term.sql
        for name, term in audience.names.terms.items()
        if name.startswith("ledger.")
    }
    physical = [column.physical for column in audience.columns]
    wanted = ", ".join(str(ordinal) for ordinal in ordinals)
    rows = audience.query(
        f"SELECT _row, {', '.join([*physical, *facts.values()])} FROM people "
        f"WHERE _row IN ({wanted})"
    )
    found: dict[int, tuple[dict[str, Any], dict[str, Any]]] = {}
    for row in rows:
        values: dict[str, Any] = {}
        known: dict[str, Any] = {}
        for column, cell in zip(audience.columns, row[1:], strict=False):
            kind = audience.names.terms[column.name.casefold()].kind
            value = _typed(cell, kind)
            for alias in aliases(column):
                values.setdefault(alias, value)
        for column, cell in zip(audience.columns, row[1:], strict=False):
            kind = audience.names.terms[column.name.casefold()].kind
            values[column.name.casefold()] = _typed(cell, kind)
            known[column.name.casefold()] = cell
        for name, fact in zip(facts, row[1 + len(physical) :], strict=True):
            known[f"ledger.{name}"] = fact
            known.setdefault(name, fact)
        found[row[0]] = (values, known)
    return found


def _typed(cell: str | None, kind: Kind) -> object:
    """A cell as a template gets it: an empty one is the empty text, as `csv.DictReader` gives."""
    if cell is None:
        return ""
    if kind is Kind.BOOLEAN:
        return cell.strip().lower() == "true"
    if kind is Kind.INTEGER:
        return int(cell)
    if kind is Kind.NUMBER:
        return float(cell)
    return cell
