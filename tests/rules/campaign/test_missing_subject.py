"""A mail without a subject."""

from __future__ import annotations

import pytest

from preflight_rules.campaign.missing_subject import missing_subject


def test_no_subject_is_said_at_the_sender(said):
    (one,) = said(missing_subject, {"campaign.yaml": "subject: ~"})
    assert one.span.text == "from"
    assert one.message == "the mail has no subject"
    assert one.severity.label == "error"


@pytest.mark.parametrize("subject", ['""', '"  "', '"\\t"'])
def test_a_blank_subject_is_said_at_its_key(said, subject):
    (one,) = said(missing_subject, {"campaign.yaml": f"subject: {subject}"})
    assert one.span.text == "subject"
    assert one.message == "the subject is blank"


def test_it_needs_no_lists(said):
    (one,) = said(missing_subject, {"campaign.yaml": "subject: ~"}, without_lists=True)
    assert one.span.text == "from"


VIP = "email,first_name,vip\na@firm.example,Ada,true\nb@firm.example,Bo,false\nc@firm.example,Cy,\n"


def test_a_branch_that_writes_nothing(said):
    files = {
        "campaign.yaml": "subject: '{% if vip %}Your invitation{% endif %}'",
        "contacts.csv": VIP,
    }
    (one,) = said(missing_subject, files)
    assert one.span.text == "{% if vip %}Your invitation{% endif %}"
    assert one.recipients.count == 2
    assert [row[1] for row in one.recipients.rows] == [3, 4]


@pytest.mark.parametrize(
    "subject",
    [
        "'{{ first_name }}'",  # empty-placeholder speaks of that
        "'{% if vip %}Your invitation{% else %}News{% endif %}'",
        "News",
        "'0'",
    ],
)
def test_no_false_alarm(said, subject):
    rows = "email,first_name,vip\na@firm.example,,true\nb@firm.example,Bo,false\n"
    files = {"campaign.yaml": f"subject: {subject}", "contacts.csv": rows}
    assert said(missing_subject, files) == []
