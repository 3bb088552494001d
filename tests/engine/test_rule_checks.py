"""Rules that read several types of subjects."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pydantic import BaseModel, ConfigDict

from preflight.campaign.model import Campaign
from preflight.rule import Problem, Rule, Severity, rule
from preflight.templates.message import Message
from preflight.templates.model import Template
from preflight.testing import check_files


class Options(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    word: str = "spam"


def made() -> Rule:
    @rule("bad-word", on=Campaign, severity=Severity.ERROR, options=Options)
    def bad_word(campaign: Campaign, options: Options) -> Iterator[Problem]:
        """The subject holds a bad word."""
        if options.word in (campaign.subject or ""):
            yield Problem(campaign.span("subject"), "a bad word in the subject")

    @bad_word.also(on=Message)
    def in_message(message: Message, options: Options) -> Iterator[Problem]:
        if message.text and options.word in message.text.text:
            yield Problem(message.text.span(0, 4), "{recipients} get a bad word")

    return bad_word


FILES = {"campaign.yaml": "subject: spam", "mail.txt": "spam\n"}


def test_each_check_says_its_own():
    report = check_files(FILES, rules=[made()])
    assert [one.message for one in report.annotations] == [
        "a bad word in the subject",
        "all 4 recipients get a bad word",
    ]
    assert report.not_checked == ()


def test_all_checks_take_the_same_options():
    files = {**FILES, "preflight.yaml": "rules: {bad-word: {word: ham}}"}
    assert check_files(files, rules=[made()]).annotations == ()


def test_what_can_run_does_and_the_rest_is_named():
    report = check_files(FILES, rules=[made()], without_lists=True)
    assert [one.message for one in report.annotations] == ["a bad word in the subject"]
    (gap,) = report.not_checked
    assert (gap.rule, "--without-lists" in gap.reason) == ("bad-word", True)


def test_an_ignore_is_not_unused_where_a_part_did_not_run():
    files = {
        "preflight.yaml": "ledger: {suppressed: unsubscribed.csv}\n"
        "ignore:\n- {rule: bad-word, reason: accepted}\n"
    }
    whole = check_files(files, rules=[made()])
    part = check_files(files, rules=[made()], without_lists=True)
    assert [one.rule for one in whole.annotations] == ["unused-ignore"]
    assert part.annotations == ()


def test_a_check_that_crashes_takes_the_rule_out():
    crashing = made()

    @crashing.also(on=Template)
    def crash(template: Template, options: Options) -> Iterator[Problem]:
        raise ZeroDivisionError

    report = check_files(FILES, rules=[crashing])
    assert report.failed
    assert "rule-crashed" in [one.rule for one in report.annotations]
    assert "a bad word in the subject" in [one.message for one in report.annotations]


def test_called_alone():
    from preflight.campaign.load import campaign_from
    from preflight.source import Source

    source = Source(
        "campaign.yaml",
        "name: x\npurpose: service\nfrom: Ada <a@b.example>\nsubject: spam\n"
        "body: {text: mail.txt}\naudience: {contacts: contacts.csv}\n",
    )
    campaign, _, _ = campaign_from(source)
    assert [one.message for one in made()(campaign)] == ["a bad word in the subject"]
    assert made()(campaign, Options(word="ham")) == []


def test_a_subject_that_it_does_not_read():
    with pytest.raises(TypeError, match="bad-word reads Campaign or Message, not int"):
        made()(1)


def test_one_check_a_type():
    with pytest.raises(ValueError, match="bad-word reads Campaign already"):
        made().also(on=Campaign)
