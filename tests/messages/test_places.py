"""Where the words of a mail stand in its file: exactly, whatever the mail is encoded in."""

from __future__ import annotations

import binascii
import quopri
import re
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preflight.readers.eml import read_mail
from preflight.readers.encoded import unquoted
from preflight.readers.fields import header_text
from preflight.readers.objects import bare_mail

LETTERS = "abc XYZ=?_<>&;.,{}éüßñ“”—日本語🙂\t"
texts = st.text(alphabet=LETTERS + "\n", max_size=300)
words = st.text(alphabet=LETTERS.replace("\t", ""), max_size=120).map(str.strip)


def made(text: str, html: str, *, cte: str, charset: str = "utf-8", policy=None) -> bytes:
    message = EmailMessage()
    message["Subject"] = "News"
    message["From"] = "Ada <ada@news.example>"
    message["To"] = "ines@atelier.example"
    message.set_content(text, cte=cte, charset=charset)
    message.add_alternative(html, subtype="html", cte=cte, charset=charset)
    return message.as_bytes(policy=policy) if policy else message.as_bytes()


def unescaped(excerpt, start: int, end: int) -> str:
    """What the stretch of the file that a place names says, decoded by the standard library."""
    written = excerpt.part(start, end).text
    data = quopri.decodestring(written.encode("utf-8"))
    return data.decode("utf-8", "replace")


@settings(max_examples=150, deadline=None)
@given(texts, texts, st.sampled_from(["quoted-printable", "8bit"]), st.booleans(), st.data())
def test_a_place_holds_the_words(text, html, cte, crlf, data):
    mail = read_mail(made(text, html, cte=cte, policy=SMTP if crlf else None), "a.eml")
    assert not mail.said
    for excerpt in mail.parts.values():
        size = len(excerpt.text)
        if not size:
            continue
        start = data.draw(st.integers(0, size - 1))
        end = data.draw(st.integers(start + 1, size))
        span = excerpt.part(start, end)
        assert span.source.path == "a.eml"
        if cte == "8bit":
            assert span.text == excerpt.text[start:end]
        else:
            said = unescaped(excerpt, start, end)
            assert (
                said == excerpt.text[start:end] or said.rstrip() == excerpt.text[start:end].rstrip()
            )


@settings(max_examples=150, deadline=None)
@given(words, st.sampled_from(["utf-8", "iso-8859-1", "b"]), st.data())
def test_a_place_in_a_header(subject, charset, data):
    try:
        raw = Header(
            subject, "utf-8" if charset == "b" else charset, header_name="Subject"
        ).encode()
    except UnicodeEncodeError:
        return
    mail = read_mail(f"Subject: {raw}\nTo: a@b.example\n\nHello\n".encode(), "a.eml")
    value = mail.values("subject")[0]
    assert value.text == subject
    if not subject:
        return
    at = data.draw(st.integers(0, len(subject) - 1))
    span = value.part(at, at + 1)
    line = span.source.line_text(span.start_place.line)
    assert span.start_place.line <= raw.count("\n") + 1
    # The stretch is an escape, a letter, or the whole base64 word that has the character in it.
    assert span.text in line
    if "?q?" in raw.lower() and span.text.startswith("="):
        assert re.fullmatch(r"(?:=[0-9A-F]{2}\n?\s*)+|=\?.*\?=", span.text, re.DOTALL)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab=3DCé09AF \t\n=", max_size=80))
def test_quoted_printable_as_the_library_reads_it(raw):
    ascii_form = raw.encode("utf-8").decode("ascii", "surrogateescape")
    data, starts, ends = unquoted(ascii_form)
    assert data == binascii.a2b_qp(raw.encode("utf-8"))
    assert len(starts) == len(ends) == len(data)
    assert all(0 <= a < b <= len(ascii_form) for a, b in zip(starts, ends, strict=True))
    assert starts == sorted(starts)


