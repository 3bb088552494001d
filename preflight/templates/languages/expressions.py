"""Expressions as most template languages write them: one small parser for all readers that have
no parser of their own.

It reads the common stock (texts, numbers, dotted names, comparisons, ``and``/``or``/``not``,
``a ? b : c``, ``a ?: b``, ``a ?? b``, calls, methods, filters); what differs is a `Grammar`. What
it cannot read is `Unknown` with the names in it: that is no fault of the template.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import reduce

from preflight.templates.languages.expression_tokens import (
    LONGEST,
    Grammar,
    Named,
    Token,
    Unreadable,
    tokens_of,
)
from preflight.templates.languages.methods import METHODS, applied
from preflight.templates.tree import (
    Both,
    Call,
    Compare,
    Constant,
    Either,
    Exists,
    Expression,
    Fallback,
    Field,
    Not,
    Unknown,
)
from preflight.templates.tree_tools import fields_of

_DEEPEST = 60
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)

_SAME = {
    "=": "eq", "==": "eq", "===": "eq", "eq": "eq", "is": "eq", "!=": "ne", "!==": "ne",
    "<>": "ne", "ne": "ne", "neq": "ne", "<": "lt", "lt": "lt", "<=": "lteq", "le": "lteq",
    "lte": "lteq", ">": "gt", "gt": "gt", ">=": "gteq", "ge": "gteq", "gte": "gteq",
    "contains": "contains", "in": "in",
}  # fmt: skip
_NONE = frozenset({"nil", "null", "none", "undefined"})
_TRUTH = {"true": True, "false": False}


def read_expression(
    text: str, start: int, end: int, named: Named, grammar: Grammar | None = None
) -> Expression:
    """The expression that ``text[start:end]`` is. Never raises: what cannot be read is `Unknown`
    with the fields that are named in it."""
    try:
        return _Parser(text, start, end, named, grammar or Grammar()).whole()
    except (Unreadable, RecursionError):
        return Unknown(_names(text, start, end, named))


def unquoted(written: str) -> str:
    """What a quoted text says."""
    return _ESCAPED.sub(r"\1", written[1:-1])


def _names(text: str, start: int, end: int, named: Named) -> tuple[Field, ...]:
    """The fields that are named in what cannot be read; words that are no names are told by what
    the dialect knows about them, so only those with a sigil or a dot count."""
    found: list[Field] = []
    for match in _PATH.finditer(text, start, min(end, start + LONGEST)):
        if match["path"] is None:
            continue
        written = match["path"].lstrip("@$")
        value = named(tuple(written.split(".")), match.start("path"), match.end("path"))
        found.extend(fields_of(value))
    return tuple(dict.fromkeys(found))


_PATH = re.compile(
    r"""(?:"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+')"""
    r"|(?<![\w.])(?P<path>[@$]{1,2}[^\W\d]\w*+(?:\.[^\W\d]\w*+)*+|[^\W\d]\w*+(?:\.[^\W\d]\w*+)++)"
    r"(?!\s*\()",
    re.DOTALL,
)


