"""What the explanations of faults in templates have in common, whatever the dialect."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

QUOTES = "“”„‟‘’‚‛«»‹›"
TOO_DEEP = "the template is nested too deeply"
_CUT = 40
_DELIMITER = re.compile(r"\{\{|\{%|\{#|\}\}|%\}|#\}")
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
_ENTITY = re.compile(r"&(?:quot|apos|#0*+(?:34|39)|#x0*+2[27]|[lr][sd]quo);", re.IGNORECASE)
_WORDS = re.compile(r"\s*+(\w++(?:[ \t]++\w++)+)\s*+")

# What writers of other dialects write, and the words that they mean.
_FOREIGN = {
    "elif": ("elsif", "elseif"),
    "elseif": ("elsif", "elif"),
    "elsif": ("elif",),
    "else if": ("elsif", "elif"),
    "uppercase": ("upcase", "upper"),
    "upper": ("upcase",),
    "upcase": ("upper",),
    "lowercase": ("downcase", "lower"),
    "lower": ("downcase",),
    "downcase": ("lower",),
    "trim": ("strip",),
    "title": ("capitalize",),
    "fallback": ("default",),
    "length": ("size",),
    "size": ("length",),
    "endunless": ("endif",),
    "raw": ("verbatim",),
    "endraw": ("endverbatim",),
    "set": ("assign",),
}


def misspelt(word: str, known: Iterable[str]) -> str | None:
    """The known word that is meant by one that does not exist, where that is plain."""
    names = [name for name in known if name.isidentifier()]
    for meant in _FOREIGN.get(word.lower(), ()):
        if meant in names:
            return meant
    letters = sorted(word.lower())
    turned = [name for name in names if sorted(name) == letters]
    close = turned or get_close_matches(word.lower(), names, n=1, cutoff=0.75)
    return close[0] if close else None


def meant(word: str, known: Iterable[str]) -> str:
    """“ (did you mean …?)”, where that is plain."""
    found = misspelt(word, known)
    return f" (did you mean “{found}”?)" if found else ""


def shortened(written: str) -> str:
    """A piece of a template as it is shown."""
    written = " ".join(written.split())
    return written if len(written) <= _CUT else written[:_CUT] + "…"


def unclosed(text: str, opening: int) -> bool:
    """Whether another tag begins, or the text ends, before the one at ``opening`` is closed."""
    if opening < 0:
        return False
    following = _DELIMITER.search(text, opening + 2)
    return following is None or following.group() != _CLOSING[text[opening : opening + 2]]


def never_closed(text: str, opening: int) -> tuple[int, int, str]:
    """The place of a tag that is not closed, and the words for it."""
    mark = text[opening : opening + 2]
    line_end = text.find("\n", opening)
    line = text[opening : line_end if line_end >= 0 else len(text)]
    half = re.match(r"\{\{[^{}]*\}(?!\})", line) if mark == "{{" else None
    if half:
        end = opening + half.end()
        return opening, end, "“{{” is closed with one “}” only: write “}}”"
    return opening, opening + 2, f"“{mark}” is never closed with “{_CLOSING[mark]}”"


def entity_inside(text: str, start: int, end: int) -> tuple[int, int, str] | None:
    """The place and the words, where an editor has written quotes in a tag as HTML entities."""
    found = _ENTITY.search(text, start, end)
    if found is None:
        return None
    return *found.span(), f"a quote in a tag is written as {found[0]}: write ' or \" there"


def quote_inside(character: str) -> str:
    """The words for a typographic quote in a tag."""
    return f"a typographic quote ({character}) inside a tag: write ' or \" there"


def blank_in_name(text: str, start: int, end: int) -> tuple[int, int, str] | None:
    """The place and the words, where an expression is two words with a blank between them."""
    words = _WORDS.fullmatch(text, start, end)
    if words is None:
        return None
    joined = "_".join(words[1].split())
    said = f"a name cannot hold a blank: “{shortened(words[1])}” (perhaps “{shortened(joined)}”)"
    return words.start(1), words.end(1), said
