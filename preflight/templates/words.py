"""Names of fields, as mailers and lists of any language write them."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_OTHER = re.compile(r"[\W_]+")
_STROKED = str.maketrans("łøđı", "lodi")  # letters that are not made of a letter and an accent
_FALLBACK = re.compile(
    r"\s*(?:\|\||\||\?\?|%%|,|=|\bOR\b|\bor\b|\bfallback\s*=|/(?=\w)|:(?=\s|$|\"|default)).*$",
    re.DOTALL,
)
_PREFIX = re.compile(r"^[^\W\d_][\w ]*?(?:\.|::?|=(?=\w)|->)(?=[\w\[({$])")
_LOGIC = re.compile(
    r"^(?:[#/^]?(?:if|ifnot|elseif|unless|each|with)(?::|\s+)(?=[\w$])|v\(@)", re.IGNORECASE
)
_WORDS_MAX = 4  # a longer name is a sentence
_SIGNS = " =\t\n\u00a0@$#&!^~>{}[]()\"'"


@cache
def load(name: str) -> Any:
    """A data file of this package (JSON), read once."""
    return json.loads(files("preflight.data").joinpath(name).read_text("utf-8"))


def normalise_name(name: str) -> str:
    """The field that a tag names, in snake_case without accents: no sign, prefix or fallback.
    Letters of other scripts stay.

    ``contact.FirstName``, ``First Name``, ``data:first_name:"x"`` and ``Prénom | default: "x"``
    become ``first_name`` and ``prenom``; a name that is nothing else is "".
    """
    name = _LOGIC.sub("", name.strip(_SIGNS + ".")).strip(_SIGNS)
    prefixes = _prefixes()
    while prefix := _PREFIX.match(name):
        first = _snake(prefix.group().rstrip(".:=->"))
        if first not in prefixes:
            break
        name = name[prefix.end() :].strip(_SIGNS)
    return _snake(_FALLBACK.sub("", name))


def _snake(name: str) -> str:
    folded = unicodedata.normalize("NFKD", _HUMP.sub("_", name).casefold().translate(_STROKED))
    plain = "".join(char for char in folded if not unicodedata.combining(char))
    return _OTHER.sub("_", unicodedata.normalize("NFC", plain)).strip("_")


def compact(name: str) -> str:
    """A normalised name without underscores: how names are compared."""
    return name.replace("_", "")


@cache
def _prefixes() -> frozenset[str]:
    return frozenset(load("field_words.json")["prefixes"])


def is_personal(name: str) -> bool:
    """Whether a (normalised) name is one that nobody writes but for a field."""
    if compact(name) in _words("personal") or name in _merge_numbers():
        return True
    owner, _, rest = name.partition("_")
    return owner in load("field_words.json")["owners"] and is_field(rest)


def is_common(name: str) -> bool:
    """Whether a name is a field's and an ordinary word as well."""
    return compact(name) in _words("common")


def is_system(name: str) -> bool:
    """Whether a name is one of those that mailers add: the unsubscribe link, the web version."""
    short = compact(name)
    if short in _words("system"):
        return True
    return name.count("_") < _WORDS_MAX and any(
        short.startswith(part) or f"_{part}" in name
        for part in load("field_words.json")["system_parts"]
    )


def is_field(name: str) -> bool:
    return is_personal(name) or is_common(name) or is_system(name)


@cache
def _words(kind: str) -> frozenset[str]:
    found = load("field_words.json")[kind]
    groups = found.values() if isinstance(found, dict) else [found]
    return frozenset(compact(_snake(word)) for group in groups for word in group)


@cache
def _merge_numbers() -> frozenset[str]:
    return frozenset(f"merge{number}" for number in range(1, 31))
