"""The report as GitHub Flavored Markdown: the summary of a job.

All text of a campaign is escaped: no markup, no link, no mention, no image comes out of it.
Addresses are masked whatever the style says. Larger summaries than 1 MiB are dropped whole by the
platform, so ours ends earlier, at the end of a row, and says so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from preflight.report.model import Annotation, CheckedCampaign, Ignored, Report, Verdict, in_order
from preflight.report.wording import (
    counted,
    first_rows,
    fix_unsaid,
    listed,
    noun,
    place,
    share,
    unchecked,
    verdict,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from preflight.report.style import Style

LARGEST = 900_000
"""Bytes of a summary, at most."""

_LONGEST_CELL = 2_000  # characters of one text of a campaign
_ROOM_FOR_NOTES = 2_000  # bytes kept free for what says that something was left out

_SPECIAL = re.compile(r"[&<>\"'`*_\[\](){}#|~\\!@^]|\$|://|(?<=www)\.", re.IGNORECASE)
_INVISIBLE_BREAK = "&#8203;"  # keeps @name, #12 and addresses of pages from becoming links


def render(report: Report, style: Style) -> str:
    """The verdict, the annotations (worst first), what was not checked, ignored and checked."""
    style = style.masked
    sheet = _Sheet()
    sheet.add(f"## {_TITLES[report.verdict]}", "", f"**{escape(verdict(report), style)}**")
    _annotations(sheet, report, style)
    _not_checked(sheet, report, style)
    _ignored(sheet, report, style)
    _campaigns(sheet, report, style)
    return sheet.text


_TITLES = {
    Verdict.CLEAR: "Preflight: clear",
    Verdict.BLOCKED: "Preflight: do not send",
    Verdict.FAILED: "Preflight: the check failed",
    Verdict.NOTHING_CHECKED: "Preflight: nothing was checked",
}


def _campaigns(sheet: _Sheet, report: Report, style: Style) -> None:
    head = (
        "",
        f"### Checked: {counted(len(report.campaigns), noun(report))}",
        "",
        "| Campaign | Name | Purpose | Recipients |",
        "| --- | --- | --- | --- |",
    )
    rows = (_campaign_row(campaign, style) for campaign in report.campaigns)
    sheet.section(head, rows, len(report.campaigns), noun(report))


def _campaign_row(campaign: CheckedCampaign, style: Style) -> str:
    who = ""
    if campaign.selected is not None and campaign.contacts is not None:
        who = f"{campaign.selected:,} of {campaign.contacts:,}"
    name, purpose = escape(campaign.name or "", style), escape(campaign.purpose or "", style)
    return f"| {_code(campaign.path, style)} | {name} | {purpose} | {who} |"


def _annotations(sheet: _Sheet, report: Report, style: Style) -> None:
    head = (
        "",
        "| | Rule | Place | What | Recipients |",
        "| --- | --- | --- | --- | --- |",
    )
    worst_first = sorted(in_order(report.annotations), key=lambda a: -a.severity)
    rows = (_row(annotation, style) for annotation in worst_first)
    sheet.section(head, rows, len(worst_first), "annotation")


def _row(annotation: Annotation, style: Style) -> str:
    said = escape(annotation.message, style)
    if annotation.help:
        said += f"<br>What to do: {escape(annotation.help, style)}"
    if fix_unsaid(annotation):
        said += f"<br>Fix: {escape(fix_unsaid(annotation), style)}"
    who = ""
    if annotation.recipients is not None:
        who = share(annotation.recipients)
        rows = first_rows(annotation.recipients)
        who += f"<br>{escape(rows, style)}" if rows else ""
    return (
        f"| {annotation.severity.label} | {_code(annotation.rule, style)} "
        f"| {_code(place(annotation), style)} | {said} | {who} |"
    )


def _not_checked(sheet: _Sheet, report: Report, style: Style) -> None:
    rules = len({skipped.rule for skipped in report.not_checked})
    head = ("", f"### Not checked: {counted(rules, 'rule')}", "")
    rows = []
    for group in unchecked(report):
        names = ", ".join(_code(rule, style) for rule in group.rules)
        where = listed((_code(path, style) for path in group.campaigns), 20)
        rows.append(f"- {names}{f' (in {where})' if where else ''}: {escape(group.reason, style)}")
    sheet.section(head, rows, len(rows), "reason")


def _ignored(sheet: _Sheet, report: Report, style: Style) -> None:
    head = (
        "",
        f"### Ignored: {len(report.ignored):,}",
        "",
        "| Rule | Place | What | Reason |",
        "| --- | --- | --- | --- |",
    )
    rows = (_ignored_row(ignored, style) for ignored in report.ignored)
    sheet.section(head, rows, len(report.ignored), "annotation")


def _ignored_row(ignored: Ignored, style: Style) -> str:
    annotation = ignored.annotation
    return (
        f"| {_code(annotation.rule, style)} | {_code(place(annotation), style)} "
        f"| {escape(annotation.message, style)} | {escape(ignored.reason, style)} |"
    )


class _Sheet:
    """Lines of Markdown, as long as there is room."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._size = 0

    @property
    def text(self) -> str:
        return "".join(f"{line}\n" for line in self._lines)

    def add(self, *lines: str) -> None:
        self._lines += lines
        self._size += sum(len(line.encode("utf-8", "surrogatepass")) + 1 for line in lines)

    def section(self, head: Iterable[str], rows: Iterable[str], total: int, noun: str) -> None:
        """A heading and its rows, whole rows only and made as needed; nothing without any."""
        if not total:
            return
        self.add(*head)
        for index, row in enumerate(rows):
            if self._size + len(row.encode("utf-8", "surrogatepass")) > LARGEST - _ROOM_FOR_NOTES:
                more = counted(total - index, f"more {noun}")
                self.add("", f"And {more}: this summary is full, see the log for the rest.")
                return
            self.add(row)


def _code(text: str, style: Style) -> str:
    return f"<code>{escape(text, style)}</code>"


def escape(text: str, style: Style) -> str:
    """The text as Markdown that shows exactly this text, on one line; cut when it is very long."""
    text = style.shown(text)
    if len(text) > _LONGEST_CELL:
        text = text[:_LONGEST_CELL] + " ..."
    return _SPECIAL.sub(_entity, text)


def _entity(match: re.Match[str]) -> str:
    found = match[0]
    if found == "://":
        return f":{_INVISIBLE_BREAK}//"
    if found == ".":
        return f"{_INVISIBLE_BREAK}."
    if found == "$":
        return "<span>$</span>"
    entity = f"&#{ord(found)};"
    return entity + _INVISIBLE_BREAK if found in "@#" else entity
