"""Merge tags that stand in a text as written: shared by the rules that speak of them."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from preflight.templates.dialects import profile
from preflight.templates.tags import FoundTag, find_tags
from preflight.templates.words import compact, load, normalise_name

if TYPE_CHECKING:
    from preflight.templates.message import Part
    from preflight.templates.model import Template

_SIGNS = re.compile(r"[\W_]+")


def tags_in_template(template: Template) -> tuple[FoundTag, ...]:
    """The tags in the literal text of a template that its own mailer will not fill in."""
    known = profile(template.dialect)
    return find_tags(
        template.text,
        template.markup,
        fields=template.columns or frozenset(),
        skip=template.parsed.samples,
        own_family=known.family if known else None,
    )


def tags_in_part(part: Part) -> tuple[FoundTag, ...]:
    """All tags in a finished part."""
    return find_tags(part.text, part.markup, fields=part.template.columns or frozenset())


def column_for(name: str, columns: frozenset[str] | None) -> str | None:
    """The column of the list that a tag means: the same name, or one that mailers use for it."""
    meant = _meaning(name)
    if not name or not columns:
        return None
    likely = sorted(column for column in columns if _meaning(normalise_name(column)) == meant)
    for column in (name, meant, *likely):
        if column in likely and column.isidentifier():
            return column
    return None


def has_fallback(tag: FoundTag) -> bool:
    """Whether more than the field's name stands in the tag."""
    written = "".join(_SIGNS.split(tag.text.casefold()))
    return written != "".join(_SIGNS.split(tag.name))


def mailers_of(family: str) -> str:
    """Whose tags look so, for people; "" when too many do."""
    return _mailers().get(family, "")


@cache
def _mailers() -> dict[str, str]:
    return {
        entry["id"].replace(" ", ""): " and ".join(entry["mailers"][:2])
        for entry in load("tag_families.json")["families"]
        if len(entry["mailers"]) <= 2 and not entry["mailers"][0].startswith("Handlebars")
    }


def _meaning(name: str) -> str:
    from preflight.audience.columns import map_columns

    (column,) = map_columns([name], {})
    return compact(normalise_name(column.name))
