"""Dialects of merge tags: who reads a template, and which column of the list a name in it means.

A dialect is a profile, as data (`preflight.templates.profiles`). A reader turns a text into a tree
(`preflight.templates.tree`), or says why it is no template: `Reader`. Jinja's own parser tells
more, so it makes `Parsed` itself.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from importlib import import_module
from typing import TYPE_CHECKING

from preflight.templates.model import Parsed, SyntaxFault
from preflight.templates.profiles import (
    Profile,
    did_you_mean,
    known_dialects,
    profile,
)
from preflight.templates.words import compact, normalise_name

if TYPE_CHECKING:
    from preflight.source import Source
    from preflight.templates.tree import TreeNode

__all__ = [
    "Profile",
    "Reader",
    "column_named",
    "did_you_mean",
    "known_dialects",
    "profile",
    "read_template",
]

Reader = Callable[[str, str], "tuple[TreeNode, ...] | SyntaxFault"]
"""From a text (line ends as ``\\n``) and the short name of its dialect to a tree. Never raises."""

_READERS = {
    "tags": "merge_tags:read_merge_tags",
    "go": "go_templates:read_go",
    "scriptlets": "scriptlets:read_scriptlets",
    "velocity": "velocity:read_velocity",
    "freemarker": "freemarker:read_freemarker",
    "ampscript": "ampscript:read_ampscript",
    "format": "python_formats:read_format",
    "percent": "python_formats:read_percent",
    "stringtemplate": "python_formats:read_string_template",
    "liquid": "liquid:read_liquid",
    "django": "django_templates:read_django",
    "handlebars": "handlebars:read_handlebars",
    "mustache": "handlebars:read_handlebars",
    "jinja_like": "jinja_like:read_jinja_like",
}
"""Function by the name of the reader; loaded when it is needed."""


def read_template(
    text: str,
    dialect: str,
    columns: frozenset[str] | None = None,
    find: Callable[[str], Source] | None = None,
) -> Parsed | None:
    """What a template is made of; None when nothing here reads its dialect.

    ``columns``: casefolded names of the fields that contacts have, None when no list was read.
    ``find``: finds the files that a template includes; without it they are not followed.
    """
    known = profile(dialect)
    if known is None:
        return None
    if known.reader == "jinja":
        from preflight.templates.jinja import read_jinja

        return read_jinja(text, columns, find)
    reader = _reader(known.reader)
    if reader is None:
        return None
    tree = reader(text, known.id)
    if isinstance(tree, SyntaxFault):
        return Parsed(fault=tree, plain=False)
    from preflight.templates.evaluate import evaluate

    partials = None
    if find is not None:
        from preflight.templates.partials import Partials

        ending = getattr(find, "ending", "")
        partials = Partials(find, lambda inner: reader(inner, known.id), ending)
    return evaluate(text, tree, known.semantics, columns, column_named(known, columns), partials)


def column_named(known: Profile, columns: frozenset[str] | None) -> Callable[[str], str]:
    """Which column of the list a name in a template means: the name itself in a template language;
    of a mailer, which has its own names for the usual fields, also the column that is meant."""
    if known.engine or columns is None:
        return str
    return lambda name: _column(name, known.synonyms, columns)


@lru_cache(maxsize=4096)
def _column(name: str, synonyms: tuple[tuple[str, str], ...], columns: frozenset[str]) -> str:
    folded = name.casefold()
    if folded in columns:
        return folded
    candidates = [dict(synonyms).get(folded, name), name]
    for candidate in candidates:
        if candidate.casefold() in columns:
            return candidate
        meant = _meaning(candidate)
        likely = sorted(column for column in columns if meant and _meaning(column) == meant)
        if likely:
            return min(likely, key=lambda column: (not column.isidentifier(), len(column)))
    return name


@lru_cache(maxsize=4096)
def _meaning(name: str) -> str:
    """A name without case, signs and spelling: ``FNAME``, ``First Name`` and ``first_name`` are
    one."""
    from preflight.audience.columns import map_columns

    plain = name.strip("_ ")
    (column,) = map_columns([plain], {})
    if column.name != plain:
        return compact(normalise_name(column.name))
    (column,) = map_columns([normalise_name(plain) or plain], {})
    return compact(normalise_name(column.name))


@cache
def _reader(name: str) -> Reader | None:
    where = _READERS.get(name)
    if where is None:
        return None
    module, _colon, function = where.partition(":")
    found: Reader = getattr(import_module(f"preflight.templates.languages.{module}"), function)
    return found
