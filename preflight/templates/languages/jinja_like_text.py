"""Making a template that is nearly Jinja one that Jinja's parser can read, at equal length.

HubL, Twig and Mailjet's language are Jinja but for some spellings. What Jinja cannot read is
replaced by a name of the same length (a stand-in), and what it stands for is kept beside it; so
all offsets stay.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from preflight.templates.tree import Constant, Expression, Fallback, Field, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from preflight.templates.naming import Naming

_OPENING = re.compile(r"\{\{|\{%|\{#")
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
_RAW = re.compile(r"[-+]?\s*+(raw|verbatim)\s*+[-+]?\Z")
_RAW_END = re.compile(r"\{%[-+]?\s*+end(?:raw|verbatim)\s*+[-+]?%\}")
_STATEMENT = re.compile(r"[-+]?\s*+(\w++)")
_HEAD = re.compile(
    r"[-+]?\s*+(?:(?:if|elif|unless|include|extends|import|from|print|do)\b"
    r"|set\s++\w++\s*+=|for\s++\w++(?:\s*+,\s*+\w++)?+\s++in\b)"
)
_QUOTED = re.compile(r"""("(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+')""", re.S)
_NAME = re.compile(r"(?<![\w.|'\"])[A-Za-z_]\w*+(?:\.\w++)*+(?!\s*[(:])")
_NO_NAMES = frozenset(
    {"and", "or", "not", "is", "in", "with", "only", "if", "else", "true", "false", "null", "none"}
    | {"starts", "ends", "matches", "same", "as", "divisible", "by", "ignore", "missing"}
)
# What Twig and HubL have and Jinja has not.
_FOREIGN = re.compile(
    r"\?|&&|\|\||!(?!=)|=>|\.\.|===|!==|<=>|[{}]"
    r"|\b(?:starts\s+with|ends\s+with|matches|same\s+as|divisible\s+by|has\s+some|has\s+every"
    r"|b-and|b-or|b-xor|ignore\s+missing|only)\b"
)
_COALESCED = re.compile(r"\s*+([A-Za-z_][\w.]*+)\s*+\?\?\s*+(\"[^\"]*+\"|'[^']*+')\s*+(?=\Z|\|)")
_CHOICE = re.compile(r"-?(?P<test>[^?:]++)\?(?P<yes>[^?:]*+):(?P<no>[^?:]+)")
_NO_CHOICE = re.compile(r"&&|\|\||!(?!=)|=>|\.\.|[=!]==")
_ELSEIF = re.compile(r"([-+]?\s*+)else\s?if\b")
_SINGLE_EQUALS = re.compile(r"[x\s]=(?![=])")  # in Mailjet's conditions
_MAILJET = re.compile(
    r"\b(?P<kind>var|data|mj)\s*+:\s*+(?P<name>\w[\w.]*+)"
    r"(?:\s*+:\s*+(?P<otherwise>\"[^\"]*+\"|'[^']*+'))?+"
)


@dataclass(frozen=True, slots=True)
class Choice:
    """``test ? yes : no``, by where each stands; ``test ?: no`` prints the test itself."""

    test: tuple[int, int]
    yes: tuple[int, int] | None
    no: tuple[int, int]


@dataclass(slots=True)
class Prepared:
    """``text`` for Jinja; ``stand_ins`` by offset; ``blocks``: statements that Jinja does not have,
    each with the name that closes it, or None."""

    text: str
    stand_ins: dict[int, Expression | Choice] = field(default_factory=dict)
    blocks: dict[str, str | None] = field(default_factory=dict)


def prepare(text: str, own: Naming, known: frozenset[str]) -> Prepared:
    """See the module. ``known``: the statements that Jinja has."""
    made = Prepared(text)
    pieces: list[str] = []
    names: dict[str, None] = {}
    no_end = False  # no raw block ends any more
    at = 0
    while found := _OPENING.search(text, at):
        start, mark = found.end(), found.group()
        end = text.find(_CLOSING[mark], start)
        if end < 0:
            break
        inside = text[start:end]
        pieces.append(text[at:start])
        at = end
        if mark == "{{":
            inside = _expression(inside, start, own, made)
        elif mark == "{%":
            raw = _RAW.match(inside)
            over = _RAW_END.search(text, end) if raw and not no_end else None
            no_end = no_end or (raw is not None and over is None)
            if raw and over:
                if raw[1] == "verbatim":
                    inside = inside.replace("verbatim", "raw     ", 1)
                closing = over.group().replace("endverbatim", "endraw     ", 1)
                pieces += [inside, text[end : over.start()], closing]
                at = over.end()
                continue
            inside = _statement(inside, start, own, made, known, names)
        pieces.append(inside)
    made.text = "".join([*pieces, text[at:]])
    for name in names:
        ends = (f"end{name}", f"end_{name}")
        made.blocks[name] = next((end for end in ends if end in text), None)
    return made


