"""Text that stands where the writer's own should."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from preflight.campaign.places import clipped
from preflight.rule import Problem, Severity, rule
from preflight.templates.message import Message
from preflight.templates.model import Template
from preflight.templates.samples import samples_of
from preflight.templates.zones import in_salutation
from preflight_rules.origin import all_from_template, own_words
from preflight_rules.placeholders._leftovers import tags_in_part, tags_in_template

if TYPE_CHECKING:
    from preflight.campaign.model import Campaign
    from preflight.source import Span
    from preflight.templates.html import Markup

_IN_BRACKETS = re.compile(r"(?<![\]\w\\!])\[\s*(?P<words>[^\[\]\n]{2,60}?)\s*\](?!\s?[(:\[{])")
_LINK_AFTER = re.compile(r"\s{0,3}[<(]?(?:https?://|www\.|mailto:)", re.IGNORECASE)
_QUOTES = "\"'“”‘’«»„`"
_HELP = "Write what belongs here, or take it out."
_GRAVE_PARTS = ("subject", "from")


@rule("placeholder-text", on=Template, severity=Severity.ERROR)
def placeholder_text(template: Template) -> Iterator[Problem]:
    """The mail holds text that stands for text: lorem ipsum, [Your Name], TODO."""
    found = list(_finds(template.markup, template.campaign, template.part))
    if not found:
        return
    tags = tags_in_template(template)
    for start, end, grave in found:
        if not any(tag.start < end and start < tag.end for tag in tags):
            words = " ".join(template.text[start:end].split())
            yield _problem(template.span(start, end), words, grave)


@placeholder_text.also(on=Message)
def in_message(message: Message) -> Iterator[Problem]:
    """The same in words of a finished mail that were made by the template, not by a value."""
    for name, part in message.parts.items():
        if all_from_template(part):
            continue
        found = [
            one
            for one in _finds(part.markup, message.campaign, name)
            if own_words(message, part, one[0], one[1])
        ]
        tags = tags_in_part(part) if found else ()
        for start, end, grave in found:
            if not any(tag.start < end and start < tag.end for tag in tags):
                words = " ".join(part.text[start:end].split())
                yield _problem(part.span(start, end), words, grave)


def _problem(span: Span, words: str, grave: bool) -> Problem:
    return Problem(span, f"“{clipped(words)}” stands where text should be", _HELP, weaker=not grave)


def _finds(markup: Markup, campaign: Campaign, part: str) -> Iterator[tuple[int, int, bool]]:
    """Offsets in the part, in order, none overlapping; and whether it is the subject, the sender
    or the salutation."""
    if part.startswith("header:"):
        return
    plain = markup.plain
    samples = [(run.start, run.end) for run in markup.runs if run.sample]
    if not markup.html:
        samples += samples_of(markup.text)
    end_of_last = -1
    for first, last in sorted(_in_words(plain.text, campaign)):
        start, end = plain.source_span(first, last)
        if start < end_of_last or any(a <= start < b for a, b in samples):
            continue
        if plain.text[first] == "[" and _is_link(markup, start):
            continue
        end_of_last = end
        grave = part in _GRAVE_PARTS or (
            part in ("html", "text") and in_salutation(plain, first, last, is_plain=True)
        )
        yield start, end, grave


def _in_words(words: str, campaign: Campaign) -> Iterator[tuple[int, int]]:
    for pattern in (_fixed(), _chatbot()):
        for match in pattern.finditer(words):
            if words[max(0, match.start() - 1) : match.start()] not in tuple(_QUOTES):
                yield match.span()
    for match in _IN_BRACKETS.finditer(words):
        if _asks(match["words"], words[: match.start()]) and not _LINK_AFTER.match(
            words, match.end()
        ):
            yield match.span()
    for match in _markers().finditer(words):
        if "TODO" not in match.group() or not _todo_is_a_word(words, campaign):
            yield match.span(match.lastgroup or 0)


def _asks(inside: str, before: str) -> bool:
    """Whether words in square brackets ask the writer for something."""
    folded = " ".join(inside.casefold().replace("_", " ").split())
    data = _data()
    first, _, rest = folded.partition(" ")
    if folded in data["two_words"]:
        return True
    if rest and any(folded.startswith(f"{verb} ") for verb in data["verbs"]):
        return True
    if rest and rest.rpartition(" ")[2] in data["last_verbs"]:
        return True
    if first == "insert" and inside[:6] in ("INSERT", "Insert"):
        return True
    for owner in data["owners"]:
        if folded.startswith(f"{owner} ") and _thing(folded.removeprefix(f"{owner} ")):
            return True
    # One word stands for something only in a sentence: “at [Company]”; “[Company] news” is a name.
    previous = before.split()[-1:] if before[-1:] == " " else []
    if folded in data["things"] and previous and not inside[0].islower():
        return previous[0].casefold() in data["joining"]
    return False


def _thing(words: str) -> bool:
    owned = _data()["owned"]
    return words in owned or any(
        words == f"{one}{tail}" for one in owned for tail in (" here", "/title", "'s name")
    )


def _is_link(markup: Markup, start: int) -> bool:
    """``<a href="...">[Your account]</a>``: style, not a gap."""
    run = markup.run_at(start) if markup.html else None
    return run is not None and any(
        node.tag == "a" and len(node.attributes["href"].value.strip()) > 1
        for node in markup.ancestors(run.element)
        if "href" in node.attributes
    )


def _todo_is_a_word(words: str, campaign: Campaign) -> bool:
    """Spanish and Portuguese write TODO INCLUIDO."""
    data = _data()["todo_is_a_word"]
    if campaign.language is not None:
        return campaign.language.split("-")[0].casefold() in data["languages"]
    if any(sign in words.casefold() for sign in data["signs"]):
        return True
    return len(set(data["words"]) & set(words.casefold().split())) >= 2


# --- patterns ------------------------------------------------------------------------------------


@cache
def _data() -> dict[str, Any]:
    file = files("preflight_rules.placeholders").joinpath("stand_ins.json")
    data: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return data


@cache
def _fixed() -> re.Pattern[str]:
    patterns = [*_data()["latin"], *_data()["fill_in"]]
    return re.compile(rf"\b(?:{'|'.join(patterns)})", re.IGNORECASE)


@cache
def _chatbot() -> re.Pattern[str]:
    either = "|".join(_data()["chatbot"])
    return re.compile(rf"(?:(?<=\n)|(?<=[.!?] )|\A)(?:{either})[^\n]?", re.IGNORECASE)


@cache
def _markers() -> re.Pattern[str]:
    either = "|".join(_data()["markers"])
    alone = "|".join(one for one in _data()["markers"] if one not in ("XXX", "TBD", "TBC"))
    return re.compile(
        rf"\[\s*(?:{either})\b[^\[\]\n]{{0,60}}\](?!\()"
        r"|\b(?:TODO|FIXME|XXX)\s?(?:\([\w ]{1,20}\))?:(?!//)"
        rf"|^[ \t]*(?P<alone>{alone})[ \t]*$"
        r"|^[ \t]*(?P<first>TODO)[ \t]++(?![-–—A-Z]|(?:list|app|item|manager)s?\b)",
        re.MULTILINE,
    )
