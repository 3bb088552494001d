"""Contacts in PostgreSQL: the same annotations and counts as for the same rows in a file."""

from __future__ import annotations

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
    rows,
    told,
)  # fmt: skip
from audience.warehouse.messy import CAMPAIGN, FILES, HEADER, LIST, TABLE

from preflight.audience.audience import Audience
from preflight.report import json as report_json
from preflight.report.style import Style
from preflight.rule import Severity, rule
from preflight.testing import check_files
from preflight_rules.placeholders.shifted_rows import shifted_rows
from preflight_rules.segments.empty_audience import empty_audience


@rule("opened", on=Audience, severity=Severity.NOTICE)
def opened(audience):
    """The contacts are there."""
    return ()


@pytest.mark.parametrize("campaign", [CAMPAIGN, WITHOUT_FILTER], ids=["filter", "all"])
def test_a_messy_campaign_says_the_same_of_a_table(campaign, table):
    table(LIST)
    files = {**FILES, "campaign.yaml": campaign}
    file, there = check_files(files), check_files(in_table(files))
    assert told(file) == told(there)
    assert len(there.annotations) > 10
    assert figures(file) == figures(there)
    assert {rule for rule, _ in not_run(there) - not_run(file)} <= IN_FILES_ONLY
    keys = {number: [f"pk {line - 2}" for line in lines] for number, lines in rows(file).items()}
    assert keys == rows(there)


@all_of_them
@every_story
def test_a_story_says_the_same_of_a_table(story, table):
    file, there = both_ways(story, TABLE, table)
    assert told(file) == told(there)
    assert figures(file) == figures(there)


def test_what_a_table_cannot_tell_is_named(table):
    rows = "".join(f"p{n}@example.org,P{n},L,,FR,false,1,2024-01-01,,,\n" for n in range(40))
    table(f"{HEADER}\n{rows}")
    reasons = dict(not_run(check_files(in_table(), rules=[shifted_rows])))
    assert reasons["shifted-rows"].startswith("needs the contacts in a file: ")


def test_types_of_the_database_are_those_of_a_list(database):
    database.execute(
        "CREATE TABLE crm.contacts (id uuid, email varchar(99), ok boolean, n numeric(9,2), "
        "born date, seen timestamptz, name char(9), extra jsonb)"
    )
    database.execute(
        "INSERT INTO crm.contacts VALUES "
        "(gen_random_uuid(), 'a@example.org', true, 1.50, '2024-02-29', '2026-01-01 02:00+02', 'Ann', '{}'),"
        "(gen_random_uuid(), 'b@example.org', false, 20, '2023-03-01', NULL, '', NULL),"
        "(gen_random_uuid(), 'c@example.org', NULL, NULL, NULL, NULL, NULL, NULL)"
    )
    counts = {
        "ok": 1, "not ok": 1, "ok is null": 1, "n > 1.5": 1, "n >= 1.5": 2, "n = 20": 1,
        "born = '2024-02-29'": 1, "born < '2024-01-01'": 1, "year(born) = 2024": 1,
        "seen = '2026-01-01T00:00:00'": 1, "seen is null": 2, "name is null": 2,
        "name = 'Ann'": 1, "blank(name)": 2, "truthy(ok)": 1, "truthy(n)": 2,
        "born > current_date - interval '3 years'": 1, "EMAIL like 'a%'": 1,
        "email ilike 'A@%'": 1, "starts_with(email, 'b')": 1, "length(name) = 3": 1,
        "coalesce(name, 'x') = 'x'": 2, "domain(email) = 'example.org'": 3,
        "matches(email, '(?i)^A')": 1, "n between 1 and 2": 1, "n in (20, 30)": 1,
    }  # fmt: skip
    found = {}

    @rule("counting", on=Audience, severity=Severity.NOTICE)
    def counting(audience):
        """Count them."""
        found.update({where: audience.count(where) for where in counts})
        return ()

    check_files({"campaign.yaml": f"audience: {{{TABLE}}}"}, rules=[counting])
    assert found == counts


