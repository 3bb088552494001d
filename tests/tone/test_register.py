"""Verdicts, and the traps that fool lists of pronouns, in all languages."""

from __future__ import annotations

import pytest

from preflight.tone import analyse, language
from preflight.tone.language import language_of

NOBODY = ("none", "plural", "unknown")


@pytest.mark.parametrize(
    ("tag", "text", "expected"),
    [
        ("fr", "Salut Léa, tu as reçu ton colis ?", "T"),
        ("fr", "Chère Madame, vous trouverez votre facture en pièce jointe.", "V"),
        ("de", "Hallo Jan, hast du deine Karte schon?", "T"),
        ("de", "Guten Tag, hier ist Ihre Rechnung.", "V"),
        ("de", "Klicke auf den Link.", "T"),
        ("es", "Hola, Luis: ¿tienes ya tu entrada?", "T"),
        ("es", "Estimada señora: le enviamos a usted la factura.", "V"),
        ("it", "Ciao Anna, hai già il tuo biglietto?", "T"),
        ("it", "Gentile signora, Le inviamo la Sua fattura.", "V"),
        ("pt", "Olá Rui, já tens o teu bilhete?", "T"),
        ("pt", "Bom dia, o senhor pode levantar a fatura.", "V"),
        ("nl", "Hoi Tim, heb je jouw kaartje al?", "T"),
        ("nl", "Geachte heer, hierbij ontvangt u uw factuur.", "V"),
        ("en", "Hi Tim, do you have your ticket?", "none"),
        ("fr", "Le train part à huit heures.", "none"),
        ("de", "Der Zug fährt um acht Uhr ab.", "none"),
        ("nl", "De trein vertrekt om acht uur.", "none"),
    ],
)
def test_plain_texts(tag: str, text: str, expected: str) -> None:
    assert analyse(text, tag).register == expected


@pytest.mark.parametrize(
    ("tag", "text", "expected"),
    [
        # several readers
        ("fr", "Coucou Inès, tu viens ? Toi et Jo, vous prenez le train ? Je vous attends.", "T"),
        ("fr", "Chers voisins,\n\nVous êtes tous invités samedi. Apportez vos chaises !", NOBODY),
        ("de", "Liebe Nachbarn,\n\nihr seid alle eingeladen. Bringt eure Stühle mit!", NOBODY),
        ("de", "Hallo Ute, kommst du? Ihr beide könnt bei uns schlafen, du und Jens.", "T"),
        ("es", "Queridos vecinos: ustedes están invitados el sábado.", NOBODY),
        ("it", "Cari vicini, vi aspettiamo sabato con i vostri bambini.", NOBODY),
        ("pt", "Caros vizinhos, vocês estão convidados.", NOBODY),
        ("nl", "Beste buren,\n\nJullie zijn allemaal welkom op zaterdag.", NOBODY),
        ("fr", "Salut Léa, tu viens ? Si vous venez à plusieurs, dis-le-moi.", "T"),
        ("fr", "Salut Léa, ton inscription est notée. Combien serez-vous ? Dis-moi.", "T"),
        ("fr", "Coucou Inès, vous partez en famille ? Tu me raconteras.", "T"),
        # his and her things
        ("es", "Hola Ana, mi jefe quiere cambiar su despacho. Te cuento luego.", "T"),
        ("it", "Ciao, il mio capo vuole cambiare il suo ufficio. Ti racconto dopo.", "T"),
        ("es", "¿Tienes su número? Te espero.", "T"),
        ("pt", "Tens o seu número? Espero por ti.", "T"),
        # politeness
        ("fr", "S'il vous plaît, réponds vite ! Tu me manques.", "T"),
        ("fr", "Merci de répondre avant lundi, s’il vous plait.", "V"),
        # quotations, quoted mails, footers
        ("fr", "Salut Max, ma voisine m'a dit « Vous êtes bien bon ». Tu imagines ?", "T"),
        ("de", "Sehr geehrter Herr Ott, auf dem Schild steht „Du kommst hier rein“. Sehen Sie?", "V"),
        ("fr", "Bonjour Madame, voici votre devis.\n\n> Salut, tu peux me l'envoyer ?", "V"),
        ("nl", "Hoi Bas, je pakket ligt klaar.\n\n-- \nU ontvangt dit bericht als klant.", "T"),
        ("es", "Hola, Eva: aquí tienes tu código.\n\nSi no desea recibir más correos, escriba a su gestor.", "T"),
        # homographs, brands, set phrases
        ("fr", "Bonjour, le ton de votre lettre m'a plu.", "V"),
        ("fr", "Bonjour, votre séjour TUI est confirmé.", "V"),
        ("fr", "Le rendez-vous est à midi.", NOBODY),
        ("fr", "Hier, elle s'est tue et il a tu la suite.", NOBODY),
        ("de", "Die Nachbarin ist da. Sie sagt, sie hat ihre Schlüssel verloren.", NOBODY),
        ("de", "Wir sind seit Jahren per du.", NOBODY),
        ("it", "Marta ha perso la sua borsa e lui l'ha trovata.", NOBODY),
        ("nl", "Beste mevrouw, u kunt uw pakket ophalen. Je weet maar nooit of het regent.", "V"),
        # Québec, Brazil
        ("fr-CA", "Allô, c'est-tu prêt ? Ça se peut-tu qu'on parte demain ?", NOBODY),
        ("fr-CA", "Allô Guy, viens-tu souper ?", "T"),
        ("pt-BR", "Olá, você já recebeu o convite.", NOBODY),
        # both for one reader
        ("fr", "Bonjour, votre colis est parti. Tu peux suivre ton envoi ici.", "mixed"),
        ("de", "Guten Tag, wir haben Ihr Paket verschickt. Hier siehst du deine Rechnung.", "mixed"),
        ("nl", "Beste Tom, je bestelling is klaar. U kunt uw pakket ophalen.", "mixed"),
        ("it", "Ciao Ugo, il tuo pacco è partito. Quando riceverà il Suo codice, lo conservi.", "mixed"),
    ],
)  # fmt: skip
def test_traps(tag: str, text: str, expected: str | tuple[str, ...]) -> None:
    assert analyse(text, tag).register in ((expected,) if isinstance(expected, str) else expected)


