"""A mail as it stands in a file or on the wire (RFC 5322, MIME) -> `Mail`.

The standard library takes the mail apart; where a part stands in the file is found again by its
text. Broken mails are read as far as they go, as a reader's program does: nothing here raises.
"""

from __future__ import annotations

import binascii
import email.errors
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from email.message import Message as Parsed
from email.parser import Parser
from email.policy import compat32
from functools import partial
from typing import TYPE_CHECKING, Any

from preflight.mail import Context, Header, Mail, mail_of_parts
from preflight.readers.encoded import (
    Mapped,
    Offsets,
    characters,
    file_text,
    text_of,
    unquoted,
)
from preflight.readers.fields import header_offsets, header_text
from preflight.rule import Problem, Said
from preflight.source import Excerpt, Source, Span, normalise

if TYPE_CHECKING:
    from preflight.readers.encoded import Places, Text

MAIL_LIMIT = 50 << 20
"""Largest mail that is read, in bytes; no server takes a larger one."""

_FIELD = re.compile(r"(?P<name>[!-9;-~]+)[ \t]*:[ \t]*(?P<value>[^\n]*(?:\n[ \t][^\n]*)*)(?:\n|\Z)")
_MULTIPART = re.compile(r"^content-type[ \t]*:[ \t\n]*multipart/", re.IGNORECASE | re.MULTILINE)
_MOST_MULTIPARTS = 200  # deeper nesting than any mailer makes takes quadratic time
_MOST_BODIES = 50  # inline parts that are looked into
_ENCRYPTED = frozenset(
    {"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"}
)
_NO_BOUNDARY = (
    email.errors.NoBoundaryInMultipartDefect,
    email.errors.StartBoundaryNotFoundDefect,
)
_LABELS = {"html": "the HTML", "text": "the plain text"}
_READABLE = {"text/html": "html", "text/plain": "text"}


