"""Rows in the file = rows in the table + rows named bad: whatever way a list is read, a row that
went lost on the way is a problem and never silence."""

from __future__ import annotations

import gzip
import io
import zipfile

import duckdb
import pytest

from preflight.audience import list_formats, list_table, lists
from preflight.audience.csv_lines import account
from preflight.audience.csv_text import Reader
from preflight.audience.lists import load_list
from preflight.files import FileProblem
from preflight.testing import check_files

ROWS = "".join(f"p{number}@x.org,P{number}\n" for number in range(5))
CSV = f"email,first_name\n{ROWS}"
CAREFUL = f'email,first_name\n{ROWS}q@x.org,"Q\n{ROWS}'
JSON = "".join(f'{{"email": "p{number}@x.org"}}\n' for number in range(5)) + "{\n"


def load(folder, data, name="list.csv"):
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    with duckdb.connect() as connection:
        return load_list(connection, "t", path, name, workdir=folder)


def zipped(data: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("list.csv", data)
    return out.getvalue()


def parquet(folder) -> bytes:
    duckdb.connect().sql("SELECT 'p' || range || '@x.org' AS email FROM range(5)").write_parquet(
        str(folder / "made")
    )
    return (folder / "made").read_bytes()


def losing(iterate, at=2):
    """The same rows without one of them."""

    def rows(*args):
        return (each for number, each in enumerate(iterate(*args)) if number != at)

    return rows


def test_nothing_is_said_when_all_is_there():
    account("x", 3, 3)


@pytest.mark.parametrize(
    ("data", "name"),
    [(CAREFUL, "list.csv"), (gzip.compress(CAREFUL.encode()), "list.csv.gz"),
     (zipped(CAREFUL), "list.zip"), (CAREFUL.encode("utf-16"), "list.txt"), (JSON, "list.jsonl")],
    ids=["csv", "gzip", "zip", "utf-16", "jsonl"],
)  # fmt: skip
def test_a_row_that_the_table_lost(tmp_path, monkeypatch, data, name):
    sound = load(tmp_path, data, name)
    assert sound.rows + sound.bad_count == (11 if "json" not in name else 6)
    create = list_table.create
    monkeypatch.setattr(list_table, "create", lambda *args: create(*args) - 1)
    with pytest.raises(FileProblem, match=r"rows, and .* were read or named bad"):
        load(tmp_path, data, name)


def test_a_row_that_the_quick_way_lost_is_read_the_careful_way(tmp_path, monkeypatch):
    create = lists.create
    monkeypatch.setattr(lists, "create", lambda *args: create(*args) - 1)
    assert load(tmp_path, CSV).rows == 5


def test_a_line_that_the_reader_lost(tmp_path, monkeypatch):
    cells = Reader._over_lines

    def greedy(self, text, damage):
        self._next()
        return cells(self, text, damage)

    monkeypatch.setattr(Reader, "_over_lines", greedy)
    with pytest.raises(
        FileProblem, match=r"“list\.csv” has 11 lines, and 10 were read or named bad"
    ):
        load(tmp_path, CAREFUL)


def test_an_object_that_was_lost(tmp_path, monkeypatch):
    monkeypatch.setattr(list_formats, "json_records", losing(list_formats.json_records))
    with pytest.raises(
        FileProblem, match=r"“list\.jsonl” has 6 rows, and 5 were read or named bad"
    ):
        load(tmp_path, JSON, "list.jsonl")


def test_a_row_of_a_workbook_that_was_lost(tmp_path, monkeypatch):
    calamine = pytest.importorskip("python_calamine")

    class Book:
        sheet_names = ("S",)

        def get_sheet_by_name(self, _name):
            return self

        def to_python(self, **_options):
            return [["email", "first_name"], *([f"p{n}@x.org", ""] for n in range(5))]

    monkeypatch.setattr(calamine.CalamineWorkbook, "from_path", lambda _path: Book(), raising=False)
    monkeypatch.setattr(list_formats, "_check_archive", lambda *_: None)
    assert load(tmp_path, zipped(CSV).replace(b"list.csv", b"xl/workb"), "list.xlsx").rows == 5
    monkeypatch.setattr(list_formats.Sheet, "records", losing(list_formats.Sheet.records))
    with pytest.raises(FileProblem, match=r"“list\.xlsx” has 5 rows, and 4 were read"):
        load(tmp_path, zipped(CSV).replace(b"list.csv", b"xl/workb"), "list.xlsx")


def test_a_row_of_parquet_that_was_lost(tmp_path, monkeypatch):
    data = parquet(tmp_path)
    assert load(tmp_path, data, "list.parquet").rows == 5
    create = lists.create
    monkeypatch.setattr(lists, "create", lambda *args: create(*args) - 1)
    with pytest.raises(FileProblem, match=r"“list\.parquet” has 5 rows, and 4 were read"):
        load(tmp_path, data, "list.parquet")


def test_contacts_that_a_join_would_multiply(monkeypatch):
    from preflight.audience import load as loading

    made = loading.make_people

    def doubled(connection, *args):
        made(connection, *args)
        connection.execute("ALTER VIEW people RENAME TO once")
        connection.execute("CREATE VIEW people AS SELECT * FROM once UNION ALL SELECT * FROM once")

    files = {"campaign.yaml": "language: ~", "contacts.csv": CSV}
    assert "unreadable-file" not in {one.rule for one in check_files(files).annotations}
    monkeypatch.setattr(loading, "make_people", doubled)
    report = check_files(files)
    found = [one for one in report.annotations if one.rule == "unreadable-file"]
    assert [one.message for one in found] == ["“example” has 5 rows, and 10 were read or named bad"]
    assert {one.reason for one in report.not_checked} >= {"needs every contact"}
