"""How casual or formal a mail is, by what can be pointed at: its greeting, its closing, slang,
emoji, rows of exclamation marks."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from preflight_rules.relationships._people import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from preflight.source import Span
    from preflight.templates.voice import Voice

Manner = Literal["casual", "formal", "impersonal"]

_EMOJI = re.compile(
    "[\U0001f600-\U0001f64f\U0001f910-\U0001f92f\U0001f970-\U0001f97a\U0001f493-\U0001f49f\u2764"
    "\U0001f389\U0001f38a\U0001f525\U0001f680\U0001f4aa\U0001f44b-\U0001f44d\U0001f64c\U0001f973]"
)
_SHOUT = re.compile(r"!\s?!+")
_QUOTED = re.compile(r"«[^«»]{1,400}»|[„“”][^„“”]{1,400}[“”]|\"[^\"\n]{1,400}\"")
_LINE = re.compile(r"[^\n]*\S[^\n]*")
_GREETING_WITHIN = 4  # lines from the top
_CLOSING_WITHIN = 12  # lines from the end, signature and footer included
_CLOSED = re.compile(r"\s*(?:[,!.]|$)")


class Found(NamedTuple):
    """Words that show a manner: their place in the voice's text, and the family."""

    voice: Voice
    start: int
    end: int
    family: str
    manner: Manner

    @property
    def span(self) -> Span:
        return self.voice.span(self.start, self.end)

    @property
    def words(self) -> str:
        return self.voice.words(self.start, self.end)


def greeting(voice: Voice, language: str) -> Found | None:
    """The greeting of a body, where it is casual, formal or impersonal."""
    for line in list(_LINE.finditer(voice.said.text))[:_GREETING_WITHIN]:
        found = _greets(line[0], language)
        if found is not None:
            manner, start, end = found
            return Found(voice, line.start() + start, line.start() + end, "greeting", manner)
    return None


def manner_of(line: str, language: str) -> Manner | None:
    """Whether a line of greeting is casual, formal or impersonal; None for what fits all."""
    found = _greets(line, language)
    return found[0] if found else None


def splitting(column: str) -> tuple[str, ...]:
    """Conditions that tell apart the cells of a column that greet casually, or formally."""
    return tuple(
        f"matches(\"{column}\", '(?i)^\\W*({_in_all(part)})')"
        for part in ("casual_greetings", "formal_greetings")
    )


def _in_all(part: str) -> str:
    words = {word for words in load("manners.json")[part].values() for word in words}
    return "|".join(re.escape(word).replace("'", ".") for word in sorted(words))


def _greets(line: str, language: str) -> tuple[Manner, int, int] | None:
    indent = len(line) - len(line.lstrip())
    whole = _impersonal(language).fullmatch(line.strip())
    if whole:
        return "impersonal", indent, indent + len(whole["words"])
    manners: tuple[Manner, ...] = ("casual", "formal")
    for manner in manners:
        found = _beginning(f"{manner}_greetings", language).match(line)
        if found:
            return manner, *found.span("words")
    return None


def closing(voice: Voice, language: str) -> Found | None:
    """The closing line of a body, where it is casual or formal."""
    for line in list(_LINE.finditer(voice.said.text))[-_CLOSING_WITHIN:]:
        manners: tuple[Manner, ...] = ("casual", "formal")
        for manner in manners:
            found = _beginning(f"{manner}_closings", language).match(line[0])
            if found and (manner == "formal" or _CLOSED.match(line[0], found.end())):
                start, end = found.span("words")
                return Found(voice, line.start() + start, line.start() + end, "closing", manner)
    return None


def casual(voices: Iterable[Voice], language: str) -> list[Found]:
    """Everything casual about a mail, the first of each family in the order of its parts."""
    found: dict[str, Found] = {}
    for voice in voices:
        for one in _casual(voice, language):
            found.setdefault(one.family, one)
    return list(found.values())


def _casual(voice: Voice, language: str) -> Iterator[Found]:
    for line in (greeting(voice, language), closing(voice, language)):
        if line is not None and line.manner == "casual":
            yield line
    text = _QUOTED.sub(lambda quoted: " " * len(quoted[0]), voice.said.text)
    patterns = (("slang", _slang(language)), ("emoji", _EMOJI), ("exclamation marks", _SHOUT))
    for family, pattern in patterns:
        match = pattern.search(text)
        if match:
            yield Found(voice, *match.span(), family, "casual")


@cache
def _beginning(part: str, language: str) -> re.Pattern[str]:
    return re.compile(
        rf"\W*(?P<words>{_either(part, language)})(?![\w’'-])",
        re.IGNORECASE,
    )


@cache
def _impersonal(language: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?P<words>{_either('impersonal', language)})\s*[,:;!.–—-]?",
        re.IGNORECASE,
    )


@cache
def _slang(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{_either('slang', language)})(?![\w-])", re.IGNORECASE)


def _either(part: str, language: str) -> str:
    words = sorted(load("manners.json")[part].get(language, ()), key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in words) or r"(?!)"
