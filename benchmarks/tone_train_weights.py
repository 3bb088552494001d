"""Makes ``preflight/tone/data/weights.<language>.json.gz`` from marked sentences.

    python benchmarks/tone_train_weights.py dev.jsonl LANGUAGE... [--check] [--write]

Learns from the ``tv`` rows of a benchmark file and from the sentences of ``tone_texts/`` (written
for this purpose; ``[T form|V form]`` makes two sentences, no bracket one that addresses nobody).
Needs scikit-learn and wordfreq, which the library itself does not. ``--check`` learns five times,
each time without a fifth of the pairs of the benchmark file, and scores what was left out.

What is learned: for each word two logistic regressions (T, V) over `preflight.tone.tagger`'s
features, cut down to the heaviest and learned again; then, for a stretch of text, T, V or none
from their chances (out of fold) and the closed-class words of the stretch.
"""

from __future__ import annotations

import argparse
import difflib
import json
import random
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import numpy as np
import tone
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from wordfreq import zipf_frequency

from preflight.tone import analyse, files, markers, register, tagger
from preflight.tone.words import Word, words

TEXTS = Path(__file__).parent / "tone_texts"
FOLDS = 5
SURES = (register.SURE, 0.9)  # tried with --check
KEPT = {"es": 4_000, "it": 2_000, "pt": 2_000, "fr": 400, "de": 1_000, "nl": 200}
CHOICE = re.compile(r"\[([^\]|]*)\|([^\]]*)\]")
LABELS = ("T", "V", "none")


class Sample(NamedTuple):
    """A text, its label, the spans of its words of address, and what must stay together."""

    text: str
    label: str
    spans: list[list[int]]
    pair: str
    marked: bool  # whether the spans are known
    own: bool


class Prepared(NamedTuple):
    """Samples as features: one line for each word."""

    samples: list[Sample]
    words: list[list[Word]]
    hits: list[list[markers.Hit]]
    closed: frozenset[str]
    matrix: csr_matrix
    names: np.ndarray
    of: np.ndarray  # the sample of each line
    gold: np.ndarray  # "T", "V" or "" for each line
    fold: np.ndarray  # of each sample; -1 for our own


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("languages", nargs="+")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.file.read_text(encoding="utf-8").splitlines()]
    for language in options.languages:
        ready = prepared([*of_file(rows, language), *of_texts(language)], language)
        chances, folds = out_of_fold(ready, language)
        if options.check:
            report(rows, ready, chances, folds, language)
        if options.write:
            write(ready, chances, language)


def of_file(rows: Sequence[dict[str, Any]], language: str) -> Iterator[Sample]:
    """The sentences of a benchmark file; where no spans are given, those in which the T and the
    V form of a pair are unlike."""
    mine = [row for row in rows if row["task"] == "tv" and row["lang"] == language]
    twins = {(row["pair"], row["label"]): row["text"] for row in mine}
    for row in mine:
        known = "spans" in row or row["label"] == "none"
        spans = row.get("spans", [])
        other = twins.get((row["pair"], {"T": "V", "V": "T"}.get(row["label"], "")))
        if not known and other:
            known, spans = True, unlike(row["text"], other)
        yield Sample(row["text"], row["label"], spans, row["pair"], known, False)


def unlike(text: str, other: str) -> list[list[int]]:
    """The spans of the words of one text that the other does not have in their place."""
    mine, theirs = words(text), words(other)
    same = difflib.SequenceMatcher(
        None, [word.text for word in mine], [word.text for word in theirs], autojunk=False
    )
    return [
        [mine[start].start, mine[end - 1].end]
        for kind, start, end, _, _ in same.get_opcodes()
        if kind != "equal" and end > start
    ]


def of_texts(language: str) -> Iterator[Sample]:
    path = TEXTS / f"{language}.txt"
    if not path.exists():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        if not CHOICE.search(line):
            yield Sample(line, "none", [], f"own-{number}", True, True)
            continue
        for group, label in ((1, "T"), (2, "V")):
            text, at, spans = "", 0, []
            for choice in CHOICE.finditer(line):
                text += line[at : choice.start()]
                spans.append([len(text), len(text) + len(choice.group(group))])
                text += choice.group(group)
                at = choice.end()
            yield Sample(text + line[at:], label, spans, f"own-{number}", True, True)


