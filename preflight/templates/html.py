"""The masked view: the text runs, elements and attributes of a part, each at its exact place.

Template code is overwritten by filler of equal length before the markup is read, so that nothing
in it looks like markup and every offset stays the offset in the source. `Link`, `Image` and
`Element` are the subjects that rules get.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from preflight.rule import Fix
from preflight.source import Source, Span
from preflight.templates.masking import code_of, mask, split
from preflight.templates.nodes import FILLER, Attribute, Node, TextRun
from preflight.templates.plain import Plain, Segment, flow
from preflight.templates.reader import Reader

if TYPE_CHECKING:
    from preflight.campaign.model import Campaign
    from preflight.templates.model import Parsed

__all__ = [
    "FILLER",
    "Attribute",
    "Element",
    "Image",
    "Link",
    "Locate",
    "Markup",
    "Node",
    "Plain",
    "Segment",
    "TextRun",
    "nodes_of",
    "plain_text",
    "read_markup",
]

Locate = Callable[[int, int], Span]
"""Makes the place in a file of two offsets in a part."""

_SCHEME = re.compile(r"[\s\x00-\x1f]*([A-Za-z][A-Za-z0-9+.-]*):")
_FLOWING = frozenset(
    [
        "a",
        "abbr",
        "b",
        "big",
        "cite",
        "code",
        "del",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "mark",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "u",
        "v:f",
    ]
)


@dataclass(frozen=True, eq=False)
class Markup:
    """A part as its reader's program sees it. ``masked`` is the text with printed tags as `FILLER`
    and all other template code as blanks. ``locate`` gives the place of two offsets; ``owner`` is
    the `Template` or the `Part` of a message that it is the view of."""

    text: str
    masked: str
    runs: tuple[TextRun, ...]
    elements: tuple[Node, ...]
    html: bool
    locate: Locate
    owner: Any = None

    def located(self, locate: Locate, owner: Any = None) -> Markup:
        """The same view for an owner, with places in its file."""
        return Markup(self.text, self.masked, self.runs, self.elements, self.html, locate, owner)

    @cached_property
    def links(self) -> tuple[Link, ...]:
        return tuple(
            Link(self, node)
            for node in self.elements
            if "href" in node.attributes
            and (node.tag in ("a", "area") or node.tag.startswith("v:"))
        )

    @cached_property
    def images(self) -> tuple[Image, ...]:
        return tuple(Image(self, node) for node in self.elements if node.tag == "img")

    @cached_property
    def nodes(self) -> tuple[Element, ...]:
        """All elements as subjects of rules."""
        return tuple(Element(self, node) for node in self.elements)

    @cached_property
    def plain(self) -> Plain:
        """The words with template code masked: `FILLER` for what is printed."""
        return plain_text(self, self.masked)

    @cached_property
    def outlook_plain(self) -> Plain:
        """The masked words of Outlook's own copies."""
        return flow(self.masked, self.runs, [run.outlook and not run.hidden for run in self.runs])

    @cached_property
    def _node_starts(self) -> list[int]:
        return [node.start for node in self.elements]

    @cached_property
    def _run_starts(self) -> list[int]:
        return [run.start for run in self.runs]

    def node_at(self, offset: int) -> Node | None:
        """The element in whose start tag the offset lies."""
        at = bisect_right(self._node_starts, offset) - 1
        return self.elements[at] if at >= 0 and offset < self.elements[at].end else None

    def run_at(self, offset: int) -> TextRun | None:
        at = bisect_right(self._run_starts, offset) - 1
        return self.runs[at] if at >= 0 and offset < self.runs[at].end else None

    def ancestors(self, index: int) -> Iterator[Node]:
        """The element of that index and those around it, innermost first."""
        while index >= 0:
            node = self.elements[index]
            yield node
            index = node.parent


def read_markup(text: str, parsed: Parsed | None, *, html: bool) -> Markup:
    """The view of a part. ``parsed`` says where its template code stands (None: it is a finished
    message). A part that is no HTML is one run."""
    masked = text if parsed is None else mask(text, parsed)
    locate = Source("", text).span
    if not html:
        runs: tuple[TextRun, ...] = (TextRun(0, len(text)),) if text else ()
        return Markup(text, masked, runs, (), False, locate)
    reader = Reader(text, masked, code_of(parsed) if parsed else [])
    reader.read()
    runs = tuple(reader.runs)
    if parsed is not None and parsed.samples:
        runs = tuple(split(runs, parsed.samples))
    return Markup(text, masked, runs, tuple(reader.nodes()), True, locate)


def nodes_of(kind: type[Any], markup: Markup, locate: Locate) -> tuple[Any, ...]:
    """The subjects of one type (`Link`, `Image` or `Element`) in a part, in order. ``locate`` is
    for a view that has no owner yet."""
    placed = markup if markup.owner is not None else markup.located(locate)
    return {Link: placed.links, Image: placed.images, Element: placed.nodes}[kind]


