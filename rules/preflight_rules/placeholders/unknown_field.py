"""A field that the contacts do not have."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from preflight.rule import Fix, Need, Problem, Related, Severity, rule
from preflight.templates.dialects import profile
from preflight.templates.loops import collections_of
from preflight.templates.model import Template
from preflight.templates.words import is_system, load, normalise_name
from preflight_rules.placeholders._leftovers import column_for

_TESTED = re.compile(r"\b(\w+)\s+is\s+(?:not\s+)?(?:un)?defined\b")
_PATH = re.compile(r"(?:\.\w+){1,3}")
_SHOWN = 12
_LONG = 5  # letters of a name in which a slip of the pen is known as one


class Options(BaseModel):
    """What the list need not have."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    filled_by_mailer: tuple[str, ...] = Field(
        (), description="names that the mailer itself fills in when it sends, as unsubscribe_url"
    )


@rule(
    "unknown-field",
    on=Template,
    severity=Severity.ERROR,
    options=Options,
    needs=(Need.LISTS,),
)
def unknown_field(template: Template, options: Options) -> Iterator[Problem]:
    """A tag or a condition of the template names a field that no contact has."""
    if template.columns is None:
        return
    exempt = {name.casefold() for name in options.filled_by_mailer} | _tested(template)
    exempt |= _reserved(template.dialect)
    places: dict[str, list[tuple[int, int]]] = {}
    for name, start, end in template.parsed.names:
        if name.casefold() not in template.columns and name.casefold() not in exempt:
            places.setdefault(name, []).append((start, end))
    looped = collections_of(template)
    for name, (first, *others) in places.items():
        by_mailer = is_system(normalise_name(name))
        meant = _meant(template, name, first[1])
        if name.casefold() in looped and meant is None:
            continue  # articles, products: the report names the loop as not checked
        yield Problem(
            template.span(*first),
            f"no contact has a field “{name}”",
            _help(name, template.columns, meant, by_mailer),
            weaker=by_mailer,
            related=tuple(Related(template.span(*place), "here again") for place in others[:3]),
            fix=_fix(template, first[0], meant) if meant and meant.certain else None,
        )


class _Meant(NamedTuple):
    """The column that was meant, and the end of what it stands for in the template."""

    column: str
    end: int
    certain: bool


def _meant(template: Template, name: str, end: int) -> _Meant | None:
    """A column by another name that mailers use for it, with what stands before it in theirs
    (``contact.first_name``); or one that is spelt nearly so."""
    columns = template.columns or frozenset()
    path = _PATH.match(template.text, end)
    if path is not None and name.casefold() in load("field_words.json")["prefixes"]:
        column = column_for(normalise_name(name + path.group()), columns)
        if column:
            return _Meant(column, path.end(), True)
    column = column_for(normalise_name(name), columns)
    if column:
        return _Meant(column, end, path is None)
    folded = name.casefold()
    close = difflib.get_close_matches(folded, sorted(columns), n=2)
    if not close:
        return None
    slip = _is_slip(folded, close[0]) and not (close[1:] and _is_slip(folded, close[1]))
    return _Meant(close[0], end, slip and path is None)


def _is_slip(written: str, column: str) -> bool:
    """Two letters the wrong way round, or one too many, too few or wrong, in a long name."""
    if len(written) < _LONG or not column.isidentifier() or "_" in (written[:1], column[:1]):
        return False
    if sorted(written) == sorted(column):
        differing = [
            i for i, pair in enumerate(zip(written, column, strict=True)) if len(set(pair)) > 1
        ]
        return len(differing) == 2 and differing[1] - differing[0] == 1
    shorter, longer = sorted((written, column), key=len)
    if len(longer) - len(shorter) > 1:
        return False
    at = next((i for i, char in enumerate(shorter) if char != longer[i]), len(shorter))
    return longer[at + 1 :] in (shorter[at:], shorter[at + 1 :])


def _fix(template: Template, start: int, meant: _Meant) -> Fix:
    return Fix(template.span(start, meant.end), meant.column, f"write {meant.column}")


def _reserved(dialect: str) -> set[str]:
    """Names that the mailer of this dialect fills in itself."""
    known = profile(dialect)
    names = [name.casefold() for name in known.reserved] if known else []
    return {part for name in names for part in (name, name.partition(".")[0])}


def _tested(template: Template) -> set[str]:
    """Names whose absence the template itself provides for (``{% if nickname is defined %}``)."""
    return {
        match[1].casefold()
        for start, end in template.parsed.code
        for match in _TESTED.finditer(template.text[start:end])
    }


def _help(name: str, columns: frozenset[str], meant: _Meant | None, by_mailer: bool) -> str:
    if meant is not None:
        return f"Did you mean “{meant.column}”?"
    if by_mailer:
        return (
            "Add the column to the list. If your mailer fills it in when it sends, say so in "
            f"preflight.yaml: rules: {{unknown-field: {{filled_by_mailer: [{name}]}}}}."
        )
    known = sorted(column for column in columns if column.isidentifier())
    more = ", ..." if len(known) > _SHOWN else ""
    return f"Correct the name, or add the column. The list has {', '.join(known[:_SHOWN])}{more}."
