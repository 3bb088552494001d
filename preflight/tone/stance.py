"""How a mail stands to its reader: a first contact, somebody known, or a customer.

Phrases prove little one by one: business mails are full of *I would like to introduce*. So they
are grouped in families of evidence (``stance.<language>``, written in
``benchmarks/tone_phrases/``), several of them must meet, and what shows that the two know each
other, or have business in hand, speaks against.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from preflight.tone.files import load, there
from preflight.tone.model import Sign
from preflight.tone.phrases import Phrases

if TYPE_CHECKING:
    from preflight.tone.model import Stance
    from preflight.tone.phrases import Found
    from preflight.tone.zones import Layout

CORE = frozenset(
    {"introduction", "discovery", "offer", "proof", "seeking", "follow-up", "unmet", "problem"}
)
"""Families of which a first contact shows at least one: who I am, how I found you, what I want."""
PITCH = frozenset({"offer", "proof", "problem"})
"""What any advertising says too; alone it is no first contact, however much of it there is."""
BESIDE = frozenset({"impersonal", "looked"})
"""What adds to other families and makes no first contact with a pitch alone."""
ENOUGH = 4  # two families that weigh 2
CHASING = frozenset({"silence", "breakup"})
"""What chases an answer: with two more families it is one of a row of first contacts."""
STANCES = ("cold", "known", "customer", "ongoing")
"""What phrases speak for. *Ongoing*, business in hand, is no stance; it speaks against *cold*."""

Weights = dict[str, dict[str, int]]  # by stance and family


@cache
def _phrases(language: str) -> Phrases[tuple[str, str, int]]:
    data = load(f"stance.{language}")
    return Phrases(
        (phrase, (stance, family, int(weight)))
        for stance in STANCES
        for family, weights in data.get(stance, {}).items()
        for weight, phrases in weights.items()
        for phrase in phrases
    )


def stance_of(mail: Layout, language: str) -> tuple[Stance, tuple[Sign, ...]]:
    """The stance of a mail and the words that show it; unknown when little speaks for any."""
    if not there(f"stance.{language}"):
        return "unknown", ()
    weights, signs = weighed(mail, language)
    stance = chosen(weights)
    return stance, tuple(signs[stance]) if stance != "unknown" else ()


def weighed(mail: Layout, language: str) -> tuple[Weights, dict[str, list[Sign]]]:
    """For each stance the families of phrases found, with their weights, and the phrases.

    Words are evidence of one family only: of the phrase that weighs more, else of the longer one.
    """
    weights: Weights = {stance: {} for stance in STANCES}
    taken: dict[str, dict[int, str]] = {stance: {} for stance in STANCES}
    ranges: dict[str, list[tuple[int, int]]] = {stance: [] for stance in STANCES}
    found = _phrases(language).find(mail.said)
    for first, last, (stance, family, weight) in sorted(found, key=_heavy_and_long):
        if stance == "cold" and family != "impersonal" and _greets(mail, first):
            continue  # names may be any words
        families = taken[stance]
        if any(families.get(at, family) != family for at in range(first, last)):
            continue
        families.update(dict.fromkeys(range(first, last), family))
        ranges[stance].append((first, last))
        weights[stance][family] = max(weights[stance].get(family, 0), weight)
    signs = {
        stance: [_sign(mail, first, last, taken[stance][first]) for first, last in _joined(found)]
        for stance, found in ranges.items()
    }
    return weights, signs


def _greets(mail: Layout, at: int) -> bool:
    return mail.zone(mail.said[at].start) == "greeting"


def _sign(mail: Layout, first: int, last: int, family: str) -> Sign:
    start = mail.said[first].start
    return Sign(start, mail.said[last - 1].end, family, mail.zone(start))


def _joined(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The ranges in order, those that share words as one: they are of the same family."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if joined and first < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def _heavy_and_long(found: Found[tuple[str, str, int]]) -> tuple[int, int, int]:
    return -found.what[2], found.first - found.last, found.first


def chosen(weights: Weights) -> Stance:
    """The stance, from the families found."""
    sums = {stance: sum(families.values()) for stance, families in weights.items()}
    if _is_cold(weights["cold"]) and sums["cold"] > 2 * (
        sums["known"] + sums["customer"] + sums["ongoing"]
    ):
        return "cold"
    if sums["known"] >= 2 and sums["known"] >= sums["customer"]:
        return "known"
    return "customer" if sums["customer"] >= 2 else "unknown"


def _is_cold(families: dict[str, int]) -> bool:
    """Whether enough different things are said that are said to strangers."""
    pitch = sum(weight for family, weight in families.items() if family in PITCH)
    rest = sum(weight for family, weight in families.items() if family not in PITCH)
    if not families.keys() - PITCH - BESIDE:
        return False
    if CORE & families.keys():
        return rest + min(pitch, ENOUGH - 1) >= ENOUGH
    return bool(CHASING & families.keys()) and rest >= ENOUGH + 2
