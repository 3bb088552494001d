"""The pages of the engine's own rules, and what is read from the page of any rule."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from preflight.own_rules import OwnRule
    from preflight.rule import Rule


@cache
def why(rule: Rule | OwnRule) -> str:
    """Why a rule matters: the first paragraph under that heading; "" without a page."""
    try:
        return first_paragraph(rule.page, "Why")
    except OSError:
        return ""


def first_paragraph(page: str, heading: str) -> str:
    """The first paragraph below a heading of a rule's page, on one line."""
    _, _, rest = page.partition(f"\n## {heading}\n")
    paragraph = rest.strip().split("\n\n", 1)[0]
    return " ".join(paragraph.split()) if not paragraph.startswith("#") else ""
