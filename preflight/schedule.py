"""Campaigns that are checked together and go to the same people: which goes out before which.

A run checks its campaigns in the order in which they are sent. Each leaves behind who gets it, for
those of the same repository that are sent later: not the addresses, a number of 64 bits for each,
in a file that goes away with the run. So one campaign is in memory at a time.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from preflight.audience.audience import FIRST_ROWS, MAILED
from preflight.audience.unanswered import Unanswered
from preflight.rule import Rows

if TYPE_CHECKING:
    from preflight.audience.audience import Audience
    from preflight.campaign.located import Located
    from preflight.campaign.model import Campaign
    from preflight.files import Repository
    from preflight.rule import Said


@dataclass(frozen=True)
class Definition:
    """A campaign's file, read: ``campaign`` is None where it is faulty. ``at``: the moment that it
    names for sending; None where it names none."""

    path: Path
    repository: Repository
    config_path: Path | None
    campaign: Campaign | None
    located: Located | None
    said: list[Said]
    at: dt.datetime | None


@dataclass(frozen=True)
class Earlier:
    """A campaign that is sent before another one, or at the same moment."""

    campaign: Campaign
    at: dt.datetime
    table: str


@dataclass
class Turn:
    """The place of one campaign among those of its repository. ``file``: where recipients are
    remembered; None for a campaign that stands alone. ``read``: the tables that are there, of the
    campaigns whose recipients could be read. ``why``: why it cannot be compared."""

    earlier: tuple[Earlier, ...] = ()
    table: str = ""
    file: Path | None = None
    read: set[str] = field(default_factory=set)
    why: str = ""

    @property
    def known(self) -> tuple[Earlier, ...]:
        """The earlier campaigns of which it is known who gets them."""
        return tuple(one for one in self.earlier if one.table in self.read)

    @property
    def left_open(self) -> tuple[str, ...]:
        """Why some earlier campaigns cannot be compared."""
        paths = [one.campaign.path for one in self.earlier if one.table not in self.read]
        return tuple(f"needs the recipients of {path}, which is sent before" for path in paths)

    def remember(self, audience: Audience | None) -> None:
        """Keep who gets this campaign, for those that follow."""
        if self.file is None or audience is None or audience.held.table is not None:
            return
        audience.held.local.execute(
            f"CREATE TABLE {MAILED}.{self.table} AS SELECT DISTINCT hash(f_address) AS person "
            "FROM people WHERE k_spoken AND f_address <> ''"
        )
        self.read.add(self.table)


@dataclass(frozen=True, eq=False)
class Schedule:
    """The chosen contacts, and the campaigns checked with theirs that are sent before it, the
    latest first. There is one only for a campaign that has such."""

    audience: Audience
    earlier: tuple[Earlier, ...]

    @property
    def campaign(self) -> Campaign:
        return self.audience.campaign

    @property
    def at(self) -> dt.datetime:
        """When this campaign is sent."""
        return self.audience.now

    def shared(self, earlier: Iterable[Earlier]) -> tuple[Rows, list[int]]:
        """The contacts who get at least one of these campaigns too, and how many get each. Raises
        Unanswered for contacts in a table."""
        earlier = list(earlier)
        if not earlier:
            return Rows(0), []
        if self.audience.held.table is not None:
            raise Unanswered("who gets the other campaigns is in no table")
        bits = [f"person IN (SELECT person FROM {MAILED}.{one.table})" for one in earlier]
        columns = ", ".join(f"{bit} AS b{index}" for index, bit in enumerate(bits))
        some = " OR ".join(f"b{index}" for index in range(len(bits)))
        counts = "".join(f", count(*) FILTER (WHERE b{index})" for index in range(len(bits)))
        count, first, *each = self.audience.query(
            f"SELECT count(*), min(_row, {FIRST_ROWS}){counts} FROM (SELECT _row, {columns} FROM "
            "(SELECT _row, hash(f_address) AS person FROM people "
            f"WHERE k_spoken AND f_address <> '')) WHERE {some}"
        )[0]
        return Rows(int(count), tuple(first or ())), [int(one) for one in each]


class Plan:
    """The campaigns of one run, and the order in which they are sent. A context: the file of
    recipients goes away at its end."""

    def __init__(self, definitions: Iterable[Definition]) -> None:
        self.definitions = list(definitions)
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._turns: Mapping[int, Turn] = {}

    def __enter__(self) -> Plan:
        together: dict[Path, list[int]] = defaultdict(list)
        for number, one in enumerate(self.definitions):
            if one.campaign is not None:
                together[one.repository.root].append(number)
        self._turns = {
            number: turn
            for numbers in together.values()
            if len(numbers) > 1
            for number, turn in self._together(numbers)
        }
        return self

    def __exit__(self, *_: object) -> None:
        if self._folder is not None:
            self._folder.cleanup()

    def turns(self) -> Iterable[tuple[Definition, Turn]]:
        """Each campaign, in the order in which they are sent; those without a moment come first."""
        order = sorted(range(len(self.definitions)), key=self._key)
        return [(self.definitions[number], self._turns.get(number, Turn())) for number in order]

    def _key(self, number: int) -> tuple[bool, float, int]:
        at = self.definitions[number].at
        return (at is not None, at.timestamp() if at else 0.0, number)

    def _together(self, numbers: list[int]) -> Iterable[tuple[int, Turn]]:
        """The turns of the campaigns of one repository."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="preflight-")
        file = Path(self._folder.name) / "mailed.duckdb"
        read: set[str] = set()
        before: tuple[Earlier, ...] = ()
        for number in sorted(numbers, key=self._key):
            one = self.definitions[number]
            if one.at is None or one.campaign is None:
                why = "needs delivery.send_at, to be compared with the other campaigns"
                yield number, Turn(why=why)
                continue
            table = f"campaign_{number}"
            yield number, Turn(before, table, file, read)
            before = (Earlier(one.campaign, one.at, table), *before)
