"""Files of finished mail on the command line: found, grouped, reported."""

from __future__ import annotations

import json
import mailbox
import re
from email.message import EmailMessage
from pathlib import Path

import pytest
from click.testing import CliRunner

from preflight.campaign.discover import discover
from preflight.cli import main
from preflight.testing import write_files


def mail(greeting: str = "Dear Inès,", to: str = "ines@atelier.example") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@news.example", to, "News of the month"
    message.set_content(f"{greeting}\n\nHere is what we have planted this month.\n")
    return message


@pytest.fixture
def checked(tmp_path, monkeypatch):
    """The exit code and the JSON report of `preflight check` with some arguments."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str):
        done = CliRunner().invoke(main, ["check", "--format", "json", *arguments])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, json.loads(done.stdout)

    return run


def found(report) -> list[tuple[str, str, int]]:
    return [(one["rule"], one["path"], one["start"]["line"]) for one in report["annotations"]]


def test_one_mail(tmp_path, checked):
    (tmp_path / "mail.eml").write_bytes(mail("Dear {FirstName},").as_bytes())
    code, report = checked("mail.eml")
    assert code == 1
    assert report["campaigns"] == [
        {"path": "mail.eml", "name": "News of the month", "purpose": None,
         "audience": {"contacts": None, "selected": None}}
    ]  # fmt: skip
    (one,) = report["annotations"]
    line = (tmp_path / "mail.eml").read_text().splitlines()[one["start"]["line"] - 1]
    assert line[one["start"]["column"] - 1 : one["end"]["column"] - 1] == "{FirstName}"
    assert one["campaign"] == "mail.eml"
    assert {one["campaign"] for one in report["not_checked"]} <= {"mail.eml", None}


def test_a_folder_goes_out_together(tmp_path, checked):
    outbox = tmp_path / "outbox"
    outbox.mkdir()
    for number in range(3):
        (outbox / f"{number}.eml").write_bytes(mail().as_bytes())
    (outbox / "b.EML").write_bytes(mail("Dear None,", to="jan@werft.example").as_bytes())
    (outbox / "notes.txt").write_text("Dear {FirstName},")
    (outbox / "template.html").write_text("<p>Dear {FirstName},</p>")
    code, report = checked("outbox")
    assert code == 1
    assert len(report["campaigns"]) == 4
    assert [(rule, path) for rule, path, _ in found(report)] == [
        ("duplicate-recipient", "outbox/1.eml"),
        ("placeholder-residue", "outbox/b.EML"),
    ]
    assert report["annotations"][0]["recipients"]["count"] == 2


def test_an_mbox(tmp_path, checked):
    box = mailbox.mbox(tmp_path / "sent.mbox")
    for to, greeting in enumerate(
        ("Dear Inès,", "Dear {FirstName},", "From here on,", "Dear None,")
    ):
        box.add(mail(greeting, to=f"{to}@home.example"))
    box.flush()
    box.close()
    code, report = checked("sent.mbox")
    assert code == 1
    assert [one["name"] for one in report["campaigns"]] == ["sent.mbox"]
    lines = (tmp_path / "sent.mbox").read_text().splitlines()
    for one, words in zip(report["annotations"], ("{FirstName}", "Dear None,"), strict=True):
        assert words in lines[one["start"]["line"] - 1]
        assert one["campaign"] == one["path"] == "sent.mbox"


def test_a_maildir(tmp_path, checked):
    box = mailbox.Maildir(tmp_path / "Sent", create=True)
    box.add(mail("Dear {FirstName},"))
    box.add(mail(to="jan@werft.example"))
    code, report = checked(".")
    assert code == 1
    assert len(report["campaigns"]) == 2
    assert [one["rule"] for one in report["annotations"]] == ["unrendered-placeholder"]
    path = report["annotations"][0]["path"]
    assert re.fullmatch(r"Sent/new/[^/]+", path)
    assert checked(path)[1]["campaigns"][0]["path"] == path


def test_html_and_text_when_they_are_named(tmp_path, checked):
    (tmp_path / "mail.html").write_text("<html>\n<p>Dear *|FNAME|*,</p>", encoding="utf-16")
    (tmp_path / "mail.txt").write_bytes("Chère {FirstName},".encode("latin-1"))
    (tmp_path / "old.htm").write_bytes(
        '<meta charset="iso-8859-1">Chère {FirstName},'.encode("latin-1")
    )
    code, report = checked("mail.html", "mail.txt", "old.htm")
    assert code == 1
    assert [(one["path"], one["start"]["line"], one["start"]["column"]) for one in report["annotations"]] == [
        ("mail.html", 2, 9), ("mail.txt", 1, 7), ("old.htm", 1, 34),
    ]  # fmt: skip
    assert [one["name"] for one in report["campaigns"]] == ["mail.html", "mail.txt", "old.htm"]


def test_mails_beside_campaigns(tmp_path, checked):
    write_files(tmp_path / "spring", {})
    (tmp_path / "spring" / "proof.eml").write_bytes(mail("Dear {FirstName},").as_bytes())
    code, report = checked()
    assert code == 1
    assert [one["path"] for one in report["campaigns"]] == [
        "spring/campaign.yaml",
        "spring/proof.eml",
    ]
    assert found(report)[0][:2] == ("unrendered-placeholder", "spring/proof.eml")
    code, report = checked("spring/campaign.yaml")
    assert (code, report["annotations"]) == (0, [])


def test_the_ledger_and_the_settings_of_the_folder(tmp_path, checked):
    (tmp_path / "preflight.yaml").write_text(
        "ledger: {suppressed: gone.csv}\nrules: {placeholder-residue: warning}\n"
        "ignore:\n  - {rule: unrendered-placeholder, path: old/**, reason: from before}\n"
        "  - {rule: missing-subject, path: old/**, reason: unused}\n"
    )
    (tmp_path / "gone.csv").write_text("email\nines@atelier.example\n")
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "a.eml").write_bytes(mail("Dear {FirstName},").as_bytes())
    (tmp_path / "new.eml").write_bytes(mail("Dear None,", to="x@y.example").as_bytes())
    code, report = checked(".")
    assert {(one["rule"], one["severity"], one["path"]) for one in report["annotations"]} == {
        ("suppressed-recipient", "error", "old/a.eml"),
        ("placeholder-residue", "warning", "new.eml"),
        ("unused-ignore", "warning", "preflight.yaml"),
    }
    assert [(one["path"], one["reason"]) for one in report["ignored"]] == [
        ("old/a.eml", "from before")
    ]
    assert code == 1
    code, report = checked(".", "--without-lists")
    assert "suppressed-recipient" in {one["rule"] for one in report["not_checked"]}
    assert code == 0


def test_an_ignore_of_an_encoded_part(tmp_path, checked):
    message = mail("Dear {FirstName},")
    message.set_content("Dear {FirstName},\n", cte="base64")
    (tmp_path / "a.eml").write_bytes(message.as_bytes())
    _, report = checked("a.eml")
    assert [(one["path"], one["campaign"]) for one in report["annotations"]] == [
        ("a.eml#text", "a.eml")
    ]
    (tmp_path / "preflight.yaml").write_text(
        "ignore: [{rule: unrendered-placeholder, path: a.eml, reason: a sample}]\n"
    )
    assert checked("a.eml")[0] == 0


def test_a_comment_in_the_mail_ignores(tmp_path, checked):
    (tmp_path / "mail.html").write_text(
        "<p>{FirstName}</p> <!-- preflight: ignore[unrendered-placeholder] a sample -->\n"
    )
    code, report = checked("mail.html")
    assert (code, len(report["ignored"])) == (0, 1)


def test_files_that_cannot_be_read(tmp_path, checked):
    (tmp_path / "in").mkdir()
    outside = tmp_path / "secret.eml"
    outside.write_bytes(mail("Dear {FirstName},").as_bytes())
    (tmp_path / "in" / "link.eml").symlink_to(outside)
    (tmp_path / "in" / ".git").mkdir()
    (tmp_path / "in" / "empty.eml").write_bytes(b"")
    code, report = checked("in")
    assert code == 1
    assert [(rule, path) for rule, path, _ in found(report)] == [
        ("missing-subject", "in/empty.eml"),
        ("unreadable-file", "in/link.eml"),
    ]
    assert "unrendered-placeholder" in {one["rule"] for one in report["not_checked"]}


@pytest.mark.parametrize("form", ["text", "concise", "markdown", "github"])
def test_other_formats(form, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a", "b"):
        (tmp_path / f"{name}.eml").write_bytes(
            mail("Dear {FirstName},", to=f"{name}@x.example").as_bytes()
        )
    done = CliRunner().invoke(main, ["check", "--format", form, "."])
    assert done.exit_code == 1
    assert "a.eml" in done.stdout
    assert "unrendered-placeholder" in done.stdout
    assert "@x.example" not in done.stdout
    if form in ("text", "concise", "markdown"):
        assert "2 messages" in done.stdout
    if form == "text":
        assert "a.eml: News of the month\n====" in done.stdout


def test_nothing_to_check(tmp_path, checked):
    (tmp_path / "mail.html").write_text("<p>x</p>")
    assert checked(".")[0] == 3
    (tmp_path / "empty.mbox").write_text("\n\n")
    assert checked("empty.mbox")[0] == 3


def test_a_faulty_configuration(tmp_path, checked):
    (tmp_path / "preflight.yaml").write_text("rulez: {}\n")
    (tmp_path / "a.eml").write_bytes(mail().as_bytes())
    code, report = checked(".")
    assert (code, report["verdict"]) == (2, "failed")
    assert len(report["not_checked"]) > 20


def test_what_is_found_and_in_which_order(tmp_path):
    for name in (
        "b/2.eml",
        "b/1.eml",
        "a.mbox",
        "node_modules/x.eml",
        ".hidden/y.eml",
        "c/.z.eml",
        "c/campaign.yaml",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("Subject: x\n\n")
    for name in ("cur", "new", "tmp"):
        (tmp_path / "box" / name).mkdir(parents=True)
    (tmp_path / "box" / "cur" / "x.eml").write_text("Subject: x\n\n")
    everything = discover([], tmp_path)
    assert [one.relative_to(tmp_path).as_posix() for one in everything.mails] == [
        "a.mbox", "b/1.eml", "b/2.eml", "box",
    ]  # fmt: skip
    assert [one.name for one in everything.campaigns] == ["campaign.yaml"]
    named = discover([Path("b/2.eml"), Path("b")], tmp_path)
    assert [one.name for one in named.mails] == ["2.eml", "1.eml"]


@pytest.mark.parametrize(
    ("name", "text", "command"),
    [
        ("welcome.mjml", "<mjml><mj-body /></mjml>", "npx mjml welcome.mjml -o welcome.html"),
        ("welcome.html", "<mjml><mj-body /></mjml>", "npx mjml"),
        ("welcome.tsx", "export default () => <Html />;", "npx email export"),
        ("welcome.html", "<container><row><columns>Hi</columns></row></container>", "npm run"),
    ],
)
def test_a_source_of_a_mail_is_no_mail(tmp_path, checked, name, text, command):
    (tmp_path / name).write_text(text, encoding="utf-8")
    code, report = checked(name)
    [one] = report["annotations"]
    assert (code, one["rule"], one["path"]) == (1, "unreadable-file", name)
    assert one["message"].startswith(f"“{name}” is a source of ")
    assert command in one["help"]
