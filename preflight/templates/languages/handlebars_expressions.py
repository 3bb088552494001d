"""What stands in a tag of Handlebars: paths, texts, numbers, and helpers with their arguments."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from preflight.templates.languages.fault_words import entity_inside, shortened
from preflight.templates.model import SyntaxFault
from preflight.templates.tree import Constant

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    r"""\s*+(?:
      (?P<text>"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+')
    | (?P<condition>`[^`]*+`)
    | (?P<number>-?\d++(?:\.\d++)?+(?![\w.]))
    | (?P<mark>[()|]|\bas\s++\|)
    | (?P<key>[\w@-]++=)
    | (?P<path>(?:\.\.?/)*+
        (?:@?(?:[^\W]|\$)[\w$:-]*+|\[[^\]]*+\]|\.\.?|@)
        (?:[./](?:[\w$@:-]++|\[[^\]]*+\]))*+)
    )""",
    re.X | re.S,
)
_PART = re.compile(r"\[([^\]]*+)\]|([\w$@:-]++)")
_WORDS = {"true": True, "false": False, "null": None, "undefined": None}
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Path:
    """``names`` of a path as written at ``start`` to ``end``; ``up``: how many ``../``."""

    names: tuple[str, ...]
    up: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Helper:
    """The first word of a tag with its arguments, if it has any."""

    path: Path | None
    arguments: tuple[Argument, ...] = ()
    named: tuple[tuple[str, Argument], ...] = ()
    names: tuple[str, ...] = field(default=())  # after ``as |``


@dataclass(frozen=True, slots=True)
class Condition:
    """Mandrill's `` `x == 1` ``: where it is written, without the marks."""

    start: int
    end: int


Argument = Path | Constant | Helper | Condition


class Wrong(Exception):
    """An expression that cannot be read: the fault."""

    def __init__(self, start: int, end: int, message: str) -> None:
        super().__init__(message)
        self.fault = SyntaxFault(start, end, message)


def parse(text: str, start: int, end: int) -> Helper:
    """The expression at a place in the text. Raises `Wrong`."""
    tokens = list(_tokens(text, start, end))
    helper, at = _helper(tokens, 0, 0, end)
    if at < len(tokens):
        found = tokens[at]
        written = text[slice(*found.span(found.lastgroup or 0))]
        raise Wrong(*found.span(found.lastgroup or 0), f"“{shortened(written)}” cannot stand here")
    return helper


def _tokens(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    at = start
    while (at := _after_blanks(text, at, end)) < end:
        found = _TOKEN.match(text, at, end)
        if found is None:
            if entity := entity_inside(text, start, end):
                raise Wrong(*entity)
            if text[at] in "'\"":
                raise Wrong(at, at + 1, f"the text that begins with {text[at]} does not end")
            raise Wrong(at, at + 1, f"“{text[at]}” cannot stand inside a tag")
        yield found
        at = found.end()


def _after_blanks(text: str, at: int, end: int) -> int:
    while at < end and text[at].isspace():
        at += 1
    return at


def _helper(tokens: list[re.Match[str]], at: int, depth: int, end: int) -> tuple[Helper, int]:
    if at >= len(tokens):
        raise Wrong(end - 1, end, "something is missing here")
    first, at = _argument(tokens, at, depth, end)
    arguments: list[Argument] = []
    named: list[tuple[str, Argument]] = []
    names: list[str] = []
    while at < len(tokens) and tokens[at]["mark"] != ")":
        token = tokens[at]
        if token["key"]:
            value, at = _argument(tokens, at + 1, depth, end)
            named.append((token["key"][:-1], value))
        elif token["mark"] and token["mark"].startswith("as"):
            at += 1
            while at < len(tokens) and tokens[at]["path"]:
                names.append(tokens[at]["path"])
                at += 1
            if at >= len(tokens) or tokens[at]["mark"] != "|":
                raise Wrong(end - 1, end, "“|” is missing here")
            at += 1
        elif token["mark"] == "|":
            raise Wrong(*token.span("mark"), "“|” cannot stand here: there are no filters")
        else:
            value, at = _argument(tokens, at, depth, end)
            arguments.append(value)
    path = first if isinstance(first, Path) else None
    if path is None:
        arguments.insert(0, first)
    return Helper(path, tuple(arguments), tuple(named), tuple(names)), at


def _argument(tokens: list[re.Match[str]], at: int, depth: int, end: int) -> tuple[Argument, int]:
    if at >= len(tokens):
        raise Wrong(end - 1, end, "something is missing here")
    token = tokens[at]
    if token["mark"] == "(":
        if depth >= _DEEPEST:
            raise Wrong(*token.span("mark"), "the brackets are nested too deeply")
        inner, at = _helper(tokens, at + 1, depth + 1, end)
        if at >= len(tokens):
            raise Wrong(*token.span("mark"), "“(” is never closed with “)”")
        return inner, at + 1
    if token["text"]:
        return Constant(re.sub(r"\\(.)", r"\1", token["text"][1:-1], flags=re.S)), at + 1
    if token["condition"]:
        start, end = token.span("condition")
        return Condition(start + 1, end - 1), at + 1
    if token["number"]:
        number = token["number"]
        return Constant(float(number) if "." in number else int(number[:300])), at + 1
    if token["path"]:
        return _path(token), at + 1
    kind = token.lastgroup or 0
    raise Wrong(*token.span(kind), f"“{token[kind].strip()}” cannot stand here")


def _path(token: re.Match[str]) -> Path | Constant:
    written = token["path"]
    start, end = token.span("path")
    if written in _WORDS:
        return Constant(_WORDS[written])
    up = written.count("../") + (written == "..")
    names = [found[1] or found[2] for found in _PART.finditer(written) if found[1] or found[2]]
    if names and names[0] == "this":
        names = names[1:]
    return Path(tuple(names), up, start, end)
