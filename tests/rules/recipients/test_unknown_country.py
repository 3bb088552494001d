"""Countries that are none."""

from __future__ import annotations

import pytest

from preflight_rules.recipients._countries import code_of
from preflight_rules.recipients.unknown_country import unknown_country


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("FR", "FR"), ("fr", "FR"), ("FRA", "FR"), ("250", "FR"), ("France", "FR"), ("FRANCE ", "FR"), ("Frankreich", "FR"), ("Francja", "FR"), ("Γαλλία", "FR"), ("Франция", "FR"), ("法国", "FR"), ("フランス", "FR"), ("프랑스", "FR"), ("فرنسا", "FR"),
        ("NA", "NA"), ("na", "NA"), ("Namibia", "NA"), ("NO", "NO"), ("no", "NO"), ("UK", "GB"), ("England", "GB"), ("Royaume-Uni", "GB"), ("USA", "US"), ("U.S.A.", "US"), ("Etats-Unis", "US"), ("EE.UU.", "US"), ("The Netherlands", "NL"), ("Holland", "NL"),
        ("Czechia", "CZ"), ("Czech Republic", "CZ"), ("Türkiye", "TR"), ("Turkey", "TR"), ("Côte d’Ivoire", "CI"), ("Cote d'Ivoire", "CI"), ("Ivory Coast", "CI"), ("Österreich", "AT"), ("Oesterreich", None), ("South Korea", "KR"), ("Korea, Republic of", "KR"), ("Kosovo", "XK"),
        ("Germany (DE)", "DE"), ("DE - Germany", "DE"), ("Deutschland/Germany", "DE"), ("Hong Kong", "HK"), ("Viet Nam", "VN"), ("D", "DE"),
        ("Atlantis", None), ("Europe", None), ("12345", None), ("jan@werft.example", None), ("Bayern", None), ("XX", None), ("ZZ", None), ("", None), ("-", None), ("France/Germany", None), ("x" * 5000, None),
    ],
)  # fmt: skip
def test_codes(value, code):
    assert code_of(value) == code


def files(*values, header="country"):
    rows = "".join(f'p{n}@x.example,"{value}"\n' for n, value in enumerate(values))
    return {"contacts.csv": f"email,{header}\n{rows}", "mail.txt": "Hi"}


def test_what_is_said(said):
    (one,) = said(
        unknown_country, files("FR", "Germany", "Atlantis", "NA", "", "n/a", "-", "XX", "UK", "UK")
    )
    assert one.message == "“country” of 2 of 10 recipients is no country"
    assert one.severity.label == "warning"
    assert one.recipients.rows == (("contacts.csv", 4), ("contacts.csv", 9))


@pytest.mark.parametrize(
    "values",
    [["FR", "NA", "NO", "fr", "FRA"], ["", "", ""], ["Bayern", "Hessen", "Berlin", "DE"], ["276", "250"], ["Россия", "Україна", "中国"], ["true", "false"]],
)  # fmt: skip
def test_no_false_alarm(said, values):
    assert said(unknown_country, files(*values)) == []


def test_other_headers(said):
    assert said(unknown_country, files("FR", "BE", "Atlantis", header="Pays"))


def test_without_the_column(not_checked):
    (one,) = not_checked(unknown_country, {})
    assert one.reason == "needs a column “country” in the list"
