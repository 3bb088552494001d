"""Patterns that are tried on a column's different values count as those that are asked row by row."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from preflight.audience.columns import Kind
from preflight.audience.compile import to_sql
from preflight.audience.load import connect
from preflight.audience.names import Names, Term
from preflight.audience.repeated import Repeated
from preflight.audience.scan import scan

NAMES = Names(
    {"name": Term("c0", Kind.TEXT), "email": Term("c1", Kind.TEXT)}, dt.datetime(2027, 1, 1)
)
CONDITIONS = (
    "blank(name)",
    "matches(name, '^A')",
    "matches(name, '^Z')",
    "name is null or name = 'Bo'",
    "matches(email, '^4[.]')",
    "matches(email, 'nobody')",
    "not matches(email, 'x') and name = 'Bo'",
    "not matches(email, 'x') and matches(name, '^A')",
    "name is null",
    "name is null",
    "not matches(name, 'o') and name is not null",
    "matches(lower(name), '^(zoë|anna)$') or blank(name)",
    "not blank(name) and not matches(name, 'ë')",
)


@pytest.fixture
def people(tmp_path: Path):
    connection = connect(tmp_path)
    connection.execute(
        "CREATE TABLE people AS SELECT i AS _row, [NULL, 'Anna', 'Bo', '-', 'Zoë'][i % 5 + 1] "
        "AS c0, i || '.reader@x.example' AS c1, i % 7 <> 4 AS k_spoken FROM range(30000) t(i)"
    )
    connection.execute("CREATE VIEW contacts AS SELECT _row, c0, c1 FROM people")
    yield connection
    connection.close()


@pytest.mark.parametrize("rows", [None, 30, 30_000], ids=["row by row", "short", "long"])
def test_every_way_counts_the_same(people, rows):
    names = NAMES if rows is None else replace(NAMES, repeated=Repeated(people, ["c0", "c1"], rows))
    found = scan(people, CONDITIONS, names, among="k_spoken", limit=3)
    kept = [i for i in range(30_000) if i % 7 != 4]
    name = [None, "Anna", "Bo", "-", "Zoë"]
    expected = [
        [i for i in kept if i % 5 in (0, 3)],
        [i for i in kept if name[i % 5] == "Anna"],
        [i for i in kept if name[i % 5] == "Zoë"],
        [i for i in kept if i % 5 in (0, 2)],
        [],
        [],
        [],
        [],
        [i for i in kept if i % 5 == 0],
        [i for i in kept if i % 5 == 0],
        [i for i in kept if name[i % 5] in ("Anna", "-")],
        [i for i in kept if i % 5 != 2],
        [i for i in kept if name[i % 5] in ("Anna", "Bo")],
    ]
    assert [(one.count, one.first) for one in found] == [
        (len(rows), tuple(rows[:3])) for rows in expected
    ]


def test_more_conditions_than_a_number_has_bits(people):
    conditions = [f"email = '{row}.reader@x.example' and name is not null" for row in range(150)]
    found = scan(people, conditions, NAMES, among="k_spoken", limit=3)
    kept = [row % 7 != 4 and row % 5 != 0 for row in range(150)]
    assert [one.first for one in found] == [(row,) if kept[row] else () for row in range(150)]
    assert [one.count for one in found] == [int(one) for one in kept]


@pytest.fixture
def names(people):
    return replace(NAMES, repeated=Repeated(people, ["c0", "c1"], 30_000))


@pytest.mark.parametrize(
    ("condition", "sql"),
    [
        ("matches(name, '^A')", "COALESCE(c0 IN ('Anna'), FALSE)"),
        ("matches(name, '^Q')", "FALSE"),
        ("blank(name)", "(c0 IS NULL OR c0 IN ('-'))"),
        ("matches(email, '^Q')", "COALESCE(REGEXP_MATCHES(c1, '^Q'), FALSE)"),
    ],
    ids=["some", "none", "beside null", "a column of many values"],
)
def test_values_stand_in_place_of_a_pattern(names, condition, sql):
    assert to_sql(condition, names) == sql


def test_a_pattern_that_fits_many_values_stays(people):
    people.execute("UPDATE people SET c0 = 'name ' || (_row % 99)")
    names = replace(NAMES, repeated=Repeated(people, ["c0"], 30_000))
    assert "REGEXP" in to_sql("matches(name, 'name')", names)
    assert to_sql("matches(name, 'name 9$')", names) == "COALESCE(c0 IN ('name 9'), FALSE)"


def test_a_pattern_that_fits_endless_values_stays(people):
    people.execute("UPDATE people SET c0 = repeat('long ', 3000) WHERE _row % 2 = 0")
    names = replace(NAMES, repeated=Repeated(people, ["c0"], 30_000))
    assert "REGEXP" in to_sql("matches(name, 'long')", names)
    assert to_sql("matches(name, 'short')", names) == "FALSE"


def test_values_with_quotes_and_odd_characters(people):
    odd = ["it's", "a\\b", "two\nlines", "“x”", "%_", "nul\0nul"]
    people.execute("UPDATE people SET c0 = ?[_row % 6 + 1]", [odd])
    names = replace(NAMES, repeated=Repeated(people, ["c0"], 30_000))
    patterns = [
        f"matches(name, '{text}')" for text in ("''s", r"\\", "\n", "“", "%", "nul", "[^a]")
    ]
    found = [scan(people, patterns, each, among="true", limit=3) for each in (names, NAMES)]
    assert found[0] == found[1]
    assert all(one.count for one in found[0])
