"""What was learned, held against the ledger of a preflight.yaml: what to fill in, and where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from preflight.files import FileProblem
from preflight.learn.patch import SIZE_LIMIT, CsvFile, open_csv
from preflight.learn.register import Learned, says_the_same

if TYPE_CHECKING:
    from preflight.config import Config
    from preflight.files import Repository

KINDS = ("clients", "known")
"""The lists of the ledger that say how somebody is addressed, in the order in which they count."""

COLUMN = "register"


@dataclass
class Proposal:
    """What the mails tell, by what the ledger says already. ``changes``: a file, and those whose
    register it lacks. ``refused``: lists that cannot be written, and why."""

    changes: list[tuple[CsvFile, list[Learned]]] = field(default_factory=list)
    agreeing: list[Learned] = field(default_factory=list)
    contrary: list[tuple[Learned, str]] = field(default_factory=list)
    undecided: list[Learned] = field(default_factory=list)
    strangers: list[Learned] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def texts(self) -> Iterator[tuple[CsvFile, str]]:
        """Each file to change, and its new text."""
        for file, people in self.changes:
            yield file, file.filled({one.address: one.spelling for one in people}, COLUMN)


def propose(
    found: Iterable[Learned], config: Config, repository: Repository, base: Path
) -> Proposal:
    """Look everybody up in ``ledger.clients`` and ``ledger.known``. Nothing is written."""
    proposal = Proposal()
    files = list(_files(config, repository, base, proposal.refused))
    changes: dict[int, list[Learned]] = defaultdict(list)
    for one in found:
        at = [number for number, file in enumerate(files) if one.address in file.cells]
        written = next(filter(None, (files[number].cells[one.address][2] for number in at)), "")
        if one.side is None:
            proposal.undecided.append(one)
        elif not at:
            proposal.strangers.append(one)
        elif not written:
            changes[at[0]].append(one)
        elif says_the_same(written, one.side):
            proposal.agreeing.append(one)
        else:
            proposal.contrary.append((one, written))
    proposal.changes = [(files[number], changes[number]) for number in sorted(changes)]
    return proposal


def _files(
    config: Config, repository: Repository, base: Path, refused: list[str]
) -> Iterator[CsvFile]:
    from preflight.campaign.model import ContactsTable

    for kind in KINDS:
        paths = getattr(config.ledger, kind)
        if isinstance(paths, ContactsTable):
            refused.append(f"ledger.{kind} is a table, and only lists in files are filled in")
            continue
        for path in paths:
            try:
                for part in repository.expand(path, base):
                    file = repository.locate(part, base, limit=SIZE_LIMIT)
                    yield open_csv(file, repository.shown(file), COLUMN)
            except FileProblem as problem:
                refused.append(f"{problem.message}. {problem.help}".rstrip(" ."))
