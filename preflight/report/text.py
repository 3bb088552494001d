"""The report for people: what is wrong, at the line where it is wrong, why, and what to do."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from preflight.report.concise import report_blocks
from preflight.report.frame import clipped, frame
from preflight.report.github import guard_log
from preflight.report.layout import display_width, indented, wrap
from preflight.report.model import Annotation, CheckedCampaign, Report, in_order
from preflight.report.paint import SEVERITY_COLORS, VERDICT_COLORS, Paint
from preflight.report.wording import (
    counted,
    first_rows,
    place,
    share_unsaid,
    title,
    unchecked,
    unchecked_in_short,
    unchecked_line,
    verdict,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from preflight.report.style import Style
    from preflight.rule import Fix

MOST_OF_A_RULE = 20
"""Annotations of one rule that are shown for one campaign."""

_MOST_FIX_LINES = 6


def render(report: Report, style: Style) -> str:
    """The annotations campaign by campaign, what could not be checked, and the verdict."""
    text = "\n".join(_Text(report, style).lines()) + "\n"
    return guard_log(text) if style.github_actions else text


class _Text:
    """One rendering: what it needs at every step, and what it has said already."""

    def __init__(self, report: Report, style: Style) -> None:
        self.report = report
        self.style = style
        self.paint = Paint(style.color)
        self.width = style.columns
        self.explained: set[str] = set()

    def lines(self) -> Iterator[str]:
        for campaign, found in self.groups():
            yield from self.heading(campaign)
            yield from self.group(found)
        if not self.style.quiet:
            yield from self.asides()
        color = VERDICT_COLORS[self.report.verdict]
        for line in wrap(self.style.shown(verdict(self.report)), self.width):
            yield self.paint(line, "bold", color)

    def groups(self) -> Iterator[tuple[CheckedCampaign | None, list[Annotation]]]:
        """Campaigns with something to say, in the order of the run; what belongs to none first."""
        known = {campaign.path: campaign for campaign in self.report.campaigns}
        by_path: dict[str | None, list[Annotation]] = {None: [], **{path: [] for path in known}}
        for annotation in in_order(self.report.annotations):
            if not self.style.quiet or report_blocks(self.report, annotation):
                by_path.setdefault(annotation.campaign, []).append(annotation)
        for path, found in by_path.items():
            if found:
                unread = None if path is None else CheckedCampaign(path, None, None)
                yield known.get(path or "", unread), found

    def heading(self, campaign: CheckedCampaign | None) -> Iterator[str]:
        if campaign is None:
            said = "Not of one campaign"
        else:
            parts = [campaign.purpose] if campaign.purpose else []
            if campaign.selected is not None and campaign.contacts is not None:
                parts.append(
                    f"{campaign.selected:,} of {counted(campaign.contacts, 'contact')} chosen"
                )
            said = title(campaign)
            said += f": {', '.join(parts)}" if parts else ""
        lines = wrap(self.style.shown(said), self.width)
        for line in lines:
            yield self.paint(line, "bold")
        yield self.paint("=" * max(map(display_width, lines)), "dim")
        yield ""

    def group(self, annotations: list[Annotation]) -> Iterator[str]:
        """The annotations of one campaign; a rule that speaks too often is cut short."""
        total = Counter(annotation.rule for annotation in annotations)
        said: Counter[str] = Counter()
        for annotation in annotations:
            rule = annotation.rule
            said[rule] += 1
            if said[rule] <= MOST_OF_A_RULE:
                *lines, last = self.annotation(annotation)
                yield from lines
                yield from [last, ""] if last else [""]
            if said[rule] == total[rule] > MOST_OF_A_RULE:
                more = total[rule] - MOST_OF_A_RULE
                line = f"... and {more:,} more of {rule} (see --format concise)"
                yield from wrap(self.style.shown(line), self.width)
                yield ""

    def annotation(self, annotation: Annotation) -> Iterator[str]:
        color = SEVERITY_COLORS[annotation.severity]
        severity = self.paint(annotation.severity.label, "bold", color)
        where = self.paint(self.style.shown(place(annotation)), "bold")
        yield f"{where}: {severity}[{self.style.shown(annotation.rule)}]"
        yield from self.labelled("", annotation.message)
        if not (annotation.span.source.personal and self.style.github_actions):
            seen = frame(annotation.span, self.style, self.paint, color)
            if seen:
                yield from ["", *seen, ""]
        yield from self.recipients(annotation)
        if annotation.why and annotation.rule not in self.explained:
            self.explained.add(annotation.rule)
            yield from self.labelled("why: ", " ".join(annotation.why.split()))
        if annotation.help:
            yield from self.labelled("do:  ", annotation.help)
        yield from self.related(annotation)
        if annotation.fix is not None:
            yield from self.fix(annotation.fix)
        if annotation.detail and self.style.verbose:
            for line in annotation.detail.splitlines():
                yield f"    {self.style.shown(line)}".rstrip()

    def recipients(self, annotation: Annotation) -> Iterator[str]:
        if annotation.recipients is None:
            return
        share, rows = share_unsaid(annotation), first_rows(annotation.recipients)
        if share and rows:
            share += ", first: " if ", and " in rows else ": "
        if share or rows:
            yield from self.labelled("who: ", share + rows)

    def related(self, annotation: Annotation) -> Iterator[str]:
        rows = annotation.recipients.rows if annotation.recipients else ()
        for related in annotation.related:
            line, column = related.span.start_place
            if (related.span.source.path, line) in rows:
                continue  # named with the recipients
            said = f"{related.span.source.path}:{line}:{column}: {related.message}"
            yield from self.labelled("see: ", said)

    def fix(self, fix: Fix) -> Iterator[str]:
        """The lines that a fix changes, before and after."""
        yield from self.labelled("fix: ", fix.title)
        source = fix.span.source
        text = source.text
        first = text.rfind("\n", 0, fix.span.start) + 1
        end = text.find("\n", fix.span.end)
        last = len(text) if end < 0 else end
        after = text[first : fix.span.start] + fix.text + text[fix.span.end : last]
        mark = fix.span.start - first
        for sign, color, block in (("-", "red", text[first:last]), ("+", "green", after)):
            lines = block.split("\n") if block else []
            for number, line in enumerate(lines[:_MOST_FIX_LINES]):
                at = mark if number == 0 else 0
                shown, _, _ = clipped(line, (at, at + 1), self.width - 9, self.style)
                yield self.paint(f"       {sign} {shown}".rstrip(), color)
            if len(lines) > _MOST_FIX_LINES:
                yield self.paint(f"       {sign} ...", color)

    def labelled(self, label: str, text: str) -> Iterator[str]:
        first, *rest = indented(label, self.style.shown(text), self.width)
        yield first.replace(label, self.paint(label, "bold"), 1) if label else first
        yield from rest

    def asides(self) -> Iterator[str]:
        """What was not checked and what was ignored; with --verbose all of it."""
        verbose = self.style.verbose
        most = 1_000_000 if verbose else 6
        groups = list(unchecked(self.report)) if verbose else unchecked_in_short(self.report)
        if len(groups) == 1:
            said = f"Not checked: {unchecked_line(groups[0], most)}."
            yield from wrap(self.style.shown(said), self.width)
        elif groups:
            yield "Not checked:"
            for group in groups:
                yield from indented("- ", self.style.shown(unchecked_line(group, most)), self.width)
        if self.report.ignored:
            total = counted(len(self.report.ignored), "annotation")
            if not verbose:
                yield from wrap(f"Ignored: {total} (--verbose says why).", self.width)
            else:
                yield f"Ignored: {total}"
                for ignored in self.report.ignored:
                    one = ignored.annotation
                    said = f"{place(one)}: {one.rule}: {one.message} (ignored: “{ignored.reason}”)"
                    yield from indented("- ", self.style.shown(said), self.width)
        if verbose:
            for note in self.report.notes:
                yield from indented("note: ", self.style.shown(note), self.width, indent=0)
        if groups or self.report.ignored or (verbose and self.report.notes):
            yield ""
