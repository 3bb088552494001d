"""Why a Liquid template cannot be parsed, in plain words, at the place of the mistake."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from liquid.builtin.expressions.filtered import FilteredExpression, TernaryFilteredExpression
from liquid.exceptions import BlockNestingError
from liquid.token import TOKEN_EXPRESSION

from preflight.templates.languages.fault_words import (
    QUOTES,
    TOO_DEEP,
    blank_in_name,
    entity_inside,
    meant,
    misspelt,
    quote_inside,
    shortened,
)
from preflight.templates.model import SyntaxFault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from liquid import Environment
    from liquid.ast import Node
    from liquid.builtin.expressions.filtered import Filter
    from liquid.exceptions import LiquidError
    from liquid.expression import Expression
    from liquid.stream import TokenStream

    from preflight.templates.languages.liquid_lexing import Lexed, Region
    from preflight.templates.naming import Naming

_INNER_TAGS = {"else": "if", "elsif": "if", "when": "case"}
_FILTER_BEFORE = re.compile(r"\|[ \t]*+\w++[ \t]++\Z")


def explain(
    text: str, lexed: Lexed, stream: TokenStream, error: LiquidError, known: Environment
) -> SyntaxFault:
    """The fault behind an error of python-liquid's parser, which has read so far in the stream."""
    if isinstance(error, BlockNestingError):
        return SyntaxFault(0, min(len(text), 1), TOO_DEEP)
    message = str(error.message)
    token = error.token
    if token is None or token.start_index < 0:
        token = None
        if message.startswith("expected tag") and (fault := _open_block(lexed, known)):
            return fault
    if "never closed" in message and (fault := _open_block(lexed, known)):
        return fault
    if token is not None and message.startswith(("unexpected tag", "expected tag")):
        return _tag(token.value, token.start_index, lexed, known)
    before = stream.tokens[max(stream.pos - 1, 0)]
    here = before if before.kind == TOKEN_EXPRESSION else stream.current
    at = token.start_index if token else -1
    region = _region_at(lexed, here.start_index if token is None else at)
    if region is None:
        return SyntaxFault(0, min(len(text), 1), "the template cannot be read")
    return _expression(text, region, at, message, token.value if token else "")


def wrong_parts(
    lexed: Lexed, nodes: list[Node], known: Environment, own: Naming
) -> SyntaxFault | None:
    """The first filter that does not exist, and what Liquid reads but nobody means."""
    faults = list(_else_if(lexed))
    filters = known.filters.keys() | own.filters
    for used in _filters(nodes):
        if used.name in filters:
            continue
        if own.strict or misspelt(used.name, filters):
            at = used.token.start_index
            said = f"there is no filter “{used.name}”{meant(used.name, filters)}"
            faults.append(SyntaxFault(at, at + len(used.name), said))
    return min(faults, key=lambda fault: fault.start) if faults else None


def _else_if(lexed: Lexed) -> Iterator[SyntaxFault]:
    for at, region in lexed.regions.items():
        start, end = region.inner
        if region.name == "else" and start < end:
            said = "“else” takes no condition: it is always printed here; write “elsif”"
            yield SyntaxFault(at, end, said)


def _filters(nodes: Iterable[Node]) -> Iterator[Filter]:
    pending: list[Node] = list(nodes)
    while pending:
        node = pending.pop()
        for name in ("block", "consequence", "default"):
            child = getattr(node, name, None)
            if child is not None:
                pending.append(child)
        for name in ("nodes", "alternatives", "blocks"):
            pending.extend(getattr(node, name, None) or ())
        yield from _filters_of(getattr(node, "expression", None))


def _filters_of(expression: Expression | None) -> Iterator[Filter]:
    if isinstance(expression, FilteredExpression):
        yield from expression.filters or ()
    elif isinstance(expression, TernaryFilteredExpression):
        yield from _filters_of(expression.left)
        yield from expression.filters or ()
        yield from expression.tail_filters or ()


