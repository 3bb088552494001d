"""Text that mail has encoded, decoded with the place of every character kept: quoted-printable
bodies, and what charsets say and do not mean."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import NamedTuple

from preflight.source import Excerpt, Span, normalise

_LATIN = frozenset({"ascii", "iso8859-1", "cp1252"})  # browsers and mailers read all as cp1252
# Codecs of Python that are no charset of mail; some of them take quadratic time, or warn.
_NO_CHARSETS = frozenset(
    {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"}
)
_LOOSE_ENDS = re.compile(r"-[ie]$")  # iso-8859-8-i: the order in which it is displayed


Places = tuple[Sequence[int], Sequence[int]]
"""Where each code point begins, and where it ends."""


class Text(NamedTuple):
    """What bytes say. ``charset``: by which they were read. ``wrong``: why not by the one that
    they name; "" when all is well."""

    text: str
    charset: str
    wrong: str = ""


def charset_of(name: str) -> str | None:
    """The codec of Python for a charset's name; None for what is no charset."""
    for spelt in (name, _LOOSE_ENDS.sub("", name)):
        try:
            codec = codecs.lookup(spelt.strip().strip("'\""))
        except (LookupError, ValueError):
            continue
        if codec.name.replace("_", "-") not in _NO_CHARSETS and codec._is_text_encoding:
            return codec.name
    return None


def text_of(data: bytes, named: str | None) -> Text:
    """The text of a part. Charsets lie: what is valid UTF-8 and is called ASCII is UTF-8, and
    Latin-1 is read as Windows does."""
    codec = charset_of(named) if named else "ascii"
    if data.isascii() and (codec is None or codec in _LATIN or codec == "utf-8"):
        wrong = f"there is no charset “{named}”" if codec is None else ""
        return Text(data.decode("ascii"), codec or "ascii", wrong)
    if codec is not None and codec not in _LATIN:
        try:
            return Text(data.decode(codec), codec)
        except (UnicodeError, ValueError):
            pass
    likely = guessed(data)
    if codec is None:
        return Text(*likely, f"there is no charset “{named}”")
    if codec not in _LATIN:
        return Text(*likely, f"it is not {named}, as it says")
    if codec == "ascii" or likely[1] != "utf-8":
        return Text(*likely)
    return Text(data.decode("cp1252", "replace"), "cp1252")


def guessed(data: bytes) -> tuple[str, str]:
    """The text of bytes of which nothing is known, and the charset: UTF-8, else Windows's."""
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), "cp1252"


_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


class Offsets:
    """From offsets in a file's bytes (as text, one character a byte) to those in its text."""

    __slots__ = ("_bytes", "_lines", "_same", "_starts")

    def __init__(self, raw: str) -> None:
        other = None if raw.isascii() else _NOT_ASCII.search(raw)
        self._bytes = raw
        self._same = other.start() if other else len(raw)  # up to here they are equal
        self._lines: list[int] = []
        self._starts: list[int] = []

    def __call__(self, offset: int) -> int:
        if offset <= self._same:
            return offset
        if not self._lines:
            self._work_out(self._bytes)
        row = bisect_right(self._lines, offset) - 1
        before = self._bytes[self._lines[row] : offset]
        return self._starts[row] + len(_prefix(before, self._bytes, self._lines, row))

    def _work_out(self, raw: str) -> None:
        at = start = 0
        for line in raw.split("\n"):
            self._lines.append(at)
            self._starts.append(start)
            at += len(line) + 1
            start += len(line_text(line)) + 1


def _prefix(before: str, raw: str, lines: list[int], row: int) -> str:
    """The beginning of a line, read as the whole line is."""
    end = lines[row + 1] - 1 if row + 1 < len(lines) else len(raw)
    line = raw[lines[row] : end]
    if line.isascii() or not _is_utf8(line):
        return before
    return before.encode("ascii", "surrogateescape").decode("utf-8", "ignore")


def _is_utf8(line: str) -> bool:
    try:
        line.encode("ascii", "surrogateescape").decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def file_text(raw: str) -> str:
    """The text of a file of mail, line by line: UTF-8, else Windows's Latin-1."""
    if raw.isascii():
        return raw
    try:
        return raw.encode("ascii", "surrogateescape").decode("utf-8")
    except UnicodeDecodeError:
        return "\n".join(map(line_text, raw.split("\n")))


def line_text(line: str) -> str:
    if line.isascii():
        return line
    data = line.encode("ascii", "surrogateescape")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return "".join(chr(byte) for byte in data)


class Mapped(Excerpt):
    """An excerpt whose places are worked out when one is asked for: most mails are never pointed
    at. ``make`` gives the offsets, from ``start`` of the file's bytes, at which each code point
    begins and ends; ``offsets`` makes those of the file's text of them."""

    __slots__ = ("_ends", "_make", "_start", "_to_text")

    def __init__(
        self, text: str, span: Span, make: Callable[[], Places], start: int, offsets: Offsets
    ) -> None:
        super().__init__(text, span)
        self._make: Callable[[], Places] | None = make
        self._ends: Sequence[int] = ()
        self._start = start
        self._to_text = offsets

    def source_offset(self, offset: int) -> int:
        starts, ends = self._places()
        if not starts:
            return self.span.start
        if offset >= len(starts):
            return self._to_text(self._start + ends[-1])
        return self._to_text(self._start + starts[offset])

    def source_end(self, offset: int) -> int:
        ends = self._places()[1]
        if not ends:
            return self.span.end
        return self._to_text(self._start + ends[min(offset, len(ends) - 1)])

    def _places(self) -> Places:
        if self._make is not None:
            self._offsets, self._ends = self._make()
            self._make = None
        assert self._offsets is not None
        return self._offsets, self._ends


# --- quoted-printable -----------------------------------------------------------------------------

_QUOTED = re.compile(r"=(?:(?P<code>[0-9A-Fa-f]{2})|\n|(?P<twice>=)|\Z)|[^=]+|=")


def unquoted(raw: str) -> tuple[bytes, list[int], list[int]]:
    """Quoted-printable text as bytes, as `binascii.a2b_qp` reads it, and where each byte begins
    and ends in ``raw``."""
    out = bytearray()
    starts: list[int] = []
    ends: list[int] = []
    for match in _QUOTED.finditer(raw):
        start, end = match.span()
        if match["code"] or match["twice"]:
            out.append(int(match["code"], 16) if match["code"] else ord("="))
            starts.append(start)
            ends.append(end)
        elif raw[start] != "=" or (end - start == 1 and end < len(raw)):
            out += match.group().encode("ascii", "surrogateescape")
            starts += range(start, end)
            ends += range(start + 1, end + 1)
    return bytes(out), starts, ends


def characters(
    data: bytes, charset: str, starts: list[int], ends: list[int]
) -> tuple[str, list[int], list[int]]:
    """The text of bytes with the places of its characters, line ends as ``\\n``."""
    decoder = codecs.getincrementaldecoder(charset)("replace")
    text: list[str] = []
    first: list[int] = []
    last: list[int] = []
    begin = 0
    for index in range(len(data)):
        made = decoder.decode(data[index : index + 1], final=index == len(data) - 1)
        if not made:
            continue
        for char in made:
            if char == "\n" and text and text[-1] == "\r":
                text[-1] = "\n"
                last[-1] = ends[index]
                continue
            text.append(char)
            first.append(starts[begin])
            last.append(ends[index])
        begin = index + 1
    joined = normalise("".join(text))
    return joined, first, last
