"""A first-contact text in a campaign for people whom you know."""

from __future__ import annotations

from collections.abc import Iterator

from preflight.rule import Problem, Severity, rule
from preflight.templates.message import Message
from preflight_rules.tone._heard import cold_signs, other_families, said_signs


@rule("cold-text-in-warm-campaign", on=Message, severity=Severity.WARNING)
def cold_text_in_warm_campaign(message: Message) -> Iterator[Problem]:
    """The purpose is relationship, and the text is a first contact."""
    if message.purpose != "relationship":
        return
    for language in message.voices.languages:
        signs = cold_signs(message.voices.within(language))
        if signs:
            voice, sign = signs[0]
            yield Problem(
                voice.span(sign.start, sign.end),
                "the campaign is for people whom you know, and its text is a first contact",
                "Write as to somebody whom you know; or correct the purpose, or the text.",
                related=other_families(signs),
                detail="\n".join(said_signs(signs)),
            )
            return