def test_what_is_ignored_is_shown_with_its_reason() -> None:
    text = "Salut Léo, tu viens au rendez-vous ?\n\n> vous êtes là ?"
    tone = analyse(text, "fr")
    assert [text[e.start : e.end] for e in tone.evidence if e.strength == "hard"] == ["tu"]
    reasons = {text[i.start : i.end]: i.reason for i in tone.ignored}
    assert reasons["vous"] in ("set phrase", "quoted reply")
    assert {i.reason for i in tone.ignored} >= {"set phrase", "quoted reply"}


def test_the_minority_of_a_mixed_text() -> None:
    text = "Votre colis est parti de votre magasin. Nous vous remercions. Tu peux le suivre."
    tone = analyse(text, "fr")
    assert tone.register == "mixed"
    assert "Tu" in [text[each.start : each.end] for each in tone.minority]
    assert analyse("Tu viens ?", "fr").minority == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nous vous remercions de votre commande et de votre confiance.", "fr"),
        ("We would like to thank you for your order and your trust.", "en"),
        ("Wir danken Ihnen für Ihre Bestellung und Ihr Vertrauen.", "de"),
        ("Le agradecemos su pedido y la confianza que nos demuestra.", "es"),
        ("La ringraziamo per il suo ordine e per la fiducia.", "it"),
        ("Agradecemos a sua encomenda e a confiança que nos mostra.", "pt"),
        ("Wij danken u voor uw bestelling en uw vertrouwen.", "nl"),
        ("Vă mulțumim pentru comandă și pentru încrederea acordată.", "ro"),
        ("Bonjour !", None),
        ("Vi takker for din bestilling og glæder os til at se dig igen.", None),
        ("Dziękujemy za złożenie zamówienia i zaufanie do naszej firmy.", None),
        ("12345 67890 !!! ??? 12345 67890", None),
    ],
)
def test_language(text: str, expected: str | None) -> None:
    assert language_of(text) == expected


def test_an_unknown_language_has_an_unknown_register() -> None:
    tone = analyse("Dziękujemy za złożenie zamówienia i zaufanie do naszej firmy.")
    assert (tone.language, tone.register, tone.evidence) == (None, "unknown", ())
    assert analyse("Tu viens ?", "pl").register == "unknown"
    assert analyse("", "fr").register == "none"


def test_a_short_text_has_no_language() -> None:
    assert len("Merci bien") < language.LETTERS_NEEDED
    assert language_of("Merci bien") is None
