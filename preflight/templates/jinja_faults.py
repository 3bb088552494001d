"""Why a template cannot be parsed, in plain words, at the place where the writer went wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jinja2 import nodes

from preflight.templates.jinja_lexing import RawToken, environment
from preflight.templates.languages.fault_words import (
    QUOTES,
    blank_in_name,
    entity_inside,
    meant,
    never_closed,
    quote_inside,
    shortened,
    unclosed,
)
from preflight.templates.model import SyntaxFault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_CLOSING = {"{{": "}}", "{%": "%}"}
STATEMENTS = frozenset((
    "if", "elif", "else", "endif", "for", "endfor", "set", "endset", "macro", "endmacro", "call",
    "endcall", "filter", "endfilter", "block", "endblock", "include", "import", "from", "extends",
    "with", "endwith", "autoescape", "endautoescape", "raw", "endraw", "print",
))  # fmt: skip
_PAIRED = {"if", "for", "macro", "call", "filter", "block", "with", "autoescape"}
_UNEXPECTED_CHARACTER = re.compile(r"unexpected char (.+) at \d+$", re.S)
_EXPECTED = re.compile(r"expected token '(.+?)', got '(.*)'$", re.S)
_LOOKED_FOR = re.compile(r"following tags: (.+?)\.")
_INSIDE = re.compile(r"\{\{-?([^{}]*+)\}\}")
_QUOTED = re.compile(r"'(.*?)'")


def explain(text: str, tokens: list[RawToken], message: str, at: int) -> SyntaxFault:
    """The fault behind an error of Jinja's lexer or parser, which stood at the offset ``at``."""
    if "end of comment" in message:
        at = max((token.start for token in tokens if token.type == "comment_begin"), default=at)
        return SyntaxFault(at, at + 2, "“{#” is never closed with “#}”")
    if "end of raw" in message:
        return _span(tokens, at, "raw_begin", "“{% raw %}” is never closed with “{% endraw %}”")
    return (
        _character(text, message, at)
        or _open_tag(text, tokens, at)
        or _open_block(tokens, message)
        or _statement(text, tokens, message, at)
        or _expression(text, tokens, message, at)
    )


def unknown_parts(every: Sequence[nodes.Node], text: str) -> SyntaxFault | None:
    """The first filter or test that Jinja does not have."""
    filters, tests = environment().filters, environment().tests
    unknown: list[tuple[int, str, str, Iterable[str]]] = []
    for node in every:
        if isinstance(node, nodes.Filter) and node.name not in filters:
            unknown.append((node.lineno, node.name, "filter", filters))
        elif isinstance(node, nodes.Test) and node.name not in tests:
            unknown.append((node.lineno, node.name, "test", tests))
    if not unknown:
        return None
    at, name, kind, known = min(unknown, key=lambda one: one[0])
    at = max(text.find(name, at), at)
    return SyntaxFault(at, at + len(name), f"there is no {kind} “{name}”{meant(name, known)}")


def _character(text: str, message: str, at: int) -> SyntaxFault | None:
    if not _UNEXPECTED_CHARACTER.match(message):
        return None
    opening = _opening_before(text, at)
    character = text[at : at + 1]
    if character in QUOTES and not unclosed(text, opening):
        return SyntaxFault(at, at + 1, quote_inside(character))
    closing = text.find(_CLOSING[text[opening : opening + 2]], opening) if opening >= 0 else -1
    if closing >= 0 and (entity := entity_inside(text, opening, closing)):
        return SyntaxFault(*entity)
    if unclosed(text, opening):
        return SyntaxFault(*never_closed(text, opening))
    if character in "'\"":
        return SyntaxFault(at, at + 1, f"the text that begins with {character} does not end")
    return SyntaxFault(at, at + 1, f"“{character}” cannot stand inside a tag")


def _open_tag(text: str, tokens: list[RawToken], at: int) -> SyntaxFault | None:
    opening = next(
        (
            token.start
            for token in reversed(tokens)
            if token.start <= at and token.type in ("variable_begin", "block_begin")
        ),
        -1,
    )
    return SyntaxFault(*never_closed(text, opening)) if unclosed(text, opening) else None


def _opening_before(text: str, at: int) -> int:
    return max(text.rfind("{{", 0, at), text.rfind("{%", 0, at))


def _open_block(tokens: list[RawToken], message: str) -> SyntaxFault | None:
    if not message.startswith("Unexpected end of template"):
        return None
    still_open: list[RawToken] = []
    for name, number in _statement_names(tokens):
        if name.text in _PAIRED or (name.text == "set" and _is_set_block(tokens, number)):
            still_open.append(name)
        elif name.text.startswith("end") and still_open:
            still_open.pop()
    if not still_open:
        return None
    name = still_open[-1]
    return SyntaxFault(
        name.start, name.end, f"“{name.text}” is never closed with “{{% end{name.text} %}}”"
    )


def _statement_names(tokens: list[RawToken]) -> Iterator[tuple[RawToken, int]]:
    """The first name of each statement, with its number among the tokens."""
    first = False
    for number, token in enumerate(tokens):
        if token.type == "block_begin":
            first = True
        elif first and token.type != "whitespace":
            first = False
            if token.type == "name":
                yield token, number


def _is_set_block(tokens: list[RawToken], number: int) -> bool:
    while tokens[number].type != "block_end":
        if tokens[number].text == "=":
            return False
        number += 1
    return True


def _statement(text: str, tokens: list[RawToken], message: str, at: int) -> SyntaxFault | None:
    if not message.startswith(("Encountered unknown tag", "Unexpected end of")):
        return None
    name = next((token for token in tokens if token.start >= at and token.type == "name"), None)
    if name is None:
        return SyntaxFault(at, min(at + 2, len(text)), "the template ends too early")
    if name.text not in STATEMENTS:
        said = f"there is no statement “{name.text}”{meant(name.text, STATEMENTS)}"
    else:
        said = f"“{name.text}” does not fit here"
        if expected := _LOOKED_FOR.search(message):
            said += ": expected " + _QUOTED.sub(r"“\1”", expected[1])
    return SyntaxFault(name.start, name.end, said)


def _expression(text: str, tokens: list[RawToken], message: str, at: int) -> SyntaxFault:
    opening = max(_opening_before(text, at + 1), 0)
    inside = _INSIDE.match(text, opening)
    if inside and inside.end() > at:
        end = inside.end(1) - inside[1].endswith("-")
        if words := blank_in_name(text, inside.start(1), end):
            return SyntaxFault(*words)
    token = next((token for token in tokens if token.start == at), None)
    if token is None:
        token = next((token for token in reversed(tokens) if token.start <= at), None)
    start, end = (token.start, max(token.end, token.start + 1)) if token else (at, at + 1)
    written = shortened(text[start:end])
    said = message
    if message.startswith("unexpected '") and text.startswith(message[12:13], at):
        start, end, written = at, at + 1, message[12:13]
        said = f"“{written}” does not belong here"
    elif expected := _EXPECTED.match(message):
        said = f"“{written}” cannot stand here"
        if written == ":" and expected[1] == "end of print statement":
            said += ": a filter takes its argument in brackets, as default('there', true)"
    elif message.startswith("Expected an expression"):
        said = "the tag is empty" if written in ("}}", "-}}") else f"“{written}” cannot stand here"
    return SyntaxFault(start, min(end, len(text)), said)


def _span(tokens: list[RawToken], at: int, kind: str, message: str) -> SyntaxFault:
    token = next((token for token in reversed(tokens) if token.type == kind), None)
    return SyntaxFault(token.start, token.end, message) if token else SyntaxFault(at, at, message)
