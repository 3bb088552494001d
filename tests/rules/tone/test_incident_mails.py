"""Mails about incidents: what they leave out, what they say too much, and what comes after."""

from __future__ import annotations

import pytest

from preflight import Context, check_message
from preflight_rules.tone.emotional_incident_mail import emotional_incident_mail
from preflight_rules.tone.incomplete_incident_mail import incomplete_incident_mail
from preflight_rules.tone.missing_incident_follow_up import missing_incident_follow_up

SOUND = {
    "en": """Dear {{ first_name }},

On Tuesday 3 March, from 9 to 11 am, our online shop was unavailable. Your order of that morning was not lost, but it will arrive
one day late. We are sorry.

The cause was an update that filled the disk of our server. We removed the update and restarted the shop at 11 am.

You need not do anything. We will write again on Thursday, when all parcels have left.
If you have questions, call 030 1234567 or reply to this mail.

Ada Example""",
    "fr": """Bonjour {{ first_name }},

Mardi 3 mars, de 9 h à 11 h, notre boutique en ligne était inaccessible. Votre commande de ce matin-là n’est pas perdue, mais elle
arrivera avec un jour de retard. Nous vous présentons nos excuses.

La cause : une mise à jour a rempli le disque de notre serveur. Nous avons retiré la mise à jour et redémarré la boutique à 11 h.

Vous n’avez rien à faire. Nous vous écrirons de nouveau jeudi, quand tous les colis seront partis.
Pour toute question, appelez le 03 53 01 44 07 ou répondez à ce message.

Ada Exemple""",
}


def mail(text, language="en", purpose="incident"):
    return {"campaign.yaml": f"purpose: {purpose}\nlanguage: {language}", "mail.txt": text}


@pytest.mark.parametrize("language", SOUND)
@pytest.mark.parametrize("purpose", ["incident", "apology"])
def test_a_sound_mail(said, language, purpose):
    files = mail(SOUND[language], language, purpose)
    assert said(incomplete_incident_mail, files) == []
    assert said(emotional_incident_mail, files) == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "Dear {{ first_name }},\n\nAn incident has occurred. We apologise for any inconvenience.",
            "en",
        ),
        (
            "Bonjour,\n\nUn incident est survenu. Veuillez nous excuser pour la gêne occasionnée.",
            "fr",
        ),
    ],
)
def test_nothing_but_regret(said, text, language):
    found = said(incomplete_incident_mail, mail(text, language))
    assert [one.severity.label for one in found].count("error") == 2
    (rest,) = [one for one in found if one.severity.label == "warning"]
    assert "when the next news comes" in rest.message
    assert "sorry" not in rest.message
    assert all(one.path == "mail.txt" for one in found)


@pytest.mark.parametrize(
    ("cut", "what"),
    [
        (" We are sorry.", "that you are sorry"),
        (
            " We will write again on Thursday, when all parcels have left.",
            "when the next news comes",
        ),
    ],
)
def test_one_thing_is_missing(said, cut, what):
    assert cut in SOUND["en"]
    (one,) = said(incomplete_incident_mail, mail(SOUND["en"].replace(cut, "")))
    assert one.severity.label == "warning"
    assert one.message == f"the mail does not say: {what}"
    assert one.span.text.startswith("On Tuesday 3 March")


def test_no_next_news_when_it_is_over(said):
    text = SOUND["en"].replace(" We will write again on Thursday, when all parcels have left.", "")
    over = text.replace("We removed", "The shop is back to normal: we removed")
    assert said(incomplete_incident_mail, mail(over)) == []
    assert said(incomplete_incident_mail, mail(text, purpose="apology")) == []


@pytest.mark.parametrize("purpose", ["newsletter", "promotion", "service"])
def test_other_purposes_are_left_alone(said, purpose):
    text = "Dear {{ first_name }},\n\nWhat a nightmare!!! We apologise for any inconvenience."
    assert said(incomplete_incident_mail, mail(text, purpose=purpose)) == []
    assert said(emotional_incident_mail, mail(text, purpose=purpose)) == []


def test_more_than_facts(said):
    text = SOUND["en"].replace(
        "We are sorry.",
        "We are sorry. What a NIGHTMARE, a DISASTER!!! It is all the fault of our provider, and it was "
        "only a slight inconvenience.",
    )
    found = said(emotional_incident_mail, mail(text))
    assert len(found) == 3
    assert {one.severity.label for one in found} == {"warning"}
    assert any("slight inconvenience" in one.span.text for one in found)


def test_what_recipients_fields_print_counts_too(said):
    text = SOUND["en"].replace("030 1234567 or reply to this mail", "{{ phone }}")
    files = mail(text.replace("questions, call", "questions:"))
    files["contacts.csv"] = "email,first_name,phone\na@b.example,Ann,030 1234567\n"
    assert said(incomplete_incident_mail, files) == []


