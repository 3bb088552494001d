"""First names that are none."""

from __future__ import annotations

import csv
import io

import pytest

from preflight_rules.placeholders.unlikely_name import unlikely_name


def listed(*cells, column="first_name"):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["email", column])
    writer.writerows([f"p{number}@x.example", cell] for number, cell in enumerate(cells))
    return out.getvalue()


def kinds(said, *cells):
    return [
        one.message.split("recipients ")[-1]
        for one in said(unlikely_name, {"contacts.csv": listed(*cells, "Anna")})
    ]


NO_NAMES = [
        ("anna@x.example", "an e-mail address"),
        ("https://x.example/a", "a web address"), ("www.x.example", "a web address"), ("buyshoes.com", "a web address"),
        ("<b>Anna</b>", "HTML"), ("Anna<br>", "HTML"), ("Anna&nbsp;", "HTML"), ("Ren&#233;e", "HTML"),
        ("=CMD(1)", "a formula"), ("=1+1", "a formula"), ("+cmd|' /C calc'!A0", "a formula"), ("@SUM(A1)", "a formula"), ("-HYPERLINK(1)", "a formula"),
        ("JosÃ©", "damaged"), ("MÃ¼ller", "damaged"), ("Jos\ufffd", "damaged"), ("M?ller", "damaged"), ("Ren?", "damaged"), ("ÐÐ½Ð½Ð°", "damaged"), ("Ã…sa", "damaged"), ("Oâ€™Neil", "damaged"), ("???", "damaged"),
        ("Acme GmbH", "a company"), ("Acme Ltd", "a company"), ("Dupont SARL", "a company"), ("Peugeot S.A.", "a company"), ("Acme, Inc.", "a company"), ("Jansen BV", "a company"), ("Novak s.r.o.", "a company"), ("Müller AG", "a company"), ("山田株式会社", "a company"),
        ("Dr.", "a title"), ("Dr. Anna", "a title"), ("Frau Huber", "a title"), ("Mme Dupont", "a title"), ("Mrs", "a title"), ("Mr. Bean", "a title"), ("Señora Ruiz", "a title"),
        ("12345", "digits"), ("+33 6 12 34 56 78", "digits"),
        ("test", "a test"), ("Asdf", "a test"), ("First Name", "a test"), ("Unbekannt", "a test"), ("qwertz", "a test"),
        ("Fuck you!", "an insult"), ("Arschloch", "an insult"), ("хуй", "an insult"),
        ("ANNA", "capitals"), ("JEAN-PIERRE", "capitals"), ("ЮРИЙ", "capitals"), ("ANNE MARIE", "capitals"),
]  # fmt: skip


@pytest.mark.parametrize("words", dict.fromkeys(words for _, words in NO_NAMES))
def test_what_is_no_name(said, words):
    cells = [cell for cell, kind in NO_NAMES if kind == words]
    people = ["Anna"] * 9 * len(cells)
    found = said(unlikely_name, {"contacts.csv": listed(*cells, *people)})
    assert all(words in one.message for one in found)
    told = {line for one in found for _, line in one.recipients.rows}
    missed = [cell for line, cell in enumerate(cells, 2) if line not in told]
    assert not missed
    assert sum(one.recipients.count for one in found) == len(cells)


NAMES = [
        "Anna", "E", "O", "J.", "J.R.R.", "S.A.", "JP", "ANA", "DJ", "O'Neil", "O’Neil", "D'Arcy", "Jean-Pierre", "Jean Pierre", "de la Cruz", "van der Berg",
        "X Æ A-12", "McDonald", "MacKenzie", "DeShawn", "LaToya", "Mc", "Null", "None", "Nan", "Dick", "Randy", "Fanny", "Gay", "Cox", "Hancock", "Scunthorpe", "Dickson", "Assunta", "Shital",
        "李小龙", "直子", "สมชาย", "محمد", "נועה", "Юрий", "Νίκος", "გიორგი", "João", "São", "Ã", "Ñusta", "Ðuro", "Þóra", "Łukasz", "Ýmir", "ß", "Zoë", "Jürgen",
        "Anna & Paul", "Anna und Paul", "Anna et Paul", "Anna/Paul", "Anna (Nini)", "Anna \"Nini\"", "Sir", "Don", "Pan", "Prince", "Rex", "Ana Sa", "Ana Ag", "Inc", "Demo", "Drew", "Missy", "Misha", "Herrick",
        "Testa", "Naoki", "Asa", "Marlon Co", "Spa", "Ab", "As", "Sas", "Aisha T", "Anna-2", "2Pac", "Anna, Paul", "T'Pol", "Siobhán", "N'Golo", "Ms", "Srini",
]  # fmt: skip


@pytest.mark.parametrize("first", range(0, len(NAMES), 12))
def test_names(said, first):
    cells = NAMES[first : first + 12]
    found = said(unlikely_name, {"contacts.csv": listed(*cells, "Anna")})
    assert [(one.message, one.recipients.rows, cells) for one in found] == []


def test_each_kind_is_told_once(said):
    files = {"contacts.csv": listed("test", "asdf", "ANNA", "Jan", "Eva")}
    capitals, test = said(unlikely_name, files)
    assert test.message == "“first_name” of 2 of 5 recipients is a word for a test, or for no name"
    assert test.recipients.rows == (("contacts.csv", 2), ("contacts.csv", 3))
    assert capitals.recipients.count == 1
    assert test.severity.label == "warning"


@pytest.mark.parametrize("name", ["Test", "ANNA", "Müller AG", "Name", "Unbekannt"])
def test_last_names_may_be_anything(said, name):
    files = {"contacts.csv": listed(name, column="last_name"), "mail.txt": "Hi {{ last_name }}"}
    assert said(unlikely_name, files) == []


def test_last_names_are_no_addresses(said):
    files = {"contacts.csv": listed("a@x.example", column="LNAME"), "mail.txt": "Hi {{ LNAME }}"}
    (one,) = said(unlikely_name, files)
    assert "“last_name”" in one.message


def test_only_what_the_mail_prints(said):
    assert said(unlikely_name, {"contacts.csv": listed("test"), "mail.txt": "Hi!"}) == []
