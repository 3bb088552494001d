"""From what rules say to annotations: merged, counted, placed, worded, fingerprinted."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from preflight.report.model import Annotation, Recipients
from preflight.rule import Problem, Related, Rows, Severity
from preflight.source import Source, lines_of

if TYPE_CHECKING:
    from preflight.audience.audience import Audience


_SLOT = re.compile(r"“[^”]*”|\{(recipients|count|of|are|have|get)\}")


@dataclass(frozen=True, slots=True)
class Found:
    """A problem with what the engine knows of it."""

    rule: str
    severity: Severity
    problem: Problem
    rows: Rows | None = None
    detail: str = ""


def merged(found: list[Found]) -> Iterator[Found]:
    """One annotation a rule and place. What messages of several classes say at one place is one
    annotation with all their recipients; what the template says already is not said again."""
    kept: dict[tuple[object, ...], Found] = {}
    for one in found:
        span = one.problem.span
        if span is None or one.problem.condition is not None or one.rows is None:
            key: tuple[object, ...] = (one.rule, id(one))
            if span is not None and one.problem.condition is not None:
                # A file that two parts include says the same twice.
                place = (span.source.path, span.start, span.end)
                key = (one.rule, *place, one.problem.message, one.problem.condition)
            elif span is not None and one.rows is None:
                key = (one.rule, span.source.path, span.start, span.end, one.problem.message)
        elif one.rows.places:
            key = (one.rule, id(one))
        else:
            key = (one.rule, span.source.path, span.start, span.end, one.problem.message)
        known = kept.get(key)
        if known is None:
            kept[key] = one
        elif one.problem.condition is None and known.rows is not None and one.rows is not None:
            first = tuple(sorted({*known.rows.first, *one.rows.first}))[:20]
            kept[key] = replace(known, rows=Rows(known.rows.count + one.rows.count, first))
    said = {
        (one.rule, one.problem.span.source.path, one.problem.span.start)
        for one in kept.values()
        if one.problem.span is not None and one.rows is None
    }
    for one in kept.values():
        span = one.problem.span
        repeated = (
            one.rows is not None
            and one.problem.condition is None
            and span is not None
            and (one.rule, span.source.path, span.start) in said
        )
        if not repeated:
            yield one


def stamped(one: Found, shown: str | None, audience: Audience | None) -> Annotation:
    problem = one.problem
    span = problem.span
    related = list(problem.related)
    recipients = None
    message, help = problem.message, problem.help
    if one.rows is not None and (audience is not None or one.rows.places):
        of = audience.selected if audience is not None else one.rows.of or one.rows.count
        places = one.rows.places
        if audience is not None and not places:
            places = audience.places_of(one.rows.first)
        recipients = Recipients(one.rows.count, of, places[:20])
        message = _filled(message, one.rows.count, of)
        help = _filled(help, one.rows.count, of)
        path, line = places[0] if places else ("", "")
        if isinstance(line, int) and (span is None or span.source.path != path):
            row = Source(path, "", first_line=line, personal=True)
            related.insert(0, Related(row.span(), "the first of them"))
        if problem.evidence and audience is not None and one.rows.first:
            related += _evidence(problem.evidence, one.rows.first[0], audience)
    if span is None:
        assert audience is not None
        span = audience.campaign.span("audience", "contacts")
    return Annotation(
        one.rule, one.severity, message, span, shown, recipients, tuple(related), problem.fix,
        help, detail=one.detail,
    )  # fmt: skip


def slimmed(annotation: Annotation) -> Annotation:
    """The same, keeping of each source the lines it speaks of."""
    related = tuple(replace(one, span=lines_of(one.span)) for one in annotation.related)
    return replace(annotation, span=lines_of(annotation.span), related=related)


def _evidence(kinds: str | tuple[str, ...], ordinal: int, audience: Audience) -> list[Related]:
    """The entry of the ledger that speaks of a contact, of the first kind that has one."""
    for kind in (kinds,) if isinstance(kinds, str) else kinds:
        entry = audience.evidence(kind, ordinal)
        known = audience.ledger.related(kind, entry) if entry is not None else None
        if known is not None:
            return [known]
    return []


def _filled(text: str, count: int, of: int) -> str:
    """The figures put into a message; what it quotes stays as it was written."""
    if "{" not in text:
        return text
    one = count == 1
    if count == of:
        people = "the only recipient" if one else f"all {of:,} recipients"
    else:
        people = f"{count:,} of {of:,} recipients"
    values = {
        "recipients": people,
        "count": f"{count:,}",
        "of": f"{of:,}",
        "are": "is" if one else "are",
        "have": "has" if one else "have",
        "get": "gets" if one else "get",
    }
    return _SLOT.sub(lambda found: values.get(found[1] or "", found[0]), text)


def sort_key(annotation: Annotation) -> tuple[object, ...]:
    place = annotation.span.start_place
    return (annotation.path, place, -annotation.severity, annotation.rule, annotation.message)


def fingerprinted(annotations: Sequence[Annotation]) -> tuple[Annotation, ...]:
    """Rule, path, text of the line, ordinal among equals: it survives edits elsewhere in the file,
    and holds no line number and no personal data."""
    seen: Counter[tuple[str, str, str]] = Counter()
    lines: dict[tuple[int, int], str] = {}  # a long line may hold many annotations
    done = []
    for annotation in annotations:
        source, number = annotation.span.source, annotation.span.start_place.line
        if source.personal:
            line = ""
        elif (id(source), number) in lines:
            line = lines[id(source), number]
        else:
            line = lines[id(source), number] = " ".join(source.line_text(number).split())
        key = (annotation.rule, annotation.path, line)
        text = "\0".join((*key, str(seen[key])))
        seen[key] += 1
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]
        done.append(replace(annotation, fingerprint=digest))
    return tuple(done)
