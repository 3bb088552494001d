"""One value for everybody, in a list or in a batch of finished mails: the judgement of both."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field

from preflight.absence import says_nothing


class Options(BaseModel):
    """What counts as everybody."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    share: float = Field(0.9, gt=0, le=1, description="of the filled cells that have one value")
    least: int = Field(10, ge=2, description="fewer recipients with a value say nothing")


def is_personal_field(name: str) -> bool:
    """Whether a field of this name holds what belongs to one person; countries, companies, events
    and the sender's own name are the same for many."""
    from preflight.audience.columns import fold

    return fold(name) in _fields()


def same_for_all(value: str, count: int, filled: int, options: Options) -> bool:
    """Whether one value, ``count`` times among ``filled`` ones, is that of nearly everybody."""
    return (
        filled >= options.least
        and count >= options.share * filled
        and not says_nothing(value)
        and any(map(str.isalnum, value))
    )


def names_a_person(greeted: str) -> bool:
    """Whether a salutation means one person: words with a capital, none for many or for anybody."""
    words = greeted.split()
    return all(word[:1].isupper() for word in words) and _collective().isdisjoint(
        part for word in words for part in re.split(r"[/:*()]+", word.casefold())
    )


@cache
def _collective() -> frozenset[str]:
    file = files("preflight_rules.placeholders").joinpath("collective_words.json")
    return frozenset(json.loads(file.read_text("utf-8"))["words"])


@cache
def _fields() -> frozenset[str]:
    from preflight.audience.columns import fold

    file = files("preflight_rules.placeholders").joinpath("personal_fields.json")
    return frozenset(fold(name) for name in json.loads(file.read_text("utf-8"))["fields"])
