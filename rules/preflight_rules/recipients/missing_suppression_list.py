"""A bulk mail that does not know who has opted out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from preflight.audience.audience import Audience
from preflight.rule import Problem, Related, Severity, rule
from preflight.source import Source
from preflight_rules.relationships._people import TO_EVERYBODY

if TYPE_CHECKING:
    from preflight.audience.segment import Filter


@rule("missing-suppression-list", on=Audience, severity=Severity.WARNING)
def missing_suppression_list(audience: Audience) -> Iterator[Problem]:
    """A bulk campaign names no list of people who have opted out, or an empty one."""
    if not audience.bulk or audience.campaign.purpose.value in TO_EVERYBODY:
        return
    if audience.exclusions or _asks_for_consent(audience):
        return
    span = audience.campaign.key_span("audience")
    if "suppressed" not in audience.ledger.configured:
        yield Problem(
            span,
            f"{audience.selected:,} people get this mail, and nothing says who has opted out",
            "Name the list of those who unsubscribed or bounced: ledger: {suppressed: ...} in "
            "preflight.yaml, or audience.exclude here.",
        )
    elif audience.ledger.entries.get("suppressed") == 0:
        lists = audience.ledger.lists.get("suppressed", ())
        yield Problem(
            span,
            f"{audience.selected:,} people get this mail, and the suppression list is empty",
            "Export it again: somebody has unsubscribed or bounced before.",
            related=tuple(
                Related(Source(one.shown, "", personal=True).span(), "it has no rows")
                for one in lists
            ),
        )


def _asks_for_consent(audience: Audience) -> bool:
    """Whether the filter asks a column of the list itself who wants mail."""
    from preflight.audience.columns import fold
    from preflight.audience.opted_out import opt_out_columns

    where: Filter | None = audience.segment.where
    if where is None or where.condition is None:
        return False
    telling = {column.physical for column in opt_out_columns(audience.columns)}
    for asked in where.condition.columns:
        term = audience.names.terms.get(asked.name.casefold())
        if term is not None and term.sql in telling:
            return True
        if fold(asked.name).startswith(("consent", "optin", "optedin", "subscribed")):
            return True
    return False