def prepared(samples: list[Sample], language: str) -> Prepared:
    found = [words(sample.text) for sample in samples]
    hits = [markers.hits(mine, language) for mine in found]
    gold = [
        [
            sample.label if any(a < word.end and word.start < b for a, b in sample.spans) else ""
            for word in mine
        ]
        for sample, mine in zip(samples, found, strict=True)
    ]
    closed = closed_class(found, gold, language)
    third = frozenset(files.load(f"markers.{language}")["third"])
    lines = []
    for mine, marked in zip(found, hits, strict=True):
        bags = tagger.bags_of(mine, closed)
        marks = register.marks(mine, marked)
        for word, features in zip(
            mine, tagger.features_of(mine, marks, closed, third, beside=True), strict=True
        ):
            lines.append([*features, *bags[word.sentence]])
    counter = CountVectorizer(analyzer=lambda line: line, binary=True, min_df=2)
    matrix = counter.fit_transform(lines).tocsr()
    return Prepared(
        samples,
        found,
        hits,
        closed,
        matrix,
        np.array(counter.get_feature_names_out()),
        np.array([number for number, mine in enumerate(found) for _ in mine]),
        np.array([label for labels in gold for label in labels]),
        np.array(
            [-1 if sample.own else zlib.crc32(sample.pair.encode()) % FOLDS for sample in samples]
        ),
    )


def closed_class(
    found: Sequence[Sequence[Word]], gold: Sequence[Sequence[str]], language: str
) -> frozenset[str]:
    """Words that are very common in the language (function words, common verbs), and forms that
    address the reader often in the samples."""
    seen = Counter(word for mine in found for word in {word.lower for word in mine})
    addressing = Counter(
        word.lower
        for mine, labels in zip(found, gold, strict=True)
        for word, label in zip(mine, labels, strict=True)
        if label
    )
    return frozenset(
        word
        for word, count in seen.items()
        if (count >= 4 and zipf_frequency(word, language) >= 5.5) or addressing[word] >= 3
    )


class Learned(NamedTuple):
    """The regressions of both sides: bias, and weight by feature."""

    bias: dict[str, float]
    weights: dict[str, dict[str, float]]


