"""The action: in this process, and by a runner of actions where PREFLIGHT_COMPOSITE_RUNNER names
one (a program that takes an action.yml, --workspace and --input, and prints JSON)."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import hostile
import pytest
import yaml
from report.actions_runner import commands

from preflight import action

ROOT = Path(__file__).parents[2]
STORY = ROOT / "examples" / "stories" / "S1-network"
MANIFEST = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))


class Step(NamedTuple):
    code: int
    log: str
    output: str
    summary: str

    @property
    def commands(self) -> list[tuple[str, dict[str, str], str]]:
        return commands(self.log)


Run = Callable[..., Step]


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> Run:
    """Runs the step in a workspace, with the environment that action.yml would give it."""

    def run(workspace: Path, **inputs: str) -> Step:
        files = tmp_path / "runner"
        files.mkdir(exist_ok=True)
        for name in ("output", "summary"):
            (files / name).write_text("", encoding="utf-8")
        for name in ("FORCE_COLOR", "NO_COLOR", "COLUMNS"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("CI", "true")
        monkeypatch.setenv("GITHUB_ACTIONS", "true")
        monkeypatch.setenv("GITHUB_WORKSPACE", str(workspace))
        monkeypatch.setenv("GITHUB_OUTPUT", str(files / "output"))
        monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(files / "summary"))
        for name, setting in MANIFEST["inputs"].items():
            given = inputs.get(name.replace("-", "_"), setting["default"])
            monkeypatch.setenv(f"PREFLIGHT_{name.replace('-', '_').upper()}", given)
        monkeypatch.chdir(workspace)
        code = action.main()
        out, err = capfdbinary.readouterr()
        return Step(
            code,
            (out + err).decode("utf-8"),
            (files / "output").read_text(encoding="utf-8"),
            (files / "summary").read_text(encoding="utf-8"),
        )

    return run


def test_a_story_as_it_happened_is_blocked(run: Run) -> None:
    step = run(ROOT, paths=str(STORY.relative_to(ROOT) / "as-it-happened"))
    assert (step.code, step.output) == (1, "verdict=blocked\n")
    assert "## Preflight: do not send" in step.summary
    found = [properties for name, properties, _ in step.commands if name == "error"]
    assert "inverted-exclusion (error)" in [properties["title"] for properties in found]
    for properties in found:
        assert (ROOT / properties["file"]).is_file()


def test_the_same_story_put_right_is_clear(run: Run) -> None:
    step = run(ROOT, paths=str(STORY.relative_to(ROOT) / "put-right"))
    assert (step.code, step.output) == (0, "verdict=clear\n")
    assert "## Preflight: clear" in step.summary
    assert not [name for name, _, _ in step.commands if name == "error"]


def test_no_text_of_a_campaign_becomes_a_command(run: Run, tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    hostile.write(workspace)
    step = run(workspace)
    assert (step.code, step.output) == (1, "verdict=blocked\n")
    assert step.commands
    for name, properties, message in step.commands:
        assert name in ("error", "warning", "notice")
        assert set(properties) <= {"file", "line", "endLine", "col", "endColumn", "title"}
        assert re.fullmatch(r"preflight|[a-z-]+ \((error|warning|notice)\)", properties["title"])
        assert "file" not in properties or (workspace / properties["file"]).is_file()
        assert not message.startswith("forged")
    assert "##[" not in step.summary
    assert "\u202e" not in step.summary


def test_paths_may_hold_blanks_commas_and_quotes(run: Run, tmp_path: Path) -> None:
    for name in ("a, b", 'it\'s 50% "off"', "$(touch owned)", "-v"):
        (tmp_path / name).mkdir()
        text = (STORY / "put-right" / "campaign.yaml").read_text(encoding="utf-8")
        (tmp_path / name / "campaign.yaml").write_text(text, encoding="utf-8")
    paths = 'a, b\n\n  it\'s 50% "off"\r\n$(touch owned)\n-v\n'
    step = run(tmp_path, paths=paths, without_lists="true")
    assert "### Checked: 4 campaigns" in step.summary
    assert not (tmp_path / "owned").exists()


def test_nothing_to_check_is_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    step = run(tmp_path, paths="empty")
    assert (step.code, step.output) == (3, "verdict=nothing-checked\n")
    assert [name for name, _, _ in step.commands] == ["error"]


def test_inputs_reach_the_command(run: Run) -> None:
    story = str(STORY.relative_to(ROOT) / "as-it-happened")
    assert run(ROOT, paths=story, fail_on="never").output == "verdict=clear\n"
    assert "which --without-lists does not open" in run(
        ROOT, paths=story, without_lists="TRUE", extra_args="--verbose"
    ).log.replace("\n    ", " ")
    only = run(ROOT, paths=story, extra_args="--select\ninverted-exclusion\n")
    assert {properties["title"] for _, properties, _ in only.commands} == {
        "inverted-exclusion (error)"
    }


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"fail_on": "##[add-mask]e"}, "--fail-on"),
        ({"without_lists": "yes ##[error]forged"}, "write true or false"),
        ({"paths": "no ##[add-mask]e ::error::x\r::error::forged"}, "does not exist"),
        ({"extra_args": "--no-such-option\n##[add-mask]e"}, "--no-such-option"),
        ({"extra_args": "--select=::error::forged"}, "there is no rule"),
    ],
)
def test_a_wrong_input_fails_and_says_why(run: Run, inputs: dict[str, str], said: str) -> None:
    step = run(ROOT, **inputs)
    assert (step.code, step.output) == (2, "verdict=failed\n")
    [(name, properties, message)] = step.commands
    assert (name, properties) == ("error", {"title": "preflight"})
    assert said in message


def test_a_fault_of_ours_fails_the_step(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args, **_options) -> None:
        raise RuntimeError("out of luck\n::error::forged ##[add-mask]e")

    monkeypatch.setattr("preflight.engine.check", broken)
    step = run(ROOT, paths="examples")
    assert (step.code, step.output) == (2, "verdict=failed\n")
    [(name, _, message)] = step.commands
    assert name == "error"
    assert message.startswith("Preflight crashed: RuntimeError: out of luck")
    assert "Traceback" in step.log


def test_it_works_without_the_files_of_the_runner(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(ROOT, paths="examples/stories/S3-bloggers")
    monkeypatch.delenv("GITHUB_OUTPUT")
    monkeypatch.delenv("GITHUB_STEP_SUMMARY")
    assert action.main() == 1


def test_no_input_is_written_into_a_script() -> None:
    [step] = MANIFEST["runs"]["steps"]
    assert "${{" not in step["run"]
    assert set(step["env"]) == {
        f"PREFLIGHT_{name.replace('-', '_').upper()}" for name in MANIFEST["inputs"]
    }
    source = Path(action.__file__).read_text(encoding="utf-8")
    assert set(step["env"]) == set(re.findall(r"PREFLIGHT_[A-Z_]+", source))


def test_no_module_comes_from_the_repository_that_is_checked() -> None:
    [step] = MANIFEST["runs"]["steps"]
    starts = re.findall(r"python3?\"? (\S+)", step["run"].replace("setup-python before", ""))
    assert starts == ["-I"] * 4


@pytest.fixture(scope="module")
def runner() -> str:
    program = os.environ.get("PREFLIGHT_COMPOSITE_RUNNER")
    if not program:
        pytest.skip("PREFLIGHT_COMPOSITE_RUNNER names no runner of composite actions")
    return program


def test_the_runner_gets_what_users_see(runner: str, tmp_path: Path) -> None:
    hostile.write(tmp_path)
    story = STORY.relative_to(ROOT)
    for workspace, paths, code, verdict in (
        (ROOT, str(story / "as-it-happened"), 1, "blocked"),
        (ROOT, str(story / "put-right"), 0, "clear"),
        (tmp_path, ".", 1, "blocked"),
    ):
        started = subprocess.run(
            [sys.executable, runner, "--workspace", str(workspace), f"--input=paths={paths}", ROOT],
            capture_output=True,
            text=True,
            check=False,
        )
        result = json.loads(started.stdout)
        assert result["problems"] == []
        assert (result["exit_code"], result["outputs"]) == (code, {"verdict": verdict})
