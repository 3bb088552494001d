"""Merge tags in the cells that a mail prints."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from preflight.audience.audience import Contact
from preflight.rule import Problem, Severity, rule
from preflight_rules.cells import found_in, printed_columns

if TYPE_CHECKING:
    from preflight.audience.columns import Column

_DIFFERENT = 5_000
"""So many different tags of a column are looked at; lists that hold tags hold a handful."""
_NAMED = 200
_SIGNS = r"[{\[%*<«#$~@]"
"""No tag is without any of these, and few cells have one."""


@rule("placeholder-in-data", on=Contact, severity=Severity.ERROR)
def placeholder_in_data(contact: Contact) -> Iterator[Problem]:
    """A cell that the mail prints holds a merge tag, which goes out as written."""
    audience = contact.audience
    fields = audience.column_names
    for column in _with_signs(contact):
        tags = [tag for tag in _candidates(contact, column) if _is_tag(tag, fields)]
        if tags:
            yield Problem(
                None,
                f"“{column.name}” of {{recipients}} holds a merge tag, which goes out as written",
                "Fill these cells with the values that the tags stand for: what comes out of the "
                "list is not merged once more.",
                condition=found_in(column.name, _any_of(tags[:_NAMED])),
            )


def _with_signs(contact: Contact) -> list[Column]:
    """The printed columns that hold any sign of a tag; in most lists there is none."""
    columns = printed_columns(contact)
    if not columns:
        return []
    found = contact.audience.scan([found_in(column.name, _SIGNS) for column in columns], limit=1)
    return [column for column, has in zip(columns, found, strict=True) if has.count]


def _candidates(contact: Contact, column: Column) -> list[str]:
    """What looks like a tag in a column, as it is written with the words around it that count."""
    found = contact.audience.query(
        f"SELECT tag, count(*) AS n FROM (SELECT unnest(regexp_extract_all({column.physical}, ?)) "
        f"AS tag FROM people WHERE k_spoken AND CASE WHEN regexp_matches({column.physical}, "
        f"'{_SIGNS}') THEN regexp_matches({column.physical}, ?) ELSE false END) "
        f"GROUP BY tag ORDER BY n DESC, tag LIMIT {_DIFFERENT}",
        [_shapes(), _shapes()],
    )
    return [str(tag) for tag, _ in found]


def _is_tag(text: str, fields: frozenset[str]) -> bool:
    """Whether the scanner of templates takes it for a tag, wherever it stands."""
    from preflight.templates.html import read_markup
    from preflight.templates.tags import find_tags

    text = text.strip()
    return any(
        tag.start == 0 and tag.end == len(text)
        for tag in find_tags(text, read_markup(text, None, html=False), fields=fields)
    )


def _any_of(tags: Iterable[str]) -> str:
    return "|".join(
        re.escape(tag).replace("\n", r"\n") for tag in sorted(tags, key=len, reverse=True)
    )


@cache
def _shapes() -> str:
    """RE2: anything that looks like a tag of some family."""
    file = files("preflight_rules.placeholders").joinpath("tags_in_cells.json")
    patterns = json.loads(file.read_text("utf-8"))["patterns"].values()
    return "|".join(f"(?:{pattern})" for pattern in patterns)