def test_soft_line_breaks_and_folded_fields():
    mail = read_mail(
        b"Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe_an?=\n =?utf-8?Q?_{First?=\n {Name}\nTo: a@b.example\n"
        b"Content-Transfer-Encoding: quoted-printable\nContent-Type: text/plain; charset=utf-8\n\n"
        b"Liebe Gr=C3=BC=\n=C3=9Fe, Dear {Fir=\nstName}!\n",
        "a.eml",
    )
    subject = mail.values("subject")[0]
    assert subject.text == "Grüße an {First {Name}"
    body = mail.parts["text"]
    assert body.text == "Liebe Grüße, Dear {FirstName}!\n"
    at = body.text.index("{FirstName}")
    span = body.part(at, at + len("{FirstName}"))
    assert span.text == "{Fir=\nstName}"
    assert (span.start_place, span.end_place) == ((9, 15), (10, 8))
    at = subject.text.index("ß")
    assert subject.part(at, at + 1).text == "=C3=9F"


def test_an_encoded_part_is_a_source_of_its_own():
    mail = read_mail(made("Dear {FirstName},\n", "<p>x</p>", cte="base64"), "box/a.eml")
    body = mail.parts["text"]
    span = body.part(5, 16)
    assert (span.text, span.source.path, span.start_place) == (
        "{FirstName}",
        "box/a.eml#text",
        (1, 6),
    )


def test_eight_bit_in_another_charset_keeps_its_columns():
    mail = read_mail(
        b"Subject: x\nContent-Type: text/plain; charset=iso-8859-1\n\nCh\xe8re \xc9lo\xefse {name}\n",
        "a.eml",
    )
    body = mail.parts["text"]
    at = body.text.index("{name}")
    span = body.part(at, at + 6)
    assert body.text == "Chère Éloïse {name}\n"
    assert (span.text, span.start_place) == ("{name}", (4, 14))


def test_two_charsets_in_one_file():
    mail = read_mail(
        b"Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
        b"Content-Type: text/plain; charset=iso-8859-1\n\nCh\xe8re {a}\n--b\n"
        b"Content-Type: text/plain; charset=utf-8\n\nCh\xc3\xa8re {b}\n--b--\n",
        "a.eml",
    )
    for name, tag, line in (("text", "{a}", 8), ("text-2", "{b}", 12)):
        body = mail.parts[name]
        at = body.text.index(tag)
        assert body.part(at, at + 3).start_place == (line, 7)
        assert body.part(at, at + 3).text == tag


def test_places_count_from_where_the_mail_begins():
    mail = read_mail(b"Subject: x\n\nDear {name}\n", "all.mbox", first_line=101)
    at = mail.parts["text"].text.index("{name}")
    assert mail.parts["text"].part(at, at + 6).start_place == (103, 6)
    assert mail.values("subject")[0].span.start_place == (101, 10)


def test_bare_html_is_its_own_source():
    mail = bare_mail("<p>\r\nDear {name}</p>", "mail.html", "html")
    assert mail.parts["html"].part(9, 15).start_place == (2, 6)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("=?utf-8?B?R3LDvMOf?= =?utf-8?B?ZQ==?=", "Grüße"),
        ("=?utf-8?B?R3LD?= =?utf-8?B?vMOfZQ==?=", "Grüße"),
        ("=?UTF-8?q?Hello_World?=", "Hello World"),
        ("=?utf-8?Q?Hello there?= you", "Hello there you"),
        ("a =?utf-8?Q?b?= c", "a b c"),
        ("=?x-unknown?Q?caf=E9?=", "café"),
        ("=?utf-8?B?R3LDvA?=", "Grü"),
        ("=?utf-8?B?!!!?=", ""),
        ("=?utf-8?Q?=?=", "="),
        ("=?utf-8*en?Q?x?=", "x"),
        ("=?utf-8?X?x?=", "=?utf-8?X?x?="),
        ("=?broken", "=?broken"),
        ("one\n two\n\tthree", "one two\tthree"),
        ("=?utf-8?Q?one?=\n =?iso-8859-1?Q?=E9?=", "oneé"),
        ("=?utf-8?B?4oCcSGk=?= =?utf-8?Q?=E2=80=9D?=", "“Hi”"),
        ("=?unicode_escape?Q?=5Cx41?=", "\\x41"),
        ("=?rot13?Q?nop?=", "nop"),
    ],
)
def test_encoded_words(raw, text):
    assert header_text(raw) == text
