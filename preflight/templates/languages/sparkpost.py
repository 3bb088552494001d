"""SparkPost's template language, written so that Jinja's parser can read it, at equal length.

``{{if x}} .. {{elseif y}} .. {{else}} .. {{end}}`` and ``{{each items}} .. {{end}}`` are statements
in the marks of printed tags; the expressions (``x or 'there'``) are like Jinja's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from preflight.templates.jinja_lexing import RawToken

if TYPE_CHECKING:
    from collections.abc import Iterator

_STATEMENT = re.compile(r"\{\{\s*+(if|elseif|else|end|each)\b(?!\s*+[.|(=])")
_TRIPLE = re.compile(r"\{\{\{([^{}]*+)\}\}\}")
_HIDDEN = re.compile(r"\{[%#]|[%#]\}")


def as_jinja(text: str) -> str:
    """The text with Jinja's marks. What would be a mark of Jinja, and is text here, is hidden."""
    text = _HIDDEN.sub("\ue000\ue000", text)
    text = _TRIPLE.sub(r"{{ \1 }}", text)
    pieces: list[str] = []
    at = 0
    while found := _STATEMENT.search(text, at):
        end = text.find("}}", found.end())
        if end < 0:
            break
        word = "elif  " if found[1] == "elseif" else found[1]
        head = text[found.start() + 2 : found.start(1)]
        pieces += [text[at : found.start()], "{%", head, word, text[found.end() : end], "%}"]
        at = end + 2
    return "".join([*pieces, text[at:]])


def with_jinja_words(tokens: list[RawToken]) -> Iterator[RawToken]:
    """The tokens with Jinja's words: ``for`` for ``each``, and ends that say of what."""
    still_open: list[str] = []
    first = False
    for token in tokens:
        if token.type == "block_begin":
            first = True
        elif first and token.type == "name":
            first = False
            if token.text == "each":
                still_open.append("endfor")
                yield from (token._replace(text=word) for word in ("for", "loop_var", "in"))
                continue
            if token.text == "if":
                still_open.append("endif")
            elif token.text == "end":
                token = token._replace(text=still_open.pop() if still_open else "endif")
        yield token
