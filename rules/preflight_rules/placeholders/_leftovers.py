"""Merge tags that stand in a text as written: shared by the rules that speak of them."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from preflight.rule import Fix
from preflight.templates.broken_tags import BrokenTag, find_broken_tags
from preflight.templates.dialects import Profile, profile
from preflight.templates.families import own_families
from preflight.templates.html import read_markup
from preflight.templates.model import Zone
from preflight.templates.tags import FoundTag, find_tags
from preflight.templates.words import compact, load, normalise_name

if TYPE_CHECKING:
    from preflight.templates.html import Markup
    from preflight.templates.message import Part
    from preflight.templates.model import Template


class Leftovers(NamedTuple):
    """What will reach the reader as written: whole tags that the template's own mailer does not
    fill in, and damaged ones."""

    tags: tuple[FoundTag, ...]
    broken: tuple[BrokenTag, ...]


# What was found in a part, for as long as the part is there: more than one rule asks.
_KEPT: WeakKeyDictionary[Markup, Leftovers] = WeakKeyDictionary()
_WORDS = (Zone.SUBJECT, Zone.PREHEADER, Zone.FROM, Zone.GREETING, Zone.TEXT)
_FIRST_NAME = frozenset({"first_name"})
_SIGNS = re.compile(r"[\W_]+")


def leftovers_in_template(template: Template) -> Leftovers:
    """The whole and the damaged tags in the literal text of a template."""
    kept = _KEPT.get(template.markup)
    if kept is None:
        kept = _KEPT[template.markup] = _of_template(template)
    return kept


def _of_template(template: Template) -> Leftovers:
    known = profile(template.dialect)
    fields, samples = template.columns or frozenset(), template.parsed.samples
    tags = find_tags(
        template.text,
        template.markup,
        fields=fields,
        skip=samples,
        own_family=known.family if known else None,
        part=template.part,
    )
    own = _own_tags(known)
    foreign = tuple(tag for tag in tags if not _folded(tag.text).startswith(own))
    broken = find_broken_tags(template.text, template.markup, fields=fields, skip=samples)
    return _apart(foreign, broken)


def _own_tags(known: Profile | None) -> tuple[str, ...]:
    """How the mailer's own tags begin, some of which have another shape than its others."""
    if known is None:
        return ()
    return tuple(map(_folded, (*known.unsubscribe, *known.online, *known.address)))


def _folded(tag: str) -> str:
    return "".join(tag.casefold().split())


def leftovers_in_part(part: Part) -> Leftovers:
    """The whole and the damaged tags in a finished part."""
    kept = _KEPT.get(part.markup)
    if kept is None:
        broken = find_broken_tags(part.text, part.markup, fields=part.columns)
        kept = _KEPT[part.markup] = _apart(part.tags, broken)
    return kept


def broken_over_lines(template: Template) -> list[tuple[int, int]]:
    """What looks like the template's own tags and is none, because a line ends in it."""
    known = profile(template.dialect)
    if known is None or not known.one_line:
        return []
    own = own_families(known.family)
    found = find_tags(template.text, template.markup, skip=template.parsed.samples)
    return [(tag.start, tag.end) for tag in found if tag.family in own and "\n" in tag.text]


def _apart(tags: tuple[FoundTag, ...], broken: tuple[BrokenTag, ...]) -> Leftovers:
    """Of two that overlap, the longer one."""
    if not (tags and broken):
        return Leftovers(tags, broken)
    wide = [
        one
        for one in broken
        if not any(_overlap(one, tag) and _length(tag) >= _length(one) for tag in tags)
    ]
    whole = [tag for tag in tags if not any(_overlap(one, tag) for one in wide)]
    return Leftovers(tuple(whole), tuple(wide))


def _overlap(one: BrokenTag, tag: FoundTag) -> bool:
    return one.start < tag.end and tag.start < one.end


def _length(tag: FoundTag | BrokenTag) -> int:
    return tag.end - tag.start


def fix_of(template: Template, start: int, end: int, column: str | None, zone: Zone) -> Fix | None:
    """The tag of the template's own mailer in the place of ``template.text[start:end]``, where
    there is no doubt: a column of that name, and a place where braces need no quotes."""
    tag = spelled(template, column)
    if tag is None or zone not in _WORDS:
        return None
    if "<" in template.text[start:end].strip("<>"):  # split over markup
        return None
    span = template.span(start, end)
    source = span.source
    in_yaml = source.path == template.campaign.path
    if in_yaml and (start == 0 and source.text[span.start - 1 : span.start] not in ("'", '"')):
        return None
    return Fix(span, tag, f"write {tag}")


def spelled(template: Template, column: str | None) -> str | None:
    """The tag of the template's own mailer for a column: where the names are the caller's own, or
    for the first name, which mailers have a tag of their own for."""
    known = profile(template.dialect)
    if known is None or column is None:
        return None
    return known.spelled(column) or (known.example if _is_own_tag(known, column) else None)


def _is_own_tag(known: Profile, column: str) -> bool:
    return column == "first_name" and column_for(_name_in(known.example), _FIRST_NAME) is not None


@cache
def _name_in(tag: str) -> str:
    found = find_tags(tag, read_markup(tag, None, html=False), part="subject")
    return found[0].name if found else ""


def own_elements(part: Part) -> frozenset[str]:
    """The family of elements (``<unsubscribe>``) where the mailer of a part makes links of them."""
    known = profile(part.dialect) if part.dialect else None
    return own_families(known.family) & {"<x>"} if known else frozenset()


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
