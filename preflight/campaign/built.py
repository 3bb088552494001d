"""Sources of mails that a build step turns into HTML: MJML, React Email, Maizzle,
Foundation for Emails.

What is sent is the built HTML, so that is checked. Where only the source is there, that is said:
read as HTML, a source would show faults that the mail does not have, and hide those that it has.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from preflight.files import FileProblem

_LOOKED_AT = 20_000  # characters in which the marks of a source stand
_PACKAGE_LIMIT = 1_000_000
_MJML = re.compile(r"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<mjml\b", re.IGNORECASE | re.DOTALL)
_MAIZZLE = re.compile(
    r"\A---\r?\n|<(?:x-[a-z]|extends\s|block\s+name=|fill:|slot:|component\s+src=|module\s+href=)",
    re.IGNORECASE,
)
_COLUMNS = re.compile(r"<columns\b", re.IGNORECASE)
_ROWS = re.compile(r"<(?:row|container)\b", re.IGNORECASE)
_MAIZZLE_CONFIGS = tuple(f"maizzle.config.{end}" for end in ("js", "cjs", "mjs", "ts"))
_FOLDERS = (".", "dist", "build", "out", "build_production", "build_local", "html")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of source: its name, and the command that builds it (``{name}``, ``{stem}``)."""

    name: str
    command: str

    def problem(self, file: Path, shown: str, then: str) -> FileProblem:
        """That a file of this kind is not what is sent; ``then``: what to do once it is built."""
        command = self.command.format(name=file.name, stem=file.stem)
        return FileProblem(
            f"“{shown}” is a source of {self.name}, not the HTML that is sent",
            f"Build it ({command}) and {then}.",
        )


MJML = Kind("MJML", "npx mjml {name} -o {stem}.html")
REACT = Kind("React Email", "npx email export")
MAIZZLE = Kind("Maizzle", "npx maizzle build")
FOUNDATION = Kind("Foundation for Emails (Inky)", "npm run build")
_BY_ENDING = {".inky": FOUNDATION, ".mjml": MJML, ".tsx": REACT, ".jsx": REACT, ".vue": MAIZZLE}


SOURCE_ENDINGS = tuple(_BY_ENDING)
"""Files that are sources, whatever stands in them."""


def source_kind(file: Path, text: str, root: Path) -> Kind | None:
    """What builds a file of a mail; None when it is no source. ``root``: nothing above is read."""
    known = _BY_ENDING.get(file.suffix.lower())
    if known is not None:
        return known
    if file.suffix.lower() not in (".html", ".htm"):
        return None
    head = text[:_LOOKED_AT]
    if _MJML.match(head):
        return MJML
    if _COLUMNS.search(head) and _ROWS.search(head):
        return FOUNDATION
    return MAIZZLE if _MAIZZLE.search(head) and _in_maizzle(file, root) else None


def built_file(file: Path, root: Path) -> Path | None:
    """The HTML that was built from a source: the same name beside it, or in the usual folders of
    the project."""
    for folder in _upward(file.parent, root):
        for name in _FOLDERS:
            found = folder / name / f"{file.stem}.html"
            if found.is_file() and found.resolve() != file.resolve():
                return found
    return None


def _in_maizzle(file: Path, root: Path) -> bool:
    for folder in _upward(file.parent, root):
        if any((folder / name).is_file() for name in _MAIZZLE_CONFIGS):
            return True
        package = folder / "package.json"
        if package.is_file():
            return "@maizzle/framework" in _packages(package)
    return False


def _packages(file: Path) -> frozenset[str]:
    """The packages that a project depends on."""
    try:
        if file.stat().st_size > _PACKAGE_LIMIT:
            return frozenset()
        data = json.loads(file.read_bytes())
        kinds = [data.get(kind) for kind in ("dependencies", "devDependencies")]
    except (OSError, ValueError, AttributeError, RecursionError):
        return frozenset()
    return frozenset(name for kind in kinds if isinstance(kind, dict) for name in kind)


def _upward(folder: Path, root: Path) -> Iterator[Path]:
    """The folder and those around it, up to the root."""
    folder, root = folder.resolve(), root.resolve()
    while folder.is_relative_to(root):
        yield folder
        if folder == root or folder == folder.parent:
            return
        folder = folder.parent
