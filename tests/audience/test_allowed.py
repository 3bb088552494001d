"""A filter can reach nothing but the columns: every node and every function of the parser is either
allowed by name or refused with a problem at its place. A new one is refused until it is looked at."""

from __future__ import annotations

import datetime as dt

import duckdb
import pytest
from sqlglot import exp
from sqlglot.dialects.dialect import Dialect

from preflight.audience.columns import Kind
from preflight.audience.compile import to_sql
from preflight.audience.condition import ALLOWED, PRIMITIVES, _reason, parse
from preflight.audience.misread import ConditionError
from preflight.audience.names import Names, Term

NODES = sorted(
    {kind for kind in vars(exp).values() if isinstance(kind, type) and issubclass(kind, exp.Expr)},
    key=lambda kind: kind.__name__,
)
PARSER = type(Dialect.get_or_raise("duckdb").parser())
FUNCTIONS = sorted(
    {*exp.FUNCTION_BY_NAME, *PARSER.FUNCTIONS, *PARSER.FUNCTION_PARSERS}
    | {*PARSER.NO_PAREN_FUNCTION_PARSERS, *(token.name for token in PARSER.NO_PAREN_FUNCTIONS)}
)
CALLABLE = {
    "CHARACTER_LENGTH", "CHAR_LENGTH", "COALESCE", "DAY", "IFNULL", "LCASE", "LEN", "LENGTH", "LIKE",
    "LOWER", "MONTH", "NVL", "STARTSWITH", "STARTS_WITH", "TRIM", "UCASE", "UPPER", "YEAR",
}  # fmt: skip
"""All that a filter may call, under every name that the parser knows for it."""
BARE = {"CURRENT_DATE", "CURRENT_TIMESTAMP"}
ARGUMENTS = (
    "", "a", "a, b", "a, 'b'", "'x', a", "a, b, 1", "d", "1, 2, 3, 4", "*", "a order by b",
    "distinct a", "a filter (where b)", "'/etc/passwd'", "(select 1)", "a := 1", "x -> x",
)  # fmt: skip
NAMES = Names(
    {
        "a": Term("c0", Kind.TEXT),
        "b": Term("c1", Kind.TEXT),
        "d": Term("c2", Kind.DATE),
    },
    dt.datetime(2026, 11, 2),
)


def called(text: str) -> str | None:
    """The SQL that would run; None when the filter is refused, with a problem in its place."""
    try:
        condition = parse(text)
        return to_sql(condition, NAMES)
    except ConditionError as error:
        mistakes = error.mistakes
    assert mistakes
    for mistake in mistakes:
        assert mistake.message
        assert 0 <= mistake.start <= mistake.end <= len(text)
    return None


def test_every_node_is_allowed_by_name_or_refused():
    assert len(NODES) > 1000
    for kind in NODES:
        if kind in ALLOWED:
            continue
        message, _ = _reason(kind()) or ("", "")
        assert message, f"{kind.__name__} is let through"


def test_what_is_allowed_opens_nothing():
    for kind in ALLOWED:
        assert not issubclass(kind, (exp.Query, exp.DDL, exp.DML, exp.UDTF, exp.Command))
        assert not issubclass(kind, (exp.AggFunc, exp.Subquery, exp.Table, exp.Placeholder))
    assert {kind for kind in ALLOWED if issubclass(kind, exp.Func)} == {
        exp.And, exp.Or, exp.Lower, exp.Upper, exp.Trim, exp.Length, exp.Coalesce, exp.StartsWith,
        exp.CurrentDate, exp.CurrentTimestamp, exp.Cast, exp.Anonymous, exp.Year, exp.Month,
        exp.Day,
    }  # fmt: skip


def test_every_function_of_the_parser_is_called_by_name_or_refused():
    assert len(FUNCTIONS) > 600
    reached = {
        name
        for name in FUNCTIONS
        for arguments in ARGUMENTS
        for text in (f"{name}({arguments}) = 'x'", f"{name}({arguments})")
        if called(text) is not None
    }
    assert reached == CALLABLE


def test_words_without_parentheses_are_columns_or_the_clock():
    for name in FUNCTIONS:
        sql = called(f"{name} > '2020-01-01'")
        assert sql is None or name in BARE, (name, sql)


@pytest.fixture(scope="module")
def engine():
    connection = duckdb.connect()
    connection.execute("CREATE TABLE t AS SELECT 'x' AS c0, 'y' AS c1, '2020-01-01' AS c2")
    return connection


def test_functions_of_the_engine_itself_are_refused(engine):
    """Whatever the engine knows, also what the parser has never heard of."""
    rows = engine.execute("SELECT DISTINCT function_name FROM duckdb_functions()").fetchall()
    names = [name for (name,) in rows if name.isidentifier()]
    assert len(names) > 500
    allowed = {name.lower() for name in CALLABLE} | set(PRIMITIVES)
    for name in names:
        if name.lower() in allowed:
            continue
        for arguments in ("", "a", "'x'", "a, b", "a, b, 'x'"):
            assert called(f"{name}({arguments}) = 'x'") is None, (name, arguments)


def test_what_is_let_through_runs_over_the_columns_alone(engine):
    for name in sorted(CALLABLE):
        for arguments in ARGUMENTS:
            sql = called(f"{name}({arguments}) = 'x'")
            if sql is not None:
                engine.execute(f"SELECT count(*) FROM t WHERE {sql}")


@pytest.mark.parametrize(
    "text",
    [
        "trim(both 'x' from a) = 'b'",
        "ltrim(a) = 'b'",
        "a between symmetric 'x' and 'y'",
        "d > '2020-01-01'::timestamp(3)",
        "a like 'x' escape '!'",
        "a collate nocase = 'x'",
        "a = any('x')",
        "a in a",
        "a[1] = 'x'",
        "a.b = 'x'",
        "a -> 'b' = 'x'",
        "$1 = a",
        "? = a",
        "@x = a",
        "a = (select 1)",
        "(select 1) = 1",
        "exists (select 1)",
        "if = 'x'",
        "values (1)",
        "from t",
        "a = 1 union select 2",
        "copy t to '/tmp/x'",
        "attach 'x'",
        "pragma version",
        "load 'x'",
        "install httpfs",
        "call x()",
        "set x = 1",
        "describe t",
        "drop table t",
        "\0",
        "a = '\0'; select",
    ],
)
def test_forms_that_would_lose_or_reach_something_are_refused(text):
    assert called(text) is None


def test_nothing_is_printed(capfd):
    called("IF = 'x'")
    assert capfd.readouterr() == ("", "")
