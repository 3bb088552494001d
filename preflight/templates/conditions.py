"""Conditions over the cells of a contact, as text in the language of ``where``.

Every condition made here is two-valued: it is true or false, never NULL, so it may be negated.
``None`` in place of a condition means "cannot be told"; the connectives follow from that: a
conjunction with a false part is false whatever the others are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from preflight.absence import says_nothing

# What blank() takes for nothing in a cell, here for the constants of a template.

# Each elif repeats the conditions above it, so a long chain would grow with its square.
_LONGEST = 4000

# The blanks that Python's strip() takes off.
_BLANK = r"[\s\v\x1c-\x1f\x85\pZ]"
_INK = r"[^\s\v\x1c-\x1f\x85\pZ]"

# Text that a typed column could hold as a number or a boolean: 5 is not "5" for Jinja.
_TYPED = re.compile(r"\s*(?:[-+]?\.?\d.*|[-+]?(?:inf|infinity|nan)|true|false)\s*", re.I | re.S)

_WILD = re.compile(r"[%_\\]")  # not taken letter by letter by LIKE

_COMPARISONS = {"eq": "=", "ne": "<>", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">="}


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition: its text, the connective it is made with ("" for none), and where it reads
    better than ``not (...)`` the text and connective of its opposite."""

    text: str
    connective: str = ""
    opposite: tuple[str, str] | None = None


TRUE = Condition("true")
FALSE = Condition("false")

Maybe = Condition | None


def negate(condition: Maybe) -> Maybe:
    """The opposite of a condition."""
    if condition is None:
        return None
    if condition == TRUE:
        return FALSE
    if condition == FALSE:
        return TRUE
    here = (condition.text, condition.connective)
    if condition.opposite:
        return Condition(*condition.opposite, opposite=here)
    text = f"not ({condition.text})" if condition.connective else f"not {condition.text}"
    return Condition(text, opposite=here)


def all_of(*conditions: Maybe) -> Maybe:
    """True when all are."""
    return _joined("and", conditions, TRUE, FALSE)


def any_of(*conditions: Maybe) -> Maybe:
    """True when at least one is."""
    return _joined("or", conditions, FALSE, TRUE)


def choose(test: Maybe, yes: Maybe, no: Maybe) -> Maybe:
    """``yes`` where the test is true, ``no`` where it is false."""
    if yes == no:
        return yes
    return any_of(all_of(test, yes), all_of(negate(test), no))


def _joined(
    connective: str, conditions: tuple[Maybe, ...], neutral: Condition, decisive: Condition
) -> Maybe:
    if decisive in conditions:
        return decisive
    parts: dict[str, Condition] = {}
    for condition in conditions:
        if condition is None:
            return None
        if condition != neutral:
            parts[condition.text] = condition
    if not parts:
        return neutral
    if len(parts) == 1:
        return next(iter(parts.values()))
    if sum(map(len, parts)) > _LONGEST:
        return None
    texts = [
        part.text if part.connective in ("", connective) else f"({part.text})"
        for part in parts.values()
    ]
    return Condition(f" {connective} ".join(texts), connective)


def absent(text: str) -> bool:
    """Whether a text says nothing: only blanks, or a word for nothing."""
    return says_nothing(text)


def quoted_name(name: str) -> str:
    """A column's name as a quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


def quoted_text(text: str) -> str:
    """A text as a SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def blank(name: str) -> Condition:
    """The cell holds nothing, only blanks, or a word for nothing."""
    return Condition(f"blank({quoted_name(name)})")


def empty(name: str) -> Condition:
    """The cell holds nothing: Jinja gets ''."""
    return Condition(f"empty({quoted_name(name)})")


def truthy(name: str) -> Condition:
    """Jinja takes the cell for true."""
    return Condition(f"truthy({quoted_name(name)})")


def is_boolean(name: str, value: bool) -> Maybe:
    """The cell is this boolean. In a column of text the words true and false are text: there this
    says too much, but then the template itself is wrong."""
    return Form(name, "lower").equals("true" if value else "false")


@dataclass(frozen=True, slots=True)
class Form:
    """The text of a cell after ``lower``, ``upper`` (``case``) and ``trim``.

    A bare column would be compared by its type, and be refused as nonsense where Jinja just finds
    the two unlike; so all comparisons here are functions or operators of texts.
    """

    name: str
    case: str = ""
    trimmed: bool = False

    @property
    def sql(self) -> str:
        column = quoted_name(self.name)
        return f"{self.case}({column})" if self.case else column

    @property
    def filled(self) -> Maybe:
        """The text has a character."""
        return Form(self.name)._matches(_INK) if self.trimmed else negate(empty(self.name))

    def equals(self, text: str) -> Maybe:
        """The text is this one."""
        if not text:
            return negate(self.filled)
        if not self._possible(text) or (self.trimmed and text != text.strip()):
            return FALSE
        if _TYPED.fullmatch(text) and not (self.case and text.lower() in ("true", "false")):
            return None
        if self.case == "upper" and "SS" in text:  # the sharp s: engines differ
            return None
        if self.trimmed:
            return self._matches(f"^{_BLANK}*{re.escape(text)}{_BLANK}*$")
        literal = quoted_text(text)
        if self.case:
            return self._filled_and(f"{self.sql} = {literal}", f"{self.sql} <> {literal}")
        if _WILD.search(text):
            return self._matches(f"^{re.escape(text)}$")
        return self._filled_and(f"{self.sql} like {literal}", f"not {self.sql} like {literal}")

    def among(self, texts: tuple[str, ...]) -> Maybe:
        """The text is one of these."""
        conditions = [self.equals(text) for text in texts]
        some = [text for text in dict.fromkeys(texts) if self._possible(text)]
        if len(some) < 2 or self.trimmed or not all(some) or None in conditions:
            return any_of(*conditions)
        if not self.case:
            return self._matches(f"^(?:{'|'.join(map(re.escape, some))})$")
        listed = f"({', '.join(map(quoted_text, some))})"
        return self._filled_and(f"{self.sql} in {listed}", f"{self.sql} not in {listed}")

    def contains(self, text: str) -> Maybe:
        """The text holds this one somewhere."""
        if not text:
            return TRUE
        if not self._possible(text):
            return FALSE
        if self.trimmed and text != text.strip():
            return None
        return self._matches(re.escape(text))

    def length(self, operator: str, number: int) -> Maybe:
        """The number of characters compared with a number; ``operator`` as Jinja names it."""
        if self.case or self.trimmed or operator not in _COMPARISONS:
            return None
        sign = _COMPARISONS[operator]
        return Condition(f"coalesce(length({quoted_name(self.name)}), 0) {sign} {number}")

    def _possible(self, text: str) -> bool:
        return not self.case or text == (text.lower() if self.case == "lower" else text.upper())

    def _matches(self, pattern: str) -> Condition:
        call = f"matches({self.sql}, {quoted_text(pattern)})"
        return self._filled_and(call, f"not {call}")

    def _filled_and(self, test: str, opposite: str) -> Condition:
        column = quoted_name(self.name)
        return Condition(
            f"{column} is not null and {test}", "and", (f"{column} is null or {opposite}", "or")
        )