def learn(ready: Prepared, lines: np.ndarray, kept: int) -> Learned:
    bias: dict[str, float] = {}
    weights: dict[str, dict[str, float]] = {}
    matrix = ready.matrix[lines]
    counts = np.asarray(matrix.sum(0)).ravel()
    for side in ("T", "V"):
        wanted = ready.gold[lines] == side
        columns = np.where(counts >= 3)[0]
        first = _regression().fit(matrix[:, columns], wanted)
        heavy = np.abs(first.coef_[0]) * np.log1p(counts[columns])
        columns = columns[np.argsort(-heavy)[: kept // 2]]
        second = _regression().fit(matrix[:, columns], wanted)
        bias[side] = round(float(second.intercept_[0]), 2)
        rounded = np.round(second.coef_[0], 1)
        weights[side] = {
            str(ready.names[column]): float(weight)
            for column, weight in zip(columns, rounded, strict=True)
            if weight
        }
    return Learned(bias, weights)


def _regression() -> LogisticRegression:
    return LogisticRegression(C=1.0, solver="liblinear", tol=1e-2)


def chances_of(ready: Prepared, learned: Learned, lines: np.ndarray) -> np.ndarray:
    columns = {str(name): number for number, name in enumerate(ready.names)}
    scores = []
    for side in ("T", "V"):
        line = np.zeros(len(columns))
        for name, weight in learned.weights[side].items():
            line[columns[name]] = weight
        scores.append(1 / (1 + np.exp(-(ready.matrix[lines] @ line + learned.bias[side]))))
    return np.stack(scores, 1)


def out_of_fold(ready: Prepared, language: str) -> tuple[np.ndarray, list[Learned]]:
    """For each word its chances, by regressions that have not seen its pair; and those."""
    result = np.zeros((len(ready.of), 2))
    known = np.array([sample.marked for sample in ready.samples])[ready.of]
    fold = ready.fold[ready.of]
    all_learned = []
    for number in range(FOLDS):
        learned = learn(ready, np.where((fold != number) & known)[0], KEPT[language])
        left_out = np.where((fold == number) | ((fold == -1) & (number == 0)))[0]
        result[left_out] = chances_of(ready, learned, left_out)
        all_learned.append(learned)
    return result, all_learned


def stretches(ready: Prepared, chances: np.ndarray) -> list[dict[str, float]]:
    """For each sample what the verdict on a stretch of text is made of."""
    result = []
    for number, mine in enumerate(ready.words):
        pairs = [tagger.Chance(float(t), float(v)) for t, v in chances[ready.of == number]]
        pairs = register.overruled(pairs, ready.hits[number])
        result.append(tagger.summary(mine, pairs, ready.closed))
    return result


def verdicts(
    ready: Prepared, features: Sequence[dict[str, float]], train: np.ndarray
) -> dict[str, dict[str, float]]:
    names = sorted({name for number in train for name in features[number]})
    columns = {name: column for column, name in enumerate(names)}
    matrix = np.zeros((len(train), len(names)))
    for line, number in enumerate(train):
        for name, value in features[number].items():
            matrix[line, columns[name]] = value
    labels = np.array([ready.samples[number].label for number in train])
    model = LogisticRegression(C=0.1, max_iter=3000, class_weight="balanced").fit(matrix, labels)
    result = {}
    for label, line, bias in zip(model.classes_, model.coef_, model.intercept_, strict=True):
        result[str(label)] = {"bias": round(float(bias), 2)} | {
            name: round(float(line[column]), 2)
            for name, column in columns.items()
            if abs(line[column]) >= 0.03
        }
    return result


def report(
    rows: Sequence[dict[str, Any]],
    ready: Prepared,
    chances: np.ndarray,
    folds: Sequence[Learned],
    language: str,
) -> None:
    """The benchmark on each left-out fifth, and on mails composed of its sentences."""
    features = stretches(ready, chances)
    for sure in SURES:
        for shown in (register.SHOWN,):
            told = []
            for number, learned in enumerate(folds):
                table = verdicts(ready, features, np.where(ready.fold != number)[0])
                data = as_data(ready, learned, table)
                weights = tagger.read_weights(data, files.load(f"markers.{language}")["third"])
                left_out = [
                    row
                    for row in rows
                    if row["task"] == "tv"
                    and row["lang"] == language
                    and zlib.crc32(row["pair"].encode()) % FOLDS == number
                ]
                with (
                    mock.patch.object(tagger, "weights", lambda _, mine=weights: mine),
                    mock.patch.multiple(register, SURE=sure, SHOWN=shown),
                ):
                    mixed = [*left_out, *composed(left_out)]
                    told += [(row, analyse(row["text"], language)) for row in mixed]
            by_text = {row["text"]: result for row, result in told}
            figures, _ = tone.score(
                [row for row, _ in told], lambda text, _, known=by_text: known[text]
            )
            print(language, "sure", sure, "shown", shown, json.dumps(figures), flush=True)


def composed(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Mails of four to six sentences, of one register or with one or two of the other."""
    chance = random.Random(len(rows))
    sides = {side: [r for r in rows if r["label"] == side and "spans" in r] for side in "TV"}
    mails = []
    for label in ("T", "V", "mixed"):
        for number in range(24):
            base = label if label != "mixed" else "TV"[number % 2]
            chosen = chance.sample(sides[base], chance.randint(4, 6))
            if label == "mixed":
                for place in chance.sample(range(len(chosen)), chance.randint(1, 2)):
                    chosen[place] = chance.choice(sides["TV"[base == "T"]])
            text = " ".join(row["text"].strip().rstrip(",") for row in chosen)
            mails.append({**chosen[0], "task": "tv_mail", "label": label, "text": text})
    return mails


def write(ready: Prepared, chances: np.ndarray, language: str) -> None:
    known = np.array([sample.marked for sample in ready.samples])[ready.of]
    learned = learn(ready, np.where(known)[0], KEPT[language])
    everything = np.arange(len(ready.samples))
    data = as_data(ready, learned, verdicts(ready, stretches(ready, chances), everything))
    print(language, files.pack(f"weights.{language}", data), "bytes", flush=True)


def as_data(
    ready: Prepared, learned: Learned, verdict: dict[str, dict[str, float]]
) -> dict[str, Any]:
    """What a weights file holds."""
    used = {
        part
        for side in learned.weights.values()
        for name in side
        for part in re.split(r"[=|]", name)
    } | {name[2:] for table in verdict.values() for name in table}
    data: dict[str, Any] = {
        "about": "Learned weights, tenths by feature; made by benchmarks/tone_train_weights.py.",
        "closed": " ".join(sorted(ready.closed & used)),
        "bias": learned.bias,
    }
    for side, weights in learned.weights.items():
        bands: dict[str, list[str]] = {}
        for name, weight in sorted(weights.items()):
            bands.setdefault(str(round(weight * 10)), []).append(name)
        data[side] = {weight: " ".join(bands[weight]) for weight in sorted(bands, key=int)}
    data["verdict"] = verdict
    return data


if __name__ == "__main__":
    main()
