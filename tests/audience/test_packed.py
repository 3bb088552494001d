"""Compressed lists are read as the list inside; traps, damage and locks are named."""

import bz2
import gzip
import io
import lzma
import sys
import zipfile

import duckdb
import pytest

from preflight.audience import packed
from preflight.audience.lists import load_list
from preflight.files import FileProblem

LIST = 'email;note\nanna@news.example;"two\nlines"\nbo@news.example;Ødegård\n'.encode()


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def zstandard(data):
    try:
        from compression import zstd
    except ImportError:
        zstd = pytest.importorskip("backports.zstd")
    return zstd.compress(data)


PACKERS = {
    "list.csv.gz": gzip.compress,
    "list.gz": gzip.compress,
    "list.csv.bz2": bz2.compress,
    "list.csv.xz": lzma.compress,
    "list.csv.zst": zstandard,
    "sent.csv": gzip.compress,  # a wrong name does not matter
}


def load(folder, name, data):
    path = folder / name
    path.write_bytes(data)
    connection = duckdb.connect()
    loaded = load_list(connection, "people", path, name, workdir=folder)
    rows = connection.execute("SELECT * EXCLUDE (_row) FROM people ORDER BY _row").fetchall()
    assert sorted(each.name for each in folder.iterdir()) == [name]
    return loaded, rows


@pytest.mark.parametrize("name", PACKERS)
def test_a_packed_list_is_the_list_inside(tmp_path, name):
    loaded, rows = load(tmp_path, name, PACKERS[name](LIST))
    assert rows == [("anna@news.example", "two\nlines"), ("bo@news.example", "Ødegård")]
    assert [loaded.line_of(at) for at in (0, 1)] == [2, 4]
    assert loaded.path == tmp_path / name


def test_a_zip_of_one_list(tmp_path):
    data = zipped({"exports/people.csv": LIST, "__MACOSX/exports/._people.csv": b"x"})
    assert len(load(tmp_path, "list.zip", data)[1]) == 2


def test_the_ending_inside_counts(tmp_path):
    data = b'{"email": "anna@news.example"}\n'
    loaded, rows = load(tmp_path, "list.jsonl.gz", gzip.compress(data))
    assert (loaded.format, rows) == ("jsonl", [("anna@news.example",)])


def test_an_encoding_inside_is_found(tmp_path):
    loaded, rows = load(
        tmp_path, "list.csv.gz", gzip.compress("email,n\na@b.example,é\n".encode("utf-16"))
    )
    assert (loaded.encoding, rows) == ("utf-16-le", [("a@b.example", "é")])


def locked():
    """An archive whose first file is marked as locked with a password."""
    data = bytearray(zipped({"a.csv": LIST}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.csv.gz", gzip.compress(LIST)[:-12], "damaged or cut off"),
        ("a.csv.gz", gzip.compress(LIST)[:12] + b"rubbish" * 9, "damaged or cut off"),
        ("a.csv.bz2", bz2.compress(LIST)[:-9], "damaged or cut off"),
        ("a.csv.xz", lzma.compress(LIST)[:-9], "damaged or cut off"),
        ("a.csv.zst", b"\x28\xb5\x2f\xfd rubbish", "damaged or cut off"),
        ("a.csv.gz", gzip.compress(gzip.compress(LIST)), "binary"),
        ("a.zip", zipped({"subscribed.csv": LIST, "cleaned.csv": LIST}), "ZIP archive of 2 files"),
        ("a.zip", locked(), "locked with a password"),
        ("a.csv.gz", gzip.compress(b""), "is empty"),
    ],
    # The bytes hold the time of day, so they are no names of tests.
    ids=("cut", "rubbish", "bzip2", "xz", "zstandard", "twice", "two files", "locked", "nothing"),
)
def test_damage_is_named(tmp_path, name, data, message):
    with pytest.raises(FileProblem, match=message):
        load(tmp_path, name, data)


def test_what_swells_beyond_measure_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(packed, "_ALWAYS", 1_000_000)
    with pytest.raises(FileProblem, match="unpacks to more than 1,000,000 bytes"):
        load(tmp_path, "bomb.csv.gz", gzip.compress(b"a" * 3_000_000))


def test_zstandard_without_the_extra(tmp_path, monkeypatch):
    data = zstandard(LIST)
    for name in ("compression", "compression.zstd", "backports.zstd"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(FileProblem) as caught:
        load(tmp_path, "list.csv.zst", data)
    assert "pip install 'preflight-email[zstd]'" in caught.value.help