def read_mail(
    data: bytes, path: str, context: Context | None = None, *, first_line: int = 1
) -> Mail:
    """The mail in some bytes. ``path`` is shown to people; ``first_line``: where the mail begins
    in a file of several."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    raw = normalise(data.decode("ascii", "surrogateescape"))
    if len(raw) > MAIL_LIMIT:
        return _unread(path, f"the mail has {len(data):,} bytes; at most {MAIL_LIMIT:,} are read")
    source = Source(path, file_text(raw), first_line=first_line)
    offsets = Offsets(raw)
    headers = tuple(_headers(raw, source, offsets))
    if len(_MULTIPART.findall(raw)) > _MOST_MULTIPARTS:
        return _unread(path, f"the mail has more than {_MOST_MULTIPARTS} parts of parts", source)
    try:
        parsed: Parsed[Any, Any] = Parser(policy=compat32).parsestr(raw)
        reading = _Reading(path, source, offsets, raw)
        reading.bodies(parsed)
    except Exception as error:  # noqa: BLE001 - the library raises on mails made to that end
        return _unread(path, f"the mail cannot be taken apart ({type(error).__name__})", source)
    return Mail(
        path,
        headers,
        reading.parts,
        _beginning(source, headers),
        context or Context(),
        tuple(reading.said),
        reading.opaque,
    )


def _unread(path: str, message: str, source: Source | None = None) -> Mail:
    span = (source or Source(path, "")).span(0, 0)
    problem = Problem(span, message, "Give the mail as your mailer sends it; nothing was checked.")
    return Mail(path, None, {}, span, said=(Said("unreadable-file", problem),), opaque=True)


def _beginning(source: Source, headers: Sequence[Header]) -> Span:
    """The first field: the place for what stands nowhere."""
    if not headers:
        return source.span(0, 0)
    first = headers[0].value.span
    return source.span(source.text.rfind("\n", 0, first.start) + 1, first.end)


def _headers(raw: str, source: Source, offsets: Offsets) -> Iterator[Header]:
    at = raw.index("\n") + 1 if raw.startswith("From ") and "\n" in raw else 0
    while match := _FIELD.match(raw, at):
        at = match.end()
        value = match["value"].rstrip()
        start = match.start("value")
        span = source.span(offsets(start), offsets(start + len(value)))
        yield Header(match["name"], _header_value(value, span, start, offsets))


def _header_value(value: str, span: Span, start: int, offsets: Offsets) -> Excerpt:
    if "=?" not in value and "\n" not in value and value.isascii():
        return Excerpt(value, span)
    return Mapped(header_text(value), span, partial(header_offsets, value), start, offsets)


@dataclass
class _Reading:
    """One mail being read: its bodies so far, and how far its text has been followed."""

    path: str
    source: Source
    offsets: Offsets
    raw: str
    parts: dict[str, Excerpt] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)
    opaque: bool = False
    cursor: int = 0

    def bodies(self, parsed: Parsed[Any, Any]) -> None:
        """Take in the parts that a reader sees, in their order."""
        waiting: list[tuple[Parsed[Any, Any], bool]] = [(parsed, True)]
        while waiting:
            part, shown = waiting.pop()
            kind = part.get_content_type()
            payload = vars(part).get("_payload")  # get_payload() would decode it half
            if kind in _ENCRYPTED:
                self.opaque = self.opaque or shown
            if isinstance(payload, list):
                seen = shown and not kind.startswith("message/") and not _is_attached(part)
                seen = seen and kind != "multipart/encrypted"
                waiting += [(one, seen) for one in reversed(payload) if isinstance(one, Parsed)]
                continue
            written = payload if isinstance(payload, str) else ""
            start = self._find(written)
            if shown and any(isinstance(defect, _NO_BOUNDARY) for defect in part.defects):
                self._say(
                    start,
                    "the parts of this mail cannot be told apart: their boundary is missing",
                    "Make the mail again; readers see its source.",
                )
                kind = "text/plain"
            if shown and kind in _READABLE and not _is_attached(part):
                self._body(part, _READABLE[kind], written, start)

    def _find(self, payload: str) -> int | None:
        """Where the text of a part begins in the file: behind a blank line, in order."""
        if not payload:
            return None
        at = self.raw.find(payload, self.cursor)
        while at >= 0:
            end = at + len(payload)
            begins = at == 0 or self.raw[at - 1] == "\n"
            ends = end == len(self.raw) or payload[-1] == "\n" or self.raw[end] == "\n"
            if begins and ends:
                self.cursor = end
                return at
            at = self.raw.find(payload, at + 1) if len(payload) < 1000 else -1
        return None

    def _body(self, part: Parsed[Any, Any], kind: str, payload: str, start: int | None) -> None:
        number = sum(name.partition("-")[0] == kind for name in self.parts) + 1
        if number > _MOST_BODIES:
            self.opaque = True
            return
        name = kind if number == 1 else f"{kind}-{number}"
        how = _transfer(part)
        data = _payload_bytes(part, payload, how)
        read = text_of(data, _charset(part))
        text = normalise(read.text)
        if how == "base64" and len(re.sub(r"[^A-Za-z0-9+/]", "", payload)) % 4 == 1:
            self._say(start, f"{_LABELS[kind]} is cut off or damaged: its base64 does not end "
                      "where it should", "Make the mail again.")  # fmt: skip
        self.parts[name] = self._placed(name, text, read, payload, start, how)
        if read.wrong:
            self._say(start, f"{_LABELS[kind]} cannot be read as written: {read.wrong}",
                      "Name the charset that the text is in; UTF-8 suits all.",
                      weaker=True)  # fmt: skip

    def _placed(
        self, name: str, text: str, read: Text, payload: str, start: int | None, how: str
    ) -> Excerpt:
        """The part with its places in the file; in itself where it does not stand there."""
        alone = Excerpt.whole(Source(f"{self.path}#{name}", text))
        if start is None or how not in ("", "quoted-printable"):
            return alone
        span = self.source.span(self.offsets(start), self.offsets(start + len(payload)))
        if how == "" and text == payload:
            return Excerpt(text, span)
        make = partial(_places, text, read.charset, payload, how)
        return Mapped(text, span, make, start, self.offsets)

    def _say(self, start: int | None, message: str, help: str, *, weaker: bool = False) -> None:
        at = self.offsets(start) if start is not None else 0
        end = self.source.text.find("\n", at)
        span = self.source.span(at, end if end >= 0 else None)
        self.said.append(Said("unreadable-file", Problem(span, message, help, weaker=weaker)))


def _places(text: str, charset: str, payload: str, how: str) -> Places:
    """Where each character of a part stands in its encoded form."""
    if how == "quoted-printable":
        data, first, last = unquoted(payload)
    else:
        data = payload_bytes(payload)
        first, last = list(range(len(data))), list(range(1, len(data) + 1))
    made, starts, ends = characters(data, charset, first, last)
    if made != text:  # never seen; then the whole part has to do
        return [0] * len(text), [len(payload)] * len(text)
    return starts, ends


def _is_attached(part: Parsed[Any, Any]) -> bool:
    return str(part.get("content-disposition", "")).strip().lower().startswith("attachment")


def _transfer(part: Parsed[Any, Any]) -> str:
    """quoted-printable, base64 or uuencode; "" for text as it stands."""
    how = str(part.get("content-transfer-encoding", "")).split(";")[0].strip().lower()
    if how in ("quoted-printable", "base64"):
        return how
    return "uuencode" if how in ("x-uuencode", "uuencode", "uue", "x-uue") else ""


def _payload_bytes(part: Parsed[Any, Any], payload: str, how: str) -> bytes:
    if how == "quoted-printable":
        return binascii.a2b_qp(payload_bytes(payload))
    if how:
        decoded = part.get_payload(decode=True)
        return decoded if isinstance(decoded, bytes) else payload_bytes(payload)
    return payload_bytes(payload)


def payload_bytes(payload: str) -> bytes:
    """The bytes of a payload; one that a program left as text is made into UTF-8."""
    try:
        return payload.encode("ascii", "surrogateescape")
    except UnicodeEncodeError:
        return payload.encode("utf-8", "surrogatepass")


def _charset(part: Parsed[Any, Any]) -> str | None:
    try:
        value = part.get_param("charset")
    except (ValueError, LookupError, TypeError):
        return None
    if isinstance(value, tuple):
        value = value[2]
    return str(value).strip() or None if value is not None else None


def mail_of_message(parsed: Parsed[Any, Any], path: str, context: Context | None = None) -> Mail:
    """A message of the standard library, as it stands in memory: it has no file, so each part is
    a source of its own."""
    try:
        headers = [(name, _in_memory(value)) for name, value in parsed.raw_items()]
        reading = _Reading(path, Source(path, ""), Offsets(""), "")
        reading.bodies(parsed)
    except Exception as error:  # noqa: BLE001 - the library raises on mails made to that end
        return _unread(path, f"the mail cannot be taken apart ({type(error).__name__})")
    made = mail_of_parts(path, headers, {}, context, tuple(reading.said))
    return replace(made, parts=reading.parts, opaque=reading.opaque)


def _in_memory(value: object) -> str:
    """The text of a field: decoded already, or as it was read."""
    if isinstance(value, str) and not hasattr(value, "defects"):
        return header_text(normalise(value))
    return str(value)
