"""SQL of the embedded engine for PostgreSQL: the traps that other ways fell into."""

from __future__ import annotations

import pytest
from audience.warehouse.questions import QUESTIONS, TEXTS, WHOLE, as_lists

from preflight.audience.unanswered import Unanswered
from preflight.audience.warehouse.connection import connected
from preflight.audience.warehouse.render_postgres import PostgresRenderer


@pytest.fixture
def both(database):
    import duckdb

    ours = duckdb.connect()
    rows = list(enumerate(TEXTS))
    ours.execute("CREATE TABLE texts (n BIGINT, x VARCHAR)")
    ours.executemany("INSERT INTO texts VALUES (?, ?)", rows)
    theirs = connected("crm")
    assert theirs.execute("SELECT 1").fetchone() == (1,)
    theirs.upload("texts", [("n", "BIGINT"), ("x", "VARCHAR")], rows)
    yield ours, theirs
    theirs.close()


def test_each_primitive_says_the_same_there(both):
    ours, theirs = both
    for question in QUESTIONS:
        query = f"SELECT x, {question} AS answer FROM texts ORDER BY n"
        assert (question, theirs.execute(query).fetchall()) == (
            question,
            ours.execute(query).fetchall(),
        )


@pytest.mark.parametrize("query", WHOLE)
def test_each_kind_of_question_is_answered_alike(query, both):
    ours, theirs = both
    values = [["12", "O'Neil", "a\\b"]] * query.count("?")
    wanted = as_lists(ours.execute(query, values).fetchall())
    assert as_lists(theirs.execute(query, values).fetchall()) == wanted


@pytest.mark.parametrize(
    "query",
    [
        "SELECT damerau_levenshtein(x, 'a') FROM texts", "SELECT regexp_extract(x, 'a|ab') FROM texts", "SELECT n // 2 FROM texts",
        "SELECT pg_sleep(9)", "SELECT * FROM read_csv('/etc/passwd')", "DROP TABLE texts", "SELECT 1; SELECT 2",
        "CREATE OR REPLACE TEMP TABLE t AS SELECT 1 AS a", "SELECT regexp_matches(x, n) FROM texts", "SELECT (", "COPY texts TO 'x'",
        "SELECT current_user", "SELECT l.* EXCLUDE (n) FROM texts l", "UPDATE texts SET n = 1", "SELECT version()",
    ],
)  # fmt: skip
def test_what_is_not_known_to_be_the_same_is_not_asked(query):
    with pytest.raises(Unanswered, match=r".") as caught:
        PostgresRenderer().render(query)
    assert caught.value.reason.startswith("needs the contacts in a file: PostgreSQL cannot tell")
