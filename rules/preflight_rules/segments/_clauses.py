"""The parts of a filter that can be turned round, and how they are shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from preflight.audience.segment import Filter
    from preflight.audience.structure import Piece
    from preflight.rule import Fix
    from preflight.source import Span


LONGEST_QUOTED = 100
"""Characters of a condition that a message quotes."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a conjunction: a condition of its own (``text``), and the stretch of the filter
    that it comes from. ``shown``: it as written, on one line."""

    start: int
    end: int
    text: str
    shown: str


def shown(text: str) -> str:
    """A condition as it is quoted in a message: on one line, without comments, not too long."""
    from preflight.audience.misread import comments

    for start, end in reversed([*comments(text)]):
        text = f"{text[:start]} {text[end:]}"
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_QUOTED else line[: LONGEST_QUOTED - 1].rstrip() + "…"


def parts_of(text: str) -> tuple[Part, ...]:
    """The parts that must all be true; also those in parentheses and in ``not (a or b)``."""
    from preflight.audience.condition import parse
    from preflight.audience.structure import structure_of

    return tuple(_parts(text, structure_of(parse(text)), negated=False))


def _parts(whole: str, piece: Piece, *, negated: bool) -> Iterator[Part]:
    """The parts of a piece, or of its contrary."""
    from preflight.audience.structure import Joint

    if piece.joint is (Joint.OR if negated else Joint.AND):
        for one in piece.pieces:
            yield from _parts(whole, one, negated=negated)
        return
    inside = piece.pieces[0] if piece.joint is Joint.NOT else piece
    if inside.in_parentheses and inside is not piece and (negated or inside.pieces):
        yield from _parts(whole, inside, negated=not negated)
        return
    inner = piece.text(whole)
    written = f"not ({shown(inner)})" if negated else shown(inner)
    yield Part(piece.start, piece.end, f"not ({inner}\n)" if negated else inner, written)


def contrary(text: str, *, or_empty: bool = False) -> str:
    """The contrary of a condition as somebody would write it. ``or_empty``: it is also true of
    those whose cell is empty."""
    from sqlglot import exp

    from preflight.audience.condition import parse

    node, written = parse(text).tree.unnest(), " ".join(text.split())
    inner = re.sub(r"(?i)^not\b *", "", written)
    if isinstance(node, exp.Not) and inner != written:
        return inner[1:-1].strip() if isinstance(node.this, exp.Paren) else inner
    found = re.search(r"(?i) is( not)? (null|true|false)$", written)
    if found is not None:
        return f"{written[: found.start()]} is{'' if found[1] else ' not'} {found[2]}"
    if isinstance(node, exp.Column):
        return f"{written} is not true" if or_empty else f"not {written}"
    if isinstance(node, exp.EQ) and written.count("=") == 1 and "==" not in written:
        differs = written.replace("=", "<>")
        column = written.partition("=")[0].strip()
        return f"({differs} or {column} is null)" if or_empty else differs
    return f"not ({written})"


def place_of(condition: Filter, piece: Piece) -> Span:
    """Where a piece stands in the file."""
    return condition.part(piece.start, piece.end)


def quoted(condition: Filter, piece: Piece) -> str:
    """A piece as a message names it."""
    return f"“{shown(piece.text(condition.text))}”"


def fix_of(condition: Filter, start: int, end: int, text: str, title: str) -> Fix | None:
    """A stretch of the condition replaced by a text, written as the file writes the condition: in
    one line, with the quotes of YAML doubled or escaped. None where that is not certain."""
    from preflight.rule import Fix

    span, whole = condition.part(start, end), condition.excerpt.span
    if "\n" in text:
        if "--" in text:
            return None  # a comment would swallow the rest
        text = " ".join(text.split())
    source = span.source.text
    quote = source[whole.start - 1 : whole.start] if whole.start else ""
    written, read = span.text, condition.text[start:end]
    if quote == "'":
        written, text = written.replace("''", "'"), text.replace("'", "''")
    elif quote == '"':
        text = text.replace("\\", "\\\\").replace('"', '\\"')
        written = written.replace('\\"', '"').replace("\\\\", "\\")
    if " ".join(written.split()) != " ".join(read.split()):
        return None
    return Fix(span, text, title)


def names_people(text: str) -> bool:
    """Whether a condition picks people by their very addresses."""
    from sqlglot import exp

    from preflight.audience.columns import map_columns
    from preflight.audience.condition import parse

    node = parse(text).tree.unnest()
    if not isinstance(node, (exp.EQ, exp.In)) or not isinstance(node.this, exp.Column):
        return False
    return map_columns([node.this.name], {})[0].name == "email"
