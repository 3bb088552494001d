"""What logic claims of filters made by chance, held against every row of a small table: how often
each claim is made, how many are wrong, and what reading a filter costs.

    python benchmarks/filter_logic.py [FILTERS] [SEED]
"""

from __future__ import annotations

import itertools
import random
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from filters_by_chance import NOW, Table, checked, filters

from preflight.audience.condition import ConditionError, parse
from preflight.audience.logic import Logic

LONG = {
    "200 clauses, a column each": " and ".join(f"c{i} = 'v'" for i in range(200)),
    "200 alternatives, a column each": " or ".join(f"c{i} = 'v'" for i in range(200)),
    "200 alternatives of one column": " or ".join(f"city = 'v{i}'" for i in range(200)),
    "200 values excluded one by one": " and ".join(f"city <> 'v{i}'" for i in range(200)),
    "200 pairs": " and ".join(f"(c{i} = 'v' or c{i + 1} = 'w')" for i in range(200)),
    "200 patterns": " or ".join(f"city like '%{i}%'" for i in range(200)),
    "a list of 1,000 values": "city in (" + ", ".join(f"'v{i}'" for i in range(1000)) + ")",
    "30 tests of 15 columns in each of 7 branches": " or ".join(
        f"({' and '.join(f'c{(i * j) % 15} > {i} and c{j} <> {i + 1}' for j in range(15))})"
        for i in range(7)
    ),
}


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    costs = list(_costs(min(count, 2_000), seed))
    print(f"reading a filter: median {statistics.median(costs):.2f} ms, worst {max(costs):.2f} ms")
    for name, text in LONG.items():
        start = time.process_time()
        logic = Logic(parse(text), None, NOW)
        found = len(list(logic.idle())) + len(list(logic.hollow())) + len(list(logic.full()))
        cost = (time.process_time() - start) * 1000
        state = "decided" if logic.decided else "not decided as a whole"
        print(f"  {name}: {cost:.0f} ms, {state}, {found} pieces named")
    wrong, claims = checked(count, seed)
    for text, found in wrong[:20]:
        print(f"wrong: {' '.join(text.split())}: {', '.join(found)}")
    print(f"{count:,} filters, {len(wrong)} with a claim that some row belies")
    for name, number in claims.most_common():
        print(f"  {number:>9,}  {name}")
    return 1 if wrong else 0


def _costs(count: int, seed: int) -> list[float]:
    names = Table().names
    costs = []
    for text in itertools.islice(filters(random.Random(seed)), count):
        try:
            start = time.process_time()
            logic = Logic(parse(text), names, NOW)
            list(logic.idle())
        except ConditionError:
            continue
        costs.append((time.process_time() - start) * 1000)
    return costs


if __name__ == "__main__":
    sys.exit(main())
