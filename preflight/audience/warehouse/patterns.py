"""Regular expressions of the embedded engine (RE2), written so that every other engine reads them
alike: letters of both cases spelt out, classes as ranges, no flags, no shorthands.

RE2's ``\\w``, ``\\d``, ``\\s`` and ``\\b`` are ASCII, its ``.`` is no line break and its ``$`` the
very end; each other engine has its own idea of these.
"""

from __future__ import annotations

import sys
import unicodedata
from collections import defaultdict
from functools import cache

Ranges = tuple[tuple[int, int], ...]
"""Code points, first and last of each stretch, in order."""

_WORD = "[0-9A-Z_a-z]"
_BOUNDARY = f"(?:(?<={_WORD})(?!{_WORD})|(?<!{_WORD})(?={_WORD}))"
_SHORTHANDS: dict[str, Ranges] = {
    "d": ((48, 57),),
    "s": ((9, 10), (12, 13), (32, 32)),
    "w": ((48, 57), (65, 90), (95, 95), (97, 122)),
}
_CONTROLS = {"a": 7, "f": 12, "t": 9, "n": 10, "r": 13, "v": 11}
_SCRIPTS = {"Latin", "Greek", "Cyrillic", "Hebrew", "Arabic", "Syriac", "Thaana", "Nko"}
_MOST_REPEATED = 255  # PostgreSQL takes no more
_LAST = sys.maxunicode
_ASSIGNED = ((0, 0x3FFFF), (0xE0000, 0xE0FFF))  # and two planes for private use
_FOLDED = {"k": "K", "s": "ſ", "å": "Å"}  # Kelvin, long s, Angstrom: upper() does not lead there


class Untranslatable(Exception):
    """A pattern, or a part of one, that cannot be said in every engine alike."""


@cache
def translated(pattern: str, *, end: str = "$") -> str:
    """The pattern for an engine whose sign for the very end is ``end``. Raises Untranslatable."""
    return _Translation(pattern, end).whole()


