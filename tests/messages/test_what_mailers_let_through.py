"""What ten mailers send without a word, as they send it: one by one, as a batch, as a campaign.

Each fault is caught where it can be seen, and named as not checked where it cannot.
"""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from preflight import Checker, Context, Payload, check_batch, check_message
from preflight.testing import check_files

BODY = """\
Dear {name},

your gift of ${amount} in the spring has paid for forty seedlings and a bench.
The bench stands where the old gate was. Come and sit on it when the beans are up.

{closing}
"""


def mail(
    name: str = "Anna",
    *,
    amount: str = "20",
    to: str = "anna@orchard.example",
    closing: str = "The gardeners",
    subject: str = "{name}, your bench is here",
    html: str = "<p>Dear {name},</p><p>your gift of ${amount} has paid for a bench.</p><p>{closing}</p>",
) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "The gardeners <hello@garden.example>"
    message["To"] = to
    message["Subject"] = subject.format(name=name)
    message.set_content(BODY.format(name=name, amount=amount, closing=closing))
    message.add_alternative(html.format(name=name, amount=amount, closing=closing), subtype="html")
    return message


def rules_of(report) -> set[str]:
    assert not report.failed, [one.detail for one in report.annotations]
    return {one.rule for one in report.annotations}


def sound_batch() -> list[EmailMessage]:
    names = [
        "Anna",
        "Bo",
        "Chloé",
        "Dov",
        "Eve",
        "Finn",
        "Gül",
        "Hana",
        "Ivo",
        "Judy",
        "Kim",
        "Léa",
    ]
    return [mail(name, to=f"{number}-{name.lower()[:2].encode().hex()}@orchard{number}.example")
            for number, name in enumerate(names)]  # fmt: skip


SEEN_ALONE = {
    "first name empty": (mail(""), "placeholder-residue"),
    "first name of three blanks": (mail("   "), "placeholder-residue"),
    "the word NULL": (mail("NULL"), "placeholder-residue"),
    "a short row": (mail("None"), "placeholder-residue"),
    "an address with two @": (mail(to="ivan@@orchard.example"), "invalid-address"),
    "no address": (mail(to="Ivan <>"), "invalid-address"),
    "amount empty": (mail(amount=""), "placeholder-residue"),
    "press list in one To": (
        mail(to=", ".join(f"desk@paper{number}.example" for number in range(8))),
        "exposed-recipients",
    ),
    "{FirstName}": (mail("{FirstName}"), "unrendered-placeholder"),
    "*|FNAME|*": (mail("*|FNAME|*"), "unrendered-placeholder"),
    "[First Name]": (mail("[First Name]"), "unrendered-placeholder"),
    "%FIRSTNAME%": (mail("%FIRSTNAME%"), "unrendered-placeholder"),
    "<<First Name>>": (mail("<<First Name>>"), "unrendered-placeholder"),
    "${first_name}": (mail("${first_name}"), "unrendered-placeholder"),
    "TODO in the body": (mail(closing="TODO: name of the gardener"), "placeholder-text"),
    "one part right, the other wrong": (
        mail("", html="<p>Dear Anna,</p>", subject="Your bench is here"),
        "placeholder-residue",
    ),
    "a name missing in the subject": (mail("", html="<p>Hello!</p>"), "placeholder-residue"),
}


@pytest.mark.parametrize("fault", SEEN_ALONE)
def test_seen_in_one_mail(fault):
    message, rule = SEEN_ALONE[fault]
    assert rule in rules_of(check_message(message))
    assert rule in rules_of(check_message(message.as_bytes()))


@pytest.mark.parametrize("fault", SEEN_ALONE)
def test_seen_in_its_batch_and_nowhere_else(fault):
    message, rule = SEEN_ALONE[fault]
    report = check_batch([*sound_batch(), message])
    assert {one.campaign for one in report.annotations if one.campaign} == {"message 13"}
    assert rule in rules_of(report)


def test_a_sound_batch():
    report = check_batch(sound_batch(), Context(purpose="relationship", bulk=False))
    assert report.annotations == ()


