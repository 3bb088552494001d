"""What a failed merge leaves in a mail."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from preflight.absence import ABSENCE_WORDS, says_nothing
from preflight.rule import Need, Problem, Severity, rule
from preflight.templates.message import Message
from preflight.templates.model import Placeholder, Zone
from preflight.templates.samples import samples_of
from preflight_rules.origin import empty_tag_between, own_words, rows_of, stretches

if TYPE_CHECKING:
    from preflight.templates.message import Part

_HELP = "Look at what fills this place: the field, its fallback, or the step that made the mail."
_BEFORE_COMMA = re.compile(r"^(?P<greeting>[^\n,;:.!?]{2,40}?)(?P<gap>[ \t\u00a0]+),", re.MULTILINE)
_GREETED = re.compile(
    r"^(?P<greeting>[^\n,;:.!?]{2,40}?)[ \t\u00a0](?P<word>None|NaN|nan|null|NULL|undefined|default"
    r"|FALLBACK|edit me)[ \t]*[,!:]?[ \t]*$",
    re.MULTILINE,
)
_SIGN = re.compile(
    r"(?P<sign>[$€£])(?=[ \t]*(?:[.,;:!?)]|$)|[ \t]+(?!(?:USD|EUR|GBP|CAD|AUD)\b)[^\W\d_])",
    re.MULTILINE,
)
# A subject that a name should begin: “, your gift”, “None, your gift”.
_OPENING = re.compile(
    r"\s*(?P<sign>[,;])\s*\w|\s*(?P<word>None|NaN|nan|null|NULL|undefined)\s*[,:!]"
)
# Without any of these in a part its words need not be made out, which takes the most time.
_HINT = re.compile(
    r"(?:[ \t\n\u00a0>]|&nbsp;|&#160;|&#x[aA]0;),"
    r"|(?<!\d)(?<!\d[ \u00a0])[$€£](?!\s?\d)"
    r"|&(?:euro|pound);|object Object|no value|\bmethod\b|function|MISSING|nil\b"
    r"|#(?:REF|NAME|VALUE|DIV)|Invalid"
    r"|\b(?:None|NaN|nan|null|NULL|undefined|default|FALLBACK|edit me)\b"
)
# Nothing that it finds is without one of these, which are sought a hundred times as fast.
_CUES = (
    *(f"{chr(code)}," for code in range(0x3001) if chr(code).isspace()),
    *(f"{end}," for end in (">", "&nbsp;", "&#160;", "&#xa0;", "&#xA0;")),
    "$", "€", "£", "&euro;", "&pound;", "object Object", "no value", "method", "function",
    "MISSING", "nil", "#REF", "#NAME", "#VALUE", "#DIV", "Invalid", "None", "NaN", "nan", "null",
    "NULL", "undefined", "default", "FALLBACK", "edit me",
)  # fmt: skip
_QUOTES = "\"'“”‘’«»„`"


@rule("placeholder-residue", on=Message, severity=Severity.ERROR)
def placeholder_residue(message: Message) -> Iterator[Problem]:
    """The finished mail shows what a failed merge leaves: None, undefined, “Dear ,”."""
    if message.approximate:
        return
    for part in message.parts.values():
        yield from _whole_values(message, part)
        yield from _opening(message, part)
        if not any(cue in part.text for cue in _CUES) or not _HINT.search(part.text):
            continue
        yield from _clear_shapes(message, part)
        yield from _greetings(message, part)
        yield from _amounts(message, part)


@placeholder_residue.also(on=Placeholder, needs=(Need.LISTS, Need.PRINTED))
def residue_of_values(placeholder: Placeholder) -> Iterator[Problem]:
    """A tag that makes such a word of the values of some recipients."""
    if placeholder.zone is Zone.HIDDEN:
        return
    left = [one for one in placeholder.outcomes if _is_residue(one.text)]
    if left:
        yield Problem(
            placeholder.span,
            f"{{recipients}} would read “{_shown(left[0].text.strip())}” here, which is what a "
            "failed merge leaves",
            "Write a fallback that a reader may see, or take the placeholder out.",
            rows=rows_of(left),
        )


def _shown(words: str) -> str:
    """Without the address of an object, which changes from run to run."""
    return re.sub(r" object at 0x\w+>?", "", words)


def _opening(message: Message, part: Part) -> Iterator[Problem]:
    """The name that a subject should begin with is missing."""
    match = _OPENING.match(part.text) if part.name == "subject" else None
    if match is None:
        return
    start, end = match.span(match.lastgroup or 0)
    printed = any(not one.literal for one in stretches(part, 0, end))
    if printed or empty_tag_between(message, part, 0, start):
        return  # of that speaks empty-placeholder
    if own_words(message, part, start, end):
        said = f"the subject begins with “{match[match.lastgroup or 0]}”: a name is missing"
        yield Problem(part.span(start, end), said, _HELP)


def _is_residue(printed: str) -> bool:
    """A shape that no cell brings; of blanks and words for nothing empty-placeholder speaks."""
    return _clear().search(printed) is not None and not says_nothing(printed)


def _whole_values(message: Message, part: Part) -> Iterator[Problem]:
    """A tag that prints just such a word, and no cell of the list holds it."""
    tags = {tag.start: tag for tag in part.parsed.tags}
    for stretch in part.segments:
        tag = tags.get(stretch.source_start)
        if stretch.literal or tag is None:
            continue
        printed = part.text[stretch.start : stretch.end].strip()
        word = printed.casefold()
        if word not in _data()["words"]:
            continue
        if tag.names and (word in ABSENCE_WORDS or _is_value(message, word)):
            continue  # of that speak empty-placeholder, and the rules on the list
        yield Problem(
            part.excerpt.part(tag.start, tag.end),
            f"this prints “{printed}”, which is what a failed merge leaves",
            "Write a fallback that a reader may see, or take the placeholder out.",
        )


def _clear_shapes(message: Message, part: Part) -> Iterator[Problem]:
    """Words that nobody writes, anywhere in the part; code and quotations show them on purpose."""
    text = part.text
    found = [(match.span(), match.group()) for match in _clear().finditer(text)]
    plain = part.plain
    for match in _clear().finditer(plain.text):
        found.append((plain.source_span(*match.span()), match.group()))
    seen: set[int] = set()
    for (start, end), words in found:
        quoted = text[max(0, start - 1) : start] in tuple(_QUOTES)
        if start in seen or quoted or _is_sample(part, start):
            continue
        seen.add(start)
        whole = [s for s in stretches(part, start, end) if not s.literal]
        told = part.template.outcomes if part.template is not None else {}
        if len(whole) == 1 and whole[0].source_start in told:
            continue  # told of everybody's values, above
        if len(whole) == 1 and _is_value(message, words.casefold()):
            continue
        if not whole and not own_words(message, part, start, end):
            continue
        yield Problem(part.span(start, end), f"the mail shows “{_shown(words)}”", _HELP)


def _greetings(message: Message, part: Part) -> Iterator[Problem]:
    plain = part.plain
    for match in _BEFORE_COMMA.finditer(plain.text):
        start, end = plain.source_span(match.start(), match.end())
        if not _is_just_greeting(match["greeting"]) or _is_sample(part, start):
            continue
        gap_start, gap_end = plain.source_span(*match.span("gap"))
        if empty_tag_between(message, part, gap_start, gap_end):
            continue
        if own_words(message, part, start, end):
            yield Problem(
                part.span(start, end), f"“{match.group()}” greets nobody: a name is missing", _HELP
            )
    for match in _GREETED.finditer(plain.text):
        start, end = plain.source_span(*match.span("word"))
        if not _is_just_greeting(match["greeting"]) or _is_sample(part, start):
            continue
        printed = [s for s in stretches(part, start, end) if not s.literal]
        if not printed and own_words(message, part, start, end):
            yield Problem(
                part.span(start, end), f"the salutation reads “{match.group().strip()}”", _HELP
            )


def _amounts(message: Message, part: Part) -> Iterator[Problem]:
    plain = part.plain
    for match in _SIGN.finditer(plain.text):
        if not _money().search(plain.text[max(0, match.start() - 40) : match.start()]):
            continue
        start, end = plain.source_span(*match.span("sign"))
        if _is_sample(part, start):
            continue
        if not own_words(message, part, start, end) or empty_tag_between(message, part, start, end):
            continue
        yield Problem(
            part.span(start, end),
            f"an amount is missing after “{match['sign']}”",
            _HELP,
        )


def _is_just_greeting(words: str) -> bool:
    """“Dear”, “Sehr geehrte”: no sentence that begins like a greeting."""
    return len(words.split()) <= 2 and words.strip().casefold() in _greeting_words()


def _is_sample(part: Part, at: int) -> bool:
    """Code shows such words on purpose, and no reader sees style and script."""
    if part.markup.html:
        run = part.markup.run_at(at)
        return run is not None and (run.sample or run.hidden)
    return any(start <= at < end for start, end in samples_of(part.text))


def _is_value(message: Message, word: str) -> bool:
    return any(
        isinstance(value, str) and word in value.casefold() for value in message.facts.values()
    )


@cache
def _data() -> dict[str, Any]:
    file = files("preflight_rules.placeholders").joinpath("residue_words.json")
    data: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return data


@cache
def _clear() -> re.Pattern[str]:
    return re.compile("|".join([*_data()["clear"], rf"\b{_data()['invalid_date']}\b(?!\s?[:\w])"]))


@cache
def _money() -> re.Pattern[str]:
    words = [word for words in _data()["money"].values() for word in words]
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})[ \t\u00a0]*$", re.IGNORECASE)


@cache
def _greeting_words() -> frozenset[str]:
    from preflight.templates.words import load

    greetings = load("greetings.json")["greetings"]
    return frozenset(word for words in greetings.values() for word in words)
