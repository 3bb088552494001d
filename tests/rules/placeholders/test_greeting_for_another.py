"""Prepared greetings for somebody else."""

from __future__ import annotations

import csv
import io

import pytest

from preflight_rules.placeholders.greeting_for_another import greeting_for_another


def files(*rows, header=("email", "first_name", "last_name", "greeting")):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([f"p{number}@x.example", *row] for number, row in enumerate(rows))
    return {"contacts.csv": out.getvalue(), "mail.txt": f"{{{{ {header[-1]} }}}}\n\nNews.\n"}


@pytest.mark.parametrize(
    ("first", "last", "greeting"),
    [
        ("Jan", "Petersen", "Hello Martina,"), ("Jan", "", "Hi Sarah!"), ("Inès", "Moreau", "Bonjour Pierre,"), ("Josef", "Huber", "Lieber Hans,"),
        ("José", "Ruiz", "Hola Carmen,"), ("Jan", "Petersen", "Dear Sarah, I saw that you"), ("Jan", "Petersen", "Dear Sarah Miller,"), ("Jan", "Petersen", "  hi Sarah"),
        ("Olga", "Ek", "Caro Giuseppe,"), ("Jan", "Petersen", "Good morning William,"), ("Mei", "Tanaka", "Beste Willem,"),
    ],
)  # fmt: skip
def test_for_another(said, first, last, greeting):
    (one,) = said(greeting_for_another, files(("Eva", "Ek", "Hi Eva"), (first, last, greeting)))
    assert one.message.startswith("“greeting” of 1 of 2 recipients greets somebody else")
    assert one.severity.label == "warning"
    assert one.recipients.rows[0][1] > 2


@pytest.mark.parametrize(
    ("first", "last", "greeting"),
    [
        ("Jan", "Petersen", "Hello Jan,"), ("William", "Hart", "Hi Bill,"), ("Bill", "Hart", "Dear William"), ("Josef", "Huber", "Servus Sepp"), ("José", "Ruiz", "Hola Pepe,"), ("José", "Ruiz", "Hola Jose,"),
        ("Anna", "Müller", "Sehr geehrte Frau Müller,"), ("Anna", "Müller", "Sehr geehrte Frau Dr. Mueller"), ("Anna", "Müller", "Dear Ms Müller,"), ("Anna", "Paul", "Dear Mr Paul,"),
        ("Anna", "Huber", "Hallo Paul und Anna,"), ("Anna", "Huber", "Liebe Familie Huber"), ("Anna", "Huber", "Dear all,"), ("Anna", "Huber", "Dear Colleague,"), ("Anna", "Huber", "Liebe Nachbarn"),
        ("Anna", "Huber", "Hello from Paris"), ("Anna", "Huber", "Hi there"), ("Anna", "Huber", "Thank you for the talk, Paul"), ("Anna", "Huber", "Paul told me about you"), ("Anna", "Huber", "Frau"),
        ("Alexander", "Ek", "Hi Alex"), ("Alexandra", "Ek", "Hi Sascha!"), ("Tomasz", "Ek", "Cześć Tomek"), ("Elisabeth", "Ek", "Liebe Lisi"), ("Frederik", "Ek", "Hej Fredi"), ("Mary Ann", "Lee", "Hi Ann"),
        ("Jean-Pierre", "Roux", "Bonjour Pierre,"), ("", "", "Hi Sarah"), ("n/a", "", "Hi"), ("A", "", "Hi Sarah"[:2]), ("直子", "前田", "Dear Naoko"), ("Юрий", "Иванов", "Dear Yuri,"), ("Anna", "Huber", "Dear Berlin team"), ("Anna", "Huber", "Dear Friends of Martin"),
        ("Jo", "Ek", "Dear Joanna"), ("Sam", "Ek", "Hi Samuel"), ("Anna", "Huber", ""),
    ],
)  # fmt: skip
def test_no_false_alarm(said, first, last, greeting):
    assert said(greeting_for_another, files((first, last, greeting))) == []


@pytest.mark.parametrize("column", ["Briefanrede", "intro", "opening line", "saludo", "Begrüßung"])
def test_columns(said, column):
    header = ("email", "first_name", "last_name", column)
    mail = {**files(("Jan", "", "Hi Sarah,"), header=header)}
    mail["mail.txt"] = "{{ " + column.replace(" ", "_") + " }}\n"
    assert said(greeting_for_another, mail)


def test_other_columns(said):
    header = ("email", "first_name", "last_name", "referred_by")
    assert said(greeting_for_another, files(("Jan", "", "Hi Sarah,"), header=header)) == []


def test_only_what_the_mail_prints(said):
    mail = {**files(("Jan", "", "Hi Sarah,")), "mail.txt": "Hi"}
    assert said(greeting_for_another, mail) == []


def test_the_whole_name(said):
    header = ("email", "full_name", "company", "greeting")
    assert said(greeting_for_another, files(("Jan Petersen", "", "Hi Sarah,"), header=header))
    assert not said(greeting_for_another, files(("Bill Hart", "", "Hi William,"), header=header))
