"""The subject `Batch`: finished mails that go out together, each in short.

A batch may have many thousand mails, so what is kept of each is what the mails can be compared by.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from preflight.audience.audience import FIRST_ROWS
from preflight.rule import Need, Rows
from preflight.source import Span, lines_of

if TYPE_CHECKING:
    from preflight.audience.book import Book
    from preflight.mail import Context
    from preflight.rule import Related
    from preflight.templates.message import Message, Part

_SENTENCE = re.compile(r"[^.!?\n]+")
_LINE = re.compile(r"\S[^\n]*")
_SHORTEST = 20  # letters of a sentence that says something
_ALONE = "needs all mails that go out together: check_batch, or a folder or mbox of them"
_ALIKE = 0.8  # of what a mail says
_MOST = 200  # sentences of a mail that are compared


@dataclass(frozen=True, slots=True)
class Digest:
    """One mail of a batch. ``recipients``: all, ``visible``: those in To and Cc, in lower case.
    ``opening``: its first line. ``sentences``: what it says, as numbers that are equal where the
    words are. ``body``: the part that was read, of the first mails."""

    path: str
    span: Span
    subject: str
    recipients: tuple[str, ...]
    to: tuple[str, ...]
    visible: tuple[str, ...]
    sender: str
    opening: str
    sentences: frozenset[int]
    context: Context
    body: Part | None = None

    @property
    def opening_span(self) -> Span:
        """The place of the first line; of the mail where only its beginning was kept."""
        if self.body is None or not self.opening:
            return self.span
        start = self.body.plain.text.find(self.opening)
        return self.body.plain_span(start, start + len(self.opening))

    def says_as(self, other: Digest) -> bool:
        """Whether half of what the two say is the same; short mails say nothing."""
        both = len(self.sentences | other.sentences)
        return len(self.sentences & other.sentences) * 2 >= both


@dataclass(frozen=True, eq=False)
class Batch:
    """Mails that go out together, in their order; a single one as well (`Need.SEVERAL` asks for
    more). ``book``: the lists of the ledger, where a preflight.yaml names some."""

    mails: tuple[Digest, ...]
    context: Context
    book: Book | None = None

    @property
    def purpose(self) -> str | None:
        return self.context.purpose

    @cached_property
    def common(self) -> frozenset[int]:
        """What at least half of the mails say, and two at the least."""
        counts = Counter(sentence for mail in self.mails for sentence in mail.sentences)
        enough = max(2, len(self.mails) / 2)
        return frozenset(sentence for sentence, count in counts.items() if count >= enough)

    def is_alike(self, mail: Digest) -> bool:
        """Whether a mail says (nearly) what most say."""
        if not mail.sentences:
            return False
        return len(mail.sentences & self.common) >= _ALIKE * len(mail.sentences)

    def listed(self, kind: str) -> Mapping[str, Related | None]:
        """Which of the recipients are on the lists of a ledger kind, and where."""
        if self.book is None:
            return {}
        return self.book.listed(kind, (one for mail in self.mails for one in mail.recipients))

    @cached_property
    def press(self) -> frozenset[str]:
        """The recipients who are press people, by the ledger or by what the caller says."""
        told = {one.strip().lower() for mail in self.mails for one in mail.context.press}
        got = {one for mail in self.mails for one in mail.recipients}
        return frozenset(self.listed("press")) | (told & got)

    def missing(self, need: Need) -> str | None:
        """Why a need is not met here; None when it is."""
        if need is Need.SEVERAL:
            return None if len(self.mails) > 1 else _ALONE
        kinds = self.book.ledger.kinds if self.book is not None else frozenset()
        if need.value in kinds or (need is Need.PRESS and any(m.context.press for m in self.mails)):
            return None
        if need is Need.PRESS:
            return "needs ledger.press in a preflight.yaml, or Context(press=...)"
        return f"needs ledger.{need.value} in a preflight.yaml"

    def rows(self, mails: Sequence[Digest]) -> Rows:
        """Some of the mails, for `Problem.rows`: how many, of how many, and the first of them."""
        places = tuple((one.path, one.span.start_place.line) for one in mails[:FIRST_ROWS])
        return Rows(len(mails), places=places, of=len(self.mails))


def digest(message: Message, *, keep: bool, compare: bool) -> Digest:
    """What is kept of a finished mail. ``keep``: its text as well, to point at. ``compare``: what
    it says, to be compared with others."""
    mail = message.mail
    assert mail is not None
    body = message.text or message.html if compare else None
    words = body.plain.text if body is not None else ""
    opening = _LINE.search(words)
    to = tuple(box.address.lower() for _, _, box in mail.mailboxes("to"))
    return Digest(
        mail.path,
        message.span if keep else lines_of(message.span),
        message.subject.text if message.subject is not None else "",
        mail.recipients,
        to or tuple(one.lower() for one in mail.context.recipients),
        tuple(box.address.lower() for _, _, box in mail.mailboxes("to", "cc")),
        message.sender,
        opening.group().rstrip() if opening else "",
        _sentences(words) if compare else frozenset(),
        mail.context,
        body if keep else None,
    )


def _sentences(text: str) -> frozenset[int]:
    found = set()
    for match in _SENTENCE.finditer(text):
        words = " ".join(match.group().casefold().split())
        if len(words) >= _SHORTEST:
            found.add(hash(words))
            if len(found) == _MOST:
                break
    return frozenset(found)
