"""What holds for the project as a whole: what is loaded when, and that the README keeps up."""

from __future__ import annotations

import gc
import itertools
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from preflight.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
HEAVY = ("duckdb", "sqlglot", "bs4", "pydantic", "jinja2", "yaml", "liquid", "django")


def loaded(program: str, *arguments: str) -> set[str]:
    """The top-level modules that a program has loaded when it ends."""
    tail = "; import sys; print('loaded:', *{name.partition('.')[0] for name in sys.modules})"
    ended = subprocess.run(
        [sys.executable, "-c", program + tail, *arguments],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return set(ended.stdout.rpartition("loaded:")[2].split())


def test_import_preflight_loads_nothing_heavy() -> None:
    assert loaded("import preflight").isdisjoint({*HEAVY, "click"})


@pytest.mark.parametrize("option", [("--help",), ("--version",), ("check", "--help")])
def test_help_loads_nothing_heavy(option: tuple[str, ...]) -> None:
    program = "from preflight.cli import main; main(standalone_mode=False)"
    assert loaded(program, *option).isdisjoint(HEAVY)


def test_a_command_leaves_the_collection_of_garbage_as_it_was() -> None:
    before = gc.get_threshold()
    CliRunner().invoke(main, ["rules"])
    assert gc.get_threshold() == before


ELSEWHERE = (
    "bs4", "django", "liquid", "chardet", "email_validator", "publicsuffixlist",
    "subprocess", "email.policy", "preflight.mail", "preflight.readers.eml",
    "preflight.audience.warehouse", "preflight.templates.tree", "preflight.templates.worker",
)  # fmt: skip
"""What only mails, other dialects, tables, templates with loops, ... need."""


def test_a_check_loads_what_its_campaign_needs_and_no_more(tmp_path: Path) -> None:
    """Most of the time of a small check goes into loading."""
    (tmp_path / "campaign.yaml").write_text(
        "name: small\npurpose: newsletter\nfrom: Ada <ada@news.example>\nsubject: News\n"
        "body: {text: mail.txt, dialect: jinja}\naudience: {contacts: contacts.csv}\n"
    )
    (tmp_path / "mail.txt").write_text("Dear {{ first_name }},\n\nhere is the news.\n")
    (tmp_path / "contacts.csv").write_text("email,first_name\nreader@town.example,Reader\n")
    program = (
        "import atexit, sys; from preflight.cli import main; "
        "atexit.register(lambda: print('loaded:', *sys.modules)); main()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, "check"], capture_output=True, text=True, cwd=tmp_path
    )
    loaded = set(ended.stdout.rpartition("loaded:")[2].split())
    assert "preflight_rules" in loaded, ended.stderr
    assert "jinja2" in loaded
    assert loaded.isdisjoint(ELSEWHERE)


def test_every_public_name_is_there() -> None:
    import preflight

    for name in preflight.__all__:
        assert getattr(preflight, name) is not None


def test_the_readme_names_every_command() -> None:
    for name in main.commands:
        assert f"`preflight {name}" in README or f"\npreflight {name}" in README


def test_the_readme_names_every_option_of_check() -> None:
    options = [
        option
        for parameter in main.commands["check"].params
        if isinstance(parameter, click.Option)
        for option in parameter.opts
    ]
    assert options
    for option in options:
        assert re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", README), option


def test_the_readme_documents_no_option_that_is_not_there() -> None:
    below = [getattr(command, "commands", {}).values() for command in main.commands.values()]
    known = {
        option
        for command in (main, *main.commands.values(), *itertools.chain(*below))
        for parameter in command.params
        for option in parameter.opts
    }
    shown = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README))
    assert shown <= known | {"--help", "--version", "--upgrade", "--group", "--fail"}


def test_ci_runs_the_test_command_of_the_readme() -> None:
    [command] = re.findall(r"^.*\.venv/bin/pytest$", README, re.MULTILINE)
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith(command)]


def test_links_in_the_pages_lead_somewhere() -> None:
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_readme_shows_what_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CI", "GITHUB_ACTIONS", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(ROOT)
    told = CliRunner().invoke(main, ["check", "examples/stories/S1-network/as-it-happened"])
    printed = told.output.splitlines()
    [excerpt] = re.findall(r"```text\n(.*?)```", README, re.DOTALL)
    assert [line for line in excerpt.splitlines() if line not in printed] == []
