"""The library: what other programs call before a mail leaves."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
import threading
from email.message import EmailMessage
from email.message import Message as LegacyMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from types import SimpleNamespace

import pytest

import preflight
from preflight import Checker, Context, PreflightError
from preflight.checker import default_checker
from preflight.registry import Pack, Registry
from preflight.report.style import Style
from preflight.report.text import render
from preflight.rule import Problem, Severity, rule
from preflight.templates.message import Message

ADDRESSES = ("ines@atelier.example", "ada@news.example", "leak@else.example")


def mail(greeting: str = "Dear Inès,", **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Ada <ada@news.example>"
    message["To"] = headers.pop("to", "Inès <ines@atelier.example>")
    message["Subject"] = headers.pop("subject", "News of the month")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(f"{greeting}\n\nHere is the news. Write to leak@else.example.\n")
    message.add_alternative(f"<p>{greeting}</p><p>Here is the news.</p>", subtype="html")
    return message


def rules(report) -> list[str]:
    assert not report.failed, [one.detail for one in report.annotations]
    return sorted({one.rule for one in report.annotations})


class Framework:
    """What Flask-Mailman and the like hand in."""

    def __init__(self, made):
        self.made = made

    def message(self):
        return self.made


class Sent:
    def __init__(self, made):
        self.made = made

    def as_bytes(self):
        return self.made.as_bytes()


def as_django(made):
    return SimpleNamespace(
        subject=made["Subject"],
        body=made.get_body(("plain",)).get_content(),
        from_email=made["From"],
        to=[made["To"]],
        cc=[],
        bcc=["leak@else.example"],
        reply_to=[],
        extra_headers={"List-Id": "news <news.example>"},
        alternatives=[(made.get_body(("html",)).get_content(), "text/html")],
        attachments=[("a.bin", b"\0" * 100, "application/octet-stream")],
        message=lambda: pytest.fail("attachments would be encoded"),
    )


def as_mime(made):
    message = MIMEMultipart("alternative")
    message["From"], message["To"], message["Subject"] = made["From"], made["To"], made["Subject"]
    message.attach(MIMEText(made.get_body(("plain",)).get_content(), "plain", "utf-8"))
    message.attach(MIMEText(made.get_body(("html",)).get_content(), "html", "utf-8"))
    return message


FORMS = {
    "EmailMessage": lambda made: made,
    "MIMEMultipart": as_mime,
    "bytes": lambda made: made.as_bytes(),
    "bytearray": lambda made: bytearray(made.as_bytes()),
    "str": lambda made: made.as_string(),
    "message()": Framework,
    "as_bytes()": Sent,
    "message() of message()": lambda made: Framework(Framework(made)),
    "django": as_django,
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_message(form):
    report = preflight.check_message(FORMS[form](mail("Dear {FirstName},")))
    places = [
        (one.rule, one.span.text) for one in report.annotations if one.rule != "missing-unsubscribe"
    ]
    assert places == [("unrendered-placeholder", "{FirstName}")] * 2
    sound = preflight.check_message(FORMS[form](mail()), Context(purpose="service"))
    assert rules(sound) == []
    assert sound.ok


@pytest.mark.parametrize("form", [1, None, object(), {}, 1.5])
def test_what_is_no_message(form):
    with pytest.raises(TypeError, match="no message"):
        preflight.check_message(form)


def test_a_payload_that_was_left_as_text():
    message = LegacyMessage()
    message["To"], message["Subject"] = "ines@atelier.example", "Grüße"
    message.set_payload("Chère {FirstName}, été")
    assert rules(preflight.check_message(message)) == ["unrendered-placeholder"]


def test_html_and_text_alone():
    report = preflight.check_message("<p>Dear *|FNAME|*,</p>")
    assert rules(report) == ["unrendered-placeholder"]
    assert report.annotations[0].span.start_place == (1, 9)
    text = preflight.check_message("Dear [First Name],\n\nhello: world\n")
    assert text.annotations[0].span.source.path == "message"
    assert "missing-subject" in {one.rule for one in report.not_checked}


def test_a_mail_without_a_subject():
    message = mail()
    del message["Subject"]
    assert rules(preflight.check_message(message)) == ["missing-subject"]
    assert rules(preflight.check_message(mail(subject="  "))) == ["missing-subject"]


def test_unsubscribe_is_asked_of_mails_to_many_only():
    lists = mail(List_Unsubscribe="<https://news.example/u>")
    assert rules(preflight.check_message(lists)) == ["missing-unsubscribe"]
    assert rules(preflight.check_message(mail(), Context(bulk=True))) == ["missing-unsubscribe"]
    assert rules(preflight.check_message(mail(Precedence="bulk"))) == ["missing-unsubscribe"]
    service = Context(bulk=True, kind="service")
    assert rules(preflight.check_message(mail(), service)) == []
    assert rules(preflight.check_message(lists, Context(bulk=False))) == []
    discussion = mail(List_Unsubscribe="<https://a.example>", List_Post="<mailto:list@a.example>")
    assert rules(preflight.check_message(discussion)) == []
    report = preflight.check_message(mail())
    (reason,) = [one.reason for one in report.not_checked if one.rule == "missing-unsubscribe"]
    assert "Context(bulk=True)" in reason


def test_every_rule_ran_or_is_named():
    report = preflight.check_message(mail(), Context(bulk=True))
    named = {one.rule for one in report.not_checked}
    ran = default_checker()._registry.rules.keys() - named
    assert {"unrendered-placeholder", "test-artifact", "unsafe-header", "missing-subject"} <= ran
    assert {"unknown-field", "invalid-filter", "empty-audience", "same-value-for-all"} <= named
    assert all(one.reason.startswith("needs") for one in report.not_checked)


def test_a_context_has_no_other_purpose():
    with pytest.raises(ValueError, match="no purpose"):
        Context(purpose="spam")
    with pytest.raises(TypeError, match="list"):
        Context(recipients="ines@atelier.example")
    assert Context(kind="Press").purpose == "press"


# --- guard ----------------------------------------------------------------------------------------


def test_guard_lets_a_sound_mail_pass():
    report = preflight.guard(mail())
    assert report.ok
    assert preflight.guard([mail(), mail(to="jan@werft.example")]).ok
    assert preflight.guard([]).campaigns == ()


def test_guard_stops_the_whole_batch():
    batch = [mail(to=f"reader{n}@home.example") for n in range(5)]
    batch[3] = mail("Dear {FirstName},")
    with pytest.raises(PreflightError, match=r"not sent: 2 problems in 5 messages") as caught:
        preflight.guard(batch)
    assert {one.campaign for one in caught.value.report.annotations} == {"message 4"}
    assert not isinstance(caught.value, (OSError, ValueError, RuntimeError))
    assert type(caught.value).__mro__[1] is Exception


def test_guard_does_not_use_up_a_generator():
    with pytest.raises(TypeError, match="iterator"):
        preflight.guard(mail() for _ in range(2))


def everything(error: PreflightError) -> bytes:
    style = Style(show_addresses=True, verbose=True)
    return b"\n".join(
        [
            str(error).encode(),
            repr(error).encode(),
            repr(error.report).encode(),
            repr(error.args).encode(),
            pickle.dumps(error),
            render(error.report, style).encode(),
        ]
    )


@pytest.mark.parametrize("form", FORMS)
def test_the_exception_holds_no_address(form):
    spoilt = mail("Dear {FirstName} of ines@atelier.example,", to="ines@atelier.example, ada@@news.example",
                  subject="{Name}, ines@atelier.example")  # fmt: skip
    with pytest.raises(PreflightError) as caught:
        preflight.guard([FORMS[form](spoilt), FORMS[form](spoilt)], Context(bulk=True))
    said = everything(caught.value)
    for address in ADDRESSES:
        assert address.encode() not in said
        assert address.replace("@", "=40").encode() not in said
    assert b"{FirstName}" in said


def test_the_exception_pickles_and_copies():
    with pytest.raises(PreflightError) as caught:
        preflight.guard(mail("Dear {FirstName}, ines@atelier.example"))
    for twin in (pickle.loads(pickle.dumps(caught.value)), copy.copy(caught.value)):
        assert str(twin) == str(caught.value)
        assert twin.report.verdict == caught.value.report.verdict
        assert [one.span.text for one in twin.report.annotations] == ["{FirstName}"] * 2
        assert [one.span.start_place for one in twin.report.annotations] == [
            one.span.start_place for one in caught.value.report.annotations
        ]


def test_masked_places_still_point_at_the_words():
    with pytest.raises(PreflightError) as caught:
        preflight.guard(
            "From: a@b.example\nTo: c@d.example\nSubject: x\n\nink ines@atelier.example, {FirstName} ada@news.example\n"
        )
    (one,) = caught.value.report.annotations
    assert one.span.text == "{FirstName}"
    assert "ines@" not in one.span.source.text


def test_allow_is_for_one_call_and_shows():
    message = mail("Dear {FirstName},")
    report = preflight.guard(message, allow={"unrendered-placeholder"})
    assert report.ok
    assert {(one.annotation.rule, one.reason) for one in report.ignored} == {
        ("unrendered-placeholder", "allowed for this call")
    }
    with pytest.raises(PreflightError):
        preflight.guard(message)
    with pytest.raises(ValueError, match="Did you mean"):
        preflight.guard(message, allow={"unrendered-placeholders"})
    with pytest.raises(TypeError, match="set of names"):
        preflight.guard(message, allow="unrendered-placeholder")


# --- a checker ------------------------------------------------------------------------------------


def test_select_ignore_and_fail_on():
    message = mail("Dear {FirstName},", subject="")
    assert rules(Checker(select=["missing-subject"]).check_message(message)) == ["missing-subject"]
    assert rules(Checker(ignore=["missing-subject"]).check_message(message)) == [
        "unrendered-placeholder"
    ]
    assert Checker(fail_on="never").guard(message).ok
    with pytest.raises(ValueError, match="no rule"):
        Checker(select=["nonsense"])
    with pytest.raises(ValueError, match="on_crash"):
        Checker(on_crash="ignore")


@rule("crashes", on=Message, severity=Severity.ERROR)
def crashes(message: Message):
    """It crashes."""
    raise RuntimeError(f"ines@atelier.example {message.subject}")
    yield Problem(message.span, "never")


@pytest.fixture
def with_a_crash(monkeypatch):
    from preflight import checker

    built_in = checker.built_in()
    monkeypatch.setattr(
        checker, "_registry", lambda: Registry((*built_in.packs, Pack("tests", (crashes,))))
    )


@pytest.mark.usefixtures("with_a_crash")
def test_a_rule_that_crashes_blocks():
    with pytest.raises(PreflightError) as caught:
        Checker().guard([mail(), mail(to="jan@werft.example")])
    report = caught.value.report
    assert [one.rule for one in report.annotations] == ["rule-crashed"]
    assert b"ines@atelier" not in everything(caught.value)
    assert ("crashes", "it crashed") in {(one.rule, one.reason) for one in report.not_checked}
    with pytest.raises(PreflightError):
        Checker().guard(mail(), allow={"rule-crashed"})


@pytest.mark.usefixtures("with_a_crash")
def test_who_must_send_can():
    report = Checker(on_crash="allow").guard(mail())
    assert report.ok
    assert [(one.annotation.rule, one.reason) for one in report.ignored] == [
        ("rule-crashed", "on_crash is allow")
    ]
    with pytest.raises(PreflightError):
        Checker(on_crash="allow").guard(mail("Dear {FirstName},"))


def test_a_configuration(tmp_path):
    (tmp_path / "gone.csv").write_text("email\nINES@atelier.example\n")
    (tmp_path / "preflight.yaml").write_text(
        "ledger: {suppressed: gone.csv}\n"
        "rules: {unrendered-placeholder: warning}\n"
        "ignore:\n  - {rule: missing-subject, reason: it is a test}\n"
    )
    checker = Checker(tmp_path / "preflight.yaml")
    report = checker.check_message(mail("Dear {FirstName},", subject=""))
    assert {(one.rule, one.severity.label) for one in report.annotations} == {
        ("unrendered-placeholder", "warning"),
        ("suppressed-recipient", "error"),
    }
    assert [one.reason for one in report.ignored] == ["it is a test"]
    again = checker.check_message(mail(to="jan@werft.example"))
    assert again.ok  # an ignore that this mail does not need is no fault of it
    assert rules(again) == []


def test_a_faulty_configuration_blocks(tmp_path):
    (tmp_path / "preflight.yaml").write_text("rulez: {}\n")
    with pytest.raises(PreflightError) as caught:
        Checker(tmp_path / "preflight.yaml").guard(mail())
    assert [one.rule for one in caught.value.report.annotations] == ["invalid-configuration"]
    assert len(caught.value.report.not_checked) > 20


def test_no_preflight_yaml_is_looked_for(tmp_path, monkeypatch):
    (tmp_path / "preflight.yaml").write_text("rulez: {}\n")
    monkeypatch.chdir(tmp_path)
    assert preflight.check_message(mail()).ok
    assert Checker().check_message(mail()).ok


def test_one_checker_in_many_threads():
    checker = Checker()
    wrong: list[str] = []

    def work(number: int) -> None:
        for turn in range(15):
            name = "{FirstName}" if number % 2 else "Inès"
            report = checker.check_message(mail(f"Dear {name},", subject=f"News {number} {turn}"))
            found = ["{FirstName}"] * 2 if number % 2 else []
            if [one.span.text for one in report.annotations] != found:
                wrong.append(f"{name}: {report.annotations}")
            if report.campaigns[0].name != f"News {number} {turn}":
                wrong.append(f"{number} {turn}: {report.campaigns}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong, wrong[0]


def test_the_same_report_twice():
    message = mail("Dear {FirstName},", to="a@b.example, c@@d.example")
    assert preflight.check_message(message).annotations[0].fingerprint
    first, second = (render(preflight.check_message(message), Style()) for _ in range(2))
    assert first == second


def test_no_file_is_opened_and_no_socket():
    program = (
        "import preflight, sys\n"
        "text = 'Subject: x\\nTo: a@b.example\\n\\nDear Ines,\\n'\n"
        "preflight.check_message(text, preflight.Context(bulk=True))\n"
        "preflight.check_message(text.replace('Ines', '{FirstName}'))\n"
        "seen = []\n"
        "sys.addaudithook(lambda event, args: seen.append((event, args)) "
        "if event in ('open', 'socket.connect', 'os.listdir', 'os.scandir') else None)\n"
        "preflight.check_message(text)\n"
        "preflight.check_message(text.replace('Ines', '{FirstName}'))\n"
        "assert not seen, seen\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_importing_costs_nothing_heavy():
    program = (
        "import preflight, sys\n"
        "heavy = {'duckdb', 'sqlglot', 'bs4', 'pydantic', 'jinja2', 'email', 'yaml', 'json'}\n"
        "assert not heavy & set(sys.modules) - START, heavy & set(sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", "import sys; START = set(sys.modules)\n" + program],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
