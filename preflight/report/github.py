"""Workflow commands of GitHub Actions: annotations in a pull request, and a guard for free text.

Syntax, escaping and limits are those of the runner, see docs/decisions/. Addresses are masked
whatever the style says: what is shown there is kept, and read by many.
"""

from __future__ import annotations

import posixpath
import secrets
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from preflight.report.model import Annotation, Report, Verdict, in_order
from preflight.report.wording import counted, fix_unsaid, place, share_unsaid, verdict
from preflight.rule import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from preflight.report.style import Style

SHOWN_OF_A_TYPE = 9
"""Annotations of one severity; the platform keeps ten, and the tenth says how many there are."""

LONGEST_MESSAGE = 4096
"""What the runner keeps of a message, in UTF-16 units; ours fit even before it is unescaped."""


def render(report: Report, style: Style) -> str:
    """The annotations as workflow commands, worst first."""
    style = style.masked
    lines = [line for severity in Severity for line in _of_severity(report, severity, style)]
    if not report.annotations and report.verdict in (Verdict.FAILED, Verdict.NOTHING_CHECKED):
        lines = [command("error", {"title": "preflight"}, style.shown(verdict(report)))]
    return "".join(f"{line}\n" for line in lines)


def _of_severity(report: Report, severity: Severity, style: Style) -> Iterator[str]:
    found = _varied([a for a in report.annotations if a.severity is severity])
    for annotation in found[:SHOWN_OF_A_TYPE]:
        yield _annotation(annotation, style)
    more = len(found) - SHOWN_OF_A_TYPE
    if more > 0:
        said = f"and {counted(more, f'more {severity.label}')}, see the summary"
        yield command(severity.label, {"title": "preflight"}, said)


def _varied(annotations: list[Annotation]) -> list[Annotation]:
    """The first of each rule, then the second of each, ...: one rule must not use up the room."""
    seen: Counter[str] = Counter()
    turns: list[tuple[int, Annotation]] = []
    for annotation in in_order(annotations):
        turns.append((seen[annotation.rule], annotation))
        seen[annotation.rule] += 1
    return [annotation for _, annotation in sorted(turns, key=lambda turn: turn[0])]


def _annotation(annotation: Annotation, style: Style) -> str:
    start, end = annotation.span.start_place, annotation.span.end_place
    properties = {
        # As it is on disk, or the platform does not find it; the escapes are undone there.
        "file": _in_workspace(annotation.path, style.workspace_prefix),
        "line": str(start.line),
        "endLine": str(end.line),
    }
    if start.line == end.line:  # otherwise the platform drops them, with or without the place
        properties |= {"col": str(start.column), "endColumn": str(end.column)}
    properties["title"] = style.shown(f"{annotation.rule} ({annotation.severity.label})")
    message = f"{style.shown(place(annotation))}: {style.shown(annotation.message)}"
    if share_unsaid(annotation):
        message += f" ({share_unsaid(annotation)})"
    if annotation.help:
        message += f"\nWhat to do: {style.shown(annotation.help)}"
    if fix_unsaid(annotation):
        message += f"\nFix: {style.shown(fix_unsaid(annotation))}"
    return command(annotation.severity.label, properties, message)


def _in_workspace(path: str, prefix: str) -> str:
    """A path as the platform reads it: from the workspace, not from the step's folder."""
    if not prefix or prefix == "." or posixpath.isabs(path):
        return path
    return posixpath.normpath(posixpath.join(prefix, path))


def command(name: str, properties: Mapping[str, str], message: str) -> str:
    """One workflow command. Empty properties are left out; a long message is cut."""
    written = ",".join(f"{key}={escape_property(text)}" for key, text in properties.items() if text)
    return f"::{name}{' ' if written else ''}{written}::{escape_data(_cut(_broken(message)))}"


def escape_data(text: str) -> str:
    """The text as the message of a command; the runner's unescaping gives it back."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escape_property(text: str) -> str:
    """The text as the value of a property; the runner's unescaping gives it back."""
    return escape_data(text).replace(":", "%3A").replace(",", "%2C")


def _cut(message: str) -> str:
    """The message, short enough once it is escaped."""
    if _units(escape_data(message)) <= LONGEST_MESSAGE:
        return message
    room = LONGEST_MESSAGE - len(" ...")
    for index, char in enumerate(message):
        room -= _units(escape_data(char))
        if room < 0:
            return message[:index] + " ..."
    return message


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def guard_log(text: str) -> str:
    """Free text made safe for the log of a step: the runner takes no line of it for a command.

    It goes between ``::stop-commands::`` marks with a token that nobody can guess; ``##[``, which
    counts anywhere in a line, is broken as the runner itself does it, and so is ``::`` where a
    line begins, for readers that do not honour the marks.
    """
    token = secrets.token_hex(16)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
    guarded = "\n".join(_unmarked(_broken(line)) for line in lines)
    return f"::stop-commands::{token}\n{guarded}\n::{token}::\n"


def _broken(text: str) -> str:
    return text.replace("##[", "##[\\")


def _unmarked(line: str) -> str:
    """The line with a backslash before a ``::`` that only blanks and unseen characters precede."""
    for index, char in enumerate(line):
        if char == ":":
            return f"{line[:index]}\\{line[index:]}" if line.startswith("::", index) else line
        if not char.isspace() and unicodedata.category(char) not in ("Cc", "Cf"):
            return line
    return line
