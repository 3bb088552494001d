"""What the reader says of a template, against what Jinja really prints for each contact."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from random import Random

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from preflight.audience.columns import Kind
from preflight.audience.compile import to_sql
from preflight.audience.names import Names, Term
from preflight.templates.conditions import absent
from preflight.templates.jinja import read_jinja

WORDS = ("", "  ", "NULL", "None", "n/a", "-", "Ada", "true", "a", "FR", "fr", " FR ", "Zoë")
WORDS += ("O'Brien", "5", "—", "#N/A", "\xa0", "x y", "Fr", "undefined", "ada\t", "50%", "a.b")
TEXT = ("a", "b", "first")
COLUMNS = (*TEXT, "flag", "number")
SPACE = r"[\s\v\x1c-\x1f\x85\pZ]*"
NOTHING = r"null|none|nan|n/?a|#n/a|nil|undefined|unknown\?|-+|–|—"
MACROS = f"""
create macro blank(x) as x is null or
  regexp_full_match(x::varchar, '(?i){SPACE}({NOTHING})?{SPACE}');
create macro empty(x) as x is null or x::varchar = '';
create macro truthy(x) as x is not null and case typeof(x)
  when 'VARCHAR' then x::varchar <> '' else x::varchar not in ('false', '0', '0.0') end;
create macro matches(x, pattern) as regexp_matches(x::varchar, pattern);
"""
Claims = list[str | None]
Answers = list[tuple[bool | None, ...]]
PIECE = re.compile("\ue000(\\d+)\ue001(.*?)\ue002", re.S)


class Templates:
    """Random templates: each printed tag stands between marks with its number."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.count = 0
        self.variables: list[str] = []

    def name(self) -> str:
        return self.random.choice((*COLUMNS, *TEXT, *TEXT, *self.variables))

    def word(self) -> str:
        return "'" + self.random.choice(WORDS).replace("'", "\\'") + "'"

    def expression(self, depth: int = 2) -> str:
        deeper = depth - 1
        pick = self.random.choice
        if depth == 0 or self.random.random() < 0.2:
            return pick((self.name(), self.name(), self.word()))
        inner = self.expression(deeper)
        return pick(
            (
                f"({inner} or {self.expression(deeper)})",
                f"({inner} and {self.expression(deeper)})",
                f"({inner} ~ {pick((self.word(), self.expression(deeper)))})",
                f"({inner} + {self.expression(deeper)})",
                f"({inner} if {self.test(deeper)} else {self.expression(deeper)})",
                f"({inner} if {self.test(deeper)})",
                f"({inner})|default({self.expression(deeper)})",
                f"({inner})|default({self.word()}, true)",
                f"({inner})|d({self.word()}, boolean=true)",
                f"({inner})|{pick(FILTERS)}",
                f"{self.name()}.{pick(('strip', 'title', 'upper', 'lower'))}()",
                f"({inner})|{pick(FILTERS)}|{pick(FILTERS)}",
            )
        )

    def test(self, depth: int = 2) -> str:
        pick = self.random.choice
        text = pick(TEXT)
        simple = (
            self.name(),
            f"not {self.name()}",
            f"{text} {pick(('==', '!='))} {self.word()}",
            f"{self.word()} == {text}",
            f"{text}|{pick(('lower', 'upper', 'trim'))} == {self.word()}",
            f"{text}.strip().lower() {pick(('==', '!='))} {self.word()}",
            f"{text} {pick(('in', 'not in'))} [{self.word()}, {self.word()}]",
            f"{text}|lower in ({self.word()}, {self.word()}, {self.word()})",
            f"{self.word()} in {text}{pick(('', '|lower', '|trim'))}",
            f"{text}|length {pick(('>', '<', '==', '<=', '!='))} {pick('0123')}",
            f"2 < {text}|length",
            f"{text}|trim",
            f"flag {pick(('==', '!=', 'is'))} {pick(('true', 'false'))}",
            f"{self.name()} is {pick(('', 'not '))}{pick(('defined', 'none', 'undefined'))}",
            f"{text} is eq({self.word()})",
            f"{text}|default({self.word()}, true)",
            self.expression(max(depth - 1, 0)),
        )
        if depth > 0 and self.random.random() < 0.4:
            joint = pick(("and", "or"))
            return f"({self.test(depth - 1)} {joint} {pick(('', 'not '))}{self.test(depth - 1)})"
        return pick(simple)

    def block(self, depth: int = 2) -> str:
        kind = self.random.random()
        if depth == 0 or kind < 0.4:
            self.count += 1
            return f"\ue000{self.count - 1}\ue001{{{{ {self.expression()} }}}}\ue002"
        inner = "".join(self.block(depth - 1) for _ in range(self.random.randint(1, 2)))
        if kind < 0.75:
            alternatives = "".join(
                f"{{% elif {self.test()} %}}{self.block(depth - 1)}"
                for _ in range(self.random.randint(0, 2))
            )
            last = f"{{% else %}}{self.block(depth - 1)}" if self.random.random() < 0.6 else ""
            return f"{{% if {self.test()} %}}{inner}{alternatives}{last}{{% endif %}}"
        if kind < 0.85:
            variable = self.random.choice(("v", "w", "a"))
            made = f"{{% set {variable} = {self.expression()} %}}{inner}"
            return made if variable == "a" or depth < 2 else made + self._later(variable)
        if kind < 0.9:
            return f"{{% with w = {self.expression()} %}}{inner}{{% endwith %}}"
        if kind < 0.95:
            return f"{{% for i in [1, 2] %}}{inner}{{% else %}}{self.block(0)}{{% endfor %}}"
        return f"{{% filter upper %}}{inner}{{% endfilter %}}"

    def _later(self, variable: str) -> str:
        self.variables.append(variable)
        return self.block(1)