def test_without_a_key_of_numbers_people_are_named_by_masked_addresses(database):
    database.execute(
        "CREATE VIEW crm.people AS SELECT * FROM (VALUES ('zoe@example.org', 'x'), ('x', 'y')) AS v(email, name)"
    )
    campaign = (
        "audience: {contacts: {connection: crm, table: crm.people}, expect: {none: \"name = 'x'\"}}"
    )
    report = check_files({"campaign.yaml": campaign})
    text = report_json.render(report, Style())
    assert "zoe@" not in text
    assert '"key": "z***@e***.org"' in text


def test_nothing_is_left_behind_and_nothing_can_be_written(database, table, server):
    import psycopg

    from preflight.audience.unanswered import Unanswered
    from preflight.audience.warehouse.connection import connected

    table(LIST)
    ours = (
        "SELECT array_agg(relname ORDER BY relname) FROM pg_class "
        "WHERE oid > 16383 AND relpersistence = 'p'"
    )
    before = database.execute(ours).fetchone()
    warehouse = connected("crm")
    warehouse.open("crm.contacts", {})
    warehouse.lock()
    for statement in ('DELETE FROM "crm"."contacts"', 'CREATE TABLE "crm"."x" (a int)'):
        with pytest.raises(Unanswered, match="ReadOnlySqlTransaction"):
            warehouse.fetch(statement)
    with pytest.raises(Unanswered):
        warehouse.execute("CREATE TABLE x AS SELECT 1 AS a")
    for statement in ("DROP TABLE contacts", "SELECT pg_sleep(1)", "SELECT * FROM read_csv('x')"):
        with pytest.raises(Unanswered):
            warehouse.execute(statement)
    warehouse.close()
    assert database.execute(ours).fetchone() == before
    database.execute("CREATE ROLE reader LOGIN")
    database.execute("GRANT USAGE ON SCHEMA crm TO reader; GRANT SELECT ON crm.contacts TO reader")
    with psycopg.connect(server.replace("owner", "reader")) as session:
        assert session.execute("SELECT count(*) FROM crm.contacts").fetchone()


def test_a_role_that_may_only_read_is_enough(database, table, server, monkeypatch):
    table(LIST)
    database.execute("CREATE ROLE mailings LOGIN")
    database.execute(
        "GRANT USAGE ON SCHEMA crm TO mailings; GRANT SELECT ON crm.contacts TO mailings"
    )
    monkeypatch.setenv("PREFLIGHT_CONNECTION_CRM", server.replace("owner", "mailings"))
    assert check_files(in_table(), rules=[opened]).campaigns[0].contacts == 12
    database.execute("REVOKE SELECT ON crm.contacts FROM mailings")
    (said,) = _unreadable(in_table())
    assert said == (
        "“crm.contacts” cannot be read: the database does not let this user do it",
        "Grant this user SELECT on it, and USAGE on its schema.",
    )


def _unreadable(files):
    return [
        (one.message, one.help)
        for one in check_files(files, rules=[opened]).annotations
        if one.rule == "unreadable-file"
    ]


@pytest.mark.parametrize("name", ["crm.nobody", "nobody", "a.b.c", "pg_temp.x"])
def test_a_table_that_is_not_there_is_said(name, database):
    files = in_table()
    files["campaign.yaml"] = files["campaign.yaml"].replace("crm.contacts", name)
    (said,) = _unreadable(files)
    assert name in said[0]


@pytest.mark.parametrize(
    "name", ["crm.contacts; drop table x", '"a"', "a b", "(select 1)", "a..b", "'x'"]
)
def test_a_table_is_a_name_and_no_sql(name):
    files = {
        **FILES,
        "campaign.yaml": f"audience: {{contacts: {{connection: crm, table: {name!r}}}}}",
    }
    report = check_files(files, rules=[opened])
    said = [a.message for a in report.annotations if a.rule == "invalid-campaign"]
    assert said == ["“table” is the name of a table or a view, and no SQL"]


