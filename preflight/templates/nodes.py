"""What a part of a mail consists of: text runs, elements and their attributes."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FILLER = "\ue000"
"""Stands for one character of a printed tag in masked text."""

_PIECES_MAX = 5_000


class TextRun(NamedTuple):
    """A stretch of text between markup; ``text[start:end]`` is what stands in the source.

    ``hidden``: in a style, script or template element. ``sample``: in ``pre``, ``code`` and the
    like, or in a raw block. ``element``: index of the innermost open element, -1 for none.
    ``outlook``: only Outlook shows it. ``block``: a line begins here (a block or ``br`` before it).
    """

    start: int
    end: int
    hidden: bool = False
    sample: bool = False
    element: int = -1
    outlook: bool = False
    block: bool = True


class Attribute(NamedTuple):
    """One attribute: ``text[start:end]`` is its value without quotes, ``value`` the same with
    entities resolved and template code as written. ``dynamic``: template code stands in it."""

    name: str
    value: str
    name_start: int
    start: int
    end: int
    dynamic: bool = False


@dataclass(eq=False)  # never changed; freezing would make the making three times as slow
class Node:
    """An element: ``text[start:end]`` is its start tag, ``content_end`` where its content ends.

    ``parent``: index of the element around it, -1 for none. ``outlook``: in a conditional comment.
    """

    index: int
    tag: str
    start: int
    end: int
    content_end: int
    parent: int
    attributes: Mapping[str, Attribute]
    outlook: bool = False
    _words: Sequence[str] = field(default=(), repr=False)
    _first: int = 0
    _last: int = 0

    @cached_property
    def text(self) -> str:
        """The words inside, blanks collapsed, printed tags as written."""
        last = min(self._last, self._first + _PIECES_MAX)
        return " ".join("".join(self._words[self._first : last]).split())
