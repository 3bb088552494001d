"""What a mail about an incident says, leaves out, and gets wrong.

A reader who is hit wants facts: what happened and when, why (or that it is being looked for), whom
it hits, what has been done, who answers, and a word of apology. Each element is found by phrases
(``incident.<language>``, written in ``benchmarks/tone_phrases/``); faults are panic, blame,
minimising, vagueness and a mail that tells of no action.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from preflight.tone.files import load, there
from preflight.tone.language import language_of
from preflight.tone.model import Element, Incident, Sign
from preflight.tone.phrases import Phrases
from preflight.tone.zones import layout

if TYPE_CHECKING:
    from preflight.tone.zones import Layout

ELEMENTS = ("facts", "cause", "impact", "action", "apology", "contact")
FAULTS = ("panic", "blame", "minimise", "vague", "no-action")
ALSO = ("advice", "next")
_PHONE = re.compile(r"(?<![\w.,/-])(?:\+\d|\(?0\d)[\d .()/-]{6,18}\d(?![\w/])")
_SHOUT = re.compile(r"[!?]{3,}|!(?:\s*!){1,}")
_CAPITALS = re.compile(r"(?<!\w)[^\W\d_a-zà-öø-ÿ]{4,}(?!\w)")
_SHOUTED_WORDS = 2


@cache
def _phrases(language: str) -> Phrases[str]:
    data = load(f"incident.{language}")
    return Phrases(
        (phrase, part) for part, phrases in data["phrases"].items() for phrase in phrases
    )


def incident(text: str, language: str | None = None) -> Incident:
    """The elements and faults of a mail about an incident, each with the words that show it.

    A language without a phrase file yields nothing present and nothing missing.
    """
    mail = layout(text)
    tag = language.lower().replace("_", "-") if language else language_of(mail.masked())
    base = tag.partition("-")[0] if tag else None
    if base is None or not there(f"incident.{base}"):
        return Incident(base, (), (), (), ())
    found = _signs(mail, base)
    facts = [*found["what"], *found["time"]]
    if facts:
        found["facts"] = facts
    else:
        found["vague"] = found["generic"] or [_everything(text)]
    if not found["action"]:
        found["no-action"] = [_everything(text)]
    return Incident(
        base,
        _elements(found, ELEMENTS),
        tuple(Element(name) for name in ELEMENTS if not found[name]),
        _elements(found, FAULTS),
        _elements(found, ALSO),
    )


def _signs(mail: Layout, language: str) -> defaultdict[str, list[Sign]]:
    found: defaultdict[str, list[Sign]] = defaultdict(list)
    words = mail.said
    hits = list(_phrases(language).find(words))
    ahead = {words[first].sentence for first, _, part in hits if part == "next"}
    for first, last, part in hits:
        if part == "time" and words[first].sentence in ahead:
            continue  # when the next news comes, not when it happened
        start = words[first].start
        found[part].append(Sign(start, words[last - 1].end, part, mail.zone(start)))
    for match in _PHONE.finditer(mail.text):
        found["contact"].append(_sign(mail, match, "contact"))
    for start, end, name in mail.zones:
        if name == "address" and "@" in mail.text[start:end]:
            found["contact"].append(Sign(start, end, "contact", name))
    masked = mail.masked()
    capitals = list(_CAPITALS.finditer(masked))
    shouts = [*_SHOUT.finditer(masked), *(capitals if len(capitals) >= _SHOUTED_WORDS else ())]
    found["panic"] += [_sign(mail, match, "panic") for match in shouts]
    return found


def _sign(mail: Layout, match: re.Match[str], family: str) -> Sign:
    return Sign(match.start(), match.end(), family, mail.zone(match.start()))


def _everything(text: str) -> Sign:
    return Sign(0, len(text), "text", "body")


def _elements(found: dict[str, list[Sign]], names: tuple[str, ...]) -> tuple[Element, ...]:
    return tuple(Element(name, tuple(sorted(found[name]))) for name in names if found[name])