@pytest.mark.parametrize("rule", [incomplete_incident_mail, emotional_incident_mail])
def test_a_language_without_words_is_named(said, not_checked, rule):
    text = (
        "Dzień dobry,\n\nwe wtorek od 9 do 11 nasz sklep nie działał z powodu awarii serwera. Wszystko "
        "już działa, przepraszamy za kłopot."
    )
    assert said(rule, mail(text, "pl")) == []
    reasons = [one.reason for one in not_checked(rule, mail(text, "pl"))]
    assert reasons == ["needs a text in a language in which words about incidents are known"]


def test_where_fewer_words_are_known_nothing_stops_the_mail(said):
    text = "Guten Tag,\n\nes ist etwas geschehen, und wir bitten Sie um Entschuldigung dafür."
    found = said(incomplete_incident_mail, mail(text, "de"))
    assert {one.severity.label for one in found} == {"warning"}


def test_money_given_back_is_an_action(said):
    text = (
        "Liebe Mitglieder,\n\ngestern Abend wurde der Beitrag bei 214 von Ihnen doppelt abgebucht. Der "
        "Grund war ein Fehler in der Abrechnung. Wir haben die zweite Abbuchung zurückgegeben."
    )
    found = said(incomplete_incident_mail, mail(text, "de"))
    assert not [one for one in found if "what has been done" in one.message]


def test_a_finished_mail():
    text = "Subject: Sorry\n\nDear Ann,\n\nAn incident has occurred. We apologise for any inconvenience."
    report = check_message(text.encode(), Context(purpose="incident", language="en"))
    errors = {one.rule for one in report.annotations if one.severity.label == "error"}
    assert "incomplete-incident-mail" in errors


INCIDENTS = """\
- id: outage
  since: 2026-11-03T06:00:00+01:00
  affects: country = 'FR'
"""
PEOPLE = "email,first_name,country\na@b.example,Ann,FR\n"
ALL_CLEAR = "    - {kind: all-clear, at: 2026-11-05T17:00:00+01:00}\n"


def follow_up(incidents, send_at="2026-11-03T10:00:00+01:00", purpose="incident", more=""):
    return {
        "campaign.yaml": f"purpose: {purpose}\ndelivery: {{send_at: '{send_at}'}}",
        "preflight.yaml": "ledger: {incidents: incidents.yaml}\n" + more,
        "incidents.yaml": incidents,
        "contacts.csv": PEOPLE,
    }


def test_no_all_clear(said):
    (one,) = said(missing_incident_follow_up, follow_up(INCIDENTS))
    assert one.path == "incidents.yaml"
    assert one.span.text == "outage"
    planned = INCIDENTS + "  updates:\n" + ALL_CLEAR
    assert said(missing_incident_follow_up, follow_up(planned)) == []
    assert said(missing_incident_follow_up, follow_up(INCIDENTS, purpose="newsletter")) == []


def test_a_late_first_mail(said):
    planned = (
        INCIDENTS + "  updates:\n    - {kind: first, at: 2026-11-05T10:00:00+01:00}\n" + ALL_CLEAR
    )
    (one,) = said(missing_incident_follow_up, follow_up(planned))
    assert "52 hours" in one.message
    assert one.span.text == "2026-11-05T10:00:00+01:00"
    patient = "rules: {missing-incident-follow-up: {max_hours: 72}}"
    assert said(missing_incident_follow_up, follow_up(planned, more=patient)) == []
    late = follow_up(INCIDENTS, send_at="2026-11-05T10:00:00+01:00")
    found = said(missing_incident_follow_up, late)
    assert {one.path for one in found} == {"campaign.yaml", "incidents.yaml"}


def test_an_update_is_no_first_mail(said):
    planned = (
        INCIDENTS + "  updates:\n    - {kind: first, at: 2026-11-03T07:00:00+01:00}\n"
        "    - {kind: update, at: 2026-11-05T10:00:00+01:00, campaign: example}\n" + ALL_CLEAR
    )
    late = follow_up(planned, send_at="2026-11-05T10:00:00+01:00")
    assert said(missing_incident_follow_up, late) == []


def test_the_incident_that_names_the_campaign_is_meant(said):
    two = INCIDENTS + INCIDENTS.replace("outage", "leak")
    assert said(missing_incident_follow_up, follow_up(two)) == []
    named = two + "  updates:\n    - {kind: first, campaign: example/campaign.yaml}\n"
    (one,) = said(missing_incident_follow_up, follow_up(named.replace("example/", "./example/")))
    assert one.span.text == "leak"


def test_without_a_ledger_of_incidents_it_is_named(not_checked):
    (one,) = not_checked(missing_incident_follow_up, {"campaign.yaml": "purpose: incident"})
    assert "ledger.incidents" in one.reason
