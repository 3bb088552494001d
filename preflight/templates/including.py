"""The files that a template includes: those of the campaign, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from preflight.files import FileProblem, Repository
from preflight.source import Source

MAX_INCLUDED = 1_000_000
"""Bytes of one included file."""


@dataclass(frozen=True, slots=True)
class Includes:
    """Finds files below the folder of the campaign. ``folders``: where names begin, in order.
    ``ending``: of the file of the template itself (``.html``)."""

    repository: Repository
    campaign: Path
    folders: tuple[Path, ...]
    ending: str = ""

    def path(self, name: str) -> Path:
        """The file. Raises FileProblem: not there, not a file, outside the folder, too large."""
        problem: FileProblem | None = None
        for folder in self.folders:
            try:
                real = self.repository.locate(name, folder, limit=MAX_INCLUDED)
            except FileProblem as error:
                problem = problem or error
                continue
            if not real.is_relative_to(self.campaign.resolve()):
                raise FileProblem(
                    f"“{name}” leads out of the campaign's folder",
                    "A template reads files of its own campaign only: put it there.",
                )
            return real
        assert problem is not None
        raise FileProblem(
            problem.message,
            "Names of included files begin at the folder of the campaign, or at that of the "
            "template; correct it or add the file.",
        )

    def __call__(self, name: str) -> Source:
        """The file's text."""
        from preflight.campaign.decoding import Fault, decode

        real = self.path(name)
        data = self.repository.read(str(real), self.campaign, limit=MAX_INCLUDED)
        try:
            return decode(data, self.repository.shown(real))
        except Fault as fault:
            raise FileProblem(fault.message, fault.help) from None