FILTERS = ("trim", "title", "capitalize", "upper", "lower", "e", "safe", "string", "length")
FILTERS += ("truncate", "truncate(30)", "center", "center(4)", "indent(3)", "wordwrap", "int")
FILTERS += ("replace('-', ' ')", "first", "striptags", "urlencode")


@pytest.fixture(scope="module")
def contacts() -> Contacts:
    return Contacts()


class Contacts:
    """Random rows, as Jinja gets them, and as tables: ``typed`` and, as lists are kept, ``plain``
    text."""

    def __init__(self) -> None:
        random = Random(7)
        self.connection = duckdb.connect()
        self.connection.execute(MACROS)
        for name, flag, number in (("typed", "boolean", "int"), ("plain", "varchar", "varchar")):
            self.connection.execute(
                f"create table {name} (i int, a varchar, b varchar, first varchar, "
                f"flag {flag}, number {number})"
            )
        self.rows = []
        for i in range(24):
            cells: list[object] = [random.choice(WORDS) or None for _ in TEXT]
            cells += [random.choice((True, False, None)), random.choice((0, 1, 7, None))]
            self.rows.append(
                dict(zip(COLUMNS, ("" if c is None else c for c in cells), strict=False))
            )
            for name in ("typed", "plain"):
                written = [str(c).lower() if isinstance(c, bool) else c for c in cells]
                values = cells if name == "typed" else written
                self.connection.execute(
                    f"insert into {name} values (?, ?, ?, ?, ?, ?)", [i, *values]
                )

    def by_macros(self, claims: Claims) -> Answers:
        """The truth of the conditions for each row, by a few macros of DuckDB."""
        # The language of conditions takes typed cells as text here; DuckDB wants that said.
        columns = re.sub(
            r'(\b(?:lower|upper|length)\("\w+"|"(?:flag|number)"(?= like ))',
            r"\1::varchar",
            ", ".join(claim or "null" for claim in claims),
        )
        return self.connection.execute(f"select {columns} from typed order by i").fetchall()

    def by_compiler(self, claims: Claims) -> Answers:
        """The same by the compiler of conditions."""
        kinds = (Kind.TEXT, Kind.TEXT, Kind.TEXT, Kind.BOOLEAN, Kind.INTEGER)
        terms = {name: Term(name, kind) for name, kind in zip(COLUMNS, kinds, strict=True)}
        names = Names(terms, dt.datetime(2026, 1, 1))
        columns = ", ".join(to_sql(claim, names) if claim else "null" for claim in claims)
        return self.connection.execute(f"select {columns} from plain order by i").fetchall()


def says_nothing(text: str) -> bool:
    """Blank, or made only of words for nothing, as what two cells leave together."""
    return re.fullmatch(rf"(?i)(\s|{NOTHING})*", text) is not None


def compare(
    seed: int, contacts: Contacts, evaluate: Callable[[Claims], Answers]
) -> tuple[int, int]:
    """Check one random template; how many claims were checked, and how many could be made."""
    random = Random(seed)
    templates = Templates(random)
    text = "".join(templates.block() for _ in range(2))
    parsed = read_jinja(text, frozenset(COLUMNS))
    assert parsed.fault is None, (text, parsed.fault)
    order = [int(number) for number in re.findall("\ue000(\\d+)\ue001", text)]
    assert len(order) == len(parsed.tags)
    claims = [claim for tag in parsed.tags for claim in (tag.when, tag.blank)]
    answers = evaluate(claims)
    try:  # Jinja computes constants here, and may fail on them
        template = ImmutableSandboxedEnvironment(undefined=StrictUndefined).from_string(text)
    except Exception:  # noqa: BLE001
        return 0, 1000
    joined = "~" in text or "+" in text
    checked = 0
    for row, answer in zip(contacts.rows, answers, strict=True):
        try:
            printed = template.render(row)
        except Exception:  # noqa: BLE001 - a template that fails for a row claims nothing
            continue
        pieces: dict[int, list[str]] = {}
        for number, piece in PIECE.findall(printed):
            pieces.setdefault(int(number), []).append(piece)
        for position, number in enumerate(order):
            when, blank = answer[2 * position], answer[2 * position + 1]
            tag = parsed.tags[position]
            where = (text, row, tag)
            assert (when is None) == (tag.when is None), where
            assert (blank is None) == (tag.blank is None), where
            if when is not None:
                assert when == (number in pieces), where
                checked += 1
            for piece in pieces.get(number, []) if blank is not None else []:
                nothing = absent(piece) or (joined and says_nothing(piece))
                assert blank == nothing, (*where, piece)
                checked += 1
    told = sum(claim is not None for claim in claims)
    return checked, told * 1000 // max(len(claims), 1)


def test_random_templates_and_rows(contacts: Contacts) -> None:
    results = [compare(seed, contacts, contacts.by_macros) for seed in range(120)]
    assert sum(checked for checked, _told in results) > 20_000
    assert sum(told for _checked, told in results) / len(results) > 600  # per mille


@settings(max_examples=20, deadline=None, derandomize=True)
@given(seed=st.integers(min_value=1000, max_value=2**32))
def test_any_template_and_row(contacts: Contacts, seed: int) -> None:
    compare(seed, contacts, contacts.by_macros)


def test_conditions_as_the_engine_compiles_them(contacts: Contacts) -> None:
    results = [compare(seed, contacts, contacts.by_compiler) for seed in range(500, 515)]
    assert sum(checked for checked, _told in results) > 2_000
