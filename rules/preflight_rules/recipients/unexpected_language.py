"""Mails in a language that their readers do not read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from preflight.rule import Problem, Severity, Unchecked, rule
from preflight.templates.message import Message
from preflight_rules.tone._expected import (
    NO_READER,
    UNREAD_LANGUAGE,
    base,
    expected,
    language_name,
    worded,
)

if TYPE_CHECKING:
    from preflight.source import Span

_NEAR = (frozenset({"ca", "es", "pt", "gl", "oc", "it", "fr"}),
         frozenset({"da", "no", "nb", "nn", "sv", "is", "de", "nl", "af", "lb", "fy"}),
         frozenset({"ro", "it", "es", "mo"}))  # fmt: skip
"""Languages of which one that is not known here may be taken for another."""

_KNOWN = frozenset({"en", "fr", "de", "es", "it", "pt", "nl", "ro"})


@rule(
    "unexpected-language",
    on=Message,
    severity=Severity.WARNING,
    by=("ledger.language",),
)
def unexpected_language(message: Message) -> Iterator[Problem | Unchecked]:
    """The mail is in a language that is not the recipients'."""
    voices = message.voices
    readers = expected(message, voices.language)
    if message.mail is not None and not (message.facts or message.language):
        yield Unchecked(NO_READER)
        return
    if "language" in readers.unread:
        yield Unchecked(UNREAD_LANGUAGE)
    wanted = readers.language or (base(message.language) if message.language else None)
    if wanted is None:
        return
    if not voices.detected:
        yield Unchecked("needs a text that is long enough to tell its language")
        return
    if wanted in voices.every or wanted in voices.languages or _may_be(wanted, voices.languages):
        return
    text = language_name(voices.languages[0])
    if readers.language:
        said = (
            f"the mail is in {text}, and the language of {{recipients}} is {language_name(wanted)}"
        )
        help = "Send these a mail in their language, or correct the column language."
    else:
        said = f"the mail is in {text}, and `language` says {message.language}"
        help = "Name the right file, or correct `language`."
    yield worded(message, Problem(_first_words(message), said, help))


def _may_be(wanted: str, languages: tuple[str, ...]) -> bool:
    """Whether a text of a language that is not known here may have been taken for another one."""
    return wanted not in _KNOWN and any(
        wanted in near and not near.isdisjoint(languages) for near in _NEAR
    )


def _first_words(message: Message) -> Span:
    """The first paragraph that tells the language; the longest where none is long enough."""
    bodies = [one for one in message.voices.said if one.part.name not in ("subject", "preheader")]
    main = message.voices.languages[0]
    telling = [
        (said, *stretch)
        for said in bodies
        for stretch, language in said.languages.items()
        if language == main
    ]
    every = [(said, *stretch) for said in bodies for stretch in said.paragraphs]
    said, start, end = (telling or [max(every, key=lambda one: one[2] - one[1])])[0]
    return said.span(start, start + len(said.text[start:end].rstrip()))
