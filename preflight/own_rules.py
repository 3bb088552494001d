"""What the engine itself says: about loading, and about the check itself.

These rules have no check; parts of the engine say them. They have names, severities and pages like
all others, and are configured and ignored like the others, but for those marked vital: a check that
did not run must never look like one that passed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from preflight.rule import Severity


@dataclass(frozen=True, slots=True)
class OwnRule:
    """A rule of the engine itself. ``vital``: it cannot be switched off or made weaker."""

    name: str
    severity: Severity
    summary: str
    family: str
    vital: bool = False

    @property
    def page(self) -> str:
        """The text of the rule's page (Markdown)."""
        return files("preflight.pages").joinpath(f"{self.name}.md").read_text("utf-8")


def _rules() -> Mapping[str, OwnRule]:
    error, warning = Severity.ERROR, Severity.WARNING
    table = [
        OwnRule("invalid-campaign", error, "The definition does not follow the schema.", "loading"),
        OwnRule("invalid-yaml", error, "The file cannot be parsed as YAML.", "loading"),
        OwnRule("unreadable-file", error, "A file cannot be found, opened or decoded.", "loading"),
        OwnRule("template-syntax", error, "A template cannot be parsed or rendered.", "loading"),
        OwnRule("malformed-row", error, "A row of a list cannot be read.", "loading"),
        OwnRule("rule-crashed", error, "A rule raised; it did not check.", "check", True),
        OwnRule("unused-ignore", warning, "An ignore matches nothing.", "check"),
        OwnRule("malformed-ignore", error, "An ignore is misspelt or gives no reason.", "check"),
        OwnRule("expired-ignore", error, "An ignore is past its date.", "check"),
        OwnRule("invalid-configuration", error, "preflight.yaml is faulty.", "check", True),
        OwnRule("not-checked", error, "A rule could not run (only with --strict).", "check", True),
    ]
    return {rule.name: rule for rule in table}


OWN_RULES = _rules()
