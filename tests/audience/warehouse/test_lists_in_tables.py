"""Ledger lists and exclusions that stand in tables, beside the contacts."""

from __future__ import annotations

import pytest
from audience.warehouse.alike import WITHOUT_FILTER, figures, in_table, not_run, told
from audience.warehouse.messy import FILES, LIST, TABLE

from preflight.audience.audience import Audience
from preflight.rule import Severity, rule
from preflight.testing import check_files

KINDS = ("clients", "known", "suppressed", "disputes", "holds", "referrals", "press")


def place(table, connection="crm"):
    return f"{{connection: {connection}, table: {table}}}"


def with_lists_in_tables(connection="crm", contacts=TABLE, schema="crm"):
    """The messy campaign, its contacts, ledger and exclusion in tables."""
    config = FILES["preflight.yaml"]
    for kind in KINDS:
        config = config.replace(
            f"{kind}: {kind}.csv", f"{kind}: {place(f'{schema}.{kind}', connection)}"
        )
    campaign = WITHOUT_FILTER.replace("[out.csv]", f"[{place(f'{schema}.out', connection)}]")
    files = {**FILES, "campaign.yaml": campaign, "preflight.yaml": config}
    return in_table(files, contacts)


@rule("counting-facts", on=Audience, severity=Severity.NOTICE)
def counting_facts(audience):
    """How many contacts have which fact."""
    seen.update({name: audience.count(name) for name in FACTS})
    return ()


FACTS = [
    f"ledger.{name}"
    for name in (
        "is_client", "is_known", "is_former_client", "at_known_company", "is_suppressed", "in_dispute",
        "barred_by_hold", "is_referred", "is_press",
    )
]  # fmt: skip
seen: dict[str, int] = {}


def test_lists_in_tables_say_what_they_say_as_files(table):
    table(LIST)
    for kind in KINDS:
        table(FILES[f"{kind}.csv"], f"crm.{kind}")
    table(FILES["out.csv"], "crm.out")
    files = {**FILES, "campaign.yaml": WITHOUT_FILTER}
    file, there = check_files(files), check_files(with_lists_in_tables())
    assert [one[:3] + one[4:] for one in told(file)] == [one[:3] + one[4:] for one in told(there)]
    assert figures(file) == figures(there)
    related = {other.message for one in there.annotations for other in one.related}
    assert "the first of them is in crm.suppressed, ledger.suppressed" in related


def test_a_table_for_a_list_is_a_problem_where_the_contacts_are_not(table):
    table(LIST)
    for files, many in (
        (with_lists_in_tables(contacts="contacts: contacts.csv"), len(KINDS) + 1),
        (with_lists_in_tables("other"), len(KINDS) + 1),
    ):
        report = check_files(files, rules=[counting_facts])
        said = [one for one in report.annotations if one.rule == "unreadable-file"]
        assert len(said) == many
        assert said[0].message.endswith("the contacts are not there: they cannot be compared")
        assert ("counting-facts", "needs every exclusion") in not_run(report)


def test_what_is_wrong_with_a_list_in_a_table_is_said_at_its_name(table):
    table(LIST)
    table("email,until\nann@example.org,soon\nbob@example.org,2026-12-31\n", "crm.disputes")
    table("name\nAnn\n", "crm.press")
    config = (
        f"ledger:\n  disputes: {place('crm.disputes')}\n  press: {place('crm.press')}\n"
        f"  known: {place('crm.nobody')}\n"
    )
    report = check_files(
        {"campaign.yaml": f"audience: {{{TABLE}}}", "preflight.yaml": config},
        rules=[counting_facts],
    )
    said = {one.span.text: (one.rule, one.message) for one in report.annotations}
    assert said["crm.disputes"] == (
        "malformed-row",
        "“soon” in the column until of crm.disputes is no date; the entry counts as without one",
    )
    assert said["crm.press"] == (
        "unreadable-file", "no column of “crm.press” holds addresses or domains"
    )  # fmt: skip
    assert said["crm.nobody"][1].startswith("there is no table or view “crm.nobody”")


def test_the_age_of_a_suppression_list_in_a_table_is_told(table):
    from preflight_rules.recipients.stale_suppression_list import stale_suppression_list

    rows = "".join(f"p{number}@example.org,Pat\n" for number in range(9))
    table(f"email,first_name\n{rows}")
    table("email,added\nx@example.org,2026-01-02\n", "crm.gone")
    files = {
        "campaign.yaml": f"audience: {{{TABLE}}}\n",
        "preflight.yaml": f"ledger: {{suppressed: {place('crm.gone')}}}\n",
    }
    (one,) = check_files(files, rules=[stale_suppression_list]).annotations
    assert one.message.startswith("the newest entry of the suppression list is 305 days old")
    assert one.related[0].span.text == "crm.gone"
    assert one.related[0].span.source.path == "preflight.yaml"


@pytest.mark.parametrize(
    "written", ["{connection: crm}", "{table: crm.x}", "{connection: crm, table: 'a b'}"]
)
def test_a_table_for_a_list_is_written_as_for_contacts(written):
    report = check_files({"preflight.yaml": f"ledger: {{known: {written}}}\n"}, rules=[])
    assert [one.rule for one in report.annotations] == ["invalid-configuration"]