def test_a_connection_that_is_not_set_is_said_with_its_variable(monkeypatch):
    monkeypatch.delenv("PREFLIGHT_CONNECTION_CRM", raising=False)
    report = check_files(in_table(), rules=[empty_audience])
    (said,) = [a for a in report.annotations if a.rule == "unreadable-file"]
    assert said.message == (
        "the connection “crm” is not known: the variable PREFLIGHT_CONNECTION_CRM is not set"
    )
    assert said.span.text == "crm"
    assert {reason for rule, reason in not_run(report) if rule == "empty-audience"} == {
        "needs the recipient list"
    }


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://sesame:opensecret@127.0.0.1:1/vault9",
        "postgresql://sesame:opensecret@no-such-host.invalid/vault9",
        "postgresql://sesame:opensecret@127.0.0.1:notaport/vault9",
        "mysql://sesame:opensecret@127.0.0.1:1/vault9",
        "sesame:opensecret@vault9",
        "postgresql://sesame:opensecret@127.0.0.1:1/vault9?opensecret=1",
    ],
)
def test_nothing_of_a_url_is_ever_printed(url, monkeypatch, capsys):
    monkeypatch.setenv("PREFLIGHT_CONNECTION_CRM", url)
    report = check_files(in_table(), rules=[opened])
    text = report_json.render(report, Style(show_addresses=True)) + str(capsys.readouterr())
    assert "unreadable-file" in text
    for secret in ("sesame", "opensecret", "vault9", "127.0.0.1", "no-such-host", "notaport"):
        assert secret not in text


def test_without_the_extra_its_name_is_said(monkeypatch):
    monkeypatch.setenv("PREFLIGHT_CONNECTION_CRM", "postgresql://x/y")
    monkeypatch.setitem(__import__("sys").modules, "psycopg", None)
    ((_, help),) = _unreadable(in_table())
    assert help == 'Install them: pip install "preflight-email[warehouse]"'


def test_without_lists_no_table_is_asked(monkeypatch):
    monkeypatch.delenv("PREFLIGHT_CONNECTION_CRM", raising=False)
    report = check_files(in_table(), rules=[opened], without_lists=True)
    assert "unreadable-file" not in {one.rule for one in report.annotations}


def test_a_table_without_addresses_is_said(database):
    database.execute("CREATE TABLE crm.contacts (a int, b text)")
    report = check_files(in_table(), rules=[opened])
    said = [a.message for a in report.annotations if a.rule == "invalid-campaign"]
    assert said == ["no column of the list holds e-mail addresses"]


def test_an_empty_table_is_an_empty_audience(table):
    table(HEADER)
    report = check_files(in_table(), rules=[empty_audience, opened])
    assert "empty-audience" in {one.rule for one in report.annotations}
    assert not [one for one in report.annotations if one.rule == "rule-crashed"]


def test_columns_may_be_named_as_for_files(database):
    database.execute('CREATE TABLE crm.contacts ("E-Mail" text, "Prénom" text, "Stadt; x" text)')
    database.execute("INSERT INTO crm.contacts VALUES ('a@example.org', 'Ann', 'Bern')")
    campaign = f"audience: {{{TABLE}, columns: {{'Stadt; x': city}}, where: city = 'Bern' and first_name = 'Ann'}}"
    report = check_files({"campaign.yaml": campaign}, rules=[opened])
    assert report.campaigns[0].selected == 1
    campaign = f"audience: {{{TABLE}, columns: {{Ort: city}}}}"
    said = [a.message for a in check_files({"campaign.yaml": campaign}, rules=[opened]).annotations]
    assert "the list has no column “Ort”" in said


def test_a_filter_that_the_database_cannot_answer_is_said_at_the_filter(table):
    table(LIST)
    where = r"country = 'FR' and matches(note, '\Bx')"
    report = check_files(
        in_table(
            {
                **FILES,
                "campaign.yaml": CAMPAIGN.replace(
                    CAMPAIGN[CAMPAIGN.index("  where") : CAMPAIGN.index("  exclude")],
                    f"  where: {where}\n",
                ),
            }
        ),
        rules=[empty_audience],
    )
    (said,) = [a for a in report.annotations if a.rule == "unreadable-file"]
    assert said.span.text == where
    assert said.message == "PostgreSQL cannot answer this filter as it is meant"
    assert ("empty-audience", "needs a filter that the database can answer") in not_run(report)
