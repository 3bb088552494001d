"""The proof and brute force agree: what is said of a tag holds for every row of a list, as Jinja
itself renders it."""

from __future__ import annotations

from random import Random

import pytest
from agreement import Lists, Tally, run

PAIRS = 250


@pytest.mark.parametrize("part", range(8))
def test_random_templates_and_lists(part: int) -> None:
    tally = run(range(part * PAIRS, (part + 1) * PAIRS))
    assert not tally.wrong, tally.wrong[0]
    assert tally.pairs == PAIRS
    assert tally.proven > 3_000
    assert tally.tried > 1_000
    assert tally.open < (tally.proven + tally.tried) / 50


def test_a_wrong_claim_is_found() -> None:
    """The comparison itself can fail."""
    import agreement

    lists = Lists(Random(1))
    tally = Tally()
    honest = agreement.says_nothing
    agreement.says_nothing = lambda text: not honest(text)
    try:
        for seed in range(40):
            tally.add(agreement.compare(seed, lists))
    finally:
        agreement.says_nothing = honest
    assert tally.wrong
