"""What the evaluator says of a tree, against what the writer prints for each contact."""

from __future__ import annotations

import datetime as dt
import re
from random import Random

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preflight.absence import says_nothing
from preflight.audience.columns import Kind
from preflight.audience.compile import to_sql
from preflight.audience.names import Names, Term
from preflight.campaign.model import Campaign
from preflight.source import Excerpt, Source
from preflight.templates.evaluate import evaluate
from preflight.templates.model import Template
from preflight.templates.profiles import Semantics
from preflight.templates.tree import (
    Both,
    Branch,
    Call,
    Code,
    Compare,
    Constant,
    Either,
    Exists,
    Expression,
    Fallback,
    Field,
    Not,
    Print,
    Text,
    TreeNode,
)
from preflight.templates.write import write

CAMPAIGN = Campaign.model_validate(
    {
        "name": "spring",
        "purpose": "newsletter",
        "from": "ada@news.example",
        "subject": "x",
        "body": {"text": "mail.txt"},
        "audience": {"contacts": "list.csv"},
    }
)
WORDS = ("", "  ", "null", "n/a", "Ada", "Paris", "paris", " Paris ", "O'Brien", "50%", "x y")
COLUMNS = ("a", "b", "c", "flag", "number")
KINDS = (Kind.TEXT, Kind.TEXT, Kind.TEXT, Kind.BOOLEAN, Kind.INTEGER)
NOTHING = re.compile(r"(?i)(\s|null|none|n/a)*")
SEMANTICS = (
    Semantics(),
    Semantics(empty_is_true=True, zero_is_true=True),
    Semantics(empty_cell="text"),
    Semantics(empty_cell="text", empty_is_true=True, zero_is_true=True),
    Semantics(missing="None"),
)
CATCHES = ("missing", "empty", "falsy", "blank")


