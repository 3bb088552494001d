"""The ledger asked by address: who, of those that finished mails go to, is on which list."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from preflight.audience.ledger import Ledger, load_ledger

if TYPE_CHECKING:
    import duckdb

    from preflight.config import Config
    from preflight.files import Repository
    from preflight.rule import Related, Said


@dataclass(frozen=True, eq=False)
class Book:
    """The lists of one preflight.yaml, loaded; may be asked from any thread."""

    ledger: Ledger
    connection: duckdb.DuckDBPyConnection | None = None
    said: tuple[Said, ...] = ()
    lock: Any = field(default_factory=threading.Lock, repr=False)

    @classmethod
    def load(cls, config: Config, repository: Repository, base: Path) -> Book:
        """Read all lists of the ledger. What is wrong with them is in ``said``."""
        from preflight.audience.load import connect

        if not any(config.kinds()):
            return cls(Ledger())
        with tempfile.TemporaryDirectory(prefix="preflight-") as workdir:
            connection = connect(Path(workdir))
            ledger, said = load_ledger(connection, config, repository, base, Path(workdir))
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
        return cls(ledger, connection, tuple(said))

    def listed(self, kind: str, addresses: Iterable[str]) -> Mapping[str, Related | None]:
        """Those of the addresses that are on the lists of a kind, by themselves or by their
        domain, in their order; each with the place of its entry."""
        wanted = [one.strip().lower() for one in addresses]
        if self.connection is None or kind not in self.ledger.lists or not wanted:
            return {}
        with self.lock:
            found = self.connection.execute(
                "SELECT w.address, min(l.entry) FROM (SELECT DISTINCT unnest(?::VARCHAR[]) AS "
                f"address) w JOIN ledger_{kind} l ON l.address = w.address "
                "OR l.domain = split_part(w.address, '@', 2) GROUP BY w.address",
                [wanted],
            ).fetchall()
        entries = dict(found)
        return {
            address: self.ledger.related(kind, int(entries[address]))
            for address in dict.fromkeys(wanted)
            if address in entries
        }
