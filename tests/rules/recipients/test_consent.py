"""Consent that is missing, or has run out."""

from __future__ import annotations

import json
from importlib.resources import files as package_files

import pytest

from preflight_rules.recipients._countries import code_of
from preflight_rules.recipients.expired_consent import expired_consent
from preflight_rules.recipients.missing_consent import missing_consent

HEADER = "email,first_name,country,consent,consent_date,consent_source,company"


def files(*rows, purpose="promotion", header=HEADER, **more):
    listed = header + "\n" + "".join(f"p{n}@{row}\n" for n, row in enumerate(rows))
    return {"contacts.csv": listed, "campaign.yaml": f"purpose: {purpose}", **more}


def row(country, consent="", date="", source="", company="", domain="firm.example"):
    return ",".join((domain, "Anna", country, consent, date, source, company))


@pytest.mark.parametrize(
    "country",
    [
        "DE",
        "Germany",
        "Deutschland",
        "CA",
        "Canada",
        "IT",
        "ES",
        "AT",
        "DNK",
        "Szwajcaria",
        "South Africa",
    ],
)
def test_none_on_record(said, country):
    words = ["", "no", "None", "withdrawn", "n/a", "opted out"]
    (one,) = said(missing_consent, files(row("US"), *(row(country, word) for word in words)))
    assert one.message.startswith("6 of 7 recipients have no consent on record")
    assert f"{code_of(country)} (" in one.message
    assert one.severity.label == "error"
    assert one.recipients.rows == tuple(("contacts.csv", line) for line in range(3, 9))


@pytest.mark.parametrize(
    "line",
    [
        row("DE", "express"), row("DE", "implied"), row("DE", "yes"), row("DE", "double opt-in"), row("DE", "true"), row("US"), row("USA", "no"), row(""), row("Atlantis"), row("SG"), row("IN"),
        row("FR"), row("GB"), row("FR", domain="gmail.com", company="Acme"), row("IE", company="Acme"),
    ],
)  # fmt: skip
def test_no_false_alarm(said, line):
    assert said(missing_consent, files(row("US"), line)) == []


@pytest.mark.parametrize(
    ("column", "given", "refused"),
    [
        ("abonné", "oui", "non"),
        ("Suscrito", "sí", "no"),
        ("Zgoda", "tak", "nie"),
        ("同意", "はい", "いいえ"),
        ("Newsletter angemeldet", "ja", "nein"),
        ("Συγκατάθεση", "ναι", "όχι"),
        ("Souhlas", "ano", "ne"),
        ("Hozzájárulás", "igen", "nem"),
        ("Consimțământ", "da", "nu"),
        ("Согласие", "да", "нет"),
        ("Samtykke", "ja", "nei"),
        ("Onay", "evet", "hayır"),
    ],
)
def test_the_record_in_many_languages(said, column, given, refused):
    lines = (f"x.example,Anna,DE,{given}", f"x.example,Anna,DE,{refused}")
    (one,) = said(missing_consent, files(*lines, header=f"email,first_name,country,{column}"))
    assert one.recipients.rows == (("contacts.csv", 3),)


@pytest.mark.parametrize("country", ["FR", "United Kingdom", "Irland", "SE"])
def test_private_people(said, country):
    (one,) = said(missing_consent, files(row(country, domain="gmail.com"), row(country)))
    assert one.recipients.count == 1


@pytest.mark.parametrize(
    "purpose", ["newsletter", "service", "press", "relationship", "apology", "event"]
)
def test_other_purposes(said, purpose):
    assert said(missing_consent, files(row("DE"), purpose=purpose)) == []


def test_a_list_without_the_column(said):
    (one,) = said(missing_consent, files("x.example,Anna,DE", header="email,first_name,country"))
    assert "no column consent" in one.help
    found = files("x.example,Anna,DE,2026-01-01", header="email,first_name,country,consent_date")
    assert said(missing_consent, found) == []
    found = files("x.example,Anna,DE,true", header="email,first_name,country,Opt In")
    assert said(missing_consent, found) == []


def test_clients_are_left_out(said):
    found = files(row("DE"), row("DE"))
    found["preflight.yaml"] = "ledger: {clients: clients.csv}"
    found["clients.csv"] = "email\np0@firm.example\n"
    (one,) = said(missing_consent, found)
    assert one.recipients.rows == (("contacts.csv", 3),)


def test_many_countries(said):
    lines = [row(code) for code in ("DE", "AT", "IT", "ES", "CA", "CA", "AU")]
    (one,) = said(missing_consent, files(*lines))
    assert one.message.startswith("all 7 recipients have")
    assert "CA (CASL s. 6 and 10)" in one.message
    assert one.message.endswith("and 2 others")


def test_without_countries(not_checked):
    for rule in (missing_consent, expired_consent):
        (one,) = not_checked(rule, {"campaign.yaml": "purpose: promotion"})
        assert one.reason == "needs a column “country” in the list"


# The clock is 2026-11-03.


@pytest.mark.parametrize(
    ("line", "term"),
    [
        (row("CA", "implied", "2024-10-01"), "24 or 6 months"), (row("Kanada", "Implied", "2020-01-01", "purchase"), "24"), (row("CA", "implied", "2026-04-01", "inquiry by phone"), "6"),
        (row("FR", "implied", "2023-10-01"), "36 months"), (row("CA", "tacite", "2024-11-01"), "24"),
    ],
)  # fmt: skip
def test_run_out(said, line, term):
    (one,) = said(expired_consent, files(row("US"), line))
    assert term in one.message
    assert one.severity.label == "warning"
    assert one.recipients.rows == (("contacts.csv", 3),)


@pytest.mark.parametrize(
    "line",
    [
        row("CA", "implied", "2024-11-10"), row("CA", "express", "2010-01-01"), row("CA", "implied"), row("CA", "implied", "long ago"), row("CA", "implied", "2026-06-01", "inquiry"), row("DE", "implied", "2010-01-01"),
        row("FR", "implied", "2024-01-01"), row("CA", "", "2010-01-01"), row("", "implied", "2010-01-01"),
    ],
)  # fmt: skip
def test_still_good(said, line):
    assert said(expired_consent, files(row("US"), line)) == []


def test_counted_from_the_last_contact_in_france(said):
    header = "email,first_name,country,consent,consent_date,last_contacted"
    lines = [
        "x.example,A,FR,implied,2020-01-01,2026-01-01",
        "x.example,A,FR,implied,2020-01-01,2021-01-01",
        "x.example,A,CA,implied,2020-01-01,2026-01-01",
    ]
    canada, france = said(expired_consent, files(*lines, header=header))
    assert canada.recipients.rows == (("contacts.csv", 4),)
    assert france.recipients.rows == (("contacts.csv", 3),)


def test_the_table():
    table = json.loads(
        package_files("preflight_rules.recipients").joinpath("consent_laws.json").read_text("utf-8")
    )
    for code, law in table["countries"].items():
        assert code_of(code) == code
        assert law["asks"] in ("everybody", "consumers", "nobody")
        assert law["law"]
        assert set(law) <= {"asks", "law", "months", "after_inquiry"}
