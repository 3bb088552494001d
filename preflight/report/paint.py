"""Colours of the terminal: a dozen ANSI codes, in one place."""

from __future__ import annotations

from dataclasses import dataclass

from preflight.report.model import Verdict
from preflight.rule import Severity

_CODES = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "cyan": "36",
}

SEVERITY_COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTICE: "cyan"}
VERDICT_COLORS = {
    Verdict.CLEAR: "green",
    Verdict.BLOCKED: "red",
    Verdict.FAILED: "red",
    Verdict.NOTHING_CHECKED: "yellow",
}


@dataclass(frozen=True, slots=True)
class Paint:
    """``Paint(on)("text", "bold", "red")``: the text in these colours, or as it is when off."""

    on: bool = False

    def __call__(self, text: str, *names: str) -> str:
        if not self.on or not text:
            return text
        codes = ";".join(_CODES[name] for name in names)
        return f"\x1b[{codes}m{text}\x1b[0m"
