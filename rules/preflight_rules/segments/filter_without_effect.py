"""A filter that is always true, or a part of it that changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from preflight.audience.audience import Audience
from preflight.audience.segment import Filter, Segment
from preflight.rule import Fix, Problem, Severity, rule
from preflight_rules.segments._clauses import Part, fix_of, parts_of, place_of, quoted
from preflight_rules.segments._guards import chooses
from preflight_rules.segments._meaning import meaning_of

if TYPE_CHECKING:
    from sqlglot import exp

    from preflight.audience.structure import Piece

SMALL = 20
"""In a list of so few contacts a clause may be true of all by chance."""


@rule("filter-without-effect", on=Segment, severity=Severity.WARNING)
def filter_without_effect(segment: Segment) -> Iterator[Problem]:
    """A filter is always true, or a part of it changes nothing."""
    for condition in (*filter(None, (segment.where,)), *segment.every):
        filtering = condition is segment.where
        logic = condition.logic
        if logic is None or logic.never:
            continue
        if logic.always:
            count = segment.campaign.audience.expect.count
            if filtering and not condition.column_names and count is not None:
                continue  # “true”, and how many are expected: all are meant
            yield _always(condition, logic.root, filtering)
            continue
        full = list(logic.full())
        yield from (_always(condition, piece, filtering) for piece in full)
        said = [*full, *logic.hollow()]
        for piece in logic.idle():
            if not any(_overlap(piece, other) for other in said) and not _asks_that_filled(piece):
                yield _idle(condition, piece)


def _overlap(one: Piece, other: Piece) -> bool:
    return one.start < other.end and other.start < one.end


def _always(condition: Filter, piece: Piece, filtering: bool) -> Problem:
    names = sorted({f"“{column.name}”" for column in _columns(piece)})
    of = "everybody"
    if names and not (condition.logic and condition.logic.always):
        of = f"everybody whose {' and '.join(names)} {'are' if len(names) > 1 else 'is'} filled"
    then = "it chooses nobody" if filtering else "it asserts nothing"
    return Problem(
        place_of(condition, piece),
        f"{quoted(condition, piece)} is true of {of}: {then}",
        "Perhaps “and” is meant: a value always differs from one of two others."
        if (fix := _and_meant(condition, piece))
        else "Look which comparison is meant, or remove it.",
        fix=fix,
    )


def _and_meant(condition: Filter, piece: Piece) -> Fix | None:
    """``x <> 'a' or x <> 'b'``: the alternatives all say what one column is not."""
    from sqlglot import exp

    from preflight.audience.structure import Joint

    tests = [one.tree.unnest() for one in piece.pieces]
    alike = (
        piece.joint is Joint.OR
        and all(isinstance(one, exp.NEQ) and isinstance(one.this, exp.Column) for one in tests)
        and len({one.this.name.casefold() for one in tests}) == 1
    )
    if not alike:
        return None
    text = " and ".join(condition.text[slice(*one.outer)] for one in piece.pieces)
    return fix_of(condition, piece.start, piece.end, text, "Join them with “and”")


def _idle(condition: Filter, piece: Piece) -> Problem:
    meaning = meaning_of(piece.tree)
    return Problem(
        place_of(condition, piece),
        f"{quoted(condition, piece)} changes nothing: without it the filter keeps the same people",
        "Remove it, or correct it where something else is meant.",
        weaker=meaning is not None and meaning.guards,
    )


def _asks_that_filled(piece: Piece) -> bool:
    """``x is not null`` beside ``x <> 'a'``, or ``x is null`` beside ``x is not true``, says aloud
    what is so anyway: a good habit."""
    from sqlglot import exp

    node = piece.tree.unnest()
    node = node.this.unnest() if isinstance(node, exp.Not) else node
    return isinstance(node, exp.Is) and isinstance(node.expression, exp.Null)


def _columns(piece: Piece) -> Iterator[exp.Column]:
    from sqlglot import exp

    yield from piece.tree.find_all(exp.Column)


@filter_without_effect.also(on=Audience)
def on_the_data(audience: Audience) -> Iterator[Problem]:
    """A part of the filter is true of every contact, though their values differ."""
    where = audience.segment.where
    if where is None or audience.contacts < SMALL or audience.kept == audience.contacts:
        return
    logic = where.logic
    said = [*logic.full(), *logic.idle()] if logic else []
    parts = [
        part
        for part in parts_of(where.text)
        if chooses(part.text)
        and not any(part.start < piece.end and piece.start < part.end for piece in said)
    ]
    counts = audience.scan([part.text for part in parts], among="true", limit=1)
    for part, rows in zip(parts, counts, strict=True):
        if rows.count == audience.contacts and _values_differ(audience, part):
            yield Problem(
                where.part(part.start, part.end),
                f"“{part.shown}” is true of all {audience.contacts:,} contacts of the list: it "
                "chooses nobody",
                "Look whether it says what is meant.",
                weaker=True,
            )


def _values_differ(audience: Audience, part: Part) -> bool:
    from preflight.audience.condition import parse

    columns = {audience.sql(f'"{one.name}" is null') for one in parse(part.text).columns}
    fields = [sql.removesuffix(" IS NULL") for sql in columns]
    if len(fields) != 1:
        return False
    return bool(audience.query(f"SELECT count(DISTINCT {fields[0]}) > 1 FROM people")[0][0])
