"""Why a Django template cannot be parsed, in plain words, at the place of the mistake."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.template.base import TokenType

from preflight.templates.languages.django_parsing import TemplateParser, known_filters
from preflight.templates.languages.fault_words import (
    QUOTES,
    blank_in_name,
    entity_inside,
    meant,
    quote_inside,
    shortened,
    unclosed,
)
from preflight.templates.model import SyntaxFault

if TYPE_CHECKING:
    from django.template.base import Token

_LONGEST_TAG = 2_000  # Django's regular expressions are slow on longer ones
_UNKNOWN_FILTER = re.compile(r"Invalid filter: '(.*)'")
_REMAINDER = re.compile(r"Could not parse the remainder: '(.*)' from '(.*)'\Z", re.S)
_ARGUMENTS = re.compile(r"(\w+) requires \d+ arguments, \d+ provided")
_EXPECTED = re.compile(r"expected (.+)\.\Z")
_LOOKING_FOR = re.compile(r"Looking for one of: (.+)\.\Z")
_QUOTED = re.compile(r"'(.*?)'")
_COLON_BLANK = re.compile(r"\|\s*+(\w++)(\s*+:\s++|\s++:)")
_INNER = {"else": "if", "elif": "if", "empty": "for", "plural": "blocktrans"}


def long_tag(tokens: list[Token]) -> SyntaxFault | None:
    """The first tag that is too long to be read."""
    for token in tokens:
        if token.token_type in (TokenType.VAR, TokenType.BLOCK):
            start, end = token.position
            if end - start > _LONGEST_TAG:
                said = f"the tag is longer than {_LONGEST_TAG:,} characters"
                return SyntaxFault(start, start + 2, said)
    return None


def explain(text: str, error: Exception, parser: TemplateParser) -> SyntaxFault:
    """The fault behind an error of Django's parser."""
    token: Any = getattr(error, "token", None)
    if token is None:
        return SyntaxFault(0, min(len(text), 1), "the template cannot be read")
    start, end = token.position
    inner = (start + 2, end - 2)
    message = str(error)
    for index in range(*inner):
        if text[index] in QUOTES and not _in_quotes(text, inner[0], index):
            return SyntaxFault(index, index + 1, quote_inside(text[index]))
    if entity := entity_inside(text, *inner):
        return SyntaxFault(*entity)
    if unclosed(text, start):
        mark = text[start : start + 2]
        closing = "}}" if mark == "{{" else "%}"
        return SyntaxFault(start, start + 2, f"“{mark}” is never closed with “{closing}”")
    if found := _UNKNOWN_FILTER.search(message):
        return _filter(text, inner, found[1], parser)
    if message.startswith("Unclosed tag"):
        return _open(text, token, message)
    if message.startswith("Invalid block tag"):
        return _tag(text, token, message, parser)
    if message.startswith("Empty "):
        return SyntaxFault(start, end, "the tag is empty")
    return _expression(text, token, inner, message)


def _in_quotes(text: str, start: int, at: int) -> bool:
    """Whether a place in a tag is inside a text in straight quotes."""
    open_quote = ""
    for character in text[start:at]:
        if open_quote:
            open_quote = "" if character == open_quote else open_quote
        elif character in "'\"":
            open_quote = character
    return bool(open_quote) and open_quote in text[at : text.find("\n", at) % (len(text) + 1)]


def _filter(text: str, inner: tuple[int, int], name: str, parser: TemplateParser) -> SyntaxFault:
    found = re.compile(rf"\|\s*+({re.escape(name)})\b").search(text, *inner)
    at = found.start(1) if found else inner[0]
    end = found.end(1) if found else inner[1]
    said = f"there is no filter “{name}”{meant(name, known_filters(parser))}"
    return SyntaxFault(at, end, said)


def _name(text: str, token: Token) -> tuple[str, int, int]:
    """The name of a statement, and where it stands."""
    name = token.contents.split()[0]
    start = text.index(name, token.position[0])
    return name, start, start + len(name)


