"""The five true stories: stopped as they happened, clear when put right."""

import datetime as dt
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from preflight.api import built_in
from preflight.cli import main
from preflight.engine import check
from preflight.governing import Options
from preflight.rule import Severity

ROOT = Path(__file__).parents[2]
STORIES = ROOT / "examples" / "stories"
NOW = dt.datetime(2027, 2, 22, 9, 0, tzinfo=dt.UTC)

STOPPED_BY = {
    "S1-network": {"inverted-exclusion", "known-contact-in-cold-campaign", "tone-mismatch"},
    "S2-mandate": {"contact-in-dispute", "ended-relationship", "tone-mismatch"},
    "S3-bloggers": {
        "unrendered-placeholder",
        "bulk-press-send",
        "exposed-recipients",
        "impersonal-press-mail",
    },
    "S4-referral": {"referral-without-consent", "unnamed-referrer"},
    "S5-instalments": {"contact-in-incident"},
}
PANIC = "S5-instalments/as-it-happened/panic-mail"  # what else would not have saved the day


def run(story, variant):
    path = STORIES / story / variant / "campaign.yaml"
    return check([path], built_in(), Options(now=NOW), ROOT)


def test_there_is_nothing_but_the_five_pairs_and_the_mail_full_of_panic():
    found = sorted(p.parent.relative_to(STORIES).as_posix() for p in STORIES.rglob("campaign.yaml"))
    pairs = [
        f"{story}/{variant}" for story in STOPPED_BY for variant in ("as-it-happened", "put-right")
    ]
    assert found == sorted([*pairs, PANIC])


@pytest.mark.parametrize("story", STOPPED_BY)
def test_as_it_happened_is_stopped(story):
    report = run(story, "as-it-happened")
    assert report.verdict.exit_code == 1
    assert {a.rule for a in report.annotations} >= STOPPED_BY[story]
    unexpected = {a.rule for a in report.annotations if a.severity > Severity.NOTICE}
    assert unexpected <= STOPPED_BY[story] | {"placeholder-text"}, unexpected


def test_the_mail_full_of_panic_is_stopped():
    report = check([STORIES / PANIC / "campaign.yaml"], built_in(), Options(now=NOW), ROOT)
    assert report.verdict.exit_code == 1
    assert {a.rule for a in report.annotations if a.severity > Severity.NOTICE} == {
        "incomplete-incident-mail",
        "emotional-incident-mail",
        "missing-incident-follow-up",
    }
    faults = [a.message for a in report.annotations if a.rule == "emotional-incident-mail"]
    assert [message.rpartition("” ")[2] for message in faults] == [
        "sounds like panic",
        "blames somebody",
        "makes it small",
    ]
    follow_up = [a.message for a in report.annotations if a.rule == "missing-incident-follow-up"]
    assert sorted(follow_up) == [
        "no all-clear is planned for the incident “2027-03-09-instalments”",
        "the first mail about the incident “2027-03-09-instalments” comes 40 hours after it began",
    ]


@pytest.mark.parametrize("story", STOPPED_BY)
def test_put_right_is_clear(story):
    report = run(story, "put-right")
    assert [(a.rule, a.message) for a in report.annotations if a.severity > Severity.NOTICE] == []
    assert report.verdict.exit_code == 0
    assert report.campaigns[0].selected


@pytest.mark.parametrize("story", STOPPED_BY)
def test_lines_and_columns_cover_the_text_that_is_spoken_of(story):
    for annotation in run(story, "as-it-happened").annotations:
        lines = (ROOT / annotation.path).read_text(encoding="utf-8").split("\n")
        start, end = annotation.span.start_place, annotation.span.end_place
        if start.line == end.line:
            covered = lines[start.line - 1][start.column - 1 : end.column - 1]
            assert covered == annotation.span.text
        assert annotation.span.text.strip(), annotation
        assert annotation.help, annotation
        assert annotation.why, annotation


def test_the_clause_that_is_the_wrong_way_round_is_named():
    found = {a.rule: a for a in run("S1-network", "as-it-happened").annotations}
    clause = found["inverted-exclusion"]
    assert clause.span.text == "relationship <> 'new'"
    assert clause.path.endswith("S1-network/as-it-happened/campaign.yaml")


def test_the_tag_is_underlined_in_subject_html_and_text():
    report = run("S3-bloggers", "as-it-happened")
    tags = [a for a in report.annotations if a.rule == "unrendered-placeholder"]
    assert {a.span.text for a in tags} == {"{FirstName}"}
    assert {Path(a.path).suffix for a in tags} == {".yaml", ".html", ".txt"}


def test_the_command_on_all_stories(monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    arguments = [
        "check",
        "examples/stories",
        "--format",
        "json",
        "--now",
        "2027-02-22T09:00:00+00:00",
    ]
    one = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert one.exit_code == 1
    data = json.loads(one.stdout)
    assert data["schema"] == "preflight-report/1"
    assert data["verdict"] == "blocked"
    assert len(data["campaigns"]) == 11
    arguments[1] = "examples/stories/S3-bloggers"
    first, again = (CliRunner().invoke(main, arguments).stdout_bytes for _ in range(2))
    assert first == again
    assert "@" not in "".join(a["message"] + a["help"] for a in data["annotations"])
