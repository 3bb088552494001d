"""Another number of recipients than the campaign expects."""

from __future__ import annotations

from collections.abc import Iterator

from preflight.audience.audience import Audience
from preflight.rule import Problem, Severity, rule


@rule("unexpected-audience-size", on=Audience, severity=Severity.ERROR)
def unexpected_audience_size(audience: Audience) -> Iterator[Problem]:
    """The audience is larger or smaller than expect.count allows."""
    expected = audience.campaign.audience.expect.count
    if expected is None:
        return
    smallest, largest = expected
    if smallest <= audience.selected <= largest:
        return
    many = audience.selected
    people = f"{many:,} contact{' gets' if many == 1 else 's get'}" if many else "nobody gets"
    figures = f"{smallest:,}" if smallest == largest else f"{smallest:,} to {largest:,}"
    are = "is" if smallest == largest == 1 else "are"
    yield Problem(
        audience.campaign.span("audience", "expect", "count"),
        f"{people} this mail, {figures} {are} expected",
        "Look who is too many or missing; change the number only when you know why.",
    )
