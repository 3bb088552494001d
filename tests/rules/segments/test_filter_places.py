"""However the filter is written in YAML, an annotation stands under the very clause."""

from __future__ import annotations

import pytest

from preflight.testing import check_files
from preflight_rules.segments.contradictory_filter import contradictory_filter
from preflight_rules.segments.unguarded_or import unguarded_or

HEAD = """\
name: example
purpose: newsletter
from: Ada Example <ada@news.example>
subject: News
body: {text: mail.txt}
"""


def only(audience: str, rule=contradictory_filter):
    report = check_files({"campaign.yaml": HEAD + audience}, rules=[rule], without_lists=True)
    (one,) = report.annotations
    return one


@pytest.mark.parametrize(
    ("audience", "start", "end"),
    [
        (
            "audience:\n  contacts: contacts.csv\n  where: vip and age between 60 and 18 and a = 1\n",
            (8, 18),
            (8, 39),
        ),
        (
            ("audience:\n  contacts: contacts.csv\n  where: >\n    vip and\n    age between 60 and 18\n"
            "    and country = 'FR'\n"),
            (10, 5),
            (10, 26),
        ),
        (
            ("audience:\n  contacts: contacts.csv\n  where: |\n    vip -- only these\n    and (\n"
            "      age between 60 and 18\n    )\n"),
            (11, 7),
            (11, 28),
        ),
        (
            "audience:\n  contacts: contacts.csv\n  where: >-\n\n    vip\n\n    and age between 60 and 18\n",
            (12, 9),
            (12, 30),
        ),
        (
            "audience:\n  contacts: contacts.csv\n  where: 'country = ''FR'' and age between 60 and 18'\n",
            (8, 32),
            (8, 53),
        ),
        (
            'audience:\n  contacts: contacts.csv\n  where: "city = \'\\u00c9vry\' and\\tage between 60 and 18"\n',
            (8, 35),
            (8, 56),
        ),
        (
            'audience:\n  contacts: contacts.csv\n  where: "city = \'Évry\' and\n    age between 60\n    and 18"\n',
            (9, 5),
            (10, 11),
        ),
        (
            "audience: {contacts: contacts.csv, where: vip and age between 60 and 18}\n",
            (6, 51),
            (6, 72),
        ),
        (
            'audience: {"contacts": "contacts.csv", "where": "vip and age between 60 and 18"}\n',
            (6, 58),
            (6, 79),
        ),
        (
            "audience:\n  contacts: contacts.csv\n  where: vip\n    and age\n    between 60 and 18\n",
            (9, 9),
            (10, 22),
        ),
        (
            ("audience:\n  contacts: contacts.csv\n  expect:\n    every:\n      - vip\n"
            "      - age between 60 and 18\n"),
            (11, 9),
            (11, 30),
        ),
    ],
)  # fmt: skip
def test_the_clause_in_the_file(audience, start, end):
    one = only(audience)
    assert tuple(one.span.start_place) == start
    assert tuple(one.span.end_place) == end
    assert " ".join(one.span.text.split()) == "age between 60 and 18"


def test_a_doubled_quote_is_underlined_whole():
    one = only("audience:\n  contacts: contacts.csv\n  where: 'city = ''A'' and city = ''B'''\n")
    assert one.span.text == "city = ''A'' and city = ''B''"


@pytest.mark.parametrize(
    ("where", "fixed"),
    [
        ("a = 1 or b = 2 and not unsubscribed", "(a = 1 or b = 2) and not unsubscribed"),
        (
            "'a = ''x'' or b = 2 and not unsubscribed'",
            "'(a = ''x'' or b = 2) and not unsubscribed'",
        ),
        (
            '"a = \'x\' or \\"b c\\" = 2 and not unsubscribed"',
            '"(a = \'x\' or \\"b c\\" = 2) and not unsubscribed"',
        ),
        (
            ">\n    a = 1 or\n    b = 2 and not unsubscribed\n",
            ">\n    (a = 1 or b = 2) and not unsubscribed\n",
        ),
        (
            "|\n    a = 1 or\n    b = 2\n    and not unsubscribed\n",
            "|\n    (a = 1 or b = 2) and not unsubscribed\n",
        ),
    ],
)  # fmt: skip
def test_a_fix_is_written_as_the_file_writes_the_filter(where, fixed):
    """Applied to the file, it silences the rule."""
    text = f"audience:\n  contacts: contacts.csv\n  where: {where}\n"
    one = only(text, unguarded_or)
    span = one.fix.span
    whole = span.source.text[: span.start] + one.fix.text + span.source.text[span.end :]
    assert f"where: {fixed}" in whole
    again = check_files({"campaign.yaml": whole}, rules=[unguarded_or], without_lists=True)
    assert again.annotations == ()


def test_no_fix_where_a_comment_would_swallow_the_rest():
    text = (
        "audience:\n  contacts: contacts.csv\n  where: |\n    a = 1 -- these\n"
        "    or b = 2 and not unsubscribed\n"
    )
    assert only(text, unguarded_or).fix is None
