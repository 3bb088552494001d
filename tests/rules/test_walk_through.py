"""The rule of rules/README.md, made as it says there."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path

import pytest

from preflight.rule import Rule
from preflight.testing import check_files, examples

README = Path(__file__).parents[2] / "rules" / "README.md"
BLOCK = re.compile(
    r"^(?P<fence>`{3,4})\w+ (?P<name>\w+\.\w+)\n(?P<text>.*?)^(?P=fence)$", re.M | re.S
)


@pytest.fixture
def rule(tmp_path, monkeypatch) -> Rule:
    """The rule of the walk-through, in the family that it names."""
    import preflight_rules.campaign as family

    for block in BLOCK.finditer(README.read_text("utf-8")):
        (tmp_path / block["name"]).write_text(block["text"], encoding="utf-8")
    monkeypatch.setattr(family, "__path__", [*family.__path__, str(tmp_path)])
    name = "preflight_rules.campaign.shouting_subject"
    module = importlib.import_module(name)
    yield module.shouting_subject
    sys.modules.pop(name)
    del family.shouting_subject


def test_its_examples(rule):
    found = list(examples(rule.page))
    assert [kind for kind, _ in found] == ["Wrong", "Right"]
    for kind, files in found:
        report = check_files(files, rules=[rule])
        assert [one.rule for one in report.annotations] == (
            ["shouting-subject"] if kind == "Wrong" else []
        )


def test_its_tests(rule, said):
    source = rule.page_path.with_name("test_shouting_subject.py").read_text("utf-8")
    tests: dict[str, object] = {}
    exec(compile(source, "test_shouting_subject.py", "exec"), tests)
    tests["test_capitals"](said)
    tests["test_the_option"](said)
    for subject in tests["test_no_false_alarm"].pytestmark[0].args[1]:
        tests["test_no_false_alarm"](said, subject)


def test_its_page_has_the_headings_of_every_page(rule):
    from preflight_rules import RULES

    headings = [re.findall(r"^## .*$", one.page, re.M) for one in (rule, RULES[0])]
    assert headings[0] == headings[1]
