"""What a run found: annotations, what was ignored and why, and what could not be checked."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, field

from preflight.rule import Fix, Place, Related, Severity
from preflight.source import Span


class Verdict(enum.StrEnum):
    """The outcome in one word."""

    CLEAR = "clear"
    BLOCKED = "blocked"
    FAILED = "failed"
    NOTHING_CHECKED = "nothing-checked"

    @property
    def exit_code(self) -> int:
        return {"clear": 0, "blocked": 1, "failed": 2, "nothing-checked": 3}[self.value]


@dataclass(frozen=True, slots=True)
class Recipients:
    """The contacts an annotation speaks of: ``count`` is exact, ``of`` the chosen audience,
    ``rows`` the places of the first twenty in order: path and line, or table and key there."""

    count: int
    of: int
    rows: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Annotation:
    """What the engine makes of a problem."""

    rule: str
    severity: Severity
    message: str
    span: Span
    campaign: str | None  # path of the campaign file
    recipients: Recipients | None = None
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    help: str = ""
    fingerprint: str = ""
    why: str = ""  # first paragraph of the rule's page, "Why"; filled for the text report
    detail: str = ""  # a traceback, shown with --verbose

    @property
    def path(self) -> str:
        return self.span.source.path


@dataclass(frozen=True, slots=True)
class Ignored:
    """An annotation that somebody accepted, and why."""

    annotation: Annotation
    reason: str


@dataclass(frozen=True, slots=True)
class NotChecked:
    """A rule that did not run on a campaign, and how to make it run."""

    rule: str
    campaign: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class CheckedCampaign:
    """A campaign that was looked at, or a finished mail (``is_mail``), whose name is its subject.
    ``contacts`` and ``selected``: rows read and rows chosen; None when no list was read."""

    path: str
    name: str | None
    purpose: str | None
    contacts: int | None = None
    selected: int | None = None
    is_mail: bool = False


@dataclass(frozen=True)
class Report:
    """The result of a run; immutable. ``ok`` is true when nothing is at or above ``fail_on``
    and the check itself did not fail."""

    campaigns: tuple[CheckedCampaign, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()
    fail_on: Severity | None = Severity.ERROR
    failed: bool = False  # a rule crashed, or preflight.yaml is faulty
    notes: tuple[str, ...] = field(default=())  # shown with --verbose

    @property
    def verdict(self) -> Verdict:
        if self.failed:
            return Verdict.FAILED
        if self.fail_on is not None and any(a.severity >= self.fail_on for a in self.annotations):
            return Verdict.BLOCKED
        if not self.campaigns:
            return Verdict.NOTHING_CHECKED
        return Verdict.CLEAR

    @property
    def ok(self) -> bool:
        return self.verdict is Verdict.CLEAR

    def count(self, severity: Severity) -> int:
        return sum(a.severity is severity for a in self.annotations)


def in_order(annotations: Iterable[Annotation]) -> tuple[Annotation, ...]:
    """By file, place, severity (worst first), rule, message: the same from run to run."""
    return tuple(
        sorted(
            annotations,
            key=lambda a: (a.path, a.span.start_place, -a.severity, a.rule, a.message),
        )
    )
