"""Unsubscribing, by address and by name, in the languages of the readers."""

from __future__ import annotations

import pytest

from preflight.templates.unsubscribe import is_unsubscribe, mentions_unsubscribe


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://x.example/u/1", "Unsubscribe"),
        ("https://x.example/unsub?id=1", "here"),
        ("https://x.example/%75nsubscribe", ""),
        ("https://x.example/opt-out", ""),
        ("https://x.example/l/abc", "Se désinscrire"),
        ("https://x.example/l/abc", "Me désabonner de cette liste"),
        ("https://x.example", "hier abmelden"),
        ("https://x.example", "Newsletter abbestellen"),
        ("https://x.example/es/baja", ""),
        ("https://x.example", "Darse de baja"),
        ("https://x.example", "Annulla l’iscrizione"),
        ("https://x.example", "Cancelar a subscrição"),
        ("https://x.example", "Afmelden"),
        ("https://x.example", "Uitschrijven"),
        ("https://x.example", "Wypisz się"),
        ("https://x.example", "Avregistrera dig"),
        ("https://x.example", "Afmeld nyhedsbrev"),
        ("https://x.example", "Meld deg av"),
        ("https://x.example", "Peruuta tilaus"),
        ("https://x.example", "Dezabonare"),
        ("https://x.example", "Odhlásit se"),
        ("{{ unsubscribe_url }}", "leave"),
        ("*|UNSUB|*", ""),
        ("[[remove]]", ""),
        ("{!remove_web}", ""),
        ("mailto:leave@example.org?subject=unsubscribe", ""),
    ],
)
def test_links_to_unsubscribe(url, text):
    assert is_unsubscribe(url, text)


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://x.example/subscribe", "Subscribe"),
        ("https://x.example/trabajar", "Trabajar"),
        ("https://x.example/remove-stains", "Cleaning tips"),
        ("https://baja.example/", "Baja"),
        ("https://x.example/", "S'inscrire"),
        ("https://x.example/anmelden", "Jetzt anmelden"),
        ("https://x.example/", "Manage preferences"),
        ("", ""),
    ],
)
def test_other_links(url, text):
    assert not is_unsubscribe(url, text)


def test_the_words_around_a_link_that_says_nothing():
    around = "To unsubscribe, click here. Read more"
    assert is_unsubscribe("https://t.example/1", "click here", around)
    assert is_unsubscribe("https://t.example/1", "ici", "Pour vous désabonner, cliquez ici")
    assert not is_unsubscribe("https://t.example/1", "Read more", around)


@pytest.mark.parametrize(
    "text",
    [
        "To unsubscribe, visit https://x.example/1",
        "Pour vous désinscrire :\nhttps://x.example/1",
        "Zum Abmelden klicken Sie hier: https://x.example",
        "Melden Sie sich hier ab: https://x.example",
        "Cancelar la suscripción: https://x.example",
        "Om je af te melden, mail naar x@example.org: afmelden",
        "Ne souhaitez plus recevoir nos mails ? Écrivez à x@example.org",
        "Unsubscribe: {{ unsubscribe_url }}",
        "https://x.example/unsubscribe?u=1",
        "If you no longer wish to hear from us, reply STOP.",
        "Répondez « STOP » pour ne plus rien recevoir",
        "Antworten Sie mit STOPP.",
        'Just reply with "unsubscribe".',
        "Prefer not to receive these? Just answer this mail.",
    ],
)
def test_texts_that_say_how(text):
    assert mentions_unsubscribe(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hello, see https://x.example",
        "We never unsubscribe anybody.",
        "Our non-stop offer, send flowers: https://x.example",
        "Write to us, no problem. https://x.example",
        "Our store in Baja California: https://x.example",
        "Say no to plastic https://x.example",
        "Subscribe: https://x.example/subscribe",
    ],
)
def test_texts_that_do_not(text):
    assert not mentions_unsubscribe(text)


@pytest.mark.parametrize(
    "text",
    ["Leiratkozás", "Отписаться от рассылки", "Відписатися", "Κατάργηση εγγραφής", "Abonelikten çık", "Zrušiť odber", "Odjava", "メールの配信停止はこちら", "点此退订", "수신거부"],
)  # fmt: skip
def test_languages_of_the_links_text(text):
    assert is_unsubscribe("https://t.example/1", text)
    assert mentions_unsubscribe(f"{text}: https://t.example/1")


@pytest.mark.parametrize("text", ["Отпуск в горах", "Leírás", "配信開始", "Çıkış", "Καλημέρα"])
def test_other_words_of_these_languages(text):
    assert not is_unsubscribe("https://t.example/1", text)
