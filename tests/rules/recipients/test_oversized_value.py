"""Values far longer than the others."""

from __future__ import annotations

import pytest

from preflight_rules.recipients.oversized_value import oversized_value


def files(*values, **more):
    rows = "".join(f"p{n}@x.example,{value}\n" for n, value in enumerate(values))
    return {"contacts.csv": f"email,first_name\n{rows}", **more}


def test_far_longer(said):
    (one,) = said(oversized_value, files("Anna", "Paul", "Eva", "x" * 200))
    assert (
        one.message
        == "“first_name” of 1 of 4 recipients has more than 120 characters, far more than the others"
    )
    assert one.severity.label == "notice"
    assert one.recipients.rows == (("contacts.csv", 5),)


@pytest.mark.parametrize(
    "values",
    [
        ["Anna", "Paul", "Eva", "x" * 120], ["x" * 500] * 4, ["x" * 400, "x" * 500, "x" * 900, "x" * 2000], ["x" * 500], ["", "", "x" * 500], ["Anna"] * 40 + ["x" * 300] * 5, [],
    ],
)  # fmt: skip
def test_no_false_alarm(said, values):
    assert said(oversized_value, files(*values)) == []


def test_only_what_the_mail_prints(said):
    assert (
        said(oversized_value, files("Anna", "Paul", "Eva", "x" * 200, **{"mail.txt": "Hi"})) == []
    )


def test_the_options(said):
    settings = {"preflight.yaml": "rules: {oversized-value: {least: 20, times: 3}}"}
    assert said(oversized_value, files("Anna", "Paul", "Eva", "x" * 30, **settings))
