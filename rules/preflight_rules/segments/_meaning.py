"""What a test of a filter asks about people: whether they want no mail, gave their permission, or
are known. By the names of columns and the words that they are compared with, which are data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from preflight_rules.relationships._people import load

if TYPE_CHECKING:
    from sqlglot import exp


class About(StrEnum):
    UNWANTED = "unwanted"  # they unsubscribed, bounced, complained, or are marked to be left out
    PERMITTED = "permitted"  # they gave their consent
    KNOWN = "known"  # clients, friends, partners


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a test asks about; ``asks_for``: whether for those who are, or for the others."""

    about: About
    asks_for: bool

    @property
    def guards(self) -> bool:
        """Whether it keeps out whom a mail should not reach."""
        return self.about is not About.UNWANTED or not self.asks_for

    def turned(self) -> Meaning:
        return replace(self, asks_for=not self.asks_for)


_DATED = ("at", "on", "date", "time", "le", "am", "seit", "depuis", "since")
_BARRED = frozenset(("isdisputed", "indispute", "onhold", "inincident"))
_ACQUAINTED = frozenset(("isknown", "isclient", "known", "client", "iscustomer", "customer"))


def meaning_of(node: exp.Expr) -> Meaning | None:
    """What one test asks about; None when it asks about none of these, or when that cannot be
    told."""
    from sqlglot import exp

    node = node.unnest()
    if isinstance(node, exp.Not):
        inner = meaning_of(node.this)
        return inner.turned() if inner and not _asks_nothing(node.this.unnest()) else None
    if isinstance(node, exp.Column):
        return _flag(node.name)
    column = _column(node.this) if isinstance(node.this, exp.Expr) else None
    if column is None:
        return None
    if isinstance(node, exp.Is):
        if isinstance(node.expression, exp.Boolean):
            return _given(_flag(column), bool(node.expression.this))
        return _given(_filled(column), False)
    if isinstance(node, (exp.EQ, exp.NullSafeEQ, exp.NEQ, exp.NullSafeNEQ)):
        equal = isinstance(node, (exp.EQ, exp.NullSafeEQ))
        if isinstance(node.expression, exp.Boolean):
            return _given(_flag(column), bool(node.expression.this) is equal)
        return _given(_value(column, [node.expression]), equal)
    if isinstance(node, exp.In) and node.expressions:
        return _value(column, node.expressions)
    if isinstance(node, (exp.Like, exp.ILike)):
        return _given(_value(column, [node.expression]), not node.args.get("negate"))
    if isinstance(node, (exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Between)):
        return Meaning(About.KNOWN, True) if _canonical(column) == "known_since" else None
    return None


def _asks_nothing(node: exp.Expr) -> bool:
    """``do_not_contact is null`` is true of nobody who is marked; that anything stands there,
    ``no`` perhaps, marks nobody yet. A date does: ``unsubscribed_at``."""
    from sqlglot import exp

    if not isinstance(node, exp.Is) or not isinstance(node.expression, exp.Null):
        return False
    name = _column(node.this) or ""
    flag = _flag(name)
    dated = name.casefold().endswith(_DATED)
    return flag is not None and flag.about is About.UNWANTED and not dated


def _given(meaning: Meaning | None, as_said: bool) -> Meaning | None:
    return meaning if meaning is None or as_said else meaning.turned()


def _column(node: exp.Expr) -> str | None:
    """The column's name, also within lower(), trim(), coalesce() and the like."""
    from sqlglot import exp

    while isinstance(node, (exp.Lower, exp.Upper, exp.Trim, exp.Coalesce, exp.Paren)):
        node = node.this
    return str(node.name) if isinstance(node, exp.Column) else None


def _canonical(name: str) -> str:
    from preflight.audience.columns import map_columns

    return map_columns([name], {})[0].name.casefold()


def _flag(name: str) -> Meaning | None:
    """A column that is true or false."""
    from preflight.audience import opted_out
    from preflight.audience.columns import fold

    folded = fold(name)
    if opted_out.is_flag(name, or_left_out=True) or folded in _BARRED:
        return Meaning(About.UNWANTED, True)
    if _is_unwanted(name):
        return Meaning(About.UNWANTED, True)
    if asks_permission(name):
        return Meaning(About.PERMITTED, True)
    return Meaning(About.KNOWN, True) if folded in _ACQUAINTED else None


def _is_unwanted(name: str) -> bool:
    from preflight.audience import opted_out

    return opted_out.is_flag(_canonical(name), or_left_out=True)


def _filled(name: str) -> Meaning | None:
    """A column of which is asked whether anything stands in it."""
    meaning = _flag(name)
    if meaning is not None and meaning.about is About.UNWANTED:
        return meaning
    if _canonical(name) in ("relationship", "known_since"):
        return Meaning(About.KNOWN, True)
    return Meaning(About.PERMITTED, True) if meaning and meaning.about is About.PERMITTED else None


def _value(name: str, values: Iterable[exp.Expr]) -> Meaning | None:
    """A column that is compared with words; all of them must say the same."""
    found = {_word(name, str(value.name).strip("%_ ")) for value in values}
    return found.pop() if len(found) == 1 else None


def _word(name: str, word: str) -> Meaning | None:
    from preflight.audience import opted_out
    from preflight.audience.columns import fold

    if _canonical(name) == "relationship":
        if fold(word) in _words("newcomers.json"):
            return Meaning(About.KNOWN, False)
        return (
            Meaning(About.KNOWN, True) if fold(word) in _words("known_relationships.json") else None
        )
    flag = _flag(name)
    if flag is not None and flag.about is About.UNWANTED:
        if opted_out.means_yes(word) or opted_out.means_no_mail(word):
            return flag
        return flag.turned() if _means_no(word) else None
    if flag is not None and flag.about is About.PERMITTED:
        if _means_no(word) or opted_out.means_no_mail(word):
            return flag.turned()
        if opted_out.means_yes(word) or fold(word) in permitting_words() or flag_is_consent(name):
            return flag
        return None
    if opted_out.is_state(name):
        if opted_out.means_no_mail(word):
            return Meaning(About.UNWANTED, True)
        return Meaning(About.PERMITTED, True) if fold(word) in permitting_words() else None
    return None


def flag_is_consent(name: str) -> bool:
    return _canonical(name) == "consent"


def asks_permission(name: str) -> bool:
    """Whether a column says that mail is wanted."""
    from preflight.audience.columns import fold

    folded = fold(name)
    return flag_is_consent(name) or any(map(folded.startswith, load("permission.json")["columns"]))


def permitting_words() -> frozenset[str]:
    """The states of a subscription that say that mail is wanted."""
    return frozenset(load("permission.json")["values"])


def _means_no(word: str) -> bool:
    from preflight.audience.columns import fold

    return fold(word) in load("permission.json")["no"]


@cache
def _words(name: str) -> frozenset[str]:
    from preflight.audience.columns import fold

    return frozenset(fold(word) for word in load(name)["words"])
