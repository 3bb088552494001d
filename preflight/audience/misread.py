"""Why a text cannot be read as a condition, in our own words and at the place of the slip."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlglot.errors import ParseError
from sqlglot.tokenizer_core import Token, TokenType

# Texts and names in quotes, then comments, then what is left of quotes: one that is never closed.
_LEXEMES = re.compile(r"""'[^']*'|"[^"]*"|(?P<comment>--[^\n]*|/\*.*?\*/)|['"‘’“”]""", re.DOTALL)
HOW_TO_JOIN = "Join conditions with and, or. A name with a blank in it stands in double quotes."
_TWICE = "An apostrophe within a text is written twice: 'L''Isle'."


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a condition, by offsets in its text. ``name``: the unknown column;
    ``meant``: the one that is spelt nearly so."""

    start: int
    end: int
    message: str
    help: str = ""
    name: str | None = None
    meant: str = ""


class ConditionError(Exception):
    """A condition that cannot be used; ``mistakes`` says where and why."""

    def __init__(self, *mistakes: Mistake) -> None:
        super().__init__("; ".join(m.message for m in mistakes))
        self.mistakes = mistakes


def comments(text: str) -> Iterator[tuple[int, int]]:
    """Where the comments of a condition stand."""
    for found in _LEXEMES.finditer(text):
        if found["comment"] is not None:
            yield found.span()


def check_quotes(text: str) -> None:
    """sqlglot gives no place for a quote that is never closed: find it here."""
    for found in _LEXEMES.finditer(text):
        quote, at = found.group(), found.start()
        if len(quote) > 1:
            continue
        if quote in "'\"":
            raise ConditionError(
                Mistake(at, len(text), f"the quote {quote} is never closed", f"Close it. {_TWICE}")
            )
        raise ConditionError(
            Mistake(
                at, at + 1, f"{quote} is a typographic quote", "Write texts in straight quotes '…'."
            )
        )


def parse_mistake(text: str, error: ParseError, tokens: Sequence[Token]) -> Mistake:
    first = error.errors[0] if error.errors else {}
    word = str(first.get("highlight") or "")
    line, column = int(first.get("line") or 1), int(first.get("col") or 1)
    lines = text.split("\n")
    offset = sum(len(row) + 1 for row in lines[: line - 1]) + column
    start = max(0, min(offset - max(len(word), 1), len(text) - 1))
    if word and text[start : start + len(word)] != word:
        near = text.rfind(word, 0, offset + 1)
        start = near if near >= 0 else start
    end = min(len(text), start + max(len(word), 1))
    reason = str(first.get("description") or "")
    if "Required keyword" in reason:
        return Mistake(start, end, f"something is missing beside “{word}”", "Complete it.")
    opened = _never_closed(tokens)
    if "Expecting )" in reason and opened is not None:
        return Mistake(opened, opened + 1, "a parenthesis is never closed", "Add “)”.")
    if word:
        return Mistake(start, end, f"“{word}” is not expected here", _advice(text, start, word))
    return Mistake(start, end, "the condition ends too early", "Complete it.")


def _never_closed(tokens: Sequence[Token]) -> int | None:
    """Where the innermost parenthesis stands that nothing closes."""
    waiting: list[int] = []
    for token in tokens:
        if token.token_type == TokenType.L_PAREN:
            waiting.append(token.start)
        elif token.token_type == TokenType.R_PAREN and waiting:
            waiting.pop()
    return waiting[-1] if waiting else None


def _advice(text: str, start: int, word: str) -> str:
    if word.casefold() in ("where", "having"):
        return f"Only the condition stands here: leave “{word}” out."
    if word == ",":
        return "Several values stand in parentheses: in ('a', 'b')."
    if text[start - 1 : start] == "'":
        return _TWICE
    return HOW_TO_JOIN
