"""Characters in cells that nobody sees and every program reads."""

from __future__ import annotations

from collections.abc import Iterator

from preflight.audience.audience import Contact
from preflight.rule import Problem, Severity, rule
from preflight_rules.cells import found_in, printed_columns

_LETTERS = r"[\p{Latin}\p{Cyrillic}\p{Greek}\d]"
# Control characters but for tab and line ends, soft hyphens, zero-width blanks, invisible signs.
_CONTROL = (
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x{84}\x{86}-\x{9f}\x{ad}\x{180e}\x{200b}\x{2028}\x{2029}"
    r"\x{202d}\x{202e}\x{2060}-\x{2064}\x{206a}-\x{206f}\x{feff}\x{fff9}-\x{fffb}]"
)
# Joiners belong into Persian, Indian scripts and emoji, but not beside these letters.
_JOINERS = rf"{_LETTERS}[\x{{200c}}\x{{200d}}]|[\x{{200c}}\x{{200d}}]{_LETTERS}"
# Marks of direction belong into Hebrew and Arabic, and into what is mixed with them.
_LEFT = r"[^\p{Hebrew}\p{Arabic}\p{Syriac}\p{Thaana}\p{Nko}]*"
_DIRECTION = rf"^{_LEFT}[\x{{200e}}\x{{200f}}\x{{202a}}-\x{{202c}}\x{{2066}}-\x{{2069}}]{_LEFT}$"
_HIDDEN = f"{_CONTROL}|{_JOINERS}|{_DIRECTION}"


@rule("hidden-character", on=Contact, severity=Severity.WARNING)
def hidden_character(contact: Contact) -> Iterator[Problem]:
    """A cell that the mail prints holds a control or a zero-width character."""
    for column in printed_columns(contact):
        yield Problem(
            None,
            f"“{column.name}” of {{recipients}} holds a character that nobody sees",
            "Take it out: it breaks searches and comparisons, and some mail programs show a box in "
            "its place.",
            condition=found_in(column.name, _HIDDEN),
        )
