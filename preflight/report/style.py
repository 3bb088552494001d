"""How a report is to be written: the choices of the command line, the same for every renderer."""

from __future__ import annotations

from dataclasses import dataclass, replace

from preflight.visible import shown


@dataclass(frozen=True, slots=True)
class Style:
    """``color``: ANSI colours. ``width``: columns of the terminal, at least 40 are used.
    ``show_addresses``: print addresses in full (github and markdown never do). ``verbose``: also
    what was ignored, notes and tracebacks. ``quiet``: only what blocks, and the verdict.
    ``github_actions``: text goes to the log of a GitHub Actions step, so it is guarded.
    ``workspace_prefix``: the folder that paths are relative to, seen from the workspace."""

    color: bool = False
    width: int = 100
    show_addresses: bool = False
    verbose: bool = False
    quiet: bool = False
    github_actions: bool = False
    workspace_prefix: str = ""

    @property
    def columns(self) -> int:
        return max(40, self.width)

    def shown(self, text: str) -> str:
        """The text as it may be printed: one line, nothing hidden, addresses masked."""
        return shown(text, show_addresses=self.show_addresses)

    @property
    def masked(self) -> Style:
        """The same, with addresses masked in any case."""
        return replace(self, show_addresses=False)
