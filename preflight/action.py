"""The run behind ``action.yml``: inputs from the environment, the check, the output ``verdict``.

Inputs come as environment variables, never through a shell, and lists hold one item a line, so
blanks and quotes in a path mean nothing. Whatever the check prints beside its report is guarded:
an input may hold the name of a file in a pull request of a stranger.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import tempfile
import traceback
from collections.abc import Mapping
from pathlib import Path

from preflight.report.github import command, guard_log
from preflight.visible import shown

FAILED = "failed"
FAILED_CODE = 2


class InputError(Exception):
    """An input of the action that cannot be used, in words for people."""


def main() -> int:
    """Check what the inputs name and write the verdict to ``GITHUB_OUTPUT``. The exit code."""
    with tempfile.TemporaryDirectory(prefix="preflight-action-") as folder:
        report = Path(folder, "report.json")
        code, said = _run(os.environ, report)
        verdict = _verdict(report)
    if verdict == FAILED and code != FAILED_CODE:
        code = FAILED_CODE
    if said:
        _complain(said)
    output = os.environ.get("GITHUB_OUTPUT")
    if output:
        with Path(output).open("a", encoding="utf-8", newline="\n") as file:
            file.write(f"verdict={verdict}\n")
    return code


def arguments(environ: Mapping[str, str], report: Path) -> list[str]:
    """The arguments of the command for the inputs. Raises InputError for an input that is none of
    the values it can have."""
    without_lists = environ.get("PREFLIGHT_WITHOUT_LISTS", "").strip().lower() or "false"
    if without_lists not in ("true", "false"):
        raise InputError(f"the input without-lists is “{without_lists}”: write true or false")
    summary = environ.get("GITHUB_STEP_SUMMARY")
    formats = ["text", "github", f"json={report}", *([f"markdown={summary}"] if summary else [])]
    return [
        "check",
        *(f"--format={one}" for one in formats),
        f"--fail-on={environ.get('PREFLIGHT_FAIL_ON', '').strip() or 'error'}",
        *(["--without-lists"] if without_lists == "true" else []),
        *_lines(environ.get("PREFLIGHT_EXTRA_ARGS", "")),
        "--",
        *(_lines(environ.get("PREFLIGHT_PATHS", "")) or ["."]),
    ]


def _lines(text: str) -> list[str]:
    """The items of a multi-line input; blanks around an item and empty lines do not count."""
    return [line.strip() for line in text.split("\n") if line.strip()]


def _run(environ: Mapping[str, str], report: Path) -> tuple[int, str]:
    """The exit code, and what was said on standard error."""
    from preflight.cli import main as preflight

    code: str | int | None = 0
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        try:
            preflight.main(arguments(environ, report), prog_name="preflight")
        except SystemExit as end:
            code = end.code
        except InputError as error:
            code = FAILED_CODE
            print(f"Error: {error}", file=sys.stderr)
        except Exception as error:  # noqa: BLE001 - its traceback must not print commands
            code = FAILED_CODE
            traceback.print_exc()
            message = shown(str(error))
            print(f"Error: Preflight crashed: {type(error).__name__}: {message}", file=sys.stderr)
    return (code if isinstance(code, int) else int(bool(code))), said.getvalue()


def _verdict(report: Path) -> str:
    """The verdict of the report; without a report the check has failed."""
    try:
        return str(json.loads(report.read_text(encoding="utf-8"))["verdict"])
    except (OSError, ValueError, KeyError):
        return FAILED


def _complain(said: str) -> None:
    """Print what was said, so that no line of it is taken for a command of the runner; what
    looks like an error also becomes an annotation."""
    lines = [shown(line, show_addresses=False) for line in said.rstrip("\n").split("\n")]
    errors = [line for line in lines if line.startswith("Error: ")]
    text = guard_log("\n".join(lines))
    if errors:
        message = errors[-1].removeprefix("Error: ")
        text += command("error", {"title": "preflight"}, message) + "\n"
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