class _Parser:
    def __init__(self, text: str, start: int, end: int, named: Named, grammar: Grammar) -> None:
        self.text = text
        self.named = named
        self.grammar = grammar
        self.tokens = tokens_of(text, start, end, grammar)
        self.at = 0
        self.depth = 0

    def whole(self) -> Expression:
        found = self._ternary()
        if self.here.kind != "end":
            raise Unreadable
        return found

    # --- tokens ------------------------------------------------------------------------------

    @property
    def here(self) -> Token:
        return self.tokens[self.at]

    def _is(self, *texts: str) -> bool:
        token = self.here
        word = token.text.casefold() if token.kind == "name" else token.text
        return token.kind in ("sign", "name") and word in texts

    def _take(self, *texts: str) -> bool:
        if self._is(*texts):
            self.at += 1
            return True
        return False

    def _need(self, text: str) -> Token:
        token = self.here
        if not self._take(text):
            raise Unreadable
        return token

    # --- from the loosest to the tightest ------------------------------------------------------

    def _ternary(self) -> Expression:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Unreadable
        test = self._or()
        if self._take("?:"):
            test = Either(test, self._ternary())
        elif self._is("?") and self.tokens[self.at + 1].kind != "end":
            self.at += 1
            yes = self._ternary()
            self._need(":")
            test = chosen(test, yes, self._ternary())
        elif self.grammar.filters and self._is("if"):
            self.at += 1
            when = self._or()
            otherwise = self._ternary() if self._take("else") else Constant("")
            test = chosen(when, test, otherwise)
        self.depth -= 1
        return test

    def _or(self) -> Expression:
        found = self._and()
        while True:
            if self._take("||", "or"):
                found = _either(found, self._and())
            elif not self.grammar.bang_default and self._take("??"):
                found = Fallback(found, self._and(), self.grammar.coalesce)  # type: ignore[arg-type]
            else:
                return found

    def _and(self) -> Expression:
        found = self._not()
        while self._take("&&", "and"):
            found = Both(found, self._not())
        return found

    def _not(self) -> Expression:
        if self._take("!", "not"):
            self.depth += 1
            if self.depth > _DEEPEST:
                raise Unreadable
            inner = self._not()
            self.depth -= 1
            return Not(inner)
        return self._comparison()

    def _comparison(self) -> Expression:
        left = self._sum()
        token = self.here
        word = token.text.casefold()
        if word == "is" and self.grammar.filters:
            return self._is_test(left)
        if word not in _SAME or token.kind not in ("sign", "name"):
            return left
        self.at += 1
        if word == "is" and self._take("not"):
            return Compare("ne", left, self._right())
        return Compare(_SAME[word], left, self._right())

    def _is_test(self, left: Expression) -> Expression:
        """``x is empty``, ``x is not defined``, ``x is null``."""
        self.at += 1
        negated = self._take("not")
        name = self.here.text.casefold()
        self.at += 1
        if name in ("empty", "blank"):
            outcome: Expression = Not(Exists(left, "empty" if name == "empty" else "blank"))
        elif name in ("defined", *_NONE):
            exists = Exists(left, "missing")
            outcome = exists if name == "defined" else Not(exists)
        else:
            raise Unreadable
        return Not(outcome) if negated else outcome

    def _right(self) -> Expression:
        token = self.here
        bare = self.grammar.bare_text and token.kind == "name" and token.text[0] not in "$@"
        if bare and token.text.casefold() not in (*_NONE, *_TRUTH):
            last = token
            while self.here.kind in ("name", "number") and not self._is("and", "or"):
                last = self.here
                self.at += 1
            return Constant(self.text[token.start : last.end])
        return self._sum()

    def _sum(self) -> Expression:
        parts = [self._filtered()]
        while self._is("+", "~") or (self._is("&") and not self.grammar.filters):
            self.at += 1
            parts.append(self._filtered())
        if self._is("-", "*", "/", "%"):
            raise Unreadable
        if len(parts) == 1:
            return parts[0]
        texts = any(isinstance(part, Constant) and isinstance(part.value, str) for part in parts)
        if not texts:
            return Unknown(fields_of(*parts))  # a sum of numbers, perhaps
        return reduce(lambda left, right: Call("append", (left, right)), parts)

    def _filtered(self) -> Expression:
        found = self._postfix(self._primary())
        while self.grammar.filters and self._take("|"):
            name = self._name().text
            arguments: list[Expression] = []
            if self._take("("):
                arguments = self._arguments(")")
            elif self._take(":"):
                arguments.append(self._argument())
                while self._take(","):
                    arguments.append(self._argument())
            found = applied(name, found, arguments, self.grammar.default)
        return found

    def _argument(self) -> Expression:
        if self.tokens[self.at + 1].text in ("=", ":") and self.here.kind == "name":
            self.at += 2
        return self._postfix(self._primary())

    def _arguments(self, closing: str) -> list[Expression]:
        found: list[Expression] = []
        while not self._take(closing):
            if found:
                self._need(",")
            if self.here.kind == "name" and self.tokens[self.at + 1].text == "=":
                self.at += 2
            found.append(self._ternary())
        return found

    def _name(self) -> Token:
        token = self.here
        if token.kind != "name":
            raise Unreadable
        self.at += 1
        return token

    def _primary(self) -> Expression:
        token = self.here
        self.at += 1
        if token.kind == "text":
            return Constant(unquoted(token.text))
        if token.kind == "number":
            return Constant(float(token.text) if "." in token.text else int(token.text[:300]))
        if token.kind == "name":
            return self._named(token)
        if token.text == "(":
            inner = self._ternary()
            self._need(")")
            return inner
        if token.text == "-" and self.here.kind == "number":
            return Constant(-float(self._number()))
        if token.text == "[" and self.here.kind == "name":
            return self._bracketed(token)
        raise Unreadable

    def _number(self) -> str:
        token = self.here
        self.at += 1
        return token.text

    def _bracketed(self, opening: Token) -> Expression:
        """``[First Name]``: a name that may hold blanks."""
        first = last = self._name()
        while self.here.kind in ("name", "number"):
            last = self.here
            self.at += 1
        closing = self._need("]")
        return self.named((self.text[first.start : last.end],), opening.start, closing.end)

    def _named(self, token: Token) -> Expression:
        word = token.text.casefold()
        if self._is("("):
            self.at += 1
            return self._called(token)
        if word in _TRUTH:
            return Constant(_TRUTH[word])
        if word in _NONE:
            return Constant(None)
        if word in ("if", "else", "for", "end"):
            raise Unreadable
        names, start, end = [token.text.lstrip("@$!")], token.start, token.end
        while self._is(".", "?.", "&.") and self.tokens[self.at + 1].kind == "name":
            after = self.tokens[self.at + 1]
            if self.tokens[self.at + 2].text == "(" or is_method(after.text):
                break
            names.append(after.text)
            end = after.end
            self.at += 2
        return self.named(tuple(names), start, end)

    def _called(self, token: Token) -> Expression:
        arguments = self._arguments(")")
        own = dict(self.grammar.functions).get(token.text.casefold())
        if own is not None:
            found = own(arguments, token.start, self.tokens[self.at - 1].end)
            if found is not None:
                return found
        return applied(token.text, None, arguments, self.grammar.default)

    def _postfix(self, found: Expression) -> Expression:
        while True:
            if self._is(".", "?.", "&.") and self.tokens[self.at + 1].kind == "name":
                self.at += 1
                name = self._name().text
                arguments = self._arguments(")") if self._take("(") else []
                found = applied(name, found, arguments, self.grammar.default)
            elif self.grammar.bang_default and self._take("??"):
                found = Exists(found, "missing")
            elif self.grammar.bang_default and self._is("!"):
                self.at += 1
                plain = self.here.kind in ("text", "number", "name") or self._is("(")
                otherwise = self._postfix(self._primary()) if plain else Constant("")
                found = Fallback(found, otherwise, "missing")
            elif self.grammar.bang_default and self._take("?"):
                name = self._name().text
                arguments = self._arguments(")") if self._take("(") else []
                found = applied(name, found, arguments, self.grammar.default)
            elif self._is("["):
                raise Unreadable
            else:
                return found


def is_method(name: str) -> bool:
    """Whether a word after a dot does something rather than name a part."""
    return name.casefold() in METHODS or name.endswith("?")


def _either(left: Expression, right: Expression) -> Expression:
    """``x.presence || y`` is y where x is blank."""
    if isinstance(left, Fallback) and left.otherwise == Constant(None):
        return replace(left, otherwise=right)
    return Either(left, right)


def chosen(test: Expression, yes: Expression, no: Expression) -> Expression:
    """``yes`` where the test holds, else ``no``: `Call` by the name ``choose``."""
    return Call("choose", (test, yes, no))
