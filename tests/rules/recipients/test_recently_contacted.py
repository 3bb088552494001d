"""People who have just had a mail."""

from __future__ import annotations

import pytest

from preflight.engine import check
from preflight.governing import Options
from preflight.registry import Registry
from preflight.testing import write_files
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


# --- in another campaign that is checked together with this one ---------------------------------

LATER = "2026-11-03T10:00:00+01:00"


def beside(send_at="2026-11-01T09:00:00+01:00", purpose="promotion", *, name="sale", people=None, own="promotion", **more):  # fmt: skip
    """A campaign of Tuesday, and another one to Inès, Mei and somebody else."""
    when = f"delivery: {{send_at: {send_at}}}\n" if send_at else ""
    rows = people or " INES@atelier.example\nmei@teahouse.example\nelse@x.example\n"
    return {
        "campaign.yaml": f"purpose: {own}",
        "sale.campaign.yaml": f"name: {name}\npurpose: {purpose}\nfrom: Ada <ada@news.example>\n"
        "subject: Sale\nbody: {text: mail.txt}\naudience:\n  contacts: sale.csv\n" + when,
        "sale.csv": "email\n" + rows,
        "mail.txt": "Hello,\n\nUnsubscribe: https://news.example/unsubscribe\n",
        **more,
    }


def test_two_campaigns_to_the_same_people(said):
    (one,) = said(recently_contacted, beside())
    assert one.message == "2 of 4 recipients get “sale” 2 days before"
    assert (one.path, one.span.text.strip("'")) == ("campaign.yaml", LATER)
    assert one.recipients.rows == (("contacts.csv", 2), ("contacts.csv", 4))
    assert {place.span.source.path for place in one.related} == {
        "contacts.csv",
        "sale.campaign.yaml",
    }


@pytest.mark.parametrize(
    ("send_at", "words"),
    [
        (LATER, "at the same moment"),
        ("2026-11-03T08:00:00Z", "on the same day"),
        ("2026-11-02T23:30:00Z", "on the same day"),
        ("2026-11-02T08:00:00+01:00", "the day before"),
        ("2026-10-28T23:00:00+01:00", "6 days before"),
    ],
)
def test_how_long_before(said, send_at, words):
    """Days are those of the calendar where the later campaign is sent."""
    (one,) = said(recently_contacted, beside(send_at))
    assert one.message.endswith(words)
    assert one.path == ("sale.campaign.yaml" if send_at == LATER else "campaign.yaml")


def test_the_later_one_has_the_annotation(said):
    (one,) = said(recently_contacted, beside("2026-11-05T09:00:00+01:00"))
    assert one.path == "sale.campaign.yaml"
    assert one.message == "2 of 3 recipients get “example” 2 days before"


@pytest.mark.parametrize(
    "files",
    [
        beside("2026-10-27T09:00:00+01:00"),
        beside("2026-11-10T09:00:00+01:00"),
        beside(people="else@x.example\n"),
        beside(people="ines+news@atelier.example\n"),
        beside(own="newsletter"),
        *(beside(purpose=purpose) for purpose in ("service", "incident", "apology")),
        *(beside(own=purpose) for purpose in ("service", "incident", "apology")),
        beside(
            **{"preflight.yaml": "ledger: {seeds: [ines@atelier.example, mei@teahouse.example]}"}
        ),
        beside(**{"preflight.yaml": "rules: {recently-contacted: {min_days: 2}}"}),
    ],
)
def test_two_campaigns_without_a_fault(said, files):
    assert said(recently_contacted, files) == []


def test_a_newsletter_on_the_day_of_another(said):
    (one,) = said(recently_contacted, beside("2026-11-03T07:00:00+01:00", own="newsletter"))
    assert one.message.endswith("on the same day")


def test_rows_without_an_address_are_nobody(said):
    files = beside(people='""\nmei@teahouse.example\n')
    files["contacts.csv"] = "email,first_name\n,Anna\n,Ben\nmei@teahouse.example,Mei\n"
    (one,) = said(recently_contacted, files)
    assert one.message.startswith("1 of 3 recipients gets “sale”")


def test_several_other_campaigns(said):
    files = beside()
    for number in range(1, 4):
        files[f"more{number}.campaign.yaml"] = (
            files["sale.campaign.yaml"].replace("name: sale", f"name: more {number}")
            .replace("2026-11-01", f"2026-10-{28 + number}").replace("sale.csv", f"{number}.csv")
        )  # fmt: skip
        files[f"{number}.csv"] = "email\njan@werft.example\n" + "mei@teahouse.example\n" * (
            number - 1
        )
    found = {one.path: one for one in said(recently_contacted, files)}
    one = found["campaign.yaml"]
    assert one.message == (
        "3 of 4 recipients get other campaigns shortly before this one: "
        "“sale” (2, 2 days before), “more 3” (2, 3 days before), “more 2” (2, 4 days before), 1 more"
    )
    assert len([name for name in found if name.startswith("more")]) == 2


def reasons(found, campaign):
    return {one.reason for one in found if one.campaign == campaign} - {
        "needs a column “last_contacted” in the list"
    }


def test_without_a_moment_nothing_is_compared(said, not_checked):
    assert said(recently_contacted, beside(None)) == []
    found = not_checked(recently_contacted, beside(None))
    why = "needs delivery.send_at, to be compared with the other campaigns"
    assert reasons(found, "sale.campaign.yaml") == {why}
    assert reasons(found, "campaign.yaml") == set()


@pytest.mark.parametrize(
    "broken", ["contacts: none.csv", "where: nothing = 1\n  contacts: sale.csv"]
)
def test_an_earlier_campaign_whose_recipients_are_not_known(not_checked, broken):
    files = beside()
    text = files["sale.campaign.yaml"].replace("contacts: sale.csv", broken)
    found = not_checked(recently_contacted, {**files, "sale.campaign.yaml": text})
    why = "needs the recipients of sale.campaign.yaml, which is sent before"
    assert reasons(found, "campaign.yaml") == {why}


def test_lists_that_are_not_opened(said, not_checked):
    assert said(recently_contacted, beside(), without_lists=True) == []
    assert all(
        "lists" in one.reason
        for one in not_checked(recently_contacted, beside(), without_lists=True)
    )


def test_campaigns_of_two_repositories(tmp_path):
    files = beside()
    for name in ("one", "two"):
        write_files(tmp_path / name, {"campaign.yaml": files["campaign.yaml"]})
        (tmp_path / name / ".git").mkdir()
    paths = [tmp_path / name / "campaign.yaml" for name in ("one", "two")]
    report = check(paths, Registry.of([recently_contacted]), Options(), tmp_path)
    assert report.annotations == ()
    assert [one.path for one in report.campaigns] == ["one/campaign.yaml", "two/campaign.yaml"]


def test_the_order_of_the_report_is_that_of_the_paths(tmp_path):
    write_files(tmp_path, beside("2026-11-01T09:00:00+01:00"))
    paths = [tmp_path / "campaign.yaml", tmp_path / "sale.campaign.yaml"]
    report = check(paths, Registry.of([recently_contacted]), Options(), tmp_path)
    assert [one.path for one in report.campaigns] == ["campaign.yaml", "sale.campaign.yaml"]
    assert len(report.annotations) == 1
