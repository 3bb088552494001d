"""The shapes of merge tags, as data: `tag_families.json`."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from preflight.templates.words import load

_BETWEEN = re.compile(r"[\sx.]+")


class Family(NamedTuple):
    """One shape of tags: see `tag_families.json`."""

    id: str
    strength: str
    opening: str
    written: str
    written_in_address: str
    words: frozenset[str]
    doubled: bool
    belongs: str

    @property
    def pattern(self) -> re.Pattern[str]:
        return _compiled(self.written)

    @property
    def in_address(self) -> re.Pattern[str]:
        return _compiled(self.written_in_address)

    @property
    def greets(self) -> bool:
        """It counts only in a salutation."""
        return self.strength in ("greeting", "salutation", "any")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compiled when an opening stands in a text: few texts hold more than one or two of them."""
    return re.compile(pattern)


@cache
def families_known() -> tuple[Family, ...]:
    return tuple(
        Family(
            entry["id"],
            entry["strength"],
            entry["opening"],
            entry["pattern"],
            entry.get("in_address", entry["pattern"]),
            frozenset(entry.get("words", ())),
            entry.get("doubled", False),
            entry.get("belongs", entry["id"]),
        )
        for entry in load("tag_families.json")["families"]
    )


@cache
def foreign_families(families: str | None) -> tuple[Family, ...]:
    """The families that are not a dialect's own, whose delimiters are ``{{ x }} {% %}``."""
    own = own_families(families)
    return tuple(
        family for family in families_known() if own.isdisjoint((family.id, family.belongs))
    )


def own_families(families: str | None) -> frozenset[str]:
    """The families that a dialect's delimiters (``{{ x }} {% %}``) stand for."""
    if not families:
        return frozenset()
    shapes = _shapes()
    either = "|".join(map(re.escape, sorted(shapes, key=len, reverse=True)))
    return frozenset(shapes[shape] for shape in re.findall(either, _BETWEEN.sub("", families)))


@cache
def _shapes() -> dict[str, str]:
    """Families by their delimiters alone."""
    shapes = {_BETWEEN.sub("", family.id): family.id for family in families_known()}
    return {"{{{}}}": "{{..}}", "{{${}}}": "{{..}}", "%%{}%%": "%%..%%", "<>": "<x>", **shapes}
