"""Makes ``preflight/tone/data/languages.json.gz``, the trigram table of the languages.

    python benchmarks/tone_train_languages.py [--check dev.jsonl]

Counts the trigrams of the commonest words of each language, each as often as the word is used
(package ``wordfreq``), and keeps the commonest. No text goes in, so any text can check it.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter
from pathlib import Path

from preflight.tone import files, language

LANGUAGES = ("fr", "en", "de", "es", "it", "pt", "nl", "ro")
OTHERS = ("ca", "da", "sv", "sh")  # close enough to be mistaken; told apart only to be refused
KEPT = 1_150
KEPT_OF_OTHERS = 450
KEPT_WORDS = 160
WORDS = 30_000
STEP = 0.5  # of the natural logarithm, a band
LIMITS = {"margin": 0.35, "fit": 3.0}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", type=Path)
    parser.add_argument("--no-training", action="store_true")
    options = parser.parse_args()
    if not options.no_training:
        table = {
            "about": "The commonest trigrams of each language, commonest first, in bands of equal "
            "commonness; made by benchmarks/tone_train_languages.py.",
            "limits": LIMITS,
            "refused": OTHERS,
            "bands": {name: bands(name, KEPT) for name in LANGUAGES}
            | {name: bands(name, KEPT_OF_OTHERS) for name in OTHERS},
        }
        print(files.pack("languages", table), "bytes")
    if options.check:
        check(options.check)


def bands(name: str, kept: int) -> list[str]:
    """The trigrams and the commonest longer words of a language, those of one band in a string."""
    from wordfreq import iter_wordlist, word_frequency

    counts: Counter[str] = Counter()
    for number, word in enumerate(iter_wordlist(name)):
        if number > WORDS:
            break
        frequency = word_frequency(word, name)
        for part in word.replace("’", "'").split("'"):
            if part.isalpha():
                for gram in language.grams(part):
                    counts[gram] += frequency
    short = [(gram, count) for gram, count in counts.most_common() if gram[0] != "="][:kept]
    words = [(gram, count) for gram, count in counts.most_common() if gram[0] == "="][:KEPT_WORDS]
    lowest = math.log(min(count for _, count in short + words))
    found: dict[int, tuple[list[str], list[str]]] = {}
    for gram, count in short + words:
        band = found.setdefault(int((math.log(count) - lowest) / STEP), ([], []))
        band[gram[0] == "="].append(gram.removeprefix("="))
    ordered = [found.get(band, ([], [])) for band in range(max(found), -1, -1)]
    return ["|".join(("".join(sorted(a)), " ".join(sorted(b)))) for a, b in ordered]


def check(path: Path) -> None:
    """How many rows of a benchmark file are told right, and how many are refused."""
    for words in (None, 5):
        told: Counter[tuple[str, str]] = Counter()
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            text = row["text"] if words is None else " ".join(row["text"].split()[:words])
            if sum(map(str.isalpha, text)) < language.LETTERS_NEEDED:
                continue
            best = language._ranked(text)[0]
            told["right" if best == row["lang"] else "wrong", row["lang"]] += 1
            if language.language_of(text) is None:
                told["refused", row["lang"]] += 1
        right = sum(count for (kind, _), count in told.items() if kind == "right")
        wrong = sum(count for (kind, _), count in told.items() if kind == "wrong")
        refused = sum(count for (kind, _), count in told.items() if kind == "refused")
        share = right / (right + wrong)
        print(
            words or "all",
            "words:",
            f"{share:.4f} right",
            f"{refused / (right + wrong):.4f} refused",
        )
        print("  ", {k: v for k, v in told.items() if k[0] != "right"})


if __name__ == "__main__":
    main()
