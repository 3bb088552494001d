"""Incident mails that say more than the facts."""

from __future__ import annotations

from collections.abc import Iterator

from preflight.rule import Problem, Related, Severity, Unchecked, rule
from preflight.templates.message import Message
from preflight_rules.tone._incident import NOT_KNOWN, PURPOSES, read

_SAYS = {
    "panic": ("sounds like panic", "Say calmly what happened, without capitals and “!!”."),
    "blame": ("blames somebody", "Say what you do about it; who was at fault helps no reader."),
    "minimise": (
        "makes it small",
        "Leave it out: how bad it was, those say who were hit.",
    ),
}
_SHOWN = 3


@rule("emotional-incident-mail", on=Message, severity=Severity.WARNING)
def emotional_incident_mail(message: Message) -> Iterator[Problem | Unchecked]:
    """A mail about an incident panics, blames somebody, or makes it small."""
    if message.purpose not in PURPOSES:
        return
    said = read(message)
    if said is None:
        yield Unchecked(NOT_KNOWN)
        return
    for fault in said.found.faults:
        span = said.span(fault)
        if str(fault) in _SAYS and span is not None:
            text, help = _SAYS[str(fault)]
            yield Problem(
                span,
                f"“{said.words(fault)}” {text}",
                help,
                related=tuple(
                    Related(said.part.plain_span(one.start, one.end), "this too")
                    for one in fault.spans[1 : 1 + _SHOWN]
                ),
            )
