"""Zones cover the text, masking keeps its length, and the right words are set aside."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preflight.tone import analyse
from preflight.tone.zones import layout

PIECES = st.sampled_from(
    [
        "Bonjour Paul,\n", "\n\n", "> vous", "\n> tu\n", "« vous »", '"tu"', "{{ name }}", "Sie",
        "https://x.example/tu", "tu@x.example", "\n-- \n", "Cordialement,\n", "Objet : vous\n",
        "Le 3 mars, Paul a écrit :\n", "vous désinscrire", "`tu`", "<b>", "você", "é", "\r\n",
        "\u2028", "[Voir]", "usted ", "!!!", "😀", "12 ", "\x00", "’", "“", "”", "«", "\t",
    ]
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_zones_cover_the_text_and_masking_keeps_its_length(text: str) -> None:
    mail = layout(text)
    assert "".join(text[zone.start : zone.end] for zone in mail.zones) == text
    masked = mail.masked()
    assert len(masked) == len(text)
    assert all(a == b or a == " " for a, b in zip(masked, text, strict=True))


@settings(deadline=None, max_examples=60)
@given(st.lists(PIECES, max_size=20).map("".join), st.sampled_from(["fr", "de", "es", "pt", None]))
def test_spans_lie_inside_the_text(text: str, language: str | None) -> None:
    tone = analyse(text, language)
    for found in (*tone.evidence, *tone.ignored, *tone.stance_evidence):
        assert 0 <= found.start < found.end <= len(text)
        assert text[found.start : found.end].strip()


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=300))
def test_any_text_is_analysed(text: str) -> None:
    assert analyse(text).register in {"T", "V", "mixed", "plural", "none", "unknown"}


@pytest.mark.parametrize(
    ("text", "inside", "zone"),
    [
        ("Objet : Votre devis\n\nBonjour,\n\nLe voici.", "Votre devis", "subject"),
        ("Preheader: Votre devis\n\nBonjour,\n\nLe voici.", "Votre devis", "preheader"),
        ("Salut Paul,\n\nÇa va ?", "Salut Paul", "greeting"),
        ("Exmo. Senhor Silva,\n\nSegue a fatura.", "Senhor Silva", "greeting"),
        ("Salut Paul,\n\nÇa va ?\n\nBises,\nAnne", "Bises", "sign-off"),
        ("Salut Paul,\n\nÇa va ?\n\nBises,\nAnne", "Anne", "signature"),
        ("Hi,\n\nNews.\n\n-- \nAnne Smith\nSales", "Anne Smith", "signature"),
        ("Hi,\n\nYes.\n\n> Did you call?\n", "Did you call", "quoted reply"),
        (
            "Hi,\n\nYes.\n\nOn 3 March 2025 Paul wrote:\nDid you call?",
            "Did you call",
            "quoted reply",
        ),
        ("Oui.\n\nDe : Paul\nEnvoyé : lundi\nObjet : x\n\nTu viens ?", "Tu viens", "quoted reply"),
        ("Ja.\n\n-----Ursprüngliche Nachricht-----\nKommst du?", "Kommst du", "quoted reply"),
        ("Er sagte: „Komm du!“ Und dann ging er.", "Komm du", "quotation"),
        ("Il dit : « Tu viens ? » et il part en courant.", "Tu viens", "quotation"),
        ("Bonjour,\n\nVoici.\n\nPour vous désinscrire, cliquez ici.", "vous dés", "legal footer"),
        ("Hi,\n\nNews.\n\n[View your order]", "View your", "button"),
        ("Hi {{ first_name }},\n\nNews.", "first_name", "placeholder"),
        ("Write to you@shop.example now.", "you@shop", "address"),
        ("Run `you --now` today.", "you --now", "code"),
    ],
)
def test_zones(text: str, inside: str, zone: str) -> None:
    assert layout(text).zone(text.index(inside)) == zone


def test_a_question_before_a_quotation_introduces_no_quoted_mail() -> None:
    text = "Bonjour,\n\nUne cliente nous a écrit :\nmerci, tout va bien.\nEt vous ?"
    assert layout(text).zone(text.index("Et vous")) == "body"


def test_a_mail_that_is_one_quotation_is_not_masked() -> None:
    assert analyse('"Je vous remercie de votre réponse."', "fr").register == "V"


@pytest.mark.parametrize(
    "text",
    [
        "«" * 50_000,
        '"\n' * 50_000,
        "{{" * 50_000,
        "a@" * 50_000,
        "a." * 50_000,
        "> " * 75_000,
        "Le 3 a écrit " * 12_500,
        "toi et " * 25_000,
        "vous " * 50_000,
        "\n" * 125_000,
        "On 3 wrote:\n" * 12_500,
        "we help " * 25_000,
        "From: a\n" * 20_000,
        "é" * 1_000_000,
        "!" * 75_000,
        "1 " * 50_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_hostile_texts_end(text: str) -> None:
    assert analyse(text, "fr").language == "fr"
