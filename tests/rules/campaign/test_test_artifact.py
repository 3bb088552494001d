"""Marks of unfinished work, and ordinary words that look like them."""

from __future__ import annotations

import json

import pytest

from preflight_rules.campaign import test_artifact as module

RULE = module.test_artifact


def subject(text: str) -> dict[str, str]:
    return {"campaign.yaml": f"subject: {json.dumps(text)}"}


def body(text: str) -> dict[str, str]:
    return {"mail.txt": f"{text}\n\nDear {{{{ first_name }}}},\n"}


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("[TEST] News", "[TEST]"),
        ("TEST: News", "TEST"),
        ("TEST - News", "TEST"),
        ("TEST2: News", "TEST2"),
        ("(TEST) News", "(TEST)"),
        ("*** TEST *** News", "*** TEST ***"),
        ("News | TEST", "TEST"),
        ("[DRAFT] News", "[DRAFT]"),
        ("[Draft v2] News", "[Draft v2]"),
        ("DRAFT: News", "DRAFT"),
        ("Draft - News", "Draft"),
        ("News (DRAFT 2)", "(DRAFT 2)"),
        ("{DRAFT} News", "{DRAFT}"),
        ("{ TEST } News", "{ TEST }"),
        ("News – DRAFT", "DRAFT"),
        ("Entwurf: Neues im Mai", "Entwurf"),
        ("BROUILLON – lettre", "BROUILLON"),
        ("[BOZZA] Notizie", "[BOZZA]"),
        ("[SAMPLE] News", "[SAMPLE]"),
        ("DO NOT SEND: News", "DO NOT SEND"),
        ("News – do not send", "do not send"),
        ("[do not send] News", "[do not send]"),
        ("NE PAS ENVOYER – lettre", "NE PAS ENVOYER"),
        ("Neues (nicht versenden)", "nicht versenden"),
        ("Integration Test Email #1", "Integration Test Email #1"),
        ("test", "test"),
        ("Test 123", "Test 123"),
        ("This is a test", "This is a test"),
        ("Testmail", "Testmail"),
    ],
)
def test_marks_in_the_subject(said, text, mark):
    (one,) = said(RULE, subject(text))
    assert one.span.text == mark
    assert one.severity.label == "error"
    assert one.recipients is None


@pytest.mark.parametrize(
    "text",
    [
        "Take our test",
        "Test drive the new van",
        "Your free sample",
        "TEST your knowledge",
        "Test A/B",
        "Testsieger 2026",
        "Draft beer night",
        "The contest is on",
        "The TEST series begins",
        "India v England, 1st TEST",
        "Test: Die besten Kopfhörer",
        "NFL DRAFT 2026",
        "Draft 2026: who goes first",
        "Please do not send cash",
        "DO NOT SEND CASH",
        "Why we do not send spam",
        "How to test emails",
        "Sample sale: 50% off",
        "CONCEPT: our kitchen",
        "ESSAI - Peugeot",
        "Latest: news",
        "Backdraft: the film",
        "Test results are in",
        "Test-driven development",
        "[ILUG] Testing the waters",
        "{{ first_name }}, take the test",
    ],
)
def test_ordinary_subjects(said, text):
    assert said(RULE, subject(text)) == []


def test_a_title_case_test_in_brackets_may_be_a_review(said):
    (one,) = said(RULE, subject("[Test] iPhone 17"))
    assert one.severity.label == "warning"


@pytest.mark.parametrize(
    ("sender", "mark"),
    [
        ("Test <a@firm.example>", "Test"),
        ("test user <a@firm.example>", "test user"),
        ("[TEST] Ada <a@firm.example>", "[TEST]"),
    ],
)
def test_marks_in_the_sender(said, sender, mark):
    (one,) = said(RULE, {"campaign.yaml": f"from: {json.dumps(sender)}"})
    assert one.span.text == mark
    assert one.severity.label == "error"


@pytest.mark.parametrize(
    "sender",
    ["Test Achats <a@firm.example>", "Anna Test <a@firm.example>", "test@firm.example"],
)
def test_names_of_senders(said, sender):
    assert said(RULE, {"campaign.yaml": f"from: {json.dumps(sender)}"}) == []


def test_the_preheader(said):
    (one,) = said(RULE, {"campaign.yaml": 'preheader: "[DRAFT] what is new"'})
    assert (one.span.text, one.severity.label) == ("[DRAFT]", "error")


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("[DRAFT]", "[DRAFT]"),
        ("DRAFT - do not send", "do not send"),
        ("ENTWURF – nicht versenden", "nicht versenden"),
        ("*** TEST ***", "*** TEST ***"),
        ("DO NOT SEND", "DO NOT SEND"),
        ("This is a test email.", "This is a test email"),
        ("DRAFT", "DRAFT"),
    ],
)
def test_marks_in_the_body_are_warnings(said, text, mark):
    (one,) = said(RULE, body(text))
    assert one.span.text == mark
    assert one.path == "mail.txt"
    assert one.severity.label == "warning"


@pytest.mark.parametrize(
    "text",
    [
        "TEST",
        "Please do not send cash.",
        "Draft beer",
        "take our *TEST* now",
        "We do not send.",
        "The [test] is new",
        "see [Test](https://x.example)",
        "a (test)",
        "Sample",
        "TESTS",
    ],
)
def test_ordinary_words_in_the_body(said, text):
    assert said(RULE, body(text)) == []


def test_code_in_html_is_a_sample(said):
    html = "<p>Dear {{ first_name }},</p><pre>[DRAFT] x</pre>"
    assert said(RULE, {"mail.html": html, "campaign.yaml": "body: {html: mail.html}"}) == []


def test_what_only_a_constant_brings(said):
    (one,) = said(RULE, {"mail.txt": "{{ '[DRA' ~ 'FT]' }}\n"})
    assert one.span.text == "{{ '[DRA' ~ 'FT]' }}"
    assert one.recipients.count == 4


def test_a_value_of_the_list_is_no_mark(said):
    rows = "email,first_name\na@firm.example,[TEST]\n"
    assert said(RULE, {**subject("{{ first_name }}, News"), "contacts.csv": rows}) == []


def test_without_lists_the_parts_that_can_run_do(said, not_checked):
    files = subject("[TEST] News")
    assert len(said(RULE, files, without_lists=True)) == 1
    (gap,) = not_checked(RULE, files, without_lists=True)
    assert "--without-lists" in gap.reason
