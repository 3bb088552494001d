"""From the bytes of a file to its text, and what every fault of a file is made of."""

from __future__ import annotations

import codecs

from preflight.rule import Related
from preflight.source import Source, Span, normalise

_ENCODINGS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Fault(Exception):
    """A problem to report, no programming error: what is wrong, where, and what to do."""

    def __init__(
        self, span: Span, message: str, help: str = "", related: tuple[Related, ...] = ()
    ) -> None:
        super().__init__(message)
        self.span = span
        self.message = message
        self.help = help
        self.related = related


class UndecodableFault(Fault):
    """The bytes are no text in a known encoding."""


def decode(data: bytes, shown: str) -> Source:
    """The text of a file: UTF-8, or what its byte order mark says. ``shown`` is its path.

    Raises UndecodableFault at the first byte that does not fit.
    """
    encoding = "utf-8"
    for mark, name in _ENCODINGS:
        if data.startswith(mark):
            data, encoding = data[len(mark) :], name
            break
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        before = normalise(data[: error.start].decode(encoding, "replace"))
        source = Source(shown, normalise(data.decode(encoding, "replace")))
        at = len(before)
        label = encoding[:6].upper().rstrip("-")
        raise UndecodableFault(
            Span(source, at, min(at + 1, len(source.text))),
            f"the file is not {label} at line {source.place(at).line}",
            "Save it as UTF-8.",
        ) from None
    source = Source(shown, normalise(text))
    nul = source.text.find("\0")
    if nul >= 0:
        raise UndecodableFault(
            Span(source, nul, nul + 1),
            f"the file is no text: there is a NUL byte on line {source.place(nul).line}",
            "Give a text file, saved as UTF-8.",
        )
    return source
