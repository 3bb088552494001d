"""What mails about incidents say, leave out, and get wrong."""

from __future__ import annotations

import pytest

from preflight.tone import incident

ALL = {"facts", "cause", "impact", "action", "apology", "contact"}


@pytest.mark.parametrize(
    ("language", "text", "present", "faults"),
    [
        ("en", "On Tuesday 4 March, between 9.00 and 11.30, card payments failed in our shop. A certificate had expired. Some of you were charged although the order did not go through. We have renewed the certificate and refunded every payment. We apologise. Write to help@shop.example.", ALL, set()),
        ("en", "This morning our newsletter went out with a broken link. The correct link is https://shop.example/sale. Sorry!", {"facts", "action", "apology"}, set()),
        ("en", "OH NO!!! Our server has crashed and EVERYTHING is gone, an absolute DISASTER!!!", {"facts", "impact"}, {"panic", "no-action"}),
        ("en", "We are currently experiencing some technical difficulties. We apologise for any inconvenience caused.", {"apology"}, {"vague", "no-action"}),
        ("en", "The bus broke down on Friday and the children came home an hour late. It was only a tiny hiccup. The bus has been repaired.", {"facts", "impact", "action"}, {"minimise"}),
        ("fr", "Mardi 4 mars, de 9 h à 11 h 30, les paiements ont échoué. Un certificat avait expiré. Certains d'entre vous ont été débités sans que la commande aboutisse. Nous avons renouvelé le certificat et remboursé ces paiements. Toutes nos excuses. Écrivez à aide@boutique.example.", ALL, set()),
        ("fr", "Notre lettre de ce matin contenait un lien cassé. Voici le bon lien : https://boutique.example. Désolés !", {"facts", "action", "apology"}, set()),
        ("fr", "C'EST LA CATASTROPHE !!! Le serveur a planté, TOUT est perdu !!!", {"facts", "impact"}, {"panic", "no-action"}),
        ("fr", "Nous rencontrons quelques difficultés techniques. Veuillez nous excuser pour la gêne occasionnée.", {"apology"}, {"vague", "no-action"}),
    ],
)  # fmt: skip
def test_incident_mails(language: str, text: str, present: set[str], faults: set[str]) -> None:
    result = incident(text, language)
    assert set(result.present) == present
    assert set(result.missing) == ALL - present
    assert set(result.faults) == faults
    for element in (*result.present, *result.faults, *result.also):
        assert element.spans
        assert all(0 <= sign.start < sign.end <= len(text) for sign in element.spans)


def test_a_blamed_supplier() -> None:
    text = "Yesterday your invoice went to the wrong address. It is the fault of our printer."
    assert "blame" in incident(text, "en").faults


def test_when_the_next_news_comes_is_no_fact() -> None:
    text = "There is an issue. We will keep you informed and update you tomorrow at 5 pm."
    result = incident(text, "en")
    assert "facts" not in result.present
    assert "next" in result.also


def test_a_language_without_a_file_says_nothing() -> None:
    result = incident("Dzień dobry, wczoraj nasz serwer nie działał.", "pl")
    assert (result.present, result.missing, result.faults) == ((), (), ())


@pytest.mark.parametrize(
    ("whole", "empty"),
    [
        (
            "Sehr geehrte Frau Klein,\n\ngestern zwischen 14 und 16 Uhr war unser Shop nicht erreichbar, weil eine Festplatte überhitzt war. 312 Bestellungen wurden nicht gespeichert. Wir haben die Festplatte ersetzt. Es tut uns leid. Fragen beantwortet Ihnen Jan Roth unter 030 1234567.",
            "Sehr geehrte Frau Klein,\n\nes gab eine kleine Panne, das kann jedem mal passieren. Sie hätten die Hinweise lesen sollen.",
        ),
        (
            "Estimada clienta:\n\nAyer, entre las 14 y las 16 horas, nuestra tienda estuvo inaccesible debido a un disco averiado. No se registraron 312 pedidos. Hemos sustituido el disco. Le pedimos disculpas. Si tiene preguntas, llámenos al 910 123 456.",
            "Estimada clienta:\n\nHubo un pequeño problema, no es para tanto.",
        ),
        (
            "Gentile cliente,\n\nieri tra le 14 e le 16 il nostro negozio è rimasto irraggiungibile a causa di un disco guasto. 312 ordini non sono stati registrati. Abbiamo sostituito il disco. Ci scusiamo. Per domande può scriverci a aiuto@negozio.example.",
            "Gentile cliente,\n\nc'è stato un piccolo problema, niente di grave. È colpa del fornitore.",
        ),
        (
            "Cara cliente,\n\nontem, entre as 14 e as 16 horas, a nossa loja esteve indisponível devido a um disco avariado. 312 encomendas não foram registadas. Substituímos o disco e já enviámos os pedidos. Pedimos desculpa. Para dúvidas, ligue 210 123 456.",
            "Cara cliente,\n\nhouve um pequeno problema, não é nada de grave.",
        ),
        (
            "Beste klant,\n\ngisteren tussen 14 en 16 uur was onze webwinkel onbereikbaar doordat een schijf defect was. 312 bestellingen zijn niet opgeslagen. We hebben de schijf vervangen. Onze excuses. Voor vragen kunt u ons bellen op 020 1234567.",
            "Beste klant,\n\ner was een klein foutje, niets ernstigs. Schuld van de leverancier.",
        ),
    ],
)  # fmt: skip
def test_a_whole_incident_mail_and_an_empty_one_in_other_languages(whole: str, empty: str) -> None:
    told = incident(whole)
    assert not told.missing
    assert not told.faults
    silent = incident(empty)
    assert {"facts", "cause", "apology"} <= set(map(str, silent.missing))
    assert {"minimise", "no-action"} <= set(map(str, silent.faults))
