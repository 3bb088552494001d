"""Sound campaigns of all kinds, in seven languages: no rule about tone says anything."""

from __future__ import annotations

import pytest
from rules.tone.sound_mails import MAILS

from preflight.testing import check_files
from preflight_rules import RULES
from preflight_rules.recipients.unexpected_language import unexpected_language

TONE = [rule for rule in RULES if ".tone." in rule.module] + [unexpected_language]
PEOPLE = (
    "ines@atelier.example,Inès,Durand{0}\njan@werft.example,Jan,Mayer{1}\nx@y.example,Li,Wu{1}\n"
)


@pytest.mark.parametrize(("key", "text"), MAILS.items(), ids=["-".join(key) for key in MAILS])
@pytest.mark.parametrize(
    ("told", "html"),
    [("nothing", False), ("language", True), ("everything", False), ("everything", True)],
)
def test_nothing_is_said(key, text, told, html):
    language, purpose, register = key
    campaign = f"purpose: {purpose}\nsubject: Atelier 2026\n"
    campaign += f"language: {language}\n" if told != "nothing" else ""
    people = "email,first_name,last_name\n" + PEOPLE.format("", "")
    if told == "everything":
        wish = {"T": "informal", "V": "formal", "": ""}[register]
        people = "email,first_name,last_name,register,language,relationship,known_since\n"
        people += PEOPLE.format(f",{wish},{language},client,2004", f",any,{language},,2019-01-01")
    files = {"mail.txt": text, "contacts.csv": people}
    if html:
        campaign += "body: {html: mail.html, text: mail.txt}\n"
        paragraphs = text.replace("\n\n", "</p><p>").replace(",\n", ",<br>")
        files["mail.html"] = f"<html><body><p>{paragraphs}</p></body></html>"
    report = check_files({"campaign.yaml": campaign, **files}, rules=TONE)
    assert [(one.rule, one.span.text, one.message) for one in report.annotations] == []


def test_there_are_mails_in_all_languages():
    assert {language for language, _, _ in MAILS} == {"fr", "de", "es", "it", "pt", "nl", "en"}
