"""Header fields: unfolded, their RFC 2047 words decoded, with the place of every character kept."""

from __future__ import annotations

import binascii
import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

from preflight.readers.encoded import Places, characters, charset_of, guessed, text_of
from preflight.source import normalise

_WORD = re.compile(
    r"=\?(?P<charset>[^?\s*]{1,60})(?:\*[^?\s]*)?\?(?P<how>[BbQq])\?"
    r"(?P<what>[^?\n]*+(?:\n[ \t][^?\n]*+)*+)\?="
)
_BYTES = re.compile(r"[\udc80-\udcff]")
_FOLD = re.compile(r"\n(?=[ \t])")


class _Piece(NamedTuple):
    text: str
    start: int
    end: int
    literal: bool


def header_text(raw: str) -> str:
    """The text of a header field: unfolded, its encoded words decoded."""
    if "=?" not in raw and raw.isascii():
        return _FOLD.sub("", raw) if "\n" in raw else raw
    return "".join(piece.text for piece in _pieces(raw))


def header_offsets(raw: str) -> Places:
    """Where each character of `header_text` begins and ends in ``raw``."""
    starts: list[int] = []
    ends: list[int] = []
    for text, start, end, literal in _pieces(raw):
        if literal:
            starts += range(start, end)
            ends += range(start + 1, end + 1)
        else:
            starts += [start] * len(text)
            ends += [end] * len(text)
    return starts, ends


def _pieces(raw: str) -> Iterator[_Piece]:
    at = 0
    words = list(_WORD.finditer(raw))
    index = 0
    while index < len(words):
        word = words[index]
        between = raw[at : word.start()]
        if not (index and not between.strip()):  # blanks between two encoded words are none
            yield from _plain(raw, at, word.start())
        data = _word_bytes(word)
        charset = word["charset"].lower()
        last = index
        # A character may be cut in two by a careless mailer: words that follow are read together.
        cut = _Cut(charset)
        while (
            cut.after(data if last == index else _word_bytes(words[last]))
            and last + 1 < len(words)
            and words[last + 1]["charset"].lower() == charset
            and not raw[words[last].end() : words[last + 1].start()].strip()
        ):
            last += 1
        if last > index:
            data = b"".join(_word_bytes(one) for one in words[index : last + 1])
        yield from _decoded(data, word, words[last].end(), charset, alone=last == index)
        at = words[last].end()
        index = last + 1
    yield from _plain(raw, at, len(raw))


def _plain(raw: str, start: int, end: int) -> Iterator[_Piece]:
    at = start
    for fold in _FOLD.finditer(raw, start, end):
        yield from _bare(raw, at, fold.start())
        at = fold.end()
    yield from _bare(raw, at, end)


def _bare(raw: str, start: int, end: int) -> Iterator[_Piece]:
    """Text that is not encoded; bytes beyond ASCII are read as their line would be."""
    piece = raw[start:end]
    if not _BYTES.search(piece):  # a program may have left letters of any kind as they are
        if piece:
            yield _Piece(piece, start, end, True)
        return
    data = _escaped(piece)
    places = list(range(start, end))
    _, codec = guessed(data)
    if len(data) != len(piece):  # letters and bytes side by side
        yield _Piece(data.decode(codec, "replace"), start, end, False)
        return
    text, first, last = characters(data, codec, places, [one + 1 for one in places])
    for char, begin, stop in zip(text, first, last, strict=True):
        yield _Piece(char, begin, stop, False)


def _escaped(text: str) -> bytes:
    """Text with bytes in it (as surrogates) as bytes."""
    return text.encode("utf-8", "surrogateescape")


def _word_bytes(word: re.Match[str]) -> bytes:
    return _word_places(word)[0]


def _word_places(word: re.Match[str]) -> tuple[bytes, list[int] | None]:
    """The bytes of an encoded word, and where each stands; None in base64."""
    what = word["what"]
    at = word.start("what")
    if word["how"] in "Bb":
        packed = re.sub(r"[^A-Za-z0-9+/]", "", what)
        packed = packed[: len(packed) - 1] if len(packed) % 4 == 1 else packed
        try:
            return binascii.a2b_base64(packed + "=" * (-len(packed) % 4)), None
        except binascii.Error:
            return _escaped(what), None
    out = bytearray()
    places: list[int] = []
    index = 0
    while index < len(what):
        char = what[index]
        code = what[index + 1 : index + 3]
        if char == "=" and re.fullmatch(r"[0-9A-Fa-f]{2}", code):
            out.append(int(code, 16))
            places.append(at + index)
            index += 3
            continue
        if char != "\n":
            made = _escaped(" " if char == "_" else char)
            out += made
            places += [at + index] * len(made)
        index += 1
    return bytes(out), places


class _Cut:
    """Whether the words so far end in the middle of a character."""

    def __init__(self, charset: str) -> None:
        codec = charset_of(charset)
        self._decoder = codecs.getincrementaldecoder(codec)() if codec else None

    def after(self, data: bytes) -> bool:
        if self._decoder is None:
            return False
        try:
            self._decoder.decode(data)
        except (UnicodeError, ValueError):
            self._decoder = None
            return False
        return bool(self._decoder.getstate()[0])


def _decoded(
    data: bytes, word: re.Match[str], end: int, charset: str, *, alone: bool
) -> Iterator[_Piece]:
    read = text_of(data, charset)
    places = _word_places(word)[1] if alone else None
    if places is None or not data:
        yield _Piece(normalise(read.text), word.start(), end, False)
        return
    stops = [*places[1:], word.end("what")]
    text, first, last = characters(data, read.charset, places, stops)
    for char, begin, stop in zip(text, first, last, strict=True):
        yield _Piece(char, begin, stop, False)
