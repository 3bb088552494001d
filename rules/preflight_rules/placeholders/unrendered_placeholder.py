"""A merge tag that nothing fills in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from preflight.campaign.places import clipped
from preflight.rule import Fix, Problem, Severity, rule
from preflight.templates.message import Message
from preflight.templates.model import Template, Zone
from preflight.templates.words import is_system
from preflight.templates.zones import zone_of
from preflight_rules.origin import all_from_template, own_words
from preflight_rules.placeholders._leftovers import (
    column_for,
    has_fallback,
    mailers_of,
    tags_in_part,
    tags_in_template,
)

if TYPE_CHECKING:
    from preflight.source import Span
    from preflight.templates.message import Part
    from preflight.templates.tags import FoundTag

_WORDS = (Zone.SUBJECT, Zone.PREHEADER, Zone.FROM, Zone.GREETING, Zone.TEXT)


@rule("unrendered-placeholder", on=Template, severity=Severity.ERROR)
def unrendered_placeholder(template: Template) -> Iterator[Problem]:
    """A merge tag will reach the reader as it is written."""
    for tag in tags_in_template(template):
        zone = zone_of(template, tag.start, tag.end)
        column = column_for(tag.name, template.columns)
        span = template.span(tag.start, tag.end)
        yield Problem(
            span,
            f"“{_shown(tag.text)}” will reach the reader as written",
            _help(tag, template.dialect, column),
            weaker=not tag.certain or _unseen(template, tag, zone),
            fix=_fix(template, tag, zone, column, span),
        )


@unrendered_placeholder.also(on=Message)
def tag_in_message(message: Message) -> Iterator[Problem]:
    """A finished mail holds a merge tag that was made by the template, not by a value."""
    for part in message.parts.values():
        if all_from_template(part):
            continue
        for tag in tags_in_part(part):
            if own_words(message, part, tag.start, tag.end) and not _is_sample(part, tag):
                yield Problem(
                    part.span(tag.start, tag.end),
                    f"“{_shown(tag.text)}” will reach the reader as written",
                    _help(tag, part.template.dialect, None),
                    weaker=not tag.certain,
                )


def _shown(tag: str) -> str:
    return clipped(" ".join(tag.split()))


def _help(tag: FoundTag, dialect: str, column: str | None) -> str:
    mailers = mailers_of(tag.family)
    whose = f"It is a tag of {mailers}. " if mailers else ""
    if column and dialect == "jinja":
        return f"{whose}Write {{{{ {column} }}}}."
    if is_system(tag.name):
        return f"{whose}Write the address itself, or the tag of the mailer that sends this."
    return f"{whose}Write the tag in the way of the mailer that sends this, or take it out."


def _fix(
    template: Template, tag: FoundTag, zone: Zone, column: str | None, span: Span
) -> Fix | None:
    """The right form, where there is no doubt: a column of that name, no fallback to be lost, and
    a place where braces need no quotes."""
    if column is None or template.dialect != "jinja" or has_fallback(tag) or zone not in _WORDS:
        return None
    if "<" in tag.text.strip("<>"):  # split over markup
        return None
    source = span.source
    in_yaml = source.path == template.campaign.path
    if in_yaml and (tag.start == 0 and source.text[span.start - 1 : span.start] not in ("'", '"')):
        return None
    return Fix(span, f"{{{{ {column} }}}}", f"write {{{{ {column} }}}}")


def _unseen(template: Template, tag: FoundTag, zone: Zone) -> bool:
    """Style, script, or the title, which few readers are shown."""
    if zone is Zone.HIDDEN:
        return True
    run = template.markup.run_at(tag.start) if template.markup.html else None
    return run is not None and any(
        node.tag == "title" for node in template.markup.ancestors(run.element)
    )


def _is_sample(part: Part, tag: FoundTag) -> bool:
    span = part.span(tag.start, tag.end)
    return any(
        sample.start <= span.start < sample.end and sample.source is span.source
        for sample in (part.template.span(*one) for one in part.template.parsed.samples)
    )
