"""Conditions that are tried on a column's different values first count as those that are not."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from preflight.audience import scan
from preflight.audience.columns import Kind
from preflight.audience.load import connect
from preflight.audience.names import Names, Term

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
)


@pytest.fixture
def people(tmp_path: Path):
    connection = connect(tmp_path)
    connection.execute(
        "CREATE TABLE people AS SELECT i AS _row, [NULL, 'Anna', 'Bo', '-', 'Zoë'][i % 5 + 1] "
        "AS c0, i || '.reader@x.example' AS c1, i % 7 <> 4 AS k_spoken FROM range(30000) t(i)"
    )
    yield connection
    connection.close()


@pytest.mark.parametrize("large", [0, 10**9])
def test_every_way_counts_the_same(people, monkeypatch, large):
    monkeypatch.setattr(scan, "_LARGE", large)
    found = scan.scan(people, CONDITIONS, NAMES, among="k_spoken", limit=3, rows=30_000)
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
    ]
    assert [(one.count, one.first) for one in found] == [
        (len(rows), tuple(rows[:3])) for rows in expected
    ]
