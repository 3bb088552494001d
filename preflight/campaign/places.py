"""Where each value of a definition stands in its file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from preflight.source import Excerpt, Source, Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Route = tuple[str | int, ...]


def clipped(text: str) -> str:
    """A text of the file as it is quoted in a message: never long."""
    return text if len(text) <= 60 else text[:57] + "..."


@dataclass(frozen=True, slots=True)
class Places:
    """Route of a value (keys and indices from the root) -> its place.

    ``values``: spans of all values; ``keys``: spans of the keys of mappings; ``excerpts``: scalars
    as text, letter by letter. A route that is not there answers with the place of its parent.
    """

    source: Source = field(default_factory=lambda: Source("campaign.yaml", ""))
    values: Mapping[Route, Span] = field(default_factory=dict)
    keys: Mapping[Route, Span] = field(default_factory=dict)
    excerpts: Mapping[Route, Excerpt] = field(default_factory=dict)

    def span(self, route: Sequence[str | int]) -> Span:
        here = tuple(route)
        while here:
            if here in self.values:
                return self.values[here]
            here = here[:-1]
        return self.source.span(0, 0)

    def key_span(self, route: Sequence[str | int]) -> Span:
        return self.keys.get(tuple(route)) or self.span(route)

    def excerpt(self, route: Sequence[str | int]) -> Excerpt | None:
        return self.excerpts.get(tuple(route))
