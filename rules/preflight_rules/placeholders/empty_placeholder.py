"""A placeholder that prints nothing for some recipients."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from preflight.absence import says_nothing
from preflight.campaign.places import clipped
from preflight.rule import Need, Problem, Severity, rule
from preflight.templates.message import Message
from preflight.templates.model import Placeholder, Zone
from preflight.templates.nodes import FILLER
from preflight.templates.words import compact, normalise_name
from preflight_rules.origin import output_of

if TYPE_CHECKING:
    from preflight.templates.message import Part

_GRAVE = (Zone.SUBJECT, Zone.GREETING, Zone.FROM)
_GRAVE_HEADERS = ("to", "reply-to", "from", "sender")
_STRING = re.compile(r"'[^']*'|\"[^\"]*\"")
_MEANT = re.compile(r"\bif\b(?!.*\belse\b\s*(?!\s*''|\s*none\b)\S)|\band\b|\bor\s*''", re.I | re.S)
_DEFAULT = re.compile(r"\|\s*(?:default|d)\s*\(\s*(?:'[^']*'|\"[^\"]*\"|[^,()]*)\s*\)")
_MACRO = re.compile(r"\w+\s*\(")
_ONE_FIELD = re.compile(r"[^\W\d]\w*")


@rule("empty-placeholder", on=Placeholder, severity=Severity.ERROR, needs=(Need.LISTS,))
def empty_placeholder(placeholder: Placeholder) -> Iterator[Problem]:
    """A placeholder prints nothing, or a word for nothing, for some recipients."""
    tag = placeholder.tag
    if placeholder.zone is Zone.HIDDEN or not tag.names or _unknown(placeholder):
        return
    if tag.when is None or tag.blank is None or "false" in (tag.when, tag.blank):
        return  # what cannot be told is seen in the finished mails, below
    if _is_meant(placeholder):
        return
    conditions = [text for text in (tag.when, tag.blank) if text != "true"]
    condition = " and ".join(f"({text})" for text in conditions) or "true"
    # Empty cells are caught already: only words such as n/a are left.
    only_words = all(f'not empty("{name}")' in tag.blank for name in tag.names)
    yield _problem(placeholder, condition, only_words)


@empty_placeholder.also(on=Message)
def undecided(message: Message) -> Iterator[Problem]:
    """The same, where only rendering shows what an expression prints."""
    if message.approximate:
        return
    for part in message.parts.values():
        for placeholder in part.template.placeholders:
            tag = placeholder.tag
            if tag.when is not None and tag.blank is not None:
                continue
            if placeholder.zone is Zone.HIDDEN or not tag.names or _unknown(placeholder):
                continue
            if "false" in (tag.when, tag.blank) or _is_meant(placeholder):
                continue
            printed = output_of(part, tag)
            if printed is not None and says_nothing(printed) and _prints_text(placeholder, part):
                yield _problem(placeholder, None, only_words=False)


def _problem(placeholder: Placeholder, condition: str | None, only_words: bool) -> Problem:
    names = _listed(placeholder.names)
    verb = "is" if len(placeholder.names) == 1 else "are"
    line = _line_with(placeholder, "n/a" if only_words else "")
    what = f"would read “{line}”" if line else "would get nothing here"
    if only_words:
        state = f"{names} holds a word for nothing (null, n/a, -)"
    elif condition is None:
        state = f"{placeholder.source} prints nothing"
    else:
        state = f"{names} {verb} empty or says nothing (null, n/a, -)"
    return Problem(
        placeholder.span,
        f"{{recipients}} {what}: {state}",
        _help(placeholder, only_words),
        weaker=not _is_grave(placeholder),
        condition=condition,
    )


def _help(placeholder: Placeholder, only_words: bool) -> str:
    first = placeholder.names[0]
    out = f"leave these people out with audience.where: not blank({first})"
    if only_words:
        return f"Empty these cells in the list, so that the fallback catches them, or {out}."
    expression = placeholder.tag.expression
    word = "friend" if "name" in first.casefold() else f"your {first.replace('_', ' ')}"
    fallback = f"{{{{ {first} or '{word}' }}}}"
    if _DEFAULT.search(expression):
        return (
            "default('x') catches neither an empty cell nor None: write default('x', true), "
            f"or {fallback}; or {out}."
        )
    if _ONE_FIELD.fullmatch(expression):
        return f"Give a fallback, such as {fallback}, or {out}."
    return f"Give a fallback for the empty case, or {out}."


def _listed(names: tuple[str, ...]) -> str:
    quoted = [f"“{name}”" for name in names[:3]]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def _unknown(placeholder: Placeholder) -> bool:
    """A name that no contact has: `unknown-field` speaks of it."""
    columns = placeholder.template.columns or frozenset()
    return any(name.casefold() not in columns for name in placeholder.names)


def _prints_text(placeholder: Placeholder, part: Part) -> bool:
    """Not a macro, which may print nothing on purpose, and the part shows where words come from."""
    return bool(part.segments) and not _MACRO.match(placeholder.tag.expression)


def _is_grave(placeholder: Placeholder) -> bool:
    part = placeholder.template.part
    if placeholder.zone is Zone.HEADER:
        return part.removeprefix("header:").casefold() in _GRAVE_HEADERS
    if placeholder.zone not in _GRAVE:
        return False
    optional = all(compact(normalise_name(name)) in _optional() for name in placeholder.names)
    return not (optional and _has_neighbour(placeholder))


def _has_neighbour(placeholder: Placeholder) -> bool:
    """Another placeholder stands beside it, with blanks or a point between them at most."""
    template, tag = placeholder.template, placeholder.tag
    masked = template.markup.masked
    before, after = masked[: tag.start].rstrip(" ."), masked[tag.end :].lstrip(" .")
    return before.endswith(FILLER) or after.startswith(FILLER)


def _is_meant(placeholder: Placeholder) -> bool:
    """Whether the template's author provided for nothing: ``{{ 's' if n != 1 }}``. A salutation or
    a subject that then has a gap was not provided for."""
    expression = _STRING.sub("''", placeholder.tag.expression)
    if not _MEANT.search(expression):
        return False
    if placeholder.zone not in _GRAVE:
        return True
    text, tag = placeholder.template.text, placeholder.tag
    before, after = text[: tag.start], text[tag.end :].lstrip(" ")
    gap = not before or before[-1].isspace()
    return not (gap and (not after or after[0] in ",.!?:;\n<"))


def _line_with(placeholder: Placeholder, value: str) -> str:
    """What a reader sees of the salutation or the subject then; "" elsewhere."""
    if placeholder.zone not in _GRAVE:
        return ""
    template, tag = placeholder.template, placeholder.tag
    plain = template.markup.plain
    at, last = plain.position(tag.start), plain.position(tag.end - 1)
    if at is None or last is None:
        return ""
    begin = plain.text.rfind("\n", 0, at) + 1
    end = plain.text.find("\n", last)
    end = len(plain.text) if end < 0 else end
    first_offset, last_offset = plain.source_span(begin, end)
    if "{%" in template.text[first_offset:last_offset]:
        return ""  # one line in the template, several in the mails
    before, after = plain.text[begin:at], plain.text[last + 1 : end]
    line = re.sub(f"{FILLER}+", "…", before + value + after).strip()
    return clipped(line) if any(map(str.isalnum, line)) and "{" not in line else ""


@cache
def _optional() -> frozenset[str]:
    file = files("preflight_rules.placeholders").joinpath("optional_names.json")
    return frozenset(compact(name) for name in json.loads(file.read_text("utf-8"))["names"])
