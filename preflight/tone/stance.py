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
    from preflight.tone.zones import Layout

CORE = frozenset({"introduction", "discovery", "offer", "seeking", "follow-up"})
"""Families of which a first contact shows at least one: who I am, how I found you, what I want."""
ENOUGH = 4  # two families that weigh 2


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
    weights: dict[str, dict[str, int]] = {"cold": {}, "known": {}, "customer": {}}
    signs: dict[str, list[Sign]] = {"cold": [], "known": [], "customer": []}
    for first, last, (stance, family, weight) in _phrases(language).find(mail.said):
        start = mail.said[first].start
        families = weights[stance]
        families[family] = max(families.get(family, 0), weight)
        signs[stance].append(Sign(start, mail.said[last - 1].end, family, mail.zone(start)))
    sums = {stance: sum(families.values()) for stance, families in weights.items()}
    chosen: Stance = "unknown"
    if (
        sums["cold"] >= ENOUGH
        and CORE & weights["cold"].keys()
        and sums["cold"] > 2 * (sums["known"] + sums["customer"])
    ):
        chosen = "cold"
    elif sums["known"] >= 2 and sums["known"] >= sums["customer"]:
        chosen = "known"
    elif sums["customer"] >= 2:
        chosen = "customer"
    return chosen, tuple(signs[chosen]) if chosen != "unknown" else ()
