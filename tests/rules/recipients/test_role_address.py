"""Offices among the recipients."""

from __future__ import annotations

import pytest

from preflight_rules.recipients.role_address import role_address


def listed(*addresses):
    return "email\nada@x.example\n" + "".join(f"{address}\n" for address in addresses)


@pytest.mark.parametrize(
    "local",
    ["info", "INFO", "sales", "no-reply", "noreply", "do_not_reply", "customer.service", "customerservice", "buchhaltung", "accueil", "ventas", "segreteria", "verkoop", "biuro", "webmaster", "hello", "presse", "hr", "comptabilité", "büro"],
)  # fmt: skip
def test_offices(said, local):
    (one,) = said(role_address, {"contacts.csv": listed(f"{local}@firm.example"), "mail.txt": "Hi"})
    assert one.message.startswith("1 of 2 recipients is no person")
    assert one.severity.label == "notice"
    assert one.recipients.rows == (("contacts.csv", 3),)


@pytest.mark.parametrize(
    "local",
    ["anna", "info.anna", "anna.info", "infosys", "teamwork", "salesman", "it.huber", "rooter", "mail4anna", "ana.hr", "contact-anna", "pressman", "personale", "maria.ventas", "i.t", "helpd"],
)  # fmt: skip
def test_people(said, local):
    assert (
        said(role_address, {"contacts.csv": listed(f"{local}@x.example"), "mail.txt": "Hi"}) == []
    )


def test_no_address_is_no_office(said):
    files = {"contacts.csv": "email,first_name\ninfo,Anna\nn/a,Paul\n,Eva\na@x.example,Ada\n"}
    assert said(role_address, files) == []


@pytest.mark.parametrize("purpose", ["press", "service", "incident", "apology"])
def test_purposes_for_offices(said, purpose):
    files = {"contacts.csv": listed("info@x.example"), "mail.txt": "Hi"}
    files["campaign.yaml"] = f"purpose: {purpose}"
    assert said(role_address, files) == []
