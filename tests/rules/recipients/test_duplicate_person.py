"""One person under two addresses."""

from __future__ import annotations

import pytest

from preflight_rules.recipients.duplicate_person import duplicate_person


def files(*rows, header="email,first_name,last_name,company"):
    return {"contacts.csv": header + "\n" + "".join(",".join(row) + "\n" for row in rows)}


def test_the_same_name_at_one_company(said):
    (one,) = said(
        duplicate_person,
        files(
            ("ines.moreau@atelier.example", "Inès", "Moreau", "Atelier"),
            ("jan@werft.example", "Jan", "Petersen", "Werft"),
            ("im@gmail.com", "INES", " Moreau", "atelier "),
        ),
    )
    assert one.message.startswith(
        "1 of 3 recipients has the name and the company of an earlier row"
    )
    assert one.severity.label == "notice"
    assert one.recipients.rows == (("contacts.csv", 4),)
    assert [place.span.start_place.line for place in one.related] == [4, 2]


def test_the_domain_is_the_company(said):
    rows = [("a@firm.example", "Eva", "Ek"), ("b@firm.example", "Eva", "Ek")]
    assert said(duplicate_person, files(*rows, header="email,first_name,last_name"))


def test_names_of_one_letter_in_chinese_and_japanese(said):
    rows = [("sato@aozora.example", "健", "佐藤"), ("k@aozora.example", "健", "佐藤")]
    assert said(duplicate_person, files(*rows, header="メールアドレス,名,姓"))


@pytest.mark.parametrize(
    "rows",
    [
        [("a@firm.example", "Eva", "Ek", "Firm"), ("b@other.example", "Eva", "Ek", "Other")],
        [("a@gmail.com", "Eva", "Ek", ""), ("b@gmail.com", "Eva", "Ek", "")],
        [("a@firm.example", "Eva", "Ek", "Firm"), ("a@firm.example", "Eva", "Ek", "Firm")],
        [("a@firm.example", "Eva", "Ek", "Firm"), ("a+x@firm.example", "Eva", "Ek", "Firm")],
        [("a.b@firm.example", "Eva", "Ek", "Firm"), ("ab@firm.example", "Eva", "Ek", "Firm")],
        [("a@firm.example", "Eva", "", "Firm"), ("b@firm.example", "Eva", "", "Firm")],
        [("a@firm.example", "", "", "Firm"), ("b@firm.example", "", "", "Firm")],
        [("a@firm.example", "Eva", "Ek", "Firm"), ("b@firm.example", "Ivo", "Ek", "Firm")],
        [("a@firm.example", "E", "Ek", "Firm"), ("b@firm.example", "E", "Ek", "Firm")],
        [("a@firm.example", "É", "Ek", "Firm"), ("b@firm.example", "É", "Ek", "Firm")],
        [("", "Eva", "Ek", "Firm"), ("", "Eva", "Ek", "Firm")],
    ],
)  # fmt: skip
def test_no_false_alarm(said, rows):
    assert said(duplicate_person, files(*rows)) == []


def test_a_large_company_may_have_two_of_a_name(said):
    rows = [(f"p{n}@firm.example", f"N{n % 150}x", "Ek", "Firm") for n in range(301)]
    assert said(duplicate_person, files(*rows)) == []


def test_without_names(said):
    assert said(duplicate_person, {}) == []
