"""Greetings and closings that do not fit the reader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from preflight.rule import Problem, Severity, Unchecked, rule
from preflight.templates.message import Message
from preflight_rules.tone._expected import CLASSES, NO_READER, expected, fact, worded
from preflight_rules.tone._manners import closing, greeting, manner_of, splitting

if TYPE_CHECKING:
    from preflight_rules.tone._expected import Expected
    from preflight_rules.tone._manners import Found

_NAMES = ("first_name", "last_name", "full_name")
_TO_EVERYBODY = ("service", "incident", "apology")
_BY = (
    *CLASSES,
    *(f'"{name}" is not null' for name in _NAMES),
    *splitting("greeting"),
    *splitting("ledger.greeting"),
)


@rule("greeting-mismatch", on=Message, severity=Severity.WARNING, by=_BY)
def greeting_mismatch(message: Message) -> Iterator[Problem | Unchecked]:
    """The greeting or the closing does not fit the people who will read it."""
    if message.mail is not None and not message.facts:
        yield Unchecked(NO_READER)
        return
    for problem in _problems(message):
        yield worded(message, problem)


def _problems(message: Message) -> Iterator[Problem]:
    voices = message.voices
    readers = expected(message, voices.language)
    language = readers.language if readers.language in voices.languages else voices.language
    if language is None:
        return
    greeted = closed = None
    for voice in voices.within(language):
        if voice.part.name not in ("subject", "preheader"):
            greeted = greeted or greeting(voice, language)
            closed = closed or closing(voice, language)
    if greeted is not None:
        yield from _greeting(message, readers, greeted, language)
    if closed is not None:
        yield from _unlike(readers, closed, "close")


def _greeting(
    message: Message, readers: Expected, greeted: Found, language: str
) -> Iterator[Problem]:
    wish = manner_of(fact(message, "greeting"), language)
    if wish is not None and wish != greeted.manner and "casual" in (wish, greeted.manner):
        yield Problem(
            greeted.span,
            f"the mail greets with “{greeted.words}”, and for {{recipients}} the list has a {wish} "
            "greeting of their own",
            "Print the column `greeting` there.",
        )
    elif greeted.manner == "impersonal" and any(fact(message, name) for name in _NAMES):
        if readers.known or message.purpose not in _TO_EVERYBODY:
            yield Problem(
                greeted.span,
                f"“{greeted.words}” speaks to nobody, and you know the names of {{recipients}}",
                "Greet them by name, with a fallback for the others.",
            )
    else:
        yield from _unlike(readers, greeted, "greet")


def _unlike(readers: Expected, found: Found, verb: str) -> Iterator[Problem]:
    """Casual to formal people, and the other way round."""
    if found.manner == "casual" and readers.formality == "formal":
        manner = "formally"
    elif found.manner == "formal" and readers.formality == "casual":
        manner = "casually"
    else:
        return
    yield Problem(
        found.span,
        f"“{found.words}” is {found.manner}, and {{recipients}} {{are}} to be written to {manner}",
        f"{verb.capitalize()} these in another way, or correct their formality (or register) in "
        "the list.",
    )