@pytest.mark.parametrize(
    "name", ['Eve "Evie" O\'Hara & Co', "Null-Meier", "Nan", "D'Arcy", "Jean Luc", "李明"]
)
def test_names_that_are_names(name):
    assert rules_of(check_message(mail(name), Context(bulk=False))) == set()


NOT_IN_ONE_MAIL = {
    "ALL CAPITALS": (mail("ANNA"), "unlikely-name"),
    "letters of another encoding": (mail("ZoÃ«"), "unlikely-name"),
    "opted out": (mail(), "suppressed-recipient"),
    "same person twice": (mail(), "same-value-for-all"),
    "press people": (mail(), "bulk-press-send"),
    "a column that nobody has": (mail(), "unknown-field"),
}


@pytest.mark.parametrize("fault", NOT_IN_ONE_MAIL)
def test_named_as_not_checked(fault):
    message, rule = NOT_IN_ONE_MAIL[fault]
    assert rule in {one.rule for one in check_message(message).not_checked}


# --- what only the batch shows --------------------------------------------------------------------


def test_two_addresses_in_one_cell():
    report = check_batch(
        [*sound_batch(), mail("Judy", to="judy@orchard.example, jack@home.example")]
    )
    (one,) = report.annotations
    assert (one.rule, one.severity.label, one.path) == (
        "exposed-recipients",
        "warning",
        "message 13",
    )
    assert one.recipients is not None
    assert (one.recipients.count, one.recipients.of) == (1, 13)


@pytest.mark.parametrize(
    "again", ["anna@orchard.example", "ANNA@Orchard.example", "anna+news@orchard.example"]
)
def test_the_same_person_twice(again):
    report = check_batch([mail(), *sound_batch(), mail(to=again)])
    (one,) = report.annotations
    assert (one.rule, one.path) == ("duplicate-recipient", "message 14")
    assert one.related[-1].span.source.path == "message 1"


def test_two_mails_to_one_person():
    receipts = [mail(subject=f"Receipt {number}") for number in range(5)]
    assert check_batch(receipts).annotations == ()


def test_one_name_for_all():
    batch = [mail("Anna", to=f"reader{number}@orchard{number}.example") for number in range(12)]
    report = check_batch(batch)
    (one,) = report.annotations
    assert one.rule == "same-value-for-all"
    assert one.span.text == "Dear Anna,"
    friends = [mail("friends", to=f"r{number}@orchard{number}.example") for number in range(12)]
    assert check_batch(friends).annotations == ()


def test_one_persons_data_for_all():
    batch = sound_batch()
    same = [Context(data={"first_name": "Anna", "country": "FR"}) for _ in batch]
    (one,) = check_batch(batch, same).annotations
    assert (one.rule, one.recipients.count) == ("same-value-for-all", 12)
    assert "first_name" in one.message
    own = [
        Context(data={"first_name": f"Reader {n}", "country": "FR"}) for n, _ in enumerate(batch)
    ]
    assert check_batch(batch, own).annotations == ()


@pytest.mark.parametrize("name", ["Friends", "Sir or Madam", "Editor", "All", "Team"])
def test_salutations_of_many(name):
    batch = [mail(name, to=f"reader{number}@orchard{number}.example") for number in range(12)]
    assert rules_of(check_batch(batch)) == set()


def test_opted_out(tmp_path):
    (tmp_path / "optouts.csv").write_text("email\nMallory@orchard.example\ngone.example\n")
    (tmp_path / "preflight.yaml").write_text("ledger: {suppressed: optouts.csv}\n")
    checker = Checker(tmp_path / "preflight.yaml")
    batch = [*sound_batch(), mail(to="mallory@orchard.example"), mail(to="x@gone.example")]
    (one,) = checker.check_batch(batch).annotations
    assert one.rule == "suppressed-recipient"
    assert [path for path, _ in one.recipients.rows] == ["message 13", "message 14"]
    assert one.related[-1].span.source.path.endswith("optouts.csv")
    assert rules_of(checker.check_message(batch[-1])) == {"suppressed-recipient"}
    assert rules_of(checker.check_message(batch[0])) == set()
    by_envelope = Context(recipients=["MALLORY@orchard.example "])
    assert rules_of(checker.check_message(batch[0], by_envelope)) == {"suppressed-recipient"}
    assert rules_of(checker.check_message(batch[-1], Context(purpose="service"))) == set()


