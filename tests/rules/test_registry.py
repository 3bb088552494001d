"""Every rule: its name, its file, its page, its tests, its place in the table."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from preflight.own_rules import OWN_RULES, OwnRule
from preflight.registry import Registry
from preflight.rule import Rule
from preflight.testing import examples
from preflight_rules import PLANNED, RULES

ALL: dict[str, Rule | OwnRule] = {**{rule.name: rule for rule in RULES}, **OWN_RULES}
FAMILIES = [
    "campaign", "placeholders", "recipients", "segments", "relationships", "tone", "content",
    "compliance",
]  # fmt: skip
TESTS = Path(__file__).parent

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
every_name = pytest.mark.parametrize("name", ALL)


def family(rule: Rule) -> str:
    return rule.module.split(".")[1]


@every_name
def test_names_are_kebab_case(name: str) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)


@each_rule
def test_the_module_and_the_page_are_named_after_the_rule(rule: Rule) -> None:
    in_file = rule.name.replace("-", "_")
    assert rule.module == f"preflight_rules.{family(rule)}.{in_file}"
    assert rule.page_path is not None
    assert rule.page_path.name == f"{in_file}.md"
    assert rule.page_path.is_file()
    assert getattr(importlib.import_module(rule.module), in_file) is rule


@each_rule
def test_the_summary_is_one_sentence(rule: Rule) -> None:
    docstring = (rule.checks[0].function.__doc__ or "").strip()
    first = docstring.split("\n\n", 1)[0]
    assert first == rule.summary, "the first sentence must fit on one line"
    assert re.fullmatch(r"[^.]+(?:\.\w[^.]*)*\.", first), first


@every_name
def test_the_page_has_an_example_of_both_kinds(name: str) -> None:
    if isinstance(ALL[name], OwnRule):
        return  # some of these say what no example can show: a crash, an ignore past its date
    kinds = {kind for kind, _ in examples(ALL[name].page)}
    assert kinds == {"Wrong", "Right"}


@each_rule
def test_a_test_of_its_family_runs_the_rule(rule: Rule) -> None:
    in_file = rule.name.replace("-", "_")
    modules = (TESTS / family(rule)).glob("test_*.py")
    assert any(re.search(rf"\b{in_file}\b", module.read_text("utf-8")) for module in modules)


def test_the_table_is_sorted_by_family_and_name() -> None:
    key = [(FAMILIES.index(family(rule)), rule.name) for rule in RULES]
    assert key == sorted(key)


def test_no_name_is_used_twice() -> None:
    names = [rule.name for rule in RULES]
    assert len(names) == len(set(names))
    assert not set(names) & set(OWN_RULES)
    assert not (set(names) | set(OWN_RULES)) & PLANNED


def test_the_registry_takes_them_all() -> None:
    assert list(Registry.of(RULES).rules) == [rule.name for rule in RULES]


def test_every_file_of_a_rule_is_in_the_table() -> None:
    assert RULES[0].page_path is not None
    folder = RULES[0].page_path.parent.parent
    pages = {page.stem.replace("_", "-") for page in folder.glob("*/*.md")}
    assert pages == {rule.name for rule in RULES}
