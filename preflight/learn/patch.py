"""A column of a CSV file filled in for some rows; every other character stays as it is."""

from __future__ import annotations

import difflib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from preflight.audience.columns import map_columns
from preflight.audience.csv_encoding import Encoding, find_encoding
from preflight.audience.csv_head import HEAD_LINES, Head, find_head
from preflight.audience.csv_text import Reader, Record, cells_of, offset_of_cell
from preflight.files import FileProblem

SIZE_LIMIT = 200_000_000

_LINE = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass
class CsvFile:
    """A CSV list that may be written again. ``cells``: the key (an address, in lower case) -> the
    first row that has it: its number among the lines, and what the column holds there."""

    path: Path
    shown: str
    encoding: Encoding
    lines: list[str]
    head: Head
    key: int
    column: int | None
    cells: dict[str, tuple[int, int, str]] = field(default_factory=dict)

    def filled(self, values: Mapping[str, str], name: str) -> str:
        """The text with ``values`` (key -> cell) in the column ``name``, which is added at the
        end where the file has none."""
        lines = list(self.lines)
        if self.column is None:
            ends = {last: values.get(key, "") for key, (_, last, _) in self.cells.items()}
            lines[self.head.lines - 1] = self._appended(lines[self.head.lines - 1], name)
            for _, _, last in _records(self.lines, self.head):
                lines[last] = self._appended(lines[last], ends.get(last, ""))
            return "".join(lines)
        for key, value in values.items():
            first, last, _ = self.cells[key]
            whole = "".join(lines[first : last + 1])
            start = offset_of_cell(whole, self.head.separator, self.column)
            end = _cell_end(whole, self.head.separator, start)
            quote = '"' if whole[start:end].startswith('"') else ""
            whole = f"{whole[:start]}{quote}{value}{quote}{whole[end:]}"
            lines[first : last + 1] = [whole, *[""] * (last - first)]
        return "".join(lines)

    def diff(self, text: str) -> bytes:
        """A unified diff in the file's own encoding, as ``patch`` and ``git apply`` read it."""
        before, after = (_LINE.findall(one) for one in ("".join(self.lines), text))
        lines = difflib.unified_diff(before, after, f"a/{self.shown}", f"b/{self.shown}")
        whole = (
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
            for line in lines
        )  # fmt: skip
        codec = "utf-8" if self._codec.startswith("utf-") else self._codec
        return "".join(whole).encode(codec, "replace")

    def write(self, text: str) -> None:
        """Replace the file in one step: it is whole at any moment. Raises OSError."""
        data = self.path.read_bytes()[: self.encoding.bom] + text.encode(self._codec)
        beside = self.path.with_name(f".{self.path.name}.preflight")
        beside.write_bytes(data)
        beside.chmod(self.path.stat().st_mode)
        beside.replace(self.path)

    @property
    def _codec(self) -> str:
        return "utf-8" if self.encoding.is_utf8 else self.encoding.name

    def _appended(self, line: str, cell: str) -> str:
        bare = line.rstrip("\r\n")
        return f"{bare}{self.head.separator}{cell}{line[len(bare) :]}"


def open_csv(path: Path, shown: str, column: str) -> CsvFile:
    """Read a CSV list. Raises FileProblem for what cannot be written again with certainty."""
    encoding = find_encoding(path, shown)
    if path.stat().st_size > SIZE_LIMIT:
        raise FileProblem(f"“{shown}” is larger than {SIZE_LIMIT:,} bytes")
    if not encoding.sound:
        raise FileProblem(f"“{shown}” holds bytes that are no text", "Save it again as UTF-8.")
    data = path.read_bytes()[encoding.bom :]
    text = data.decode("utf-8" if encoding.is_utf8 else encoding.name)
    lines = list(io.StringIO(text, newline=""))
    head = find_head(lines[:HEAD_LINES], shown)
    if not head.named:
        raise FileProblem(
            f"“{shown}” has no line that names its columns", "Write one first: email,register"
        )
    columns = map_columns(head.headers, {})
    names = [one.name.casefold() for one in columns]
    if "email" not in names:
        raise FileProblem(f"no column of “{shown}” is called email")
    found = CsvFile(
        path, shown, encoding, lines, head,
        names.index("email"), names.index(column) if column in names else None,
    )  # fmt: skip
    if found.column is None and lines[head.lines - 1].rstrip("\r\n").endswith(head.separator):
        raise FileProblem(
            f"the rows of “{shown}” end with the separator", f"Add a column {column} to it first."
        )
    for cells, first, last in _records(lines, head):
        if found.column is None and len(_raw(lines, first, last, head)) > head.width:
            raise FileProblem(
                f"line {first + 1} of “{shown}” has a cell without a column",
                f"Add a column {column} to the file first.",
            )
        key = cells[found.key].strip().lower()
        value = "" if found.column is None else cells[found.column].strip()
        if key:
            found.cells.setdefault(key, (first, last, value))
    return found


def _records(lines: list[str], head: Head) -> Iterator[tuple[list[str], int, int]]:
    """The sound records: their cells, and their first and last line, counted from 0."""
    reader = Reader(lines[head.lines :], head.separator, head.width, line=head.lines + 1)
    for record in reader:
        if isinstance(record, Record):
            yield record.cells, record.line - 1, reader.line - 2


def _raw(lines: list[str], first: int, last: int, head: Head) -> list[str]:
    return cells_of("".join(lines[first : last + 1]).rstrip("\r\n"), head.separator)


def _cell_end(text: str, separator: str, start: int) -> int:
    if text.startswith('"', start):
        at = start + 1
        while (at := text.find('"', at)) >= 0:
            if text[at + 1 : at + 2] != '"':
                return at + 1
            at += 2
    bare = len(text.rstrip("\r\n"))
    end = text.find(separator, start)
    return bare if end < 0 or end > bare else end
