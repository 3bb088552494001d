"""Accepted problems: inline comments, and the ``ignore:`` entries of ``preflight.yaml``.

``# preflight: ignore[rule] reason`` in YAML, ``{# preflight: ignore[rule] reason #}`` or
``<!-- preflight: ignore[rule] reason -->`` in templates. It counts for its own line, or for the
next when it is alone on its line. A reason is required.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from preflight.rule import Problem, Said
from preflight.source import Source, Span

if TYPE_CHECKING:
    from preflight.config import Config, Ignore
    from preflight.registry import Registry
    from preflight.report.model import Annotation

_MARK = re.compile(r"preflight\s*:\s*ignore\b", re.IGNORECASE)
_FULL = re.compile(
    r"preflight\s*:\s*ignore\s*\[(?P<rules>[^\]\n]*)\]\s*(?P<reason>.*)", re.IGNORECASE | re.DOTALL
)
_TEMPLATE_COMMENT = re.compile(r"\{#(?P<jinja>.*?)#\}|<!--(?P<html>.*?)-->", re.DOTALL)


@dataclass(eq=False)
class InlineIgnore:
    """One inline ignore of one rule. ``lines``: those of the file it counts for."""

    rule: str
    reason: str
    span: Span
    lines: range
    used: bool = False


@dataclass(eq=False)
class ConfigIgnore:
    """One entry of ``ignore:``."""

    entry: Ignore
    span: Span
    expired: bool
    used: bool = False


@dataclass
class Ignores:
    """All ignores of one campaign's run. Inline ones are found once a file."""

    config: list[ConfigIgnore] = field(default_factory=list)
    inline: list[InlineIgnore] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)

    def extend(self, more: Ignores) -> None:
        """Take in the ignores of another file; a file is taken once."""
        known = {(one.span.source.path, one.span.start) for one in self.inline}
        self.inline += [
            one for one in more.inline if (one.span.source.path, one.span.start) not in known
        ]
        self.said += more.said

    def reason_for(self, annotation: Annotation, path_from_config: str) -> str | None:
        """Why an annotation is accepted; None when it is not. Marks the ignore as used."""
        line = annotation.span.start_place.line
        for inline in self.inline:
            if (
                inline.rule == annotation.rule
                and inline.span.source.path == annotation.path
                and line in inline.lines
            ):
                inline.used = True
                return inline.reason
        for one in self.config:
            if one.entry.rule != annotation.rule:
                continue
            if one.entry.path is not None and not matches(path_from_config, one.entry.path):
                continue
            one.used = True
            if not one.expired:
                return one.entry.reason
        return None


def matches(path: str, pattern: str) -> bool:
    """Whether a path matches a glob: ``*`` within a folder, ``**`` across, a folder means all
    below it."""
    regex = ""
    at = 0
    pattern = pattern.removeprefix("./").rstrip("/")
    while at < len(pattern):
        if pattern.startswith("**/", at):
            regex += "(?:[^/]+/)*"
            at += 3
        elif pattern.startswith("**", at):
            regex += ".*"
            at += 2
        elif pattern[at] == "*":
            regex += "[^/]*"
            at += 1
        elif pattern[at] == "?":
            regex += "[^/]"
            at += 1
        else:
            regex += re.escape(pattern[at])
            at += 1
    return re.fullmatch(regex + "(?:/.*)?", path) is not None


def from_config(config: Config, today: dt.date) -> list[ConfigIgnore]:
    """The ``ignore:`` entries; one past its date no longer counts."""
    return [
        ConfigIgnore(
            entry,
            config.span("ignore", index),
            entry.until is not None and entry.until < today,
        )
        for index, entry in enumerate(config.ignore)
    ]


def in_comments(comments: Iterable[Span], registry: Registry) -> Ignores:
    """The ignores among YAML comments."""
    found = Ignores()
    for span in comments:
        _read(span, span.text.lstrip("#"), registry, found)
    return found


def in_template(source: Source, registry: Registry) -> Ignores:
    """The ignores among the comments of a template file."""
    found = Ignores()
    if "preflight" not in source.text:
        return found
    for match in _TEMPLATE_COMMENT.finditer(source.text):
        body = match["jinja"] if match["jinja"] is not None else match["html"]
        _read(source.span(match.start(), match.end()), body.strip("-"), registry, found)
    return found


def _read(span: Span, comment: str, registry: Registry, found: Ignores) -> None:
    if not _MARK.search(comment):
        return
    match = _FULL.search(comment)
    names = [name.strip() for name in match["rules"].split(",")] if match else []
    reason = " ".join(match["reason"].split()) if match else ""
    problem = None
    if match is None or not any(names):
        problem = Problem(
            span,
            "this ignore names no rule",
            "Write it as: preflight: ignore[rule-name] reason.",
        )
    elif not reason:
        problem = Problem(
            span,
            "this ignore gives no reason",
            "Say behind the bracket why the problem is accepted.",
        )
    if problem is not None:
        found.said.append(Said("malformed-ignore", problem))
        return
    for name in names:
        if name not in registry.names and name not in registry.planned:
            found.said.append(
                Said(
                    "malformed-ignore",
                    Problem(span, f"there is no rule “{name}”", registry.did_you_mean(name)),
                )
            )
            continue
        found.inline.append(InlineIgnore(name, reason, span, _lines(span)))


def _lines(span: Span) -> range:
    """The lines an ignore counts for: its own, or the next when it is alone on its line."""
    source = span.source
    first, last = span.start_place.line, span.end_place.line
    before = source.line_text(first)[: span.start_place.column - 1]
    after = source.line_text(last)[span.end_place.column - 1 :]
    if before.strip() or after.strip():
        return range(first, last + 1)
    return range(last + 1, last + 2)


def unused(ignores: Sequence[InlineIgnore | ConfigIgnore], ran: frozenset[str]) -> Iterable[Said]:
    """What is said of ignores after a run: one that matched nothing although its rule ran, and
    one past its date."""
    for one in ignores:
        if isinstance(one, ConfigIgnore):
            name = one.entry.rule
            if one.expired and one.entry.until is not None:
                yield Said(
                    "expired-ignore",
                    Problem(
                        one.span,
                        f"this ignore of {name} ended on {one.entry.until.isoformat()}",
                        "Mend the problem, or give the ignore a new date and a reason.",
                    ),
                )
                continue
        else:
            name = one.rule
        if not one.used and name in ran:
            yield Said(
                "unused-ignore",
                Problem(one.span, f"no problem of {name} is here to ignore", "Remove the ignore."),
            )
