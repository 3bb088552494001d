"""Incident mails that leave out what their readers need."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from preflight.rule import Problem, Severity, Unchecked, rule
from preflight.templates.message import Message
from preflight_rules.relationships._people import load
from preflight_rules.tone._incident import NOT_KNOWN, PURPOSES, read

if TYPE_CHECKING:
    from preflight_rules.tone._incident import Read

_VITAL = {
    "facts": "what happened and when",
    "action": "what has been done about it",
}
_WANTED = {
    "impact": "whom it hits and how",
    "cause": "why it happened, or that this is being looked for",
    "apology": "that you are sorry",
    "contact": "who answers",
    "next": "when the next news comes",
    "advice": "what the reader should do",
}


@rule("incomplete-incident-mail", on=Message, severity=Severity.ERROR)
def incomplete_incident_mail(message: Message) -> Iterator[Problem | Unchecked]:
    """A mail about an incident leaves out what its readers need to know."""
    if message.purpose not in PURPOSES:
        return
    said = read(message)
    if said is None:
        yield Unchecked(NOT_KNOWN)
        return
    missing = {str(one) for one in said.found.missing}
    faults = {str(one): one for one in said.found.faults}
    for name, what in _VITAL.items():
        if name in missing:
            vague = faults.get("vague") if name == "facts" else None
            span = said.span(vague) if vague is not None else None
            yield Problem(
                span or said.beginning,
                f"the mail does not say {what}",
                "Say it in its first sentences: facts, and only the facts.",
                weaker=said.unsure,
            )
    wanted = [name for name in _WANTED if name in missing or _is_missing(said, name)]
    if wanted and wanted != ["advice"]:
        yield Problem(
            said.beginning,
            "the mail does not say: " + _joined([_WANTED[name] for name in wanted]),
            "Add a sentence for each; where you do not know yet, say that and when you will.",
            weaker=True,
        )


def _is_missing(said: Read, name: str) -> bool:
    """What a mail may leave out: the next news when it is over, advice when all else is there."""
    if name not in ("next", "advice") or name in {str(one) for one in said.found.also}:
        return False
    if name == "advice":
        return True
    text = said.part.plain.text.casefold()
    over = load("incident_words.json")["over"].get(said.found.language, ())
    is_over = any(word in text for word in over)
    return said.message.purpose == "incident" and not is_over


def _joined(parts: list[str]) -> str:
    if len(parts) == 1:
        return parts[0]
    return f"{'; '.join(parts[:-1])}; and {parts[-1]}"
