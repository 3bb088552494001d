"""The people whom a campaign should leave out, as conditions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from preflight_rules.relationships._people import TO_EVERYBODY, known

if TYPE_CHECKING:
    from preflight.audience.audience import Audience


@dataclass(frozen=True, slots=True)
class LeftOut:
    """``condition``: who should not get it. ``them`` and ``others``: both kinds in words."""

    condition: str
    them: str
    others: str


def left_out(audience: Audience) -> Iterator[LeftOut]:
    """Those who are known, in prospecting; those who want no mail, in all but service mails."""
    purpose = audience.campaign.purpose.value
    if purpose == "prospecting" and (people := known(audience)):
        yield LeftOut(people, "whom you know", "whom you do not know")
    if purpose not in TO_EVERYBODY and (people := unwanting(audience)):
        yield LeftOut(people, "who opted out or bounced", "who may get it")


def unwanting(audience: Audience) -> str | None:
    """The condition under which somebody wants no mail; None when nothing could tell."""
    from preflight.audience.opted_out import opted_out

    listed = '"ledger.is_suppressed"' if audience.has("ledger.is_suppressed") else None
    parts = [part for part in (listed, opted_out(audience)) if part]
    return " or ".join(parts) or None
