"""Opening files of a campaign: only regular files below the repository root, never too large."""

from __future__ import annotations

import os
import re
import stat
from contextlib import nullcontext
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path

PARTS_LIMIT = 10_000
"""Largest number of files that one pattern may name."""

_PATTERN = re.compile(r"[*?\[]")


class FileProblem(Exception):
    """A file that cannot be used: ``message`` says why, ``help`` what to do."""

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.help = help


@dataclass(frozen=True, slots=True)
class Repository:
    """The folder that nothing is read outside of, and the folder paths are shown relative to."""

    root: Path
    start: Path

    def shown(self, path: Path) -> str:
        """The path as people see it: relative to where the command was started, with ``/``."""
        try:
            return Path(os.path.relpath(path, self.start)).as_posix()
        except ValueError:  # another drive
            return path.as_posix()

    def locate(self, path: str, base: Path, *, limit: int) -> Path:
        """The real file behind ``path``, which is relative to the folder ``base``.

        Links are resolved first. Raises FileProblem when it is missing, outside the root, no
        regular file, not readable, or larger than ``limit`` bytes.
        """
        if not path.strip() or "\0" in path:
            raise FileProblem("the path is empty" if not path.strip() else "the path has a NUL")
        written = base / path
        try:
            real = written.resolve(strict=True)
        except FileNotFoundError:
            raise FileProblem(
                f"“{path}” does not exist",
                "Paths are relative to the file that names them; correct it or add the file.",
            ) from None
        except (OSError, RuntimeError) as error:
            raise FileProblem(f"“{path}” cannot be opened: {_reason(error)}") from None
        if not real.is_relative_to(self.root.resolve()):
            raise FileProblem(
                f"“{path}” is outside the repository and is not read",
                "Keep everything a campaign uses below the repository root "
                f"({self.shown(self.root) or '.'}).",
            )
        try:
            status = real.stat()
        except OSError as error:
            raise FileProblem(f"“{path}” cannot be opened: {_reason(error)}") from None
        if stat.S_ISDIR(status.st_mode):
            raise FileProblem(f"“{path}” is a folder, not a file")
        if not stat.S_ISREG(status.st_mode):
            raise FileProblem(f"“{path}” is not a regular file")
        if status.st_size > limit:
            raise FileProblem(
                f"“{path}” has {status.st_size:,} bytes; at most {limit:,} are read here"
            )
        if not os.access(real, os.R_OK):
            raise FileProblem(f"“{path}” may not be read (permission denied)")
        return real

    def expand(self, path: str, base: Path) -> tuple[str, ...]:
        """The paths that ``path`` names: itself, or the files of its folder whose names fit it as
        a pattern (``*``, ``?``, ``[0-9]``), sorted. Raises FileProblem when none fits, or more
        than `PARTS_LIMIT` do."""
        folder, name = os.path.split(path)
        if not _PATTERN.search(path) or "\0" in path or os.path.lexists(base / path):
            return (path,)
        if _PATTERN.search(folder):
            raise FileProblem(
                f"“{path}” has a pattern in a folder's name",
                "Name the folder, and use * in the file's name only.",
            )
        real = (base / folder).resolve()
        inside = real.is_relative_to(self.root.resolve()) and real.is_dir()
        with os.scandir(real) if inside else nullcontext(()) as entries:
            fitting = (one.name for one in entries if fnmatchcase(one.name, name))
            found = sorted(islice(fitting, PARTS_LIMIT + 1))
        if not found:
            raise FileProblem(
                f"no file fits “{path}”",
                "Paths are relative to the file that names them; correct it or add the files.",
            )
        if len(found) > PARTS_LIMIT:
            raise FileProblem(f"more than {PARTS_LIMIT:,} files fit “{path}”")
        return tuple(f"{folder}/{one}" if folder else one for one in found)

    def read(self, path: str, base: Path, *, limit: int) -> bytes:
        """The bytes of a file, under the rules of `locate`."""
        real = self.locate(path, base, limit=limit)
        try:
            with real.open("rb") as file:
                data = file.read(limit + 1)
        except OSError as error:
            raise FileProblem(f"“{path}” cannot be read: {_reason(error)}") from None
        if len(data) > limit:
            raise FileProblem(f"“{path}” is larger than {limit:,} bytes")
        return data


def _reason(error: BaseException) -> str:
    return (getattr(error, "strerror", None) or type(error).__name__).lower()
