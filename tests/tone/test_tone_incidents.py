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
