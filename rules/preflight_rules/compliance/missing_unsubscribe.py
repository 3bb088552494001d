"""Bulk mails without a way to unsubscribe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from preflight.rule import Need, Problem, Severity, Unchecked, rule
from preflight.templates.message import Message, Part
from preflight.templates.nodes import FILLER
from preflight_rules.relationships._people import TO_EVERYBODY

if TYPE_CHECKING:
    from preflight.source import Span
    from preflight.templates.html import Link
    from preflight.templates.tags import FoundTag

_PARTS = {"html": "the HTML", "text": "the plain text"}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_ADDRESS = re.compile(r"://|www\.|@", re.IGNORECASE)


@rule("missing-unsubscribe", on=Message, severity=Severity.ERROR, needs=(Need.BULK,))
def missing_unsubscribe(message: Message) -> Iterator[Problem | Unchecked]:
    """A bulk mail offers no way to unsubscribe."""
    from preflight.templates.unsubscribe import is_unsubscribe

    if not message.bulk or message.purpose in TO_EVERYBODY:
        return
    for name, label in _PARTS.items():
        part = message.parts.get(name)
        if part is None:
            continue
        tags = part.tags
        if _offers(part, tags, message):
            continue
        if unseen := _file_not_followed(part):
            yield Unchecked(f"needs what {unseen} prints: the way to unsubscribe may stand there")
            continue
        foreign = next((tag for tag in tags if is_unsubscribe(tag.text, "")), None)
        yield Problem(
            part.span(foreign.start, foreign.end) if foreign else _last_line(message, part),
            f"{message.reader} no way to unsubscribe in {label}"
            + (f": “{foreign.text}” goes out as typed" if foreign else ""),
            "Write a link that says what it does, such as Unsubscribe, with the address that your "
            "mailer or your list provides. A header alone does not count: few readers see it.",
        )


def _offers(part: Part, tags: tuple[FoundTag, ...], message: Message) -> bool:
    """Whether a reader of the part finds a way to unsubscribe."""
    from preflight.templates.unsubscribe import is_unsubscribe, mentions_unsubscribe

    if _own_tag(part):
        return True
    dead = []
    for link in reversed(part.markup.links):  # it stands at the end of most mails
        if link.outlook or _hidden(link):
            continue
        if not _leads_somewhere(link, tags, message):
            dead.append(link.label)
        elif is_unsubscribe(link.url, link.label, link.context) or (
            part.template is not None and is_unsubscribe(_as_written(link), "")
        ):
            return True
    text = part.plain.text
    for label in [*reversed(dead), *(tag.text for tag in tags)]:
        text = text.replace(label, " ") if label else text
    return mentions_unsubscribe(text) or (
        not part.markup.html and _printed_address(part, approximate=message.approximate)
    )


def _file_not_followed(part: Part) -> str:
    """A tag that prints a file which is not at hand; "" where there is none."""
    own = (part.template, *part.included) if part.template is not None else ()
    for template in own:
        for start, end in template.parsed.elsewhere:
            return template.text[start:end]
    return ""


def _own_tag(part: Part) -> bool:
    """Whether a tag of the sending mailer's own for it is printed."""
    from preflight.templates.dialects import profile
    from preflight.templates.unsubscribe import own_unsubscribe_tags

    known = profile(part.dialect) if part.dialect else None
    if known is None or not known.unsubscribe:
        return False
    if any(own_unsubscribe_tags(file.text, known.unsubscribe) for file in part.included):
        return True
    starts = own_unsubscribe_tags(part.excerpt.text, known.unsubscribe)
    return any(
        stretch.source_start <= start < stretch.source_end
        for start in starts
        for stretch in reversed(part.segments)
    )


def _leads_somewhere(link: Link, tags: tuple[FoundTag, ...], message: Message) -> bool:
    """Whether following the link does anything: its address is not empty, and no tag that no
    mailer fills stands in it."""
    href = link.attributes["href"]
    if any(tag.start < href.end and href.start < tag.end for tag in tags):
        return False
    if link.url:
        return link.url != "#"
    return message.approximate and bool(_as_written(link))  # a tag of the mailer's own


def _as_written(link: Link) -> str:
    """The address as it stands in the template: with what is around it, since an empty stretch of
    the message is no stretch of the template."""
    href = link.attributes["href"]
    around = link.markup.locate(href.start - 1, href.end + 1)
    return around.text.strip("\"'=<> \n")


def _printed_address(part: Part, *, approximate: bool) -> bool:
    """Whether a tag that is called like the unsubscribe link prints an address."""
    from preflight.templates.unsubscribe import is_unsubscribe

    printed = {segment.source_start: segment for segment in part.segments if not segment.literal}
    for placeholder in part.template.placeholders if part.template is not None else ():
        if not is_unsubscribe(placeholder.source, ""):
            continue
        segment = printed.get(placeholder.tag.start)
        if segment is None and approximate:
            return True
        if segment and (
            FILLER in part.text[segment.start : segment.end]  # the mailer fills it in
            or _ADDRESS.search(part.text, segment.start, segment.end)
        ):
            return True
    return False


def _hidden(link: Link) -> bool:
    return any(
        "hidden" in one.attributes or _HIDDEN.search(one.attribute("style") or "")
        for one in (link, *link.ancestors)
    )


def _last_line(message: Message, part: Part) -> Span:
    """Where a reader looks for it: the last line of the template, whichever branch is taken, so
    that all who miss it are counted at one place; of a finished mail its own last line."""
    plain = part.template.markup.plain if part.template is not None else part.plain
    text = plain.text.rstrip()
    if not text:
        return message.place_of(part)
    line = text[text.rfind("\n") + 1 :]
    start = len(text) - len(line.lstrip())
    return part.excerpt.part(*plain.source_span(start, len(text)))
