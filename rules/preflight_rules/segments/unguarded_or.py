"""A guard that one branch of an ``or`` has and the others do not."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from preflight.audience.segment import Filter, Segment
from preflight.rule import Fix, Problem, Severity, rule
from preflight_rules.segments._clauses import fix_of, place_of, quoted
from preflight_rules.segments._meaning import About, Meaning, meaning_of

if TYPE_CHECKING:
    from preflight.audience.structure import Piece


@dataclass(frozen=True, slots=True)
class _Guard:
    """A clause of a branch that keeps somebody out."""

    piece: Piece
    meaning: Meaning


_ENOUGH: dict[About, frozenset[About]] = {
    About.UNWANTED: frozenset({About.UNWANTED, About.PERMITTED}),
    About.PERMITTED: frozenset({About.PERMITTED, About.KNOWN}),
    About.KNOWN: frozenset({About.KNOWN, About.PERMITTED}),
}
"""What guards a branch as well: clients may be written to where others have to agree first."""


@rule("unguarded-or", on=Segment, severity=Severity.ERROR)
def unguarded_or(segment: Segment) -> Iterator[Problem]:
    """A clause about consent, an exclusion or a relationship binds to one branch of an or only."""
    from preflight.audience.structure import Joint

    where = segment.where
    logic = where.logic if where is not None else None
    if where is None or logic is None:
        return
    for piece in logic.root.walk():
        if piece.joint is Joint.OR:
            yield from _unguarded(where, piece, _guarded_above(logic.root, piece))


def _unguarded(where: Filter, group: Piece, above: frozenset[About]) -> Iterator[Problem]:
    guards = [_guards(branch) for branch in group.pieces]
    for branch, found in zip(group.pieces, guards, strict=True):
        for guard in found:
            enough = _ENOUGH[guard.meaning.about]
            bare = [
                one
                for one, others in zip(group.pieces, guards, strict=True)
                if not enough & {other.meaning.about for other in others}
            ]
            if enough & above or not bare:
                continue
            if _binds_too_narrowly(group, branch, guard, bare):
                yield _problem(where, group, branch, guard, bare)
                return


def _guards(branch: Piece) -> list[_Guard]:
    """The clauses of a branch that keep people out, or the branch itself when it is one."""
    from preflight.audience.structure import Joint

    pieces = branch.pieces if branch.joint is Joint.AND else (branch,)
    found = []
    for piece in pieces:
        said = (meaning for meaning in _meanings(piece) if meaning is not None and meaning.guards)
        found += [_Guard(piece, meaning) for meaning in itertools.islice(said, 1)]
    return found


def _meanings(piece: Piece) -> Iterator[Meaning | None]:
    """What a clause asks about, and each of its alternatives: “not (a or b)” asks for neither."""
    from preflight.audience.structure import Joint

    yield meaning_of(piece.tree)
    inner = piece.pieces[0] if piece.joint is Joint.NOT else piece
    for test in inner.tests if inner.joint is Joint.OR else ():
        meaning = meaning_of(test.tree)
        yield meaning.turned() if meaning and inner is not piece else meaning


def _guarded_above(root: Piece, group: Piece) -> frozenset[About]:
    """What is guarded for all branches already, by clauses beside the alternatives."""
    from preflight.audience.structure import Joint

    found: set[About] = set()
    for piece in root.walk():
        if piece.joint is Joint.AND and any(one is group for one in _below(piece)):
            for sibling in piece.pieces:
                if not any(one is group for one in sibling.walk()):
                    found |= {guard.meaning.about for guard in _guards(sibling)}
    return frozenset(found)


def _below(piece: Piece) -> Iterator[Piece]:
    for one in piece.pieces:
        yield from one.walk()


def _binds_too_narrowly(group: Piece, branch: Piece, guard: _Guard, bare: Sequence[Piece]) -> bool:
    """Whether the guard was surely meant for the other branches too."""
    from preflight.audience.structure import Joint

    columns = [_columns(one) for one in group.pieces]
    alone = branch.joint is not Joint.AND
    if alone:
        # “a or not unsubscribed”: surely “and”, unless the branches ask about one thing.
        unwanted = guard.meaning == Meaning(About.UNWANTED, False)
        return unwanted and len(group.pieces) == 2 and not (columns[0] & columns[1])
    rest = set().union(*(_columns(one) for one in branch.pieces if one is not guard.piece))
    same_question = bool(rest) and all(_columns(one) == rest for one in bare) and len(rest) == 1
    if branch.in_parentheses:
        # Somebody thought about it: only who wants no mail, and the same question, are certain.
        return guard.meaning.about is About.UNWANTED and same_question
    if guard.meaning.about is not About.KNOWN:
        return True
    if guard.meaning.asks_for:
        return same_question
    return same_question or not any(_columns(one) & _columns(guard.piece) for one in bare)


def _columns(piece: Piece) -> set[str]:
    from sqlglot import exp

    return {column.name.casefold() for column in piece.tree.find_all(exp.Column)}


def _problem(
    where: Filter, group: Piece, branch: Piece, guard: _Guard, bare: Sequence[Piece]
) -> Problem:
    from preflight.audience.structure import Joint

    others = " and ".join(quoted(where, one) for one in bare[:3])
    who = {
        About.UNWANTED: "people who want no mail or are to be left out",
        About.PERMITTED: "people without that consent",
        About.KNOWN: "people whatever you are to each other",
    }[guard.meaning.about]
    if branch.joint is not Joint.AND:
        return Problem(
            place_of(where, guard.piece),
            f"{quoted(where, guard.piece)} is an alternative: {others} reaches {who} as well",
            "Join it with “and”, if it is to hold for all.",
        )
    reach = "reaches" if len(bare) == 1 else "reach"
    fix = _fix(where, group, branch, guard)
    return Problem(
        place_of(where, guard.piece),
        f"{quoted(where, guard.piece)} holds for one branch of the “or” only: {others} {reach} "
        f"{who}",
        "“and” binds closer than “or”: put the alternatives in parentheses."
        if fix is not None
        else "Put the alternatives in parentheses and the guard outside.",
        fix=fix,
    )


def _fix(where: Filter, group: Piece, branch: Piece, guard: _Guard) -> Fix | None:
    """The missing parentheses, where they alone are missing: the guard stands at the end of the
    last branch, or at the beginning of the first."""
    pieces = branch.pieces
    if branch.in_parentheses or group.in_parentheses:
        return None
    text, title = where.text, "Add the parentheses"
    if branch is group.pieces[-1] and guard.piece is pieces[-1]:
        cut = pieces[-2].outer[1]
        new = f"({text[group.start : cut]}){text[cut : group.end]}"
    elif branch is group.pieces[0] and guard.piece is pieces[0]:
        cut = pieces[1].outer[0]
        new = f"{text[group.start : cut]}({text[cut : group.end]})"
    else:
        return None
    return fix_of(where, group.start, group.end, new, title)
