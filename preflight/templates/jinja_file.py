"""One file of a Jinja template: read and parsed once, then walked as often as it is used."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError

from preflight.templates.jinja_faults import explain, unknown_parts
from preflight.templates.jinja_hazards import find_hazards, is_plain
from preflight.templates.jinja_lexing import (
    RawToken,
    Region,
    all_nodes,
    lex,
    literals,
    parse,
    regions,
)
from preflight.templates.model import Hazard, SyntaxFault, Unread

if TYPE_CHECKING:
    from preflight.source import Source
    from preflight.templates.conditions import Maybe
    from preflight.templates.values import Value

Find = Callable[[str], "Source"]
"""Finds a file by the name that a template writes. Raises `preflight.files.FileProblem`."""


@dataclass(frozen=True, slots=True)
class Printed:
    """One occasion on which a tag prints: when, what, and the fields that this depends on."""

    when: Maybe
    value: Value
    names: tuple[str, ...]


@dataclass(eq=False)
class JinjaFile:
    """The tree of a text (line ends as ``\\n``), and what a walk over it finds.

    ``fault``: why it cannot be parsed; it has no nodes then. ``printed``: by the number of its
    region, what a tag prints, once for each time it is met. ``uses``: free names, and where.
    ``hazards``: those that only show when files are followed.
    """

    text: str
    every: Sequence[nodes.Node] = ()
    tokens: Sequence[RawToken] = ()
    fault: SyntaxFault | None = None
    printed: dict[int, list[Printed]] = field(default_factory=lambda: defaultdict(list))
    uses: list[tuple[str, int, int]] = field(default_factory=list)
    unread: dict[int, Unread] = field(default_factory=dict)
    hazards: dict[int, Hazard] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str) -> JinjaFile:
        """Never raises on any text."""
        tokens: list[RawToken] = []
        try:
            lex(text, tokens)
            every = all_nodes(parse(tokens))
            fault = unknown_parts(every, text)
            return cls(text, fault=fault) if fault else cls(text, every, tokens)
        except TemplateSyntaxError as error:
            fault = explain(text, tokens, error.message or "", error.lineno)
        except RecursionError:
            fault = SyntaxFault(0, min(len(text), 1), "the template is nested too deeply")
        except ValueError:  # Python reads no number of more than 4,300 digits
            longest = max(
                (token for token in tokens if token.type == "integer"),
                key=lambda token: len(token.text),
                default=RawToken(0, "", text[:1]),
            )
            fault = SyntaxFault(longest.start, longest.end, "the number is too long")
        return cls(text, fault=fault)

    @property
    def body(self) -> Sequence[nodes.Node]:
        root = self.every[0] if self.every else None
        return root.body if isinstance(root, nodes.Template) else ()

    @cached_property
    def regions(self) -> list[Region]:
        """Everything between delimiters, in order."""
        return list(regions(list(self.tokens)))

    @cached_property
    def _starts(self) -> list[int]:
        return [region.start for region in self.regions]

    def region(self, offset: int) -> int:
        """The number of the region in which the offset lies."""
        return bisect_right(self._starts, offset) - 1

    def stretch(self, node: nodes.Node) -> tuple[int, int]:
        """Where the tag stands in which a node is written."""
        number = self.region(node.lineno)
        found = self.regions[number] if number >= 0 else None
        return (found.start, found.end) if found else (0, min(1, len(self.text)))

    @cached_property
    def macros(self) -> dict[str, list[nodes.Macro]]:
        """The macros that are defined anywhere in it."""
        found: dict[str, list[nodes.Macro]] = {}
        for node in self.every:
            if type(node) is nodes.Macro:
                found.setdefault(node.name, []).append(node)
        return found

    @cached_property
    def ever_set(self) -> frozenset[str]:
        """The names that it sets anywhere."""
        names = [n.name for n in self.every if type(n) is nodes.Name and n.ctx == "store"]
        return frozenset((*names, *self.macros))

    @cached_property
    def blocks(self) -> list[nodes.Block]:
        return [node for node in self.every if type(node) is nodes.Block]

    @cached_property
    def runs(self) -> list[tuple[int, int, bool]]:
        return list(literals(list(self.tokens)))

    def code(self) -> Iterator[tuple[int, int]]:
        """Everything that is no literal, cut where a region begins: blanks that ``-`` takes away
        belong to the code beside them."""
        edges = [edge for start, end, _raw in self.runs for edge in (start, end)]
        cuts = sorted({0, len(self.text), *self._starts, *edges})
        inside = {start for start, _end, _raw in self.runs}
        for start, end in itertools.pairwise(cuts):
            if start not in inside and start < end:
                yield start, end

    @cached_property
    def all_hazards(self) -> tuple[Hazard, ...]:
        return (*find_hazards(self.every, self.text), *self.hazards.values()) if self.every else ()

    @property
    def plain(self) -> bool:
        return bool(self.every) and not self.all_hazards and is_plain(self.every)
