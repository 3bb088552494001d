"""People who have just had a mail."""

from __future__ import annotations

import pytest

from preflight_rules.recipients.recently_contacted import recently_contacted


def files(*dates, purpose="promotion", header="last_contacted", **more):
    rows = "".join(f"p{n}@x.example,Anna,{date}\n" for n, date in enumerate(dates))
    return {
        "contacts.csv": f"email,first_name,{header}\n{rows}",
        "campaign.yaml": f"purpose: {purpose}",
        **more,
    }


# The clock is 2026-11-03, 10:00.


@pytest.mark.parametrize(
    "date",
    ["2026-10-28", "2026-11-02", "2026-11-03", "2026-11-02 08:30:00", "2026-11-02T08:30:00Z"],
)
def test_too_soon(said, date):
    (one,) = said(recently_contacted, files("2026-01-01", date))
    assert one.message == "1 of 2 recipients had another mail less than 7 days before this one"
    assert one.severity.label == "warning"
    assert one.recipients.rows == (("contacts.csv", 3),)


@pytest.mark.parametrize(
    "date",
    [
        "2026-10-27",
        "2026-10-20",
        "2026-11-05",
        "",
        "never",
        "n/a",
        "02/11/2026",
        "2026",
        "2026-13-45",
    ],
)
def test_no_false_alarm(said, date):
    assert said(recently_contacted, files("2026-01-01", date)) == []


def test_a_newsletter_may_come_every_day(said):
    assert said(recently_contacted, files("2026-11-02", purpose="newsletter")) == []
    (one,) = said(recently_contacted, files("2026-11-03", purpose="newsletter"))
    assert "less than a day" in one.message


@pytest.mark.parametrize("purpose", ["service", "incident", "apology"])
def test_mails_that_must_go(said, purpose):
    assert said(recently_contacted, files("2026-11-02", purpose=purpose)) == []


def test_the_option(said):
    settings = {"preflight.yaml": "rules: {recently-contacted: {min_days: 30}}"}
    (one,) = said(recently_contacted, files("2026-10-10", header="Dernier contact", **settings))
    assert "less than 30 days" in one.message


def test_without_the_column(not_checked):
    (one,) = not_checked(recently_contacted, {})
    assert one.reason == "needs a column “last_contacted” in the list"