def plain_text(markup: Markup, text: str, *, separator: str = "\n") -> Plain:
    """The words a reader sees: no style, script, title, comment, or Outlook-only copy.

    ``text``: the markup's text, or one of equal length (``markup.masked``). Blocks are separated
    by ``separator``, blanks collapsed, entities resolved.
    """
    if not markup.html:
        return Plain.of(text)
    titles = {node.index for node in markup.elements if node.tag == "title"}
    return flow(
        text,
        markup.runs,
        [not (run.hidden or run.outlook or run.element in titles) for run in markup.runs],
        separator,
    )


@dataclass(frozen=True, eq=False)
class _OnNode:
    """What links, images and elements have in common."""

    markup: Markup
    node: Node

    @property
    def owner(self) -> Any:
        """The `Template` or the `Part` of a message it stands in; None when it was read alone."""
        return self.markup.owner

    @property
    def campaign(self) -> Campaign | None:
        return getattr(self.owner, "campaign", None)

    @property
    def tag(self) -> str:
        """The element's name in lower case."""
        return self.node.tag

    @property
    def attributes(self) -> Mapping[str, Attribute]:
        return self.node.attributes

    @property
    def span(self) -> Span:
        """The start tag."""
        return self.markup.locate(self.node.start, self.node.end)

    @property
    def outlook(self) -> bool:
        """It stands in a conditional comment: only Outlook shows it."""
        return self.node.outlook

    @property
    def text(self) -> str:
        """The words inside, blanks collapsed, printed tags as written."""
        return self.node.text

    def attribute(self, name: str) -> str | None:
        """The value of an attribute, entities resolved; None when it is not there."""
        found = self.node.attributes.get(name)
        return None if found is None else found.value

    def attribute_span(self, name: str) -> Span:
        """The place of an attribute's value; the start tag when it is not there."""
        found = self.node.attributes.get(name)
        return self.span if found is None else self.markup.locate(found.start, found.end)

    @property
    def ancestors(self) -> Iterator[Element]:
        """The elements around it, innermost first."""
        for node in self.markup.ancestors(self.node.parent):
            yield Element(self.markup, node)


@dataclass(frozen=True, eq=False)
class Element(_OnNode):
    """Any element of the HTML."""

    @property
    def children(self) -> Iterator[Element]:
        """The elements directly inside, in order."""
        for node in self.markup.elements[self.node.index + 1 :]:
            if node.start >= self.node.content_end:
                return
            if node.parent == self.node.index:
                yield Element(self.markup, node)


@dataclass(frozen=True, eq=False)
class Link(_OnNode):
    """What a reader can follow: ``a``, ``area``, or an Outlook shape with ``href``."""

    @property
    def _href(self) -> Attribute:
        return self.node.attributes["href"]

    @property
    def url(self) -> str:
        """The address, trimmed, entities resolved, template code as written."""
        return self._href.value.strip()

    @property
    def url_span(self) -> Span:
        return self.markup.locate(self._href.start, self._href.end)

    @property
    def dynamic(self) -> bool:
        """Template code stands in the address."""
        return self._href.dynamic

    @property
    def scheme(self) -> str:
        """The scheme in lower case; "" when there is none or a tag stands in its place."""
        match = _SCHEME.match(self.markup.masked, self._href.start, self._href.end)
        if (
            match is None
            and "&" in self._href.value + self.markup.text[self._href.start : self._href.end]
        ):
            match = _SCHEME.match(self._href.value)
        return match[1].lower() if match else ""

    @property
    def title(self) -> str:
        return self.attribute("title") or ""

    @cached_property
    def image_text(self) -> str:
        """The alternative texts of the pictures inside."""
        own = self.node
        alts = (
            node.attributes["alt"].value
            for node in self.markup.elements[own.index + 1 :]
            if node.tag == "img" and "alt" in node.attributes and node.start < own.content_end
        )
        return " ".join(" ".join(alts).split())

    @cached_property
    def label(self) -> str:
        """What names the link to a reader: its text, else its pictures', else ``aria-label``."""
        return self.text or self.image_text or self.attribute("aria-label") or self.title

    @cached_property
    def context(self) -> str:
        """The words of the block around the link (at most 500 characters)."""
        node = self.node
        for node in self.markup.ancestors(self.node.parent):
            if node.tag not in _FLOWING:
                break
        return node.text[:500]

    def replace_scheme(self, scheme: str) -> Fix | None:
        """Write another scheme; None when it is not written out in the source."""
        match = _SCHEME.match(self.markup.masked, self._href.start, self._href.end)
        if match is None:
            return None
        span = self.markup.locate(match.start(1), match.end(1))
        return Fix(span, scheme, f"use {scheme}")


@dataclass(frozen=True, eq=False)
class Image(_OnNode):
    """A picture (``img``)."""

    @property
    def src(self) -> str:
        """Where it is loaded from; "" when nothing is said."""
        return (self.attribute("src") or "").strip()

    @property
    def src_span(self) -> Span:
        return self.attribute_span("src")

    @property
    def alt(self) -> str | None:
        """The alternative text; None when the attribute is missing ("" means decoration)."""
        return self.attribute("alt")

    @property
    def link(self) -> Link | None:
        """The link it stands in."""
        for node in self.markup.ancestors(self.node.parent):
            if node.tag == "a" and "href" in node.attributes:
                return Link(self.markup, node)
        return None
