"""Which register a text has: evidence, what is set aside and why, and the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from preflight.tone import tagger
from preflight.tone.files import load
from preflight.tone.markers import LANGUAGES, Hit, excepted, hits, speaks_to_many
from preflight.tone.model import Evidence, Ignored
from preflight.tone.tagger import Chance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence, Set

    from preflight.tone.model import Register
    from preflight.tone.words import Word
    from preflight.tone.zones import Layout

HARD_SCORE = 0.99
SOFT_SCORE = 0.75  # of a soft marker: enough to be shown, too little to make a text mixed
SHOWN = 0.5  # a word with less is no evidence
SHOWN_EXPLICIT = 0.6  # where the language always says its pronouns
SURE = 0.8  # in some sentence, each side of a mixed text
_SUBJECT = 3  # words before the possessive: "mi jefe quiere su"
_GREETED = 3  # words before the subject: "hola Ana, mi jefe"
LIKELY = 0.4  # the verdict of the weights, of three
AGAINST = "too weak against the other register"
ALONE = "too weak alone"


class Judged(NamedTuple):
    """The register of a text with what it rests on."""

    register: Register
    confidence: float
    evidence: tuple[Evidence, ...]
    ignored: tuple[Ignored, ...]


def judge(mail: Layout, language: str, variant: str = "") -> Judged:
    """The register of a mail whose language is known."""
    if language not in LANGUAGES:
        return Judged("unknown", 0.0, (), ())
    words = mail.said
    exceptions = excepted(words, language)
    found = hits(words, language, variant, exceptions)
    learned = tagger.weights(language)
    taught: list[Chance] = []
    if learned:
        taught = overruled(tagger.chances(words, marks(words, found), learned), found)
        taught = _possible(words, taught, exceptions, language, variant)
    evidence = _evidence(mail, language, found, taught)
    evidence = _several(mail, language, found, evidence)
    ignored = [
        *_not_counted(mail, words, [hit for hit in found if hit.reason]),
        *_set_aside(mail, language, variant),
    ]
    verdict = None
    if learned and taught:
        parts = tagger.summary(words, taught, learned.closed)
        verdict = tagger.verdict(parts, learned.verdict)
    explicit = bool(load(f"markers.{language}").get("explicit"))
    listed = {mail.said[hit.first].start for hit in found}
    register, confidence = _verdict(
        evidence, _strengths(words, evidence), verdict, listed, explicit
    )
    kept, weak = _weak(evidence, register)
    ignored += weak
    return Judged(register, confidence, tuple(kept), tuple(sorted(ignored)))


def marks(words: Sequence[Word], found: Sequence[Hit]) -> list[str]:
    """For each word the register of the hard marker that stands there, or nothing."""
    result = [""] * len(words)
    for hit in found:
        if not hit.reason and hit.marker.strength == "hard":
            result[hit.first : hit.last] = [hit.marker.register] * (hit.last - hit.first)
    return result


def overruled(chances: list[Chance], found: Sequence[Hit]) -> list[Chance]:
    """The learned chances, but those of the marker file where it is sure."""
    for hit in found:
        side = hit.marker.register
        for at in range(hit.first, hit.last):
            if hit.reason:
                chances[at] = Chance(0.0, 0.0)
            elif hit.marker.strength == "hard" and side in ("T", "V"):
                sure = (HARD_SCORE, 0.0) if side == "T" else (0.0, HARD_SCORE)
                chances[at] = Chance(*sure)
    return chances


def _possible(
    words: Sequence[Word],
    chances: list[Chance],
    exceptions: Iterable[int],
    language: str,
    variant: str,
) -> list[Chance]:
    """The learned chances without what spelling, a set phrase or the variant rules out."""
    file = load(f"markers.{language}")
    capital = {word for members in file["kinds"].values() for word in members}
    for at in exceptions:
        chances[at] = Chance(0.0, 0.0)
    for at in _of_others(words, file):
        chances[at] = Chance(chances[at].t, min(chances[at].v, SOFT_SCORE))
    for at, word in enumerate(words):
        lower_case = file.get("capitals") and word.lower in capital and word.text[0].islower()
        if lower_case or variant in file.get("neutral", ()):
            chances[at] = Chance(chances[at].t, 0.0)
    return chances


def _of_others(words: Sequence[Word], file: dict[str, Any]) -> Iterator[int]:
    """The possessives for *his*, *her* and the polite *your* in a sentence that begins as one does
    whose subject is somebody else: *mi jefe quiere cambiar su despacho*."""
    shared = {*file["kinds"]["possessive"]}
    begins = {*file.get("begins", ())}
    began = None
    for at, word in enumerate(words):
        if not word.place:
            began = None
        if began is None and word.place <= _GREETED and word.lower in begins:
            began = at
        elif began is not None and at - began >= _SUBJECT and word.lower in shared:
            yield at


def _evidence(
    mail: Layout, language: str, found: Sequence[Hit], taught: Sequence[Chance]
) -> list[Evidence]:
    words = mail.said
    evidence = []
    file = load(f"markers.{language}")
    shown = SHOWN_EXPLICIT if file.get("explicit") else SHOWN
    covered = set[int]()
    for hit in found:
        covered.update(range(hit.first, hit.last))
        if hit.reason:
            continue
        hard = hit.marker.strength == "hard"
        start, end = words[hit.first].start, words[hit.last - 1].end
        evidence.append(
            Evidence(
                start,
                end,
                hit.marker.register,
                "hard" if hard else "soft",
                mail.zone(start),
                hit.marker.kind,
                HARD_SCORE if hard else SOFT_SCORE,
            )
        )
    kinds = {word: kind for kind, members in file["kinds"].items() for word in members}
    for at, (t, v) in enumerate(taught):
        if at not in covered and max(t, v) >= shown:
            word = words[at]
            evidence.append(
                Evidence(
                    word.start,
                    word.end,
                    "T" if t >= v else "V",
                    "soft",
                    mail.zone(word.start),
                    kinds.get(word.lower, "verb"),
                    round(max(t, v), 3),
                )
            )
    return sorted(evidence)


def _several(
    mail: Layout, language: str, found: Sequence[Hit], evidence: list[Evidence]
) -> list[Evidence]:
    """Evidence of forms that may mean several readers, where several are meant."""
    words = mail.said
    may_be = {words[hit.first].start for hit in found if hit.marker.plural}
    if not may_be:
        return evidence
    sentence = {word.start: word.sentence for word in words}
    several = set(speaks_to_many(words, language))
    one_reader = any(
        each.register == "T" and each.strength == "hard" and each.start not in may_be
        for each in evidence
    )
    if one_reader:  # "toi et Anne, vous venez ? Je vous garde deux places."
        several |= {number + 1 for number in several}
    return [
        each._replace(register="plural")
        if (mail.many or sentence[each.start] in several)
        and (each.start in may_be or (each.register == "V" and each.strength == "soft"))
        else each
        for each in evidence
    ]


def _not_counted(mail: Layout, words: Sequence[Word], found: Sequence[Hit]) -> list[Ignored]:
    return [
        Ignored(
            words[hit.first].start,
            words[hit.last - 1].end,
            hit.marker.register,
            "hard" if hit.marker.strength == "hard" else "soft",
            mail.zone(words[hit.first].start),
            hit.marker.kind,
            hit.reason,
        )
        for hit in found
    ]


def _set_aside(mail: Layout, language: str, variant: str) -> list[Ignored]:
    """The markers of the zones that are not said to the reader."""
    words = mail.aside
    return _not_counted(
        mail,
        words,
        [
            hit._replace(reason=mail.zone(words[hit.first].start))
            for hit in hits(words, language, variant)
        ],
    )


def _strengths(words: Sequence[Word], evidence: Sequence[Evidence]) -> dict[str, float]:
    """How sure each side is in the sentence in which it is surest. A sentence speaks in one
    register: beside surer words of the other, soft ones are his or hers (*¿tienes su número?*)."""
    sentence = {word.start: word.sentence for word in words}
    doubts: dict[int, dict[str, float]] = {}
    hard = set[tuple[str, int]]()
    for each in evidence:
        here = sentence[each.start]
        sides = doubts.setdefault(here, {})
        sides[each.register] = sides.get(each.register, 1.0) * (1 - each.score)
        if each.strength == "hard":
            hard.add((each.register, here))
    strengths = {"T": 0.0, "V": 0.0, "plural": 0.0}
    for here, sides in doubts.items():
        surest = min(sides.values())
        for side, doubt in sides.items():
            if doubt == surest or side == "plural" or (side, here) in hard:
                strengths[side] = max(strengths[side], 1 - doubt)
    return strengths


def _verdict(
    evidence: Sequence[Evidence],
    best: dict[str, float],
    verdict: dict[str, float] | None,
    listed: Set[int],
    explicit: bool,
) -> tuple[Register, float]:
    """The verdict; ``listed`` is where words of the marker file begin, ``explicit`` whether
    the language always says its pronouns."""
    t, v = best["T"], best["V"]
    hard = {each.register for each in evidence if each.strength == "hard"} & {"T", "V"}
    if min(t, v) >= SURE and (len(hard) == 2 or not explicit):
        return "mixed", min(t, v)
    if verdict is not None and not hard:
        name = max(verdict, key=lambda each: verdict[each])
        marked = any(
            e.score >= SOFT_SCORE and (e.kind != "verb" or e.start in listed) for e in evidence
        )
        if name == "none" and not marked:
            return ("plural", best["plural"]) if best["plural"] else ("none", verdict["none"])
        if name != "none" and verdict[name] < LIKELY and not best["plural"]:
            return "unknown", verdict[name]
        if name != "none" and not best["plural"]:
            return ("T" if name == "T" else "V"), verdict[name]
    if max(t, v) >= SHOWN:
        return ("T", t) if t >= v else ("V", v)
    if best["plural"]:
        return "plural", best["plural"]
    return "none", 1.0 - max(t, v)


def _weak(evidence: Sequence[Evidence], register: Register) -> tuple[list[Evidence], list[Ignored]]:
    """The evidence that stands, and what the verdict went against."""
    kept, weak = [], []
    other = {"T": "V", "V": "T"}.get(register)
    for each in evidence:
        if each.register == other and each.strength == "soft":
            weak.append(Ignored(*each[:6], AGAINST))
        elif register in ("none", "unknown", "plural") and each.register != "plural":
            weak.append(Ignored(*each[:6], ALONE))
        else:
            kept.append(each)
    return kept, weak
