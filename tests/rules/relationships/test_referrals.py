"""referral-without-consent and repeated-referral-mail."""

from __future__ import annotations

import pytest

from preflight_rules.relationships.referral_without_consent import referral_without_consent
from preflight_rules.relationships.repeated_referral_mail import repeated_referral_mail


def files(consent="", at="2026-10-20", purpose="prospecting", contacts=None, ledger=""):
    given = {
        "campaign.yaml": f"purpose: {purpose}",
        "preflight.yaml": f"ledger: {{referrals: referrals.csv{ledger}}}",
        "referrals.csv": "email,introduced_by,introduced_at,consent\n"
        f"JAN@werft.example,Grace Mbatha,{at},{consent}\n",
        "people.csv": "email\njan@werft.example\n",
    }
    return given | ({"contacts.csv": contacts} if contacts else {})


@pytest.mark.parametrize(
    ("consent", "count"), [("", 1), ("no", 1), ("asked", 1), ("true", 1), ("yes", 0), (" YES ", 0)]
)
def test_consent(said, consent, count):
    found = said(referral_without_consent, files(consent))
    assert [one.recipients.count for one in found] == [1] * count


def test_annotation(said):
    (one,) = said(referral_without_consent, files("no"))
    assert one.severity.label == "error"
    assert one.recipients.rows == (("contacts.csv", 3),)
    assert [r.span.source.path for r in one.related] == ["contacts.csv", "referrals.csv"]
    assert "Grace" not in one.message


def test_an_introduction_passes_them_on(said):
    (one,) = said(referral_without_consent, files("no", purpose="introduction"))
    assert "passed on" in one.message


@pytest.mark.parametrize("purpose", ["service", "incident", "apology"])
def test_mails_that_everybody_needs(said, purpose):
    last = "email,first_name,last_contacted\njan@werft.example,Jan,2026-10-27\n"
    given = files("no", purpose=purpose, contacts=last)
    assert not said(referral_without_consent, given)
    assert not said(repeated_referral_mail, given)


def test_a_client_by_now(said):
    ledger = ", clients: people.csv"
    assert not said(referral_without_consent, files("no", ledger=ledger))
    assert said(referral_without_consent, files("no", ledger=ledger, purpose="introduction"))


@pytest.mark.parametrize(("purpose", "count"), [("newsletter", 0), ("prospecting", 1)])
def test_their_own_express_consent(said, purpose, count):
    rows = "email,first_name,consent,last_contacted\njan@werft.example,Jan,express,2026-10-27\n"
    given = files("no", purpose=purpose, contacts=rows)
    assert len(said(referral_without_consent, given)) == count
    assert len(said(repeated_referral_mail, given)) == count


def test_a_domain(said):
    given = files()
    given["referrals.csv"] = "domain,introduced_by,consent\nwerft.example,Grace,no\n"
    assert len(said(referral_without_consent, given)) == 1


@pytest.mark.parametrize("rule", [referral_without_consent, repeated_referral_mail])
def test_named_without_referrals(not_checked, rule):
    (one,) = not_checked(rule, {})
    assert one.reason == "needs ledger.referrals in preflight.yaml"


@pytest.mark.parametrize(
    ("last", "at", "count"),
    [
        ("2026-10-27", "2026-10-20", 1),
        ("2026-10-20", "2026-10-20", 1),
        ("2026-10-19", "2026-10-20", 0),
        ("2026-10-27T10:00:00+02:00", "2026-10-20", 1),
        ("", "2026-10-20", 0),
        ("2019-01-01", "", 1),
        ("", "", 0),
    ],
)
@pytest.mark.parametrize("other", ["", "2026-01-05", "last summer"])
def test_last_contacted(said, last, at, count, other):
    """Also in a column that holds more than dates."""
    rows = f"email,first_name,last_contacted\njan@werft.example,Jan,{last}\nm@t.example,M,{other}\n"
    found = said(repeated_referral_mail, files("yes", at, contacts=rows))
    assert [one.recipients.count for one in found] == [1] * count


def test_another_notation_is_not_guessed(said):
    rows = "email,first_name,last_contacted\njan@werft.example,Jan,27/10/2026\n"
    assert not said(repeated_referral_mail, files("yes", contacts=rows))


def test_a_warning_at_the_list(said):
    rows = "email,first_name,last_contacted\njan@werft.example,Jan,2026-10-27\n"
    (one,) = said(repeated_referral_mail, files("yes", contacts=rows))
    assert one.severity.label == "warning"
    assert one.span.text == "contacts.csv"


@pytest.mark.parametrize("kind", ["clients", "known"])
def test_acquainted_by_now(said, kind):
    rows = "email,first_name,last_contacted\njan@werft.example,Jan,2026-10-27\n"
    given = files("yes", contacts=rows, ledger=f", {kind}: people.csv")
    assert not said(repeated_referral_mail, given)


def test_acquainted_by_the_list(said):
    rows = (
        "email,first_name,last_contacted,relationship\njan@werft.example,Jan,2026-10-27,partner\n"
    )
    assert not said(repeated_referral_mail, files("yes", contacts=rows))


def test_without_a_column(said):
    assert not said(repeated_referral_mail, files("yes"))
