"""First mails that do not say who made the introduction."""

from __future__ import annotations

import pytest

from preflight_rules.relationships._introducers import introducer
from preflight_rules.relationships.unnamed_referrer import unnamed_referrer as rule

END = "\n\nUnsubscribe: https://news.example/unsubscribe\n"


def files(by="Grace Mbatha", text="I work near you.", more="", **others):
    return {
        "campaign.yaml": f"purpose: prospecting\n{more}",
        "mail.txt": f"Dear {{{{ first_name }}}},\n\n{text}{END}",
        "preflight.yaml": "ledger: {referrals: referrals.csv}",
        "referrals.csv": "email,introduced_by,introduced_at,consent\n"
        f'jan@werft.example,"{by}",2026-10-20,yes\n',
        **others,
    }


def test_nobody_is_named(said):
    (one,) = said(rule, files())
    assert one.severity.label == "warning"
    assert one.span.text == "Dear {{ first_name }},"
    assert (one.recipients.count, one.recipients.of) == (1, 4)
    assert one.recipients.rows == (("contacts.csv", 3),)
    assert "Grace" not in one.message + one.help


@pytest.mark.parametrize(
    ("by", "text"),
    [
        ("Grace Mbatha", "Grace told me of you."),
        ("Grace Mbatha", "Ms Mbatha told me of you."),
        ("Grace Mbatha", "GRACE told me of you."),
        ("Mbatha, Grace", "Grace told me of you."),
        ("Dónal Costello", "Donal told me of you."),
        ("Donal Costello", "Dónal told me of you."),
        ("Łukasz Żak", "Lukasz told me of you."),
        ("Jan van der Berg", "Mr Berg told me of you."),
        ("Bo Li", "Our friend Bo Li told me of you."),
        ("grace.mbatha@firm.example", "Grace told me of you."),
        ("gmbatha@firm.example", "Ms Mbatha told me of you."),
        ("Grace Mbatha <gm@firm.example>", "Grace told me of you."),
        ("Grace Mbatha <gm@firm.example>", "gm@firm.example told me of you."),
    ],
)
def test_named(by, text):
    assert introducer(by).named_in(text)


@pytest.mark.parametrize(
    ("by", "text"),
    [
        ("Will Smithson", "I will call you."),
        ("Grace Mbatha", "A graceful garden, with grace."),
        ("Jan van der Berg", "Van Der Valk is a hotel."),
        ("Frau Lena Vogt", "Sehr geehrte Frau Nachbarin."),
        ("theresa.may@firm.example", "The mail is short."),
    ],
)
def test_not_named(by, text):
    assert not introducer(by).named_in(text)


@pytest.mark.parametrize(
    ("by", "text", "count"),
    [
        ("Grace Mbatha", "Grace told me of you.", 0),
        ("info@firm.example", "Somebody told me of you.", 0),  # nobody could tell a name
        ("", "Somebody told me of you.", 0),
        ("Jan Novak", "Jan, are you there?", 1),  # the reader's own name
        ("Ada Lovelace", "Yours, Ada Example", 1),  # the sender's own name
    ],
)
def test_mails(said, by, text, count):
    assert len(said(rule, files(by, text))) == count


def test_the_sender_made_the_introduction(said):
    assert not said(rule, files("Ada Example"))


def test_the_subject_names_them(said):
    assert not said(rule, files(more='subject: "{{ first_name }}, Grace spoke of you"'))


def test_a_value_names_them(said):
    rows = "email,first_name,friend\njan@werft.example,Jan,Grace Mbatha\n"
    given = files(text="{{ friend }} told me of you.", **{"contacts.csv": rows})
    assert not said(rule, given)


def test_the_fact_can_be_printed(said):
    rows = "email,first_name,introduced_by\njan@werft.example,Jan,Grace M.\n"
    given = files("grace@firm.example", "{{ introduced_by }} told me.", **{"contacts.csv": rows})
    assert not said(rule, given)


def test_each_part_must_name_them(said):
    html = "<html><head><title>x</title></head><body><p>Hello,</p><p>{}</p></body></html>"
    more = "body: {html: mail.html, text: mail.txt}"
    given = files(text="Grace told me.", more=more, **{"mail.html": html.format("I am here.")})
    (one,) = said(rule, given)
    assert one.span.source.path == "mail.html"
    assert one.span.text == "Hello,"
    named = {**given, "mail.html": html.format("<b>Grace</b> told me.")}
    assert not said(rule, named)


