"""A finished mail as it was handed in: its header fields, its parts, who gets it, and what the
caller knows besides. `preflight.readers` makes them; `Mail.message` is the subject of rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from preflight.audience.audience import BULK
from preflight.source import Excerpt, Source, Span
from preflight.templates.message import Message, Part, Segment

if TYPE_CHECKING:
    from preflight.rule import Said
    from preflight.templates.html import Markup
    from preflight.templates.nodes import TextRun

AUTHORED = frozenset(
    {
        "from", "sender", "reply-to", "to", "cc", "bcc", "subject", "organization", "list-id",
        "list-unsubscribe", "list-unsubscribe-post", "list-help",
    }
)  # fmt: skip
"""Header fields that whoever writes the mail fills in; the others are made by machines."""

_DISCUSSION = frozenset(
    {"list-post", "x-beenthere", "x-mailing-list", "mailing-list", "in-reply-to", "references"}
)
_BULK_PRECEDENCE = frozenset({"bulk", "list"})
_NOT_SEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|max-height\s*:\s*0(?![.\d]*[1-9])"
    r"|font-size\s*:\s*[01](?:px|pt)?\s*(?:;|$)|opacity\s*:\s*0\s*(?:;|$)",
    re.IGNORECASE,
)
_PREHEADER_WITHIN = 25  # elements of the body, from its beginning


@dataclass(frozen=True, slots=True)
class Context:
    """What the caller knows beyond the mail itself; all of it is optional.

    ``recipients``: the envelope, where it differs from To, Cc and Bcc. ``data``: the merge data of
    this reader: what these values bring is not the text's fault. ``template``: the text that stands
    at the mail service, where a `Payload` only names it; it is checked with the values known.
    ``bulk``: whether the mail goes to many. ``purpose``: as in ``campaign.yaml``; ``kind`` is
    another name for it. ``language``: BCP 47. ``press``: addresses of press people.
    """

    recipients: Sequence[str] = ()
    data: Mapping[str, object] = field(default_factory=dict)
    bulk: bool | None = None
    purpose: str | None = None
    kind: str | None = field(default=None, repr=False)
    language: str | None = None
    press: Sequence[str] = ()
    template: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        purpose = self.purpose or self.kind
        if purpose is not None:
            purpose = purpose.strip().lower()
            if purpose not in PURPOSES:
                raise ValueError(f"“{purpose}” is no purpose; there are {', '.join(PURPOSES)}")
        if isinstance(self.recipients, str) or isinstance(self.press, str):
            raise TypeError("recipients and press are lists of addresses, not one text")
        object.__setattr__(self, "purpose", purpose)


PURPOSES = (
    "prospecting", "newsletter", "promotion", "relationship", "press", "introduction", "event",
    "service", "incident", "apology",
)  # fmt: skip
"""The values of `preflight.campaign.model.Purpose`, which costs pydantic to import."""


class Header(NamedTuple):
    """One field: its name as written, and its value, decoded."""

    name: str
    value: Excerpt


class Mailbox(NamedTuple):
    """One address of an address field, as written, at ``start`` to ``end`` of its value."""

    name: str
    address: str
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class Mail:
    """A finished mail. ``path``: as shown to people. ``headers``: in order, None where there are
    none (bare HTML or text). ``parts``: ``html``, ``text``, and further inline ones (``text-2``),
    decoded. ``span``: where it begins. ``said``: what could not be read. ``opaque``: there is a
    part that cannot be looked into (it is encrypted). ``approximate``: some values in it are not
    known, and a filler stands in their place. ``at_service``: its template stands at the mail
    service, and a subject that is not here may stand there as well."""

    path: str
    headers: tuple[Header, ...] | None
    parts: Mapping[str, Excerpt]
    span: Span
    context: Context = field(default_factory=Context)
    said: tuple[Said, ...] = ()
    opaque: bool = False
    approximate: bool = False
    at_service: bool = False

    def known(self, context: Context | None) -> Mail:
        """The same mail with what the caller knows."""
        return self if context is None else replace(self, context=context)

    def values(self, name: str) -> list[Excerpt]:
        """The values of all fields of a name (in lower case)."""
        return [one.value for one in self.headers or () if one.name.lower() == name]

    def value(self, name: str) -> str:
        """The text of the first field of a name; "" when there is none."""
        return next((one.text for one in self.values(name)), "")

    def mailboxes(self, *names: str) -> Iterator[tuple[str, Excerpt, Mailbox]]:
        """The addresses of some address fields, each with its field."""
        for header in self.headers or ():
            if header.name.lower() in names:
                for mailbox in mailboxes(header.value.text):
                    yield header.name, header.value, mailbox

    @cached_property
    def recipients(self) -> tuple[str, ...]:
        """Who gets it, in lower case, each once: of the envelope, else To, Cc and Bcc."""
        addresses = self.context.recipients or [
            mailbox.address for _, _, mailbox in self.mailboxes("to", "cc", "bcc")
        ]
        return tuple(dict.fromkeys(one.strip().lower() for one in addresses if one.strip()))

    @cached_property
    def bulk(self) -> bool | None:
        """Whether it goes to many: as the caller says, or by the fields that mails to many have;
        None when neither tells. What goes over a discussion list is no campaign, nor is a reply."""
        if self.context.bulk is not None:
            return self.context.bulk
        if len(self.context.recipients) > BULK:
            return True
        names = {one.name.lower() for one in self.headers or ()}
        if not names.isdisjoint(_DISCUSSION):
            return None
        if "list-id" in names or "list-unsubscribe" in names:
            return True
        return True if self.value("precedence").strip().lower() in _BULK_PRECEDENCE else None

    @cached_property
    def message(self) -> Message:
        """The mail as the subject of rules."""
        parts: dict[str, Part] = {}
        for header in self.headers or ():
            name = header.name.lower()
            if name in AUTHORED:
                part = name if name in ("from", "subject") else f"header:{header.name}"
                parts.setdefault(part, Part.finished(part, header.value))
        bodies = {name: Part.finished(name, value) for name, value in self.parts.items()}
        preheader = _preheader(bodies["html"]) if "html" in bodies else None
        if preheader is not None:
            parts["preheader"] = preheader
        return Message(
            campaign=None,
            parts={**parts, **bodies},
            count=1,
            first=(),
            facts={name.casefold(): value for name, value in self.context.data.items()},
            of=1,
            approximate=self.approximate,
            unrendered=frozenset({"html", "text"}) if self.opaque else frozenset(),
            mail=self,
        )


def mail_of_parts(
    path: str,
    headers: Sequence[tuple[str, str]] | None,
    parts: Mapping[str, str],
    context: Context | None = None,
    said: tuple[Said, ...] = (),
) -> Mail:
    """A mail of texts that stand in no file: each is a source of its own (``message#html``)."""
    top = Source(path, "" if headers is None else _written(headers))
    fields = None if headers is None else tuple(_fields(top, headers))
    return Mail(
        path,
        fields,
        {name: Excerpt.whole(Source(f"{path}#{name}", text)) for name, text in parts.items()},
        top.span(0, 0),
        context or Context(),
        said,
    )


def _written(headers: Sequence[tuple[str, str]]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in headers)


def _fields(top: Source, headers: Sequence[tuple[str, str]]) -> Iterator[Header]:
    at = 0
    for name, value in headers:
        start = at + len(name) + 2
        at = start + len(value) + 1
        yield Header(name, Excerpt(value, top.span(start, at - 1)))


# --- the line that inboxes show beside the subject ------------------------------------------------


def _preheader(html: Part) -> Part | None:
    """The hidden text at the beginning of the body, where mailers put the preheader."""
    from preflight.templates.plain import flow

    markup = html.markup
    body = next((node.index for node in markup.elements if node.tag == "body"), -1)
    for node in markup.elements[body + 1 : body + 1 + _PREHEADER_WITHIN]:
        style = node.attributes.get("style")
        if style is None or node.content_end <= node.end or not _NOT_SEEN.search(style.value):
            continue
        inside = _runs_in(markup, node.end, node.content_end)
        plain = flow(html.text, inside, [not run.hidden for run in inside])
        if plain.text.strip():
            segments = tuple(
                Segment(one.start, one.length, one.source, one.source + one.source_length,
                        one.length == one.source_length)
                for one in plain.segments
            )  # fmt: skip
            return Part("preheader", plain.text, segments, None, html.written)
        return None
    return None


def _runs_in(markup: Markup, start: int, end: int) -> list[TextRun]:
    return [run for run in markup.runs if start <= run.start and run.end <= end]


# --- addresses ------------------------------------------------------------------------------------

_PIECE = re.compile(
    r'"(?:[^"\\]|\\.)*+"?|<[^<>]*+>?|\((?:[^()\\]|\\.)*+\)?|[^",;:<(]++|.', re.DOTALL
)
_GROUP = re.compile(r"[^@]*\Z")


def mailboxes(value: str) -> list[Mailbox]:
    """The addresses of a field, by what is written, right or wrong: commas and semicolons part
    them, but not in quotes, angle brackets and comments; the name of a group is left out."""
    found: list[Mailbox] = []
    begin = 0
    pieces: list[str] = []
    angle: tuple[str, int, int] | None = None

    def take(end: int) -> None:
        nonlocal begin, pieces, angle
        written = value[begin:end]
        if written.strip():
            start = begin + len(written) - len(written.lstrip())
            stop = begin + len(written.rstrip())
            if angle is not None:
                name = "".join(pieces).strip().strip('"').replace("\\", "").strip()
                found.append(Mailbox(name, angle[0].strip(), angle[1], angle[2]))
            else:
                bare = "".join(piece for piece in pieces if piece[:1] != "(")
                found.append(Mailbox("", bare.strip(), start, stop))
        begin, pieces, angle = end + 1, [], None

    for match in _PIECE.finditer(value):
        piece, at = match.group(), match.start()
        if piece in ",;":
            take(at)
        elif piece == ":" and _GROUP.match("".join(pieces)) and angle is None:
            begin, pieces = match.end(), []
        elif piece[0] == "<" and angle is None:
            inner = piece[1:].removesuffix(">")
            angle = (inner, at + 1, at + 1 + len(inner))
        else:
            pieces.append(piece)
    take(len(value))
    return found
