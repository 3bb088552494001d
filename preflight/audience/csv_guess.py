"""Which of the older encodings a list has: no byte says so, its letters do.

A detector ranks what the bytes look like; it is believed where nearly all letters beyond ASCII then
belong to one language, and do not where they are read as Windows-1252. Lists are short, hold names
of many languages, and mostly come from Western programs: what remains unclear is Windows-1252.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_FITS = 0.97  # of the letters beyond ASCII
_WORD = re.compile(r"[^\s;,|\"'<>()\[\]/&:!?.@+_0-9-]+")
_ASCII_LETTER = re.compile("[A-Za-z]")
_TYPOGRAPHY = re.compile(
    "[\u00a0\u00ab\u00b0\u00b7\u00bb\u2010-\u2026\u20ac\u3000-\u3003\u3008-\u3011\uff00-\uff20]"
)
_ORDINALS = "ªº"


@dataclass(frozen=True, slots=True)
class _Known:
    """One encoding: ``name`` as Python calls it, ``spoken`` for people; for each of its languages
    (“west”: several at once) the letters beyond ASCII; ``foreign``: no word of it has ASCII
    letters."""

    name: str
    spoken: str
    alphabets: tuple[re.Pattern[str], ...]
    foreign: bool

    def fit(self, text: str) -> tuple[float, re.Pattern[str]]:
        """The share of what stands beyond ASCII in words that is letters of one language, and the
        letters of that language."""
        words = _WORD.findall(_TYPOGRAPHY.sub(" ", text))
        total = sum(letter > "\x7f" for word in words for letter in word)
        if self.foreign:
            words = [word for word in words if not _ASCII_LETTER.search(word)]
        letters = "".join(map(_written_so, words)).lower()
        count, alphabet = max(
            ((len(one.findall(letters)), one) for one in self.alphabets), key=lambda pair: pair[0]
        )
        return count / max(total, 1), alphabet


def _written_so(word: str) -> str:
    """The word without letters that nobody writes there: a capital after a small letter."""
    pairs = zip(" " + word, word, strict=False)
    return "".join(now for last, now in pairs if not (last.islower() and now.isupper()))


@cache
def _by_name() -> dict[str, _Known]:
    """The encodings, under each name that they are given."""
    data = json.loads(files("preflight.data").joinpath("encodings.json").read_text("utf-8"))
    called: dict[str, _Known] = {}
    for one in data["encodings"]:
        letters = (data["alphabets"][language] for language in one["languages"])
        alphabets = tuple(re.compile(f"[{each}]") for each in letters)
        known = _Known(one["name"], one["spoken"], alphabets, one["foreign"])
        for name in (one["name"], one["name"].replace("cp125", "windows-125"), *one["others"]):
            called[name] = known
    return called


def guess(lines: Sequence[bytes]) -> tuple[str, str] | None:
    """The encoding of a text, by lines of it that are beyond ASCII: Python's name, and one for
    people. None when nothing speaks against Windows-1252."""
    text = b"\n".join(lines)
    western = text.decode("cp1252", "replace")
    for known in _likelier(text, western):
        read = text.decode(known.name, "replace")
        fit, alphabet = known.fit(read)
        if fit >= _FITS:
            most, _ = _by_name()["cp1252"].fit(western)
            if fit > most and _proved(read, western, known, alphabet):
                return known.name, known.spoken
            return None
    return None


def _likelier(text: bytes, western: str) -> Iterator[_Known]:
    """The encodings that a detector holds for likelier than Windows-1252; then the one that was
    made to replace it, which differs in eight letters and signs."""
    import chardet

    called = _by_name()
    latin_9 = called["iso8859-15"]
    for one in chardet.detect_all(text, ignore_threshold=True, max_bytes=max(len(text), 1)):
        known = called.get(str(one["encoding"] or "").lower())
        if known is None or known is latin_9:
            continue
        if known.name == "cp1252":
            break
        if text.decode(known.name, "replace") != western:
            yield known
    if text.decode(latin_9.name, "replace") != western:
        yield latin_9


def _proved(read: str, western: str, known: _Known, alphabet: re.Pattern[str]) -> bool:
    """Whether two letters of the language would be others in Windows-1252, or one no letter at
    all there. Of a language that has only two such letters, one is enough; of a foreign script,
    two letters have to be there."""
    if known.foreign:
        return len(set(alphabet.findall(read.lower()))) > 1
    pairs = {
        (mine, theirs)
        for mine, theirs in zip(read.lower(), western.lower(), strict=False)
        if mine != theirs and alphabet.fullmatch(mine)
    }
    found = sum(1 if one.isalpha() and one not in _ORDINALS else 2 for _, one in pairs)
    return found >= min(2, _own_letters(known.name, alphabet) - 1)


@cache
def _own_letters(encoding: str, alphabet: re.Pattern[str]) -> int:
    """How many lower-case letters of the language are others in Windows-1252."""
    beyond = bytes(range(0x80, 0x100))
    pairs = zip(beyond.decode(encoding, "replace"), beyond.decode("cp1252", "replace"), strict=True)
    return sum(mine != theirs and alphabet.fullmatch(mine) is not None for mine, theirs in pairs)
