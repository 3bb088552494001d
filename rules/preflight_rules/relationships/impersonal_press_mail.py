"""Press mails with the same words for everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from preflight.batch import Batch, Digest
from preflight.rule import Need, Problem, Severity, rule
from preflight.templates.message import Message, Part
from preflight.templates.zones import in_salutation

if TYPE_CHECKING:
    from preflight.source import Span

_HELP = "Write to each of them about their own work, and why this is for their readers."
_PARTS = ("text", "html")


class Options(BaseModel):
    """What counts as a word of one's own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    min_words: int = Field(
        12, ge=1, description="so many words that are written for one person make a mail personal"
    )


@rule("impersonal-press-mail", on=Message, severity=Severity.WARNING, options=Options)
def impersonal_press_mail(message: Message, options: Options) -> Iterator[Problem]:
    """A press mail says the same to every recipient."""
    if message.purpose != "press" or message.of < 2 or message.approximate:
        return
    for part in map(message.parts.get, _PARTS):
        if part is not None and part.text.strip():
            if _words_of_values(part) < options.min_words:
                yield Problem(
                    _beginning(message, part),
                    "{recipients} {get} a press mail without a sentence that is meant for one of "
                    "them",
                    _HELP,
                )
            return


@impersonal_press_mail.also(on=Batch, needs=(Need.SEVERAL, Need.PRESS))
def in_batch(batch: Batch, _: Options) -> Iterator[Problem]:
    """Finished mails to press people say (nearly) the same."""
    press = [mail for mail in batch.mails if not batch.press.isdisjoint(mail.recipients)]
    same: list[Digest] = [mail for mail in press if batch.is_alike(mail)]
    if len(press) > 1 and len(same) > 1:
        yield Problem(
            same[0].span,
            f"{len(same):,} press people get a mail that says the same to all",
            _HELP,
            rows=batch.rows(same),
        )


def _words_of_values(part: Part) -> int:
    """How many words fields have brought, the salutation and addresses aside."""
    plain = part.plain
    words = 0
    for stretch in part.segments:
        if stretch.literal or in_salutation(plain, stretch.start, stretch.end):
            continue
        printed = part.text[stretch.start : stretch.end]
        words += sum("/" not in word and "@" not in word for word in printed.split())
    return words


def _beginning(message: Message, part: Part) -> Span:
    """The first words behind the salutation's line, else the first of all."""
    lines = [match.span() for match in re.finditer(r"\S[^\n]*", part.plain.text)]
    if not lines:
        return message.place_of(part)
    start, end = lines[1] if len(lines) > 1 else lines[0]
    return part.plain_span(start, end)
