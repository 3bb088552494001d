"""Marks of unfinished work."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from preflight.campaign.model import Campaign
from preflight.rule import Problem, Severity, rule
from preflight.templates.message import Message
from preflight.templates.model import Template
from preflight_rules.origin import all_from_template, in_included_file, own_words

if TYPE_CHECKING:
    from preflight.source import Span
    from preflight.templates.html import Markup
    from preflight.templates.plain import Plain

_HEAD = ("subject", "from", "preheader")
_OPENING = re.compile(r"[(\[<*#]|\{\s*+[^a-z{]")  # what a brace holds is in capitals
_NAME = re.compile(r"\s*[\"']?([^<\"']+?)[\"']?\s*<")
_FIRST_LINES = 5
_LONGEST_LINE = 80
_HELP = "Take the mark out when the mail is finished; until then it must not be sent."
_SEPARATOR = r"(?:\s*[:\]|»–—]|\s+-{1,2}\s|\s*[-–—]{2,})"
_VERSION = r"(?:\s*(?:v|version|no\.?|nr\.?|#)?\s*\d{1,2}(?:\.\d+)*(?!\d))?"


class _Mark(NamedTuple):
    """A mark at ``text[start:end]``; ``weaker`` where a sense of its own can be thought of."""

    start: int
    end: int
    weaker: bool = False


@rule("test-artifact", on=Campaign, severity=Severity.ERROR)
def test_artifact(campaign: Campaign) -> Iterator[Problem]:
    """The mail bears a mark of unfinished work: TEST, [DRAFT], “do not send”."""
    for key in _HEAD:
        excerpt = campaign.excerpt(key)
        if excerpt is None:
            continue
        for mark in _in_head(excerpt.text, key):
            yield _problem(excerpt.part(mark.start, mark.end), mark.weaker)


@test_artifact.also(on=Template)
def in_body(template: Template) -> Iterator[Problem]:
    """A mark in the literal text of the body."""
    if template.part in ("html", "text"):
        for start, end in _in_words(template.markup.plain, template.markup):
            yield _problem(template.span(start, end), weaker=True)


@test_artifact.also(on=Message)
def in_message(message: Message) -> Iterator[Problem]:
    """A mark in a finished mail that was made by the template, not by a value."""
    for name, part in message.parts.items():
        if all_from_template(part):
            continue
        if name in _HEAD:
            for mark in _in_head(part.text, name):
                if own_words(message, part, mark.start, mark.end):
                    yield _problem(part.span(mark.start, mark.end), mark.weaker)
        elif name in ("html", "text"):
            for start, end in _in_words(part.plain, part.markup):
                if in_included_file(part, start, end):
                    continue
                if own_words(message, part, start, end):
                    yield _problem(part.span(start, end), weaker=True)


def _problem(span: Span, weaker: bool) -> Problem:
    words = " ".join(span.text.split()) or "test"
    return Problem(span, f"“{words}” marks unfinished work", _HELP, weaker=weaker)


def _in_head(text: str, part: str) -> Iterator[_Mark]:
    """Marks in a subject, a preheader or a sender's name; the first one is enough."""
    if part == "from":
        name = _NAME.match(text)
        if name is None:
            return
        if name[1].strip().casefold() in _data()["senders"]:
            yield _Mark(*name.span(1))
            return
        text = " " * name.start(1) + name[1]
    if _OPENING.search(text):  # most have no bracket: the long pattern need not be made
        for pattern, weaker in ((_bracketed(), False), (_title_in_brackets(), True)):
            if match := pattern.search(text):
                yield _Mark(*match.span(), weaker)
                return
    for pattern in (_at_start(), _at_end(), _forbidding(), _whole()):
        if match := pattern.search(text):
            yield _Mark(*_place(match))
            return


def _in_words(plain: Plain, markup: Markup) -> Iterator[tuple[int, int]]:
    """Marks in a body: in brackets, or alone on a line. Offsets count in the part."""
    samples = [(run.start, run.end) for run in markup.runs if run.sample]
    at = seen = 0
    for line in plain.text.split("\n"):
        start, at = at, at + len(line) + 1
        seen += bool(line.strip())
        match = _bracketed(in_body=True).search(line) if _OPENING.search(line) else None
        if match is None and len(line) <= _LONGEST_LINE:
            match = _forbidding().search(line) or _sentence().search(line)
            if match is None and seen <= _FIRST_LINES:
                match = _draft_alone().search(line)
        if match is None:
            continue
        first, last = _place(match)
        begin, end = plain.source_span(start + first, start + last)
        if not any(first <= begin < last for first, last in samples):
            yield begin, end


