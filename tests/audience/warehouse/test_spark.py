"""Contacts in Spark: the same answers and annotations as for the same rows in a file."""

from __future__ import annotations

import pytest
from audience.warehouse.messy import CAMPAIGN, FILES, LIST
from audience.warehouse.questions import QUESTIONS, TEXTS, WHOLE, as_lists
from audience.warehouse.test_contacts_in_postgres import told

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
        values = [["12", "O'Neil", "a\\b"]] * query.count("?")
        wanted = as_lists(ours.execute(query, values).fetchall())
        assert (query, as_lists(theirs.execute(query, values).fetchall())) == (query, wanted)


@pytest.mark.parametrize("with_filter", [True, False])
def test_a_messy_campaign_says_the_same_in_spark(with_filter, lake):
    lake(LIST)
    head, _, rest = CAMPAIGN.partition("  where: ")
    campaign = CAMPAIGN if with_filter else head + rest[rest.index("  exclude") :]
    table = "contacts: {connection: lake, table: global_temp.contacts}"
    there = campaign.replace("contacts: contacts.csv", table)
    file = check_files({**FILES, "campaign.yaml": campaign})
    spark = check_files({**FILES, "campaign.yaml": there})
    assert told(file) == told(spark)
    assert len(spark.annotations) > 10
    assert [(one.contacts, one.selected) for one in file.campaigns] == [
        (one.contacts, one.selected) for one in spark.campaigns
    ]


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
