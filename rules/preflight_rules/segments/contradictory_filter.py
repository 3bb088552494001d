"""A filter that can never be true, whatever the list holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from preflight.audience.segment import Filter, Segment
from preflight.rule import Fix, Problem, Related, Severity, rule
from preflight_rules.segments._clauses import fix_of, place_of, quoted

if TYPE_CHECKING:
    from sqlglot import exp

    from preflight.audience.logic import Logic
    from preflight.audience.structure import Piece
    from preflight.source import Span


@rule("contradictory-filter", on=Segment, severity=Severity.ERROR)
def contradictory_filter(segment: Segment) -> Iterator[Problem]:
    """A filter, or one alternative of it, can never be true."""
    for condition in segment.filters:
        logic = condition.logic
        if logic is None:
            continue
        what = "the filter" if condition is segment.where else "the condition"
        if logic.never:
            yield _problem(condition, logic, logic.clash() or (logic.root,), what)
            continue
        for piece in logic.hollow():
            yield _problem(condition, logic, (piece,), "this alternative")


def _problem(condition: Filter, logic: Logic, pieces: Sequence[Piece], what: str) -> Problem:
    """At the pieces that exclude each other; one that is a conjunction is looked into."""
    while len(pieces) == 1 and (inner := logic.clash_in(pieces[0])):
        pieces = inner
    if len(pieces) == 1:
        (piece,) = pieces
        reason, help, fix = _alone(condition, piece)
        return Problem(
            place_of(condition, piece),
            f"{quoted(condition, piece)} can never be true: {reason}",
            help,
            fix=fix,
        )
    named = [quoted(condition, piece) for piece in pieces]
    listed = f"{', '.join(named[:-1])} and {named[-1]}"
    span, others = _together(condition, logic, pieces)
    return Problem(
        span,
        f"{what} can never be true: {listed} exclude each other",
        "Join them with or, if both kinds of people are meant; else correct one of them.",
        related=tuple(
            Related(place_of(condition, piece), "it cannot be true together with this")
            for piece in others
        ),
    )


def _together(
    condition: Filter, logic: Logic, pieces: Sequence[Piece]
) -> tuple[Span, tuple[Piece, ...]]:
    """One stretch when the pieces stand side by side, else the last, and the others."""
    ordered = sorted(pieces, key=lambda piece: piece.start)
    first, last = ordered[0], ordered[-1]
    between = [
        one
        for group in logic.root.walk()
        if any(piece is first for piece in group.pieces)
        for one in group.pieces
        if first.start < one.start < last.start and not any(one is piece for piece in pieces)
    ]
    if between:
        return place_of(condition, last), tuple(ordered[:-1])
    return condition.part(first.outer[0], last.outer[1]), ()


def _alone(condition: Filter, piece: Piece) -> tuple[str, str, Fix | None]:
    """Why one test is never true, what to do, and the fix where it is certain."""
    from sqlglot import exp

    node, turned = piece.tree.unnest(), False
    if isinstance(node, exp.Not):
        node, turned = node.this.unnest(), True
    name = node.this.name if isinstance(node.this, exp.Column) else ""
    column = condition.text[slice(*_stretch(condition, node.this))] if name else ""
    if isinstance(node, exp.Between) and not turned:
        plain = all(isinstance(node.args[end], exp.Literal) for end in ("low", "high"))
        low, high = (_stretch(condition, node.args[end]) for end in ("low", "high"))
        texts = condition.text[slice(*low)], condition.text[slice(*high)]
        between = condition.text[low[1] : high[0]]
        return (
            "the bounds are the wrong way round",
            "The smaller bound stands first.",
            fix_of(condition, low[0], high[1], f"{texts[1]}{between}{texts[0]}", "Swap the bounds")
            if plain  # of “-5” or “current_date” it is not known where they begin
            else None,
        )
    if (
        isinstance(node, exp.In)
        and turned
        and any(isinstance(v, exp.Null) for v in node.expressions)
    ):
        return (
            "“not in” with a null in its list is true of nobody",
            "Take the null out of the list; say “is not null” besides, if that is meant.",
            None,
        )
    if isinstance(node, (exp.EQ, exp.NEQ)) and isinstance(node.expression, exp.Null):
        word = "is null" if isinstance(node, exp.EQ) is not turned else "is not null"
        fix = (
            fix_of(condition, *piece.outer, f"{column} {word}", f"Write “{word}”") if name else None
        )
        return "nothing equals null, and nothing differs from it", f"Write “{word}”.", fix
    if isinstance(node, exp.EQ) and isinstance(node.this, (exp.Lower, exp.Upper)) and not turned:
        return _in_case(condition, node)
    return "no value fulfils it", "Correct it.", None


def _in_case(condition: Filter, node: exp.EQ) -> tuple[str, str, Fix | None]:
    from sqlglot import exp

    lower = isinstance(node.this, exp.Lower)
    text = node.expression.name
    right = text.lower() if lower else text.upper()
    start, end = _stretch(condition, node.expression)
    written = condition.text[start:end]
    fix = None
    if written == f"'{text}'":
        fix = fix_of(condition, start, end, f"'{right}'", f"Write '{right}'")
    letters = "lower() gives small letters" if lower else "upper() gives capitals"
    return f"{letters} only", f"Write '{right}'.", fix


def _stretch(condition: Filter, node: exp.Expr) -> tuple[int, int]:
    from preflight.audience.condition import stretch_of

    return stretch_of(node, condition.text)
