"""How likely each word addresses the reader with T or V: sparse weights over plain features.

Languages that leave the pronoun out (Spanish, Italian, Portuguese) say T or V in the verb alone,
and the V form is the form for *he* and *she*. The weights are logistic regressions of one word's
chance, learned by ``benchmarks/tone_train_weights.py`` from sentences in which the words of
address are marked. Features are closed-class words and common verbs, endings of words, places in
the sentence, and whether the sentence or its neighbours hold a marker. No punctuation, no content
words: those tell the subject of a text, not how it addresses its reader.
"""

from __future__ import annotations

import math
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from preflight.tone.files import load, there

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence, Set

    from preflight.tone.words import Word


class Chance(NamedTuple):
    """How likely a word addresses the reader with T, and with V."""

    t: float
    v: float


class Weights(NamedTuple):
    """The learned part of one language."""

    closed: frozenset[str]
    third: frozenset[str]  # pronouns for third persons
    bias: tuple[float, float]
    features: dict[str, tuple[float, float]]  # for T and for V
    verdict: dict[str, dict[str, float]]  # for T, V and none: a weight for each of `summary`


@cache
def weights(language: str) -> Weights | None:
    """The weights of a language, if it has some."""
    if not there(f"weights.{language}"):
        return None
    return read_weights(load(f"weights.{language}"), load(f"markers.{language}")["third"])


def read_weights(data: dict[str, Any], third: Iterable[str]) -> Weights:
    """What a weights file says."""
    table: dict[str, tuple[float, float]] = {}
    for weight, features in data["T"].items():
        table.update(dict.fromkeys(features.split(" "), (int(weight) / 10, 0.0)))
    for weight, features in data["V"].items():
        for feature in features.split(" "):
            table[feature] = (table.get(feature, (0.0, 0.0))[0], int(weight) / 10)
    return Weights(
        frozenset(data["closed"].split()),
        frozenset(third),
        (data["bias"]["T"], data["bias"]["V"]),
        table,
        data["verdict"],
    )


def chances(words: Sequence[Word], marks: Sequence[str], learned: Weights) -> list[Chance]:
    """For each word its chances; ``marks`` are "T", "V" or "" where a marker stands."""
    weigh = learned.features.get
    found = []
    sums: dict[int, tuple[float, float]] = {}
    for sentence, bag in bags_of(words, learned.closed).items():
        sums[sentence] = _sum(learned.bias, bag, weigh)
    for word, features in zip(
        words, features_of(words, marks, learned.closed, learned.third), strict=True
    ):
        t, v = _sum(sums[word.sentence], features, weigh)
        found.append(Chance(_sigmoid(t), _sigmoid(v)))
    return found


def _sum(
    start: tuple[float, float],
    features: Iterable[str],
    weigh: Callable[[str], tuple[float, float] | None],
) -> tuple[float, float]:
    t, v = start
    for feature in features:
        weight = weigh(feature)
        if weight is not None:
            t += weight[0]
            v += weight[1]
    return t, v


def features_of(
    words: Sequence[Word],
    marks: Sequence[str],
    closed: Set[str],
    third: Set[str],
    *,
    beside: bool = False,
) -> Iterator[list[str]]:
    """The features of each word, besides those that its sentence gives to all (`bags_of`).

    ``beside`` looks at the markers of the sentences beside it: it helps in learning, where a text
    has one register, and would hide the one sentence of a mixed text that goes its own way.
    """
    seen = _Seen(words, marks, third)
    last = len(words)
    forms = [word.lower if word.lower in closed else "*" + word.lower[-2:] for word in words]
    for at, word in enumerate(words):
        here = word.sentence
        form = forms[at]
        before = forms[at - 1] if at and words[at - 1].sentence == here else "^"
        earlier = forms[at - 2] if at > 1 and words[at - 2].sentence == here else "^"
        after = forms[at + 1] if at + 1 < last and words[at + 1].sentence == here else "$"
        later = forms[at + 2] if at + 2 < last and words[at + 2].sentence == here else "$"
        own = form if form[0] != "*" else "*"
        lower = word.lower
        end = lower[-2:]
        near = seen.near(at)
        far = seen.far(at) if beside else ""
        case = "l" if not word.text[0].isupper() else "U" if word.place else "I"
        features = [
            "w=" + form,
            "2=" + end,
            "3=" + lower[-3:],
            "4=" + lower[-4:],
            "5=" + lower[-5:],
            "c=" + case,
            "p=" + before,
            "n=" + after,
            "pp=" + earlier,
            "nn=" + later,
            f"pw={before}|{own}",
            f"wn={own}|{after}",
            f"pe={before}|{end}",
            f"en={end}|{after}",
            f"ppp={earlier}|{before}",
            f"pl={min(word.place, 2)}|{end}",
            "k=" + near,
            f"ke={near}|{end}",
            "K=" + far,
            f"Ke={far}|{end}",
        ]
        if word.joined:
            features += ("hy", "hy=" + own)
        if at + 1 < last and words[at + 1].joined:
            features.append("h1=" + end)
        yield features


