"""The encoding of a list: found from its bytes, and turned into UTF-8 where it is another."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from pathlib import Path

from preflight.files import FileProblem

_CHUNK = (
    1 << 16
)  # larger ones are given back to the system each time, which takes four times as long
_SAMPLE = 1 << 18  # bytes of lines beyond ASCII by which an encoding is guessed
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NOT_IN_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\x1a\0"))
_OTHER_FORMATS = (
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file (.xls)"),
    (b"{\\rtf", "an RTF text"),
    (b"\x89PNG", "an image"),
    (b"SQLite format 3", "a database"),
)
_UNDECODABLE = "\udcff"  # becomes the byte FF, which no UTF-8 has: the line is then named bad


def _mark(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return _UNDECODABLE, error.end


codecs.register_error("preflight-mark", _mark)


@dataclass(frozen=True, slots=True)
class Encoding:
    """``name`` as Python calls it; ``bom``: bytes before the text; ``sound``: every byte can be
    decoded (else the lines that cannot are bad); ``note``: what people should be told."""

    name: str
    bom: int = 0
    sound: bool = True
    note: str = ""

    @property
    def is_utf8(self) -> bool:
        return self.name in ("utf-8", "utf-8-sig")


def find_encoding(path: Path, shown: str) -> Encoding:
    """The encoding of a text file: its mark, else NULs as UTF-16 has them, else UTF-8 when valid
    (or nearly: with some good lines beyond ASCII and fewer bad), else what its letters look like
    (`preflight.audience.csv_guess`), mostly Windows-1252.

    Raises FileProblem when the file is no text at all.
    """
    with path.open("rb") as file:
        head = file.read(1 << 16)
    for magic, what in _OTHER_FORMATS:
        if head.startswith(magic):
            raise FileProblem(
                f"“{shown}” is {what}, not a list", "Export the list as CSV (UTF-8) or XLSX."
            )
    for bom, name in _BOMS:
        if head.startswith(bom):
            sound = name != "utf-8-sig" or _is_utf8(path)
            return Encoding(name, len(bom), sound)
    utf16 = _utf16_without_mark(head)
    if utf16:
        return Encoding(utf16, note=f"“{shown}” is read as UTF-16: it has no byte order mark")
    if _is_utf8(path):
        _refuse_binary(head, shown)
        return Encoding("utf-8")
    beyond = _lines_beyond_ascii(path)
    _refuse_binary(head, shown)
    if beyond.good and beyond.bad <= beyond.good:
        return Encoding("utf-8", sound=False)
    from preflight.audience.csv_guess import guess

    guessed = guess(beyond.first)
    if guessed:
        name, spoken = guessed
        return Encoding(name, note=f"“{shown}” is read as {spoken}, guessed from its letters")
    name, spoken = ("latin-1", "Latin-1") if beyond.latin else ("cp1252", "Windows-1252")
    return Encoding(name, note=f"“{shown}” is read as {spoken}: it is no valid UTF-8")


def _refuse_binary(head: bytes, shown: str) -> None:
    if len(head) - len(head.translate(None, _CONTROL)) > len(head) // 20:
        raise FileProblem(
            f"“{shown}” is a binary file, not a list", "Export the list as CSV (UTF-8) or XLSX."
        )


def _utf16_without_mark(head: bytes) -> str:
    even, odd = head[0::2], head[1::2]
    nul_even, nul_odd = even.count(0), odd.count(0)
    if nul_odd > len(odd) * 0.4 and nul_even * 20 <= nul_odd:
        return "utf-16-le"
    if nul_even > len(even) * 0.4 and nul_odd * 20 <= nul_even:
        return "utf-16-be"
    return ""


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


@dataclass(slots=True)
class _Beyond:
    """The lines beyond ASCII: how many are valid UTF-8, how many are not, the first of all, and
    whether a byte is there that Windows-1252 does not have."""

    good: int = 0
    bad: int = 0
    latin: bool = False
    first: list[bytes] = field(default_factory=list)


def _lines_beyond_ascii(path: Path) -> _Beyond:
    found = _Beyond()
    size = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK) + file.readline():
            found.latin = found.latin or bool(_NOT_IN_CP1252.search(chunk))
            if not _BEYOND_ASCII.search(chunk):
                continue
            for line in re.split(rb"[\r\n]", chunk):
                if line.isascii():
                    continue
                if size < _SAMPLE:
                    found.first.append(line[:_SAMPLE])
                    size += len(line)
                try:
                    line.decode("utf-8")
                    found.good += 1
                except UnicodeDecodeError:
                    found.bad += 1
    return found


def to_utf8(path: Path, encoding: Encoding, target: Path) -> bool:
    """Write the text as UTF-8 without a mark, line ends as they are. False when something could
    not be decoded: it is the byte FF there."""
    decoder = codecs.getincrementaldecoder(encoding.name)("preflight-mark")
    sound = True
    with path.open("rb") as source, target.open("wb") as out:
        source.seek(encoding.bom)
        final = False
        while not final:
            chunk = source.read(_CHUNK)
            final = not chunk
            text = decoder.decode(chunk, final)
            sound = sound and _UNDECODABLE not in text
            out.write(text.encode("utf-8", "surrogateescape"))
    return sound
