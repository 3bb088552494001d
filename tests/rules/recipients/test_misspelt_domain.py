"""Slips of the finger in domains."""

from __future__ import annotations

import pytest

from preflight.audience.ledger import public_domains
from preflight_rules.recipients.misspelt_domain import likely, misspelt_domain


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("gmial.com", "gmail.com"), ("gamil.com", "gmail.com"), ("gmal.com", "gmail.com"), ("gmaill.com", "gmail.com"), ("ggmail.com", "gmail.com"), ("gmail.con", "gmail.com"), ("gmail.cm", "gmail.com"), ("gnail.com", "gmail.com"), ("gmai.com", "gmail.com"), ("gmsil.com", "gmail.com"), ("gmial.con", "gmail.com"),
        ("hotnail.com", "hotmail.com"), ("hotmial.fr", "hotmail.fr"), ("hotmai.com", "hotmail.com"), ("homail.com", "hotmail.com"), ("hotmail.comm", "hotmail.com"),
        ("yaho.com", "yahoo.com"), ("yahooo.co.uk", "yahoo.co.uk"), ("outlok.com", "outlook.com"), ("outloook.de", "outlook.de"), ("iclud.com", "icloud.com"), ("wandoo.fr", "wanadoo.fr"), ("lapsote.net", "laposte.net"), ("tonline.de", "t-online.de"),
        ("acme.con", "acme.com"), ("mail.acme.cmo", "mail.acme.com"), ("acme.ogr", "acme.org"), ("acme.nett", "acme.net"), ("laposte.nett", "laposte.net"),
        ("gmx.dee", "gmx.de"), ("web.ed", "web.de"), ("interia.lp", "interia.pl"), ("onet.pll", "onet.pl"), ("yahoo.co.ukk", "yahoo.co.uk"), ("docomo.ne.ip", "docomo.ne.jp"),
    ],
)  # fmt: skip
def test_slips(domain, meant):
    assert likely(domain) == meant


@pytest.mark.parametrize(
    "domain",
    [
        "gmail.com", "googlemail.com", "mail.com", "ymail.com", "email.com", "gmx.net", "gmx.de", "gmx.at", "web.de", "hotmail.fr", "live.be", "outlook.de", "me.com", "mac.com", "icloud.com", "aol.com", "msn.com", "gail.com",
        "yahoo.co.uk", "yahoo.com.br", "ymail.de", "fmail.com", "hmail.com", "email.it", "tmail.com", "libera.it", "free.fr", "orange.fr", "acme.co", "gmail.co", "acme.cm", "acme.om", "acme.cam", "gmail.example", "hotmail.org.example",
        "cloud.com", "mailbox.org", "outlooks.com", "yahoos.com", "x", "", ".", "con", ".con", "acme.community", "acme.company", "gmail-shop.com", "comcast.com", "t-mobile.de", "posteo.de", "proton.me", "protonmail.ch",
        "web.dev", "gmx.ed.example", "yahoo.co.ip", "acme.dee", "acme.local", "orange.fi", "onet.pt", "libero.is", "web.xyz", "gmx.qqq",
    ],
)  # fmt: skip
def test_real_domains(domain):
    assert likely(domain) is None


def test_no_public_mail_domain_is_a_slip():
    assert [domain for domain in public_domains() if likely(domain)] == []


def test_what_is_said(said):
    rows = ["a@gmial.com", "b@gmial.com", "c@smith-family.con", "d@x.example"]
    files = {"contacts.csv": "email\n" + "\n".join(rows) + "\n", "mail.txt": "Hi"}
    (one,) = said(misspelt_domain, files)
    assert (
        one.message
        == "3 of 4 recipients have a misspelt domain: gmial.com (gmail.com?), .con (.com?)"
    )
    assert "smith" not in one.message
    assert one.severity.label == "warning"
    assert [row for _, row in one.recipients.rows] == [2, 3, 4]


def test_only_the_first_are_shown(said):
    slips = ["gmial", "gamil", "gmal", "gmaill", "gmai", "gmil", "gnail"]
    rows = "".join(f"a@{slip}.com\n" for slip in slips)
    (one,) = said(misspelt_domain, {"contacts.csv": f"email\n{rows}", "mail.txt": "Hi"})
    assert one.message.endswith("and 2 others")


def test_a_company_of_that_name(said):
    rows = "".join(f"p{number}@gnail.com\n" for number in range(6))
    files = {"contacts.csv": f"email\n{rows}z@x.example\n", "mail.txt": "Hi"}
    assert said(misspelt_domain, files) == []
    files["contacts.csv"] = files["contacts.csv"].replace("gnail.com", "gnail.con")
    assert said(misspelt_domain, files)