def test_the_same_text_to_the_press():
    press = [f"desk@paper{number}.example" for number in range(8)]
    batch = [mail(f"Editor{'abcdefgh'[n]}", to=to, subject="A bench") for n, to in enumerate(press)]
    assert rules_of(check_batch(batch, Context(press=press))) == {
        "bulk-press-send", "impersonal-press-mail",
    }  # fmt: skip
    together = check_message(mail(to=", ".join(press)), Context(press=press))
    assert rules_of(together) == {"bulk-press-send", "exposed-recipients"}
    assert rules_of(check_message(batch[0], Context(press=press))) == set()


def test_a_line_break_from_the_list():
    with pytest.raises(ValueError, match="linefeed"):
        mail("Quinn\nBcc: leak@else.example")  # the standard library refuses it; services do not
    for service, data in {
        "resend": {"from": "a@garden.example", "to": ["q@orchard.example"], "text": "Hello",
                   "subject": "Quinn\nBcc: leak@else.example, your bench"},
        "postmark": {"From": "a@garden.example", "To": "Quinn\r\nBcc: leak@else.example <q@orchard.example>",
                     "Subject": "Your bench", "TextBody": "Hello"},
    }.items():  # fmt: skip
        assert "unsafe-header" in rules_of(check_message(Payload(service, data)))


# --- the same as a campaign -----------------------------------------------------------------------

CAMPAIGN = """\
name: spring-appeal
purpose: relationship
from: The gardeners <hello@garden.example>
subject: "{{ first_name }}, your bench is here"
body: {text: mail.txt, dialect: jinja}
audience: {contacts: contacts.csv}
"""
MAIL = """\
Dear {{ first_name }},

your gift of ${{ amount }} in the spring has paid for forty seedlings and a bench.

Unsubscribe: https://garden.example/unsubscribe
"""
LIST = """\
email,first_name,amount
anna@orchard.example,Anna,20
bo@field.example,,20
cy@field.example,   ,20
dov@field.example,NULL,20
eve@field.example,"Eve ""Evie"" O'Hara & Co",20
finn@field.example,FINN,20
gul@field.example
hana@field.example,ZoÃ«,20
ivan@@field.example,Ivan,20
judy@field.example; jack@field.example,Judy,20
ANNA@orchard.example,Anna,20
mallory@field.example,Mallory,20
nia@field.con,Nia,20
"Quinn@field.example","Quinn
Bcc: leak@else.example",20
rae@field.example,Rae,
"""
BY_RULE = {
    "empty-placeholder": {3, 4, 5, 17},
    "malformed-row": {8},
    "invalid-address": {10, 11},
    "duplicate-recipient": {12},
    "suppressed-recipient": {13},
    "unsafe-header": {15},
}


@pytest.fixture(scope="module")
def campaign():
    return check_files(
        {"campaign.yaml": CAMPAIGN, "mail.txt": MAIL, "contacts.csv": LIST,
         "unsubscribed.csv": "email\nmallory@field.example\n"}
    )  # fmt: skip


@pytest.mark.parametrize("rule", BY_RULE)
def test_the_lines_of_the_list(campaign, rule):
    lines = set()
    for one in campaign.annotations:
        if one.rule == rule:
            rows = one.recipients.rows if one.recipients else ()
            lines |= {line for path, line in rows if path == "contacts.csv"}
            if one.path == "contacts.csv":
                lines.add(one.span.start_place.line)
    assert lines == BY_RULE[rule]


def test_foreign_tags_in_a_campaign():
    tags = (
        "{FirstName}",
        "*|FNAME|*",
        "[First Name]",
        "%FIRSTNAME%",
        "<<First Name>>",
        "${first_name}",
    )
    text = "\n\n".join(f"Dear {tag}," for tag in tags)
    report = check_files(
        {"mail.txt": f"{text}\n\nUnsubscribe: https://garden.example/unsubscribe\n"}
    )
    found = [one.span.text for one in report.annotations if one.rule == "unrendered-placeholder"]
    assert found == list(tags)