def _place(match: re.Match[str]) -> tuple[int, int]:
    """The mark itself, without the separators around it."""
    return match.span(match.lastgroup) if match.lastgroup else match.span()


# --- patterns ------------------------------------------------------------------------------------


@cache
def _data() -> dict[str, Any]:
    file = files("preflight_rules.campaign").joinpath("unfinished_words.json")
    data: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return data


def _words(*kinds: str) -> list[str]:
    """The words of some kinds, longest first."""
    words = {word for kind in kinds for listed in _data()[kind].values() for word in listed}
    return sorted(words, key=lambda word: (-len(word), word))


def _either(words: list[str]) -> str:
    return "|".join(map(re.escape, words))


def _capitals(*kinds: str) -> str:
    return _either([word.upper() for word in _words(*kinds)])


@cache
def _bracketed(*, in_body: bool = False) -> re.Pattern[str]:
    """``[DRAFT]``, ``(TEST 2)``, ``*** TEST ***``, ``[do not send]``; out of a body ``[draft]``."""
    forbidding = rf"(?i:{_either(_words('do_not_send'))})"
    tail = rf"{_VERSION}(?:\s*[-–—:,]\s*{forbidding})?"
    marks = rf"(?:{_capitals('draft', 'bracketed', 'do_not_send')}){tail}"
    small = forbidding if in_body else f"{forbidding}|test|(?i:{_either(_words('draft'))})"
    return re.compile(
        rf"\[\s*(?:{marks}|(?:{small}){tail})\s*\]|[({{<]\s*{marks}\s*[)}}>]"
        rf"|\*{{3,6}}\s*{marks}\s*\*{{3,6}}|(?<![\w#])#{{2,5}}\s*{marks}\s*#{{2,5}}"
    )


@cache
def _title_in_brackets() -> re.Pattern[str]:
    """``[Test]``: mailers write it before test sends, magazines before product tests."""
    return re.compile(r"^\s*\[Test\]")


@cache
def _at_start() -> re.Pattern[str]:
    drafts = _either([word.capitalize() for word in _words("draft")])
    return re.compile(
        rf"^\s*(?P<mark>(?:{_capitals('draft', 'leading')}|{drafts}){_VERSION}){_SEPARATOR}"
    )


@cache
def _at_end() -> re.Pattern[str]:
    return re.compile(
        r"(?:[|–—]|\s-{1,2})\s*"
        rf"(?P<mark>(?:{_capitals('draft', 'leading')}){_VERSION})\s*[!.]?\s*$"
    )


@cache
def _forbidding() -> re.Pattern[str]:
    """“do not send” alone between separators, or in capitals."""
    words = _either(_words("do_not_send"))
    begins = r"(?:^|[\[({*|:;!–—]|-\s)\s*"
    ends = r"(?=\s*(?:[\])}*|:;!–—]|\s-{1,2}\s|\.?\s*$))"
    return re.compile(
        rf"{begins}(?P<mark>(?i:{words})){ends}"
        rf"|\b(?P<capitals>{_capitals('do_not_send')})\b(?!\s*\w)"
    )


@cache
def _whole() -> re.Pattern[str]:
    phrases = "|".join(_words("subjects", "sentences"))
    return re.compile(rf"^\s*(?P<mark>(?:{phrases}))\s*[.!]*\s*$", re.IGNORECASE)


@cache
def _sentence() -> re.Pattern[str]:
    """What a body says of itself; a line “Test” may be a heading there."""
    phrases = "|".join(_words("sentences"))
    return re.compile(rf"^\s*(?P<mark>(?:{phrases}))\s*[.!]*\s*$", re.IGNORECASE)


@cache
def _draft_alone() -> re.Pattern[str]:
    return re.compile(rf"^\W*(?P<mark>(?:{_capitals('draft')}){_VERSION})\W*$")
