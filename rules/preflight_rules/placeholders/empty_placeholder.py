"""A placeholder that prints nothing for some recipients."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib.resources import files

from preflight.absence import says_nothing
from preflight.campaign.places import clipped
from preflight.rule import Need, Problem, Severity, rule
from preflight.templates.dialects import profile
from preflight.templates.model import Placeholder, Template, Zone
from preflight.templates.nodes import FILLER
from preflight.templates.words import compact, normalise_name
from preflight_rules.origin import rows_of

_GRAVE = (Zone.SUBJECT, Zone.GREETING, Zone.FROM)
_GRAVE_HEADERS = ("to", "reply-to", "from", "sender")
_STRING = re.compile(r"'[^']*'|\"[^\"]*\"")
_MEANT = re.compile(r"\bif\b(?!.*\belse\b\s*(?!\s*''|\s*none\b)\S)|\band\b|\bor\s*''", re.I | re.S)
_MEANT_ELSEWHERE = re.compile(r"(?:\biif\s*\(|\?|\bif\b)[^\"']*+.*?(?:\"\"|'')", re.I | re.S)
_EMPTY_FALLBACK = re.compile(
    r"(?:\bd(?:efault\w*)?\s*[:(]?|\bor(?:\s+[.$]\w+)?|\|\||\?\?|\?:|!)\s*(?:''|\"\")"
    r"|[\w)\]]!\)?\s*$|\|\s*default\s*(?:\(\s*\)\s*)?(?:\||$)"
)
_DEFAULT = re.compile(r"\|\s*(?:default|d)\s*\(\s*(?:'[^']*'|\"[^\"]*\"|[^,()]*)\s*\)")
_BARE = (
    "A file that is imported does not see the fields: write “import ... with context”, or hand the "
    "value over as an argument."
)
_ONE_FIELD = re.compile(r"[^\W\d]\w*")


@rule(
    "empty-placeholder",
    on=Placeholder,
    severity=Severity.ERROR,
    needs=(Need.LISTS, Need.PRINTED),
)
def empty_placeholder(placeholder: Placeholder) -> Iterator[Problem]:
    """A placeholder prints nothing, or a word for nothing, for some recipients."""
    tag = placeholder.tag
    if placeholder.zone is Zone.HIDDEN or not tag.names or _unknown(placeholder):
        return
    nothing = _falls_back_to_nothing(tag.expression)
    meant = _is_meant(placeholder)
    if meant and not nothing:
        return
    if tag.when is None or tag.blank is None:
        silent = [one for one in placeholder.outcomes if says_nothing(one.text)]
        if meant:
            silent = [one for one in silent if one.text.strip()]
        if silent:
            problem = _problem(placeholder, None, only_words=False)
            yield replace(problem, rows=rows_of(silent))
        return
    if "false" in (tag.when, tag.blank):
        return
    conditions = [text for text in (tag.when, tag.blank) if text != "true"]
    # Empty cells are caught already, or meant: only words such as n/a are left.
    filled = [f'not empty("{name}")' for name in tag.names]
    only_words = meant or (not nothing and all(text in tag.blank for text in filled))
    if meant:
        conditions += filled
    condition = " and ".join(f"({text})" for text in conditions) or "true"
    yield _problem(placeholder, condition, only_words)


def _problem(placeholder: Placeholder, condition: str | None, only_words: bool) -> Problem:
    names = _listed(placeholder.names)
    one = len(placeholder.names) == 1
    verb = "is empty or says nothing" if one else "are empty or say nothing"
    line = _line_with(placeholder, "n/a" if only_words else "")
    what = f"would read “{line}”" if line else "would get nothing here"
    if only_words:
        state = f"{names} holds a word for nothing (null, n/a, -)"
    elif condition is None:
        state = f"{placeholder.source} prints nothing for their values"
    elif condition == "true":
        state = f"{placeholder.source} prints nothing, whoever gets it"
    else:
        state = f"{names} {verb} (null, n/a, -)"
    return Problem(
        placeholder.span,
        f"{{recipients}} {what}: {state}",
        _BARE
        if condition == "true" and placeholder.template.fragment
        else _help(placeholder, only_words),
        weaker=not _is_grave(placeholder),
        condition=condition,
    )


def _help(placeholder: Placeholder, only_words: bool) -> str:
    first = placeholder.names[0]
    out = f"leave these people out with audience.where: not blank({first})"
    if only_words:
        return f"Empty these cells in the list, so that the fallback catches them, or {out}."
    expression = placeholder.tag.expression
    fallback = _fallback(placeholder)
    if placeholder.template.dialect != "jinja":
        if fallback:
            return f"Give a fallback, such as {fallback}, or {out}."
        return f"Give the field a default value in your mailer, or {out}."
    if _DEFAULT.search(expression):
        return (
            "default('x') catches neither an empty cell nor None: write default('x', true), "
            f"or {fallback}; or {out}."
        )
    if _ONE_FIELD.fullmatch(expression):
        return f"Give a fallback, such as {fallback}, or {out}."
    return f"Give a fallback for the empty case, or {out}."


def _fallback(placeholder: Placeholder) -> str:
    """The tag with words for an empty value, as the template's dialect spells it; "" where it has
    no way to."""
    from preflight.audience.columns import map_columns

    first = placeholder.names[0]
    (meant,) = map_columns([first], {})
    language = (placeholder.campaign.language or "en").partition("-")[0].casefold()
    plain = first.replace("_", " ").lower()
    word = "…"  # for “imię”, “cidade”: English words would be none of that mail
    if language == "en" and plain.isascii():
        if "name" in plain:
            word = "friend"
        elif meant.name == normalise_name(first) or meant.name == first:
            word = f"your {plain}"
    known = profile(placeholder.template.dialect)
    return known.with_fallback(_as_written(placeholder), word) if known else ""


def _as_written(placeholder: Placeholder) -> str:
    """The name of the first field as it stands in the tag."""
    template, tag = placeholder.template, placeholder.tag
    if template.dialect != "jinja":
        for _name, start, end in template.parsed.names:
            if tag.start <= start and end <= tag.end and (start, end) != (tag.start, tag.end):
                return template.text[start:end].strip()
    return placeholder.names[0]


def _listed(names: tuple[str, ...]) -> str:
    quoted = [f"“{name}”" for name in names[:3]]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def _unknown(placeholder: Placeholder) -> bool:
    """A name that no contact has: `unknown-field` speaks of it."""
    columns = placeholder.template.columns or frozenset()
    return any(name.casefold() not in columns for name in placeholder.names)


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
    """Whether the template's author provided for nothing: ``{{ 's' if n != 1 }}``, ``{{ city or ''
    }}``. A salutation or a subject that then has a gap was not provided for."""
    expression = placeholder.tag.expression
    if placeholder.template.dialect == "jinja":
        meant = _MEANT.search(_without_words(expression))
    else:
        meant = _MEANT_ELSEWHERE.search(expression)
    if not meant and not _falls_back_to_nothing(expression):
        return False
    if placeholder.zone not in _GRAVE:
        return True
    text, tag = placeholder.template.text, placeholder.tag
    before, after = text[: tag.start], text[tag.end :].lstrip(" ")
    gap = not before or before[-1].isspace()
    return not (gap and (not after or after[0] in ",.!?:;\n<"))


def _falls_back_to_nothing(expression: str) -> bool:
    """``default('', true)``, ``or ''``, ``${city!}``: the author wrote that nothing is fine."""
    return bool(_EMPTY_FALLBACK.search(_without_words(expression)))


def _without_words(expression: str) -> str:
    """The expression with one word in the place of each text that is not empty."""
    return _STRING.sub(lambda found: "'x'" if len(found[0]) > len("''") else "''", expression)


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
    if _has_statements(template, first_offset, last_offset):
        return ""  # one line in the template, several in the mails
    before, after = plain.text[begin:at], plain.text[last + 1 : end]
    line = re.sub(f"{FILLER}+", "…", before + value + after).strip()
    return clipped(line) if any(map(str.isalnum, line)) and "{" not in line else ""


def _has_statements(template: Template, start: int, end: int) -> bool:
    if template.dialect == "jinja":
        return "{%" in template.text[start:end]
    return any(first < end and start < last for first, last in template.parsed.code)


@cache
def _optional() -> frozenset[str]:
    file = files("preflight_rules.placeholders").joinpath("optional_names.json")
    return frozenset(compact(name) for name in json.loads(file.read_text("utf-8"))["names"])
