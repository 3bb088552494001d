"""What is no address, by kind; nothing valid is said."""

from __future__ import annotations

import csv
import io
import random

import pytest
from email_validator import EmailNotValidError, validate_email

from preflight.testing import check_files
from preflight_rules.recipients._address import shape_of, why_refused
from preflight_rules.recipients.invalid_address import invalid_address


def listed(*cells: str) -> dict[str, str]:
    """A list with these addresses, and enough sound ones to tell the column."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["email", "first_name"])
    writer.writerows([cell, "Ada"] for cell in ("sound@x.example", *cells))
    return {"contacts.csv": buffer.getvalue()}


@pytest.mark.parametrize("cell", ["", "   ", "n/a", "NULL", "-", "none"])
def test_no_address(said, cell):
    (one,) = said(invalid_address, listed(cell))
    assert one.message == "1 of 2 recipients has no address"
    assert one.recipients.rows == (("contacts.csv", 3),)
    assert one.span.text == "contacts.csv"
    assert one.severity.label == "error"


@pytest.mark.parametrize(
    "cell",
    [
        "a@x.example, b@y.example",
        "a@x.example;b@y.example",
        "a@x.example b@y.example",
        "a@x.example / b@y.example",
        "a@x.example\nb@y.example",
        "Ada <a@x.example>, Bo <b@y.example>",
        "a@x.example et b@y.example",
        "a@x.example,b@y.example,c@z.example",
    ],
)
def test_several_addresses_in_a_cell(said, cell):
    (one,) = said(invalid_address, listed(cell))
    assert one.message == "1 of 2 recipients has several addresses in one cell"


@pytest.mark.parametrize(
    "cell", ["Ada <ada@x.example>", "<ada@x.example>", '"Lovelace, Ada" <ada@x.example>']
)
def test_a_name_beside_the_address(said, cell):
    (one,) = said(invalid_address, listed(cell))
    assert one.message.startswith("1 of 2 recipients has a name beside the address")


@pytest.mark.parametrize(
    "cell",
    [
        "ada.x.example",
        "ada@",
        "@x.example",
        "ada@@x.example",
        "ada@bo@x.example",
        "ada lovelace@x.example",
        "ada@x example.org",
        "ada@server",
        "ada@localhost",
        "ada@x.example.invalid",
        "ada@x..example",
        ".ada@x.example",
        "ada.@x.example",
        "a..da@x.example",
        "ada@x.example.",
        "ada@.x.example",
        "ada@-x.example",
        "ada@x-.example",
        "ada@192.0.2.1",
        "ada@x.example1",
        "ada@x_y.example",
        "ada@x,example",
        "ada(at)x.example",
        "mailto:ada@x.example",
        "ada@x.example>",
        "a" * 65 + "@x.example",
        "ada@" + "x" * 64 + ".example",
        "ada@x.example\tb",
        "ada\u200b@x.example",
        "ada\u00a0@x.example",
        "ada\u202e@x.example",
        "ad\ufffd@x.example",
        "ada\uff20x.example",
        "https://x.example/ada",
    ],
)
def test_what_no_server_accepts(said, cell):
    (one,) = said(invalid_address, listed(cell))
    said_so, _, reason = one.message.partition(": ")
    assert said_so == "1 of 2 recipients has an address that no server accepts"
    assert reason
    assert "ada" not in reason
    assert "example" not in reason
    assert one.recipients.rows == (("contacts.csv", 3),)


@pytest.mark.parametrize(
    "cell",
    [
        "Ada@X.Example",
        " ada@x.example ",
        "ada+news@x.example",
        "a@b.test",
        "o'hara@x.example",
        "first.last@sub.firma.example",
        "a_b-c@x-y.example",
        "x{y}|z=1@x.example",
        "inès@würzburg.example",
        "用户@例子.example",
        "ada@xn--bcher-kva.example",
        "ada@例え。example",
        "ada@пример.рф",
        "ada@xn--e1afmkfd.xn--p1ai",
        '"ada lovelace"@x.example',
        "ada@[192.0.2.1]",
        "a" * 64 + "@x.example",
        "ada@" + "x" * 63 + ".example",
        "123@456.example",
        "a@b.co",
        "ada@x.museum",
    ],
)
def test_sound_addresses(said, cell):
    assert not said(invalid_address, listed(cell))


def test_the_reason_is_said(said):
    (one,) = said(invalid_address, listed("ada@x..example"))
    assert one.message.endswith(": an email address cannot have two periods in a row")
    cells = ["ada@x..example", "x", "x", "b@server", "c@x.example.invalid", "d@x_y.example"]
    (one,) = said(invalid_address, listed(*cells, "ok@x.example"))
    assert one.message == (
        "6 of 8 recipients have an address that no server accepts: an email address must have an "
        "@-sign (2); an email address cannot have two periods in a row (1); the part after the "
        "@-sign is not valid: it should have a period (1); and 2 more"
    )
    assert one.recipients.rows == tuple(("contacts.csv", line) for line in range(3, 9))


def test_what_the_exact_test_accepts_is_no_finding(said, monkeypatch):
    module = "preflight_rules.recipients.invalid_address.why_refused"
    monkeypatch.setattr(module, lambda cell: "" if cell == "ada@x" else "of the test")
    assert not said(invalid_address, listed("ada@x", "ada@x"))
    (one,) = said(invalid_address, listed("ada@x", "bo@x", "ada@x"))
    assert one.message.startswith("1 of 4 recipients has an address")
    assert one.recipients.rows == (("contacts.csv", 4),)


def test_an_exact_test_that_crashes_is_said(monkeypatch):
    monkeypatch.setattr("preflight_rules.recipients.invalid_address.why_refused", lambda _: 1 / 0)
    report = check_files(
        listed("ada@x") | {"campaign.yaml": "language: ~"}, rules=[invalid_address]
    )
    assert [one.rule for one in report.annotations] == ["rule-crashed"]
    assert [one.rule for one in report.not_checked] == ["invalid-address"]


def test_addresses_of_one_shape_are_refused_for_one_reason():
    chance = random.Random(4)
    reasons: dict[str, str] = {}
    again = 0
    for _ in range(3_000):
        local, domain = ("".join(chance.choices("ab1@._- ", k=chance.randint(1, 4))) for _ in "ab")
        for _ in range(3):
            letters = {one: chance.choice("bcxyz") for one in "ab"} | {"1": chance.choice("0123")}
            address = f"{local}@{domain}.example".translate(str.maketrans(letters))
            again += shape_of(address) in reasons
            reason = why_refused(address)
            assert reasons.setdefault(shape_of(address), reason) == reason, address
    assert again > 2_000


def test_of_endless_cells_that_are_no_addresses_the_rest_is_counted(said, monkeypatch):
    module = "preflight_rules.recipients.invalid_address"
    monkeypatch.setattr(f"{module}._EXAMINED", 2)
    (one,) = said(invalid_address, listed("ada@x", "b@x..example", "c", "d@@", "e"))
    assert one.recipients.count == 5


def test_one_annotation_a_kind(said):
    found = said(invalid_address, listed("", "", "a@x.example b@x.example", "ada@x", "x"))
    assert sorted(one.recipients.count for one in found) == [1, 2, 2]


def test_only_the_chosen_count(said):
    files = listed("ada@x")
    files["campaign.yaml"] = "audience: {where: email <> 'ada@x'}"
    assert not said(invalid_address, files)


def test_your_own_test_addresses_do_not_count(said):
    files = listed("qa@server")
    files["preflight.yaml"] = "ledger: {seeds: seeds.csv}"
    files["seeds.csv"] = "email\nqa@server\n"
    assert not said(invalid_address, files)


def _distorted(count: int) -> list[str]:
    """Addresses with a few letters put in, taken out or replaced."""
    chance = random.Random(20261102)
    letters = "aZ09.-_+@\"(),:;<>[]'!#%&*/=?^`{|}~éß中Ж。\u0301\u00ad🙂 \u00a0"
    sound = [
        "ada@x.example",
        "a.b+c@sub.firma.example",
        "inès@würzburg.example",
        "用户@例子.example",
        "o'hara@x-y.example",
        "x@xn--bcher-kva.example",
        '"a b"@x.example',
        "a@b.c1",
    ]
    made = []
    for _ in range(count):
        text = list(chance.choice(sound))
        for _ in range(chance.randint(1, 2)):
            at = chance.randrange(len(text))
            text[at : at + chance.randint(0, 1)] = chance.choice(["", *letters])
        made.append("".join(text).strip() or "x")
    return made


def _accepted(cell: str) -> bool:
    try:
        validate_email(
            cell.lower(),
            check_deliverability=False,
            allow_quoted_local=True,
            allow_domain_literal=True,
            test_environment=True,
            strict=True,
        )
    except EmailNotValidError:
        return False
    return True


def test_nothing_that_the_exact_check_accepts_is_said(said):
    """In one list, on the accepted ones only: nothing may be said. The control: of those that are
    refused, most are said."""
    cells = _distorted(3000)
    accepted = [cell for cell in cells if _accepted(cell)]
    refused = [cell for cell in cells if not _accepted(cell)]
    assert len(accepted) > 500
    assert not said(invalid_address, listed(*accepted))
    found = sum(one.recipients.count for one in said(invalid_address, listed(*refused)))
    assert found > 0.7 * len(refused)
