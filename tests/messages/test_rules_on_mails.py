"""The rules on recipients, in header fields of finished mails: what they say, and what is sound."""

from __future__ import annotations

import pytest

from preflight import Context, check_message
from preflight.mail import mailboxes


def found(rule: str, *headers: str, context: Context | None = None) -> list[str]:
    text = "\n".join(("From: Ada <ada@news.example>", "Subject: x", *headers)) + "\n\nHello\n"
    report = check_message(text, context)
    assert not report.failed, report.annotations[0].detail
    return [one.span.text for one in report.annotations if one.rule == rule]


FIVE = "a@one.example, b@two.example, c@three.example, d@four.example, e@five.example"


@pytest.mark.parametrize("field", ["To", "Cc", "to", "CC"])
def test_many_in_one_field(field):
    assert found("exposed-recipients", f"{field}: {FIVE}") == [FIVE]


def test_many_in_two_fields():
    first = found("exposed-recipients", "To: a@one.example, b@two.example",
                  "Cc: c@three.example, d@four.example")  # fmt: skip
    assert first == ["a@one.example, b@two.example"]


@pytest.mark.parametrize(
    "headers",
    [
        [f"To: {FIVE}", "In-Reply-To: <1@x.example>"],
        [f"To: {FIVE}", "References: <1@x.example>"],
        [f"Bcc: {FIVE}"],
        ["To: a@one.example, b@two.example, c@three.example"],
        ["To: " + ", ".join(f"p{n}@client.example" for n in range(9))],
        ["To: " + ", ".join(f"p{n}@news.example" for n in range(9)) + ", x@client.example"],
        ["To: a@one.example, A@ONE.example, a@one.example, a@one.example"],
        ["To: undisclosed-recipients:;"],
        ['To: "Doe, John; Sales" <john@one.example>'],
        [],
    ],
)
def test_nobody_is_exposed(headers):
    assert found("exposed-recipients", *headers) == []


def test_two_are_too_many_in_a_mail_to_many():
    to = "a@one.example, b@two.example"
    assert found("exposed-recipients", f"To: {to}", context=Context(bulk=True)) == [to]
    two = Context(bulk=True, purpose="introduction")
    assert found("exposed-recipients", f"To: {to}", context=two) == []


@pytest.mark.parametrize(
    "address",
    [
        "ivan@@one.example", "ivan", "ivan@one", "iv an@one.example", "@one.example", "ivan@", "ivan@.example",
        "ivan@one..example", "ivan.@one.example", "ivan@one.example.", "ivan@-one.example", "ivan@one_two.example",
        "x" * 65 + "@one.example", "ivan@" + "x" * 64 + ".example", "ivan@one.invalid", "iv\u200ban@one.example",
        "ivan@one.123", "ivan,@one.example", "iv[an@one.example",
    ],
)  # fmt: skip
def test_addresses_that_no_server_accepts(address):
    said = found("invalid-address", f"To: Ivan <{address}>")
    assert said == [address]


@pytest.mark.parametrize(
    "value",
    [
        "ivan@one.example", "Ivan <ivan+news@one.example>", '"Doe, John" <john@one.example>', "o'hara@one.example",
        "jörg@bücher.example", "用户@例子.example", '"iv an"@one.example', "ivan@[192.0.2.1]", "a@b.co.example",
        "ivan@xn--bcher-kva.example", "undisclosed-recipients:;", "Team: a@one.example, b@one.example;",
        "ivan@one.example (Ivan)", "(Ivan) ivan@one.example", "a@one.example,\n b@one.example", "", "a/b@one.example",
        "=?utf-8?Q?J=C3=B6rg?= <joerg@one.example>", "ivan@one.example,", "<ivan@one.example>", "_x_@one.example",
    ],
)  # fmt: skip
@pytest.mark.parametrize("field", ["To", "Cc", "Bcc"])
def test_addresses_that_are_sound(value, field):
    assert found("invalid-address", f"{field}: {value}") == []


def test_a_mail_that_was_delivered_had_an_address():
    assert found("invalid-address", "Received: by x.example", "To: local") == []


def test_a_semicolon():
    assert found("invalid-address", "To: a@one.example; b@two.example") == [
        "a@one.example; b@two.example"
    ]


def test_an_empty_address():
    assert found("invalid-address", "To: Ivan <>") == ["Ivan <>"]


def test_a_tag_in_the_place_of_an_address():
    assert found("invalid-address", "To: {{ email }}") == []
    assert found("unrendered-placeholder", "To: {{ email }}") == ["{{ email }}"]


def test_control_characters_in_a_field():
    assert found("unsafe-header", "X-Other: a\x07b", "Reply-To: a\x07b <a@one.example>") == ["\x07"]
    folded = "To: =?utf-8?Q?Quinn=0ABcc=3A_leak@else.example?= <q@one.example>"
    assert len(found("unsafe-header", folded)) == 1
    assert found("unsafe-header", "Reply-To: a\n <a@one.example>") == []


@pytest.mark.parametrize(
    ("value", "addresses"),
    [
        ("a@b.example", ["a@b.example"]),
        ("A <a@b.example>, c@d.example", ["a@b.example", "c@d.example"]),
        ('"A, B" <a@b.example>', ["a@b.example"]),
        (
            "G: a@b.example, c@d.example;, e@f.example",
            ["a@b.example", "c@d.example", "e@f.example"],
        ),
        ("<a@b.example", ["a@b.example"]),
        ('"unclosed <a@b.example>', ['"unclosed <a@b.example>']),
        (",,;,", []),
        ("a@b.example (x, y)", ["a@b.example"]),
        ("", []),
    ],
)
def test_the_addresses_of_a_field(value, addresses):
    boxes = mailboxes(value)
    assert [box.address for box in boxes] == addresses
    assert all(value[box.start : box.end].strip() for box in boxes)


PREHEADERS = {
    "display:none": '<div style="display:none">Seen {x}&amp; soon</div><p>Hi</p>',
    "max-height:0": '<span style="max-height: 0px; overflow: hidden">Seen {x}&amp; soon</span>',
    "mso-hide": '<table><tr><td style="MSO-HIDE:ALL">Seen {x}&amp; soon</td></tr></table>',
    "font-size": '<body><div style="font-size:1px;color:#fff">Seen <b>{x}</b>&amp; soon&zwnj;&nbsp;</div>',
}


@pytest.mark.parametrize("how", PREHEADERS)
def test_the_preheader_is_found(how):
    from preflight.readers.objects import mail_of_text

    html = f"<!doctype html><html><head><title>x</title></head>{PREHEADERS[how]}"
    part = mail_of_text(html, "mail.html").message.preheader
    assert part is not None
    assert part.text.strip() == "Seen {x}& soon"
    at = part.text.index("{x}")
    assert part.span(at, at + 3).text == "{x}"


@pytest.mark.parametrize(
    "html",
    ["<p>Hi</p>", '<div style="max-height:10px">x</div>', '<div style="font-size:12px">x</div>',
     '<img style="display:none">', "<p>x</p>" * 40 + '<div style="display:none">x</div>'],
)  # fmt: skip
def test_no_preheader(html):
    from preflight.readers.objects import bare_mail

    assert bare_mail(html, "mail.html", "html").message.preheader is None
