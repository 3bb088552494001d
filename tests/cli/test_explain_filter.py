"""A filter as a sentence, with figures, in two languages."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from preflight.audience.condition import parse
from preflight.audience.sentence import LANGUAGES, Sentence, words
from preflight.audience.structure import structure_of
from preflight.cli import main
from preflight.testing import write_files

LIST = "email,country,relationship,score\n" + "".join(
    f"p{n}@x.example,{('FR', 'BE', 'DE')[n % 3]},{('client', 'new', '')[n % 4 % 3]},{n}\n"
    for n in range(24)
)
FILES = {
    "campaign.yaml": "audience:\n  contacts: contacts.csv\n  exclude: [known.csv]\n"
    "  where: \"country in ('FR', 'BE') and relationship <> 'client' and score > 3\"\n",
    "contacts.csv": LIST,
    "known.csv": "email\np9@x.example\n",
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return write_files(tmp_path, FILES)


def run(*arguments):
    return CliRunner().invoke(main, ["explain-filter", *arguments], catch_exceptions=False)


def test_in_english(folder):
    result = run("campaign.yaml", "--now", "2026-11-02")
    assert result.exit_code == 0
    assert (
        result.output
        == """\
example (campaign.yaml)

The mail goes to every contact for whom “country” is 'FR' or 'BE' and “relationship” is not \
'client' and “score” is more than 3, except those in “known.csv”.

Clause by clause:
  “country” is 'FR' or 'BE': keeps 16 of 24; without it there would be 5
  “relationship” is not 'client': keeps 6 of 24; without it there would be 13
  “score” is more than 3: keeps 20 of 24; without it there would be 4

“known.csv” takes 1 away
2 of 24 contacts get it.
Whoever has no “country”, “relationship” or “score” is left out.
For example, a contact with “country” = 'FR', “relationship” = another value and “score” = 4 gets \
it; the same with “country” empty does not.
"""
    )


def test_in_french(folder):
    result = run(".", "--language", "fr")
    assert (
        result.output
        == """\
example (campaign.yaml)

Le message part à chaque contact pour qui « country » est 'FR' ou 'BE' et « relationship » n'est \
pas 'client' et « score » dépasse 3, sauf ceux de « known.csv ».

Condition par condition :
  « country » est 'FR' ou 'BE' : en garde 16 sur 24 ; sans elle il y en aurait 5
  « relationship » n'est pas 'client' : en garde 6 sur 24 ; sans elle il y en aurait 13
  « score » dépasse 3 : en garde 20 sur 24 ; sans elle il y en aurait 4

