"""The parts of a filter are, taken together, the filter."""

from __future__ import annotations

import random

import duckdb
import pytest

from preflight_rules.segments._clauses import LONGEST_QUOTED, contrary, parts_of, shown

ATOMS = (
    "a",
    "not b",
    "a is null",
    "n between 1 and 3",
    "n not between 1 and 2",
    "n in (1, 2)",
    "not (n = 1)",
    "s = 'x and (y'",
    "coalesce(a, b)",
)


def _filter(chance: random.Random, depth: int) -> str:
    if depth == 0 or chance.random() < 0.2:
        return chance.choice(ATOMS)
    left, right = _filter(chance, depth - 1), _filter(chance, depth - 1)
    joined = f"{left} {chance.choice(['and', 'AND', 'or'])} {right}"
    return chance.choice([joined, f"({joined})", f"not ({joined})", f"not (({joined}))"])


def test_parts_taken_together_are_the_filter():
    chance = random.Random(7)
    connection = duckdb.connect()
    connection.execute(
        "CREATE TABLE t AS SELECT * FROM (VALUES (true), (false), (NULL)) a(a), "
        "(VALUES (true), (false), (NULL)) b(b), (VALUES (1), (2), (4), (NULL)) n(n), "
        "(VALUES ('x and (y'), ('z'), (NULL)) s(s)"
    )
    split = 0
    for _ in range(300):
        text = _filter(chance, 3)
        parts = parts_of(text)
        split += len(parts) > 1
        together = " AND ".join(f"coalesce(({part.text}), false)" for part in parts)
        found = connection.execute(
            f"SELECT count(*) FROM t WHERE coalesce(({text}), false) <> ({together})"
        ).fetchone()
        assert found == (0,), (text, [part.text for part in parts])
    assert split > 100


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("a and b", ["a", "b"]),
        ("(a and b)", ["a", "b"]),
        ("not (a or b)", ["a", "b"]),
        ("not (a is null)", ["not (a is null)"]),
        ("a and (b or c)", ["b or c"]),
        ("n between 1 and 3 and a", ["n between 1 and 3", "a"]),
        ("a -- and b", ["a"]),
    ],
)
def test_each_part_knows_its_place(text, places):
    found = [text[part.start : part.end] for part in parts_of(text)]
    assert found[-len(places) :] == places


def test_what_is_quoted_is_short_and_on_one_line():
    assert shown("a\n  and b") == "a and b"
    assert len(shown("a and " * 60)) == LONGEST_QUOTED


@pytest.mark.parametrize(
    ("text", "turned"),
    [
        ("not a", "a"),
        ("NOT (a is not true)", "a is not true"),
        ("a is not null", "a is null"),
        ("a IS true", "a is not true"),
        ("a", "not a"),
        ("s = 'x'", "s <> 'x'"),
        ("n in (1, 2)", "not (n in (1, 2))"),
        ("a = b or n = 1", "not (a = b or n = 1)"),
    ],
)
def test_the_contrary_is_written_as_somebody_would(text, turned):
    assert contrary(text) == turned


def test_the_contrary_may_keep_empty_cells():
    assert contrary("s = 'x'", or_empty=True) == "(s <> 'x' or s is null)"
    assert contrary("a", or_empty=True) == "a is not true"
