"""Broken and hostile mail: read as far as it goes, said clearly, never a traceback."""

from __future__ import annotations

import base64
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preflight import Context, check_batch, check_message
from preflight.readers import eml
from preflight.readers.eml import read_mail

HEAD = b"From: Ada <ada@news.example>\nTo: ines@atelier.example\nSubject: News\n"
MIXED = HEAD + b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n"
SOUND = (
    MIXED
    + b"\n--b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n"
    b"\nDear In=C3=A8s, this is {FirstName}.\n--b\nContent-Type: text/html\n"
    b"Content-Transfer-Encoding: base64\n\n"
    + base64.encodebytes(b"<p>Dear {FirstName}</p>")
    + b"--b--\n"
)


def rules_of(data, **options) -> list[str]:
    report = check_message(data, **options)
    assert not report.failed, [one.detail for one in report.annotations]
    return [one.rule for one in report.annotations]


BROKEN = {
    "nothing": b"",
    "line ends only": b"\n\n\n",
    "no header": b"\nDear {FirstName},\n",
    "only a header": b"Subject: News",
    "colon only": b": x\n\n",
    "no blank line": HEAD + b"Dear {FirstName}\n",
    "multipart without boundary": HEAD
    + b"Content-Type: multipart/mixed\n\n--x\n\nDear {FirstName},\n",
    "boundary that never comes": HEAD
    + b"Content-Type: multipart/mixed; boundary=zz\n\nDear {FirstName},\n",
    "boundary that never ends": MIXED + b"\n--b\n\nDear {FirstName},\n",
    "empty multipart": MIXED + b"\n--b--\n",
    "boundary of blanks": HEAD + b'Content-Type: multipart/mixed; boundary="  "\n\n--  \n\nx\n',
    "truncated base64": HEAD
    + b"Content-Transfer-Encoding: base64\n\nRGVhciB7Rmlyc3ROYW1lfSwgaGVsbG8\nA=B=C\n",
    "base64 that is none": HEAD
    + b"Content-Transfer-Encoding: base64\n\n\xff\xfe not base64 at all !!!\n",
    "unknown encoding": HEAD + b"Content-Transfer-Encoding: x-secret\n\nDear {FirstName},\n",
    "unknown charset": HEAD
    + b"Content-Type: text/plain; charset=klingon\n\nDear {FirstName}, caf\xe9\n",
    "charset of NUL": HEAD + b'Content-Type: text/plain; charset="\x00"\n\nDear {FirstName},\n',
    "charset in RFC 2231": HEAD
    + b"Content-Type: text/plain; charset*=us-ascii'en'utf-8\n\nDear {FirstName},\n",
    "lying charset": HEAD
    + b"Content-Type: text/plain; charset=utf-8\n\nDear {FirstName}, caf\xe9\n",
    "zlib as charset": HEAD
    + b"Content-Type: text/plain; charset=zlib\n\nDear {FirstName}, caf\xe9\n",
    "8-bit headers": b"Subject: Caf\xe9 \xc3\xa9 {FirstName}\nFrom: \xff <a@b.example>\n\nx\n",
    "NUL bytes": HEAD + b"\nDear \x00{FirstName}\x00,\n",
    "bare CR": HEAD.replace(b"\n", b"\r") + b"\rDear {FirstName},\r",
    "mixed line ends": HEAD + b"\r\nDear {FirstName},\rhello\n\r\n",
    "byte order mark": b"\xef\xbb\xbf" + HEAD + b"\nDear {FirstName},\n",
    "UTF-16": (HEAD + b"\nDear {FirstName},\n").decode().encode("utf-16"),
    "broken encoded words": b"Subject: =?utf-8?B?####?= =?x?Q?=ZZ?= =?utf-8?Q?=C3?=\n\nDear {FirstName}\n",
    "folded for ever": b"Subject: a\n" + b" b\n" * 2_000 + b"\nDear {FirstName},\n",
    "header of one line of a megabyte": b"Subject: "
    + b"x" * 1_000_000
    + b"\n\nDear {FirstName},\n",
    "uuencode": HEAD + b"Content-Transfer-Encoding: x-uuencode\n\nbegin 644 x\n#0V%T\n`\nend\n",
    "broken uuencode": HEAD + b"Content-Transfer-Encoding: uuencode\n\nbegin\nM\x01\x02\n",
    "attached mail": MIXED
    + b"\n--b\nContent-Type: message/rfc822\n\nSubject: x\n\n{FirstName}\n--b--\n",
    "delivery status": MIXED
    + b"\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns\n\nx: y\n--b--\n",
    "partial": HEAD + b"Content-Type: message/partial\n\nx\n",
    "type that is none": HEAD + b'Content-Type: ;;;===""\n\nDear {FirstName},\n',
    "surrogates in RFC 2231": HEAD
    + b"Content-Type: text/plain; charset*0*=%FF'; charset*1=\xff\n\nx\n",
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_mail_is_read_as_far_as_it_goes(name):
    data = BROKEN[name]
    found = rules_of(data)
    if b"{FirstName}" in data and name not in ("attached mail",):
        assert {"unrendered-placeholder", "unreadable-file"} & set(found), found


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("multipart without boundary", "error"),
        ("boundary that never comes", "error"),
        ("unknown charset", "warning"),
        ("lying charset", "warning"),
    ],
)
def test_what_cannot_be_decoded_is_said(name, severity):
    report = check_message(BROKEN[name])
    said = [one for one in report.annotations if one.rule == "unreadable-file"]
    assert [one.severity.label for one in said] == [severity]
    assert said[0].help


