"""Compressed lists, unpacked with limits: gzip, bzip2, xz, Zstandard, a ZIP archive of one file."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from preflight.files import FileProblem

_CHUNK = 1 << 20
_MOST_TIMES = 200  # lists pack to a fifth or a twentieth; what swells so much more is a trap
_ALWAYS = 100_000_000  # bytes that are unpacked whatever the ratio
_LIMIT = 8 << 30
_NO_LISTS = ("__MACOSX/", ".")
_WORKBOOKS = (".xlsx", ".xlsm")


def unpack(path: Path, shown: str, folder: Path) -> Path | None:
    """The list inside a compressed file, as a file in ``folder`` whose ending is the list's own;
    None when the file is not compressed. A workbook is no archive here.

    Raises FileProblem when it is damaged, locked, holds several files, or swells beyond measure.
    """
    with path.open("rb") as file:
        start = file.read(6)
    opener = next((opener for magic, opener in _OPENERS if start.startswith(magic)), None)
    if opener is None:
        return None
    try:
        found = opener(path, shown)
        if found is None:
            return None
        name, stream = found
        target = folder / f"unpacked{Path(name).suffix.lower()}"
        with stream, target.open("wb") as out:
            _copy(stream, out, path.stat().st_size, shown)
    except FileProblem:
        raise
    except Exception as error:  # noqa: BLE001 - each format has errors of its own for damage
        raise FileProblem(
            f"“{shown}” cannot be unpacked: it is damaged or cut off ({type(error).__name__})",
            "Export or compress the list again.",
        ) from None
    return target


def _copy(stream: IO[bytes], out: IO[bytes], packed: int, shown: str) -> None:
    most = min(max(packed * _MOST_TIMES, _ALWAYS), _LIMIT)
    size = 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > most:
            raise FileProblem(
                f"“{shown}” unpacks to more than {most:,} bytes",
                "If it really is a list, unpack it and name the file inside.",
            )
        out.write(chunk)


def _inside(path: Path) -> str:
    """The name without the ending of the compression: ``list.tsv.gz`` holds ``list.tsv``."""
    return path.stem if Path(path.stem).suffix else f"{path.stem}.csv"


def _single(module: Any) -> Callable[[Path, str], tuple[str, IO[bytes]]]:
    return lambda path, _shown: (_inside(path), module.open(path, "rb"))


def _zstandard(path: Path, shown: str) -> tuple[str, IO[bytes]]:
    for name in ("compression.zstd", "backports.zstd"):
        try:
            module = import_module(name)
        except ImportError:
            continue
        return _inside(path), module.open(path, "rb")
    raise FileProblem(
        f"“{shown}” is packed with Zstandard, which this Python cannot read yet",
        "Install the extra: pip install 'preflight-email[zstd]', or pack the list with gzip.",
    )


def _archive(path: Path, shown: str) -> tuple[str, IO[bytes]] | None:
    archive = zipfile.ZipFile(path)
    names = [
        part.filename
        for part in archive.infolist()
        if not part.is_dir() and not part.filename.startswith(_NO_LISTS)
    ]
    if "xl/workbook.xml" in names or path.suffix.lower() in _WORKBOOKS:
        return None
    if len(names) != 1:
        raise FileProblem(
            f"“{shown}” is a ZIP archive of {len(names)} files",
            "Unpack it, and name the list that is meant.",
        )
    try:
        return names[0], archive.open(names[0])
    except RuntimeError:
        raise FileProblem(
            f"“{shown}” is locked with a password", "Unpack it, and name the list inside."
        ) from None


_OPENERS: tuple[tuple[bytes, Callable[[Path, str], tuple[str, IO[bytes]] | None]], ...] = (
    (b"\x1f\x8b", _single(gzip)),
    (b"BZh", _single(bz2)),
    (b"\xfd7zXZ\x00", _single(lzma)),
    (b"\x28\xb5\x2f\xfd", _zstandard),
    (b"PK\x03\x04", _archive),
)
