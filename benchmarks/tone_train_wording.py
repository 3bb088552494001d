"""Makes ``preflight/tone/data/wording.<language>.json.gz``: the words of first contacts.

    python benchmarks/tone_train_wording.py FILE LANGUAGE... [--ordinary FILE] [--write]

Learns from the mails of ``tone_texts/mails.<language>.txt`` and ``tests/tone`` (all made up, CC0),
and from rows of a benchmark file: stances, and as ordinary mails those of the register task. More
ordinary mails (one JSON object a line: ``lang``, ``text``) keep it from taking the manner of
made-up mails for that of first contacts; they weigh half as much. Needs scikit-learn.

The regression is over the words that a mail holds, and it is tried ten times on the tenth that it
has not seen, phrases and words together, as ``preflight.tone.stance`` puts them together. The
chance from which words count is the lowest at which one ordinary mail in a hundred is mistaken.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from preflight.tone import files, stance
from preflight.tone.zones import Layout, layout

HERE = Path(__file__).parent
TESTS = HERE.parent / "tests" / "tone"
COMMON = 3  # a word that is learned stands in so many of the made-up mails
FOLDS = 10
CHANCES = (0.5, 0.6, 0.7, 0.8, 0.9)
MISTAKEN = 0.01


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("languages", nargs="+")
    parser.add_argument("--ordinary", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.file.read_text(encoding="utf-8").splitlines()]
    if options.ordinary:
        lines = options.ordinary.read_text(encoding="utf-8").splitlines()
        rows += [{**json.loads(line), "task": "tv_mail"} for line in lines]
    for language in options.languages:
        learn([row for row in rows if row["lang"] == language], language, options.write)


def made_up(language: str) -> Iterator[tuple[bool, str]]:
    """Mails with whether they are first contacts."""
    text = (HERE / "tone_texts" / f"mails.{language}.txt").read_text(encoding="utf-8")
    for kind, mail in re.findall(r"^=== (cold|ordinary)\n(.*?)(?=^=== |\Z)", text, re.M | re.S):
        yield kind == "cold", mail
    more = json.loads((TESTS / "more_stance_texts.json").read_text(encoding="utf-8"))
    sys.path.insert(0, str(TESTS))
    import stance_texts

    for cold, source in (
        (True, stance_texts.COLD),
        (False, stance_texts.ORDINARY),
        (True, more["cold"]),
        (False, more["ordinary"]),
    ):
        yield from ((cold, mail) for mail in source[language])


def learn(rows: Sequence[dict[str, str]], language: str, write: bool) -> None:
    samples = [
        *made_up(language),
        *((row["label"] == "cold", row["text"]) for row in rows if row["task"] == "stance"),
    ]
    beside = [row["text"] for row in rows if row["task"] == "tv_mail"]
    mails = [layout(text) for text in [*(text for _, text in samples), *beside]]
    bags = [stance.words_of(mail) for mail in mails]
    counts = Counter(word for bag in bags[: len(samples)] for word in bag)
    vectors = DictVectorizer().fit([{word: 1 for word in counts if counts[word] >= COMMON}])
    matrix = vectors.transform([dict.fromkeys(bag, 1) for bag in bags])
    cold = np.array([kind for kind, _ in samples] + [False] * len(beside))
    own = np.arange(len(mails)) < len(samples)
    ordinary = np.sum(own & ~cold)
    weight = np.where(cold, 1.0, np.where(own, 1.5, 0.6 * ordinary / max(1, len(beside))))
    chances = np.zeros(len(mails))
    for train, left_out in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(matrix, cold):
        model = _regression().fit(matrix[train], cold[train], sample_weight=weight[train])
        chances[left_out] = model.predict_proba(matrix[left_out])[:, 1]
    enough = tried(language, mails, chances, cold, own)
    if not write:
        return
    model = _regression().fit(matrix, cold, sample_weight=weight)
    data = {
        "about": "Learned weights of words; made by benchmarks/tone_train_wording.py.",
        "bias": round(float(model.intercept_[0]), 2),
        "enough": round(float(np.log(enough / (1 - enough))), 2),
        "words": {
            str(name): round(float(value), 2)
            for name, value in zip(vectors.get_feature_names_out(), model.coef_[0], strict=True)
            if abs(value) >= 0.03
        },
    }
    print(language, files.pack(f"wording.{language}", data), "bytes")


def _regression() -> LogisticRegression:
    return LogisticRegression(C=0.5, max_iter=3000)


def tried(
    language: str, mails: Sequence[Layout], chances: np.ndarray, cold: np.ndarray, own: np.ndarray
) -> float:
    """Prints recall and mistakes; the chance from which words count."""
    signs = [stance.weighed(mail, language)[0] for mail in mails]
    chosen = CHANCES[-1]
    alone: float | None = None
    for least in (2.0, *reversed(CHANCES)):
        told = np.array(
            [
                stance.chosen(weights, chance >= least) == "cold"
                for weights, chance in zip(signs, chances, strict=True)
            ]
        )
        mistaken = float(np.mean(told[own & ~cold]))
        alone = mistaken if alone is None else alone
        print(
            f"{language} from {least}: recall {np.mean(told[cold]):.3f},"
            f" ordinary mails mistaken {mistaken:.3f}, others {np.mean(told[~own]):.3f}"
        )
        if least < 1 and mistaken - alone <= MISTAKEN:
            chosen = least
    return chosen


if __name__ == "__main__":
    main()
