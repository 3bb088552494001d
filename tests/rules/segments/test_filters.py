"""A hundred filters with a planted fault and their sound twins: every fault is named at its
clause by one rule, and no word is said on the twins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from rules.segments.crm_lists import crm_list

from preflight.report.model import Annotation
from preflight.testing import check_files
from preflight_rules import RULES

CASES = yaml.safe_load(Path(__file__).with_name("filters.yaml").read_text("utf-8"))
FAMILY = [rule for rule in RULES if rule.module.startswith("preflight_rules.segments.")]


def said(case: dict[str, Any], where: str, **options: Any) -> list[Annotation]:
    campaign = {
        "purpose": case.get("purpose", "newsletter"),
        "language": case.get("language", "~"),
        "audience": {"where": where},
    }
    files = {
        "campaign.yaml": yaml.safe_dump(campaign, allow_unicode=True, width=10_000),
        "contacts.csv": crm_list(case["list"]),
        "preflight.yaml": "ledger: {suppressed: ~}",
    }
    report = check_files(files, rules=FAMILY, **options)
    assert not report.failed, [one.detail for one in report.annotations]
    return list(report.annotations)


def ids(case: dict[str, Any]) -> str:
    return f"{case['rule']}-{case['filter'][:40]}"


def test_there_are_a_hundred():
    assert len(CASES) >= 100
    assert {case["rule"] for case in CASES} <= {rule.name for rule in FAMILY}


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_the_fault_is_named_at_its_clause_by_one_rule(case):
    found = said(case, case["filter"])
    named = [(one.rule, one.span.text.replace("''", "'")) for one in found]
    assert named == [(case["rule"], case["at"])], [one.message for one in found]


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_no_word_on_the_sound_twin(case):
    found = said(case, case["sound"])
    assert [(one.rule, one.message) for one in found] == []


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_without_the_lists_logic_says_the_same_and_nothing_of_the_twins(case):
    logical = ("contradictory-filter", "filter-without-effect", "unguarded-or", "invalid-filter")
    found = {one.rule for one in said(case, case["filter"], without_lists=True)}
    assert found <= {case["rule"]}
    assert (
        found
        or case["rule"] not in logical
        or case["list"] == "de"
        or case["rule"] == "invalid-filter"
    )
    assert said(case, case["sound"], without_lists=True) == []
