"""Broken and hostile input of every kind: a clear problem, never a traceback, never a clean bill."""

import os

import pytest
from click.testing import CliRunner

from preflight.cli import main
from preflight.testing import DEFAULTS, write_files

CAMPAIGN = DEFAULTS["campaign.yaml"]


def campaign(**changes: str) -> str:
    """The default campaign with some lines replaced."""
    lines = CAMPAIGN.splitlines()
    for key, value in changes.items():
        name = key.rstrip("_")
        lines = [line for line in lines if not line.startswith(f"{name}:")]
        lines.append(f"{name}: {value}")
    return "\n".join(lines) + "\n"


def where(condition: str) -> dict[str, str]:
    return {
        "campaign.yaml": campaign(
            audience='{contacts: contacts.csv, where: "' + condition.replace('"', '\\"') + '"}'
        )
    }


ROWS = "email,first_name\nines@atelier.example,Inès\n"

CASES: dict[str, tuple[dict[str, str | bytes], str]] = {
    # -- YAML: what is broken, and the rule that says so
    "empty campaign": ({"campaign.yaml": ""}, "invalid-campaign|invalid-yaml"),
    "only comments": ({"campaign.yaml": "# nothing\n"}, "invalid-campaign|invalid-yaml"),
    "tab indentation": ({"campaign.yaml": "name: x\nbody:\n\ttext: m\n"}, "invalid-yaml"),
    "unclosed bracket": ({"campaign.yaml": CAMPAIGN + "x: [1, 2\n"}, "invalid-yaml"),
    "unclosed quote": ({"campaign.yaml": CAMPAIGN + 'x: "abc\n'}, "invalid-yaml"),
    "a list": ({"campaign.yaml": "- a\n- b\n"}, "invalid-campaign"),
    "a word": ({"campaign.yaml": "hello\n"}, "invalid-campaign"),
    "html": ({"campaign.yaml": "<html><body>x</body></html>\n"}, "invalid-yaml|invalid-campaign"),
    "binary": ({"campaign.yaml": bytes(range(256)) * 4}, "unreadable-file|invalid-yaml"),
    "latin-1": (
        {"campaign.yaml": CAMPAIGN.replace("month", "Août").encode("latin-1")},
        "unreadable-file|invalid-yaml",
    ),
    "two documents": ({"campaign.yaml": CAMPAIGN + "---\n" + CAMPAIGN}, "invalid-yaml"),
    "duplicate key": ({"campaign.yaml": CAMPAIGN + "name: again\n"}, "invalid-campaign"),
    "unknown key": ({"campaign.yaml": CAMPAIGN + "subjct: x\n"}, "invalid-campaign"),
    "python tag": (
        {"campaign.yaml": CAMPAIGN + "x: !!python/object/apply:os.system [ls]\n"},
        "invalid-yaml",
    ),
    "alias bomb": (
        {
            "campaign.yaml": "a: &a [x, x, x, x, x, x, x, x, x]\n"
            + "".join(
                f"{b}: &{b} [{', '.join(['*' + a] * 9)}]\n"
                for a, b in zip("abcdefgh", "bcdefghi", strict=True)
            )
        },
        "invalid-yaml|invalid-campaign",
    ),
    "deep nesting": ({"campaign.yaml": "a: " + "[" * 10_000}, "invalid-yaml"),
    "wrong purpose": ({"campaign.yaml": campaign(purpose="spam")}, "invalid-campaign"),
    "no body": ({"campaign.yaml": campaign(body="{}")}, "invalid-campaign"),
    "no contacts": ({"campaign.yaml": campaign(audience="{}")}, "invalid-campaign"),
    "wrong time": (
        {"campaign.yaml": campaign(delivery="{send_at: tomorrow}")},
        "invalid-campaign",
    ),
    # -- files
    "missing template": ({"campaign.yaml": campaign(body="{text: gone.txt}")}, "unreadable-file"),
    "missing list": (
        {"campaign.yaml": campaign(audience="{contacts: gone.csv}")},
        "unreadable-file",
    ),
    "parent folder": (
        {"campaign.yaml": campaign(body="{text: ../../../../../../../etc/hostname}")},
        "unreadable-file",
    ),
    "absolute path": ({"campaign.yaml": campaign(body="{text: /etc/hostname}")}, "unreadable-file"),
    "list outside": (
        {"campaign.yaml": campaign(audience="{contacts: ../../../../../../../etc/passwd}")},
        "unreadable-file",
    ),
    "folder as template": ({"campaign.yaml": campaign(body="{text: .}")}, "unreadable-file"),
    "device": ({"campaign.yaml": campaign(body="{text: /dev/zero}")}, "unreadable-file"),
    "nul in path": ({"campaign.yaml": campaign(body='{text: "a\\0b"}')}, "unreadable-file|invalid-campaign"),
    "template in latin-1": ({"mail.txt": "Bonjour Inès\n".encode("latin-1")}, "unreadable-file"),
    # -- configuration
    "broken configuration": ({"preflight.yaml": "ledger: [\n"}, "invalid-configuration"),
    "unknown ledger": ({"preflight.yaml": "ledger: {clints: x.csv}\n"}, "invalid-configuration"),
    "missing ledger": ({"preflight.yaml": "ledger: {clients: gone.csv}\n"}, "unreadable-file"),
    "incidents no yaml": (
        {"preflight.yaml": "ledger: {incidents: i.yaml}\n", "i.yaml": "- id: [\n"},
        "invalid-yaml",
    ),
    # -- lists
    "empty list": ({"contacts.csv": ""}, "unreadable-file"),
    "no address column": (
        {"contacts.csv": "first_name,town\nInès,Lyon\n"},
        "invalid-campaign",
    ),
    "ragged row": ({"contacts.csv": ROWS + "b@b.example,Bob,extra\n"}, "malformed-row"),
    "short row": ({"contacts.csv": ROWS + "b@b.example\nc@c.example,C\n"}, "malformed-row"),
    "quote never closed": ({"contacts.csv": ROWS + '"b@b.example,Bob\n' + "c@c.example,C\n" * 3}, "malformed-row"),
    "text after quote": ({"contacts.csv": ROWS + '"b@b.example"x,Bob\n'}, "malformed-row"),
    "stray quote": ({"contacts.csv": ROWS + 'b@b.example,B"ob\nc@c.example,C\n'}, "malformed-row"),
    "nul byte": ({"contacts.csv": ROWS + "b@b.example,B\0ob\n"}, "malformed-row"),
    "undecodable byte": (
        {"contacts.csv": (ROWS + "z@z.example,Zoé\n").encode() + b"b@b.example,Andr\xe9\n"},
        "malformed-row",
    ),
    "binary list": ({"contacts.csv": bytes(range(256)) * 40}, "unreadable-file|malformed-row|invalid-campaign"),
    "pdf as list": ({"contacts.csv": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"}, "unreadable-file"),
    "huge cell": ({"contacts.csv": ROWS + "b@b.example," + "x" * 3_000_000 + "\n"}, "malformed-row"),
    "broken jsonl": (
        {
            "contacts.jsonl": '{"email": "a@a.example", "first_name": "A"}\n{"email": \n',
            "campaign.yaml": campaign(audience="{contacts: contacts.jsonl}"),
        },
        "malformed-row",
    ),
    "no parquet": (
        {"c.parquet": "PAR1 no", "campaign.yaml": campaign(audience="{contacts: c.parquet}")},
        "unreadable-file",
    ),
    "no xlsx": (
        {"c.xlsx": "PK no", "campaign.yaml": campaign(audience="{contacts: c.xlsx}")},
        "unreadable-file",
    ),
    # -- filters
    "filter reads a file": (where("first_name = read_text('/etc/hostname')"), "invalid-filter"),
    "filter with sub-query": (where("email in (select email from x)"), "invalid-filter"),
    "filter breaks out": (where("true); drop table contacts; select (1"), "invalid-filter"),
    "filter never ends": (where("first_name = 'x"), "invalid-filter"),
    "filter of nothing": (where("   "), "invalid-filter|invalid-campaign"),
    "filter unknown field": (where("frist_name = 'x'"), "unknown-filter-field"),
    # -- templates
    "python internals": ({"mail.txt": "{{ ''.__class__.__mro__ }}\n"}, "unsafe-template"),
    "endless loop": (
        {"mail.txt": "{% for i in range(10**9) %}x{% endfor %}\n"},
        "unsafe-template",
    ),
    "memory": ({"mail.txt": "{{ 'x' * 10**10 }}\n"}, "unsafe-template"),
    "unclosed tag": ({"mail.txt": "Dear {{ first_name\n"}, "template-syntax"),
    "unknown filter": ({"mail.txt": "{{ first_name|fancy }}\n"}, "template-syntax"),
    "unclosed if": ({"mail.txt": "{% if first_name %}x\n"}, "template-syntax"),
    "division": ({"mail.txt": "{{ 1 // 0 }}\n"}, "template-syntax|unsafe-template"),
    "include outside": (
        {"mail.txt": "{% include '../../../../etc/hostname' %}\n"},
        "unsafe-template|template-syntax",
    ),
    "deep template": ({"mail.txt": "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}\n"}, "template-syntax|unsafe-template"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_clear_problem_at_a_place(name, tmp_path, monkeypatch):
    files, rules = CASES[name]
    texts = {key: value for key, value in files.items() if isinstance(value, str)}
    write_files(
        tmp_path, {k: v for k, v in texts.items() if k not in ("campaign.yaml", "preflight.yaml")}
    )
    for key, value in files.items():
        data = value if isinstance(value, bytes) else value.encode("utf-8")
        (tmp_path / key).write_bytes(data)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    result = CliRunner().invoke(main, ["check", "--format", "concise", "."], catch_exceptions=False)
    assert result.exit_code in (1, 2), result.output
    assert any(f"[{rule}]" in result.output for rule in rules.split("|")), result.output
    assert "Traceback" not in result.output
    assert "rule-crashed" not in result.output
    first = result.output.splitlines()[0]
    assert first.count(":") >= 3  # path:line:column: ...


def test_a_link_out_of_the_repository_is_not_followed(tmp_path, monkeypatch):
    folder = tmp_path / "repository"
    write_files(folder, {})
    (tmp_path / "secret.txt").write_text("the secret word\n")
    (folder / "mail.txt").unlink()
    (folder / "mail.txt").symlink_to(tmp_path / "secret.txt")
    monkeypatch.chdir(folder)
    result = CliRunner().invoke(main, ["check", "--format", "concise"], catch_exceptions=False)
    assert result.exit_code == 1
    assert "outside the repository" in result.output
    assert "secret word" not in result.output


@pytest.mark.skipif(os.name != "posix", reason="needs a named pipe")
def test_a_pipe_is_not_waited_for(tmp_path, monkeypatch):
    write_files(tmp_path, {})
    (tmp_path / "contacts.csv").unlink()
    os.mkfifo(tmp_path / "contacts.csv")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["check", "--format", "concise"], catch_exceptions=False)
    assert result.exit_code == 1
    assert "not a regular file" in result.output
