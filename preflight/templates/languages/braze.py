"""Braze's Liquid: names in ``${ }``, and printed expressions inside statements.

``{{${first_name}}}`` and ``{% if {{custom_attribute.${plan}}} == 'x' %}`` are no Liquid; with
blanks of equal length in the place of the braces they are, and every offset stays.
"""

from __future__ import annotations

import re

_NAME = re.compile(r"\$\{([^{}\n]{1,200})\}")
_UNFIT = re.compile(r"[^\w]")


def without_braces(text: str) -> tuple[str, dict[str, str]]:
    """The text with Braze's braces blanked, and the names in it that stand in for those with
    blanks or other signs that Liquid does not have in names."""
    renamed: dict[str, str] = {}

    def plain(found: re.Match[str]) -> str:
        written = found[1]
        name = written.strip()
        stand_in = _UNFIT.sub("_", name)
        if stand_in != name:
            renamed[stand_in] = name
        return "  " + written.replace(name, stand_in, 1) + " "

    return _unnested(_NAME.sub(plain, text)), renamed


def _unnested(text: str) -> str:
    pieces: list[str] = []
    at = 0
    while (start := text.find("{%", at)) >= 0 and (end := text.find("%}", start)) >= 0:
        pieces.append(text[at:start])
        pieces.append(text[start:end].replace("{{", "  ").replace("}}", "  "))
        at = end
    return "".join([*pieces, text[at:]])
