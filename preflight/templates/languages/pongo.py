"""The template language of pongo2 (Brevo): Django's, but with blanks where one likes.

``{{ contact.FIRSTNAME | default : "x" }}`` is an error for Django; with the blanks moved in front
of the name it is none, and the text stays as long as it was.
"""

from __future__ import annotations

import re

from preflight.templates.languages.django_lexing import tags

_QUOTED = re.compile(r"""("[^"\n]*+"|'[^'\n]*+')""")
_COLON = re.compile(r"(\b\w++)([ \t]*+):([ \t]*+)(?=[\w\"']|$)")


def tightened(text: str) -> str:
    """The text with the blanks around the colon of a filter's argument moved before its name."""
    pieces: list[str] = []
    at = 0
    for start, end in tags(text):
        if text[start + 1] == "#":
            continue
        parts = _QUOTED.split(text[start + 2 : end - 2])
        parts[::2] = [_COLON.sub(_moved, part) for part in parts[::2]]
        pieces += [text[at : start + 2], "".join(parts)]
        at = end - 2
    return "".join([*pieces, text[at:]])


def _moved(found: re.Match[str]) -> str:
    return f"{found[2]}{found[3]}{found[1]}:"
