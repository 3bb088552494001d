"""First contacts are found in mails by many hands, and ordinary mails are left in peace."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from tone.stance_texts import COLD, ORDINARY

from preflight.tone import analyse, language_in

MORE = json.loads(Path(__file__).with_name("more_stance_texts.json").read_text(encoding="utf-8"))
for language, texts in MORE["cold"].items():
    COLD[language] = [*COLD[language], *texts]
for language, texts in MORE["ordinary"].items():
    ORDINARY[language] = [*ORDINARY[language], *texts]
for path in sorted(Path(__file__).with_name("mails").glob("*.txt")):
    for kind, text in re.findall(
        r"^=== (cold|ordinary)\n(.*?)(?=^=== |\Z)", path.read_text("utf-8"), re.M | re.S
    ):
        (COLD if kind == "cold" else ORDINARY)[path.stem].append(text)


@pytest.mark.parametrize("language", COLD)
def test_most_first_contacts_are_found(language: str) -> None:
    texts = COLD[language]
    found = [text for text in texts if analyse(text, language).stance == "cold"]
    assert len(found) >= 0.8 * len(texts)


@pytest.mark.parametrize("language", ORDINARY)
def test_no_ordinary_mail_is_a_first_contact(language: str) -> None:
    for text in ORDINARY[language]:
        assert analyse(text, language).stance != "cold", text


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "Salut Marc,\n\nVoilà vingt ans que nous sommes amis, et comme tous les ans je t'ai gardé ta place. Embrasse les enfants !", "known"),
        ("en", "Hi Jo,\n\nIt's been ten years since we shared that flat. Give my love to the kids.", "known"),
        ("en", "Dear Ms Reid,\n\nYour order no 4471 is ready for collection. Your invoice is attached.", "customer"),
        ("fr", "Bonjour,\n\nVotre commande n° 4471 est prête. Vous pouvez la retirer en magasin.", "customer"),
        ("de", "Guten Tag,\n\nIhre Bestellung Nr. 4471 ist abholbereit.", "customer"),
        ("en", "The train leaves at eight.", "unknown"),
        ("pl", "Dzień dobry, nazywam się Anna.", "unknown"),
    ],
)  # fmt: skip
def test_stances(language: str, text: str, expected: str) -> None:
    tone = analyse(text, language)
    assert tone.stance == expected
    assert bool(tone.stance_evidence) == (expected != "unknown")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Dear team,\n\nI would like to introduce our new colleague, Jo, who joins us on Monday."),
        ("en", "Our customers save 30 %. Most companies lose hours every week. Our tool helps you save time. Get the special offer today."),
        ("fr", "Chers collègues,\n\nJ'ai le plaisir de vous présenter notre nouvelle directrice, qui nous rejoint lundi."),
        ("fr", "Nos clients économisent 30 %. Notre logiciel vous fait gagner du temps. Profitez de l'offre spéciale."),
        ("de", "Hallo Olaf,\n\ndarf ich dir Alan vorstellen? Er leitet das Labor nebenan."),
    ],
)  # fmt: skip
def test_advertising_and_new_colleagues_are_no_first_contact(language: str, text: str) -> None:
    assert analyse(text, language).stance != "cold"


def test_a_first_contact_is_shown_by_several_families() -> None:
    tone = analyse(COLD["en"][0], "en")
    assert len({sign.family for sign in tone.stance_evidence}) >= 2


@pytest.mark.parametrize("language", COLD)
def test_each_word_is_shown_once(language: str) -> None:
    for text in COLD[language]:
        signs = analyse(text, language).stance_evidence
        assert all(one.end <= after.start for one, after in pairwise(signs))


def test_phrases_that_share_words_are_shown_as_one() -> None:
    text = "Hi,\n\nMy name is Jo and I run a press. Would you be open to a quick call next week?"
    tone = analyse(text, "en")
    assert tone.stance == "cold"
    assert [text[sign.start : sign.end] for sign in tone.stance_evidence] == [
        "My name is Jo and",
        "I run a",
        "Would you be open to a quick call",
    ]


def test_the_name_in_a_greeting_is_no_evidence() -> None:
    text = "Guten Tag Frau Muster,\n\nmein Name ist Beispiel, ich bin Gründerin der Segel GmbH."
    tone = analyse(f"{text} Hätten Sie nächste Woche 15 Minuten für ein Telefonat?", "de")
    assert tone.stance == "cold"
    assert "Muster" not in {text[sign.start : sign.end] for sign in tone.stance_evidence}


@pytest.mark.parametrize("language", COLD)
def test_the_language_alone_is_the_one_of_the_whole_analysis(language: str) -> None:
    for text in (*COLD[language], *ORDINARY[language], "", "{{ first_name }}"):
        assert language_in(text) == analyse(text).language
