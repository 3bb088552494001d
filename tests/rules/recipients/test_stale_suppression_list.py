"""Suppression lists that are too old."""

from __future__ import annotations

import datetime as dt
import os
import subprocess

import pytest

from preflight.engine import check
from preflight.governing import Options
from preflight.registry import Registry
from preflight.testing import check_files, write_files
from preflight_rules.recipients.stale_suppression_list import stale_suppression_list

CONTACTS = "email,first_name,consent_date\n" + "".join(
    f"p{n}@x.example,Anna,2026-10-{10 + n}\n" for n in range(5)
)


def files(newest, contacts=None, **more):
    found = {
        "unsubscribed.csv": f"email,date\na@gone.example,2026-01-04\nb@gone.example,{newest}\n",
        **more,
    }
    return {**found, "contacts.csv": contacts} if contacts else found


@pytest.mark.parametrize(
    ("newest", "days"), [("2026-09-30", 34), ("2026-10-03", 31), ("2020-01-05", 303)]
)
def test_too_old(said, newest, days):
    (one,) = said(stale_suppression_list, files(newest))
    assert one.message.startswith(f"the newest entry of the suppression list is {days:,} days old")
    assert one.severity.label == "warning"
    assert one.span.text == "audience"
    assert one.related[0].span.source.path == "unsubscribed.csv"


@pytest.mark.parametrize(
    "newest", ["2026-10-31", "2026-10-05", "2026-11-03", "2026-10-31 08:00:00"]
)
def test_fresh(said, newest):
    assert said(stale_suppression_list, files(newest)) == []


def test_older_than_the_contacts(said):
    (one,) = said(stale_suppression_list, files("2026-10-05", CONTACTS))
    assert "is 9 days older than the contacts" in one.message
    assert said(stale_suppression_list, files("2026-10-08", CONTACTS)) == []


def test_the_newest_of_several_lists_counts(said):
    more = {
        "more.csv": "email,date\nc@gone.example,2026-10-30\n",
        "preflight.yaml": "ledger: {suppressed: [unsubscribed.csv, more.csv]}",
    }
    assert said(stale_suppression_list, files("2026-05-01", **more)) == []


def test_dates_ahead_tell_nothing(said):
    listed = "email,since,until\na@gone.example,2026-05-01,2029-01-01\n"
    assert said(stale_suppression_list, {"unsubscribed.csv": listed})


def test_the_options(said):
    assert not said(
        stale_suppression_list,
        files(
            "2026-05-01", **{"preflight.yaml": "rules: {stale-suppression-list: {max_age: 400}}"}
        ),
    )
    assert said(
        stale_suppression_list,
        files("2026-10-20", **{"preflight.yaml": "rules: {stale-suppression-list: {max_age: 7}}"}),
    )


@pytest.mark.parametrize("purpose", ["service", "incident", "apology"])
def test_mails_for_everybody(said, purpose):
    assert (
        said(
            stale_suppression_list, files("2020-01-01", **{"campaign.yaml": f"purpose: {purpose}"})
        )
        == []
    )


def test_few_recipients(said):
    contacts = "email,first_name\na@x.example,Anna\n"
    assert said(stale_suppression_list, files("2020-01-01", contacts)) == []


# Lists without dates: the file, or git.


def aged(path, days):
    moment = (NOW - dt.timedelta(days=days)).timestamp()
    os.utime(path, (moment, moment))


NOW = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)


def checked(folder):
    rules = Registry.of([stale_suppression_list])
    return check([folder / "campaign.yaml"], rules, Options(now=NOW), folder)


def git(folder, *arguments, days=0):
    moment = (NOW - dt.timedelta(days=days)).isoformat()
    who = {
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@x.example",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@x.example",
    }
    subprocess.run(
        ["git", *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        env={**os.environ, **who, "GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment},
    )


def test_the_time_of_the_file(tmp_path):
    write_files(tmp_path, {})
    aged(tmp_path / "unsubscribed.csv", 5)
    aged(tmp_path / "contacts.csv", 4)
    assert not checked(tmp_path).annotations
    aged(tmp_path / "unsubscribed.csv", 25)
    (one,) = checked(tmp_path).annotations
    assert "the suppression list is 21 days older than the contacts" in one.message
    aged(tmp_path / "unsubscribed.csv", 50)
    (one,) = checked(tmp_path).annotations
    assert one.message.startswith("the suppression list is 51 days old")


def test_the_commit_counts_and_not_the_time_of_the_file(tmp_path):
    write_files(tmp_path, {})
    git(tmp_path, "init")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "lists", days=60)
    (one,) = checked(tmp_path).annotations
    assert one.message.startswith("the suppression list is 61 days old")
    (tmp_path / "unsubscribed.csv").write_text("email\nmore@gone.example\n")
    aged(tmp_path / "unsubscribed.csv", 2)
    assert not checked(tmp_path).annotations, "changed since, and not yet committed"


def test_a_list_that_git_does_not_keep(tmp_path):
    write_files(tmp_path, {".gitignore": "*.csv\n"})
    git(tmp_path, "init")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "no lists", days=60)
    aged(tmp_path / "unsubscribed.csv", 2)
    aged(tmp_path / "contacts.csv", 2)
    assert not checked(tmp_path).annotations


def test_a_shallow_clone_does_not_know(tmp_path):
    origin, clone = tmp_path / "origin", tmp_path / "clone"
    origin.mkdir()
    write_files(origin, {})
    git(origin, "init")
    git(origin, "add", ".")
    git(origin, "commit", "-m", "lists", days=60)
    (origin / "campaign.yaml").write_text((origin / "campaign.yaml").read_text() + "\n")
    git(origin, "commit", "-am", "more", days=1)
    git(tmp_path, "clone", "--depth", "1", origin.as_uri(), str(clone))
    report = checked(clone)
    assert not report.annotations
    (one,) = report.not_checked
    assert one.rule == "stale-suppression-list"
    assert one.reason == "needs a column of dates in the suppression list, or its history in git"


def test_without_a_suppression_list():
    report = check_files(
        {"preflight.yaml": "ledger: {suppressed: ~}"}, rules=[stale_suppression_list]
    )
    assert [one.reason for one in report.not_checked] == [
        "needs ledger.suppressed in preflight.yaml"
    ]


def test_an_empty_one(said):
    assert said(stale_suppression_list, {"unsubscribed.csv": "email,date\n"}) == []


def test_a_list_in_parts(said):
    found = {
        "exports/out-1.csv": "email,date\na@gone.example,2026-05-01\n",
        "exports/out-2.csv": "email,date\nb@gone.example,2026-06-01\n",
        "preflight.yaml": "ledger: {suppressed: exports/out-*.csv}",
    }
    (one,) = said(stale_suppression_list, found)
    assert "is 155 days old" in one.message
