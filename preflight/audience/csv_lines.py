"""What the readers of lists share: the lines on which records begin, and rows that are no rows."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from dataclasses import dataclass

from preflight.files import FileProblem

TEXT_LIMIT = 500  # characters of a bad line that are kept
KEPT_BAD_ROWS = 1_000
CELL_LIMIT = 1_000_000  # bytes of a cell
RECORD_LIMIT = 4_000_000  # bytes of a record
COLUMN_LIMIT = 2_000


@dataclass(frozen=True, slots=True)
class BadRow:
    """A physical line that could not be read: where (from 1, in code points), its text (at most
    500 characters), and why."""

    line: int
    column: int
    text: str
    reason: str

    @classmethod
    def of(cls, line: int, column: int, text: str, reason: str) -> BadRow:
        shown = text[:TEXT_LIMIT].rstrip("\r\n").encode("utf-8", "replace").decode()
        return cls(line, column, shown, reason)


class BadRows:
    """Bad rows as they turn up: all are counted, the first are kept."""

    __slots__ = ("count", "kept")

    def __init__(self) -> None:
        self.count = 0
        self.kept: list[BadRow] = []

    def add(self, bad: BadRow) -> None:
        self.count += 1
        if len(self.kept) < KEPT_BAD_ROWS:
            self.kept.append(bad)


class Lines:
    """The physical line of each record, kept as runs of records on consecutive lines."""

    __slots__ = ("_lines", "_next", "_ordinals", "count")

    def __init__(self) -> None:
        self.count = 0
        self._next = 0  # the line that would continue the last run
        self._ordinals = array("q")
        self._lines = array("q")

    def add(self, line: int, records: int = 1) -> None:
        """``records`` more records, on ``line`` and the lines right after it."""
        if records <= 0:
            return
        if line != self._next or not self._lines:
            self._ordinals.append(self.count)
            self._lines.append(line)
        self.count += records
        self._next = line + records

    def __getitem__(self, ordinal: int) -> int:
        """The line of a record; past the end, the line that would be next in its run."""
        run = bisect_right(self._ordinals, ordinal) - 1
        return self._lines[run] + ordinal - self._ordinals[run]


def account(shown: str, found: int, accounted: int, what: str = "rows") -> None:
    """What is in a list is in the table or named bad. Raises FileProblem when it is not: nothing
    may be said of a list of which a part is lost."""
    if found != accounted:
        raise FileProblem(
            f"“{shown}” has {found:,} {what}, and {accounted:,} were read or named bad",
            "This is a mistake of Preflight: please report it. Until it is mended, export the list "
            "again as CSV (UTF-8).",
        )


def cells_problem(found: int, wanted: int, *, header: bool = True) -> str:
    """“7 cells where the header has 5”."""
    first = "the header" if header else "the first line"
    return f"{found} {'cell' if found == 1 else 'cells'} where {first} has {wanted}"
