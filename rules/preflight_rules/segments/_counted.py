"""What becomes of the audience when a piece of the filter is something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from preflight.audience.audience import Audience
    from preflight.audience.segment import Filter
    from preflight.audience.structure import Piece


def with_piece(where: Filter, piece: Piece, text: str) -> str:
    """The filter with another text in the place of a piece."""
    start, end = piece.outer
    return f"{where.text[:start]} ({text}\n) {where.text[end:]}"


def not_excluded(audience: Audience) -> str:
    """Among whom to count: contacts that no exclusion takes away, your own test addresses aside.
    SQL over the relation `people`."""
    return " AND ".join(
        ["NOT k_seed", *(f"NOT k_excluded_{one.index}" for one in audience.exclusions)]
    )
