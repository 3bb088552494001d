"""Contacts in Spark: the same answers and annotations as for the same rows in a file."""

from __future__ import annotations

from contextlib import closing

import pytest
from audience.warehouse.alike import (
    IN_FILES_ONLY,
    WITHOUT_FILTER,
    all_of_them,
    both_ways,
    every_story,
    figures,
    in_table,
    not_run,
    told,
)  # fmt: skip
from audience.warehouse.messy import CAMPAIGN, FILES, LIST
from audience.warehouse.questions import QUESTIONS, TEXTS, WHOLE, as_lists
from audience.warehouse.test_lists_in_tables import (
    KINDS,
    counting_facts,
    seen,
    with_lists_in_tables,
)  # fmt: skip

from preflight.audience.unanswered import Unanswered
from preflight.audience.warehouse.connection import connected
from preflight.audience.warehouse.render_spark import SparkRenderer
from preflight.testing import check_files


def test_every_question_is_answered_alike_in_spark(lake):
    import duckdb

    ours, theirs = duckdb.connect(), connected("lake")
    rows = list(enumerate(TEXTS))
    ours.execute("CREATE TABLE texts (n BIGINT, x VARCHAR)")
    ours.executemany("INSERT INTO texts VALUES (?, ?)", rows)
    theirs.upload("texts", [("n", "BIGINT"), ("x", "VARCHAR")], rows)
    for query in [*(f"SELECT x, {one} FROM texts ORDER BY n" for one in QUESTIONS), *WHOLE]:
        values = [["12", "O'Neil", "a\\b"]] * query.count("?::")
        wanted = as_lists(ours.execute(query, values).fetchall())
        assert (query, as_lists(theirs.execute(query, values).fetchall())) == (query, wanted)


TABLE = "contacts: {connection: lake, table: global_temp.contacts}"


@pytest.mark.parametrize("campaign", [CAMPAIGN, WITHOUT_FILTER], ids=["filter", "all"])
def test_a_messy_campaign_says_the_same_in_spark(campaign, lake):
    lake(LIST)
    files = {**FILES, "campaign.yaml": campaign}
    file, there = check_files(files), check_files(in_table(files, TABLE))
    assert told(file) == told(there)
    assert len(there.annotations) > 10
    assert figures(file) == figures(there)
    assert {rule for rule, _ in not_run(there) - not_run(file)} <= IN_FILES_ONLY


@all_of_them
@every_story
def test_a_story_says_the_same_in_spark(story, lake):
    file, there = both_ways(story, TABLE, lake)
    assert told(file) == told(there)
    assert figures(file) == figures(there)


def test_lists_in_tables_of_spark_say_what_they_say_as_files(lake):
    lake(LIST)
    for kind in KINDS:
        lake(FILES[f"{kind}.csv"], kind)
    lake(FILES["out.csv"], "out")
    check_files({**FILES, "campaign.yaml": WITHOUT_FILTER}, rules=[counting_facts])
    wanted = dict(seen)
    seen.clear()
    check_files(with_lists_in_tables("lake", TABLE, "global_temp"), rules=[counting_facts])
    assert seen == wanted


def test_types_of_spark_are_those_of_a_list(lake):
    with closing(connected("lake")) as warehouse:
        frame = warehouse.session.sql(
            "SELECT * FROM VALUES ('a@example.org', true, 1.50BD, 12345678D, DATE '2024-02-29', "
            "TIMESTAMP '2026-01-01 02:00:00+02:00', 'Ann', array(1)), ('b@example.org', false, 20BD, "
            "0.5D, DATE '2023-03-01', NULL, '', NULL) AS t(email, ok, n, amount, born, seen, name, list)"
        )
        frame.createOrReplaceGlobalTempView("typed")
        warehouse.open("global_temp.typed", {})
        rows = warehouse.execute("SELECT c1, c2, c3, c4, c5, c6, c7, _key FROM contacts").rows
    assert sorted(rows, key=str) == [
        ("false", "20.00", "0.5", "2023-03-01", None, None, None, "b@example.org"),
        ("true", "1.50", "12345678", "2024-02-29", "2026-01-01 00:00:00", "Ann", "[1]", "a@example.org"),
    ]  # fmt: skip


def test_a_table_that_spark_does_not_find_is_said_and_nothing_else(lake, capfd):
    report = check_files(in_table(FILES, TABLE.replace("contacts}", "nobody}")), rules=[])
    (said,) = [one for one in report.annotations if one.rule == "unreadable-file"]
    assert said.message == "there is no table or view “global_temp.nobody” that Spark can see"
    assert capfd.readouterr() == ("", "")


def test_another_master_in_one_process_is_a_problem(lake, monkeypatch):
    monkeypatch.setenv("PREFLIGHT_CONNECTION_LAKE", "spark://sesame.example:7077")
    report = check_files(in_table(FILES, TABLE), rules=[])
    (said,) = [one for one in report.annotations if one.rule == "unreadable-file"]
    assert said.message.startswith("PREFLIGHT_CONNECTION_LAKE names another Spark")
    assert "sesame" not in said.message + said.help


def test_without_the_extra_spark_is_a_problem(monkeypatch):
    monkeypatch.setenv("PREFLIGHT_CONNECTION_LAKE", "spark:local[2]")
    monkeypatch.setitem(__import__("sys").modules, "pyspark", None)
    report = check_files(in_table(FILES, TABLE), rules=[])
    (said,) = [one for one in report.annotations if one.rule == "unreadable-file"]
    assert said.message == "contacts in Spark need PySpark, which is not installed"
    assert said.help == 'Install it: pip install "preflight-email[spark]"'


@pytest.mark.parametrize(
    "query",
    [
        "SELECT damerau_levenshtein(x, 'a') FROM texts", "SELECT regexp_extract(x, 'a|ab') FROM texts", "SELECT n // 2 FROM texts",
        "SELECT reflect('a', 'b')", "SELECT * FROM read_csv('/etc/passwd')", "DROP TABLE texts", "SELECT 1; SELECT 2", "ADD JAR 'x'",
    ],
)  # fmt: skip
def test_what_is_not_known_to_be_the_same_is_not_asked_of_spark(query):
    with pytest.raises(Unanswered) as caught:
        SparkRenderer().render(query)
    assert caught.value.reason.startswith("needs the contacts in a file: Spark cannot tell")
