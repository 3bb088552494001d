"""A comparison that drops the contacts whose cell is empty, without saying so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from preflight.audience.audience import Audience
from preflight.rule import Problem, Severity, rule
from preflight_rules.segments._clauses import place_of, quoted, shown
from preflight_rules.segments._counted import not_excluded
from preflight_rules.segments._meaning import About, meaning_of
from preflight_rules.segments.inverted_exclusion import inverted_exclusion

if TYPE_CHECKING:
    from sqlglot import exp

    from preflight.audience.segment import Filter
    from preflight.audience.structure import Piece


@rule("null-blind-filter", on=Audience, severity=Severity.WARNING)
def null_blind_filter(audience: Audience) -> Iterator[Problem]:
    """A comparison drops the contacts whose cell is empty, without saying so."""
    where = audience.segment.where
    logic = where.logic if where is not None else None
    if where is None or logic is None or not audience.selected:
        return
    full = list(logic.full())  # filter-without-effect names these
    spoken_of = set(_spoken_of(logic.root))
    pieces = [
        piece
        for piece in _excluding(logic.root)
        if not any(one.start < piece.end and piece.start < one.end for one in full)
        and not _columns(piece) <= spoken_of
    ]
    groups = [[piece] for piece in pieces]
    alike: dict[frozenset[str], list[Piece]] = {}
    for piece in pieces:
        alike.setdefault(frozenset(_columns(piece)), []).append(piece)
    groups += [group for group in alike.values() if len(group) > 1]
    dropped = [_dropped(where, group) for group in groups]
    counts = audience.scan(dropped, among=not_excluded(audience), limit=1)
    found, named = [], set[str]()
    for group, rows in zip(groups, counts, strict=True):
        # “a <> 1 and a <> 2”: neither alone drops anybody, both together do.
        if rows.count and not (len(group) > 1 and _columns(group[0]) & named):
            found.append((group[0], rows))
            named |= _columns(group[0])
    if not found:
        return
    inverted = [one.span for one in inverted_exclusion(audience) if one.span is not None]
    for piece, rows in found:
        span = place_of(where, piece)
        if any(span.start < other.end and other.start < span.end for other in inverted):
            continue  # the whole clause is the wrong way round: that is the news
        columns = [f"“{name}”" for name in _written(piece)]
        people = "the one contact" if rows.count == 1 else f"the {rows.count:,} contacts"
        yield Problem(
            span,
            f"{quoted(where, piece)} also drops {people} whose {' or '.join(columns)} is empty: an "
            "empty cell neither equals a value nor differs from it",
            _help(where, piece),
            related=(audience.related(rows.first[0], "the first of them"),),
        )


def _dropped(where: Filter, group: list[Piece]) -> str:
    """Whom the filter drops, and would keep if an empty cell satisfied these pieces of it."""
    text = where.text
    for piece in sorted(group, key=lambda one: one.start, reverse=True):
        kept = f"coalesce(({piece.text(where.text)}\n), true)"
        start, end = piece.outer
        text = f"{text[:start]} ({kept}) {text[end:]}"
    return f"not coalesce(({where.text}\n), false) and coalesce(({text}\n), false)"


def _help(where: Filter, piece: Piece) -> str:
    """What to write, to keep them or to drop them."""
    from preflight.audience.structure import Joint

    column = _written(piece)[0]
    written = shown(piece.text(where.text))
    if piece.joint is Joint.NOT and piece.pieces[0].text(where.text) == column:
        keeping = f"{column} is not true"
    else:
        keeping = f"({written} or {column} is null)"
    return (
        f"Say what is meant: “{keeping}” keeps them, “{written} and {column} is not null” drops "
        "them."
    )


def _excluding(piece: Piece) -> Iterator[Piece]:
    """The largest pieces that say what somebody is not."""
    from preflight.audience.structure import Joint

    if piece.joint is Joint.TEST:
        if _says_what_is_not(piece.tree.unnest()) and _may_be_empty(piece):
            yield piece
    elif piece.joint is Joint.NOT:
        inner = piece.pieces[0]
        twice = inner.joint is Joint.NOT or (
            inner.joint is Joint.TEST and _says_what_is_not(inner.tree.unnest())
        )
        if not twice and _may_be_empty(piece):
            yield piece
    else:
        for one in piece.pieces:
            yield from _excluding(one)


def _says_what_is_not(node: exp.Expr) -> bool:
    from sqlglot import exp

    if isinstance(node, exp.Not):
        return not isinstance(node.this.unnest(), exp.Is)
    return isinstance(node, exp.NEQ) or bool(node.args.get("negate"))


def _may_be_empty(piece: Piece) -> bool:
    """Of a permission, nothing on record is none: it is rightly dropped."""
    meaning = meaning_of(piece.tree)
    permitted = meaning is not None and meaning.about is About.PERMITTED
    return bool(_columns(piece)) and not permitted


def _spoken_of(root: Piece) -> Iterator[str]:
    """The columns whose empty cells the filter speaks of somewhere: somebody thought of them."""
    from sqlglot import exp

    for node in root.tree.find_all(exp.Is):
        if isinstance(node.expression, exp.Null):
            yield from (column.name.casefold() for column in node.find_all(exp.Column))


def _columns(piece: Piece) -> set[str]:
    from sqlglot import exp

    return {column.name.casefold() for column in piece.tree.find_all(exp.Column)}


def _written(piece: Piece) -> list[str]:
    """The columns of a piece as it writes them."""
    from sqlglot import exp

    names = (
        f'"{column.name}"' if column.this.quoted else column.name
        for column in piece.tree.find_all(exp.Column)
    )
    return list(dict.fromkeys(names))