def _expression(inside: str, start: int, own: Naming, made: Prepared) -> str:
    if "mailjet" in own.spellings:
        inside = _MAILJET.sub(_mailjet(start, made), inside)
    coalesced = _COALESCED.match(inside)
    if coalesced:
        path = coalesced[1]
        begin = start + coalesced.start(1)
        subject = own.value(path.split("."), begin, begin + len(path))
        value = Fallback(subject, Constant(coalesced[2][1:-1]), "missing")
        end = coalesced.end()
        return _stand_in(inside[:end], start, value, made) + inside[end:]
    return _readable(inside, start, own, made)


def _readable(inside: str, start: int, own: Naming, made: Prepared) -> str:
    """The expression, or a stand-in where it holds what Jinja does not have."""
    plain = "".join(_QUOTED.split(inside)[::2])
    if not _FOREIGN.search(plain):
        return inside
    blanked = _QUOTED.sub(lambda text: "_" * len(text[0]), inside)
    choice = _CHOICE.fullmatch(blanked.removesuffix("-"))
    if choice and not _NO_CHOICE.search(blanked):
        spans = [
            (start + choice.start(part), start + choice.end(part)) for part in ("test", "yes", "no")
        ]
        value = Choice(spans[0], spans[1] if choice["yes"].strip() else None, spans[2])
        return _stand_in(inside, start, value, made)
    fields = [
        own.value(name.group().split("."), start + name.start(), start + name.end())
        for name in _NAME.finditer(blanked)
        if name.group().lower() not in _NO_NAMES
    ]
    unknown = Unknown(tuple(one for one in fields if isinstance(one, Field)))
    return _stand_in(inside, start, unknown, made)


def _statement(
    inside: str,
    start: int,
    own: Naming,
    made: Prepared,
    known: frozenset[str],
    names: dict[str, None],
) -> str:
    inside = _ELSEIF.sub(lambda found: f"{found[1]}elif".ljust(len(found[0])), inside, count=1)
    word = _STATEMENT.match(inside)
    if word is None:
        return inside
    name = word[1]
    if name not in known and (own.tag(name) or own.takes(name, known)):
        names[name] = None
        return (
            inside[: word.end()]
            + " " * (len(inside) - word.end() - _dash(inside))
            + ("-" if _dash(inside) else "")
        )
    if "mailjet" in own.spellings:
        inside = _MAILJET.sub(_mailjet(start, made), inside)
        inside = _SINGLE_EQUALS.sub("==", inside) if name != "set" else inside
    head = _HEAD.match(inside)
    if head is None:
        return inside
    cut = head.end()
    return inside[:cut] + _readable(inside[cut:], start + cut, own, made)


def _dash(inside: str) -> bool:
    return inside.endswith("-")


def _mailjet(start: int, made: Prepared) -> Callable[[re.Match[str]], str]:
    def stand_in(found: re.Match[str]) -> str:
        at = start + found.start()
        value: Expression = Field(found["name"], at, start + found.end("name"))
        if found["kind"] == "mj":
            value = Unknown()
        if found["otherwise"]:
            value = Fallback(value, Constant(found["otherwise"][1:-1]), "empty")
        made.stand_ins[at] = value
        return _name(len(found[0]))

    return stand_in


def _stand_in(written: str, start: int, value: Expression | Choice, made: Prepared) -> str:
    """A name of the same length, without the dash and the blanks around."""
    core = written.strip("-").strip()
    at = written.index(core)
    made.stand_ins[start + at] = value
    return written[:at] + _name(len(core)) + written[at + len(core) :]


def _name(length: int) -> str:
    return "x" * length
