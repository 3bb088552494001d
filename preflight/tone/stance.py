"""How a mail stands to its reader: a first contact, somebody known, or a customer.

Phrases prove little one by one: business mails are full of *I would like to introduce*. So they
are grouped in families of evidence (``stance.<language>``, written in
``benchmarks/tone_phrases/``), several of them must meet, and what shows that the two know each
other, or have business in hand, speaks against. Strangers put the same things in ever new words;
so where phrases say too little, the words as a whole (``wording.<language>``, learned by
``benchmarks/tone_train_wording.py``) may tell, never without any phrase.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from preflight.tone.files import load, there
from preflight.tone.model import Sign
from preflight.tone.phrases import Phrases
from preflight.tone.words import folded

if TYPE_CHECKING:
    from preflight.tone.model import Stance
    from preflight.tone.zones import Layout

CORE = frozenset({"introduction", "discovery", "offer", "proof", "seeking", "follow-up", "unmet"})
"""Families of which a first contact shows at least one: who I am, how I found you, what I want."""
PITCH = frozenset({"offer", "proof", "problem"})
"""What any advertising says too; alone it is no first contact, however much of it there is."""
BESIDE = frozenset({"impersonal", "looked"})
"""What adds to other families and makes no first contact with a pitch alone."""
ENOUGH = 4  # two families that weigh 2
CHASING = frozenset({"silence", "breakup"})
"""What chases an answer: with two more families it is one of a row of first contacts."""
SHOWN = 3  # words that are named where words tell

Weights = dict[str, dict[str, int]]  # by stance and family


@cache
def _phrases(language: str) -> Phrases[tuple[str, str, int]]:
    data = load(f"stance.{language}")
    return Phrases(
        (phrase, (stance, family, int(weight)))
        for stance in ("cold", "known", "customer")
        for family, weights in data[stance].items()
        for weight, phrases in weights.items()
        for phrase in phrases
    )


def stance_of(mail: Layout, language: str) -> tuple[Stance, tuple[Sign, ...]]:
    """The stance of a mail and the words that show it; unknown when little speaks for any."""
    if not there(f"stance.{language}"):
        return "unknown", ()
    weights, signs = weighed(mail, language)
    telling = _telling(mail, language) if weights["cold"] else ()
    stance = chosen(weights, bool(telling))
    if stance == "unknown":
        return stance, ()
    return stance, (*signs[stance], *(telling if stance == "cold" else ()))


def weighed(mail: Layout, language: str) -> tuple[Weights, dict[str, list[Sign]]]:
    """For each stance the families of phrases found, with their weights, and the phrases."""
    weights: Weights = {"cold": {}, "known": {}, "customer": {}}
    signs: dict[str, list[Sign]] = {"cold": [], "known": [], "customer": []}
    for first, last, (stance, family, weight) in _phrases(language).find(mail.said):
        start = mail.said[first].start
        families = weights[stance]
        families[family] = max(families.get(family, 0), weight)
        signs[stance].append(Sign(start, mail.said[last - 1].end, family, mail.zone(start)))
    return weights, signs


def chosen(weights: Weights, worded: bool) -> Stance:
    """The stance, from the families found and whether the words are those of a first contact."""
    sums = {stance: sum(families.values()) for stance, families in weights.items()}
    cold = _is_cold(weights["cold"]) or (worded and weights["cold"])
    if cold and sums["cold"] > 2 * (sums["known"] + sums["customer"]):
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


def words_of(mail: Layout) -> set[str]:
    """The words of a mail as ``wording`` knows them: folded, every number as one."""
    return {"#" if word.lower.isdigit() else folded(word.lower) for word in mail.said}


def _telling(mail: Layout, language: str) -> tuple[Sign, ...]:
    """The words that weigh most, when all together are those of a first contact."""
    if not there(f"wording.{language}"):
        return ()
    data = load(f"wording.{language}")
    weight: dict[str, float] = data["words"]
    held = {word: weight[word] for word in words_of(mail) if word in weight}
    if data["bias"] + sum(held.values()) < data["enough"]:
        return ()
    best = set(sorted(held, key=lambda word: (-held[word], word))[:SHOWN])
    signs = {}
    for word in mail.said:
        key = "#" if word.lower.isdigit() else folded(word.lower)
        if key in best and key not in signs:
            signs[key] = Sign(word.start, word.end, "wording", mail.zone(word.start))
    return tuple(signs.values())
