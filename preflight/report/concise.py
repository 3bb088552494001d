"""One line an annotation, as editors and ``grep`` like it, then the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from preflight.report.github import guard_log
from preflight.report.model import Annotation, Report, in_order
from preflight.report.paint import SEVERITY_COLORS, VERDICT_COLORS, Paint
from preflight.report.wording import counted, place, share_unsaid, verdict

if TYPE_CHECKING:
    from preflight.report.style import Style


def render(report: Report, style: Style) -> str:
    """``path:line:column: severity[rule] message (37 of 312 recipients)`` for each annotation."""
    paint = Paint(style.color)
    chosen = [
        a for a in in_order(report.annotations) if not style.quiet or report_blocks(report, a)
    ]
    lines = [_line(annotation, style, paint) for annotation in chosen]
    closing = paint(style.shown(verdict(report)), "bold", VERDICT_COLORS[report.verdict])
    rules = len({skipped.rule for skipped in report.not_checked})
    aside = [f"{len(report.ignored):,} ignored"] if report.ignored else []
    aside += [f"{counted(rules, 'rule')} not checked"] if rules else []
    lines.append(closing + (f" {', '.join(aside)}." if aside else ""))
    text = "\n".join(lines) + "\n"
    return guard_log(text) if style.github_actions else text


def report_blocks(report: Report, annotation: Annotation) -> bool:
    """Is it shown when only what matters is asked for: errors, and whatever blocks?"""
    return annotation.severity.label == "error" or (
        report.fail_on is not None and annotation.severity >= report.fail_on
    )


def _line(annotation: Annotation, style: Style, paint: Paint) -> str:
    severity = paint(annotation.severity.label, "bold", SEVERITY_COLORS[annotation.severity])
    said = share_unsaid(annotation)
    return (
        f"{paint(style.shown(place(annotation)), 'bold')}: {severity}"
        f"[{style.shown(annotation.rule)}] {style.shown(annotation.message)}"
        + (f" ({said})" if said else "")
    )
