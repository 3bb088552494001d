"""What a mail about an incident says, by its body."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from preflight.tone import incident

if TYPE_CHECKING:
    from preflight.source import Span
    from preflight.templates.message import Message, Part
    from preflight.tone import Element, Incident

PURPOSES = ("incident", "apology")
NOT_KNOWN = "needs a text in a language in which words about incidents are known"
_TRIED = ("en", "fr")
"""Languages whose words were tried on mails by many authors; in the others more may be missed."""

_LINE = re.compile(r"\S[^\n]*")


class Read(NamedTuple):
    """The body of an incident mail and what was found in it."""

    message: Message
    part: Part
    found: Incident

    @property
    def unsure(self) -> bool:
        """Whether what was not found may have been said in words that are not known."""
        return self.found.language not in _TRIED

    def span(self, element: Element) -> Span | None:
        """The place of the first words that show an element; None where the whole text does."""
        spans = [one for one in element.spans if one.family != "text"]
        return self.part.plain_span(spans[0].start, spans[0].end) if spans else None

    def words(self, element: Element) -> str:
        """These words, on one line."""
        first = element.spans[0]
        return " ".join(self.part.plain.text[first.start : first.end].split())

    @property
    def beginning(self) -> Span:
        """The first words behind the salutation's line, else the first of all."""
        lines = [match.span() for match in _LINE.finditer(self.part.plain.text)]
        start, end = lines[1] if len(lines) > 1 else lines[0]
        return self.part.plain_span(start, end)


def read(message: Message) -> Read | None:
    """What the body of an incident mail says; None where no words of its language are known."""
    body = next((part for part in (message.html, message.text) if part and _said(part)), None)
    language = message.voices.language
    if body is None or language is None:
        return None
    found = _incident(body.plain.text, language)
    return Read(message, body, found) if found.present or found.missing else None


def _said(part: Part) -> bool:
    return bool(part.plain.text.strip())


@lru_cache(maxsize=64)
def _incident(text: str, language: str) -> Incident:
    return incident(text, language)
