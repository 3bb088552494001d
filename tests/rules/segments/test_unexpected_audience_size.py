"""expect.count is held against the number of recipients."""

from __future__ import annotations

import pytest

from preflight_rules.segments.unexpected_audience_size import unexpected_audience_size

ROWS = ["a@x.example,FR", "b@x.example,DE", "c@x.example,FR", "d@x.example,FR"]
LIST = "email,country\n" + "\n".join(ROWS) + "\n"


@pytest.mark.parametrize(
    ("count", "where", "message"),
    [
        ("[5, 9]", "country is not null", "4 contacts get this mail, 5 to 9 are expected"),
        ("3", "country is not null", "4 contacts get this mail, 3 are expected"),
        ("1", "country is not null", "4 contacts get this mail, 1 is expected"),
        ("[2, 9]", "country = 'DE'", "1 contact gets this mail, 2 to 9 are expected"),
        ("[2000, 9000]", "country = 'FR'", "3 contacts get this mail, 2,000 to 9,000 are expected"),
        ("2", "country = 'NL'", "nobody gets this mail, 2 are expected"),
    ],
)
def test_both_numbers_are_named(said, count, where, message):
    files = {
        "campaign.yaml": f"audience: {{where: {where}, expect: {{count: {count}}}}}",
        "contacts.csv": LIST,
    }
    (one,) = said(unexpected_audience_size, files)
    assert one.message == message
    assert one.severity.label == "error"
    assert one.span.source.text.find("count:") < one.span.start
    if not count.startswith("["):
        assert one.span.text.strip("'") == count


@pytest.mark.parametrize("count", ["[1, 4]", "[4, 9]", "4", "[4, 4]"])
def test_the_ends_count(said, count):
    files = {"campaign.yaml": f"audience: {{expect: {{count: {count}}}}}", "contacts.csv": LIST}
    assert not said(unexpected_audience_size, files)


def test_nothing_expected(said):
    assert not said(unexpected_audience_size, {})


def test_exclusions_count(said):
    files = {
        "campaign.yaml": "audience: {exclude: out.csv, expect: {count: 4}}",
        "contacts.csv": LIST,
        "out.csv": "email\nA@x.example\n",
    }
    (one,) = said(unexpected_audience_size, files)
    assert one.message.startswith("3 contacts")
    assert one.span.text.strip("'") == "4"