« known.csv » en retire 1
2 contacts sur 24 le reçoivent.
Qui n'a pas de « country », « relationship » ou « score » est laissé de côté.
Par exemple, un contact avec « country » = 'FR', « relationship » = une autre valeur et « score » \
= 4 le reçoit ; le même avec « country » vide ne le reçoit pas.
"""
    )


def test_without_the_lists(folder):
    (folder / "contacts.csv").unlink()
    result = run("campaign.yaml", "--without-lists")
    assert result.exit_code == 0
    assert "there are no figures" in result.output
    assert "keeps" not in result.output
    assert run("campaign.yaml").exit_code == 1


def test_without_a_filter(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_files(tmp_path, {})
    assert "The mail goes to every contact.\n\n4 of 4 contacts get it." in run(".").output


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("contry = 'FR'", "campaign.yaml:4:11: no contact has a column “contry”"),
        ("country = 'FR' and", "campaign.yaml:4:26: something is missing beside “and”"),
    ],
)
def test_a_mistake_is_said_at_its_place(folder, where, message):
    text = (folder / "campaign.yaml").read_text("utf-8").splitlines()
    at = next(number for number, line in enumerate(text) if "where:" in line)
    text[at] = f'  where: "{where}"'
    (folder / "campaign.yaml").write_text("\n".join(text) + "\n", "utf-8")
    result = run(".")
    assert result.exit_code == 1
    assert message.split(":", 3)[3].strip() in result.output
    assert "campaign.yaml:" in result.output


def test_what_is_not_there(folder):
    assert run("nowhere.yaml").exit_code == 2
    (folder / "broken.yaml").write_text("name: [", "utf-8")
    assert run("broken.yaml").exit_code == 1


def test_a_contradiction_is_said(folder):
    text = (
        (folder / "campaign.yaml")
        .read_text("utf-8")
        .replace("score > 3", "score < 3 and score > 5")
    )
    (folder / "campaign.yaml").write_text(text, "utf-8")
    assert "It can never be true: nobody gets it." in run(".").output


SENTENCES = [
    ("vip", "“vip” is true", "« vip » est vrai"),
    ("not vip", "“vip” is false", "« vip » est faux"),
    ("vip is not true", "“vip” is false or empty", "« vip » est faux ou vide"),
    ("vip is false", "“vip” is false", "« vip » est faux"),
    ("not (vip is true)", "“vip” is false or empty", "« vip » est faux ou vide"),
    ("vip <> true", "“vip” is false", "« vip » est faux"),
    ("a is null", "“a” is empty", "« a » est vide"),
    ("a is not null", "“a” is filled", "« a » est rempli"),
    ("a not in ('x', 'y')", "“a” is neither 'x' nor 'y'", "« a » n'est ni 'x' ni 'y'"),
    ("a not in ('x')", "“a” is not 'x'", "« a » n'est pas 'x'"),
    ("not (a = 'x')", "“a” is not 'x'", "« a » n'est pas 'x'"),
    ("5 < a", "“a” is more than 5", "« a » dépasse 5"),
    ("not a > 5", "“a” is at most 5", "« a » est d'au plus 5"),
    ("d >= '2026-01-31'", "“d” is '2026-01-31' or later", "« d » est '2026-01-31' ou après"),
    ("d < current_date", "“d” is before today", "« d » est avant aujourd'hui"),
    ("d > current_date - interval '1 year'", "“d” is after 1 year ago",
     "« d » est après la date d'il y a 1 an"),
    ("d + interval '30 days' < current_date", "“d” is before", "« d » est avant"),
    ("a like 'x%'", "“a” begins with 'x'", "« a » commence par 'x'"),
    ("a not like '%x'", "“a” does not end in 'x'", "« a » ne finit pas par 'x'"),
    ("a ilike '%x%'", "“a” holds 'x' (in capitals or not)", "« a » contient 'x' (en majuscules ou non)"),
    ("a like 'x_y%z'", "“a” fits the pattern 'x_y%z'", "« a » suit le modèle 'x_y%z'"),
    ("lower(a) = 'x'", "“a” in small letters is 'x'", "« a » en minuscules est 'x'"),
    ("year(d) = 2026", "the year of “d” is 2026", "l'année de « d » est 2026"),
    ("domain(a) = 'x.example'", "the domain of “a” is", "le domaine de « a » est"),
    ("coalesce(a, 'x') = 'y'", "“a” (or 'x' where it is empty) is 'y'",
     "« a » (ou 'x' si c'est vide) est 'y'"),
    ("matches(a, '^x')", "“a” matches '^x'", "« a » correspond à '^x'"),
    ("a is distinct from 'x'", "“a” is not 'x', or empty", "« a » n'est pas 'x', ou est vide"),
    ("a or b and c", "either “a” is true or (“b” is true and “c” is true)",
     "soit « a » est vrai, soit (« b » est vrai et « c » est vrai)"),
    ("not (a or b = 'x')", "“a” is false and “b” is not 'x'", "« a » est faux et « b » n'est pas 'x'"),
]  # fmt: skip


@pytest.mark.parametrize(("where", "english", "french"), SENTENCES)
def test_each_form(where, english, french):
    piece = structure_of(parse(where))
    for language, expected in (("en", english), ("fr", french)):
        said = Sentence(language).piece(piece)
        assert expected in said
        if "interval" not in where and "domain" not in where:
            assert said == expected


def test_the_languages_have_the_same_words():
    english, french = (set(words(language)) for language in LANGUAGES)
    assert english == french
    for language in LANGUAGES:
        assert "{" in json.dumps(words(language))