def test_two_introducers_one_annotation(said):
    given = files(text="Grace told me.")
    given["referrals.csv"] += "mei@teahouse.example,Henrik Sandvik,2026-10-20,yes\n"
    given["referrals.csv"] += "omar@bakery.example,Maeve Adeyemi,2026-10-20,yes\n"
    (one,) = said(rule, given)
    assert one.recipients.count == 2
    assert one.recipients.rows == (("contacts.csv", 4), ("contacts.csv", 5))


@pytest.mark.parametrize(
    ("last", "count"), [("", 1), ("2026-10-01", 1), ("2026-10-27", 0), ("2026-10-20", 0)]
)
def test_only_the_first_mail(said, last, count):
    rows = (
        "email,first_name,last_contacted\nines@atelier.example,I,2026-10-30\n"
        f"jan@werft.example,Jan,{last}\n"
    )
    assert len(said(rule, files(**{"contacts.csv": rows}))) == count


def test_classes_by_last_contact(said):
    """One introducer, two people, one of whom has had a mail already."""
    given = files(
        **{
            "contacts.csv": "email,first_name,last_contacted\nmei@teahouse.example,Mei,2026-10-27\n"
            "jan@werft.example,Jan,2026-10-02\n"
        }
    )
    given["referrals.csv"] += "mei@teahouse.example,Grace Mbatha,2026-10-20,yes\n"
    (one,) = said(rule, given)
    assert one.recipients.rows == (("contacts.csv", 3),)


@pytest.mark.parametrize("purpose", ["service", "incident", "apology"])
def test_mails_that_everybody_needs(said, purpose):
    assert not said(rule, {**files(), "campaign.yaml": f"purpose: {purpose}"})


def test_acquainted_by_now(said):
    given = files(**{"known.csv": "email\njan@werft.example\n"})
    given["preflight.yaml"] = "ledger: {referrals: referrals.csv, known: known.csv}"
    given["referrals.csv"] += "mei@teahouse.example,Grace Mbatha,2026-10-20,yes\n"
    (one,) = said(rule, given)
    assert one.recipients.rows == (("contacts.csv", 4),)


@pytest.mark.parametrize(("consent", "count"), [(" Express", 0), ("implied", 1)])
def test_newsletter(said, consent, count):
    rows = f"email,first_name,consent\njan@werft.example,Jan,{consent}\n"
    given = {**files(**{"contacts.csv": rows}), "campaign.yaml": "purpose: newsletter"}
    assert len(said(rule, given)) == count


TWO = "audience: {where: \"email in ('jan@werft.example', 'mei@teahouse.example')\"}\n"


def introduction(by="Grace Mbatha <grace@mbatha.example>", more="", **others):
    return {**files(by, **others), "campaign.yaml": f"purpose: introduction\n{TWO}{more}"}


def test_an_introduction_without_the_introducer(said):
    (one,) = said(rule, introduction())
    assert "introduced without" in one.message
    assert one.span.text == "contacts.csv"
    assert one.recipients.rows == (("contacts.csv", 3),)


def test_it_stands_at_the_headers(said):
    (one,) = said(rule, introduction(more="headers: {Cc: other@firm.example}"))
    assert one.span.text == "headers"


@pytest.mark.parametrize(
    ("by", "cc"),
    [
        ("grace@mbatha.example", "Grace <GRACE@mbatha.example>"),
        ("Grace Mbatha", "Grace Mbatha <gm@firm.example>"),
        ("Grace Mbatha", "gm@firm.example"),  # it may be hers
    ],
)
def test_in_cc(said, by, cc):
    assert not said(rule, introduction(by, more=f"headers: {{CC: {cc}}}"))


def test_among_the_recipients(said):
    given = introduction("mei@teahouse.example")
    assert not said(rule, given)
    names = "email,first_name,last_name\njan@werft.example,Jan,K\nmei@teahouse.example,Mei,Lin\n"
    assert not said(rule, introduction("Mei Lin", **{"contacts.csv": names}))
    assert said(rule, introduction("Jan Novak", **{"contacts.csv": names}))


def test_named_without_referrals(not_checked):
    assert {one.reason for one in not_checked(rule, {})} == {
        "needs ledger.referrals in preflight.yaml"
    }


def test_names_that_name_nobody():
    assert introducer("", "  ") is None
    assert introducer("info@firm.example") is None
    assert introducer("x1@firm.example") is None
