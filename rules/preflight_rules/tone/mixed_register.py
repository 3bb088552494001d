"""*Tu* and *vous* for the same reader."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict, Field

from preflight.rule import Problem, Related, Severity, rule
from preflight.templates.message import Message
from preflight_rules.relationships._people import load
from preflight_rules.tone._expected import language_tag, pair, says_register
from preflight_rules.tone._heard import Heard, Word, detail, further, heard


class Options(BaseModel):
    """What is nobody's address."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ignore_terms: tuple[str, ...] = Field(
        (), description="brands and titles with a word of address in them, such as Toi & Moi"
    )


@rule("mixed-register", on=Message, severity=Severity.ERROR, options=Options)
def mixed_register(message: Message, options: Options) -> Iterator[Problem]:
    """The mail says both *tu* and *vous* to the same reader."""
    for language in message.voices.languages:
        if not says_register(language):
            continue
        said = heard(message, language, options.ignore_terms)
        if said.register == "mixed" and said.t and said.v and not _to_several(said, language):
            yield _mixed(said, *pair(language_tag(message, language)))


def _mixed(said: Heard, t: str, v: str) -> Problem:
    """Stands at the rarer side, with a word of the other one beside it."""
    rarer, other = sorted((said.side("T"), said.side("V")), key=_weight)
    names = (t, v) if rarer[0].evidence.register == "T" else (v, t)
    return Problem(
        rarer[0].span,
        f"the mail says “{names[0]}” here and “{names[1]}” elsewhere, to the same reader",
        f"Say “{t}” or “{v}” throughout; a quotation belongs in quotation marks.",
        weaker=not (rarer[0].hard and other[0].hard),
        related=(
            Related(other[0].span, f"“{other[0].text}”: here it is “{names[1]}”"),
            *further(rarer, "“{words}” is “" + names[0] + "” too"),
        ),
        detail=detail(said),
    )


def _to_several(said: Heard, language: str) -> bool:
    """Whether every V may be a plural: “si vous venez à plusieurs, dis-le-nous”."""
    words = load("several_readers.json")["words"].get(language)
    if not words:
        return False
    several = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)")
    return all(several.search(_sentence(word)) for word in said.v)


def _sentence(word: Word) -> str:
    text = word.voice.said.text
    ends = [match.start() for match in re.finditer(r"[.!?\n]", text)]
    at = bisect_left(ends, word.evidence.start)
    first = ends[at - 1] + 1 if at else 0
    return text[first : ends[at] if at < len(ends) else len(text)].casefold()


def _weight(words: tuple[Word, ...]) -> float:
    return sum(word.evidence.score for word in words)
