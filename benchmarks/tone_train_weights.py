"""Makes ``preflight/tone/data/weights.<language>.json.gz`` from marked sentences.

    python benchmarks/tone_train_weights.py dev.jsonl LANGUAGE... [--check] [--write]

Learns from the ``tv`` rows of a benchmark file and from the sentences of ``tone_texts/`` (written
for this purpose; ``[T form|V form]`` makes two sentences, no bracket one that addresses nobody).
Needs scikit-learn and wordfreq, which the library itself does not. ``--check`` learns five times,
each time without a fifth of the pairs of the benchmark file, and scores what was left out.

What is learned: for each word two logistic regressions (T, V) over `preflight.tone.tagger`'s
features, cut down to the heaviest and learned again; then, for a stretch of text, T, V or none
from their chances and the closed-class words of the stretch. Those chances are of weights that
have not seen the pair of the sentence (five folds, inside each of the five of ``--check``).
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
from scipy.sparse import csr_matrix, diags_array
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from wordfreq import zipf_frequency

from preflight.tone import analyse, files, markers, register, tagger
from preflight.tone.words import Word, words

TEXTS = Path(__file__).parent / "tone_texts"
FOLDS = 5
KEPT = {"es": 4_000, "it": 4_000, "pt": 4_000, "fr": 400, "de": 1_000, "nl": 200}
OWN_HEED = 0.2  # to our own sentences in the verdict: which share addresses nobody is our choice
STRENGTH = {"T": 1.0, "V": 0.5}  # C of the regressions: forms of T speak for themselves
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
    fold: np.ndarray  # of each sample
    own: np.ndarray  # whether each sample is ours


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
        if options.check:
            report(rows, ready, language)
        if options.write:
            data = taught(ready, np.full(len(ready.samples), True), language)
            print(language, files.pack(f"weights.{language}", data), "bytes", flush=True)


def of_file(rows: Sequence[dict[str, Any]], language: str) -> Iterator[Sample]:
    """The sentences of a benchmark file."""
    for row in rows:
        if row["task"] == "tv" and row["lang"] == language:
            known = "spans" in row or row["label"] == "none"
            yield Sample(row["text"], row["label"], row.get("spans", []), row["pair"], known, False)


def pointed(samples: Sequence[Sample]) -> Iterator[Sample]:
    """The samples with spans for the words alone in which the T and the V form of a pair are
    unlike: of "nunca [tienes|tiene]" marked as a whole, *nunca* addresses nobody."""
    twins = {(sample.pair, sample.label): sample.text for sample in samples}
    for sample in samples:
        other = twins.get((sample.pair, {"T": "V", "V": "T"}.get(sample.label, "")))
        if other is None:
            yield sample
            continue
        spans = unlike(sample.text, other)
        if sample.marked:
            spans = [span for span in spans if _meet(span, sample.spans)]
        yield sample._replace(spans=spans, marked=True)


def _meet(span: Sequence[int], spans: Sequence[Sequence[int]]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in spans)


def unlike(text: str, other: str) -> list[list[int]]:
    """The spans of the words of one text that the other does not have in their place."""
    mine, theirs = words(text), words(other)
    same = difflib.SequenceMatcher(
        None, [word.text for word in mine], [word.text for word in theirs], autojunk=False
    )
    return [
        [mine[at].start, mine[at].end]
        for kind, start, end, _, _ in same.get_opcodes()
        if kind != "equal"
        for at in range(start, end)
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
    samples = list(pointed(samples))
    found = [words(sample.text) for sample in samples]
    hits = [markers.hits(mine, language) for mine in found]
    gold = [
        [sample.label if _meet((word.start, word.end), sample.spans) else "" for word in mine]
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
        np.array([fold_of(sample.pair) for sample in samples]),
        np.array([sample.own for sample in samples]),
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


def learn(ready: Prepared, samples: np.ndarray, kept: int) -> Learned:
    """The regressions learned from some samples (``True`` for each that is)."""
    bias: dict[str, float] = {}
    weights: dict[str, dict[str, float]] = {}
    known = np.array([sample.marked for sample in ready.samples])
    lines = np.where((samples & known)[ready.of])[0]
    matrix = ready.matrix[lines].astype(float)
    counts = np.asarray(matrix.sum(0)).ravel()
    for side in ("T", "V"):
        wanted = ready.gold[lines] == side
        columns = np.where(counts >= 3)[0]
        scale = telling(matrix[:, columns], wanted)
        first = _regression(side).fit(matrix[:, columns] @ diags_array(scale), wanted)
        heavy = np.abs(first.coef_[0] * scale) * np.log1p(counts[columns])
        best = np.argsort(-heavy)[: kept // 2]
        columns, scale = columns[best], scale[best]
        second = _regression(side).fit(matrix[:, columns] @ diags_array(scale), wanted)
        bias[side] = round(float(second.intercept_[0]), 2)
        rounded = np.round(second.coef_[0] * scale, 1)
        weights[side] = {
            str(ready.names[column]): float(weight)
            for column, weight in zip(columns, rounded, strict=True)
            if weight
        }
    return Learned(bias, weights)


def telling(matrix: csr_matrix, wanted: np.ndarray) -> np.ndarray:
    """How much freedom each feature gets: more where it tells much alone (Wang, Manning 2012)."""
    inside = np.asarray(matrix[wanted].sum(0)).ravel() + 0.5
    outside = np.asarray(matrix[~wanted].sum(0)).ravel() + 0.5
    ratio = np.abs(np.log(inside / outside) - np.log(wanted.sum() / (~wanted).sum()))
    return np.clip(ratio / np.median(ratio), 0.2, 4) ** 0.25


def _regression(side: str) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH[side], solver="liblinear", tol=1e-2)


def chances_of(ready: Prepared, learned: Learned, samples: np.ndarray) -> np.ndarray:
    columns = {str(name): number for number, name in enumerate(ready.names)}
    scores = []
    for side in ("T", "V"):
        line = np.zeros(len(columns))
        for name, weight in learned.weights[side].items():
            line[columns[name]] = weight
        lines = ready.matrix[samples[ready.of]]
        scores.append(1 / (1 + np.exp(-(lines @ line + learned.bias[side]))))
    return np.stack(scores, 1)


def unseen(ready: Prepared, samples: np.ndarray, kept: int) -> np.ndarray:
    """For each word of the samples its chances, by regressions that have not seen its pair."""
    result = np.zeros((len(ready.of), 2))
    for number in range(FOLDS):
        left_out = samples & (ready.fold == number)
        if left_out.any():
            learned = learn(ready, samples & (ready.fold != number), kept)
            result[left_out[ready.of]] = chances_of(ready, learned, left_out)
    return result


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
    heed = np.where(ready.own[train], OWN_HEED, 1.0)
    share = {label: heed[labels == label].sum() / heed.sum() for label in LABELS}
    model = LogisticRegression(
        C=0.3, max_iter=3000, class_weight={label: part**-0.5 for label, part in share.items()}
    ).fit(matrix, labels, sample_weight=heed)
    result = {}
    for label, line, bias in zip(model.classes_, model.coef_, model.intercept_, strict=True):
        result[str(label)] = {"bias": round(float(bias), 2)} | {
            name: round(float(line[column]), 2)
            for name, column in columns.items()
            if abs(line[column]) >= 0.03
        }
    return result


def report(rows: Sequence[dict[str, Any]], ready: Prepared, language: str) -> None:
    """The benchmark on each left-out fifth, and on mails composed of its sentences."""
    told = []
    for number in range(FOLDS):
        data = taught(ready, ready.own | (ready.fold != number), language)
        weights = tagger.read_weights(data, files.load(f"markers.{language}")["third"])
        left_out = [
            row
            for row in rows
            if row["task"] == "tv" and row["lang"] == language and fold_of(row["pair"]) == number
        ]
        with mock.patch.object(tagger, "weights", lambda _, mine=weights: mine):
            mixed = [*left_out, *composed(left_out)]
            told += [(row, analyse(row["text"], language)) for row in mixed]
    by_text = {row["text"]: result for row, result in told}
    figures, _ = tone.score([row for row, _ in told], lambda text, _: by_text[text])
    print(language, json.dumps(figures), flush=True)


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


def taught(ready: Prepared, samples: np.ndarray, language: str) -> dict[str, Any]:
    """A weights file learned from some samples."""
    learned = learn(ready, samples, KEPT[language])
    features = stretches(ready, unseen(ready, samples, KEPT[language]))
    return as_data(ready, learned, verdicts(ready, features, np.where(samples)[0]))


def fold_of(pair: str) -> int:
    return zlib.crc32(pair.encode()) % FOLDS


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
