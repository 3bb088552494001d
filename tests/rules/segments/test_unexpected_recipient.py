"""expect.every and expect.none are held against each recipient."""

from __future__ import annotations

from preflight_rules.segments.unexpected_recipient import unexpected_recipient

LIST = """\
email,country,known_since
a@x.example,FR,2019-04-01
b@x.example,DE,2024-04-01
c@x.example,,
d@x.example,FR,2018-04-01
"""


def test_every_names_the_rows_that_differ_and_the_empty_ones(said):
    files = {"campaign.yaml": "audience: {expect: {every: country = 'FR'}}", "contacts.csv": LIST}
    (one,) = said(unexpected_recipient, files)
    assert one.span.text == "country = 'FR'"
    assert one.severity.label == "error"
    assert (one.recipients.count, one.recipients.of) == (2, 4)
    assert one.recipients.rows == (("contacts.csv", 3), ("contacts.csv", 4))
    assert one.message.startswith("2 of 4 recipients are not as expected")


def test_none_names_the_rows_that_it_hits(said):
    files = {
        "campaign.yaml": "audience: {expect: {none: known_since < '2020-01-01'}}",
        "contacts.csv": LIST,
    }
    (one,) = said(unexpected_recipient, files)
    assert one.span.text == "known_since < '2020-01-01'"
    assert one.recipients.rows == (("contacts.csv", 2), ("contacts.csv", 5))


def test_one_problem_for_each_assertion(said):
    files = {
        "campaign.yaml": """\
audience:
  expect:
    every: ["country = 'FR' or country = 'DE'", email is not null]
    none: ["country = 'DE' -- not yet", "country = 'NL'"]
""",
        "contacts.csv": LIST,
    }
    assert [one.span.text for one in said(unexpected_recipient, files)] == [
        "country = 'FR' or country = 'DE'",
        "country = 'DE'",
    ]


def test_a_block_is_underlined_from_its_first_word_and_quoted_without_comments(said):
    files = {
        "campaign.yaml": """\
name: example
purpose: newsletter
from: Ada Example <ada@news.example>
subject: News
body: {text: mail.txt}
audience:
  contacts: contacts.csv
  expect:
    none: |
      -- not yet
      country = 'DE'   -- next year
      or country = 'NL'
      -- nor these
""",
        "contacts.csv": LIST,
    }
    (one,) = said(unexpected_recipient, files)
    assert one.span.start_place == (11, 7)
    assert one.span.end_place == (12, 24)
    assert "“country = 'DE' or country = 'NL'”" in one.message


def test_only_the_chosen_count(said):
    files = {
        "campaign.yaml": "audience: {where: country = 'FR', expect: {every: country = 'FR', none: country = 'DE'}}",
        "contacts.csv": LIST,
    }
    assert not said(unexpected_recipient, files)


def test_null_is_no_hit_of_none(said):
    files = {
        "campaign.yaml": "audience: {expect: {none: country <> country}}",
        "contacts.csv": LIST,
    }
    assert not said(unexpected_recipient, files)


def test_a_mistake_in_an_assertion_is_another_rules_business(said):
    files = {"campaign.yaml": "audience: {expect: {every: contry = 'FR'}}", "contacts.csv": LIST}
    assert not said(unexpected_recipient, files)


def test_facts_may_be_asserted(said):
    files = {
        "campaign.yaml": "audience: {expect: {none: is_suppressed}}",
        "contacts.csv": LIST,
        "unsubscribed.csv": "email\nd@x.example\n",
    }
    (one,) = said(unexpected_recipient, files)
    assert one.recipients.rows == (("contacts.csv", 5),)


def test_a_date_of_the_ledger_can_be_compared(said):
    files = {
        "campaign.yaml": "audience: {expect: {none: known_since < '2020-01-01'}}",
        "contacts.csv": "email\na@x.example\nb@x.example\n",
        "preflight.yaml": "ledger: {known: known.csv}",
        "known.csv": "email,known_since\na@x.example,2021-04-01\nb@x.example,2019-04-01\n",
    }
    (one,) = said(unexpected_recipient, files)
    assert one.recipients.rows == (("contacts.csv", 3),)
