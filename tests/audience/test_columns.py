"""Columns: usual headers, false friends, aliases, kinds."""

import json
from importlib.resources import files

import duckdb
import pytest

from preflight.audience.columns import (
    Column,
    Kind,
    aliases,
    column_kinds,
    fold,
    guess_email,
    map_columns,
    unmatched,
)


def names(*headers, **mapping):
    return [column.name for column in map_columns(headers, mapping)]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (
            "Email Address|First Name|Last Name|MEMBER_RATING",
            "email|first_name|last_name|MEMBER_RATING",
        ),
        ("EMAIL|FNAME|LNAME", "email|first_name|last_name"),
        ("EMAIL|PRENOM|NOM|SMS", "email|first_name|last_name|phone"),
        (
            "Record ID|First Name|Email|Company name|Preferred language",
            "Record ID|first_name|email|company|language",
        ),
        ("EmailAddress|Name|Date Joined", "email|full_name|Date Joined"),
        ("Subscriber|Name|Last name|Country", "email|full_name|last_name|country"),
        (
            "Given Name|Family Name|E-mail 1 - Value|E-mail 2 - Value",
            "first_name|last_name|email|E-mail 2 - Value",
        ),
        (
            "First Name|Last Name|E-mail Address|E-mail 2 Address",
            "first_name|last_name|email|E-mail 2 Address",
        ),
        (
            "First Name|Last Name|Email Address|Company|Position|Connected On",
            "first_name|last_name|email|company|job_title|known_since",
        ),
        ("Prénom|Nom|Courriel|Société|Langue", "first_name|last_name|email|company|language"),
        ("prenom|nom|Adresse électronique", "first_name|last_name|email"),
        (
            "Vorname|Nachname|E-Mail-Adresse|Firma|Anrede",
            "first_name|last_name|email|company|salutation",
        ),
        ("Vorname|Name|E-Mail", "first_name|last_name|email"),
        ("Name|E-Mail", "full_name|email"),
        ("Name|First Name|Last Name|Email", "full_name|first_name|last_name|email"),
        ("Nombre|Apellidos|Correo electrónico|País", "first_name|last_name|email|country"),
        ("Nome|Cognome|Indirizzo e-mail", "first_name|last_name|email"),
        ("Nome|Sobrenome|Endereço de e-mail", "first_name|last_name|email"),
        ("Nome|Apelido|Correio eletrónico", "first_name|last_name|email"),
        ("Voornaam|Achternaam|E-mailadres|Taal", "first_name|last_name|email|language"),
        ("Nom complet|Mail", "full_name|email"),
        ("Imię|Nazwisko|E-mail|Język|Zgoda", "first_name|last_name|email|language|consent"),
        ("姓|名|会社名|国|メールアドレス", "last_name|first_name|company|country|email"),
        ("first.name|last-name|e_mail", "first_name|last_name|email"),
    ],
)
def test_usual_headers(headers, expected):
    assert names(*headers.split("|")) == expected.split("|")


def test_the_exact_name_wins_over_the_usual_ones():
    assert names("Email Address", "email") == ["Email Address", "email"]
    assert names("Courriel", "E-mail") == ["Courriel", "email"]


def test_columns_gives_the_name_from_then_on():
    assert names("Email", "Work", Work="email") == ["Email_2", "email"]
    assert names("Prénom", "Anna", prénom="nickname") == ["nickname", "Anna"]
    assert unmatched(("Prénom",), {"Prenom": "a", "Nom": "b"}) == ("Nom",)


def test_every_name_is_given_once():
    found = map_columns(("a", "A", "a_2", "", ""), {})
    assert [column.name for column in found] == ["a", "A_2", "a_2_2", "column_4", "column_5"]
    assert [column.physical for column in found] == ["c0", "c1", "c2", "c3", "c4"]


def test_aliases():
    assert aliases(Column("company", "Company Size", "c0")) == {
        "company",
        "company size",
        "company_size",
    }
    assert aliases(Column("first_name", "Prénom", "c0")) == {"first_name", "prénom", "prenom"}
    assert aliases(Column("column_1", "", "c0")) == {"column_1"}


def test_the_data_file_has_each_header_once():
    data = json.loads(files("preflight.data").joinpath("columns.json").read_text("utf-8"))
    assert set(data) == {"about", "columns", "whole_or_last_name"}
    assert all(name == name.lower() and name.isidentifier() for name in data["columns"])
    seen: dict[str, str] = {}
    for name, headers in data["columns"].items():
        assert headers == list(dict.fromkeys(headers))
        for header in (name, *dict.fromkeys(headers)):
            assert fold(header), header
            assert seen.setdefault(fold(header), name) == name, header
    assert not {fold(header) for header in data["whole_or_last_name"]} & set(seen)


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        yield connection


def kind_of(connection, *values, before=0):
    connection.execute("CREATE OR REPLACE TABLE t (_row BIGINT, c0 VARCHAR)")
    connection.execute("INSERT INTO t SELECT 0, NULL FROM range(?)", [before])
    for value in values:
        connection.execute("INSERT INTO t VALUES (0, ?)", [value])
    return column_kinds(connection, "t", (Column("x", "x", "c0"),))["c0"]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (("true", None, "FALSE", "True"), Kind.BOOLEAN),
        (("true", "yes"), Kind.TEXT),
        (("1", "-20", "0"), Kind.INTEGER),
        (("01234", "75001"), Kind.TEXT),
        (("+33",), Kind.TEXT),
        (("99999999999999999999",), Kind.TEXT),
        (("1", "1.50"), Kind.NUMBER),
        (("1,5",), Kind.TEXT),
        (("1e5",), Kind.TEXT),
        (("2024-02-29",), Kind.DATE),
        (("2024-02-30",), Kind.TEXT),
        (("03/04/2024",), Kind.TEXT),
        (("2024-02-29T10:00:00Z", "2024-02-29 10:00:00.5+02:00"), Kind.TIMESTAMP),
        (("2024-02-29", "2024-02-29 10:00"), Kind.TIMESTAMP),
        (("2024-02-29 25:00",), Kind.TEXT),
        (("", "a"), Kind.TEXT),
        ((None, None), Kind.NOTHING),
        ((), Kind.NOTHING),
    ],
)
def test_kinds(connection, values, kind):
    assert kind_of(connection, *values) == kind


def test_every_value_counts_not_only_the_first_ones(connection):
    assert kind_of(connection, "7", before=5_000) == Kind.INTEGER
    connection.execute("CREATE OR REPLACE TABLE t AS SELECT i::VARCHAR AS c0 FROM range(9000) r(i)")
    columns = (Column("x", "x", "c0"),)
    assert column_kinds(connection, "t", columns) == {"c0": Kind.INTEGER}
    connection.execute("INSERT INTO t VALUES ('x')")
    assert column_kinds(connection, "t", columns) == {"c0": Kind.TEXT}


def test_guess_email(connection):
    connection.execute("CREATE TABLE t (c0 VARCHAR, c1 VARCHAR, c2 VARCHAR)")
    for number in range(12):
        mail = f"p{number}@example.org" if number else "unknown"
        connection.execute("INSERT INTO t VALUES (?, ?, NULL)", [f"P {number}", mail])
    columns = map_columns(("who", "where", "more"), {})
    assert guess_email(connection, "t", columns) == columns[1]
    connection.execute("UPDATE t SET c2 = c1")
    assert guess_email(connection, "t", columns) is None
    assert guess_email(connection, "t", ()) is None
