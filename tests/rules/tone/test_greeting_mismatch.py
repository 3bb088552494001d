"""Greetings and closings, and whom they fit."""

from __future__ import annotations

import pytest

from preflight_rules.tone.cold_text_in_warm_campaign import cold_text_in_warm_campaign
from preflight_rules.tone.greeting_mismatch import greeting_mismatch

REST = {
    "fr": "Notre atelier rouvre samedi matin, et le café est prêt pour la visite.",
    "de": "am Samstag öffnet unsere Werkstatt wieder, und der Kaffee ist fertig.",
    "en": "We have opened a new workshop at the harbour, and the coffee is ready.",
    "nl": "zaterdag gaat de werkplaats weer open en de koffie staat klaar voor iedereen.",
    "es": "El sábado abre de nuevo nuestro taller y el café está listo para la visita.",
    "it": "sabato la nostra bottega riapre e il caffè è pronto per la visita di tutti.",
    "pt": "no sábado a nossa oficina reabre e o café está pronto para a visita.",
}


def mail(greeting, language, closing="", rows=("any",), purpose="newsletter", columns="formality"):
    head = f"email,first_name,{columns}\n"
    return {
        "campaign.yaml": f"language: {language}\npurpose: {purpose}",
        "mail.txt": f"{greeting}\n\n{REST[language]}\n\n{closing}\nAda Example\n",
        "contacts.csv": head + "".join(f"r{n}@a.example,Li,{row}\n" for n, row in enumerate(rows)),
    }


@pytest.mark.parametrize(
    ("greeting", "language"),
    [
        ("Madame, Monsieur,", "fr"), ("À qui de droit :", "fr"), ("Dear Sir or Madam,", "en"),
        ("To whom it may concern:", "en"), ("Sehr geehrte Damen und Herren,", "de"),
        ("Geachte heer, mevrouw,", "nl"), ("A quien corresponda:", "es"),
        ("Gentili Signori,", "it"), ("Exmos. Senhores,", "pt"),
    ],
)  # fmt: skip
def test_to_nobody(said, greeting, language):
    (one,) = said(greeting_mismatch, mail(greeting, language))
    assert one.severity.label == "warning"
    assert one.span.text == greeting.rstrip(",:. ")
    service = mail(greeting, language, purpose="service")
    assert said(greeting_mismatch, service) == []
    known = mail(greeting, language, purpose="service", rows=["client"], columns="relationship")
    assert len(said(greeting_mismatch, known)) == 1
    nameless = {**mail(greeting, language), "contacts.csv": "email,city\na@b.example,Lille\n"}
    assert said(greeting_mismatch, nameless) == []


@pytest.mark.parametrize(
    ("greeting", "closing", "language", "row", "words"),
    [
        ("Salut {{ first_name }},", "", "fr", "formel", "Salut"),
        ("Bonjour {{ first_name }},", "Bises,", "fr", "formel", "Bises"),
        ("Hey {{ first_name }},", "", "en", "formal", "Hey"),
        ("Dear {{ first_name }},", "xoxo", "en", "formal", "xoxo"),
        ("Liebe {{ first_name }},", "Bussi", "de", "förmlich", "Bussi"),
        ("Hallo {{ first_name }},", "Hochachtungsvoll", "de", "locker", "Hochachtungsvoll"),
        ("Geachte {{ first_name }},", "", "nl", "informeel", "Geachte"),
        ("Madame,", "", "fr", "décontracté", "Madame"),
    ],
)
def test_unlike_the_reader(said, greeting, closing, language, row, words):
    files = mail(greeting, language, closing, rows=[row, "", "neutral"])
    (one,) = said(greeting_mismatch, files)
    assert one.span.text == words
    assert one.recipients.count == 1


@pytest.mark.parametrize(
    ("greeting", "closing", "language"),
    [
        ("Bonjour {{ first_name }},", "Cordialement,", "fr"), ("Hello {{ first_name }},", "Cheers", "en"),
        ("Hi {{ first_name }},", "Best,", "en"), ("Hallo {{ first_name }},", "Liebe Grüße", "de"),
        ("Hola {{ first_name }}:", "Un abrazo", "es"), ("Ciao {{ first_name }},", "A presto", "it"),
        ("Dag {{ first_name }},", "Groetjes", "nl"), ("Salutations de Lille,", "À plus tard", "fr"),
        ("{{ first_name }},", "", "fr"),
    ],
)  # fmt: skip
def test_what_fits_everybody(said, greeting, closing, language):
    files = mail(greeting, language, closing, rows=["formal", "casual", ""])
    assert said(greeting_mismatch, files) == []


def test_a_greeting_of_their_own(said):
    rows = ["Sehr geehrte Frau Li", "Hallo Li", "Hey Li", ""]
    (one,) = said(
        greeting_mismatch, mail("Hey {{ first_name }},", "de", rows=rows, columns="greeting")
    )
    assert one.recipients.count == 1
    assert "formal greeting of their own" in one.message
    printed = mail("{{ greeting }},", "de", rows=rows, columns="greeting")
    assert said(greeting_mismatch, printed) == []


COLD = (
    "Dear {{ first_name }},\n\nMy name is Ada Example and I am the founder of Example Studio. I came "
    "across your company last week. We help companies like yours to say what they do. Would you have "
    "15 minutes for a quick call?"
)


def test_a_cold_text_in_a_warm_campaign(said):
    files = {"campaign.yaml": "purpose: relationship", "mail.txt": COLD}
    (one,) = said(cold_text_in_warm_campaign, files)
    assert one.severity.label == "warning"
    for purpose in ("prospecting", "newsletter"):
        other = {**files, "campaign.yaml": f"purpose: {purpose}"}
        assert said(cold_text_in_warm_campaign, other) == []


@pytest.mark.parametrize(
    "text",
    [
        (
            "Dear {{ first_name }},\n\nIt was good to see you last month. As promised, here is the sketch. "
            "Would you have 15 minutes for a quick call?"
        ),
        (
            "Dear {{ first_name }},\n\nI would like to introduce our new colleague Mei to you. She looks "
            "after your orders from now on."
        ),
        (
            "Bonjour {{ first_name }},\n\nMerci pour cette année passée ensemble. Comme d'habitude, notre "
            "atelier ferme entre les fêtes ; votre commande est prête."
        ),
    ],
)
def test_warm_texts_in_a_warm_campaign(said, text):
    files = {"campaign.yaml": "purpose: relationship", "mail.txt": text}
    assert said(cold_text_in_warm_campaign, files) == []
