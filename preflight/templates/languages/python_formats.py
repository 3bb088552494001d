"""Reading the formats of Python: ``{name}`` (str.format), ``%(name)s``, ``$name`` (Template)."""

from __future__ import annotations

import re

from preflight.templates.languages.fault_words import shortened
from preflight.templates.model import SyntaxFault
from preflight.templates.tree import Call, Code, Expression, Field, Print, Text, TreeNode, Unknown

_BRACE = re.compile(r"[{}]")
_FIELD = re.compile(
    r"([^!:.\[\]]*+)((?:\.[^.\[!:]*+|\[[^\]]*+\])*+)((?:![rsa])?)((?::.*)?)\Z", re.S
)
_PERCENT = re.compile(
    r"%(?:(?P<escape>%)|(?:\((?P<name>[^()]*+)\))?(?P<flags>[#0\- +]*+)(?P<width>(?:\d++|\*)?+)"
    r"(?:\.(?P<precision>\d++|\*))?+[hlL]?(?P<kind>[diouxXeEfFgGcrsa])?)"
)
_DOLLAR = re.compile(
    r"\$(?:(?P<escape>\$)|(?P<name>[_a-zA-Z][_a-zA-Z0-9]*+)|\{(?P<braced>[_a-zA-Z][_a-zA-Z0-9]*+)\})"
)


def read_format(text: str, _dialect: str = "") -> tuple[TreeNode, ...] | SyntaxFault:
    """``{name}``, with ``{{`` and ``}}`` for braces. Never raises on any text."""
    made: list[TreeNode] = []
    at = 0
    while found := _BRACE.search(text, at):
        start = found.start()
        _put(made, at, start)
        if text.startswith(found.group() * 2, start):
            made += [Text(start, start + 1), Code(start + 1, start + 2)]
            at = start + 2
            continue
        if found.group() == "}":
            return SyntaxFault(start, start + 1, "a single “}”: write “}}” to print one")
        end = _closing(text, start)
        if end < 0:
            said = "“{” is never closed with “}”: write “{{” to print one"
            return SyntaxFault(start, start + 1, said)
        made.append(_replacement(text, start, end))
        at = end
    _put(made, at, len(text))
    return tuple(made)


def _closing(text: str, at: int) -> int:
    """The end of a replacement field; a format may hold other fields."""
    depth = 0
    for found in _BRACE.finditer(text, at, at + 4_000):
        depth += 1 if found.group() == "{" else -1
        if not depth:
            return found.end()
    return -1


def _replacement(text: str, start: int, end: int) -> Print:
    inner = text[start + 1 : end - 1]
    found = _FIELD.match(inner)
    if found is None or not found[1] or found[1].isdigit():
        return Print(start, end, Unknown(), inner)
    value: Expression = Field(found[1], start + 1, start + 1 + len(found[1]))
    if found[2] or found[3] not in ("", "!s"):
        value = Call("format", (value,))
    elif len(found[4]) > 1:
        value = Call("pad", (value,))
    return Print(start, end, value, inner)


def read_percent(text: str, _dialect: str = "") -> tuple[TreeNode, ...] | SyntaxFault:
    """``%(name)s``, with ``%%`` for a percent sign. Never raises on any text."""
    made: list[TreeNode] = []
    at = 0
    for found in _PERCENT.finditer(text):
        start, end = found.span()
        _put(made, at, start)
        at = end
        if found["escape"]:
            made += [Text(start, start + 1), Code(start + 1, end)]
            continue
        if not found["kind"] or found["name"] is None:
            written = shortened(text[start : max(end, start + 2)])
            said = f"“{written}” is read as a value to put in: write “%%” for a percent sign"
            return SyntaxFault(start, end, said)
        value: Expression = Field(found["name"], *found.span("name"))
        if found["kind"] != "s" or found["precision"]:
            value = Call("format", (value,))
        elif found["flags"] or found["width"]:
            value = Call("pad", (value,))
        made.append(Print(start, end, value, text[start:end]))
    _put(made, at, len(text))
    return tuple(made)


def read_string_template(text: str, _dialect: str = "") -> tuple[TreeNode, ...] | SyntaxFault:
    """``$name`` and ``${name}``, with ``$$`` for a dollar sign. Never raises on any text."""
    made: list[TreeNode] = []
    at = 0
    for found in _DOLLAR.finditer(text):
        start, end = found.span()
        _put(made, at, start)
        at = end
        if found["escape"]:
            made += [Text(start, start + 1), Code(start + 1, end)]
            continue
        group = "name" if found["name"] else "braced"
        field = Field(found[group], *found.span(group))
        made.append(Print(start, end, field, text[start:end]))
    _put(made, at, len(text))
    return tuple(made)


def _put(made: list[TreeNode], start: int, end: int) -> None:
    if start < end:
        made.append(Text(start, end))
