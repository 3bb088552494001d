"""A filter that cannot be used is said at the place of the mistake."""

from __future__ import annotations

import pytest

from preflight_rules.segments.invalid_filter import invalid_filter

LIST = "email,country,score,born\na@x.example,FR,1,1990-01-31\nb@x.example,DE,2,1991-01-31\n"


def where(condition: str) -> dict[str, str]:
    quoted = condition.replace("'", "''")
    return {"campaign.yaml": f"audience: {{where: '{quoted}'}}", "contacts.csv": LIST}


@pytest.mark.parametrize(
    ("condition", "place", "words"),
    [
        ("country = 'FR", "'FR", "never closed"),
        ("country = ’FR’", "’", "typographic"),
        ("country = 'FR' and (score > 1", None, "parenthesis"),
        ("read_csv('x') = 1", None, "read_csv"),
        ("email in (select email from x)", None, "sub-query"),
        ("country = 'FR'; drop table contacts", None, "one condition"),
        ("born > '31.01.1990'", None, "date"),
        ("score > 'many'", None, "numbers"),
        ("", None, "empty"),
    ],
)
def test_a_mistake_is_said_at_its_place(said, condition, place, words):
    (one,) = said(invalid_filter, where(condition))
    assert words in one.message
    assert one.severity.label == "error"
    assert one.path == "campaign.yaml"
    assert place is None or place in one.span.text


@pytest.mark.parametrize("key", ["every", "none"])
def test_assertions_are_filters_too(said, key):
    files = {
        "campaign.yaml": f"audience: {{expect: {{{key}: ['country =']}}}}",
        "contacts.csv": LIST,
    }
    (one,) = said(invalid_filter, files)
    assert "country" in one.span.source.line_text(one.span.start_place.line)


def test_each_condition_is_said_once(said):
    files = {
        "campaign.yaml": "audience: {where: 'country in', expect: {none: ['score >', 'score < 3']}}",
        "contacts.csv": LIST,
    }
    assert len(said(invalid_filter, files)) == 2


@pytest.mark.parametrize(
    "condition",
    [
        "country = 'FR' -- only France",
        "country in ('FR', 'BE') and not (score between 1 and 3)",
        "born < current_date - interval '18 years'",
        "lower(country) like 'f%' or country is null",
        "\"Country\" = 'FR'",
    ],
)
def test_sound_filters_are_quiet(said, condition):
    assert not said(invalid_filter, where(condition))


def test_an_unknown_field_is_another_rules_business(said):
    assert not said(invalid_filter, where("contry = 'FR'"))


def test_syntax_is_judged_without_lists(said):
    assert len(said(invalid_filter, where("country = 'FR"), without_lists=True)) == 1


@pytest.mark.parametrize("style", [">", ">-", ""])
def test_a_comment_over_which_lines_are_folded_is_said(said, style):
    """YAML makes one line of a folded or plain text: the guard would be a part of the comment."""
    files = {
        "campaign.yaml": FOLDED.format(style=style, more="and score > 1"),
        "contacts.csv": LIST,
    }
    (one,) = said(invalid_filter, files)
    assert "swallows" in one.message
    assert one.span.text == "-- only France\n    and score > 1"


@pytest.mark.parametrize(("style", "more"), [("|", "and score > 1"), (">", "-- and later Belgium")])
def test_a_comment_that_swallows_nothing_is_fine(said, style, more):
    files = {"campaign.yaml": FOLDED.format(style=style, more=more), "contacts.csv": LIST}
    assert not said(invalid_filter, files)


def test_every_column_that_is_wrongly_asked_is_named(said):
    files = {
        "campaign.yaml": "audience: {where: vip is true and (optin or not old is true) and score > 1}",
        "contacts.csv": "email,vip,optin,old,score\na@x.example,oui,ja,no,1\nb@x.example,non,nein,sí,2\n",
    }
    assert [one.span.text for one in said(invalid_filter, files)] == ["vip", "optin", "old"]


@pytest.mark.parametrize("number", ["80,00", "1.200,50", "1,200.50", "1 200,5", "-3,5"])
def test_numbers_with_a_comma_cannot_be_compared(said, number):
    """They would be lost in silence: no number, neither more nor less."""
    files = {
        "campaign.yaml": "audience: {where: sales > 50}",
        "contacts.csv": f'email,sales\na@x.example,90\nb@x.example,"{number}"\n',
    }
    (one,) = said(invalid_filter, files)
    assert number in one.message
    assert one.span.text == "sales > 50"


@pytest.mark.parametrize("other", ["007", "x", "12.5", "Rue 3, 5"])
def test_other_texts_beside_numbers_may_be_compared(said, other):
    files = {
        "campaign.yaml": "audience: {where: code > 50}",
        "contacts.csv": f'email,code\na@x.example,90\nb@x.example,"{other}"\n',
    }
    assert not said(invalid_filter, files)


FOLDED = """\
name: example
purpose: newsletter
from: Ada Example <ada@news.example>
subject: News
body: {{text: mail.txt}}
audience:
  contacts: contacts.csv
  where: {style}
    country = 'FR' -- only France
    {more}
"""
