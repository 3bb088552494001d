"""Patterns that an engine which backtracks must not get."""

from __future__ import annotations

import pytest
from audience.warehouse.test_patterns import PATTERNS

from preflight.audience.unanswered import Unanswered
from preflight.audience.warehouse.backtracking import explodes
from preflight.audience.warehouse.patterns import translated
from preflight.audience.warehouse.render_spark import SparkRenderer


@pytest.mark.parametrize(
    "pattern",
    [r"(a+)+$", r"(a|a)*", r"(a|ab)*c", r"(\w*)*", r"(\w+\s?)+!", r"([a-z]+)*x", r"(a{1,9}){2,9}", r"((a)+)+", r"(.*,){9}",
     r"(a?b?)*", r"(?i)(k|K)+", r"(?:x+(?:y|z)*)+", r"(|a)+", r"(\d+|\w)+", r"(a*){2,}", r"(\s+x?)+", r"(x?\s+)+"],
)  # fmt: skip
def test_a_pattern_that_may_explode_is_known(pattern):
    assert explodes(translated(pattern, end=r"\z"))
    with pytest.raises(Unanswered) as caught:
        SparkRenderer().render(f"SELECT regexp_matches(x, '{pattern}') FROM t")
    assert caught.value.reason == "needs the contacts in a file: Spark cannot tell"


@pytest.mark.parametrize(
    "pattern",
    [*PATTERNS, r"^[a-z0-9_%+-]+(?:\.[a-z0-9_%+-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$", r"(ab)+", r"(a|b)*",
     r"([0-9]{3}){2}", r"(a+)?", r"(,\w+)*", r"a*b*c*", r"(\[[a-z]+)+", r"(a+){1}", r"(?:\bx)+", r"(\d{2}-)+", r"((?:all|any)\s+)+", r"(?:[^a]|ab)*", r"(.*,){3}"],
)  # fmt: skip
def test_a_pattern_that_cannot_explode_is_let_through(pattern):
    assert not explodes(translated(pattern, end=r"\z"))
