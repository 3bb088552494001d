"""What the ledger says of each contact, and how exclusions and seeds count."""

import pytest

from preflight.audience.audience import Contact
from preflight.rule import Need, Problem, Severity, rule
from preflight.testing import check_files

CONTACTS = """\
email,first_name
 A@Acme.example ,Ann
b@acme.example,Bob
c@gmail.com,Cy
d@old.example,Di
e@new.example,Ed
f@fight.example,Fy
g@sub.acme.example,Gus
qa@example.org,Test
"""
LEDGER = {
    "contacts.csv": CONTACTS,
    "clients.csv": (
        "email,domain,relationship,known_since,owner\n"
        "a@ACME.example,,,2004-01-01,Zoé\n"
        "x@gmail.com,,client,,\n"
        "d@old.example,,Former client,,\n"
        "a@acme.example,,former_client,1999-01-01,Yann\n"
    ),
    "known.csv": "email,known_since\nb@acme.example,2010-05-01\nd@old.example,2001-01-01\n",
    "disputes.csv": 'domain,since,until,allow\nfight.example,2026-01-01,,"service, incident"\n',
    "holds.csv": (
        "email,kind,until,allow\nc@gmail.com,bereavement,2026-11-03,\n"
        "e@new.example,legal,2026-11-02,\nb@acme.example,own,,newsletter\n"
    ),
    "incidents.yaml": (
        "- id: one\n  since: 2026-11-01\n  affects: first_name in ('Ann', 'Bob')\n"
        "- id: two\n  since: 2026-11-01\n  until: 2026-11-02\n  affects: hit.csv\n"
        "- id: three\n  since: 2026-11-01\n  affects: [hit.csv]\n"
    ),
    "hit.csv": "email\ng@sub.acme.example\n",
    "referrals.csv": (
        "email,introduced_by,introduced_at,consent\nf@fight.example,Ann,2026-01-01,YES\n"
        "e@new.example,Bob,2026-01-01,oral\n"
    ),
    "press.txt": "@fight.example\nc@gmail.com\n",
    "preflight.yaml": (
        "ledger: {clients: clients.csv, known: known.csv, disputes: disputes.csv, holds: holds.csv,"
        " incidents: incidents.yaml, referrals: referrals.csv, press: press.txt,"
        " seeds: [qa@example.org], internal: [example.org]}\n"
    ),
}


def hit(fact, **files):
    """The first names of those for whom a condition holds."""
    seen = []

    @rule("probe", on=Contact, severity=Severity.ERROR)
    def probe(contact):
        """Probe."""
        rows = contact.audience.scan([fact], among="k_chosen")[0]
        seen.extend(row["first_name"] for row in contact.audience.rows(rows.first))
        return [Problem(None, "{recipients}", condition=fact)]

    report = check_files({**LEDGER, **files}, rules=[probe])
    assert not [a for a in report.annotations if a.rule != "probe"], report.annotations
    return seen


@pytest.mark.parametrize(
    ("fact", "names"),
    [
        ('"ledger.is_client"', ["Ann"]),
        ('"ledger.is_known"', ["Ann", "Bob", "Di"]),
        ('"ledger.is_former_client"', ["Di"]),
        ('"ledger.at_known_company"', []),
        ('"ledger.in_dispute"', ["Fy"]),
        ('"ledger.barred_by_dispute"', ["Fy"]),
        ('"ledger.on_hold"', ["Bob", "Cy"]),
        ('"ledger.barred_by_hold"', ["Cy"]),
        ('"ledger.in_incident"', ["Ann", "Bob", "Gus"]),
        ('"ledger.is_referred"', ["Ed", "Fy"]),
        ('"ledger.referral_consented"', ["Fy"]),
        ('"ledger.is_press"', ["Cy", "Fy"]),
        ('"ledger.is_internal"', ["Test"]),
        ("owner = 'Zoé' and known_since = '2004-01-01' and relationship = 'client'", ["Ann"]),
        ("relationship = 'known'", ["Bob"]),
    ],
)
def test_facts(fact, names):
    assert hit(fact) == names


def test_a_clients_company_is_known_but_no_public_mail_domain_and_no_subdomain():
    known = "email\nz@elsewhere.example\n"
    assert hit('"ledger.at_known_company"', **{"known.csv": known}) == ["Bob"]


def test_a_column_of_its_own_hides_the_fact_in_where_but_not_from_rules():
    contacts = "email,first_name,is_known\na@acme.example,Ann,false\nz@z.example,Zed,true\n"
    assert hit("is_known", **{"contacts.csv": contacts}) == ["Zed"]
    assert hit('"ledger.is_known"', **{"contacts.csv": contacts}) == ["Ann"]


def test_nobody_speaks_of_seeds():
    report = check_files(LEDGER, rules=[everyone])
    assert report.annotations[0].recipients.count == 7
    assert report.campaigns[0].selected == 8


@rule("everyone", on=Contact, severity=Severity.NOTICE)
def everyone(contact):
    """Everyone."""
    return [Problem(None, "{recipients}", condition="true")]


def test_a_date_that_cannot_be_read_never_ends_a_dispute_in_silence():
    disputes = "email,since,until\na@acme.example,2026-01-01,31.10.2026\n"
    report = check_files({**LEDGER, "disputes.csv": disputes}, rules=[barred])
    rules = {a.rule: a for a in report.annotations}
    assert rules["malformed-row"].path == "disputes.csv"
    assert rules["malformed-row"].span.start_place.line == 2
    assert rules["barred"].recipients.count == 1


@rule("barred", on=Contact, severity=Severity.ERROR, needs=[Need.DISPUTES])
def barred(contact):
    """Barred."""
    return [
        Problem(None, "{recipients}", condition='"ledger.barred_by_dispute"', evidence="disputes")
    ]


def test_the_line_of_the_ledger_is_shown_as_evidence():
    report = check_files(LEDGER, rules=[barred])
    places = [(r.span.source.path, r.span.start_place.line) for r in report.annotations[0].related]
    assert places == [("contacts.csv", 7), ("disputes.csv", 2)]


def test_a_missing_ledger_file_makes_its_rules_not_checked():
    files = {**LEDGER, "preflight.yaml": "ledger: {disputes: gone.csv}\n"}
    report = check_files(files, rules=[barred])
    assert [a.rule for a in report.annotations] == ["unreadable-file"]
    assert report.annotations[0].path == "preflight.yaml"


def test_a_fact_without_its_ledger_is_a_mistake_not_a_silent_no():
    report = check_files({"campaign.yaml": "audience: {where: not is_known}\n"}, rules=[everyone])
    assert report.campaigns[0].selected is None
    assert [one.rule for one in report.not_checked] == ["everyone"]


def test_exclusions_take_away_addresses_and_whole_domains():
    files = {
        **LEDGER,
        "out.csv": "email\nB@ACME.example\nfight.example\n",
        "campaign.yaml": "audience: {exclude: [out.csv]}\n",
    }
    report = check_files(files, rules=[everyone])
    assert report.campaigns[0].selected == 6
