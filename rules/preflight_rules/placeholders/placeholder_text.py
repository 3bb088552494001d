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
from preflight.templates.tags import find_tags
from preflight.templates.zones import in_salutation
from preflight_rules.origin import all_from_template, in_included_file, own_words

if TYPE_CHECKING:
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
    found = list(_finds(template.markup, template.campaign.language, template.part))
    if not found:
        return
    fields, samples = template.columns or frozenset(), template.parsed.samples
    tags = find_tags(template.text, template.markup, fields=fields, skip=samples)
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
            for one in _finds(part.markup, message.language, name)
            if own_words(message, part, one[0], one[1])
            and not in_included_file(part, one[0], one[1])
        ]
        tags = part.tags if found else ()
        for start, end, grave in found:
            if not any(tag.start < end and start < tag.end for tag in tags):
                words = " ".join(part.text[start:end].split())
                yield _problem(part.span(start, end), words, grave)


def _problem(span: Span, words: str, grave: bool) -> Problem:
    return Problem(span, f"“{clipped(words)}” stands where text should be", _HELP, weaker=not grave)


def _finds(markup: Markup, language: str | None, part: str) -> Iterator[tuple[int, int, bool]]:
    """Offsets in the part, in order, none overlapping; and whether it is the subject, the sender
    or the salutation."""
    if part.startswith("header:"):
        return
    plain = markup.plain
    samples = [(run.start, run.end) for run in markup.runs if run.sample]
    if not markup.html:
        samples += samples_of(markup.text)
    end_of_last = -1
    latin = False
    for first, last in sorted(_in_words(plain.text, language)):
        start, end = plain.source_span(first, last)
        if start < end_of_last or any(a <= start < b for a, b in samples):
            continue
        if _latin().match(plain.text, first):
            if latin:
                continue  # one word on the filler is enough, however long it is
            latin = True
        if plain.text[first] == "[" and _is_link(markup, start):
            continue
        end_of_last = end
        grave = part in _GRAVE_PARTS or (
            part in ("html", "text") and in_salutation(plain, first, last, is_plain=True)
        )
        yield start, end, grave
    yield from _in_title(markup, language)


def _in_title(markup: Markup, language: str | None) -> Iterator[tuple[int, int, bool]]:
    """``<title>TODO title</title>``: browsers and some programs for mail show it."""
    for node in markup.elements if markup.html else ():
        if node.tag == "title":
            words = markup.text[node.end : node.content_end]
            marker = "".join(words.split()[:1]).strip(":.")
            spanish = marker == "TODO" and _todo_is_a_word(words, language)
            if marker in _data()["markers"] and not spanish:
                lead = len(words) - len(words.lstrip())
                yield node.end + lead, node.end + len(words.rstrip()), False
            return


def _in_words(words: str, language: str | None) -> Iterator[tuple[int, int]]:
    folded = words.casefold()
    likely = any(cue in folded for cue in _cues())
    for pattern in (_fixed(), _chatbot()) if likely else (_chatbot(),):
        for match in pattern.finditer(words):
            quoted = words[max(0, match.start() - 1) : match.start()] in tuple(_QUOTES)
            if not quoted and not _in_sentence(match):
                yield match.span()
    for match in _IN_BRACKETS.finditer(words):
        if _asks(match["words"], words[: match.start()]) and not _LINK_AFTER.match(
            words, match.end()
        ):
            yield match.span()
    if not any(marker in words for marker in _data()["markers"]):
        return
    for match in _markers().finditer(words):
        if "TODO" not in match.group() or not _todo_is_a_word(words, language):
            yield match.span(match.lastgroup or 0)


def _asks(inside: str, before: str) -> bool:
    """Whether words in square brackets ask the writer for something."""
    folded = " ".join(inside.casefold().replace("_", " ").split())
    data = _data()
    first, _, rest = folded.partition(" ")
    if folded in data["two_words"]:
        return True
    verb = next((verb for verb in data["verbs"] if folded.startswith(f"{verb} ")), None)
    if verb and (not inside[0].islower() or _thing(folded.removeprefix(verb).strip())):
        return True  # in small letters it may be a joke: “your [insert collection here]”
    if rest and rest.rpartition(" ")[2] in data["last_verbs"]:
        return True
    if rest and _thing(folded) and folded.endswith(" here"):
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
    """What a mail is filled in with: “company name”, “the date here”."""
    first, _, rest = words.partition(" ")
    if rest and first in _data()["articles"]:
        words = rest
    owned = _data()["owned"]
    return words in owned or any(
        words == f"{one}{tail}" for one in owned for tail in (" here", "/title", "'s name")
    )


def _in_sentence(match: re.Match[str]) -> bool:
    """“Show your name here and join us”: nobody forgot to write something."""
    if not match.group().startswith(("your ", "insert ", "add ", "enter ", "type ")):
        return False
    return bool(
        match.string[match.string.rfind("\n", 0, match.start()) + 1 : match.start()].strip()
    )


def _is_link(markup: Markup, start: int) -> bool:
    """``<a href="...">[Your account]</a>``: style, not a gap."""
    run = markup.run_at(start) if markup.html else None
    return run is not None and any(
        node.tag == "a" and len(node.attributes["href"].value.strip()) > 1
        for node in markup.ancestors(run.element)
        if "href" in node.attributes
    )


def _todo_is_a_word(words: str, language: str | None) -> bool:
    """Spanish and Portuguese write TODO INCLUIDO."""
    data = _data()["todo_is_a_word"]
    if language is not None:
        return language.split("-")[0].casefold() in data["languages"]
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
def _latin() -> re.Pattern[str]:
    return re.compile("|".join(_data()["latin"]), re.IGNORECASE)


@cache
def _fixed() -> re.Pattern[str]:
    patterns = [*_data()["latin"], *_data()["fill_in"]]
    return re.compile(rf"\b(?:{'|'.join(patterns)})", re.IGNORECASE)


@cache
def _cues() -> frozenset[str]:
    """Of each pattern of `_fixed` the longest words that it cannot do without: a cheap test before
    the dear one. A pattern without any gives "", which is in every text."""
    patterns = [*_data()["latin"], *_data()["fill_in"]]
    return frozenset(max(_bare_words(pattern), key=len, default="") for pattern in patterns)


def _bare_words(pattern: str) -> Iterator[str]:
    """The runs of a regular expression that match themselves, outside groups and classes."""
    if "|" in re.sub(r"\[[^\]]*\]|\((?:[^()]|\([^()]*\))*\)", "", pattern):
        return
    depth = 0
    run = ""
    for char in re.findall(r"\\.|\[[^\]]*\]|.", pattern):
        depth += (char == "(") - (char == ")")
        if depth == 0 and (char.isalpha() or char == " "):
            run += char.casefold()
            continue
        yield run[:-1] if char in "?*{" else run  # the last may be absent
        run = ""
    yield run


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
        r"|(?:^|(?<=[.!?] ))[ \t]*[-*•]?[ \t]*\b"
        r"(?P<noted>(?:TODO|FIXME|XXX)\s?(?:\([\w ]{1,20}\))?:)(?!//)"
        rf"|^[ \t]*(?P<alone>{alone})[ \t]*$"
        r"|^[ \t]*(?P<first>TODO)[ \t]++(?![-–—A-Z]|(?:list|app|item|manager)s?\b)",
        re.MULTILINE,
    )
