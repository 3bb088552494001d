"""The parts of a mail that speak to the reader, and those that do not.

A quoted mail, a quotation, a signature and a legal footer hold words of address that are not the
sender's words to this reader; a placeholder, an address and code hold letters that are no words.
Nothing is cut out: what is masked becomes blanks of the same length, so that offsets stay.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from preflight.tone.files import load
from preflight.tone.phrases import Phrases
from preflight.tone.words import Word, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ASIDE = frozenset({"quoted reply", "quotation", "legal footer", "signature"})
"""Zones whose words are not said to the reader."""

_NO_WORDS = re.compile(
    r"(?P<address>https?://[^\s<>\"]+|(?<![\w.])(?:www\.[^\s<>\"]+"
    r"|(?<![+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
    r"|(?<!-)(?:[\w-]{1,63}\.){1,5}(?:com|org|net|info|io|fr|de|nl|es|it|pt|br|ca|be|ch|at"
    r"|eu|uk|example)\b(?:/[^\s<>\"]*)?))"
    r"|(?=[{<*\[%$`])(?:"  # the signs that all others begin with: most places end here
    r"(?P<placeholder>\{\{[^{}\n]{0,200}\}\}|\{%[^%\n]{0,200}%\}|<%[^%\n]{0,200}%>"
    r"|\*\|[^|\n]{0,100}\|\*|\[\[[^\[\]\n]{0,100}\]\]|%%?[A-Za-z_]\w{0,40}%%?|%\(\w{1,40}\)s"
    r"|%\d?\$?[sd]\b|\$\{[^{}\n]{0,100}\}|\{\w[\w. |]{0,40}\})"
    r"|(?P<code>```.{0,5000}?```|`[^`\n]{1,200}`|</?[A-Za-z!][^<>\n]{0,300}>))",
    re.DOTALL,
)
_WRAP = r"\n(?![^\S\n]{0,20}\n)"  # a line end inside a paragraph
_QUOTATION = re.compile(
    rf"(?=[«»„“”\"‘‚])(?:«(?:[^«»\n]|{_WRAP}){{1,400}}»|»(?:[^«»\n]|{_WRAP}){{1,400}}«"
    rf"|[„“”](?:[^„“”\n]|{_WRAP}){{1,400}}[“”]|\"(?:[^\"\n]|{_WRAP}){{1,400}}\""
    rf"|(?<!\w)[‘‚](?:[^‘’‚\n]|’(?=\w)|{_WRAP}){{1,400}}[’‘](?!\w))"
)
_BUTTON = re.compile(r"\[[^\[\]\n]{2,60}\]")
_WROTE = re.compile(
    r"(?=.*[\d@<])(?:.{0,200}\b)?(?:wrote|a écrit|schrieb|escribió|ha scritto|escreveu|schreef"
    r"|a scris)\b.{0,80}:\s*$",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"\s*[-_]{2,20}\s?(?:original message|forwarded message|message d.origine|message original"
    r"|message transféré|ursprüngliche nachricht|weitergeleitete nachricht|mensaje original"
    r"|mensaje reenviado|messaggio originale|messaggio inoltrato|mensagem original"
    r"|mensagem encaminhada|oorspronkelijk bericht|doorgestuurd bericht)",
    re.IGNORECASE,
)
_FROM = re.compile(r"\s*\*?(?:from|de|von|da|van)\s?\*?:", re.IGNORECASE)
_SENT = re.compile(
    r"\s*\*?(?:sent|date|envoyé|gesendet|datum|enviado|fecha|inviato|data|verzonden)\s?\*?:",
    re.IGNORECASE,
)
_GREETING_END = re.compile(
    r"[,:!;–—\n]|(?<!xmo)(?<!xma)(?<!\bSr)(?<!\bDr)(?<!\bMr)(?<!Sra)(?<!Mrs)(?<!Ms)(?<!rof)"
    r"(?<!ott)(?<!Sig)(?<!\bM)(?<!pett)(?<!ent)\."
)
_SHORT = 80
READ = 30_000  # characters; what comes later in so long a text is not read
_QUOTED_BODY = 0.6  # a mail that is one quotation is no quotation


class Zone(NamedTuple):
    """A stretch of the text with the name of the part that it is."""

    start: int
    end: int
    name: str


class Layout(NamedTuple):
    """A text, its zones in order (they cover it), and its words."""

    text: str
    zones: tuple[Zone, ...]
    said: tuple[Word, ...]  # to the reader
    aside: tuple[Word, ...]  # the words of zones that are not said to the reader
    many: bool  # the greeting is to several people

    def zone(self, offset: int) -> str:
        """The name of the zone at an offset."""
        at = bisect_right(self.zones, offset, key=lambda zone: zone.start) - 1
        return self.zones[max(at, 0)].name if self.zones else "body"

    def masked(self) -> str:
        """The text with blanks for all that is not said to the reader; its length stays."""
        pieces = []
        for start, end, name in self.zones:
            piece = self.text[start:end]
            if name in ASIDE or name in _NO_WORDS.groupindex:
                piece = _blank(piece)
            pieces.append(piece)
        return "".join(pieces)


class _Line(NamedTuple):
    start: int
    end: int
    text: str  # without addresses, placeholders and code


@cache
def _phrases(part: str) -> Phrases[str]:
    return Phrases((phrase, part) for phrase in load("zones")[part])


def layout(text: str) -> Layout:
    """The zones and words of a mail."""
    holes = [
        Zone(found.start(), found.end(), found.lastgroup or "code")
        for found in _NO_WORDS.finditer(text)
    ]
    blanked = _with_blanks(text, holes)
    found = words(blanked[:READ])
    blocks = _blocks(blanked, found)
    zones = _over(blocks, _quotations(blanked, blocks))
    zones = _over(zones, _buttons(blanked, zones))
    zones = _over(zones, holes)
    said, aside = _split(found, zones)
    greeting = next((zone for zone in zones if zone.name == "greeting"), None)
    many = greeting is not None and _begins(blanked[greeting.start : greeting.end], "many")
    return Layout(text, tuple(zones), tuple(said), tuple(aside), many)


def _blank(text: str) -> str:
    if text.isspace():
        return text
    return "\n".join(" " * len(line) for line in text.split("\n"))


def _with_blanks(text: str, holes: Sequence[Zone]) -> str:
    pieces: list[str] = []
    at = 0
    for start, end, _ in holes:
        pieces += (text[at:start], _blank(text[start:end]))
        at = end
    pieces.append(text[at:])
    return "".join(pieces)


def _over(zones: Sequence[Zone], upper: Sequence[Zone]) -> list[Zone]:
    """The zones with the upper ones (in order, apart) laid over them."""
    if not upper:
        return list(zones)
    result: list[Zone] = []
    number = 0
    for start, end, name in zones:
        at = start
        while number < len(upper) and upper[number].start < end:
            top = upper[number]
            if top.start > at:
                result.append(Zone(at, top.start, name))
            begin = max(top.start, at)
            if min(top.end, end) > begin:
                result.append(Zone(begin, min(top.end, end), top.name))
                at = min(top.end, end)
            if top.end > end:
                break
            number += 1
        if at < end:
            result.append(Zone(at, end, name))
    return result


def _split(all_words: Sequence[Word], zones: Sequence[Zone]) -> tuple[list[Word], list[Word]]:
    said: list[Word] = []
    aside: list[Word] = []
    number = 0
    for word in all_words:
        while number < len(zones) - 1 and zones[number].end <= word.start:
            number += 1
        (aside if zones[number].name in ASIDE else said).append(word)
    return said, aside


def _begins(text: str, part: str) -> bool:
    """Whether a line begins with a phrase of a part."""
    start = words(text[:_SHORT])
    if start and start[-1].sentence:
        start = [word._replace(sentence=0) for word in start]
    return _phrases(part).begins(start)


def _blocks(text: str, all_words: Sequence[Word]) -> list[Zone]:
    lines = _lines(text)
    names = [""] * len(lines)
    _mark_quoted(lines, names)
    _mark_head(lines, names)
    _mark_tail(lines, names)
    footers = _footers(all_words, lines, names)
    zones: list[Zone] = []
    greeted = False
    for line, name in zip(lines, names, strict=True):
        at = line.start
        if name == "greeting" and not greeted:
            greeted = True
            at = _greeting_end(line)
            zones.append(Zone(line.start, at, "greeting"))
            name = "body"
        if at < line.end:
            if zones and zones[-1].name == (name or "body"):
                zones[-1] = zones[-1]._replace(end=line.end)
            else:
                zones.append(Zone(at, line.end, name or "body"))
    return _over(zones, footers)


def _lines(text: str) -> list[_Line]:
    lines = []
    at = 0
    for line in text.splitlines(keepends=True):
        lines.append(_Line(at, at + len(line), line))
        at += len(line)
    return lines


def _mark_quoted(lines: Sequence[_Line], names: list[str]) -> None:
    for number, line in enumerate(lines):
        head = line.text.lstrip(" \t|")
        if head.startswith(">"):
            names[number] = "quoted reply"
            continue
        if names[number]:
            continue
        forwarded = bool(_FORWARDED.match(line.text)) or bool(
            _FROM.match(line.text)
            and any(_SENT.match(after.text) for after in lines[number + 1 : number + 4])
        )
        if forwarded or (len(line.text) < 300 and _WROTE.match(line.text)):
            names[number] = "quoted reply"
            rest = "".join(after.text for after in lines[number + 1 : number + 6])
            if forwarded or not rest.lstrip().startswith(">"):
                for after in range(number + 1, len(lines)):
                    names[after] = "quoted reply"
                return


def _mark_head(lines: Sequence[_Line], names: list[str]) -> None:
    """The labelled lines at the top, and the salutation."""
    labels = load("zones")["labels"]
    for number, line in enumerate(lines[:12]):
        stripped = line.text.strip()
        if not stripped:
            continue
        label = stripped.split(":", 1)[0].strip().lower() if ":" in stripped[:30] else ""
        part = next((name for name, known in labels.items() if label in known), "")
        if part and not names[number]:
            names[number] = part
        elif names[number] != "quoted reply":
            if _begins(stripped, "greeting"):
                names[number] = "greeting"
            return


def _greeting_end(line: _Line) -> int:
    found = _GREETING_END.search(line.text[:_SHORT])
    if found and found.start() > 1:
        return line.start + found.end()
    if len(line.text) <= _SHORT:
        return line.end
    return line.start + words(line.text[:_SHORT])[1].end


def _mark_tail(lines: Sequence[_Line], names: list[str]) -> None:
    """The signature behind ``--``; the closing line and the lines that follow it."""
    filled = [n for n, line in enumerate(lines) if line.text.strip() and not names[n]]
    for place, number in enumerate(filled):
        if lines[number].text.strip() in ("--", "---", "—", "__", "___") and place:
            for after in range(number, len(lines)):
                names[after] = names[after] or "signature"
            filled = filled[:place]
            break
    for place in range(max(1, len(filled) - 7), len(filled)):
        line = lines[filled[place]]
        short = len(line.text.strip()) <= _SHORT
        if short and _begins(line.text.strip(), "sign_off") and len(words(line.text)) <= 9:
            names[filled[place]] = "sign-off"
            for after in filled[place + 1 :]:
                if len(lines[after].text) <= _SHORT and len(words(lines[after].text)) <= 9:
                    names[after] = "signature"
            return
    if len(filled) > 2:
        last = [word.text for word in words(lines[filled[-1]].text[: _SHORT + 1])]
        if 0 < len(last) <= 4 and all(word[0].isupper() for word in last):
            names[filled[-1]] = "signature"


def _footers(all_words: Sequence[Word], lines: Sequence[_Line], names: list[str]) -> list[Zone]:
    """Marks paragraphs that begin as only the foot of a mail does, and all that follow them;
    elsewhere the single sentences that say what only a footer says."""
    starts = [word.start for word in all_words]
    seen = False
    sentences: list[Zone] = []
    for place, numbers in enumerate(_paragraphs(lines, names)):
        start, end = lines[numbers[0]].start, lines[numbers[-1]].end
        inside = all_words[bisect_right(starts, start - 1) : bisect_right(starts, end - 1)]
        if not inside:
            continue
        found = sorted({inside[hit.first].sentence for hit in _phrases("footer").find(inside)})
        seen = seen or bool(place and found and found[0] == inside[0].sentence)
        if seen:
            for number in numbers:
                names[number] = "legal footer"
        elif len({word.sentence for word in inside}) > 1:
            for sentence in found:
                of_it = [word for word in inside if word.sentence == sentence]
                sentences.append(Zone(of_it[0].start, of_it[-1].end, "legal footer"))
    return sentences


def _paragraphs(lines: Sequence[_Line], names: Sequence[str]) -> Iterator[list[int]]:
    """The line numbers of each paragraph that is not quoted."""
    block: list[int] = []
    for number, line in enumerate(lines):
        split = block and names[block[-1]] != names[number]
        if block and (split or not line.text.strip()):
            yield block
            block = []
        if line.text.strip() and names[number] in ("", "greeting", "signature"):
            block.append(number)
    if block:
        yield block


def _quotations(text: str, blocks: Sequence[Zone]) -> list[Zone]:
    found = [Zone(m.start(), m.end(), "quotation") for m in _QUOTATION.finditer(text)]
    letters = sum(zone.end - zone.start for zone in blocks if zone.name not in ASIDE)
    quoted = sum(zone.end - zone.start for zone in found)
    return found if quoted < letters * _QUOTED_BODY else []


def _buttons(text: str, zones: Sequence[Zone]) -> list[Zone]:
    at = [zone.start for zone in zones]
    return [
        Zone(found.start(), found.end(), "button")
        for found in _BUTTON.finditer(text)
        if zones[bisect_right(at, found.start()) - 1].name == "body"
    ]
