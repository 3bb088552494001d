"""Random Jinja templates and lists, and the brute force: every row rendered by Jinja itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from random import Random
from typing import Any

from jinja2 import DictLoader, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

TEXT = ("a", "b", "first")
COLUMNS = (*TEXT, "flag", "number")
WORDS = ("", "  ", "NULL", "None", "n/a", "-", "Ada", "true", "a", "FR", "fr", " FR ", "Zoë")
WORDS += ("O'Brien", "5", "—", "#N/A", "\xa0", "x y", "Fr", "undefined", "ada\t", "50%", "a.b")
# Not nan: in title case it is a name, although the cell still says nothing.
WORDS += ("Ada Lovelace", "12,50", "a;b;c", "0")
FILTERS = ("trim", "title", "capitalize", "upper", "lower", "e", "safe", "string", "length")
FILTERS += ("truncate", "truncate(30)", "center", "center(4)", "indent(3)", "wordwrap", "int")
FILTERS += ("replace('-', ' ')", "first", "striptags", "urlencode", "last", "float", "list")
FILTERS += ("replace('n/a', '')", "int('')", "default('-')", "join(' ')", "d('x', 1)")
CUTS = ("[:1]", "[1:]", "[-2:]", ".split(' ')[0]", ".split(' ')[1]", ".split(';')[-1]", "[0]")
CUTS += (".replace('a', '')", ".split()|first", ".partition(' ')[2]", ".startswith('A')")
OPENING, INNER, CLOSING = "\ue000", "\ue001", "\ue002"
MARK = re.compile(f"{OPENING}\\d+{INNER}|{CLOSING}")

Row = dict[str, object]


@dataclass
class Templates:
    """Makes random templates; each printed tag stands between marks with its number. ``files``:
    those that it includes and imports."""

    random: Random
    count: int = 0
    files: dict[str, str] = field(default_factory=dict)
    variables: list[str] = field(default_factory=list)
    macros: list[tuple[str, int]] = field(default_factory=list)

    def template(self, blocks: int = 2) -> str:
        text = "".join(self.block(self.random.choice((1, 2))) for _ in range(blocks))
        if self.random.random() < 0.1:
            self.files["base.html"] = (
                f"{self.tag()}{{% block main %}}{self.tag()}{{% endblock %}}{self.tag()}"
            )
            above = self.random.choice(("", "{{ super() }}"))
            return f"{{% extends 'base.html' %}}{{% block main %}}{above}{text}{{% endblock %}}"
        return text

    def name(self) -> str:
        return self.random.choice((*COLUMNS, *TEXT, *TEXT, *self.variables))

    def word(self) -> str:
        return "'" + self.random.choice(WORDS).replace("'", "\\'") + "'"

    def tag(self, expression: str = "") -> str:
        self.count += 1
        left, right = self.random.choice((("{{", "}}"), ("{{", "}}"), ("{{-", "-}}")))
        inner = expression or self.expression()
        return f"{OPENING}{self.count - 1}{INNER}{left} {inner} {right}{CLOSING}"

    def expression(self, depth: int = 2) -> str:
        deeper = depth - 1
        pick: Any = self.random.choice
        if depth == 0 or self.random.random() < 0.2:
            return pick((self.name(), self.name(), self.word()))
        inner = self.expression(deeper)
        return pick(
            (
                lambda: f"({inner} or {self.expression(deeper)})",
                lambda: f"({inner} and {self.expression(deeper)})",
                lambda: f"({inner} ~ {pick((self.word(), self.expression(deeper)))})",
                lambda: f"({inner} + {self.expression(deeper)})",
                lambda: f"({inner} if {self.test(deeper)} else {self.expression(deeper)})",
                lambda: f"({inner} if {self.test(deeper)})",
                lambda: f"({inner})|default({self.expression(deeper)})",
                lambda: f"({inner})|default({self.word()}, true)",
                lambda: f"({inner})|d({self.word()}, boolean=true)",
                lambda: f"({inner})|{pick(FILTERS)}",
                lambda: f"{self.name()}.{pick(('strip', 'title', 'upper', 'lower'))}()",
                lambda: f"({inner})|{pick(FILTERS)}|{pick(FILTERS)}",
                lambda: f"{pick(TEXT)}{pick(CUTS)}",
                lambda: f"({inner}){pick(CUTS)}",
                lambda: f"'%s'|format({self.name()})",
                lambda: (
                    f"[{inner}, {self.name()}]|{pick(('first', 'last', 'join', 'join(chr)', 'length'))}"
                ),
                lambda: f"{{'x': {inner}}}.x",
            )
        )()

    def test(self, depth: int = 2) -> str:
        pick: Any = self.random.choice
        text = pick(TEXT)
        simple = (
            lambda: self.name(),
            lambda: f"not {self.name()}",
            lambda: f"{text} {pick(('==', '!='))} {self.word()}",
            lambda: f"{self.word()} == {text}",
            lambda: f"{text}|{pick(('lower', 'upper', 'trim'))} == {self.word()}",
            lambda: f"{text}.strip().lower() {pick(('==', '!='))} {self.word()}",
            lambda: f"{text} {pick(('in', 'not in'))} [{self.word()}, {self.word()}]",
            lambda: f"{text}|lower in ({self.word()}, {self.word()}, {self.word()})",
            lambda: f"{self.word()} in {text}{pick(('', '|lower', '|trim'))}",
            lambda: f"{text}|length {pick(('>', '<', '==', '<=', '!='))} {pick('0123')}",
            lambda: f"2 < {text}|length",
            lambda: f"{text}|trim",
            lambda: f"{text}|int {pick(('>', '<', '=='))} {pick('0159')}",
            lambda: f"number|int(0) {pick(('>', '<', '==', '!=', '<='))} {pick('0157')}",
            lambda: f"number == {pick('017')}",
            lambda: f"flag {pick(('==', '!=', 'is'))} {pick(('true', 'false'))}",
            lambda: (
                f"{self.name()} is {pick(('', 'not '))}{pick(('defined', 'none', 'undefined'))}"
            ),
            lambda: f"{self.name()} is {pick(('string', 'number', 'mapping', 'boolean', 'lower'))}",
            lambda: f"{text} is eq({self.word()})",
            lambda: f"{text} is in [{self.word()}, {self.word()}]",
            lambda: f"{text} == {pick(TEXT)}",
            lambda: f"{text}.startswith({self.word()})",
            lambda: f"{text}|default({self.word()}, true)",
            lambda: self.expression(max(depth - 1, 0)),
        )
        if depth > 0 and self.random.random() < 0.4:
            joint = pick(("and", "or"))
            return f"({self.test(depth - 1)} {joint} {pick(('', 'not '))}{self.test(depth - 1)})"
        return pick(simple)()

    def block(self, depth: int = 2) -> str:
        kind = self.random.random()
        if depth == 0 or kind < 0.35:
            return self.tag()
        inner = "".join(self.block(depth - 1) for _ in range(self.random.randint(1, 2)))
        if kind < 0.62:
            return self._branches(inner, depth)
        if kind < 0.72:
            return self._set(inner, depth)
        if kind < 0.82:
            return self._loop(inner)
        if kind < 0.92:
            return self._macro(inner, depth)
        if kind < 0.97:
            return self._file(inner)
        return f"{{% filter {self.random.choice(('upper', 'trim', 'title'))} %}}{inner}{{% endfilter %}}"

    def _branches(self, inner: str, depth: int) -> str:
        alternatives = "".join(
            f"{{% elif {self.test()} %}}{self.block(depth - 1)}"
            for _ in range(self.random.randint(0, 2))
        )
        last = f"{{% else %}}{self.block(depth - 1)}" if self.random.random() < 0.6 else ""
        dash = self.random.choice(("", "-"))
        return f"{{%{dash} if {self.test()} {dash}%}}{inner}{alternatives}{last}{{% endif %}}"

    def _set(self, inner: str, depth: int) -> str:
        variable = self.random.choice(("v", "w", "a"))
        kind = self.random.random()
        if kind < 0.25:
            return f"{{% with w = {self.expression()} %}}{inner}{{% endwith %}}"
        if kind < 0.4:
            made = f"{{% set {variable} %}}{inner}{{% endset %}}"
        elif kind < 0.5:
            changed = self._branches(f"{{% set ns.x = {self.expression(1)} %}}", 1)
            begun = f"{{% set ns = namespace(x={self.expression(1)}) %}}"
            return f"{begun}{changed}{self.tag('ns.x')}"
        elif kind < 0.6:
            made = f"{{% if {self.test()} %}}{{% set {variable} = {self.expression()} %}}{{% endif %}}{inner}"
        else:
            made = f"{{% set {variable} = {self.expression()} %}}{inner}"
        if variable == "a" or depth < 2:
            return made
        self.variables.append(variable)
        return made + self.block(1)

    def _loop(self, inner: str) -> str:
        pick = self.random.choice
        number = pick("0123")
        loops = (
            f"for i in [{self.expression(1)}, {self.name()}, {self.word()}]",
            f"for i in range({number})",
            f"for i in [1, 2, 3] if i != {number} or {self.test(1)}",
            f"for i in ({self.word()}, {self.word()}) if i",
            f"for i in {pick(TEXT)}.split({pick((repr(' '), repr(';'), ''))})",
            f"for i in {pick(TEXT)}",
            f"for i in range(number|int({number}))",
            f"for k, i in [('x', {self.name()}), ('y', {self.expression(1)})]",
            f"for k, i in {{'x': {self.name()}}}.items()",
        )
        own = self.tag(pick(("i", "i", "loop.index", "(i if loop.first)", "i ~ a", "i|default(b)")))
        last = f"{{% else %}}{self.tag()}" if self.random.random() < 0.5 else ""
        return f"{{% {pick(loops)} %}}{own}{pick(('', inner))}{last}{{% endfor %}}"

    def _macro(self, inner: str, depth: int) -> str:
        pick = self.random.choice
        name = f"m{len(self.macros)}"
        body = pick(("", inner)) + self.tag(pick(("p", "p or q", "q|default(a)", "p ~ q", "b")))
        if self.random.random() < 0.3:
            body = f"{{% if p %}}{body}{{% else %}}{self.tag()}{{% endif %}}"
        caller = self.random.random() < 0.25
        if caller:
            body += self.tag("caller()")
        made = f"{{% macro {name}(p, q={self.expression(1)}) %}}{body}{{% endmacro %}}"
        self.macros.append((name, 2))
        given = pick(
            (
                self.expression(1),
                f"{self.expression(1)}, {self.expression(1)}",
                "",
                f"q={self.name()}",
            )
        )
        call = f"{name}({given})"
        if caller:
            return f"{made}{{% call {call} %}}{self.tag()}{{% endcall %}}"
        whole = pick(("", "", "", "|trim", "|safe", "|upper", " if a", " or b"))
        uses = self.tag(call + whole)
        if self.random.random() < 0.2:
            file = f"macros{len(self.files)}.html"
            self.files[file] = made
            context = pick(("", " with context"))
            style = pick(
                (
                    f"{{% from '{file}' import {name}{context} %}}",
                    f"{{% from '{file}' import {name} as z{context} %}}",
                    f"{{% import '{file}' as z{context} %}}",
                )
            )
            use = (
                call
                if " as z" not in style
                else ("z." + call if style.startswith("{% import") else call.replace(name, "z", 1))
            )
            return style + self.tag(use)
        if self.random.random() < 0.2:
            uses = f"{{% set v = {call} %}}" + self.tag("v")
        return made + uses

    def _file(self, inner: str) -> str:
        pick = self.random.choice
        file = f"part{len(self.files)}.html"
        self.files[file] = inner + self.tag()
        how = pick(
            (f"'{file}'", f"'{file}'", f"['none.html', '{file}']", f"'{file}' ignore missing")
        )
        if self.random.random() < 0.3:
            return (
                f"{{% set v = {self.expression(1)} %}}{{% include {how} %}}{{% include '{file}' %}}"
            )
        # Not "without context": inside a macro Jinja 3.1 then prints a generator.
        return f"{{% include {how} %}}"


def random_rows(random: Random, size: int) -> list[list[str | None]]:
    """Cells as a list has them; None is an empty cell."""
    return [
        [
            *(random.choice(WORDS) or None for _ in TEXT),
            random.choice(("true", "false", None)),
            random.choice(("0", "1", "7", None)),
        ]
        for _ in range(size)
    ]


def values(cells: list[str | None]) -> Row:
    """The cells as Jinja gets them."""
    row: Row = dict(zip(COLUMNS, ("" if cell is None else cell for cell in cells), strict=True))
    if row["flag"]:
        row["flag"] = row["flag"] == "true"
    if row["number"]:
        row["number"] = int(str(row["number"]))
    return row


def compiled(text: str, files: dict[str, str]) -> Template:
    """The template as Jinja itself understands it."""
    environment = ImmutableSandboxedEnvironment(loader=DictLoader(files))
    return environment.from_string(text)


def pieces(printed: str) -> dict[int, list[str]] | None:
    """What each tag printed, by its number; None where marks do not pair up."""
    found: dict[int, list[str]] = {}
    stack: list[tuple[int, list[str]]] = [(-1, [])]
    for part in re.split(f"({OPENING}\\d+{INNER}|{CLOSING})", printed):
        if part == CLOSING:
            number, inside = stack.pop()
            if not stack:
                return None
            found.setdefault(number, []).append("".join(inside))
            stack[-1][1].append(found[number][-1])
        elif part.startswith(OPENING):
            stack.append((int(part[1:-1]), []))
        else:
            stack[-1][1].append(part)
    return found if len(stack) == 1 else None
