"""Control characters in a header."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from preflight.campaign.model import Campaign
from preflight.rule import Need, Problem, Severity, rule
from preflight.templates.message import Message
from preflight.templates.model import Placeholder
from preflight_rules.origin import own_words

if TYPE_CHECKING:
    from preflight.source import Excerpt, Span

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Blanks at the ends are taken off by every mailer; a break between two words is a new header.
_BREAK = re.compile(r"(?<=\S)[ \t]*[\r\n]+(?=[ \t]*\S)")
_PRINTED = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_CODE = re.compile(r"\s*\{[%#].*?[%#]\}\s*", re.DOTALL)
_IN_CELL = r"[\x00-\x08\x0a-\x1f\x7f]"
_ENCODED = re.compile(r"\|\s*(?:urlencode|tojson|int|float|wordcount|length)\b")


@rule("unsafe-header", on=Campaign, severity=Severity.ERROR)
def unsafe_header(campaign: Campaign) -> Iterator[Problem]:
    """A line break or control character in a header could add a header or a recipient."""
    for route in (("from",), ("reply_to",), ("subject",), *_headers(campaign)):
        excerpt = campaign.excerpt(*route)
        if excerpt is not None:
            yield from _in_definition(route[-1], excerpt)


@unsafe_header.also(on=Placeholder, needs=(Need.LISTS,))
def in_values(placeholder: Placeholder) -> Iterator[Problem]:
    """Cells that a header prints hold such a character."""
    part = placeholder.template.part
    if part not in ("from", "subject") and not part.startswith("header:"):
        return
    if _ENCODED.search(placeholder.tag.expression):
        return
    columns = placeholder.template.columns or frozenset()
    for name in placeholder.names:
        if name.casefold() not in columns:
            continue
        quoted = name.replace('"', '""')
        condition = f"matches(\"{quoted}\", '{_IN_CELL}')"
        when = placeholder.tag.when
        yield Problem(
            placeholder.span,
            f"“{name}” of {{recipients}} would break this header: it holds a line break or a "
            "control character",
            "Correct these cells: what follows a line break becomes a header of its own, Bcc among "
            "them.",
            condition=condition if when in (None, "true") else f"({when}) and {condition}",
        )


@unsafe_header.also(on=Message)
def in_message(message: Message) -> Iterator[Problem]:
    """A finished header holds such a character, and no value brought it; in a mail that was handed
    in, whatever brought it."""
    for name, part in message.parts.items():
        if name not in ("from", "subject") and not name.startswith("header:"):
            continue
        for match in _found(part.text):
            if own_words(message, part, match.start(), match.end()):
                yield _problem(name.removeprefix("header:"), part.span(*match.span()), match)
                break


def _headers(campaign: Campaign) -> Iterator[tuple[str, str]]:
    for name in campaign.headers:
        yield "headers", name


def _in_definition(name: str, excerpt: Excerpt) -> Iterator[Problem]:
    """The first such character between the statements of a template: those take breaks away."""
    text = _PRINTED.sub(lambda tag: "x" * len(tag.group()), excerpt.text)
    at = 0
    for code in [*_CODE.finditer(text), None]:
        end = code.start() if code else len(text)
        for match in _found(text[at:end]):
            span = excerpt.part(at + match.start(), at + match.end())
            yield _problem(name, span, match)
            return
        at = code.end() if code else end


def _found(text: str) -> list[re.Match[str]]:
    return sorted([*_BREAK.finditer(text), *_CONTROL.finditer(text)], key=lambda m: m.start())


def _problem(name: str, span: Span, match: re.Match[str]) -> Problem:
    what = (
        "a line break" if "\n" in match.group() or "\r" in match.group() else "a control character"
    )
    return Problem(
        span,
        f"{what} in {name}",
        "Write the header on one line: what follows a line break becomes a header of its own.",
    )
