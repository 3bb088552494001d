"""How old a list is: its newest date; without a column of dates the last commit that changed it,
or, outside git, the time of the file."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from preflight.audience.columns import Kind, column_kinds

if TYPE_CHECKING:
    import duckdb

    from preflight.audience.asking import Connection
    from preflight.audience.columns import Column
    from preflight.audience.lists import LoadedList

_DATES = (Kind.DATE, Kind.TIMESTAMP)
_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Age:
    """When a list was last added to, in the clock of the check and without its zone. ``dated``: by
    a date in it, else by its file. Only ages of one kind compare: a file may be written anew every
    day and hold nothing new."""

    moment: dt.datetime
    dated: bool


def age_of(
    connection: duckdb.DuckDBPyConnection, lists: Iterable[LoadedList], now: dt.datetime
) -> Age | None:
    """The age of the newest of these lists; None where it cannot be told of any."""
    found: list[Age] = []
    for loaded in lists:
        dated = newest_date(connection, loaded.table, loaded.columns, now)
        moment = dated or _changed(loaded.path, now)
        if moment is not None:
            found.append(Age(moment, dated is not None))
    return max(found, key=lambda age: age.moment, default=None)


def newest_date(
    connection: Connection, table: str, columns: Sequence[Column], now: dt.datetime
) -> dt.datetime | None:
    """The newest date of any column of dates; what lies ahead is a plan and tells nothing."""
    kinds = column_kinds(connection, table, columns)
    dated = [name for name, kind in kinds.items() if kind in _DATES]
    if not dated:
        return None
    clock = now.replace(tzinfo=None)
    dates = ", ".join(f"TRY_CAST({name} AS TIMESTAMP)" for name in dated)
    row = connection.execute(
        f"SELECT max(moment) FROM (SELECT unnest([{dates}]) AS moment FROM {table}) AS dates "
        "WHERE moment <= ?",
        [clock + dt.timedelta(days=1)],
    ).fetchone()
    return row[0] if row else None


def _changed(path: Path, now: dt.datetime) -> dt.datetime | None:
    if any(os.path.lexists(folder / ".git") for folder in path.parents):
        return _committed(path, now)
    try:
        moment = dt.datetime.fromtimestamp(path.stat().st_mtime, now.tzinfo)
    except (OSError, OverflowError, ValueError):
        return None
    return moment.replace(tzinfo=None)


def _committed(path: Path, now: dt.datetime) -> dt.datetime | None:
    """The last commit that changed the file; a shallow clone does not know, and a file that git
    does not keep has its own time."""
    if _git(path.parent, "rev-parse", "--is-shallow-repository") != "false":
        return None
    status = _git(path.parent, "status", "--porcelain", "--ignored", "--", path.name)
    said = _git(path.parent, "log", "-1", "--no-show-signature", "--format=%ct", "--", path.name)
    if status or said == "":  # changed since, or never committed
        try:
            said = str(int(path.stat().st_mtime))
        except OSError:
            return None
    if status is None or said is None or not said.isdigit():
        return None
    return dt.datetime.fromtimestamp(int(said), now.tzinfo).replace(tzinfo=None)


def _git(folder: Path, *arguments: str) -> str | None:
    """What git says; None where it says nothing. Nothing that a repository configures is run."""
    command = [
        "git", "--no-pager", "--literal-pathspecs", "-c", "core.fsmonitor=false",
        "-c", f"core.hooksPath={os.devnull}", *arguments,
    ]  # fmt: skip
    try:
        done = subprocess.run(  # noqa: S603 - fixed arguments, no shell
            command, cwd=folder, capture_output=True, text=True, timeout=_SECONDS, check=False,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError, UnicodeError):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
