"""First names that are none."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from preflight.audience.audience import Contact
from preflight.rule import Problem, Severity, rule
from preflight_rules.cells import asked, found_in, printed_columns

_FIRST = frozenset(("first_name",))
_ANY = frozenset(("first_name", "last_name", "full_name"))
# What a letter of two bytes becomes when each byte is read as a letter of its own.
_SECOND_BYTE = "[\\x{80}-\\x{bf}€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸ]"
_DAMAGED = (
    rf"\x{{fffd}}|[ÃÂ]{_SECOND_BYTE}|(?:[ÐÑÎÏ]{_SECOND_BYTE}){{2}}|â€|"
    r"\p{L}\?\p{L}|\p{L}\?$|^\?\p{L}|^[?\s]*\?\?[?\s]*$"
)
_HELP = "Correct these cells, or leave these people out until somebody has."


@rule("unlikely-name", on=Contact, severity=Severity.WARNING)
def unlikely_name(contact: Contact) -> Iterator[Problem]:
    """A name that the mail prints is an address, a company, a test, or damaged."""
    printed = [column.name for column in printed_columns(contact)]
    for what, names, pattern in _kinds():
        parts = [
            f"({found_in(name, pattern)} and not blank({asked(name)}))"  # no word for nothing
            for name in printed
            if name.casefold() in names
        ]
        shown = [f"“{name}”" for name in printed if name.casefold() in names]
        if parts:
            yield Problem(
                None,
                f"{' or '.join(shown)} of {{recipients}} {what}",
                _HELP,
                condition=" or ".join(parts),
            )


@cache
def _kinds() -> tuple[tuple[str, frozenset[str], str], ...]:
    """What is said of a name, of which columns, and how such a cell looks (RE2)."""
    data = _data()
    endings = "|".join(data["endings"])
    titles = _either(word for word in data["titles"] if word not in data["names_too"])
    every = _either(data["titles"])
    return (
        ("holds an e-mail address", _ANY, r"[^\s@]@[^\s@]+\.\w"),
        (
            "holds a web address",
            _ANY,
            rf"(?i)https?://|(?:^|\s)www\.\S|^[a-z0-9-]{{3,}}\.(?:{endings})$",
        ),
        ("holds HTML", _ANY, r"(?i)</?[a-z][^<>]*>|<!--|&(?:[a-z]{2,8}|#x?[0-9a-f]{1,6});"),
        (
            "holds a formula, which a spreadsheet would run",
            _ANY,
            r"(?i)^\s*=\s*[\w@+(\-]|^\s*[+@-]\s*(?:cmd|[a-z]+\()|\|\s*'|cmd\s*\|",
        ),
        ("is damaged: letters were read in the wrong encoding", _ANY, _DAMAGED),
        (
            "is a company",
            _FIRST,
            # A word stands before: alone, S.A. are somebody's initials.
            "|".join(
                (
                    rf"(?i:\S[\s,]+(?:{_either(data['company'])})\s*$)",
                    _either(data["east_asian_company"]),
                    rf"\p{{Ll}}.*[\s,](?:{_either(data['capitals'])})\s*$",
                )
            ),
        ),
        (
            "begins with a title",
            _FIRST,
            # Some titles are names as well: these need the full stop, and a name after it.
            rf"(?i)^\s*(?:{titles})(?:\.\s*|\s+|$)(?:\p{{L}}|$)|^\s*(?:{every})\.\s+\p{{L}}",
        ),
        ("is only digits", _FIRST, r"^[\s\d().+/#-]*\d[\s\d().+/#-]*$"),
        (
            "is a word for a test, or for no name",
            _FIRST,
            rf"(?i)^\s*(?:{_either(data['tests'])})\s*$",
        ),
        ("is an insult", _ANY, rf"(?i)^\s*(?:{_either(data['profanity'])})[\s!.]*$"),
        (
            "is in capitals only",
            _FIRST,
            r"^[\p{Lu}\p{M}\s.'’-]*\p{Lu}{4}[\p{Lu}\p{M}\s.'’-]*$",
        ),
    )


def _either(words: Iterable[str]) -> str:
    """RE2: one of the words, the longer first."""
    longest = sorted(set(words), key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest)


@cache
def _data() -> Any:
    file = files("preflight_rules.placeholders").joinpath("unlikely_names.json")
    return json.loads(file.read_text("utf-8"))