def _open(text: str, token: Token, message: str) -> SyntaxFault:
    name, start, end = _name(text, token)
    wanted = _LOOKING_FOR.search(message)
    closing = wanted[1].split(", ")[-1] if wanted else f"end{name}"
    return SyntaxFault(start, end, f"“{name}” is never closed with “{{% {closing} %}}”")


def _tag(text: str, token: Token, message: str, parser: TemplateParser) -> SyntaxFault:
    name, start, end = _name(text, token)
    known = {*parser.tags, *_INNER, *(f"end{tag}" for tag in parser.tags)}
    expected = _EXPECTED.search(message)
    if name in known:
        said = f"“{name}” does not fit here"
        if expected:
            said += ": expected " + " or ".join(f"“{one}”" for one in expected[1].split(" or "))
        elif name in _INNER:
            said += f": it belongs into “{_INNER[name]}”"
        else:
            said += f": no “{name[3:]}” is open"
    else:
        said = f"there is no statement “{name}”{meant(name, known)}"
    return SyntaxFault(start, end, said)


def _expression(text: str, token: Token, inner: tuple[int, int], message: str) -> SyntaxFault:
    written = text[slice(*inner)]
    start = inner[0] + len(written) - len(written.lstrip())
    end = start + len(written.strip())
    if token.token_type is TokenType.VAR and (words := blank_in_name(text, *inner)):
        return SyntaxFault(*words)
    if blank := _COLON_BLANK.search(text, *inner):
        said = f"there must be no blank beside the colon: write “{blank[1]}:'there'”"
        return SyntaxFault(blank.start(1), blank.end(), said)
    if found := _ARGUMENTS.search(message):
        place = re.compile(rf"\|\s*+({re.escape(found[1])})\b").search(text, *inner)
        if place and text.startswith("(", place.end()):
            return _remainder(
                text, written.rstrip()[place.end() - inner[0] :], written.strip(), (start, end)
            )
        start, end = place.span(1) if place else (start, end)
        needs = f"“{found[1]}” takes its argument after a colon, as “{found[1]}:'there'”"
        if place and text[place.end() : place.end() + 1] == ":":
            needs = f"“{found[1]}” takes no argument"
        return SyntaxFault(start, end, needs)
    if found := _REMAINDER.search(message):
        return _remainder(text, found[1], found[2], (start, end))
    if "underscores" in message and (found := _QUOTED.search(message)):
        at = max(text.find(found[1], start), start)
        return SyntaxFault(at, at + len(found[1]), "a name cannot begin with an underscore here")
    if "end of expression" in message:
        last = text[start:end].split()[-1]
        said = f"something is missing after “{shortened(last)}”"
        return SyntaxFault(end - len(last), end, said)
    if found := re.search(r"(?:Not expecting|Unused) '(.+?)'", message):
        at = max(text.find(found[1], start), start)
        said = f"“{shortened(found[1])}” cannot stand here"
        return SyntaxFault(at, at + len(found[1]), said)
    said = f"“{shortened(text[start:end])}” cannot be read"
    return SyntaxFault(start, max(end, start + 1), said)


def _remainder(text: str, rest: str, whole: str, place: tuple[int, int]) -> SyntaxFault:
    """What follows a part of an expression that could be read."""
    at = text.find(whole, *place)
    at = at + len(whole) - len(rest) if at >= 0 else place[0]
    shown = rest.strip() or rest
    at += len(rest) - len(rest.lstrip())
    said = f"“{shortened(shown)}” cannot stand here"
    if shown == "=":
        said += ": to compare, write “==”"
    elif shown.startswith("("):
        said += ": a filter takes its argument after a colon, as “default:'there'”"
    elif shown.startswith(("||", "or ", "??")):
        said += ": a fallback is written “|default:'there'”"
    return SyntaxFault(at, at + len(shown), said)
