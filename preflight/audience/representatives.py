"""A few values of a column that stand for all: for what a condition asks of it, each value that a
row can hold behaves like one of them.

The values are NULL, each literal, one value in each gap between literals, and for patterns every
combination of hits and misses that is not surely impossible. So the behaviours found are never too
few; those of which a value is known that shows them are marked with it.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from preflight.audience.columns import Kind
from preflight.audience.gaps import (
    TooMany,
    edges_of,
    hits_and_misses,
    in_gaps,
    is_of_kind,
    is_prefix,
    moments_around,
    numbers_around,
    texts_like,
)  # fmt: skip
from preflight.audience.values import (
    NotModelled,
    Value,
    evaluate,
    fits,
    interval_of,
    moved,
)

MAX_WORK = 300_000
"""So many answers (tests times values) are worked out for one column at most."""

Truth = bool | None
Answer = Callable[[Value], Truth]


@dataclass(frozen=True)
class Asked:
    """One test of one expression over one column. ``pattern``: of a ``like``; ``literals``: the
    values at which its answer can change."""

    expression: exp.Expr
    answer: Answer
    literals: tuple[Value, ...] = ()
    pattern: str | None = None


@dataclass(frozen=True)
class Behaviour:
    """What the tests of a column answer for some value. ``known``: whether ``value`` shows it."""

    answers: tuple[Truth, ...]
    null: bool
    known: bool
    value: Value = None


@dataclass
class _Chain:
    """One expression over the column, such as ``lower(country)``, and the tests of it."""

    expression: exp.Expr
    kind: Kind
    tests: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class ColumnDomain:
    """A column as the compiled condition writes it (``base``), and what it holds."""

    base: str
    kind: Kind
    nullable: bool = True

    def behaviours(self, asked: Sequence[Asked]) -> list[Behaviour]:
        """All behaviours that a row can show. Raises TooMany, NotModelled."""
        chains: dict[str, _Chain] = {}
        for number, test in enumerate(asked):
            key = test.expression.sql()
            if key not in chains:
                chains[key] = _Chain(test.expression, _kind_of(test.expression, self))
            chains[key].tests.append(number)
        found: dict[tuple[bool, tuple[Truth, ...]], Behaviour] = {}

        def add(behaviour: Behaviour) -> None:
            key = (behaviour.null, behaviour.answers)
            known = found.get(key)
            if known is None or (behaviour.known and not known.known):
                found[key] = behaviour

        if self.nullable:
            answers = self._answers(asked, chains.values(), None)
            add(Behaviour(answers, True, True))
        pool = list(self._pool(asked))
        if len(pool) * len(asked) > MAX_WORK:
            raise TooMany
        tried: set[Value] = set()
        for value in pool:
            try:
                add(Behaviour(self._answers(asked, chains.values(), value), False, True, value))
            except NotModelled:
                continue
            tried.add(value)
        for answers in self._possible(asked, list(chains.values()), tried):
            add(Behaviour(answers, False, False))
        return list(found.values())

    def _answers(
        self, asked: Sequence[Asked], chains: Iterable[_Chain], value: Value
    ) -> tuple[Truth, ...]:
        answers: list[Truth] = [None] * len(asked)
        for chain in chains:
            given = evaluate(chain.expression, value, self.base)
            for number in chain.tests:
                answers[number] = asked[number].answer(given)
        return tuple(answers)

    # -- values that may be in a row ----------------------------------------------------------

    def _pool(self, asked: Sequence[Asked]) -> Iterator[Value]:
        """Values of the column, chosen so that they show as many behaviours as can be."""
        literals = [one for test in asked for one in test.literals]
        seen: set[Value] = set()
        for value in self._candidates(asked, literals):
            if value is not None and value not in seen and is_of_kind(value, self.kind):
                seen.add(value)
                yield value

    def _candidates(self, asked: Sequence[Asked], literals: list[Value]) -> Iterator[Value]:
        if self.kind is Kind.TEXT:
            texts = [one for one in literals if isinstance(one, str)]
            patterns = [test.pattern for test in asked if test.pattern is not None]
            yield from texts_like(texts, patterns)
            for number in literals:
                if isinstance(number, (int, float)) and not isinstance(number, bool):
                    yield from (str(number), "x" * min(max(int(number), 0), 100))
                    yield from (str(int(number) + 1), "x" * min(max(int(number) + 1, 0), 100))
                if isinstance(number, dt.datetime):
                    yield from (str(one.date()) for one in moments_around([number], Kind.DATE))
            if any(not isinstance(one, str) for one in literals):
                yield from ("x", "0", "2020-02-29")
            return
        if self.kind in (Kind.DATE, Kind.TIMESTAMP):
            moments = [one for one in literals if isinstance(one, dt.datetime)]
            for test in asked:
                for interval in test.expression.find_all(exp.Interval):
                    amount, unit = interval_of(interval)
                    moments += [
                        moved(one, sign * amount, unit) for one in moments for sign in (1, -1)
                    ]
            moments += [
                dt.datetime(one, month, 15)
                for one in literals
                if isinstance(one, int) and 1000 <= one <= 9000
                for month in (1, 6)
            ]
            if any(isinstance(one, int) for one in literals):
                moments += [dt.datetime(2024, month, 28 + month % 2) for month in range(1, 13)]
                moments += [dt.datetime(2024, 1, day) for day in range(1, 32)]
            yield from moments_around(moments, self.kind)
            return
        yield from numbers_around(literals, self.kind)

    # -- behaviours that cannot be ruled out --------------------------------------------------

    def _possible(
        self, asked: Sequence[Asked], chains: list[_Chain], tried: set[Value]
    ) -> Iterator[tuple[Truth, ...]]:
        """Each chain by itself, then all together: more than there are, never fewer."""
        if len(chains) == 1:
            for _, answers in self._of_chain(asked, chains[0]):
                yield answers
            return
        sets = [list(self._of_chain(asked, chain)) for chain in chains]
        if math.prod(map(len, sets)) * len(asked) > MAX_WORK:
            raise TooMany
        base = next((at for at, one in enumerate(chains) if self._is_base(one.expression)), None)
        for combination in itertools.product(*sets):
            value = combination[base][0] if base is not None else None
            if value in tried and self._is_literal(asked, chains[base or 0], value):
                continue  # one value, not a stretch of them: all its answers are known
            merged: list[Truth] = [None] * len(asked)
            for chain, (_, answers) in zip(chains, combination, strict=True):
                for number in chain.tests:
                    merged[number] = answers[number]
            yield tuple(merged)

    def _is_literal(self, asked: Sequence[Asked], chain: _Chain, value: Value) -> bool:
        return any(value in asked[number].literals for number in chain.tests)

    def _is_base(self, node: exp.Expr) -> bool:
        return node.sql() == self.base

    def _of_chain(
        self, asked: Sequence[Asked], chain: _Chain
    ) -> Iterator[tuple[Value, tuple[Truth, ...]]]:
        """What the tests of one chain can answer while the column is not NULL."""

        def answered(value: Value, hits: dict[str, bool] | None = None) -> tuple[Truth, ...]:
            answers: list[Truth] = [None] * len(asked)
            for number in chain.tests:
                test = asked[number]
                free = hits is not None and test.pattern in hits
                answers[number] = (hits or {})[test.pattern or ""] if free else test.answer(value)
            return tuple(answers)

        if _may_be_null(chain.expression, self):
            yield None, answered(None)
        literals = [one for number in chain.tests for one in asked[number].literals]
        if chain.kind is not Kind.TEXT:
            values = (
                list(
                    moments_around(
                        [one for one in literals if isinstance(one, dt.datetime)], chain.kind
                    )
                )
                if chain.kind in (Kind.DATE, Kind.TIMESTAMP)
                else list(numbers_around(literals, chain.kind))
            )
            for value in values:
                if _in_image(chain.expression, value):
                    yield value, answered(value)
            return
        patterns = sorted({p for n in chain.tests if (p := asked[n].pattern) is not None})
        texts = sorted({one for one in literals if isinstance(one, str)} | {""})
        for text in texts:
            if _in_image(chain.expression, text):
                yield text, answered(text)
        prefixes = [one for one in patterns if is_prefix(one)]
        others = [one for one in patterns if not is_prefix(one)]
        for gap in in_gaps(sorted({*texts, *edges_of(prefixes)})):
            for hits in hits_and_misses(others):
                yield None, answered(gap, hits)


# -- expressions -----------------------------------------------------------------------------


def _kind_of(node: exp.Expr, domain: ColumnDomain) -> Kind:
    """What an expression gives."""
    if node.sql() == domain.base:
        return domain.kind
    if isinstance(node, (exp.Paren, exp.Coalesce)):
        return _kind_of(node.this, domain)
    if isinstance(node, (exp.Length, exp.Year, exp.Month, exp.Day)):
        return Kind.INTEGER
    if isinstance(node, (exp.Add, exp.Sub)):
        return Kind.TIMESTAMP
    if isinstance(node, exp.Cast):  # and TryCast
        return {
            exp.DType.DOUBLE: Kind.NUMBER,
            exp.DType.BIGINT: Kind.INTEGER,
            exp.DType.BOOLEAN: Kind.BOOLEAN,
            exp.DType.DATE: Kind.DATE,
            exp.DType.TIMESTAMP: Kind.TIMESTAMP,
        }.get(node.to.this, Kind.TEXT)
    return Kind.TEXT


def _may_be_null(node: exp.Expr, domain: ColumnDomain) -> bool:
    """Whether an expression can give NULL where its column is not NULL."""
    if node.sql() == domain.base:
        return False
    if isinstance(node, exp.Coalesce):
        return not any(isinstance(part, exp.Literal) for part in node.expressions)
    return any(
        isinstance(part, (exp.TryCast, exp.Nullif)) and part.sql() != domain.base
        for part in node.walk()
    )


def _in_image(node: exp.Expr, value: Value) -> bool:
    """Whether an expression can give that value, as far as is known: ``lower(x)`` gives no
    capitals. When in doubt it can."""
    kinds = {type(part) for part in node.walk()}
    if isinstance(value, str):
        if not value.isascii() or exp.Coalesce in kinds or exp.Cast in kinds:
            return True
        return (
            not (isinstance(node, exp.Lower) and value != value.lower())
            and not (isinstance(node, exp.Upper) and value != value.upper())
            and not (isinstance(node, exp.Trim) and value != value.strip(" "))
            and not (exp.SplitPart in kinds and (value != value.lower() or "@" in value))
        )
    if isinstance(value, int) and not isinstance(value, bool):
        limits: dict[type[exp.Expr], tuple[float, float]]
        limits = {exp.Length: (0, math.inf), exp.Month: (1, 12), exp.Day: (1, 31)}
        low, high = limits.get(type(node), (-math.inf, math.inf))
        return low <= value <= high
    return True


def pattern_answer(pattern: str) -> Answer:
    return lambda value: fits(pattern, value) if isinstance(value, str) else None
