"""The people whom a campaign should leave out, as conditions and by what a clause asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from preflight.audience.audience import BULK
from preflight_rules.relationships._people import TO_EVERYBODY, either, has_column, known, load
from preflight_rules.segments._meaning import About, Meaning

if TYPE_CHECKING:
    from sqlglot import exp

    from preflight.audience.audience import Audience


@dataclass(frozen=True, slots=True)
class LeftOut:
    """``condition``: who should not get it. ``them`` and ``others``: both kinds in words.
    ``asked``: only clauses that ask for just this can be the wrong way round."""

    condition: str
    them: str
    others: str
    asked: Meaning | None = None


_KNOWN = Meaning(About.KNOWN, True)


def left_out(audience: Audience) -> Iterator[LeftOut]:
    """Those who are known, in prospecting; those who are not, among people you know; those who
    want no mail, in all but service mails."""
    purpose = audience.campaign.purpose.value
    people = known(audience)
    if purpose == "prospecting" and people:
        yield LeftOut(people, "whom you know", "whom you do not know")
        if has_column(audience, "relationship") and audience.kept > BULK:
            yield LeftOut(_not_new(), "who are not new to you", "who are new", _KNOWN)
    if purpose == "relationship" and people:
        yield LeftOut(
            f"not coalesce({people}, false)",
            "whom you do not know",
            "whom you know",
            _KNOWN.turned(),
        )
    if purpose not in TO_EVERYBODY and (people := unwanting(audience)):
        yield LeftOut(people, "who opted out or bounced", "who may get it")


def unwanting(audience: Audience) -> str | None:
    """The condition under which somebody wants no mail; None when nothing could tell."""
    from preflight.audience.opted_out import opted_out

    listed = '"ledger.is_suppressed"' if audience.has("ledger.is_suppressed") else None
    parts = [part for part in (listed, opted_out(audience)) if part]
    return " or ".join(parts) or None


def _not_new() -> str:
    words = either(load("newcomers.json")["words"])
    return (
        f'(not blank("relationship") and not matches("relationship", \'(?i)^\\s*({words})\\s*$\'))'
    )


def wrong(purpose: str, meaning: Meaning | None, column: str) -> str | None:
    """Whom a clause asks for, in words, when the campaign should leave just these out."""
    if meaning == Meaning(About.UNWANTED, True) and purpose not in TO_EVERYBODY:
        return "who want no mail or are marked to be left out"
    if meaning == Meaning(About.PERMITTED, False):
        offered = purpose == "promotion" and "newsletter" in column.casefold()
        if purpose in ("newsletter", "promotion") and not offered:
            return "who gave no permission"
    if purpose == "prospecting" and meaning == Meaning(About.KNOWN, True):
        return "whom you know"
    if purpose == "relationship" and meaning == Meaning(About.KNOWN, False):
        return "whom you do not know"
    return None


_CODE = re.compile(r"[a-z]{2}([-_][a-z0-9]{2,4})*", re.IGNORECASE)


def wrong_language(language: str, node: exp.Expr) -> str | None:
    """Whose readers a clause asks for, when it leaves out those of the campaign's own language."""
    from sqlglot import exp

    from preflight.audience.columns import map_columns

    node, turned = node.unnest(), False
    while isinstance(node, exp.Not):
        node, turned = node.this.unnest(), not turned
    if isinstance(node, (exp.EQ, exp.NEQ)):
        values = [node.expression]
        turned = turned is not isinstance(node, exp.NEQ)
    elif isinstance(node, exp.In):
        values = node.expressions
    else:
        return None
    column = node.this.this if isinstance(node.this, (exp.Lower, exp.Upper)) else node.this
    if not isinstance(column, exp.Column) or map_columns([column.name], {})[0].name != "language":
        return None
    codes = [value.name for value in values]
    if not codes or not all(_CODE.fullmatch(code) for code in codes):
        return None
    own = re.split("[-_]", language.casefold())[0]
    has_own = any(re.split("[-_]", code.casefold())[0] == own for code in codes)
    if has_own is not turned:
        return None
    return f"all readers but those of “{own}”" if turned else " and ".join(f"“{c}”" for c in codes)
