"""Overwriting template code, so that nothing in it looks like markup and every offset stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from preflight.templates.nodes import FILLER, TextRun

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from preflight.templates.model import Parsed


def mask(text: str, parsed: Parsed) -> str:
    masked = overwrite(text, parsed.code, " ")
    return overwrite(masked, ((tag.start, tag.end) for tag in parsed.tags), FILLER)


def overwrite(text: str, stretches: Iterable[tuple[int, int]], filler: str) -> str:
    """The text with the stretches replaced by filler of equal length; line ends are kept."""
    pieces: list[str] = []
    at = 0
    for start, end in sorted(stretches):
        start, end = max(start, at), min(end, len(text))
        if start >= end:
            continue
        pieces.append(text[at:start])
        pieces.append("\n".join(filler * len(line) for line in text[start:end].split("\n")))
        at = end
    pieces.append(text[at:])
    return "".join(pieces)


def code_of(parsed: Parsed) -> list[tuple[int, int]]:
    """The stretches of template code, in order, none overlapping another."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted([*parsed.code, *((tag.start, tag.end) for tag in parsed.tags)]):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif end > start:
            merged.append((start, end))
    return merged


def split(runs: Iterable[TextRun], samples: Sequence[tuple[int, int]]) -> Iterator[TextRun]:
    """The runs, cut at the borders of raw blocks."""
    ordered = sorted(samples)
    for run in runs:
        at, block = run.start, run.block
        for start, end in ordered:
            start, end = max(start, at), min(end, run.end)
            if start >= end:
                continue
            if start > at:
                yield _cut(run, at, start, run.sample, block)
                block = False
            yield _cut(run, start, end, True, block)
            at, block = end, False
        if at < run.end:
            yield _cut(run, at, run.end, run.sample, block)


def _cut(run: TextRun, start: int, end: int, sample: bool, block: bool) -> TextRun:
    return TextRun(start, end, run.hidden, sample, run.element, run.outlook, block)
