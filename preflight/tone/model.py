"""What the tone of a text is said to be, and by which words."""

from __future__ import annotations

from typing import Literal, NamedTuple

Register = Literal["T", "V", "mixed", "plural", "none", "unknown"]
Stance = Literal["cold", "known", "customer", "unknown"]
Strength = Literal["hard", "soft"]


class Evidence(NamedTuple):
    """Words that say how the reader is addressed; offsets in code points, half open."""

    start: int
    end: int
    register: str  # "T", "V" or "plural"
    strength: Strength
    zone: str
    kind: str  # "pronoun", "possessive", "verb", "greeting", ...
    score: float  # how sure: 0 to 1


class Ignored(NamedTuple):
    """Words that look like evidence, and why they are none."""

    start: int
    end: int
    register: str
    strength: Strength
    zone: str
    kind: str
    reason: str


class Sign(NamedTuple):
    """Words that show a stance, an element of an incident mail, or a fault of one."""

    start: int
    end: int
    family: str
    zone: str


class Tone(NamedTuple):
    """How a text addresses its reader.

    ``register`` is "T" (tu, du, je), "V" (vous, Sie, u), "mixed" (both, for the same reader),
    "plural" (several readers), "none" (nobody is addressed) or "unknown" (too little to tell).
    ``minority`` are the spans of the rarer side of a mixed text.
    """

    language: str | None
    register: Register
    confidence: float
    evidence: tuple[Evidence, ...]
    ignored: tuple[Ignored, ...]
    stance: Stance
    stance_evidence: tuple[Sign, ...]

    @property
    def minority(self) -> tuple[Evidence, ...]:
        """Of a mixed text, the evidence of the side that weighs less; else nothing."""
        if self.register != "mixed":
            return ()
        sides = {
            side: [found for found in self.evidence if found.register == side] for side in "TV"
        }
        rarer = min("TV", key=lambda side: sum(found.score for found in sides[side]))
        return tuple(sides[rarer])


class Element(str):
    """The name of an element or a fault of an incident mail, with the words that show it."""

    __slots__ = ("spans",)
    spans: tuple[Sign, ...]

    def __new__(cls, name: str, spans: tuple[Sign, ...] = ()) -> Element:
        element = super().__new__(cls, name)
        element.spans = spans
        return element


class Incident(NamedTuple):
    """What a mail about an incident says, leaves out, and gets wrong.

    ``present`` and ``missing`` are of facts, cause, impact, action, apology and contact; ``also``
    is what a mail may say besides: advice to the reader, when the next news comes.
    """

    language: str | None
    present: tuple[Element, ...]
    missing: tuple[Element, ...]
    faults: tuple[Element, ...]
    also: tuple[Element, ...]