def test_base64_that_is_cut_off():
    packed = base64.b64encode(b"Dear Ada, " + b"hello " * 50)
    whole = HEAD + b"Content-Transfer-Encoding: base64\n\n" + packed + b"\n"
    assert "unreadable-file" not in rules_of(whole)
    cut = HEAD + b"Content-Transfer-Encoding: base64\n\n" + packed[:101] + b"\n"
    assert "unreadable-file" in rules_of(cut)


def test_attachments_are_no_body():
    attached = (
        b"\n--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\n{FirstName}"
        b"\n--b\nContent-Type: message/rfc822\n\nSubject: {LastName}\n\n{FirstName}\n"
        b"\n--b\nContent-Type: text/calendar\n\n{FirstName}\n--b--\n"
    )
    mail = read_mail(MIXED + b"\n--b\n\nHello\n" + attached, "a.eml")
    assert {name: part.text for name, part in mail.parts.items()} == {"text": "Hello\n"}


def test_nested_parts():
    inner = (
        b"Content-Type: multipart/related; boundary=r\n\n--r\nContent-Type: text/html\n\n<p>Hi</p>\n"
        b"--r\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--r--\n"
    )
    data = (
        MIXED
        + b"\npreamble {FirstName}\n--b\nContent-Type: multipart/alternative; boundary=a\n\n--a\n\nHi\n--a\n"
        + inner
        + b"\n--a--\n\n--b\nContent-Type: text/plain\n\nThe footer of the list\n--b--\nepilogue\n"
    )
    mail = read_mail(data, "a.eml")
    assert list(mail.parts) == ["text", "html", "text-2"]
    assert mail.parts["html"].text == "<p>Hi</p>"
    assert not mail.said


def test_an_encrypted_mail_is_not_called_checked():
    data = HEAD + (
        b"Content-Type: multipart/encrypted; boundary=b; protocol=application/pgp-encrypted\n\n"
        b"--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b\n"
        b"Content-Type: application/octet-stream\n\nabc\n--b--\n"
    )
    reasons = {one.rule: one.reason for one in check_message(data).not_checked}
    assert "encrypted" in reasons["unrendered-placeholder"]


def test_a_mail_that_is_too_large(monkeypatch):
    monkeypatch.setattr(eml, "MAIL_LIMIT", 1_000)
    report = check_message(HEAD + b"\n" + b"x" * 2_000)
    assert [one.rule for one in report.annotations] == ["unreadable-file"]
    assert "unrendered-placeholder" in {one.rule for one in report.not_checked}


def test_parts_nested_without_end():
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(5_000)
    )
    report = check_message(HEAD + deep + b"\nDear {FirstName}\n")
    assert report.annotations[0].rule == "unreadable-file"


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 12))
def test_a_mail_with_some_bytes_changed(seed, changes):
    chance = random.Random(seed)
    data = bytearray(SOUND)
    for _ in range(changes):
        at = chance.randrange(len(data))
        how = chance.randrange(3)
        if how == 0:
            data[at] = chance.choice(b"\x00\r\n=?-:; \xff\xc3{}<>\"'a")
        elif how == 1:
            del data[at : at + chance.randrange(1, 20)]
        else:
            data[at:at] = chance.choice(
                [b"\n", b"--b\n", b"=?utf-8?B?", b"\r", b"=\n", b"\xe2\x82"]
            )
        if not data:
            break
    report = check_message(bytes(data))
    assert not report.failed
    for one in report.annotations:
        assert 0 <= one.span.start <= one.span.end <= len(one.span.source.text)


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes(data):
    assert not check_message(data, Context(bulk=True)).failed
    assert not check_message(HEAD + b"\n" + data).failed
    assert not check_batch([data, HEAD + data]).failed


HOSTILE = [
    "<" * 20_000,
    "<a href='" * 5_000,
    "<!--" * 10_000,
    "<p style='display:none'>" * 5_000 + "x",
    "<div>" * 20_000 + "Dear {FirstName}",
    "&#x;" * 10_000,
    "{{" * 20_000,
    "[" * 20_000,
    "=?utf-8?Q?" * 5_000,
    "a@" * 20_000,
    "<a href='x'>unsubscribe" * 3_000,
    "<a href='https://x.example/" + "%7B" * 20_000 + "'>x</a>",
    "<style>" + "{a}" * 20_000,
    "\n" * 50_000 + "Dear {FirstName},",
    "Dear " + "x " * 50_000,
    "\u202e\u200b\ufeff" * 10_000,
]


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_mail_is_read_in_linear_time(number):
    # What is quadratic takes minutes here.
    text = HOSTILE[number]
    for data in (
        HEAD + b"Content-Type: text/html; charset=utf-8\n\n" + text.encode(),
        b"To: " + text.replace("\n", "").encode() + b"\nSubject: x\n\n",
        b"Subject: " + text.replace("\n", " ").encode() + b"\n\nx\n",
    ):
        assert not check_message(data, Context(bulk=True)).failed
