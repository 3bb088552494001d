"""The parts of a filter that can be turned round, and what they ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import exp
    from sqlglot.tokenizer_core import TokenType


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
    """A condition as it is quoted in a message: on one line, and not too long."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_QUOTED else line[: LONGEST_QUOTED - 1].rstrip() + "…"


def parts_of(text: str) -> tuple[Part, ...]:
    """The parts that must all be true; also those in parentheses and in ``not (a or b)``."""
    return tuple(_parts(text, 0, len(text), negated=False))


def _parts(whole: str, start: int, end: int, *, negated: bool) -> list[Part]:
    """The parts of ``whole[start:end]``, or of its contrary."""
    from sqlglot.tokenizer_core import TokenType

    from preflight.audience.condition import tokens

    found = [token for token in tokens(whole) if start <= token.start and token.end < end]
    if not found:
        return []
    start, end = found[0].start, found[-1].end + 1
    kinds = [token.token_type for token in found]
    if kinds[0] == TokenType.L_PAREN and _closing(kinds, 0) == len(kinds) - 1:
        return _parts(whole, start + 1, end - 1, negated=negated)
    cuts = _cuts(kinds, TokenType.OR if negated else TokenType.AND)
    other = _cuts(kinds, TokenType.AND if negated else TokenType.OR)
    if cuts and not (other and not negated):
        edges = [-1, *cuts, len(found)]
        return [
            part
            for before, after in pairwise(edges)
            if after > before + 1
            for part in _parts(
                whole, found[before + 1].start, found[after - 1].end + 1, negated=negated
            )
        ]
    wrapped = len(kinds) > 2 and kinds[:2] == [TokenType.NOT, TokenType.L_PAREN]
    if wrapped and _closing(kinds, 1) == len(kinds) - 1:
        return _parts(whole, found[2].start, found[-1].start, negated=not negated)
    written = shown(whole[start:end])
    inner = whole[start:end]
    text = f"not ({inner}\n)" if negated else inner
    return [Part(start, end, text, f"not ({written})" if negated else written)]


def _closing(kinds: Sequence[TokenType], at: int) -> int:
    """The index of the parenthesis that closes the one at ``at``."""
    from sqlglot.tokenizer_core import TokenType

    depth = 0
    for index in range(at, len(kinds)):
        depth += (kinds[index] == TokenType.L_PAREN) - (kinds[index] == TokenType.R_PAREN)
        if not depth:
            return index
    return -1


def _cuts(kinds: Sequence[TokenType], word: TokenType) -> list[int]:
    """Where a conjunction stands outside parentheses; the ``and`` of a ``between`` is none."""
    from sqlglot.tokenizer_core import TokenType

    depth = between = 0
    cuts = []
    for index, kind in enumerate(kinds):
        depth += (kind == TokenType.L_PAREN) - (kind == TokenType.R_PAREN)
        if depth:
            continue
        if kind == TokenType.BETWEEN:
            between += 1
        elif kind == TokenType.AND and between:
            between -= 1
        elif kind == word:
            cuts.append(index)
    return cuts


def asks_for_unwanted(text: str) -> bool:
    """Whether a condition asks for people who are marked as wanting no mail, or to be left out."""
    from preflight.audience.condition import parse

    return _asks(parse(text).tree)


def names_people(text: str) -> bool:
    """Whether a condition picks people by their very addresses."""
    from sqlglot import exp

    from preflight.audience.columns import map_columns
    from preflight.audience.condition import parse

    node = parse(text).tree.unnest()
    if not isinstance(node, (exp.EQ, exp.In)) or not isinstance(node.this, exp.Column):
        return False
    return map_columns([node.this.name], {})[0].name == "email"


def _asks(node: exp.Expr) -> bool:
    from sqlglot import exp

    from preflight.audience import opted_out

    if isinstance(node, exp.Paren):
        return _asks(node.this)
    if isinstance(node, exp.Not) and isinstance(node.this.unnest(), exp.Not):
        return _asks(node.this.unnest().this)
    if isinstance(node, exp.Column):
        return _marks(node)
    if isinstance(node, (exp.EQ, exp.NullSafeEQ, exp.Is)) and isinstance(node.this, exp.Column):
        value = node.expression
        if isinstance(value, exp.Boolean):
            return bool(value.this) and _marks(node.this)
        if isinstance(value, exp.Literal):
            return _value(node.this, value)
        return False
    if isinstance(node, exp.In) and isinstance(node.this, exp.Column) and node.expressions:
        return all(_value(node.this, value) for value in node.expressions)
    if isinstance(node, exp.Not) and isinstance(node.this, exp.Is):
        inner = node.this  # unsubscribed_at is not null
        return (
            isinstance(inner.expression, exp.Null)
            and isinstance(inner.this, exp.Column)
            and opted_out.is_flag(inner.this.name)
            and inner.this.name.casefold().endswith(("at", "on", "date", "le", "am"))
        )
    return False


def _marks(column: exp.Column) -> bool:
    from preflight.audience import opted_out

    return opted_out.is_flag(column.name, or_left_out=True)


def _value(column: exp.Column, value: exp.Expr) -> bool:
    from preflight.audience import opted_out

    if _marks(column):
        return opted_out.means_yes(value.name) or opted_out.means_no_mail(value.name)
    return opted_out.is_state(column.name) and opted_out.means_no_mail(value.name)