def bags_of(words: Sequence[Word], closed: Set[str]) -> dict[int, list[str]]:
    """For each sentence the features that its words have in common: its closed-class words."""
    bags: dict[int, set[str]] = {}
    for word in words:
        bag = bags.setdefault(word.sentence, set())
        if word.lower in closed:
            bag.add("b=" + word.lower)
    return {sentence: sorted(bag) for sentence, bag in bags.items()}


class _Seen:
    """The markers and pronouns that the sentences hold besides one word."""

    def __init__(self, words: Sequence[Word], marks: Sequence[str], third: Set[str]) -> None:
        self._words = words
        self._marks = marks
        self._t: Counter[int] = Counter()
        self._v: Counter[int] = Counter()
        self._third: set[int] = set()
        for word, mark in zip(words, marks, strict=True):
            here = word.sentence
            if mark == "T":
                self._t[here] += 1
            elif mark == "V":
                self._v[here] += 1
            if word.lower in third:
                self._third.add(here)

    def near(self, at: int) -> str:
        """The markers in the word's own sentence, itself left out."""
        here, mark = self._words[at].sentence, self._marks[at]
        near = "t" if self._t[here] - (mark == "T") > 0 else ""
        near += "v" if self._v[here] - (mark == "V") > 0 else ""
        return near + ("3" if here in self._third else "")

    def far(self, at: int) -> str:
        """The markers in the sentences beside the word's own."""
        here = self._words[at].sentence
        far = "t" if self._t[here - 1] + self._t[here + 1] > 0 else ""
        return far + ("v" if self._v[here - 1] + self._v[here + 1] > 0 else "")


def summary(words: Sequence[Word], found: Sequence[Chance], closed: Set[str]) -> dict[str, float]:
    """What the verdict on a stretch of text is made of: the chances and the closed-class words,
    and names, numbers and long words, of which prose about third persons is full."""
    miss_t = miss_v = 1.0
    top_t = top_v = 0.0
    for t, v in found:
        miss_t *= 1 - t
        miss_v *= 1 - v
        top_t = max(top_t, t)
        top_v = max(top_v, v)
    parts = {
        "any T": _logit(1 - miss_t) / 3,
        "any V": _logit(1 - miss_v) / 3,
        "top T": _logit(top_t) / 3,
        "top V": _logit(top_v) / 3,
        "length": math.log(1 + len(found)) / 3,
        "names": min(sum(word.place > 0 and word.text[0].isupper() for word in words), 4) / 2,
        "numbers": min(sum(word.text[0].isdigit() for word in words), 3) / 2,
        "long words": sum(len(word.text) for word in words) / max(1, len(words)) / 3,
    }
    for word in words:
        if word.lower in closed:
            parts["b=" + word.lower] = 0.5
    return parts


def verdict(parts: dict[str, float], table: dict[str, dict[str, float]]) -> dict[str, float]:
    """How likely a stretch of text says T, V, or addresses nobody."""
    scores = {
        name: weighs["bias"] + sum(weighs.get(part, 0.0) * x for part, x in parts.items())
        for name, weighs in table.items()
    }
    highest = max(scores.values())
    powers = {name: math.exp(score - highest) for name, score in scores.items()}
    total = sum(powers.values())
    return {name: power / total for name, power in powers.items()}


def _logit(chance: float) -> float:
    chance = min(max(chance, 1e-6), 1 - 1e-6)
    return math.log(chance / (1 - chance))


def _sigmoid(score: float) -> float:
    if score < -30.0:
        return 0.0
    return 1 / (1 + math.exp(-score))