def _open_block(lexed: Lexed, known: Environment, before: int | None = None) -> SyntaxFault | None:
    """The innermost block that is still open at the end, or before an offset."""
    still_open: list[tuple[int, str]] = []
    for at, region in lexed.regions.items():
        name = region.name
        if before is not None and at >= before:
            break
        if name.startswith("end"):
            if still_open and still_open[-1][1] == name[3:]:
                still_open.pop()
        elif name in known.tags and known.tags[name].block and name not in ("raw", "doc"):
            still_open.append((at, name))
    if not still_open:
        return None
    at, name = still_open[-1]
    return SyntaxFault(at, at + len(name), f"“{name}” is never closed with “{{% end{name} %}}”")


def _tag(name: str, at: int, lexed: Lexed, known: Environment) -> SyntaxFault:
    names = set(known.tags) | set(_INNER_TAGS)
    closing = {f"end{tag}" for tag, made in known.tags.items() if made.block}
    around = _open_block(lexed, known, at)
    if name in closing:
        said = f"“{name}” does not fit here: "
        open_name = around.message.partition("”")[0][1:] if around else ""
        said += f"“{open_name}” is still open" if around else f"no “{name[3:]}” is open"
    elif name in _INNER_TAGS:
        said = f"“{name}” does not fit here: it belongs into “{_INNER_TAGS[name]}”"
    else:
        said = f"there is no statement “{name}”{meant(name, names | closing)}"
    return SyntaxFault(at, at + len(name), said)


def _expression(text: str, region: Region, at: int, message: str, value: str) -> SyntaxFault:
    start, end = region.inner
    if start >= end:
        if not region.name:
            return SyntaxFault(region.start, region.end, "the tag is empty")
        name_at = text.find(region.name, region.start)
        said = f"“{region.name}” needs something to work on: a name or a condition"
        return SyntaxFault(name_at, name_at + len(region.name), said)
    opening = re.compile(r"\{\{|\{%").search(text, start, end)
    if opening:
        mark = text[region.start : region.start + 2]
        closing = "}}" if mark == "{{" else "%}"
        half = text.find("}", start, opening.start()) if mark == "{{" else -1
        if half >= 0:
            said = "“{{” is closed with one “}” only: write “}}”"
            return SyntaxFault(region.start, half + 1, said)
        said = f"“{mark}” is never closed with “{closing}”"
        return SyntaxFault(region.start, region.start + 2, said)
    for index in range(start, end):
        if text[index] in QUOTES:
            return SyntaxFault(index, index + 1, quote_inside(text[index]))
    if entity := entity_inside(text, start, end):
        return SyntaxFault(*entity)
    if (words := blank_in_name(text, start, end)) and not region.name:
        return SyntaxFault(*words)
    if at < start or at >= end:
        last = text[start:end].split()[-1]
        said = f"something is missing after “{shortened(last)}”"
        return SyntaxFault(end - len(last), end, said)
    if text[at] in "'\"" and value == text[at]:
        return SyntaxFault(at, at + 1, f"the text that begins with {value} does not end")
    stop = min(at + max(len(value), 1), end)
    written = shortened(text[at:stop])
    if message.startswith("unknown operator"):
        return SyntaxFault(at, stop, f"there is no comparison “{written}”")
    said = f"“{written}” cannot stand here"
    if written == "=":
        said += ": to compare, write “==”"
    elif written == "||" or (written == "|" and text[at - 1] == "|"):
        said += ": a fallback is written “| default: 'there'”"
    elif _FILTER_BEFORE.search(text[start:at]):
        said += ": a filter takes its argument after a colon, as “default: 'there'”"
    return SyntaxFault(at, stop, said)


def _region_at(lexed: Lexed, at: int) -> Region | None:
    """The tag in which an offset stands."""
    regions = list(lexed.regions.values())
    number = bisect_right([region.start for region in regions], at) - 1
    return regions[number] if number >= 0 and at <= regions[number].end else None