class Trees:
    """Random trees: before each printed expression stands a text, so that it shows when the
    expression is reached and prints nothing."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.size = 0
        self.variables: list[str] = []

    def value(self, depth: int = 3) -> Expression:
        pick = self.random.choice
        if depth == 0 or self.random.random() < 0.3:
            names = ("a", "b", "c", "a", "b", "flag", "number", *self.variables)
            return pick((Field(pick(names), 1, 2), Field(pick(names), 1, 2), self.word()))
        inner = self.value(depth - 1)
        return pick(
            (
                Fallback(inner, self.value(depth - 1), pick(CATCHES)),
                Fallback(inner, self.word(), pick(CATCHES)),
                Either(inner, self.value(depth - 1)),
                Both(inner, self.value(depth - 1)),
                Call(pick(("upper", "lower", "trim", "escape", "unheard_of")), (inner,)),
                Call("append", (inner, self.word())),
                Call("choose", (self.test(depth - 1), inner, self.value(depth - 1))),
            )
        )

    def word(self) -> Constant:
        return Constant(self.random.choice((*WORDS, None)))

    def test(self, depth: int = 3) -> Expression:
        pick = self.random.choice
        if depth > 0 and self.random.random() < 0.4:
            kind = pick((Both, Either))
            return kind(self.test(depth - 1), self.test(depth - 1))
        text = Field(pick("abc"), 1, 2)
        return pick(
            (
                Exists(self.value(max(depth - 1, 0)), pick(CATCHES)),
                Not(Exists(text, pick(CATCHES))),
                Compare(pick(("eq", "ne")), text, Constant(pick(WORDS))),
                Compare("contains", text, Constant(pick(("a", "Par", "%")))),
                Compare(pick(("eq", "ne")), text, Constant(None)),
                self.value(max(depth - 1, 0)),
            )
        )

    def nodes(self, depth: int = 2) -> tuple[TreeNode, ...]:
        return tuple(node for _ in range(2) for node in self.node(depth))

    def node(self, depth: int) -> list[TreeNode]:
        kind = self.random.random()
        if depth == 0 or kind < 0.45:
            at = self.size
            self.size += 2
            return [Text(at, at + 1), Print(at + 1, at + 2, self.value(), "x")]
        if kind < 0.6:
            name = f"v{len(self.variables)}"
            value = self.value()
            self.variables.append(name)
            return [Code(0, 0, name, value)]
        before = list(self.variables)
        arms = [(self.test(), self.nodes(depth - 1)) for _ in range(self.random.choice((1, 2)))]
        if self.random.random() < 0.5:
            arms.append((None, self.nodes(depth - 1)))  # type: ignore[arg-type]
        self.variables = before
        return [Branch(tuple(arms))]


class Contacts:
    """Rows, in a table and as the values that a template gets."""

    def __init__(self, random: Random) -> None:
        self.connection = duckdb.connect()
        self.connection.execute("create table people (i int, " + ", ".join(
            f"{name} varchar" for name in COLUMNS) + ")")  # fmt: skip
        self.rows: list[dict[str, object]] = []
        for i in range(30):
            cells: list[object] = [random.choice(WORDS) or None for _ in "abc"]
            cells += [random.choice((True, False, None)), random.choice((0, 1, 7, None))]
            self.rows.append(
                {n: "" if c is None else c for n, c in zip(COLUMNS, cells, strict=True)}
            )
            written = [str(c).lower() if isinstance(c, bool) else c for c in cells]
            self.connection.execute("insert into people values (?, ?, ?, ?, ?, ?)", [i, *written])

    def answers(self, claims: list[str | None]) -> list[tuple[bool | None, ...]]:
        terms = {name: Term(name, kind) for name, kind in zip(COLUMNS, KINDS, strict=True)}
        names = Names(terms, dt.datetime(2026, 1, 1))
        columns = ", ".join(to_sql(claim, names) if claim else "null" for claim in claims)
        return self.connection.execute(f"select {columns} from people order by i").fetchall()


@pytest.fixture(scope="module")
def contacts() -> Contacts:
    return Contacts(Random(7))


def compare(seed: int, contacts: Contacts) -> int:
    """Check one random tree; how many claims were checked."""
    random = Random(seed)
    trees = Trees(random)
    tree = trees.nodes()
    if not trees.size:
        return 0
    semantics = random.choice(SEMANTICS)
    text = "." * trees.size
    columns = frozenset(COLUMNS)
    parsed = evaluate(text, tree, semantics, columns)
    assert parsed.fault is None
    template = Template(CAMPAIGN, "text", Excerpt.whole(Source("m", text)), "x", parsed, columns)
    tags = {tag.start: tag for tag in parsed.tags}
    claims = [claim for tag in parsed.tags for claim in (tag.when, tag.blank)]
    checked = 0
    for row, answer in zip(contacts.rows, contacts.answers(claims), strict=True):
        part, exact = write(template, row, semantics)
        if not exact:
            continue
        reached = {one.source_start + 1 for one in part.segments if one.literal}
        printed = {
            one.source_start: part.text[one.start : one.end]
            for one in part.segments
            if not one.literal
        }
        for position, (start, tag) in enumerate(sorted(tags.items())):
            when, blank = answer[2 * position : 2 * position + 2]
            where = (tree, semantics, row, tag)
            if when is not None:
                assert when is (start in reached), where
                checked += 1
            if blank is not None and start in reached:
                piece = printed.get(start, "")
                # What two cells leave together may say nothing twice.
                nothing = says_nothing(piece) or NOTHING.fullmatch(piece) is not None
                assert blank is nothing, (*where, piece)
                checked += 1
    return checked


def test_random_trees_and_rows(contacts: Contacts) -> None:
    checked = [compare(seed, contacts) for seed in range(150)]
    assert sum(checked) > 5_000
    assert sum(map(bool, checked)) > 75


@settings(max_examples=40, deadline=None, derandomize=True)
@given(seed=st.integers(min_value=1_000, max_value=2**32))
def test_any_tree_and_row(contacts: Contacts, seed: int) -> None:
    compare(seed, contacts)