class _Translation:
    def __init__(self, pattern: str, end: str) -> None:
        self.text = pattern
        self.at = 0
        self.end = end

    def whole(self) -> str:
        written = self.alternatives(fold=False, dot_all=False)
        if self.at < len(self.text):
            raise Untranslatable(f"“{self.text[self.at]}” at {self.at}")
        return written

    # -- reading ------------------------------------------------------------------------------

    def peek(self, text: str) -> bool:
        return self.text.startswith(text, self.at)

    def take(self, text: str) -> bool:
        if not self.peek(text):
            return False
        self.at += len(text)
        return True

    def next(self) -> str:
        if self.at >= len(self.text):
            raise Untranslatable("it ends too early")
        self.at += 1
        return self.text[self.at - 1]

    # -- the grammar ------------------------------------------------------------------------------

    def alternatives(self, *, fold: bool, dot_all: bool) -> str:
        """Branches up to the closing parenthesis or the end. A flag in the midst of a branch counts
        to the end of the group."""
        done = ""
        while self.at < len(self.text) and not self.peek(")"):
            if self.take("|"):
                done += "|"
                continue
            if self.peek("(?") and not self.peek("(?:") and not self.peek("(?P<"):
                self.at += 2
                fold, dot_all, inner = self.flags(fold, dot_all)
                done += inner
                continue
            done += self.repeated(self.atom(fold, dot_all))
        return done

    def flags(self, fold: bool, dot_all: bool) -> tuple[bool, bool, str]:
        on = True
        inside = (fold, dot_all)
        while True:
            sign = self.next()
            if sign == "-":
                on = False
            elif sign == "i":
                inside = (on, inside[1])
            elif sign == "s":
                inside = (inside[0], on)
            elif sign == ")":
                return *inside, ""
            elif sign == ":":
                body = self.group(*inside)
                return fold, dot_all, self.repeated(f"(?:{body})")
            else:
                raise Untranslatable(f"the flag {sign}")

    def group(self, fold: bool, dot_all: bool) -> str:
        body = self.alternatives(fold=fold, dot_all=dot_all)
        if not self.take(")"):
            raise Untranslatable("a parenthesis is never closed")
        return body

    def atom(self, fold: bool, dot_all: bool) -> str:
        sign = self.next()
        if sign == "(":
            if self.take("?P<"):
                raise Untranslatable("a named group")
            opening = "(?:" if self.take("?:") else "("
            return opening + self.group(fold, dot_all) + ")"
        if sign == "[":
            return self.bracket(fold)
        if sign == ".":
            return _class(((0, _LAST),)) if dot_all else _class(inverted(((10, 10),)))
        if sign == "^":
            return "^"
        if sign == "$":
            return self.end
        if sign in "*+?":
            raise Untranslatable(f"“{sign}” with nothing before it")
        if sign == "\\":
            return self.escaped(fold)
        return _one(ord(sign), fold)

    def escaped(self, fold: bool) -> str:
        sign = self.text[self.at] if self.at < len(self.text) else ""
        if sign == "b":
            self.at += 1
            return _BOUNDARY
        if sign in ("A", "z"):
            self.at += 1
            return "^" if sign == "A" else self.end
        ranges = self.escape()
        if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
            return _one(ranges[0][0], fold)
        return _class(_folded(ranges) if fold else ranges)

    def escape(self) -> Ranges:
        """What follows a backslash, where it stands for characters."""
        sign = self.next()
        if sign.lower() in _SHORTHANDS:
            known = _SHORTHANDS[sign.lower()]
            return known if sign.islower() else inverted(known)
        if sign in "pP":
            name = self.until("}") if self.take("{") else self.next()
            turned = (sign == "P") is not name.startswith("^")
            known = _property(name.lstrip("^"))
            return inverted(known) if turned else known
        if sign == "x":
            digits = self.until("}") if self.take("{") else self.next() + self.next()
            try:
                code = int(digits, 16)
            except ValueError:
                raise Untranslatable(f"\\x{digits}") from None
            return ((code, code),)
        if sign in _CONTROLS:
            return ((_CONTROLS[sign], _CONTROLS[sign]),)
        if sign.isalnum():
            raise Untranslatable(f"\\{sign}")
        return ((ord(sign), ord(sign)),)

    def until(self, sign: str) -> str:
        end = self.text.find(sign, self.at)
        if end < 0:
            raise Untranslatable(f"“{sign}” is missing")
        start, self.at = self.at, end + 1
        return self.text[start:end]

    def repeated(self, atom: str) -> str:
        sign = self.text[self.at : self.at + 1]
        if sign in ("*", "+", "?"):
            self.at += 1
            times = sign
        elif sign == "{" and (found := self.text.find("}", self.at)) > 0:
            bounds = self.text[self.at + 1 : found]
            numbers = [part for part in bounds.split(",") if part]
            if not all(part.isdecimal() for part in numbers) or not numbers:
                return atom  # a brace that stands for itself
            if any(int(part) > _MOST_REPEATED for part in numbers):
                raise Untranslatable(f"{{{bounds}}}")
            self.at = found + 1
            times = f"{{{bounds}}}"
        else:
            return atom
        if atom in ("^", self.end, _BOUNDARY):
            raise Untranslatable("a repeated anchor")
        return atom + times + ("?" if self.take("?") else "")

    def bracket(self, fold: bool) -> str:
        turned = self.take("^")
        ranges: list[tuple[int, int]] = []
        first = True
        while first or not self.peek("]"):
            first = False
            if self.peek("[:"):
                raise Untranslatable("a class with a name")
            start = self.escape() if self.take("\\") else _single(self.next())
            single = len(start) == 1 and start[0][0] == start[0][1]
            if single and self.peek("-") and not self.peek("-]"):
                self.at += 1
                stop = self.escape() if self.take("\\") else _single(self.next())
                if len(stop) != 1 or stop[0][0] < start[0][0]:
                    raise Untranslatable("a range that is none")
                start = ((start[0][0], stop[0][1]),)
            ranges += start
        self.at += 1
        known = _merged(ranges)
        known = _folded(known) if fold else known
        return _class(inverted(known) if turned else known)


