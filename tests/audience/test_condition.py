"""What a condition may hold, and where mistakes are said."""

import pytest
from sqlglot import exp

from preflight.audience.condition import ALLOWED, parse
from preflight.audience.misread import ConditionError


def mistake(text):
    with pytest.raises(ConditionError) as caught:
        parse(text)
    return caught.value.mistakes[0]


@pytest.mark.parametrize(
    "text",
    [
        "relationship is null and unsubscribed is not true",
        "country in ('FR', 'BE') or country is null",
        "known_since < '2020-01-01' and not vip",
        "joined between '2020-01-01' and '2020-12-31' and lower(city) like 'par%'",
        "last_order > current_date - interval '30 days'",
        '"Prénom" is not null',
        "coalesce(country, 'FR') = 'FR' and length(trim(name)) > 2",
        "domain(email) in ('acme.example') and starts_with(lower(name), 'a')",
        "a = 1 -- a comment",
        "a = 1 -- isn't it\nand b = 2 /* it's \"so */",
        "a = '-- no comment’s end'",
        "last_order > now() - interval 30 day",
        "name like '2026-02-30'",
        "number = '2026-13-45'",
        "number in ('2026-13-45', '2026-99-01')",
        "year(joined) = 2020",
        "Alter >= 65 and land = 'DE'",
        "land = 'DE' or alter between 18 and 25",
        "show = 'x' and comment is null and use and date > '2020-01-01'",
    ],
)
def test_conditions_of_users_are_read(text):
    assert parse(text).tree is not None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("read_csv('/etc/passwd')", "read_csv"),
        ("name = getenv('HOME')", "getenv"),
        ("x in (select y from t)", "select"),
        ("exists(select 1)", "exists"),
        ("country = 'FR'); drop table x; select (1", ")"),
        ("a = 1; drop table b", ";"),
        ("country = 'FR' and", "and"),
        ("name = 'x", "'x"),
        ("name = ‘x’", "‘"),
        ("a b", None),
        ("case when a then b end", "case"),
        ("contacts.email = 'x'", None),
        ("x = ?", None),
        ("x::int > 2", "x"),
        ("age + 1 > 2", None),
        ("count(*) > 1", "count"),
        ("a = 1 and random() > 0.5", "random"),
        ("a = 1 && b = 2", "&&"),
        ("a = 1 || b = 2", "||"),
        ("country = 'FR' or 'BE'", "'BE'"),
        ("not 'BE'", "'BE'"),
        ("joined > '2026-02-30'", "'2026-02-30'"),
        ("(a = 1 or (b = 2) and c = 3", "("),
        ("a in ('x' and b = 2", "("),
        ("a = 1 -- isn't it\n and b = 'x", "'x"),
        ("a = 1 union select 2", None),
        ("matches(a, b)", "matches"),
        ("", None),
    ],
)
def test_what_a_filter_may_not_do_is_said_at_its_place(text, place):
    said = mistake(text)
    assert 0 <= said.start <= said.end <= max(len(text), 1)
    if place is not None:
        assert text[said.start : said.end] == place


def test_nothing_but_the_listed_nodes_is_allowed():
    """An allow-list over every node and function of the parser: a new one is refused until it is
    looked at."""
    every = [kind for kind in vars(exp).values() if isinstance(kind, type)]
    expressions = {kind for kind in every if issubclass(kind, exp.Expr)}
    assert len(expressions) > 500
    assert len(ALLOWED & expressions) == len(ALLOWED)
    for kind in ALLOWED:
        assert not issubclass(kind, (exp.Query, exp.DDL, exp.DML, exp.UDTF, exp.Subquery))


def test_deep_nesting_is_refused_not_crashed():
    assert "deeply" in mistake("(" * 5000 + "a" + ")" * 5000).message


def test_clauses_are_the_parts_of_a_conjunction():
    condition = parse("a is null and not (b or c) and d between 1 and 3\n  and e = 'x and y'")
    assert [clause.text for clause in condition.clauses] == [
        "a is null",
        "not (b or c)",
        "d between 1 and 3",
        "e = 'x and y'",
    ]
    for clause in condition.clauses:
        assert condition.text[clause.start : clause.end] == clause.text


def test_an_or_at_the_top_is_one_clause():
    assert [clause.text for clause in parse("a or b and c").clauses] == ["a or b and c"]


@pytest.mark.parametrize(
    ("text", "message", "help"),
    [
        ("plan = 'a' and random() < 1", "may not call random()", "current_date"),
        ("iif(a > 1, true, false)", "may not call iif()", "Comparisons"),
        ("where a = 1", "“where” is not expected", "leave “where” out"),
        ("a = 'l'île'", "is never closed", "written twice"),
        ("a = 'l'île' and b = 'l'eau'", "“île” is not expected", "written twice"),
        ("a in 'x', 'y'", "“,” is not expected", "in ('a', 'b')"),
        ("last order > '2026-01-01'", "“order” is not expected", "double quotes"),
        ("a = 'x' und b = 'y'", "“und” is not expected", "Join conditions with and, or"),
        ("a = 1 && b = 2", "“&&” is not expected", "Write “and”"),
        ("country = 'FR' or 'BE'", "'BE' stands alone", "Repeat the column"),
    ],
)
def test_the_message_says_what_to_write(text, message, help):
    said = mistake(text)
    assert message in said.message
    assert help in said.help
