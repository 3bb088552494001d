"""Scores ``preflight.tone`` on a file of labelled texts, one JSON object a line.

    python benchmarks/tone.py FILE [--json] [--wrong TASK]

One figure for each task and language; what the columns mean stands at each function. Politeness
and formality rows are counted, not scored: this library does not judge them. Loading time and
speed are printed, never tested.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from preflight import tone

Row = dict[str, Any]
Figures = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    parser.add_argument("--wrong", metavar="TASK", help="print the rows of a task told wrong")
    options = parser.parse_args()
    lines = options.file.read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    figures, wrong = score(rows)
    for row, said in wrong.get(options.wrong, ()):
        print(f"{row['lang']} {row['label']} but {said}: {row['text']!r}", file=sys.stderr)
    figures["cost"] = cost(rows)
    if options.json:
        print(json.dumps(figures, indent=2, ensure_ascii=False))
    else:
        for task, cells in figures.items():
            print(task)
            for name, value in cells.items():
                print("  ", name, value)


def score(
    rows: Iterable[Row], analyse: Callable[[str, str], Any] = tone.analyse
) -> tuple[Figures, dict[str, list[tuple[Row, str]]]]:
    """The figures of all tasks, and what was told wrong."""
    tasks: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        tasks[row["task"]].append(row)
    wrong: defaultdict[str, list[tuple[Row, str]]] = defaultdict(list)
    figures: Figures = {}
    for task, scored in SCORED.items():
        by_language: defaultdict[str, list[Row]] = defaultdict(list)
        for row in tasks.get(task, ()):
            by_language[row["lang"]].append(row)
        for language, mine in sorted(by_language.items()):
            figures.setdefault(task, {})[language] = scored(mine, wrong[task], analyse)
    figures |= {"not scored": {t: len(rs) for t, rs in tasks.items() if t not in SCORED}}
    return figures, wrong


def sentences(rows: Sequence[Row], wrong: list[tuple[Row, str]], analyse: Any) -> Figures:
    """T, V or none of one or two sentences; T told V or the other way; spans of the markers."""
    pairs = []
    good = said = hit = gold = 0
    for row in rows:
        result = analyse(row["text"], row["lang"])
        verdict = {"unknown": "none", "plural": "V"}.get(result.register, result.register)
        pairs.append((row["label"], verdict))
        if verdict != row["label"]:
            wrong.append((row, verdict))
        if "spans" in row:
            mine = [(each.start, each.end) for each in result.evidence]
            good += sum(any(a < end and start < b for a, b in row["spans"]) for start, end in mine)
            hit += sum(any(a < end and start < b for start, end in mine) for a, b in row["spans"])
            said += len(mine)
            gold += len(row["spans"])
    figures: Figures = {
        "rows": len(rows),
        "macro_f1": macro_f1(pairs, ("T", "V", "none")),
        "flips": sum({a, b} == {"T", "V"} for a, b in pairs),
    }
    if gold:
        figures |= {"span_precision": round(good / said, 4), "span_recall": round(hit / gold, 4)}
    return figures


def mails(rows: Sequence[Row], wrong: list[tuple[Row, str]], analyse: Any) -> Figures:
    """T, V or mixed of whole mails; the share of T and V mails called mixed; flips."""
    pairs = []
    for row in rows:
        verdict = analyse(row["text"], row["lang"]).register
        pairs.append((row["label"], verdict))
        if verdict != row["label"]:
            wrong.append((row, verdict))
    pure = [verdict for label, verdict in pairs if label != "mixed"]
    return {
        "rows": len(rows),
        "macro_f1": macro_f1(pairs, ("T", "V", "mixed")),
        "false_mixed": round(pure.count("mixed") / max(len(pure), 1), 4),
        "flips": sum({a, b} == {"T", "V"} for a, b in pairs),
    }


def traps(rows: Sequence[Row], wrong: list[tuple[Row, str]], analyse: Any) -> Figures:
    """How many right; plural, none and unknown are one."""
    right = 0
    for row in rows:
        verdict = analyse(row["text"], row["lang"]).register
        nobody = ("plural", "none", "unknown")
        if verdict == row["label"] or (verdict in nobody and row["label"] in nobody):
            right += 1
        else:
            wrong.append((row, verdict))
    return {"right": right, "rows": len(rows)}


def stances(rows: Sequence[Row], wrong: list[tuple[Row, str]], analyse: Any) -> Figures:
    """Precision and recall of each stance; unknown is no answer."""
    pairs = []
    for row in rows:
        verdict = analyse(row["text"], row["lang"]).stance
        pairs.append((row["label"], verdict))
        if verdict != row["label"]:
            wrong.append((row, verdict))
    figures: Figures = {"rows": len(rows)}
    for name in ("cold", "known", "customer"):
        told = [label for label, verdict in pairs if verdict == name]
        there = [verdict for label, verdict in pairs if label == name]
        figures[name] = {
            "precision": round(told.count(name) / len(told), 4) if told else None,
            "recall": round(there.count(name) / len(there), 4) if there else None,
        }
    return figures


def business(rows: Sequence[Row], wrong: list[tuple[Row, str]], analyse: Any) -> Figures:
    """Ordinary business mails: how many are called cold."""
    alarms = 0
    for row in rows:
        if analyse(row["text"], row["lang"]).stance == "cold":
            alarms += 1
            wrong.append((row, "cold"))
    return {"rows": len(rows), "false_cold": alarms}


def incidents(rows: Sequence[Row], wrong: list[tuple[Row, str]], analyse: Any) -> Figures:
    """Elements and faults of incident mails: precision, recall, F1."""
    del analyse  # another call is measured
    counts: Counter[str] = Counter()
    for row in rows:
        result = tone.incident(row["text"], row["lang"])
        for name, gold, mine in (
            ("elements", set(row["present"]), set(map(str, result.present))),
            ("faults", set(row["faults"]), set(map(str, result.faults))),
        ):
            counts[name + " right"] += len(gold & mine)
            counts[name + " said"] += len(mine)
            counts[name + " gold"] += len(gold)
            if gold != mine:
                wrong.append((row, f"{name} +{sorted(mine - gold)} -{sorted(gold - mine)}"))
    figures: Figures = {"rows": len(rows)}
    for name in ("elements", "faults"):
        right, said, gold = (counts[f"{name} {part}"] for part in ("right", "said", "gold"))
        figures[name] = {
            "precision": round(right / said, 4) if said else None,
            "recall": round(right / gold, 4) if gold else None,
            "f1": round(2 * right / (said + gold), 4) if said + gold else None,
        }
    return figures


def macro_f1(pairs: Sequence[tuple[str, str]], labels: Sequence[str]) -> float:
    """The mean of F1 over the labels that occur."""
    scores = []
    for name in labels:
        right = sum(a == b == name for a, b in pairs)
        either = sum(a == name for a, _ in pairs) + sum(b == name for _, b in pairs)
        if any(a == name for a, _ in pairs):
            scores.append(2 * right / either)
    return round(sum(scores) / len(scores), 4) if scores else 0.0


def cost(rows: Sequence[Row]) -> Figures:
    """Milliseconds to load for one language, and for a mail of 1,500 characters; bytes of data."""
    program = (
        "import time; a = time.perf_counter(); from preflight import tone; "
        "tone.analyse({text!r}, {language!r}); print((time.perf_counter() - a) * 1000)"
    )
    figures: Figures = {}
    for language in ("fr", "de", "es", "en"):
        mine = [row["text"] for row in rows if row["lang"] == language]
        if not mine:
            continue
        code = program.format(text="Test", language=language)
        loads = [
            float(
                subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
            )
            for _ in range(5)
        ]
        mail = "\n\n".join(mine)[:1500]
        tone.analyse(mail)
        times = []
        for _ in range(20):
            began = time.perf_counter()
            tone.analyse(mail)
            times.append(time.perf_counter() - began)
        figures[language] = {
            "load_ms": round(min(loads), 1),
            "mail_ms": round(min(times) * 1000, 2),
        }
    data = Path(tone.__file__).parent / "data"
    figures["data_bytes"] = sum(path.stat().st_size for path in data.iterdir())
    return figures


SCORED = {
    "tv": sentences,
    "tv_wild": sentences,
    "tv_mail": mails,
    "trap": traps,
    "stance": stances,
    "formality": business,
    "incident": incidents,
}


if __name__ == "__main__":
    main()
