"""The tags of a Handlebars or Mustache template with their offsets.

There is no library for this: pybars3 is not kept up and gives no offsets, chevron renders Mustache
and gives lines only. Found in one pass, in linear time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from preflight.templates.languages.fault_words import QUOTES, quote_inside
from preflight.templates.model import SyntaxFault

_SIGNS = "#^/>!&=*"
_COMMENT = re.compile(r"\{\{~?!--")
_COMMENT_END = re.compile(r"--~?\}\}")
_ELSE = re.compile(r"else\b(?!\s*=)|\^\s*\Z")
_HALF = re.compile(r"[^{}\n]*+\}(?!\})")
_BLANK = " \t"


@dataclass(frozen=True, slots=True)
class Tag:
    """``kind``: print, open (``#``), inverse (``^``), close (``/``), else, partial, comment, raw
    (a block that shows tags), escaped (a tag shown on purpose). ``inner``: the expression in it.
    ``alone``: nothing else stands on its line."""

    kind: str
    start: int
    end: int
    inner: tuple[int, int]


@dataclass(slots=True)
class Lexed:
    """``tags`` and ``runs`` of literal text, in order."""

    tags: list[Tag] = field(default_factory=list)
    runs: list[tuple[int, int, bool]] = field(default_factory=list)


class Unreadable(Exception):
    """The text cannot be cut into tags: the fault."""

    def __init__(self, fault: SyntaxFault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def lex(text: str, *, mustache: bool = False) -> Lexed:
    """Cut a text into tags. ``mustache``: no escapes, no ``else``, marks may be changed. Raises
    `Unreadable`."""
    lexer = _Lexer(text, mustache)
    lexer.read()
    return lexer.lexed


class _Lexer:
    def __init__(self, text: str, mustache: bool) -> None:
        self.text = text
        self.mustache = mustache
        self.lexed = Lexed()
        self.opening, self.closing = "{{", "}}"
        self.begin = 0  # of the literal text that is being read
        self.strip_left = False

    def read(self) -> None:
        text, at = self.text, 0
        while (start := text.find(self.opening, at)) >= 0:
            if not self.mustache and start and text[start - 1] == "\\":
                at = self._escaped(start)
                continue
            at = self._tag(start)
        self._literal(len(text), False)

    def _escaped(self, start: int) -> int:
        """``\\{{x}}`` shows the tag; ``\\\\{{x}}`` shows a backslash, then the value."""
        if start > 1 and self.text[start - 2] == "\\":
            self._literal(start - 1, False)
            self.begin = start
            return self._tag(start)
        self._literal(start - 1, False)
        end = self.text.find(self.opening, start + 2)
        end = len(self.text) if end < 0 else end
        if end > start and self.text[end - 1] == "\\":
            end -= 1
        self.lexed.runs.append((start, end, True))
        self.begin = end
        return end + (self.text[end : end + 1] == "\\")

    def _tag(self, start: int) -> int:
        text = self.text
        if _COMMENT.match(text, start) and not self.mustache:
            closed = _COMMENT_END.search(text, start)
            if closed is None:
                raise self._unclosed(start, "“{{!--” is never closed with “--}}”", 5)
            return self._add("comment", start, closed.end(), (start, start))
        if text.startswith("{{{{", start) and self.opening == "{{" and not self.mustache:
            return self._raw(start)
        opening, closing = self.opening, self.closing
        if text.startswith(opening + "{", start) or text.startswith(opening + "~{", start):
            closing = "}" + closing
        inner = start + len(opening)
        inner += text.startswith("~", inner)
        triple = text.startswith("{", inner)
        inner += triple
        sign = text[inner : inner + 1]
        if sign == "=" and self.mustache:
            return self._change(start)
        stop = self._close(start, inner, closing, comment=sign == "!")
        end = stop + len(closing)
        finish = stop
        if text.startswith("~", finish - 1) and finish > inner:
            finish -= 1
        elif triple and text.startswith("}~}}", stop):  # {{{x}~}}
            end = stop + 4
        kind = "print"
        if sign and sign in _SIGNS and not triple:
            kind = {"#": "open", "^": "inverse", "/": "close", ">": "partial", "!": "comment"}.get(
                sign, "print"
            )
            inner += 1
        inner, finish = _trimmed(text, inner, finish)
        if kind != "comment":
            kind = self._kind(kind, inner, finish)
        return self._add(kind, start, end, (inner, finish))

    def _kind(self, kind: str, inner: int, finish: int) -> str:
        text = self.text
        if self.mustache:
            return kind
        written = text[inner:finish]
        if kind == "inverse" and not written:
            return "else"
        if kind == "print" and _ELSE.match(written):
            return "else"
        return kind

    def _close(self, start: int, inner: int, closing: str, *, comment: bool) -> int:
        """Where the closing mark of a tag begins."""
        text = self.text
        stop = text.find(closing, inner)
        if closing == "}}}":
            tilde = text.find("}~}}", inner, stop if stop >= 0 else len(text))
            stop = tilde if tilde >= 0 else stop
        again = text.find(self.opening, inner)
        if stop < 0 or (0 <= again < stop and not comment):
            half = _HALF.match(text, inner)
            wanted = text[start : start + len(closing)]
            if half and self.opening == "{{":
                said = f"“{wanted}” is closed with one “}}” only: write “{closing}”"
                raise Unreadable(SyntaxFault(start, half.end(), said))
            if closing == "}}}" and text.find("}}", inner) >= 0 and stop < 0:
                raise self._unclosed(start, "“{{{” is closed with two “}” only: write “}}}”", 3)
            raise self._unclosed(start, f"“{wanted}” is never closed with “{closing}”", len(wanted))
        if not comment:
            self._quotes(inner, stop)
        return stop

    def _quotes(self, start: int, end: int) -> None:
        """Typographic quotes, unless they stand in a text in straight ones."""
        written = self.text[start:end]
        if not any(quote in written for quote in QUOTES):
            return
        plain = re.sub(r"\"[^\"]*+\"|'[^']*+'", lambda found: " " * len(found[0]), written)
        for index, character in enumerate(plain):
            if character in QUOTES:
                at = start + index
                raise Unreadable(SyntaxFault(at, at + 1, quote_inside(character)))

    def _raw(self, start: int) -> int:
        """``{{{{raw}}}} ... {{{{/raw}}}}``."""
        text = self.text
        opened = text.find("}}}}", start)
        name = text[start + 4 : opened].split(maxsplit=1)[:1] if opened > 0 else []
        ending = f"{{{{{{{{/{name[0]}}}}}}}}}" if name else ""
        stop = text.find(ending, opened) if ending else -1
        if stop < 0:
            raise self._unclosed(start, "“{{{{” is never closed with “{{{{/…}}}}”", 4)
        self._add("comment", start, opened + 4, (start, start))
        self.lexed.runs.append((opened + 4, stop, True))
        self.begin = stop
        return self._add("comment", stop, stop + len(ending), (stop, stop))

    def _change(self, start: int) -> int:
        """``{{=<% %>=}}``: other marks from here on."""
        text = self.text
        stop = text.find("=" + self.closing, start)
        marks = text[start + len(self.opening) + 1 : stop].split() if stop > 0 else []
        if len(marks) != 2 or any("=" in mark for mark in marks):
            raise self._unclosed(start, "this does not say which marks are to be used", 3)
        end = self._add("comment", start, stop + 1 + len(self.closing), (start, start))
        self.opening, self.closing = marks
        return end

    def _add(self, kind: str, start: int, end: int, inner: tuple[int, int]) -> int:
        """Note a tag and the text before it; where to read on."""
        text = self.text
        dash_left = text.startswith("~", start + 2) and not self.mustache
        dash_right = text.startswith("~", end - 3) and not self.mustache
        self._literal(start, dash_left)
        self.lexed.tags.append(Tag(kind, start, end, inner))
        self.begin = end
        self.strip_left = dash_right
        return end

    def _literal(self, end: int, strip_right: bool) -> None:
        start, text = self.begin, self.text
        if self.strip_left:
            while start < end and text[start].isspace():
                start += 1
        if strip_right:
            while start < end and text[end - 1].isspace():
                end -= 1
        self.strip_left = False
        if start < end:
            self.lexed.runs.append((start, end, False))

    def _unclosed(self, start: int, said: str, length: int) -> Unreadable:
        return Unreadable(SyntaxFault(start, min(start + length, len(self.text)), said))


def without_lone_lines(text: str, lexed: Lexed) -> list[tuple[int, int, bool]]:
    """The literal text without the lines on which nothing but a block's mark or a comment stands:
    Handlebars and Mustache leave them out."""
    cuts: list[tuple[int, int]] = []
    for tag in lexed.tags:
        if tag.kind in ("print", "partial"):
            continue
        begin, end = tag.start, tag.end
        while begin and text[begin - 1] in _BLANK:
            begin -= 1
        while end < len(text) and text[end] in _BLANK:
            end += 1
        if (begin and text[begin - 1] != "\n") or (end < len(text) and text[end] != "\n"):
            continue
        cuts.append((begin, tag.start))
        cuts.append((tag.end, min(end + 1, len(text))))
    kept: list[tuple[int, int, bool]] = []
    number = 0
    for start, end, sample in lexed.runs:
        at = start
        while number < len(cuts) and cuts[number][0] < end:
            left, right = cuts[number]
            if right > at:
                if left > at:
                    kept.append((at, left, sample))
                at = min(max(at, right), end)
            if right > end:
                break
            number += 1
        if at < end:
            kept.append((at, end, sample))
    return kept


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end
