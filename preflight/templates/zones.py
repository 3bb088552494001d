"""Where in the mail a placeholder stands: the salutation, an address, ordinary text, ..."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from preflight.templates.model import Zone
from preflight.templates.nodes import FILLER
from preflight.templates.plain import Plain, flow
from preflight.templates.words import load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from preflight.templates.model import Template
    from preflight.templates.nodes import TextRun

_PARTS = {"subject": Zone.SUBJECT, "preheader": Zone.PREHEADER, "from": Zone.FROM}
_ADDRESSES = frozenset(
    {"href", "src", "action", "formaction", "background", "poster", "srcset", "cite", "data"}
)
_SALUTATION_WITHIN = 1_500  # visible characters from the top
SALUTATION_BEFORE = 6_000  # further down even with long tags before it
_NAME_WITHIN = 60  # characters from the greeting's end to the name
_WORDS_WITHIN = 5
_LONGEST_ADDRESS = 2_000
_ADDRESS_BEFORE = re.compile(r"(?:(?<![\w.-])(?:https?://|mailto:)|\]\(<?)[^\s()<>\[\]]*$")
_ONLY_A_NAME = re.compile(rf"[\s{FILLER}]*[,!،，]\s*$")
_FILLED = re.compile(rf"{FILLER}+")


def zone_of(template: Template, start: int, end: int) -> Zone:
    """Where ``template.text[start:end]`` stands."""
    if template.part in _PARTS:
        return _PARTS[template.part]
    if template.part.startswith("header:"):
        return Zone.HEADER
    markup = template.markup
    if not markup.html:
        if template.markdown and _in_front_matter(template.text, start):
            return Zone.HIDDEN
        if in_address(markup.masked, start):
            return Zone.LINK
        return Zone.GREETING if in_salutation(markup.plain, start, end) else Zone.TEXT
    node = markup.node_at(start)
    if node is not None:
        for attribute in node.attributes.values():
            if attribute.start <= start < attribute.end:
                return Zone.LINK if attribute.name in _ADDRESSES else Zone.ATTRIBUTE
        return Zone.ATTRIBUTE
    run = markup.run_at(start)
    if run is None or run.hidden:
        return Zone.HIDDEN
    plain = markup.outlook_plain if run.outlook else markup.plain
    return Zone.GREETING if in_salutation(plain, start, end) else Zone.TEXT


def _in_front_matter(text: str, at: int) -> bool:
    from preflight.templates.samples import front_matter

    return any(start <= at < end for start, end in front_matter(text))


def in_address(text: str, at: int) -> bool:
    """Whether an address is being written there in a plain text, or in a link of Markdown."""
    line = text[max(text.rfind("\n", 0, at) + 1, at - _LONGEST_ADDRESS) : at]
    return _ADDRESS_BEFORE.search(line) is not None


def in_greeting(text: str, runs: Sequence[TextRun], start: int, end: int | None = None) -> bool:
    """Whether a literal tag at ``text[start:end]`` stands where a name stands in a salutation."""
    visible = [not run.hidden for run in runs]
    single = len(runs) == 1 and runs[0].element < 0 and runs[0].start == 0
    plain = Plain.of(text) if single else flow(text, runs, visible)
    return in_salutation(plain, start, start if end is None else end)


def in_salutation(plain: Plain, start: int, end: int, *, is_plain: bool = False) -> bool:
    """Whether the name of a salutation stands at the offsets: of the part, or of the plain text
    itself (``is_plain``)."""
    at = start if is_plain else plain.position(start)
    if at is None:
        return False
    words = plain.text
    if at > SALUTATION_BEFORE or len(_FILLED.sub("", words[:at])) > _SALUTATION_WITHIN:
        return False
    line_start = words.rfind("\n", 0, at) + 1
    line_end = words.find("\n", at)
    line_end = len(words) if line_end < 0 else line_end
    last = max(start, end - 1)
    close = last if is_plain else plain.position(last)
    before = words[max(line_start, at - 400) : at]
    after = words[(at if close is None else close + 1) : line_end][:200]
    if not before.strip(" \t>*_\"'“«¡¿" + FILLER):
        return bool(_ONLY_A_NAME.match(after)) or _greeting_follows(after)
    return _greeting_before(before)


def greets(line: str) -> bool:
    """Whether a line opens with a greeting."""
    return _greeting().match(line) is not None


def is_greeting(words: str) -> bool:
    """Whether words are a greeting and nothing else."""
    return _greeting().fullmatch(words.strip()) is not None


def addressee(line: str) -> str:
    """Whom a line greets, titles left out: “Anna” of “Dear Ms. Anna, hello”; "" for nobody."""
    greeting = _greeting().match(line)
    if greeting is None:
        return ""
    after = _titles().sub(" ", line[greeting.end() :])
    name = re.split(r"[,،!?:;.–—]|\s-\s", after, maxsplit=1)[0]
    return " ".join(name.split()) if len(name.split()) <= _WORDS_WITHIN else ""


def _greeting_before(before: str) -> bool:
    """The line greets, and no sentence ends between the greeting and its end."""
    greetings = list(_greeting().finditer(before))
    if not greetings:
        return False
    between = before[greetings[-1].end() :].lstrip(" ,\t\u00a0")
    between = _FILLED.sub(FILLER, between)
    between = _titles().sub(" ", between)
    return (
        len(between) <= _NAME_WITHIN
        and len(between.split()) <= _WORDS_WITHIN
        and not re.search(r"[.!?,;:…]", between)
        and _joining().isdisjoint(between.casefold().split())
    )


def _greeting_follows(after: str) -> bool:
    """The name comes first: “Anna, good morning!”."""
    comma = re.match(r"\s*,\s*", after)
    return comma is not None and _greeting().match(after[comma.end() :]) is not None


@cache
def _greeting() -> re.Pattern[str]:
    words = {word for words in load("greetings.json")["greetings"].values() for word in words}
    either = "|".join(
        re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=len, reverse=True)
    )
    # At the start of the line, or after a character that is no part of a word and joins none.
    return re.compile(rf"(?:^\W*|[^\w\s'’/-]\s*)(?:{either})(?![\w-])", re.IGNORECASE)


@cache
def _titles() -> re.Pattern[str]:
    either = "|".join(map(re.escape, load("greetings.json")["titles"]))
    return re.compile(rf"\b(?:{either})\.(?:-\s*)?", re.IGNORECASE)


@cache
def _joining() -> frozenset[str]:
    """Words after which no name of a reader comes: “Thanks for {{ product }}”."""
    return frozenset(load("greetings.json")["joining"])
