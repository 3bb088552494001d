"""The report for machines: ``preflight-report/1``, a contract.

Lines and columns count from 1, columns in code points, ends are exclusive. Every key is always
there, the order never changes, and the same run gives the same bytes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from preflight.rule import Fix, Related, Severity
from preflight.visible import mask_addresses, visible_characters

if TYPE_CHECKING:
    from preflight.report.model import Annotation, Recipients, Report
    from preflight.report.style import Style
    from preflight.source import Place, Span

SCHEMA = "preflight-report/1"


def render(report: Report, style: Style) -> str:
    """The report as JSON, indented by 2."""
    text = json.dumps(as_data(report, style), ensure_ascii=False, indent=2)
    # "##[" is a command wherever it stands in the log of a CI runner; escaped, it is the same JSON.
    return _hidden_as_escapes(text.replace("##[", "#\\u0023[")) + "\n"


def as_data(report: Report, style: Style) -> dict[str, Any]:
    """The report as plain dictionaries, lists, texts and numbers."""
    return {
        "schema": SCHEMA,
        "verdict": report.verdict.value,
        "campaigns": [
            {
                "path": style.shown(campaign.path),
                "name": _optional(campaign.name, style),
                "purpose": _optional(campaign.purpose, style),
                "audience": {"contacts": campaign.contacts, "selected": campaign.selected},
            }
            for campaign in report.campaigns
        ],
        "annotations": [_annotation(annotation, style) for annotation in report.annotations],
        "ignored": [
            _annotation(ignored.annotation, style) | {"reason": style.shown(ignored.reason)}
            for ignored in report.ignored
        ],
        "not_checked": [
            {
                "rule": style.shown(skipped.rule),
                "campaign": _optional(skipped.campaign, style),
                "reason": style.shown(skipped.reason),
            }
            for skipped in report.not_checked
        ],
        "counts": {
            "errors": report.count(Severity.ERROR),
            "warnings": report.count(Severity.WARNING),
            "notices": report.count(Severity.NOTICE),
            "ignored": len(report.ignored),
            "not_checked": len(report.not_checked),
        },
    }


def _annotation(annotation: Annotation, style: Style) -> dict[str, Any]:
    return {
        "rule": style.shown(annotation.rule),
        "severity": annotation.severity.label,
        "message": style.shown(annotation.message),
        **_span(annotation.span, style),
        "campaign": _optional(annotation.campaign, style),
        "recipients": _recipients(annotation.recipients, style),
        "related": [_related(related, style) for related in annotation.related],
        "fix": _fix(annotation.fix, style),
        "help": style.shown(annotation.help),
        "fingerprint": style.shown(annotation.fingerprint),
    }


def _recipients(recipients: Recipients | None, style: Style) -> dict[str, Any] | None:
    if recipients is None:
        return None
    rows = [_row(path, at, style) for path, at in recipients.rows[:20]]
    return {"count": recipients.count, "of": recipients.of, "rows": rows}


def _row(path: str, at: int | str, style: Style) -> dict[str, Any]:
    """A row of a list by its line, of a table by its key."""
    if isinstance(at, str):
        return {"table": style.shown(path), "key": style.shown(at)}
    return {"path": style.shown(path), "line": at}


def _related(related: Related, style: Style) -> dict[str, Any]:
    return {**_span(related.span, style), "message": style.shown(related.message)}


def _fix(fix: Fix | None, style: Style) -> dict[str, Any] | None:
    """The replacement letter by letter, so that it can be applied; None where an address in it
    would have to be masked."""
    if fix is None or (not style.show_addresses and mask_addresses(fix.text) != fix.text):
        return None
    return {**_span(fix.span, style), "text": fix.text, "title": style.shown(fix.title)}


def _span(span: Span, style: Style) -> dict[str, Any]:
    return {
        "path": style.shown(span.source.path),
        "start": _place(span.start_place),
        "end": _place(span.end_place),
    }


def _place(place: Place) -> dict[str, int]:
    return {"line": place.line, "column": place.column}


def _optional(text: str | None, style: Style) -> str | None:
    return None if text is None else style.shown(text)


def _hidden_as_escapes(text: str) -> str:
    """What is not seen (it can stand in a fix only) as JSON escapes; the same data."""
    if text.isascii():
        return text.replace("\x7f", "\\u007f")
    lines = text.split("\n")
    return "\n".join(line if line.isascii() else _escaped(line) for line in lines)


def _escaped(line: str) -> str:
    return "".join(
        char if shown == char else json.dumps(char)[1:-1]
        for char, shown in zip(line, visible_characters(line), strict=True)
    )
