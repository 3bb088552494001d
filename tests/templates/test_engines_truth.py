"""What the readers of Liquid, Django templates and Mustache make of random templates, against what
the real engines print for random contacts."""

from __future__ import annotations

import datetime as dt
import html
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import chevron
import django.template
import duckdb
import liquid
import pytest
from liquid.utils.text import truncate_chars
from tree_interpreter import Interpreter, NotTold

from preflight.absence import says_nothing
from preflight.audience.columns import Kind
from preflight.audience.compile import to_sql
from preflight.audience.names import Names, Term
from preflight.templates.evaluate import evaluate
from preflight.templates.languages.django_templates import read_django
from preflight.templates.languages.handlebars import read_handlebars
from preflight.templates.languages.liquid import read_liquid
from preflight.templates.model import SyntaxFault
from preflight.templates.profiles import profile
from preflight.templates.write import write

TEXTS = ("name", "city", "plan", "note")
NAMES = (*TEXTS, "flag", "number")
WORDS = (None, None, " ", "\t", "null", "n/a", "-", "0", "3", "true", "Zoë", "<b>&\"'", "ANNA")
PIECES = ("a ", "\n", " b\n", "<p>", "Hi ", "  ", "é")


class Maker:
    """Makes random templates. ``depth``: how deep blocks may still be nested."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def one(self, *choices: Any) -> Any:
        return self.random.choice(choices)

    def name(self) -> str:
        return str(self.one(*NAMES))

    def template(self, depth: int = 3) -> str:
        parts = [self.part(depth) for _ in range(self.random.randint(1, 4))]
        return "".join(parts)

    def part(self, depth: int) -> str:
        raise NotImplementedError


class Liquids(Maker):
    def part(self, depth: int) -> str:
        kinds = [self.print_tag, self.text, self.quiet]
        if depth:
            kinds += [self.branch, self.branch, self.case, self.loop, self.capture]
        kind = self.one(*kinds)
        return str(kind(depth))

    def text(self, _depth: int) -> str:
        return str(self.one(*PIECES))

    def quiet(self, _depth: int) -> str:
        name = self.one("x", "y")
        return str(
            self.one(
                "{% comment %}{{ name }}{% endcomment %}",
                "{% raw %}{{ name }}{% endraw %}",
                f"{{% assign {name} = {self.value()} %}}",
                f"{{%- assign {name} = {self.value()} -%}}",
            )
        )

    def dash(self) -> str:
        return str(self.one("", "", "-"))

    def print_tag(self, _depth: int) -> str:
        return f"{{{{{self.dash()} {self.value()} {self.dash()}}}}}"

    def value(self) -> str:
        subject = self.one(self.name(), self.name(), self.name(), "x", "y", "'q'", "i")
        filters = [self.filter() for _ in range(self.random.randint(0, 3))]
        if subject in ("flag", "number", "i", "x", "y"):  # what is the size of a number?
            filters = [one for one in filters if "size" not in one]
        sizes = [one for one in filters if "size" in one]
        if sizes:  # the writer leaves out escapes, so it would count other characters
            filters = [one for one in filters if "escape" not in one]
        if any("truncate" in one for one in filters):
            filters = [one for one in filters if "escape" not in one]
        return "".join([subject, *(one for one in filters if one not in sizes), *sizes[:1]])

    def filter(self) -> str:
        return str(
            self.one(
                " | upcase", " | downcase", " | strip", " | capitalize", " | escape",
                " | append: 'z'", " | append: city", " | prepend: 'p'", " | default: 'there'",
                " | default: plan", " | default: ''", " | default: 'f', allow_false: true",
                " | size", " | truncate: 3", " | default: nil",
            )
        )  # fmt: skip

    def condition(self) -> str:
        simple = [self.simple() for _ in range(self.random.randint(1, 3))]
        joined = simple[0]
        for other in simple[1:]:
            joined += f" {self.one('and', 'or')} {other}"
        return joined

    def simple(self) -> str:
        text = self.one(*TEXTS, "x")
        return str(
            self.one(
                self.name(), text, f"{text} == 'ANNA'", f"{text} != 'é'", f"{self.one(*TEXTS)} == nil",
                f"{self.one(*TEXTS)} != nil", "flag == true", "flag != false", "number == 3", "number != 0",
                f"'x' == {text}", "true", f"{text} contains 'N'", f"{text}.size == 4", "number > 1",
                "number <= 2",
            )
        )  # fmt: skip

    def branch(self, depth: int) -> str:
        word = self.one("if", "if", "unless")
        made = f"{{%{self.dash()} {word} {self.condition()} {self.dash()}%}}"
        made += self.template(depth - 1)
        if self.random.random() < 0.3:
            made += f"{{% elsif {self.condition()} %}}{self.template(depth - 1)}"
        if self.random.random() < 0.5:
            made += f"{{%- else %}}{self.template(depth - 1)}"
        return f"{made}{{% end{word} %}}"

    def case(self, depth: int) -> str:
        made = f"{{% case {self.one(*TEXTS)} %}}{{% when 'ANNA' %}}{self.template(depth - 1)}"
        made += f"{{% when 'é', '3' %}}{self.template(depth - 1)}"
        if self.random.random() < 0.5:
            made += f"{{% else %}}{self.template(depth - 1)}"
        return made + "{% endcase %}"

    def loop(self, depth: int) -> str:
        return f"{{% for i in (1..2) %}}{self.template(depth - 1)}{{% endfor %}}"

    def capture(self, _depth: int) -> str:
        inner = self.text(0) + self.print_tag(0)
        return f"{{% capture {self.one('x', 'y')} %}}{inner}{{% endcapture %}}"


class Djangos(Maker):
    def part(self, depth: int) -> str:
        kinds = [self.print_tag, self.text, self.quiet]
        if depth:
            kinds += [self.branch, self.branch, self.bound]
        kind = self.one(*kinds)
        return str(kind(depth))

    def text(self, _depth: int) -> str:
        return str(self.one(*PIECES))

    def quiet(self, _depth: int) -> str:
        return str(
            self.one(
                "{# {{ name }} #}",
                "{% comment %}{{ name }}{% endcomment %}",
                "{% verbatim %}{{ name }}{% endverbatim %}",
                "{{ name\n}}",
                "{% firstof name city 'c' %}",
                "{% firstof plan note %}",
            )
        )

    def value(self) -> str:
        subject = self.one(self.name(), self.name(), self.name(), "'q'")
        filters = [self.filter() for _ in range(self.random.randint(0, 3))]
        if subject not in TEXTS:  # what is the length of a number?
            filters = [one for one in filters if "length" not in one]
        return "".join([subject, *filters])

    def text_value(self) -> str:
        filters = [self.filter() for _ in range(self.random.randint(0, 3))]
        return "".join([self.one(*TEXTS), *(one for one in filters if "length" not in one)])

    def filter(self) -> str:
        return str(
            self.one(
                "|upper", "|lower", "|capfirst", "|default:'there'", "|default:plan",
                "|default_if_none:'n'", "|default:''", "|length", "|title",
            )
        )  # fmt: skip

    def print_tag(self, _depth: int) -> str:
        return f"{{{{ {self.value().replace('|', self.one('|', ' | '))} }}}}"

    def condition(self) -> str:
        simple = [self.simple() for _ in range(self.random.randint(1, 3))]
        joined = self.one("", "", "not ") + simple[0]
        for other in simple[1:]:
            joined += f" {self.one('and', 'or')} {self.one('', 'not ')}{other}"
        return joined

    def simple(self) -> str:
        text = self.one(*TEXTS)
        return str(
            self.one(
                self.name(), text, f"{text} == 'ANNA'", f"{text} != 'é'", f"{text} == ''",
                "number == 3", "number > 1", f"{text}|lower == 'anna'", f"{text} is None",
                f"{text}|length > 2", "True", "flag == True", "flag != False", f"'N' in {text}",
            )
        )  # fmt: skip

    def branch(self, depth: int) -> str:
        made = f"{{% if {self.condition()} %}}{self.template(depth - 1)}"
        if self.random.random() < 0.3:
            made += f"{{% elif {self.condition()} %}}{self.template(depth - 1)}"
        if self.random.random() < 0.5:
            made += f"{{% else %}}{self.template(depth - 1)}"
        return made + "{% endif %}"

    def bound(self, depth: int) -> str:
        inner = self.template(depth - 1)
        return f"{{% with {self.one('plan', 'name')}={self.text_value()} %}}{inner}{{% endwith %}}"


class Mustaches(Maker):
    def part(self, depth: int) -> str:
        kinds = [self.print_tag, self.print_tag, self.text]
        if depth:
            kinds += [self.section, self.section]
        return str(self.one(*kinds)(depth))

    def text(self, _depth: int) -> str:
        return str(self.one(*PIECES, "{{! {name} }}", "\n{{! alone }}\n"))

    def print_tag(self, _depth: int) -> str:
        name = self.name()
        return str(self.one(f"{{{{{name}}}}}", f"{{{{{{ {name} }}}}}}", f"{{{{& {name}}}}}"))

    def section(self, depth: int) -> str:
        name, sign = self.name(), self.one("#", "^")
        lone = self.one("", "\n")
        inner = self.template(depth - 1)
        return f"{lone}{{{{{sign}{name}}}}}{lone}{inner}{lone}{{{{/{name}}}}}{lone}"


Row = dict[str, Any]


class Contacts:
    """Random contacts: as the engines get them, and as a table in which conditions are tried."""

    def __init__(self) -> None:
        pick = random.Random(11).choice
        self.rows: list[Row] = []
        for _ in range(20):
            row: Row = {name: pick(WORDS) for name in TEXTS}
            self.rows.append(
                {**row, "flag": pick((True, False, None)), "number": pick((0, 1, 3, None))}
            )
        kinds = {**dict.fromkeys(TEXTS, Kind.TEXT), "flag": Kind.BOOLEAN, "number": Kind.INTEGER}
        terms = {name: Term(name, kind) for name, kind in kinds.items()}
        self.names = Names(terms, dt.datetime(2026, 1, 1))
        self.connection = duckdb.connect()
        listed = ", ".join(f"{name} varchar" for name in NAMES)
        self.connection.execute(f"create table people (i int, {listed})")
        for number, row in enumerate(self.rows):
            cells = [self._written(row[name]) for name in NAMES]
            self.connection.execute(
                "insert into people values (?, ?, ?, ?, ?, ?, ?)", [number, *cells]
            )

    @staticmethod
    def _written(cell: Any) -> str | None:
        if cell is None:
            return None
        return str(cell).lower() if isinstance(cell, bool) else str(cell)

    def answers(self, claims: list[str | None]) -> list[tuple[bool | None, ...]]:
        """The truth of conditions, for each contact."""
        columns = ", ".join(to_sql(claim, self.names) if claim else "null" for claim in claims)
        return self.connection.execute(f"select {columns} from people order by i").fetchall()


@dataclass(frozen=True)
class Engine:
    """A real engine, and what its dialect does with values. ``render`` gives None where the engine
    itself fails (a comparison of text with a number)."""

    maker: type[Maker]
    read: Callable[[str], Any]
    render: Callable[[str, Row], str | None]
    show: Callable[[Any], str] = str
    calls: dict[str, Callable[..., Any]] = field(default_factory=dict)
    one_is_true: bool = False


def show_liquid(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def as_text(value: Any) -> str:
    return "" if value is None else str(value)


STOCK = liquid.Environment()


def render_liquid(text: str, row: Row) -> str | None:
    try:
        return STOCK.from_string(text).render(**{k: v for k, v in row.items() if v is not None})
    except liquid.exceptions.LiquidError:
        return None


DJANGO = django.template.Engine(autoescape=False)


def render_django(text: str, row: Row) -> str:
    given = {name: "" if cell is None else cell for name, cell in row.items()}
    context = django.template.Context(given, autoescape=False, use_l10n=False, use_tz=False)
    return str(DJANGO.from_string(text).render(context))


def render_mustache(text: str, row: Row) -> str:
    return html.unescape(chevron.render(text, row))


ENGINES = {
    "liquid": Engine(
        Liquids,
        read_liquid,
        render_liquid,
        show_liquid,
        {
            "upper": lambda value: as_text(value).upper(),
            "lower": lambda value: as_text(value).lower(),
            "trim": lambda value: as_text(value).strip(),
            "capitalize": lambda value: as_text(value).capitalize(),
            "escape": lambda value: html.escape(as_text(value)),
            "append": lambda value, more: as_text(value) + as_text(more),
            "length": lambda value: len(value) if isinstance(value, str) else 0,
            "truncate": lambda value, size: truncate_chars(as_text(value), size, "..."),
        },
    ),
    "django": Engine(
        Djangos,
        read_django,
        render_django,
        str,
        {
            "upper": lambda value: as_text(value).upper(),
            "lower": lambda value: as_text(value).lower(),
            "capfirst": lambda value: as_text(value)[:1].upper() + as_text(value)[1:],
            "title": lambda value: django.template.defaultfilters.title(as_text(value)),
            "length": lambda value: len(value) if isinstance(value, str) else 0,
        },
        one_is_true=True,
    ),
    "mustache": Engine(
        Mustaches,
        lambda text: read_handlebars(text, "mustache"),
        render_mustache,
    ),
}


def words(text: str) -> str:
    """python-liquid prints true, its filters make True of it."""
    return text.replace("True", "true").replace("False", "false")


def likeness(text: str) -> str:
    """A text without what the writer does not do: escapes, small letters after the first."""
    return html.unescape(words(text)).casefold()


@dataclass
class Outcome:
    """How much of one template could be compared."""

    texts: int = 0
    claims: int = 0
    told: int = 0
    written: int = 0


def compare(name: str, seed: int, contacts: Contacts) -> Outcome:
    """One random template for all contacts: the text of the tree and the conditions of each tag
    against what the engine prints."""
    engine = ENGINES[name]
    known = profile(name)
    assert known is not None
    semantics = known.semantics
    text = engine.maker(seed).template() + "."  # engines differ about blanks at the very end
    tree = engine.read(text)
    assert not isinstance(tree, SyntaxFault), (text, tree)
    parsed = evaluate(text, tree, semantics, frozenset(NAMES))
    claims = [claim for tag in parsed.tags for claim in (tag.when, tag.blank)]
    answers = contacts.answers(claims) if claims else [()] * len(contacts.rows)
    template: Any = SimpleNamespace(text=text, parsed=parsed, part="text", files={})
    outcome = Outcome()
    for row, truth in zip(contacts.rows, answers, strict=True):
        given = row
        if semantics.empty_cell == "text":
            given = {key: "" if cell is None else cell for key, cell in row.items()}
        found = Interpreter(text, given, semantics, engine.show, engine.calls, engine.one_is_true)
        expected = engine.render(text, row)
        try:
            output = found.run(tree)
        except NotTold:
            continue
        if expected is None:
            continue
        assert words(output) == words(expected), (output, expected, text, row)
        outcome.texts += 1
        values = {key: "" if cell is None else cell for key, cell in row.items()}
        written = write(template, values, semantics)
        if written.exact:
            outcome.written += 1
            assert likeness(written.part.text) == likeness(expected), (written, expected, text, row)
        for number, tag in enumerate(parsed.tags):
            when, blank = truth[2 * number : 2 * number + 2]
            printed = found.printed.get(tag.start, [])
            outcome.claims += 2
            place = (text, tag, row, printed)
            if tag.when is not None:
                outcome.told += 1
                assert when == bool(printed), place
            if tag.blank is not None and printed:
                outcome.told += 1
                assert blank == all(map(says_nothing, printed)), place
    return outcome


@pytest.fixture(scope="module")
def contacts() -> Contacts:
    return Contacts()


@pytest.mark.parametrize("name", ENGINES)
def test_trees_and_conditions_agree_with_the_engine(name: str, contacts: Contacts) -> None:
    total = Outcome()
    for seed in range(100):
        one = compare(name, seed, contacts)
        total.texts += one.texts
        total.claims += one.claims
        total.told += one.told
        total.written += one.written
    assert total.texts > 1_000
    assert total.told > 2_000
    assert total.written > 600
