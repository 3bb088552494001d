"""The relation of all contacts with their facts and marks."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import duckdb
import pytest

from preflight.audience.audience import Audience
from preflight.audience.load import connect
from preflight.rule import Severity, rule
from preflight.testing import check_files

LEDGER = {
    "preflight.yaml": "ledger: {clients: clients.csv, press: [press.csv], seeds: [qa@x.example]}\n",
    "clients.csv": "email,domain,relationship,owner\nann@acme.example,,,Zoé\n,old.example,,Yann\n",
    "press.csv": "domain\npress.example\n",
}
ONE = "email,name\n ANN@acme.example,Ann\nbob@acme.example,Bob\n,Nobody\nqa@x.example,Qa\n"
CAMPAIGN = (
    "name: people\npurpose: newsletter\nfrom: A <a@x.example>\nsubject: Hi\nbody: {{text: m.txt}}\n"
    "audience: {{contacts: {}{}}}\n"
)


def told(sql: str, contacts: str = "one.csv", more: str = "", **files: str) -> list[Any]:
    """What a query over ``people`` gives."""
    found: list[Any] = []

    @rule("probe-people", on=Audience, severity=Severity.ERROR)
    def probe_people(audience):
        """Probe."""
        found.extend(audience.query(sql))
        return []

    check_files(
        {
            **LEDGER,
            "one.csv": ONE,
            "m.txt": "Hi",
            "campaign.yaml": CAMPAIGN.format(contacts, more),
            **files,
        },
        rules=[probe_people],
    )
    return found


def test_facts_of_those_in_the_ledger_and_of_all_others():
    found = told(
        "SELECT _row, f_is_client, f_at_known_company, f_is_press, f_is_seed, f_owner, e_clients "
        "FROM people ORDER BY _row"
    )
    assert found == [
        (0, True, False, False, False, "Zoé", 0),
        (1, False, True, False, False, None, None),
        (2, False, False, False, False, None, None),
        (3, False, False, False, True, None, None),
    ]


def test_marks_of_the_filter_the_exclusions_and_the_test_addresses():
    found = told(
        "SELECT _row, k_kept, k_excluded_0, k_chosen, k_seed, k_spoken FROM people ORDER BY _row",
        more=", where: name <> 'Nobody', exclude: [out.csv]",
        **{"out.csv": "email\nBOB@acme.example\n"},
    )
    assert found == [
        (0, True, False, True, False, True),
        (1, True, True, False, False, False),
        (2, False, False, False, False, False),
        (3, True, False, True, True, False),
    ]


def test_a_filter_may_ask_for_what_is_said_in_words():
    found = told("SELECT _row FROM people WHERE k_chosen", more=", where: owner = 'Zoé'")
    assert found == [(0,)]


def test_an_incident_may_hit_by_what_the_ledger_says_and_by_a_list():
    files = {
        "preflight.yaml": "ledger: {clients: clients.csv, incidents: incidents.yaml}\n",
        "incidents.yaml": (
            "- id: one\n  since: 2026-01-01\n  affects: is_client and owner = 'Zoé'\n"
            "- id: two\n  since: 2026-01-01\n  affects: hit.csv\n"
            "- id: three\n  since: 2026-01-01\n  affects: name in ('Ann', 'Qa')\n"
        ),
        "hit.csv": "email\nbob@acme.example\n",
    }
    found = told("SELECT _row, f_in_incident FROM people ORDER BY _row", **files)
    assert found == [(0, True), (1, True), (2, False), (3, True)]


def test_lists_with_other_columns_are_one_relation_in_the_order_of_the_campaign():
    files = {"two.csv": "Town,Mail address\nLyon,cy@old.example\n,di@press.example\n"}
    found = told(
        "SELECT _row, f_address, f_is_client, f_is_press FROM people ORDER BY _row",
        contacts="[two.csv, one.csv]",
        **files,
    )
    assert found == [
        (0, "cy@old.example", True, False),
        (1, "di@press.example", False, True),
        (2, "ann@acme.example", True, False),
        (3, "bob@acme.example", False, False),
        (4, None, False, False),
        (5, "qa@x.example", False, False),
    ]


@pytest.mark.parametrize(
    ("contacts", "files"),
    [("one.csv", {}), ("plain.txt", {"plain.txt": "ann@acme.example\nbob@acme.example\n"})],
)
@pytest.mark.skipif(duckdb.__version__ < "2", reason="older engines join all the same")
def test_counts_of_their_own_columns_and_of_truths_join_nothing(contacts, files):
    counts = "EXPLAIN SELECT count(c0), count(*) FILTER (WHERE f_is_client) FROM people"
    plan = told(f"{counts} WHERE k_spoken", contacts, **files)
    assert plan
    assert "join" not in str(plan).casefold()
    plan = told("EXPLAIN SELECT count(f_owner) FROM people", contacts, **files)
    assert "join" in str(plan).casefold()


def test_blanks_around_a_text_are_taken_away_whatever_they_are(tmp_path):
    texts = ["", " ", "a", " a", "a ", "\u00a0a\u2003", "\u3000", "é ", " é", "é", "\ta", "a b"]
    connection = connect(tmp_path)
    found = connection.execute(
        "SELECT trim(t), system.main.trim(t) FROM (SELECT unnest(?::VARCHAR[]) AS t)", [texts]
    ).fetchall()
    connection.close()
    assert all(ours == theirs for ours, theirs in found)
    assert len(found) == len(texts)


def test_rows_are_numbered_in_the_order_of_the_file():
    rows = "".join(f"r{at}@x.example,N{at}\n" for at in range(5_000))
    found = told("SELECT f_address FROM people ORDER BY _row", **{"one.csv": f"email,name\n{rows}"})
    numbers = [int(address[1:].partition("@")[0]) for (address,) in found]
    assert len(numbers) == 5_000
    assert all(after == before + 1 for before, after in pairwise(numbers))
