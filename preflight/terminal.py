"""What the commands share: how they print names from outside, in which style, and how far a long
piece of work is. Part of the command line, as `cli.py` is."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from pathlib import Path

import click

from preflight.doing import current
from preflight.report import Style
from preflight.visible import visible

_QUIET = 1.0  # seconds of work before anything is drawn
_EVERY = 0.25  # and between two drawings


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
    """A line on standard error, where that is a terminal, once the work has taken a second: how far
    it is, and what is done just now. It moves while a long piece is worked on.

    ``total``: how many steps there are; without it the steps are only counted.
    """

    def __init__(self, label: str, total: int | None = None) -> None:
        self.label = label
        self.total = total
        self.done = 0
        self.item = ""
        self.began = time.monotonic()
        self.over = threading.Event()
        self.ticker: threading.Thread | None = None

    def __enter__(self) -> Progress:
        if sys.stderr.isatty():
            self.ticker = threading.Thread(target=self._tick, daemon=True)
            self.ticker.start()
        return self

    def step(self, item: object) -> None:
        """One more item is begun."""
        self.done += 1
        self.item = "/".join(item.parts[-2:]) if isinstance(item, Path) else str(item)

    def line(self, seconds: float, width: int) -> str:
        """What is drawn after so many seconds, at most so wide."""
        count = f"{self.done:,}" + (f" of {self.total:,}" if self.total else "")
        parts = (count, self.item if self.total else "", current())
        told = ", ".join(part for part in parts if part)
        end = f" {int(seconds):,} s"
        text = said(f"{self.label} {told}")
        room = max(width - len(end) - 1, 0)
        return (text if len(text) <= room else text[: max(room - 1, 0)] + "…") + end

    def _tick(self) -> None:
        wait, drawn = _QUIET, 0
        while not self.over.wait(wait):
            width = shutil.get_terminal_size((100, 24)).columns
            text = self.line(time.monotonic() - self.began, width)
            click.echo("\r" + text.ljust(drawn), nl=False, err=True)
            wait, drawn = _EVERY, len(text)
        if drawn:
            click.echo("\r" + " " * drawn + "\r", nl=False, err=True)

    def __exit__(self, *_: object) -> None:
        self.over.set()
        if self.ticker is not None:
            self.ticker.join()
