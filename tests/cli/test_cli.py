"""The command: options, exit codes, formats, addresses."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from preflight.cli import main
from preflight.testing import write_files


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name in ("CI", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE", "NO_COLOR",
                 "FORCE_COLOR"):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


BAD = {"mail.txt": "Dear {{ frist_name }},\n\nUnsubscribe: https://news.example/unsubscribe\n"}


def test_clear_is_zero(folder):
    write_files(folder, {})
    result = run("check")
    assert result.exit_code == 0
    assert "Clear to send" in result.output


def test_blocked_is_one(folder):
    write_files(folder, BAD)
    result = run("check")
    assert result.exit_code == 1
    assert "unknown-field" in result.output
    assert "first_name" in result.output


def test_nothing_to_check_is_three(folder):
    result = run("check")
    assert result.exit_code == 3
    assert json.loads(run("check", "--format", "json").stdout)["verdict"] == "nothing-checked"


def test_failed_is_two_and_json_is_still_written(folder):
    write_files(folder, {**BAD, "preflight.yaml": "rules: {no-such-rule: off}\n"})
    result = run("check", "--format", "json")
    assert result.exit_code == 2
    data = json.loads(result.stdout)
    assert data["verdict"] == "failed"
    assert "invalid-configuration" in {a["rule"] for a in data["annotations"]}
    assert "unknown-field" in {a["rule"] for a in data["annotations"]}


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "no/such/path"],
        ["check", "--select", "no-such-rule"],
        ["check", "--format", "sarf"],
        ["check", "--fail-on", "fatal"],
        ["check", "--now", "tomorrow"],
        ["check", "--config", "gone.yaml"],
        ["check", "--no-such-option"],
        ["explain", "no-such-rule"],
        ["init", "only-one"],
        ["init", "gone.html", "gone.csv"],
    ],
)
def test_wrong_usage_is_two(folder, arguments):
    write_files(folder, {})
    (folder / "campaign.yaml").rename(folder / "kept.yaml")
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Error" in result.output


def test_a_misspelt_rule_is_guessed(folder):
    assert "unknown-field" in run("check", "--select", "unknow-field").output
    assert "unknown-field" in run("explain", "unknow-field").output


def test_fail_on(folder):
    write_files(folder, BAD)
    assert run("check", "--fail-on", "never").exit_code == 0
    files = {**BAD, "preflight.yaml": "rules: {unknown-field: notice}\n"}
    write_files(folder, files)
    assert run("check").exit_code == 0
    assert run("check", "--fail-on", "notice").exit_code == 1


def test_formats_go_to_files(folder):
    write_files(folder, BAD)
    result = run(
        "check", "--format", "concise", "--format", "json=out.json", "--format", "markdown=out.md"
    )
    assert result.exit_code == 1
    assert result.output.count("unknown-field") == 1
    assert json.loads((folder / "out.json").read_text())["verdict"] == "blocked"
    assert "unknown-field" in (folder / "out.md").read_text()


def test_in_actions_there_are_annotations_and_a_summary(folder, monkeypatch):
    summary = folder / "summary.md"
    summary.write_text("before\n")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    monkeypatch.setenv("GITHUB_WORKSPACE", str(folder.parent))
    write_files(folder, BAD)
    result = run("check")
    commands = [line for line in result.output.splitlines() if line.startswith("::error ")]
    assert len(commands) == 1
    assert f"file={folder.name}/mail.txt,line=1," in commands[0]
    assert "::stop-commands::" in result.output
    assert summary.read_text().startswith("before\n")
    assert "unknown-field" in summary.read_text()


def test_addresses_are_masked_and_never_shown_off_a_terminal(folder):
    files = {
        "contacts.csv": "email,first_name\nines@atelier.example,Inès\ninvalid@@x.example,Jan\n"
    }
    write_files(folder, files)
    for format in ("text", "concise", "json", "github", "markdown"):
        result = run("check", "--format", format, "--show-addresses", "--verbose")
        assert "invalid@@x.example" not in result.output
        assert "ines@" not in result.output
        assert "on a terminal only" in result.stderr


def test_quiet_and_color(folder):
    write_files(folder, BAD)
    assert "\x1b[" in run("check", "--color", "always").output
    assert "\x1b[" not in run("check").output
    assert len(run("check", "--quiet").output) < len(run("check").output)


def test_rules_and_explain(folder):
    listed = run("rules").output
    assert "unknown-field" in listed
    assert "invalid-campaign" in listed
    page = run("explain", "unknown-field").output
    assert "Why" in page
    assert "Right" in page


def test_schema(folder):
    assert json.loads(run("schema").output)["properties"]["purpose"]
    assert json.loads(run("schema", "config").output)["properties"]["ledger"]


def test_init_writes_a_campaign_that_is_clear(folder):
    result = run("init")
    assert result.exit_code == 0, result.output
    assert "Clear to send" in result.output
    again = run("init")
    assert again.exit_code == 2
    assert "there already" in again.output


def test_init_for_files_marks_what_it_could_not_know(folder):
    (folder / "mail.html").write_text(
        "<html lang=de><head><title>Neues im Mai</title></head><body><p>Hallo {{ Vorname }},</p>"
        "<p>{{ Ort }}</p></body></html>",
        encoding="utf-8",
    )
    (folder / "liste.csv").write_bytes(
        "Kontakt;Vorname\nana@x.example;Ana\nbjörn@y.example;Björn\n".encode("cp1252")
    )
    result = run("init", "mail.html", "liste.csv")
    written = (folder / "campaign.yaml").read_text(encoding="utf-8")
    assert "Kontakt: email" in written
    assert "Neues im Mai" in written
    assert written.count("CHANGE") >= 3
    assert result.exit_code == 1  # the sender is still to be named
    assert "[Your Name]" in result.output
    assert "Ort" in result.output


def test_help_names_only_what_works(folder):
    text = run("check", "--help").output
    for option in ("--baseline", "--online", "sarif", "gitlab", "junit", "rdjson"):
        assert option not in text
    for option in ("--format", "--select", "--ignore", "--fail-on", "--strict", "--without-lists",
                   "--config", "--now", "--show-addresses", "--color", "--quiet", "--verbose"):  # fmt: skip
        assert option in text


def test_the_command_runs_as_a_module(folder):
    write_files(folder, {})
    done = subprocess.run(
        [sys.executable, "-m", "preflight", "check", "--format", "concise"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
