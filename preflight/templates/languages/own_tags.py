"""A mailer's tags that are no part of its template language: ``<%asm_..%>`` of SendGrid,
``%recipient.x%`` of Mailgun, ``[[UNSUB_LINK_EN]]`` of Mailjet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from preflight.templates.tree import (
    Code,
    Constant,
    Expression,
    Fallback,
    Field,
    Print,
    System,
    Text,
    Unknown,
)

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from preflight.templates.naming import Naming


def printed_by_mailer(
    text: str, start: int, end: int, own: Naming, *, sample: bool = False
) -> Iterator[Text | Print | Code]:
    """A run of literal text, cut at the mailer's own tags."""
    at = start
    if own.literal is not None and not sample:
        for found in own.literal.finditer(text, start, end):
            if found.start() > at:
                yield Text(at, found.start())
            yield _printed(found)
            at = found.end()
    if at < end:
        yield Text(at, end, sample)


def _printed(found: re.Match[str]) -> Print | Code:
    parts = found.groupdict()
    start, end = found.span()
    if parts.get("code"):
        return Code(start, end)
    value: Expression = System(found.group())
    if name := parts.get("field"):
        value = Field(name, *found.span("field"))
        if parts.get("otherwise"):
            value = Fallback(value, Constant(parts["otherwise"]), "empty")
    elif parts.get("other"):
        value = Unknown()
    return Print(start, end, value, found.group())
