"""The exception that stops a send."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from preflight.report.model import Annotation, CheckedCampaign, Ignored, Report
from preflight.report.wording import counted, listed, place
from preflight.source import Source, Span, lines_of
from preflight.visible import mask_addresses, masked_addresses, shown

if TYPE_CHECKING:
    from preflight.rule import Fix, Related

_SHOWN = 3
_LONGEST = 2_000  # characters of a line that are kept
# An address in quoted-printable or in an encoded word is none to `masked_addresses`.
_CODED = re.compile(r"[\w.+=-]*=40[\w.=-]*|=\?[^?\s]+\?[BbQq]\?[^?\s]*\?=")


class PreflightError(Exception):
    """Nothing was sent: the check found what must not leave. ``report`` says what, with every
    address in it masked, so that it can be logged, pickled and shown.

    A plain Exception: mailers swallow OSError and SMTPException.
    """

    def __init__(self, report: Report) -> None:
        self.report = redacted(report)
        super().__init__(_summary(self.report))

    def __reduce__(self) -> tuple[type[PreflightError], tuple[Report]]:
        return type(self), (self.report,)


def _summary(report: Report) -> str:
    blocking = [
        one
        for one in report.annotations
        if report.fail_on is not None and one.severity >= report.fail_on
    ]
    rules = Counter(one.rule for one in blocking)
    said = f"{counted(len(blocking), 'problem')} in {counted(len(report.campaigns), 'message')}"
    said += ": " + listed(
        (f"{rule} ({count:,})" if count > 1 else rule for rule, count in rules.most_common()), 10
    )
    first = "; ".join(f"{place(one)} {one.message}" for one in blocking[:_SHOWN])
    return shown(f"not sent: {said}. {first}".rstrip(". ") + ".")


def redacted(report: Report) -> Report:
    """The report with addresses masked everywhere, keeping of each mail only the lines it speaks
    of."""
    return replace(
        report,
        campaigns=tuple(_campaign(one) for one in report.campaigns),
        annotations=tuple(map(_annotation, report.annotations)),
        ignored=tuple(Ignored(_annotation(one.annotation), one.reason) for one in report.ignored),
        notes=tuple(map(mask_addresses, report.notes)),
    )


def _campaign(one: CheckedCampaign) -> CheckedCampaign:
    return replace(one, name=mask_addresses(one.name) if one.name else one.name)


def _annotation(one: Annotation) -> Annotation:
    return replace(
        one,
        message=mask_addresses(one.message),
        help=mask_addresses(one.help),
        detail=mask_addresses(one.detail),
        span=_masked(one.span),
        related=tuple(map(_related, one.related)),
        fix=_fix(one.fix) if one.fix else None,
    )


def _related(one: Related) -> Related:
    return replace(one, span=_masked(one.span), message=mask_addresses(one.message))


def _fix(one: Fix) -> Fix | None:
    if mask_addresses(one.text) != one.text:
        return None
    return replace(one, span=_masked(one.span))


def _masked(span: Span) -> Span:
    """The place in a source that holds its lines only, addresses masked."""
    near = lines_of(span)
    text, start, end = near.source.text, near.start, near.end
    edits = [(one.start, one.end, one.text) for one in masked_addresses(text)]
    edits += [(*match.span(), "***") for match in _CODED.finditer(text)]
    pieces: list[str] = []
    done = size = 0
    moved = [start, end]
    for begin, stop, mask in sorted(edits):
        if begin < done:
            continue
        pieces += [text[done:begin], mask]
        for index, offset in enumerate((start, end)):
            if offset >= stop:
                moved[index] += len(mask) - (stop - begin)
            elif offset > begin:
                moved[index] = size + (begin - done) + (len(mask) if index else 0)
        size += begin - done + len(mask)
        done = stop
    pieces.append(text[done:])
    source = near.source
    masked = Source(
        source.path, "".join(pieces), first_line=source.first_line, personal=source.personal
    )
    return Span(masked, moved[0], max(moved))
