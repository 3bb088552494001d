"""What the reader of markup knows of HTML's elements."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# fmt: off
RAW = frozenset({"style", "script", "title", "textarea", "xmp", "noframes", "noembed"})
HIDDEN = frozenset({"style", "script", "template", "noframes", "noembed"})
SAMPLE = frozenset({"pre", "code", "samp", "kbd", "xmp"})
VOID = frozenset(
    {
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
        "source", "track", "wbr", "basefont", "bgsound",
    }
)
INLINE = frozenset(
    {
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em",
        "font", "i", "img", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span",
        "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "o:p", "v:f", "meta",
        "link",
    }
)
_BLOCKS = (
    "p", "div", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "hr",
    "center",
)
# fmt: on

_CELLS = frozenset({"td", "th"})
# The elements that a start tag closes when one of them is the innermost open one.
CLOSES: Mapping[str, frozenset[str]] = {
    "li": frozenset({"li", "p"}),
    "td": _CELLS | {"p"},
    "th": _CELLS | {"p"},
    "tr": _CELLS | {"tr", "p"},
    "option": frozenset({"option"}),
    "a": frozenset({"a"}),
    **dict.fromkeys(_BLOCKS, frozenset({"p"})),
}
