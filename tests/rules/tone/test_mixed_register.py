"""Tu and vous in one mail, and what looks like it."""

from __future__ import annotations

import pytest

from preflight import Context, check_message
from preflight_rules.tone.mixed_register import mixed_register

MIXED = {
    "fr": (("Notre atelier rouvre samedi, et nous avons pensé à toi. Tu trouveras le programme plus "
           "bas. Nous serions heureux de vous accueillir."), "vous"),
    "de": (("Am Samstag öffnen wir, und wir haben an dich gedacht. Komm mit deiner Familie. Wir "
           "freuen uns auf Sie."), "Sie"),
    "es": (("El sábado abrimos y hemos pensado en ti. ¿Vienes tú con tu familia? Nos gustaría contar "
           "con usted."), "usted"),
    "nl": (("Zaterdag gaan we open en we hebben aan jou gedacht. Kom jij met je familie? Wij zien u "
           "graag in de haven."), "u"),
}  # fmt: skip


@pytest.mark.parametrize("language", MIXED)
@pytest.mark.parametrize("told", [True, False])
def test_both_in_one_text(said, language, told):
    text, word = MIXED[language]
    campaign = f"language: {language}" if told else "{}"
    (one,) = said(mixed_register, {"campaign.yaml": campaign, "mail.txt": text})
    assert one.severity.label == "error"
    assert one.span.text == word
    assert any("here it is" in related.message for related in one.related)


def test_subject_and_text(said):
    files = {
        "campaign.yaml": "language: fr\nsubject: Ton atelier rouvre",
        "mail.txt": "Bonjour,\n\nNous avons pensé à vous : venez samedi, votre atelier rouvre.",
    }
    (one,) = said(mixed_register, files)
    assert (one.path, one.span.text) == ("campaign.yaml", "Ton")


def test_html_and_text(said):
    files = {
        "campaign.yaml": "language: fr\nbody: {html: mail.html, text: mail.txt}",
        "mail.html": "<p>Bonjour,</p><p>Nous avons pensé à toi pour samedi, viens nous voir.</p>",
        "mail.txt": "Bonjour,\n\nNous avons pensé à vous pour samedi, venez nous voir.",
    }
    (one,) = said(mixed_register, files)
    paths = {one.path, *(related.span.source.path for related in one.related)}
    assert paths >= {"mail.html", "mail.txt"}


@pytest.mark.parametrize(
    "text",
    [
        "On compte sur toi samedi. Si vous venez à plusieurs, dis-le-nous pour le buffet.",
        "On compte sur toi samedi, viens. « Vous êtes les meilleurs », nous écrit une cliente.",
        "On compte sur toi samedi. Prends rendez-vous par téléphone, ou sur place.",
        (
            "Tu viens samedi ? On compte sur toi.\n\n-- \nVous recevez ce message parce que vous êtes "
            "inscrit à notre liste."
        ),
        "Nous vous attendons samedi. Te Deum à 18 h, puis le ton monte : l'atelier chante.",
    ],
)
def test_no_mix_in_french(said, text):
    assert said(mixed_register, {"campaign.yaml": "language: fr", "mail.txt": text}) == []


def test_branches_are_read_one_by_one(said):
    files = {
        "campaign.yaml": "language: de",
        "mail.txt": "Hallo {{ first_name }},\n\nam Samstag öffnen wir. {% if register == 'du' %}Wir "
        "freuen uns auf dich.{% else %}Wir freuen uns auf Sie.{% endif %}",
        "contacts.csv": "email,first_name,register\na@b.example,Ann,du\nc@b.example,Cem,Sie\n",
    }
    assert said(mixed_register, files) == []
    files["mail.txt"] = files["mail.txt"].replace("öffnen wir.", "öffnen wir und denken an dich.")
    (one,) = said(mixed_register, files)
    assert one.recipients.count == 1


def test_two_languages_are_read_one_by_one(said):
    text = (
        "Beste lezer,\n\nzaterdag gaan wij open en wij zien u graag met uw familie. Wij hebben aan u "
        "gedacht, en de koffie staat klaar.\n\nBonjour,\n\nje vous écris parce que nous ouvrons "
        "samedi. Nous avons pensé à vous et à votre famille, et je me réjouis de la visite."
    )
    assert said(mixed_register, {"mail.txt": text}) == []


def test_a_finished_mail():
    text = "Subject: Samedi\nFrom: a@b.example\nTo: c@d.example\n\n" + MIXED["fr"][0]
    report = check_message(text.encode(), Context(language="fr"))
    assert [one.rule for one in report.annotations if one.severity.label == "error"] == [
        "mixed-register"
    ]
    data = Context(language="fr", data={"note": "Tu trouveras le programme plus bas"})
    quoted = (
        "Subject: x\n\nBonjour,\n\nNous avons pensé à vous. Tu trouveras le programme plus bas."
    )
    assert "mixed-register" not in {a.rule for a in check_message(quoted, data).annotations}


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("fr", "Si vous ne voyez pas ce message correctement, cliquez ici."),
        ("fr", "Suivez-nous sur nos réseaux, et donnez votre avis."),
        ("de", "Wenn Sie diese E-Mail nicht richtig angezeigt bekommen, klicken Sie bitte hier."),
        ("nl", "Kunt u deze mail niet goed lezen? Bekijk hem in uw browser."),
    ],
)
def test_lines_that_the_mailer_brings_along(said, language, line):
    text = {
        "fr": "On a pensé à toi : notre atelier rouvre samedi et tu es invité.",
        "de": "Wir haben an dich gedacht: Am Samstag öffnen wir wieder, und du bist eingeladen.",
        "nl": "We hebben aan jou gedacht: zaterdag gaan we weer open en je bent welkom.",
    }[language]
    html = f"<p>{line}</p><p>Hallo {{{{ first_name }}}},</p><p>{text}</p>"
    files = {"campaign.yaml": f"language: {language}\nbody: {{html: mail.html, text: ~}}"}
    assert said(mixed_register, files | {"mail.html": html}) == []
