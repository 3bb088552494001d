"""A condition read aloud: a sentence for people who do not read SQL. The words are data
(``preflight/data/filter_words.json``), by language."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from sqlglot import exp

from preflight.audience.structure import Joint, Piece

LANGUAGES = ("en", "fr")


@cache
def words(language: str) -> dict[str, Any]:
    data = json.loads(files("preflight.data").joinpath("filter_words.json").read_text("utf-8"))
    return dict(data[language])


class Sentence:
    """Reads pieces of a condition aloud in one language."""

    def __init__(self, language: str) -> None:
        self.words = words(language)

    def say(self, word: str, **values: object) -> str:
        text = str(self.words[word])
        for name, value in values.items():
            text = text.replace("{" + name + "}", str(value))
        return text

    def quoted(self, name: object) -> str:
        return self.say("quote", x=name)

    def listed(self, items: Sequence[str], last: str = "list_last") -> str:
        """``a, b or c``."""
        if len(items) < 2:
            return "".join(items)
        return f"{', '.join(items[:-1])}{self.words[last]}{items[-1]}"

    def piece(self, piece: Piece, *, inside: bool = False, turned: bool = False) -> str:
        """A piece and all within it, or its contrary; ``inside``: it is a part of another one.
        What is not (a or b) is neither a nor b, also where NULL is about."""
        if piece.joint is Joint.TEST:
            return self.test(piece.tree.unnest(), turned=turned)
        if piece.joint is Joint.NOT:
            return self.piece(piece.pieces[0], inside=inside, turned=not turned)
        both = (piece.joint is Joint.AND) is not turned
        text = str(self.words["and" if both else "or"]).join(
            self.piece(one, inside=True, turned=turned) for one in piece.pieces
        )
        if not both:
            text = self.say("either", x=text)
        return f"({text})" if inside else text

    def test(self, node: exp.Expr, *, turned: bool = False) -> str:
        """One test, or its contrary."""
        while isinstance(node, exp.Not):
            node, turned = node.this.unnest(), not turned
        if node.args.get("negate"):
            turned = not turned
        no = "not_" if turned else ""
        if isinstance(node, exp.Is):
            return self._is(node, turned)
        if isinstance(node, (exp.EQ, exp.NEQ)) and isinstance(node.expression, exp.Boolean):
            true = bool(node.expression.this) is isinstance(node, exp.EQ)
            return self.say("yes" if true is not turned else "no", x=self.value(node.this))
        if type(node).__name__ in _CONTRARY:
            return self._compared(node, turned)
        if isinstance(node, exp.In):
            values = [self.value(item) for item in node.expressions]
            if len(values) == 1:
                return self.say("NEQ" if turned else "EQ", x=self.value(node.this), v=values[0])
            among = self.listed(values, "list_neither" if turned else "list_last")
            return self.say(f"{no}in", x=self.value(node.this), v=among)
        if isinstance(node, exp.Between):
            ends = self.value(node.args["low"]), self.value(node.args["high"])
            return self.say(f"{no}between", x=self.value(node.this), v=ends[0], w=ends[1])
        if isinstance(node, (exp.Like, exp.ILike, exp.StartsWith)):
            return self._like(node, no)
        if isinstance(node, exp.Anonymous) and node.name.lower() in ("blank", "empty", "truthy"):
            text = self.say(node.name.lower(), x=self.value(node.expressions[0]))
            return self.say("not", x=text) if turned else text
        if isinstance(node, exp.Anonymous) and node.name.lower() == "matches":
            text = self.say(
                "matches", x=self.value(node.expressions[0]), v=node.expressions[1].sql()
            )
            return self.say("not", x=text) if turned else text
        return self.say("no" if turned else "yes", x=self.value(node))

    def _is(self, node: exp.Is, turned: bool) -> str:
        asked = self.value(node.this)
        if isinstance(node.expression, exp.Null):
            return self.say("not_null" if turned else "null", x=asked)
        word = "yes" if node.expression.this else "no"
        return self.say(f"not_{word}" if turned else f"{word}_only", x=asked)

    def _compared(self, node: exp.Expr, turned: bool) -> str:
        left, right, word = node.this, node.expression, type(node).__name__
        if not left.find(exp.Column) and right.find(exp.Column):
            left, right, word = right, left, _MIRRORED.get(word, word)
        if turned:
            word = _CONTRARY[word]
        if word in _ORDERED and _is_date(right):
            word = f"date_{word}"
        return self.say(word, x=self.value(left), v=self.value(right))

    def _like(self, node: exp.Expr, no: str) -> str:
        pattern, asked = node.expression.name, self.value(node.this)
        if isinstance(node, exp.StartsWith):
            return self.say(f"{no}begins", x=asked, v=self.value(node.expression))
        plain = pattern.strip("%")
        word = "like"
        if plain and not set("%_") & set(plain):
            first, last = pattern.startswith("%"), pattern.endswith("%")
            word = {(False, True): "begins", (True, False): "ends", (True, True): "holds"}.get(
                (first, last), "like"
            )
        shown = f"'{plain if word != 'like' else pattern}'"
        text = self.say(f"{no}{word}", x=asked, v=shown)
        return self.say("any_case", x=text) if isinstance(node, exp.ILike) else text

    def value(self, node: exp.Expr) -> str:
        """A column, a literal, or what is made of them."""
        node = node.unnest()
        if isinstance(node, exp.Column):
            return self.quoted(node.name)
        if isinstance(node, exp.Literal):
            return f"'{node.name}'" if node.is_string else node.name
        if isinstance(node, exp.Neg):
            return f"-{self.value(node.this)}"
        if isinstance(node, exp.Null):
            return str(self.words["null_word"])
        if isinstance(node, exp.Boolean):
            return str(self.words["true_word" if node.this else "false_word"])
        if isinstance(node, exp.CurrentDate):
            return str(self.words["today"])
        if isinstance(node, exp.CurrentTimestamp):
            return str(self.words["now"])
        if isinstance(node, exp.Cast):
            return self.value(node.this)
        if isinstance(node, (exp.Add, exp.Sub)):
            return self._moved(node)
        if isinstance(node, exp.Coalesce):
            others = self.listed([self.value(one) for one in node.expressions])
            return self.say("coalesce", x=self.value(node.this), v=others)
        name = node.name.lower() if isinstance(node, exp.Anonymous) else type(node).__name__.lower()
        inner = node.expressions[0] if isinstance(node, exp.Anonymous) else node.this
        if name in (
            "lower",
            "upper",
            "trim",
            "length",
            "year",
            "month",
            "day",
            "domain",
            "local_part",
        ):
            return self.say(name, x=self.value(inner))
        return node.sql(dialect="duckdb")

    def _moved(self, node: exp.Add | exp.Sub) -> str:
        base, interval = node.this, node.expression
        if isinstance(base, exp.Interval):
            base, interval = interval, base
        unit = str(interval.args["unit"].name).upper().rstrip("S")
        one, many = self.words["units"][unit]
        amount = int(interval.this.name)
        length = f"{amount:,} {one if amount == 1 else many}"
        later = isinstance(node, exp.Add)
        if isinstance(base.unnest(), (exp.CurrentDate, exp.CurrentTimestamp)):
            return self.say("ahead" if later else "ago", v=length)
        word = "after" if later else "before"
        return self.say(word, x=self.value(base), v=length)


_CONTRARY = {
    "EQ": "NEQ", "NEQ": "EQ", "GT": "LTE", "LTE": "GT", "LT": "GTE", "GTE": "LT",
    "NullSafeEQ": "NullSafeNEQ", "NullSafeNEQ": "NullSafeEQ",
}  # fmt: skip
_MIRRORED = {"GT": "LT", "LT": "GT", "GTE": "LTE", "LTE": "GTE"}
_ORDERED = frozenset(("GT", "GTE", "LT", "LTE"))


def _is_date(node: exp.Expr) -> bool:
    node = node.unnest()
    if isinstance(node, exp.Literal):
        return node.is_string and re.match(r"\d{4}-\d\d-\d\d", node.name) is not None
    return isinstance(node, (exp.CurrentDate, exp.CurrentTimestamp, exp.Cast, exp.Add, exp.Sub))
