"""Every page of a rule: its headings, and its examples, which are run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from preflight.own_rules import OWN_RULES, OwnRule
from preflight.pages import first_paragraph
from preflight.report.model import Report
from preflight.rule import Rule, Severity
from preflight.testing import check_files, examples
from preflight_rules import RULES

HEADINGS = ["What it says", "Why", "Wrong", "Right", "Options", "When not to use it"]
PAGES: dict[str, Rule | OwnRule] = {**{rule.name: rule for rule in RULES}, **OWN_RULES}
CASES = [
    pytest.param(name, kind, files, id=f"{name}-{kind.lower()}-{number}")
    for name, rule in PAGES.items()
    for number, (kind, files) in enumerate(examples(rule.page), 1)
]

each_page = pytest.mark.parametrize("name", PAGES)


@each_page
def test_the_title_is_the_name(name: str) -> None:
    assert PAGES[name].page.split("\n", 1)[0] == f"# {name}"


@each_page
def test_the_headings_are_the_fixed_ones_in_order(name: str) -> None:
    outside_fences = re.sub(r"^```.*?^```$", "", PAGES[name].page, flags=re.M | re.S)
    assert re.findall(r"^## (.*)$", outside_fences, re.M) == HEADINGS


@each_page
def test_no_section_is_empty(name: str) -> None:
    for section in re.split(r"^## .*$", PAGES[name].page, flags=re.M)[1:]:
        assert section.strip()


@each_page
def test_the_reason_is_short_and_ends_as_a_sentence(name: str) -> None:
    reason = first_paragraph(PAGES[name].page, "Why")
    assert 20 <= len(reason) <= 400
    assert reason.rstrip("”")[-1] in ".?!"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_each_option_is_named_on_the_page(rule: Rule) -> None:
    section = rule.page.partition("\n## Options\n")[2].partition("\n## ")[0]
    if rule.options is None:
        assert section.strip() == "None."
    else:
        for option in rule.options.model_fields:
            assert f"`{option}`" in section


@pytest.mark.parametrize(("name", "kind", "files"), CASES)
def test_examples(name: str, kind: str, files: dict[str, str], tmp_path: Path) -> None:
    rule = PAGES[name]
    alone = [rule] if kind == "Wrong" and isinstance(rule, Rule) else None
    report = check_files(files, rules=alone, folder=tmp_path)
    found = [annotation.rule for annotation in report.annotations]
    if kind == "Wrong":
        assert name in found, described(report)
        return
    assert name not in found, described(report)
    worse = [one for one in report.annotations if one.severity > Severity.NOTICE]
    assert not worse, described(report)
    assert not report.failed


def described(report: Report) -> str:
    return "\n".join(
        f"{one.severity.label} {one.rule} {one.path}:{one.span.start_place.line} {one.message}"
        for one in report.annotations
    )
