"""Campaigns of a few lines, and what one rule says of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from preflight.report.model import Annotation, NotChecked
from preflight.rule import Rule
from preflight.testing import check_files


@pytest.fixture
def said() -> Callable[..., list[Annotation]]:
    """What a rule says of some files; a crash of the rule fails the test."""

    def check(rule: Rule[Any], files: Mapping[str, str], **options: Any) -> list[Annotation]:
        report = check_files(files, rules=[rule], **options)
        crashed = [one.detail for one in report.annotations if one.rule == "rule-crashed"]
        assert not crashed, crashed[0]
        return [one for one in report.annotations if one.rule == rule.name]

    return check


@pytest.fixture
def not_checked() -> Callable[..., list[NotChecked]]:
    """What a rule could not check."""

    def check(rule: Rule[Any], files: Mapping[str, str], **options: Any) -> list[NotChecked]:
        return list(check_files(files, rules=[rule], **options).not_checked)

    return check
