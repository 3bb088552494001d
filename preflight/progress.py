"""How far a long piece of work is, on a terminal: part of the command line, as `cli.py` is."""

from __future__ import annotations

import sys
import time
from typing import Any

import click

_QUIET = 1.0  # seconds of work before anything is drawn


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
