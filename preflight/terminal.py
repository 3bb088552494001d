"""What the commands share: how they print names from outside, in which style, and how far a long
piece of work is. Part of the command line, as `cli.py` is."""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import click

from preflight.report import Style
from preflight.visible import visible

_QUIET = 1.0  # seconds of work before anything is drawn


def said(text: object) -> str:
    """A name from outside as it may be printed, also in the log of a CI runner."""
    return visible(str(text)).replace("##[", "##\\[")


def in_actions() -> bool:
    """Whether this is a step of GitHub Actions."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def style_for(color: str, *, quiet: bool, verbose: bool, show_addresses: bool) -> Style:
    """How to print: by the options, and by what stands at the other end."""
    terminal = sys.stdout.isatty()
    if color == "auto":
        painted = bool(os.environ.get("FORCE_COLOR")) or (
            terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        )
    else:
        painted = color == "always"
    if show_addresses and (os.environ.get("CI") or not terminal):
        click.echo("preflight: addresses are shown in full on a terminal only", err=True)
        show_addresses = False
    return Style(
        color=painted,
        width=min(shutil.get_terminal_size((100, 24)).columns, 110),
        show_addresses=show_addresses,
        verbose=verbose,
        quiet=quiet,
        github_actions=in_actions(),
        workspace_prefix=_workspace_prefix(),
    )


def _workspace_prefix() -> str:
    """Where the command was started, seen from the workspace: GitHub reads paths from there."""
    workspace = os.environ.get("GITHUB_WORKSPACE")
    if not workspace:
        return ""
    try:
        prefix = Path.cwd().resolve().relative_to(Path(workspace).resolve()).as_posix()
    except ValueError:
        return ""
    return "" if prefix == "." else prefix


class Progress:
    """A bar on standard error, where that is a terminal, once the work has taken a second.

    ``total``: how many steps there are; without it the steps are only counted.
    """

    def __init__(self, label: str, total: int | None = None) -> None:
        self.label = label
        self.total = total
        self.done = 0
        self.began = time.monotonic()
        self.bar: Any = None
        self.drawn = False

    def __enter__(self) -> Progress:
        return self

    def step(self, _item: object) -> None:
        """One more item is begun."""
        late = time.monotonic() - self.began > _QUIET and sys.stderr.isatty()
        if self.bar is not None:
            self.bar.update(1)
        elif late and self.total is None:
            if self.done % 100 == 0:
                click.echo(f"\r{self.label}: {self.done:,}", nl=False, err=True)
                self.drawn = True
        elif late and self.total is not None and self.total > 1:
            self.bar = click.progressbar(length=self.total, label=self.label, file=sys.stderr)
            self.bar.__enter__()
            self.bar.update(self.done)
        self.done += 1

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.update((self.total or 0) - self.done + 1)
            self.bar.__exit__(None, None, None)
        elif self.drawn:
            click.echo(f"\r{self.label}: {self.done:,}", err=True)
