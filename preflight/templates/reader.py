"""Reading the markup of a part whose template code has been overwritten.

The reader follows the HTML standard's tokenizer where that matters in mail, in linear time; it
never raises. (The standard library's parser is not used: it raises on some broken declarations,
gives lines in the place of offsets, and treats broken markup differently from one patch release to
the next.)
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections import Counter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from preflight.templates.elements import CLOSES, HIDDEN, INLINE, RAW, SAMPLE, VOID
from preflight.templates.nodes import FILLER, Attribute, Node, TextRun

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEPTH_MAX = 512  # as in browsers: what is nested deeper stands beside, not inside
_CONDITIONAL = re.compile(
    r"<!--\[if(?P<test>[^\]>]*)\]>(?P<shown>\s*<!-->|-->)?|<!(?:--<!)?\[(?:end)?if[^\]>]*\](?:--)?>",
    re.IGNORECASE,
)
_COMMENT_END = re.compile(r"--!?>")
_NAME = re.compile(rf"[a-zA-Z][^\s/>{FILLER}]*+")
_ATTRIBUTE = re.compile(r"[\s/]*+(?P<name>[^\s/>][^\s/>=]*+)(?P<equals>\s*+=\s*+)?")
_UNQUOTED = re.compile(r"[^\s>]*+")
_DOUBLE_ANGLE = re.compile(r"<<(?!<)[^<>\n]{1,60}>>")
_SERVER_CODE = re.compile(r"<(?:%|\?(?:=|php\b))[^<>]{0,200}?(?:->[^<>]{0,200}?){0,5}[%?]>")
_ENTITY = re.compile(r"&(?:#\d{1,7}+|#[xX][0-9a-fA-F]{1,6}+|[A-Za-z][A-Za-z0-9]{1,31}+);?+")


class Reader:
    """One pass over a part. Broken markup is taken as browsers take it; what is no markup is
    text, so that nothing a reader may see is lost."""

    def __init__(self, text: str, masked: str, code: list[tuple[int, int]]) -> None:
        self.text = text
        self.masked = masked
        self.code = code
        self.code_starts = [start for start, _ in code]
        self.runs: list[TextRun] = []
        self.words: list[str] = []
        self.open: list[int] = []
        self.tags: Counter[str] = Counter()  # how many of each are open
        self.hidden = 0
        self.sample = 0
        self.drafts: list[dict[str, Any]] = []
        self.outlook = False
        self.block = True
        self.absent: set[str] = set()  # what does not come again: quotes, ends of raw elements

    def read(self) -> None:
        text, size = self.masked, len(self.masked)
        at = begin = 0
        while at < size:
            at = text.find("<", at)
            if at < 0:
                break
            end = self._markup(at)
            if end is None:  # no markup: part of the text
                literal = _DOUBLE_ANGLE.match(text, at) or _SERVER_CODE.match(text, at)
                at = literal.end() if literal else at + 1
                continue
            self._run(begin, at)
            begin = at = self._take(at, end)
        self._run(begin, size)
        while self.open:
            self._close(size)

    def nodes(self) -> Iterator[Node]:
        for index, draft in enumerate(self.drafts):
            yield Node(index=index, _words=self.words, **draft)

    def _markup(self, at: int) -> int | None:
        """The end of the markup that begins here; None when it is text."""
        text = self.masked
        following = text[at + 1 : at + 2]
        if following == "!":
            conditional = _CONDITIONAL.match(text, at)
            if conditional:
                return conditional.end()
            if text.startswith("<!--", at):
                if text.startswith(("<!-->", "<!--->"), at):
                    return text.index(">", at) + 1
                found = self._search(_COMMENT_END, "-->", at + 4)
                return found if found is not None else len(text)
            return self._after(">", at)
        if following == "?":
            return None if _SERVER_CODE.match(text, at) else self._after(">", at)
        if following == "/":
            if _NAME.match(text, at + 2):
                return self._after(">", at)
            return None
        if following == "<" or not _NAME.match(text, at + 1):
            return None
        return at + 1  # a start tag: its end comes with its attributes

    def _take(self, at: int, end: int) -> int:
        """Take in the markup at ``at``; returns where text goes on."""
        text = self.masked
        following = text[at + 1]
        if following in "!?":
            conditional = _CONDITIONAL.match(text, at)
            if conditional:
                self.outlook = conditional["test"] is not None and not conditional["shown"]
                self.block = True
            return end
        if following == "/":
            name = _NAME.match(text, at + 2)
            assert name is not None
            self._end_tag(name.group().lower(), at)
            return end
        return self._start_tag(at)

    def _start_tag(self, at: int) -> int:
        text = self.masked
        name = _NAME.match(text, at + 1)
        assert name is not None
        tag = name.group().lower()
        attributes, end = self._attributes(name.end())
        closes = CLOSES.get(tag)
        while closes and self.open and self.drafts[self.open[-1]]["tag"] in closes:
            self._close(at)
        if tag not in INLINE:
            self.block = True
            self.words.append(" ")
        index = len(self.drafts)
        self.drafts.append(
            {
                "tag": tag,
                "start": at,
                "end": end,
                "content_end": end,
                "parent": self.open[-1] if self.open else -1,
                "attributes": MappingProxyType(attributes),
                "outlook": self.outlook,
                "_first": len(self.words),
                "_last": len(self.words),
            }
        )
        if tag in VOID or (text[end - 2 : end] == "/>" and ":" in tag):
            return end
        if len(self.open) >= _DEPTH_MAX and tag not in RAW:
            return end
        self.open.append(index)
        self.tags[tag] += 1
        self.hidden += tag in HIDDEN
        self.sample += tag in SAMPLE
        if tag in RAW:
            closing = re.compile(rf"</{tag}(?=[\s/>])", re.IGNORECASE)
            stop = self._search(closing, f"</{tag}", end, before=True)
            if stop is None:
                stop = len(text) if tag in HIDDEN else end
            self._run(end, stop)
            return stop
        return end

    def _attributes(self, at: int) -> tuple[dict[str, Attribute], int]:
        text, size = self.masked, len(self.masked)
        found: dict[str, Attribute] = {}
        while at < size:
            match = _ATTRIBUTE.match(text, at)
            if match is None:
                stop = text.find(">", at)
                return found, stop + 1 if stop >= 0 else size
            name, at = match["name"].lower(), match.end()
            start = end = at
            if match["equals"]:
                quote = text[at : at + 1]
                stop = -1
                if quote in ('"', "'") and quote not in self.absent:
                    stop = text.find(quote, at + 1)
                    if stop < 0:
                        self.absent.add(quote)
                if stop >= 0:
                    start, end, at = at + 1, stop, stop + 1
                else:
                    unquoted = _UNQUOTED.match(text, at)
                    start, end = unquoted.span() if unquoted else (at, at)
                    at = end
                    if quote in ('"', "'") and end > start:
                        start += 1
            if FILLER not in name and name not in found:
                value, dynamic = self._value(start, end)
                found[name] = Attribute(name, value, match.start("name"), start, end, dynamic)
        return found, size

    def _value(self, start: int, end: int) -> tuple[str, bool]:
        """A stretch with entities resolved outside template code, and whether there is any."""
        pieces: list[str] = []
        at = start
        index = max(bisect_right(self.code_starts, start) - 1, 0)
        while index < len(self.code) and self.code[index][0] < end:
            first, last = max(self.code[index][0], at), min(self.code[index][1], end)
            if first < last:
                pieces += (_resolved(self.text[at:first]), self.text[first:last])
                at = last
            index += 1
        return "".join([*pieces, _resolved(self.text[at:end])]), bool(pieces)

    def _end_tag(self, tag: str, at: int) -> None:
        if tag not in INLINE:
            self.block = True
            self.words.append(" ")
        if tag in ("br", "p") and not self.tags[tag]:
            return
        if self.tags[tag]:
            while self._close(at) != tag:
                pass

    def _close(self, at: int) -> str:
        draft = self.drafts[self.open.pop()]
        tag: str = draft["tag"]
        draft["content_end"] = at
        draft["_last"] = len(self.words)
        self.tags[tag] -= 1
        self.hidden -= tag in HIDDEN
        self.sample -= tag in SAMPLE
        return tag

    def _run(self, start: int, end: int) -> None:
        if start >= end:
            return
        self.runs.append(
            TextRun(
                start,
                end,
                self.hidden > 0,
                self.sample > 0,
                self.open[-1] if self.open else -1,
                self.outlook,
                self.block,
            )
        )
        if self.hidden:
            return
        self.block = False
        self.words.append(self._words(start, end))

    def _words(self, start: int, end: int) -> str:
        """What a reader sees of a run: printed tags as written, other code as nothing."""
        masked = self.masked[start:end]
        if FILLER not in masked:
            return html.unescape(masked)
        raw = self.text[start:end]
        return "".join(
            raw[piece.start() : piece.end()]
            if piece.group()[0] == FILLER
            else html.unescape(piece.group())
            for piece in _FILLED.finditer(masked)
        )

    def _after(self, char: str, at: int) -> int:
        found = self.masked.find(char, at)
        return found + 1 if found >= 0 else len(self.masked)

    def _search(
        self, pattern: re.Pattern[str], key: str, at: int, *, before: bool = False
    ) -> int | None:
        """The end (or the start) of the next match; what was not found once is not sought again."""
        if key in self.absent:
            return None
        match = pattern.search(self.masked, at)
        if match is None:
            self.absent.add(key)
            return None
        return match.start() if before else match.end()


_FILLED = re.compile(rf"{FILLER}(?:[{FILLER}\n]*{FILLER})?|[^{FILLER}]+")


def _resolved(value: str) -> str:
    """Entities of an attribute's value. Without a semicolon they are text (``?a=1&copy=2``)."""
    if "&" not in value:
        return value
    return _ENTITY.sub(
        lambda match: html.unescape(match.group()) if match.group()[-1] == ";" else match.group(),
        value,
    )
