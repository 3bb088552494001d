"""Press mails with the same words for everybody."""

from __future__ import annotations

from preflight import Checker, Context
from preflight_rules.relationships.impersonal_press_mail import impersonal_press_mail

RELEASE = (
    "We have opened a new workshop at the harbour last week. "
    "It has room for forty boats and their makers. "
    "You are welcome to see it on any day of the month.\n"
)
PRESS = ("ines@paper.example", "mei@radio.example", "omar@weekly.example")


def mail(to: str, body: str) -> str:
    return f"From: Ada <ada@yard.example>\nTo: {to}\nSubject: A new workshop\n\n{body}"


def said_of(bodies, press=PRESS, **options):
    messages = [mail(to, body) for to, body in zip(PRESS, bodies, strict=True)]
    report = Checker(select=["impersonal-press-mail"], **options).check_batch(
        messages, Context(press=press)
    )
    assert not report.failed
    return report


def test_the_same_text_to_all_of_the_press():
    (one,) = said_of([RELEASE] * 3).annotations
    assert one.rule == "impersonal-press-mail"
    assert one.recipients is not None
    assert (one.recipients.count, one.recipients.of) == (3, 3)


def test_another_name_in_the_salutation_makes_no_letter():
    bodies = [f"Dear {name},\n\n{RELEASE}" for name in ("Inès", "Mei", "Omar")]
    assert len(said_of(bodies).annotations) == 1


def test_letters_of_their_own():
    bodies = [
        "Your series on old crafts ended with the joiners. May we show you the sail makers?\n",
        "In your programme of Tuesday somebody asked where the apprentices are. Eleven are here.\n",
        "You wrote that nobody builds in oak any more. We do, and would like you to see how.\n",
    ]
    assert said_of(bodies).annotations == ()


def test_readers_who_are_no_press_people():
    assert said_of([RELEASE] * 3, press=PRESS[:1]).annotations == ()


def test_without_knowing_the_press_it_says_so():
    report = said_of([RELEASE] * 3, press=())
    assert [one.reason for one in report.not_checked] == [
        "needs ledger.press in a preflight.yaml, or Context(press=...)"
    ]


def test_a_campaign_with_a_paragraph_for_each(said):
    pitch = '"Your last piece on the harbour asked for numbers; we have counted the boats, and here they are."'
    files = {
        "campaign.yaml": "purpose: press",
        "mail.txt": f"Dear {{{{ first_name }}}},\n\n{{{{ pitch }}}}\n\n{RELEASE}",
        "contacts.csv": f"email,first_name,pitch\nines@paper.example,Inès,{pitch}\nmei@radio.example,Mei,{pitch}\n",
    }
    assert said(impersonal_press_mail, files) == []
    (one,) = said(
        impersonal_press_mail, {**files, "mail.txt": f"Dear {{{{ first_name }}}},\n\n{RELEASE}"}
    )
    assert "We have opened" in one.span.text
    one_reader = {
        **files,
        "mail.txt": RELEASE,
        "contacts.csv": "email,first_name\nines@paper.example,Inès\n",
    }
    assert said(impersonal_press_mail, one_reader) == []
    assert said(impersonal_press_mail, {"campaign.yaml": "purpose: newsletter"}) == []
