"""One person's value in everybody's mail."""

from __future__ import annotations

import pytest

from preflight_rules.placeholders._same_value import Options, is_personal_field, same_for_all
from preflight_rules.placeholders.same_value_for_all import same_value_for_all


def listed(values, column="first_name"):
    rows = "".join(f"p{number}@x.example,{value}\n" for number, value in enumerate(values))
    return f"email,{column}\n{rows}"


NAMES = ["Anna", "Paul", "Clara", "Bruno", "Dora", "Emil", "Frida", "Gustav", "Hanna", "Ivan"]


@pytest.mark.parametrize(
    "values", [["Anna"] * 10, ["Anna", " anna "] * 6, ["Anna"] * 19 + ["Paul"]]
)
def test_the_same_for_all(said, values):
    (one,) = said(same_value_for_all, {"contacts.csv": listed(values)})
    assert "“first_name”" in one.message
    assert one.severity.label == "warning"
    assert one.recipients.rows[0] == ("contacts.csv", 2)
    assert one.recipients.count == len([v for v in values if v.strip().lower() == "anna"])


@pytest.mark.parametrize(
    "values",
    [NAMES, ["Anna"] * 9, ["Anna"] * 8 + ["Paul"] * 2, [""] * 30, ["n/a"] * 30, ["-"] * 30, ["Anna"] * 9 + [""] * 40],
)  # fmt: skip
def test_no_false_alarm(said, values):
    assert said(same_value_for_all, {"contacts.csv": listed(values)}) == []


@pytest.mark.parametrize(
    "column",
    [
        "country",
        "company",
        "language",
        "event",
        "sender_name",
        "city",
        "salutation",
        "job_title",
        "coupon",
    ],
)
def test_fields_that_many_share(said, column):
    files = {"contacts.csv": listed(["Anna"] * 20, column), "mail.txt": f"Hi {{{{ {column} }}}}"}
    assert said(same_value_for_all, files) == []


@pytest.mark.parametrize(
    "column", ["Vorname", "FNAME", "Nom", "Kundennummer", "Phone", "invoice_number"]
)
def test_personal_fields(said, column):
    files = {"contacts.csv": listed(["4711"] * 20, column), "mail.txt": f"Hi {{{{ {column} }}}}"}
    assert said(same_value_for_all, files)


def test_a_field_that_is_not_printed(said):
    assert (
        said(same_value_for_all, {"contacts.csv": listed(["Anna"] * 20), "mail.txt": "Hi!"}) == []
    )


def test_a_name_day(said):
    files = {
        "contacts.csv": listed(["Anna"] * 20 + NAMES),
        "campaign.yaml": "audience: {where: first_name = 'Anna'}",
    }
    assert said(same_value_for_all, files) == []


def test_only_the_chosen_count(said):
    files = {
        "contacts.csv": "email,first_name,group\n"
        + "".join(
            f"p{i}@x.example,{'Anna' if i < 20 else NAMES[i % 10]},{i // 20}\n" for i in range(60)
        ),
        "campaign.yaml": "audience: {where: group = 0}",
    }
    assert said(same_value_for_all, files)


def test_the_options(said):
    files = {"contacts.csv": listed(["Anna"] * 3 + ["Paul"])}
    files["preflight.yaml"] = "rules: {same-value-for-all: {share: 0.7, least: 4}}"
    assert said(same_value_for_all, files)


def test_the_judgement():
    assert is_personal_field("first_name")
    assert not is_personal_field("country")
    assert same_for_all("Anna", 10, 10, Options())
    assert not same_for_all("...", 10, 10, Options())
