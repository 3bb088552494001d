"""Who sees whose address."""

from __future__ import annotations

import pytest

from preflight_rules.recipients.exposed_recipients import exposed_recipients


def visible(
    *addresses: str, purpose: str = "press", mode: str = "visible", more: str = ""
) -> dict[str, str]:
    return {
        "campaign.yaml": f"purpose: {purpose}\ndelivery: {{mode: {mode}}}\n{more}",
        "contacts.csv": "email\n" + "".join(f"{address}\n" for address in addresses),
    }


STRANGERS = ("a@one.example", "b@two.example", "c@three.example", "d@four.example")


def test_everybody_can_answer_all(said):
    (one,) = said(exposed_recipients, visible(*STRANGERS))
    assert one.span.text == "visible"
    assert one.severity.label == "error"
    assert one.message.startswith("all 4 recipients are in one mail with all addresses visible")
    assert one.recipients.count == 4


@pytest.mark.parametrize("mode", ["individual", "bcc"])
def test_modes_that_hide_them(said, mode):
    assert not said(exposed_recipients, visible(*STRANGERS, mode=mode))


def test_people_at_a_public_mail_domain_are_strangers(said):
    addresses = [f"p{i}@gmail.com" for i in range(5)]
    assert len(said(exposed_recipients, visible(*addresses))) == 1


def test_one_company(said):
    assert not said(exposed_recipients, visible(*(f"p{i}@werft.example" for i in range(8))))
    branches = (
        "a@werft.example",
        "b@kiel.werft.example",
        "c@hamburg.werft.example",
        "d@werft.example",
    )
    assert not said(exposed_recipients, visible(*branches))
    assert said(exposed_recipients, visible(*branches, "e@otherwerft.example"))


def test_your_own_people_and_one_client(said):
    """The default sender is at news.example."""
    addresses = ("a@news.example", "b@news.example", "c@own.example", "d@client.example")
    files = visible(*addresses)
    files["preflight.yaml"] = "ledger: {internal: [own.example]}"
    assert not said(exposed_recipients, files)


def test_all_internal(said):
    files = visible(*(f"p{i}@{i % 2}.own.example" for i in range(6)))
    files["preflight.yaml"] = "ledger: {internal: [0.own.example, 1.own.example]}"
    assert not said(exposed_recipients, files)


def test_an_introduction_of_two_or_three(said):
    assert not said(exposed_recipients, visible(*STRANGERS[:3], purpose="introduction"))
    assert said(exposed_recipients, visible(*STRANGERS, purpose="introduction"))


def test_two_strangers(said):
    (one,) = said(exposed_recipients, visible(*STRANGERS[:2], purpose="promotion"))
    assert one.severity.label == "error"
    (one,) = said(exposed_recipients, visible(*STRANGERS[:2], purpose="relationship"))
    assert one.severity.label == "warning"


def test_one_recipient(said):
    assert not said(exposed_recipients, visible("a@one.example"))
    assert not said(exposed_recipients, visible("a@one.example", "A@one.example"))


def test_only_the_chosen_count(said):
    files = visible(*STRANGERS, more="audience: {where: email = 'a@one.example'}\n")
    assert not said(exposed_recipients, files)


def test_addresses_in_a_header(said):
    listed = ", ".join(STRANGERS)
    files = visible("x@y.example", mode="individual", more=f'headers: {{Cc: "{listed}"}}\n')
    (one,) = said(exposed_recipients, files)
    assert one.message == "4 addresses in Cc are visible to every recipient"
    assert one.span.text.strip("'\"") == listed


@pytest.mark.parametrize(
    "headers",
    [
        "{Cc: Ada <ada@news.example>}",
        "{Cc: 'a@one.example, b@two.example'}",
        "{Cc: 'a@news.example, b@news.example, c@news.example, d@news.example, e@x.example'}",
        "{Bcc: 'a@one.example, b@two.example, c@three.example, d@four.example'}",
        "{To: '{{ email }}'}",
    ],
)
def test_headers_that_expose_nobody(said, headers):
    files = visible("x@y.example", mode="individual", more=f"headers: {headers}\n")
    assert not said(exposed_recipients, files)