def _single(sign: str) -> Ranges:
    return ((ord(sign), ord(sign)),)


def _merged(ranges: list[tuple[int, int]] | Ranges) -> Ranges:
    done: list[tuple[int, int]] = []
    for start, stop in sorted(ranges):
        if done and start <= done[-1][1] + 1:
            done[-1] = (done[-1][0], max(done[-1][1], stop))
        else:
            done.append((start, stop))
    return tuple(done)


def inverted(ranges: Ranges) -> Ranges:
    at, done = 0, []
    for start, stop in _merged(ranges):
        if start > at:
            done.append((at, start - 1))
        at = stop + 1
    if at <= _LAST:
        done.append((at, _LAST))
    return tuple(done)


def _cases(code: int) -> set[int]:
    """The characters that differ from this one in case only."""
    sign = chr(code)
    same = {sign, sign.lower(), sign.upper(), sign.title()}
    same |= {one.lower() for one in same if len(one) == 1}
    same |= {_FOLDED[one] for one in same & _FOLDED.keys()}
    return {ord(one) for one in same if len(one) == 1}


@cache
def _folded(ranges: Ranges) -> Ranges:
    more = [
        (other, other)
        for start, stop in ranges
        for code in range(start, min(stop, 0x1FFFF) + 1)
        for other in _cases(code)
    ]
    return _merged([*ranges, *more])


def _property(name: str) -> Ranges:
    """The characters of a general category (``L``, ``Lu``; as in RE2 without what is not assigned)
    or of a script, which their names hold."""
    if name in _SCRIPTS:
        return _scripts()[name]
    found = [known for kind, known in _categories().items() if kind.startswith(name)]
    if not name or len(name) > 2 or not found:
        raise Untranslatable(f"\\p{{{name}}}")
    return _merged([stretch for known in found for stretch in known])


@cache
def _categories() -> dict[str, Ranges]:
    """General category -> its characters; one look at every character."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for first, last in _ASSIGNED:
        for code in range(first, last + 1):
            kind = unicodedata.category(chr(code))
            stretches = found[kind]
            if stretches and stretches[-1][1] == code - 1:
                stretches[-1] = (stretches[-1][0], code)
            else:
                stretches.append((code, code))
    found["Co"] += [(0xF0000, 0xFFFFD), (0x100000, 0x10FFFD)]
    return {kind: tuple(known) for kind, known in found.items() if kind != "Cn"}


@cache
def _scripts() -> dict[str, Ranges]:
    """Script -> its letters and marks, by their names."""
    found: dict[str, list[tuple[int, int]]] = {script: [] for script in _SCRIPTS}
    letters = [pair for kind, known in _categories().items() if kind[0] in "LMNS" for pair in known]
    for first, last in letters:
        for code in range(first, min(last, 0x1FFFF) + 1):
            name = unicodedata.name(chr(code), "")
            script = next((word for word in name.title().split() if word in _SCRIPTS), "")
            if script and not name.startswith("COMBINING GREEK"):  # marks of no script
                found[script].append((code, code))
    return {script: _merged(known) for script, known in found.items()}


def _one(code: int, fold: bool) -> str:
    cases = _cases(code) if fold else {code}
    return _written(code) if len(cases) == 1 else _class(_merged([(one, one) for one in cases]))


def _class(ranges: Ranges) -> str:
    """A bracket expression; from the other side where that is shorter."""
    turned = inverted(ranges)
    if len(turned) < len(ranges) and turned:
        return "[^" + _stretches(turned) + "]"
    return "[" + _stretches(ranges) + "]"


def _stretches(ranges: Ranges) -> str:
    return "".join(
        _written(start) + ("" if start == stop else "-" * (stop > start + 1) + _written(stop))
        for start, stop in ranges
    )


def _written(code: int) -> str:
    """A character that stands for itself in every engine, inside brackets and out."""
    sign = chr(code)
    if sign.isascii() and sign.isalnum():
        return sign
    if code < 32 or code == 127 or 0xD800 <= code <= 0xDFFF:
        return f"\\u{code:04X}"
    return "\\" + sign if sign.isascii() and sign not in " _" else sign
