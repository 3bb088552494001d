"""Whether a translated pattern can take time without end in an engine that tries one way after
another, as Java's does.

Time explodes where a repeated group can match the same text in several ways, as in ``(a+)+``. Let
through is what cannot: a group of branches of fixed length that begin differently, or one whose
rounds are told apart by a character that is nowhere else in it, as in ``([a-z]+[.])+``.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import cache

from preflight.audience.warehouse.patterns import Ranges, inverted

_SIGN = r"(?:\\u[0-9A-F]{4}|\\.|[^\\])"
_TOKEN = re.compile(
    r"(?P<open>\((?:\?(?::|<?[=!]))?)|(?P<close>\))|(?P<bar>\|)|(?P<anchor>\\z|\^|\$)"
    r"|(?P<times>[*+?]|\{(?P<least>\d*)(?P<open_end>,?)(?P<most>\d*)\})\??"
    rf"|\[(?P<turned>\^?)(?P<inside>(?:\\.|[^\\\]])+)\]|(?P<sign>{_SIGN})",
    re.DOTALL,
)
_STRETCH = re.compile(rf"({_SIGN})(?:-({_SIGN}))?", re.DOTALL)
_LOOKS = ("(?=", "(?!", "(?<=", "(?<!")
_FEW = 3  # rounds that take no time, however they match


class _Exploding(Exception):
    pass


@dataclass(frozen=True, slots=True)
class _Item:
    """Which characters it can hold; whether it is always of one length; whether it is never empty;
    whether it is a character, repeated or not."""

    holds: Ranges
    fixed: bool
    there: bool
    sign: bool


@cache
def explodes(pattern: str) -> bool:
    """Whether a pattern made by `patterns.translated` may take time without end."""
    try:
        _Reader(pattern).branches()
    except _Exploding:
        return True
    return False


class _Reader:
    def __init__(self, pattern: str) -> None:
        self.tokens = list(_TOKEN.finditer(pattern))
        self.at = 0

    def branches(self) -> list[list[_Item]]:
        """Up to the closing parenthesis or the end."""
        found: list[list[_Item]] = [[]]
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            if token["close"]:
                break
            if token["bar"]:
                found.append([])
            elif token["open"]:
                inner = self.branches()
                if token["open"] not in _LOOKS:
                    items = [item for branch in inner for item in branch]
                    holds = tuple(itertools.chain.from_iterable(item.holds for item in items))
                    fixed = len(inner) == 1 and all(item.fixed for item in items)
                    there = all(any(item.there for item in branch) for branch in inner)
                    found[-1].append(self.repeated(_Item(holds, fixed, there, False), inner))
            elif not token["anchor"]:
                found[-1].append(self.repeated(_Item(_held(token), True, True, True), None))
        return found

    def repeated(self, item: _Item, inner: list[list[_Item]] | None) -> _Item:
        token = self.tokens[self.at] if self.at < len(self.tokens) else None
        if token is None or not token["times"]:
            return item
        self.at += 1
        most = token["most"] or ("" if token["open_end"] else token["least"])
        least = token["least"] or ("1" if token["times"] == "+" else "0")
        several = token["times"] != "?" and not (most and int(most) <= _FEW)
        if several and inner is not None and not _told_apart(inner):
            raise _Exploding
        same = token["times"][0] == "{" and least == most
        return _Item(item.holds, item.fixed and same, item.there and int(least) > 0, item.sign)


def _told_apart(branches: list[list[_Item]]) -> bool:
    if all(branch and all(item.fixed for item in branch) for branch in branches):
        first = [branch[0].holds for branch in branches]
        return not any(_meet(one, other) for one, other in itertools.combinations(first, 2))
    if len(branches) > 1 or not branches[0]:
        return False
    *before, last = branches[0]
    start, *after = branches[0]
    return _separates(start, after) or _separates(last, before)


def _separates(sign: _Item, others: list[_Item]) -> bool:
    """Whether a character stands in each round, and nowhere else in it."""
    if not sign.sign or not sign.there:
        return False
    alone = sign.fixed or any(item.there for item in others)
    return alone and not any(_meet(sign.holds, item.holds) for item in others)


def _meet(one: Ranges, other: Ranges) -> bool:
    return any(a <= d and c <= b for a, b in one for c, d in other)


def _held(token: re.Match[str]) -> Ranges:
    if token["sign"]:
        code = _code(token["sign"])
        return ((code, code),)
    found = tuple(
        (_code(first), _code(last or first)) for first, last in _STRETCH.findall(token["inside"])
    )
    return inverted(found) if token["turned"] else found


def _code(sign: str) -> int:
    return int(sign[2:], 16) if len(sign) == 6 else ord(sign[-1])
