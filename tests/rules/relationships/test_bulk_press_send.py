"""Press people in a mail to many."""

from __future__ import annotations

import json
from importlib.resources import files as resources

import pytest

from preflight.audience.ledger import public_domains
from preflight_rules.relationships.bulk_press_send import bulk_press_send as rule

EVENT = "purpose: event"
PRESS = {"preflight.yaml": "ledger: {press: press.csv}", "press.csv": "email\njan@werft.example\n"}


def people(column: str, *values: str) -> str:
    rows = [f'p{n}@firm-{n}.example,P{n},"{value}"' for n, value in enumerate(values)]
    return "\n".join((f"email,first_name,{column}", *rows)) + "\n"


def test_one_in_the_ledger_is_enough(said):
    (one,) = said(rule, {"campaign.yaml": EVENT, **PRESS})
    assert one.severity.label == "error"
    assert (one.recipients.count, one.recipients.of) == (1, 4)
    assert one.span.text == "contacts.csv"
    assert [r.span.source.path for r in one.related] == ["contacts.csv", "press.csv"]


def test_by_domain_of_the_ledger(said):
    files = {**PRESS, "press.csv": "domain\nwerft.example\n", "campaign.yaml": EVENT}
    assert len(said(rule, files)) == 1


def test_a_mail_to_one(said):
    where = "purpose: event\naudience: {where: \"email = 'jan@werft.example'\"}"
    assert not said(rule, {"campaign.yaml": where, **PRESS})


def test_option(said):
    files = {**PRESS, "campaign.yaml": EVENT}
    for many, count in ((3, 1), (4, 0)):
        files["preflight.yaml"] = (
            f"ledger: {{press: press.csv}}\nrules: {{bulk-press-send: {{max_recipients: {many}}}}}"
        )
        assert len(said(rule, files)) == count


@pytest.mark.parametrize("purpose", ["service", "incident", "apology"])
def test_mails_that_everybody_needs(said, purpose):
    assert not said(rule, {"campaign.yaml": f"purpose: {purpose}", **PRESS})


def test_introducing_two_people(said):
    two = "audience: {where: \"email in ('jan@werft.example', 'mei@teahouse.example')\"}"
    assert not said(rule, {"campaign.yaml": f"purpose: introduction\n{two}", **PRESS})
    assert said(rule, {"campaign.yaml": "purpose: introduction", **PRESS})


@pytest.mark.parametrize(
    ("consent", "count"), [("express", 0), (" Express ", 0), ("implied", 1), ("", 1)]
)
def test_newsletter(said, consent, count):
    rows = f"email,first_name,consent\njan@werft.example,Jan,{consent}\nmei@teahouse.example,Mei,\n"
    files = {**PRESS, "contacts.csv": rows}
    assert len(said(rule, files)) == count
    assert len(said(rule, {**files, "campaign.yaml": EVENT})) == 1


def test_without_a_ledger_words_tell_and_the_gap_is_named(said, not_checked):
    files = {"campaign.yaml": EVENT, "contacts.csv": people("job_title", "Journalist", "Baker")}
    (one,) = said(rule, files)
    assert one.recipients.count == 1
    (gap,) = not_checked(rule, files)
    assert gap.reason == "needs ledger.press in preflight.yaml"


def test_with_a_ledger_one_annotation(said):
    files = {
        "campaign.yaml": EVENT,
        "preflight.yaml": PRESS["preflight.yaml"],
        "press.csv": "email\np1@firm-1.example\n",
        "contacts.csv": people("job_title", "Journalist", "Baker", "Cook"),
    }
    (one,) = said(rule, files)
    assert one.recipients.count == 2


JOBS = (
    "Journalist", "freelance journalists", "Wirtschaftsjournalistin", "JOURNALISTE", "Reporter",
    "photojournalist", "Food blogger", "Blogueuse", "Editor-in-Chief", "Redakteur", "Periodista",
    "editor in chief, The Bugle", "Chefredakteurin", "Rédactrice en chef", "redactrice en chef",
    "Rédacteur", "Rédactrice, Le Courrier", "Giornalista", "Jornalista", "Repórter", "Columnist",
    "novinář", "Foreign Correspondent", "Former lawyer, journalist", "Journaliste web",
)  # fmt: skip
OTHER_JOBS = (
    "Press Officer", "Attachée de presse", "Pressesprecherin", "Head of Public Relations",
    "Addetto stampa", "Jefa de prensa", "Media Manager", "Video editor", "Editor",
    "Court Reporter", "Blogger Relations Manager", "journalist relations", "Former journalist",
    "ex-journaliste", "Ancienne journaliste", "Technischer Redakteur", "Content-Redakteurin",
    "Rédacteur technique", "Rédacteur web", "Concepteur-rédacteur", "Correspondent Banking",
    "Reporting analyst", "Professor of journalism", "Relations journalistes et blogueurs",
    "Printing press operator",
)  # fmt: skip


@pytest.mark.parametrize("column", ["job_title", "Fonction", "tags"])
def test_jobs(said, column):
    contacts = people(column, *JOBS, *OTHER_JOBS)
    (one,) = said(rule, {"campaign.yaml": EVENT, "contacts.csv": contacts})
    lines = contacts.splitlines()
    found = [lines[line - 1].split(",", 2)[2].strip('"') for _, line in one.recipients.rows]
    assert found == list(JOBS[:20])
    assert one.recipients.count == len(JOBS)


@pytest.mark.parametrize(
    ("column", "value", "count"),
    [
        ("tags", "vip, press", 1),
        ("segment", "Presse", 1),
        ("category", "Press contacts", 1),
        ("type", "media", 0),
        ("type", "press machine", 0),
        ("job_title", "press", 0),
        ("notes", "journalist", 0),
        ("relationship", "journalist", 1),
    ],
)
def test_groups(said, column, value, count):
    files = {"campaign.yaml": EVENT, "contacts.csv": people(column, value, "other")}
    assert len(said(rule, files)) == count


def test_addresses(said):
    press = (
        "a.b@lemonde.fr", "A.C@LeMonde.FR", "redaktion@town.example", "newsroom@town.example",
        "Redaktion.Kultur@town.example",
    )  # fmt: skip
    others = (
        "a@notlemonde.fr", "a@mail.lemonde.fr", "a@lemonde-fr.example", "press@firm.example",
        "redaktionsschluss@town.example", "editor@firm.example", "a@lemondexfr",
    )  # fmt: skip
    rows = "\n".join(("email,first_name", *(f"{one},A" for one in (*press, *others)))) + "\n"
    (one,) = said(rule, {"campaign.yaml": EVENT, "contacts.csv": rows})
    assert [line for _, line in one.recipients.rows] == list(range(2, 2 + len(press)))
    assert one.recipients.count == len(press)


def test_no_domain_is_anybodys():
    text = resources("preflight_rules.data").joinpath("press.json").read_text("utf-8")
    domains = json.loads(text)["domains"]
    assert len(domains) == len(set(domains))
    assert not set(domains) & set(public_domains())


def test_relationship_in_the_ledger(said):
    files = {
        "campaign.yaml": EVENT,
        "preflight.yaml": "ledger: {known: known.csv}",
        "known.csv": "email,relationship\njan@werft.example,journalist\n",
    }
    assert len(said(rule, files)) == 1
