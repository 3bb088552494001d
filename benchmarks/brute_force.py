"""Does the proof hold? Random Jinja templates meet random lists; every row of every list is
rendered by Jinja itself, and what each tag printed is compared with what was said of it: by the
conditions that the template's tree gives, run in the engine for lists, and, where these cannot
tell, by trying each combination of values out. Exit code 1 at any disagreement.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "templates"))

from agreement import Tally, run

_AT_ONCE = 500


def part(first: int) -> Tally:
    return run(range(first, first + _AT_ONCE))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=100_000)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seed", type=int, default=1_000_000)
    given = parser.parse_args()
    began = time.perf_counter()
    whole = Tally()
    starts = range(given.seed, given.seed + given.pairs, _AT_ONCE)
    with multiprocessing.Pool(given.processes) as pool:
        for number, tally in enumerate(pool.imap_unordered(part, starts), start=1):
            whole.add(tally)
            if number % 5 == 0:
                print(f"{whole.pairs:,} pairs, {len(whole.wrong):,} disagreements", flush=True)
    seconds = time.perf_counter() - began
    answers = whole.proven + whole.tried
    print(
        f"{whole.pairs:,} pairs of a template and a list in {seconds:,.0f} s with "
        f"{given.processes} processes\n"
        f"{answers:,} answers for a tag and a row compared: {whole.proven:,} proven by conditions, "
        f"{whole.tried:,} tried out\n"
        f"{whole.open:,} open ({whole.open / max(answers, 1):.2%}): not seen, so named as not "
        f"checked\n{len(whole.wrong):,} disagreements"
    )
    for wrong in whole.wrong[:5]:
        print("\n" + wrong)
    return int(bool(whole.wrong))


if __name__ == "__main__":
    sys.exit(main())
