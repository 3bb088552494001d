"""The language of a mail and that of its readers."""

from __future__ import annotations

import pytest

from preflight import Context, check_message
from preflight_rules.recipients.unexpected_language import unexpected_language

ENGLISH = (
    "Dear {{ first_name }},\n\nWe have opened a new workshop at the harbour, and you are welcome."
)
FRENCH = "Bonjour {{ first_name }},\n\nNous avons ouvert un nouvel atelier au port de Marseille."


def files(text, rows, language=""):
    people = "email,first_name,language\n" + "".join(
        f"r{at}@a.example,Li,{row}\n" for at, row in enumerate(rows)
    )
    campaign = f"language: {language}" if language else "{}"
    return {"campaign.yaml": campaign, "mail.txt": text, "contacts.csv": people}


def test_one_annotation_a_language(said):
    rows = ["fr", "Français", "de-AT", "en", "EN_gb", "", "English"]
    found = said(unexpected_language, files(ENGLISH, rows))
    assert sorted((one.message, one.recipients.count) for one in found) == [
        ("the mail is in English, and the language of 1 of 7 recipients is German", 1),
        ("the mail is in English, and the language of 2 of 7 recipients is French", 2),
    ]
    assert {one.severity.label for one in found} == {"warning"}
    assert {one.path for one in found} == {"mail.txt"}


def test_the_campaign_says_another_language(said):
    (one,) = said(unexpected_language, files(ENGLISH, ["", "en"], "de"))
    assert one.recipients.count == 1
    assert "`language` says de" in one.message


@pytest.mark.parametrize(
    ("text", "rows", "language"),
    [
        (ENGLISH, ["en", "en-US", "English", "", "Klingon"], "en-GB"),
        (FRENCH, ["fr-CA", "francais"], "fr"),
        (f"{ENGLISH}\n\nThe sails are ready, too.\n\n{FRENCH} Les voiles sont prêtes.",
         ["fr", "en"], ""),
        ("Bonjour {{ first_name }} !", ["en"], ""),
        ("Benvolgut {{ first_name }},\n\nHem obert un nou taller al port i us hi esperem dissabte.",
         ["ca"], ""),
    ],
)  # fmt: skip
def test_nothing_is_said_of_the_right_language(said, text, rows, language):
    assert said(unexpected_language, files(text, rows, language)) == []


def test_a_branch_for_each_language(said):
    text = "{% if language == 'fr' %}" + FRENCH + "{% else %}" + ENGLISH + "{% endif %}"
    assert said(unexpected_language, files(text, ["fr", "en", ""])) == []


def test_the_ledger_where_the_cell_is_empty(said):
    campaign = {
        **files(ENGLISH, ["", "en"]),
        "preflight.yaml": "ledger: {clients: crm.csv}",
        "crm.csv": "email,language\nr0@a.example,fr\nr1@a.example,fr\n",
    }
    (one,) = said(unexpected_language, campaign)
    assert one.recipients.count == 1


def test_what_could_not_be_told_is_named(not_checked):
    (one,) = not_checked(unexpected_language, files("Hi!", ["en"]))
    assert "long enough" in one.reason
    (two,) = not_checked(unexpected_language, files(ENGLISH, ["Klingon"]))
    assert "language" in two.reason


def test_a_finished_mail():
    text = "Subject: x\n\n" + ENGLISH.replace("{{ first_name }}", "Ann")
    wrong = check_message(text, Context(language="fr")).annotations
    assert "unexpected-language" in {one.rule for one in wrong}
    right = check_message(text, Context(language="en")).annotations
    assert "unexpected-language" not in {one.rule for one in right}
    silent = check_message(text).not_checked
    assert "unexpected-language" in {one.rule for one in silent}
