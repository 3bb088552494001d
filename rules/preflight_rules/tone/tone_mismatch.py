"""A tone that its readers do not expect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from preflight.rule import Problem, Related, Severity, Unchecked, rule
from preflight.templates.message import Message
from preflight_rules.tone._expected import (
    CLASSES,
    NO_READER,
    UNREAD,
    expected,
    language_tag,
    pair,
    says_register,
    worded,
)
from preflight_rules.tone._heard import (
    cold_signs,
    detail,
    further,
    heard,
    other_families,
    said_signs,
)
from preflight_rules.tone._manners import casual

if TYPE_CHECKING:
    from preflight.templates.voice import Voice
    from preflight_rules.tone._expected import Expected
    from preflight_rules.tone._heard import Heard
    from preflight_rules.tone._manners import Found

_FOR_ALL = ("service", "incident", "apology", "introduction", "press")
"""Purposes of mails in which somebody who introduces people, or himself, is no stranger."""

_CASUAL = 2  # so many casual things make a mail chummy
_UNHEARD = (
    "needs a text in French, German, Spanish, Italian, Portuguese or Dutch to compare its form of "
    "address with the one that readers expect"
)


class Options(BaseModel):
    """What is nobody's address."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ignore_terms: tuple[str, ...] = Field(
        (), description="brands and titles with a word of address in them, such as Toi & Moi"
    )


@rule("tone-mismatch", on=Message, severity=Severity.ERROR, options=Options, by=CLASSES)
def tone_mismatch(message: Message, options: Options) -> Iterator[Problem | Unchecked]:
    """The mail says *vous* to people with whom you say *tu*, or is cold or chummy to the wrong."""
    if message.mail is not None and not message.facts:
        yield Unchecked(NO_READER)
        return
    for said in _said(message, options):
        yield worded(message, said) if isinstance(said, Problem) else said


def _said(message: Message, options: Options) -> Iterator[Problem | Unchecked]:
    readers = expected(message, message.voices.language)
    for name in readers.unread:
        if name != "language":
            yield Unchecked(UNREAD.format(name=name))
    language = _read_by(readers, message.voices.languages)
    if language is None:
        if readers.register:
            yield Unchecked(_UNHEARD)
        return
    voices = message.voices.within(language)
    if says_register(language):
        said = heard(message, language, options.ignore_terms)
        yield from _register(message, readers, said, language)
        yield from _familiar(readers, said, language_tag(message, language))
    elif readers.register and language != "en":
        yield Unchecked(_UNHEARD)
    if readers.known and message.purpose not in _FOR_ALL:
        yield from _cold(voices)
    if readers.formality == "formal":
        yield from _chummy(readers, casual(voices, language))


def _read_by(readers: Expected, languages: tuple[str, ...]) -> str | None:
    """In which of a mail's languages they read it: their own, else the first that has registers."""
    if readers.language in languages:
        return readers.language
    telling = filter(says_register, languages) if readers.register else iter(())
    return next(telling, languages[0] if languages else None)


def _register(message: Message, readers: Expected, said: Heard, language: str) -> Iterator[Problem]:
    if said.register not in ("T", "V") or readers.register in (None, said.register):
        return
    t, v = pair(language_tag(message, language))
    wanted, used = (t, v) if readers.register == "T" else (v, t)
    words = said.side(said.register)
    if not words:
        return
    first = words[0]
    if readers.by_campaign:
        text = f"the mail says “{used}”, and the campaign says register: {wanted}"
        help = "Correct the text, or say in `register` what it is meant to be."
    else:
        text = f"the mail says “{used}”, and with {{recipients}} you say “{wanted}”"
        help = (
            f"Send these a mail of their own that says “{wanted}”; or correct their register in "
            "the list; register: any is for those who do not mind."
        )
    yield Problem(
        first.span,
        text,
        help,
        weaker=not first.hard,
        related=further(words, "“{words}” says it too"),
        detail=detail(said),
    )


def _familiar(readers: Expected, said: Heard, tag: str) -> Iterator[Problem]:
    """*Tu* for people who are to be written to formally, and of whom no register is known."""
    if readers.formality == "formal" and readers.register is None and said.register == "T":
        words = said.side("T")
        if words:
            t, v = pair(tag)
            yield Problem(
                words[0].span,
                f"the mail says “{t}”, and {{recipients}} {{are}} to be written to formally",
                f"Send these a mail of their own that says “{v}”, or correct the column formality.",
                weaker=not words[0].hard,
                related=further(words, "“{words}” says it too"),
                detail=detail(said),
            )


def _cold(voices: tuple[Voice, ...]) -> Iterator[Problem]:
    signs = cold_signs(voices)
    if not signs:
        return
    voice, sign = signs[0]
    yield Problem(
        voice.span(sign.start, sign.end),
        "the text is a first contact, and {recipients} {are} known to you",
        "Leave them out, or write them a mail that shows that you know each other.",
        weaker=True,
        related=other_families(signs),
        detail="\n".join(said_signs(signs)),
    )


def _chummy(readers: Expected, found: list[Found]) -> Iterator[Problem]:
    """Two casual things; where *formal* is only concluded from the register, more than emoji."""
    told = readers.register is None or readers.formal_by_word
    strong = [one for one in found if one.family not in ("emoji", "exclamation marks")]
    if len(found) < _CASUAL or not (told or strong):
        return
    first = (strong or found)[0]
    others = [one for one in found if one is not first]
    yield Problem(
        first.span,
        "the mail is casual, and {recipients} {are} to be written to formally",
        "Send these a mail of their own without it, or correct the column formality (or register).",
        weaker=True,
        related=tuple(Related(one.span, f"“{one.words}” is casual too") for one in others),
    )
