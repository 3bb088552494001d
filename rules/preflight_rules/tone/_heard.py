"""How a mail addresses its reader: what all of its parts say together, and by which words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from preflight.rule import Related

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from preflight.source import Span
    from preflight.templates.message import Message
    from preflight.templates.voice import Voice
    from preflight.tone import Evidence, Ignored, Sign
    from preflight.tone import Register as Verdict

_SHOWN = 3  # further places that a problem names
_LISTED = 12  # with --verbose
_SIDES: tuple[Literal["T", "V"], ...] = ("T", "V")
_SOFT_NEEDED = 2  # verbs and the like, where no pronoun tells


class Word(NamedTuple):
    """A piece of evidence with the part in which it stands."""

    voice: Voice
    evidence: Evidence

    @property
    def span(self) -> Span:
        return self.voice.span(self.evidence.start, self.evidence.end)

    @property
    def text(self) -> str:
        return self.voice.words(self.evidence.start, self.evidence.end)

    @property
    def hard(self) -> bool:
        return self.evidence.strength == "hard"


class Heard(NamedTuple):
    """The register of a whole mail in one language, and the words of both sides, those of the body
    first."""

    register: Verdict
    t: tuple[Word, ...]
    v: tuple[Word, ...]
    voices: tuple[Voice, ...]

    def side(self, register: str) -> tuple[Word, ...]:
        """The words of a register, those that are sure first."""
        words = self.t if register == "T" else self.v
        return tuple(sorted(words, key=lambda word: not word.hard))


def heard(message: Message, language: str, terms: Iterable[str] = ()) -> Heard:
    """How a mail addresses its reader, in one of its languages; the words of ``terms`` (brands,
    titles) are nobody's address. Where its parts disagree it is mixed, if both are sure; several
    readers in one part may be meant by the others too."""
    voices = sorted(message.voices.within(language), key=_body_first)
    t: list[Word] = []
    v: list[Word] = []
    verdicts: set[Verdict] = set()
    for voice in voices:
        named = list(_stretches(voice, terms))
        words = [
            Word(voice, one)
            for one in voice.tone.evidence
            if not any(start <= one.start < end for start, end in named)
        ]
        sides = {side: [w for w in words if w.evidence.register == side] for side in "TV"}
        t += sides["T"]
        v += sides["V"]
        verdicts.add(_verdict(voice.tone.register, sides))
    return Heard(_whole(verdicts, t, v), tuple(t), tuple(v), tuple(voices))


def _verdict(verdict: Verdict, sides: Mapping[str, Sequence[Word]]) -> Verdict:
    """The verdict on a part by the words that are left. Some polite phrase alone, or a single verb,
    is not enough to say which register it is."""
    if verdict == "mixed":
        left: list[Verdict] = [one for one in _SIDES if sides[one]]
        verdict = "mixed" if len(left) == 2 else left[0] if left else "unknown"
    if verdict in ("T", "V") and not _tells(sides[verdict]):
        return "unknown"
    return verdict


def _tells(words: Sequence[Word]) -> bool:
    soft = [word for word in words if word.evidence.kind != "politeness"]
    # *su*, *suo* and *seu* may be anybody's: they confirm what other words say.
    other = [word for word in soft if word.evidence.kind != "possessive"]
    return (len(soft) >= _SOFT_NEEDED and bool(other)) or any(word.hard for word in words)


def _whole(verdicts: set[Verdict], t: Sequence[Word], v: Sequence[Word]) -> Verdict:
    if "mixed" in verdicts:
        return "mixed"
    if {"T", "V"} <= verdicts:
        sure_t, sure_v = (any(word.hard for word in side) for side in (t, v))
        if sure_t and sure_v and "plural" not in verdicts:
            return "mixed"
        return "T" if sure_t else "V" if sure_v else "unknown"
    if "V" in verdicts and "plural" in verdicts:
        return "plural"
    order: tuple[Verdict, ...] = ("T", "V", "plural", "unknown", "none")
    return next((one for one in order if one in verdicts), "unknown")


def _stretches(voice: Voice, terms: Iterable[str]) -> Iterator[tuple[int, int]]:
    for term in terms:
        pattern = rf"(?<!\w){re.escape(term)}(?!\w)"
        yield from (one.span() for one in re.finditer(pattern, voice.said.text, re.IGNORECASE))


def _body_first(voice: Voice) -> int:
    name = voice.part.name.partition("-")[0]
    return ("html", "text", "subject", "preheader").index(name)


def further(words: Sequence[Word], message: str) -> tuple[Related, ...]:
    """The next few places after the first."""
    seen = {words[0].span} if words else set()
    found = []
    for word in words[1:]:
        if word.span not in seen:
            seen.add(word.span)
            found.append(Related(word.span, message.format(words=word.text)))
        if len(found) == _SHOWN:
            break
    return tuple(found)


def detail(heard: Heard) -> str:
    """What the verdict rests on and what was set aside, a line each, for --verbose."""
    counted = [
        f"counted: {place(one.voice, one.evidence)} “{one.text}” ({one.evidence.register}, "
        f"{one.evidence.strength}, {one.evidence.kind}, {one.evidence.score:.2f})"
        for one in (*heard.t, *heard.v)
    ]
    aside = [
        f"set aside: {place(voice, one)} “{voice.words(one.start, one.end)}” ({one.reason})"
        for voice in heard.voices
        for one in voice.tone.ignored
    ]
    return "\n".join([*_some(counted), *_some(aside)])


def _some(lines: list[str]) -> list[str]:
    more = len(lines) - _LISTED
    return [*lines[:_LISTED], f"and {more} more"] if more > 0 else lines


def place(voice: Voice, one: Evidence | Ignored | Sign) -> str:
    """The place of words, as file:line:column."""
    span = voice.span(one.start, one.end)
    line, column = span.start_place
    return f"{span.source.path}:{line}:{column}"


def cold_signs(voices: Iterable[Voice]) -> list[tuple[Voice, Sign]]:
    """The words that make a mail a first contact, when nothing in another part of its body shows
    that the two know each other."""
    bodies = [one for one in voices if one.part.name not in ("subject", "preheader")]
    if any(one.tone.stance in ("known", "customer") for one in bodies):
        return []
    for voice in bodies:
        if voice.tone.stance == "cold":
            return [(voice, sign) for sign in voice.tone.stance_evidence]
    return []


def other_families(signs: Sequence[tuple[Voice, Sign]]) -> tuple[Related, ...]:
    """One place for each further family of evidence after the first sign's."""
    seen = {signs[0][1].family}
    found = []
    for voice, sign in signs[1:]:
        if sign.family not in seen:
            seen.add(sign.family)
            words = voice.words(sign.start, sign.end)
            said = f"“{words}” ({sign.family.replace('-', ' ')})"
            found.append(Related(voice.span(sign.start, sign.end), said))
    return tuple(found[:_SHOWN])


def said_signs(signs: Iterable[tuple[Voice, Sign]]) -> list[str]:
    """The words that show a stance, a line each, for --verbose."""
    return _some(
        [
            f"counted: {place(voice, one)} “{voice.words(one.start, one.end)}” ({one.family})"
            for voice, one in signs
        ]
    )
