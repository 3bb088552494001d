"""A merge tag that nothing fills in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from preflight.campaign.places import clipped
from preflight.rule import Problem, Severity, rule
from preflight.templates.message import Message
from preflight.templates.model import Template
from preflight.templates.words import is_system
from preflight.templates.zones import zone_of
from preflight_rules.origin import all_from_template, in_included_file, own_words
from preflight_rules.placeholders._leftovers import (
    column_for,
    fix_of,
    has_fallback,
    leftovers_in_part,
    leftovers_in_template,
    mailers_of,
    own_elements,
    spelled,
)

if TYPE_CHECKING:
    from preflight.templates.html import Markup
    from preflight.templates.message import Part
    from preflight.templates.tags import FoundTag


@rule("unrendered-placeholder", on=Template, severity=Severity.ERROR)
def unrendered_placeholder(template: Template) -> Iterator[Problem]:
    """A merge tag will reach the reader as it is written."""
    for tag in leftovers_in_template(template).tags:
        zone = zone_of(template, tag.start, tag.end)
        column = column_for(tag.name, template.columns)
        yield Problem(
            template.span(tag.start, tag.end),
            f"“{_shown(tag.text)}” will reach the reader as written",
            _help(tag, spelled(template, column)),
            weaker=not tag.certain or unseen(template.markup, tag.start),
            fix=None if has_fallback(tag) else fix_of(template, tag.start, tag.end, column, zone),
        )


@unrendered_placeholder.also(on=Message)
def tag_in_message(message: Message) -> Iterator[Problem]:
    """A finished mail holds a merge tag that was made by the template, not by a value."""
    said: set[tuple[int, int]] = set()  # the preheader is the beginning of the body as well
    for part in message.parts.values():
        if all_from_template(part):
            continue
        own = own_elements(part)
        for tag in leftovers_in_part(part).tags:
            if tag.family in own:
                continue
            if not own_words(message, part, tag.start, tag.end) or _is_sample(part, tag):
                continue
            if in_included_file(part, tag.start, tag.end):
                continue
            span = part.span(tag.start, tag.end)
            if (span.start, span.end) in said:
                continue
            said.add((span.start, span.end))
            finished = part.template is None
            yield Problem(
                span,
                f"“{_shown(tag.text)}” will reach the reader as written",
                _help(tag, None, finished=finished),
                weaker=not tag.certain or unseen(part.markup, tag.start),
            )


def _shown(tag: str) -> str:
    return clipped(" ".join(tag.split()))


def _help(tag: FoundTag, right: str | None, *, finished: bool = False) -> str:
    mailers = mailers_of(tag.family)
    whose = f"It is a tag of {mailers}. " if mailers else ""
    if right:
        return f"{whose}Write {right}."
    if is_system(tag.name):
        return f"{whose}Write the address itself, or the tag of the mailer that sends this."
    if finished:
        return f"{whose}Merge again with the tag in the way of your mailer, or take it out."
    return f"{whose}Write the tag in the way of the mailer that sends this, or take it out."


def unseen(markup: Markup, at: int) -> bool:
    """Style, script, or the title, which few readers are shown."""
    if not markup.html or markup.node_at(at) is not None:
        return False
    run = markup.run_at(at)
    return run is not None and (
        run.hidden or any(node.tag == "title" for node in markup.ancestors(run.element))
    )


def _is_sample(part: Part, tag: FoundTag) -> bool:
    span = part.span(tag.start, tag.end)
    return any(
        sample.start <= span.start < sample.end and sample.source is span.source
        for sample in (part.excerpt.part(*one) for one in part.parsed.samples)
    )
