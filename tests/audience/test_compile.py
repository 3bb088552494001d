"""Conditions on rows: what they select, typed as the list's columns are."""

import json

import pytest

from preflight.testing import check_files

LIST = """\
email,name,age,vip,joined,zip,state,due,nothing,Société Mère
a@a.example,Ada,41,true,2020-05-01,01234,on,31/12/2026,,X
b@b.example,bob,7,false,2021-06-02,75001,off,01/02/2027,,
c@c.example,,19,,2026-10-30,,on,,,Y
d@d.example, n/a ,100,true,,99999,,,,Z
"""


def selected(where):
    report = check_files(
        {"contacts.csv": LIST, "campaign.yaml": f"audience: {{where: {json.dumps(where)}}}\nsubject: x\n",
         "mail.txt": "Hello\n"},
        rules=(),
    )  # fmt: skip
    assert not report.annotations
    return report.campaigns[0].selected


@pytest.mark.parametrize(
    ("where", "count"),
    [
        ("age > 18", 3),
        ("age between 7 and 41", 3),
        ("age in (7, '19')", 2),
        ("age is null", 0),
        ("vip", 2),
        ("not vip", 1),
        ("vip is not true", 2),
        ("vip = true or age = 7", 3),
        ("joined >= '2021-01-01'", 2),
        ("joined is null", 1),
        ("joined > current_date - interval '30 days'", 1),
        ("year(joined) = 2020", 1),
        ("zip = '01234'", 1),
        ("zip = 75001", 1),
        ("name = 'Ada'", 1),
        ("lower(name) in ('ada', 'bob')", 2),
        ("name like 'A%'", 1),
        ("name not like 'A%'", 2),
        ("name not ilike 'a%'", 2),
        ("name not in ('Ada')", 2),
        ("age not between 7 and 41", 1),
        ("name <> 'Ada'", 2),
        ("nothing is null", 4),
        ("nothing is not true", 4),
        ("nothing = 'x' or nothing > 3 or nothing < '2020-01-01'", 0),
        ("coalesce(state, 'none') = 'none'", 1),
        ("\"Société Mère\" = 'X' or \"société mère\" = 'Y'", 2),
        ("domain(email) = 'a.example' or local_part(email) = 'b'", 2),
        ("blank(name)", 2),
        ("empty(name)", 1),
        ("truthy(vip)", 2),
        ("truthy(name)", 3),
        ("matches(name, '^[A-Z]')", 1),
        ("NAME = 'Ada' AND Age = 41", 1),
    ],
)
def test_rows_selected(where, count):
    assert selected(where) == count


@pytest.mark.parametrize(
    "where",
    [
        "joined > '01/05/2020'",  # the column is ISO, the literal is not
        "due < '2027-01-01'",  # the literal is ISO, the column is not
        "due < current_date",
        "vip = 'yes'",
        "state is true",
        "name",
        "age > 'many'",
        "name > 3",
        "joined = 3",
        "joined > '2021-02-30'",
    ],
)
def test_a_comparison_that_makes_no_sense_is_said_never_silently_false(where):
    assert selected(where) is None  # the filter is not used at all; invalid-filter says why


def test_numbers_with_leading_zeros_are_text():
    assert selected("zip = '1234'") == 0
