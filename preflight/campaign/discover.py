"""From paths to campaign files, and from a campaign file to its repository and settings."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from preflight.files import Repository

if TYPE_CHECKING:
    from collections.abc import Sequence

CONFIG_NAMES = ("preflight.yaml", "preflight.yml")

_CAMPAIGN_NAMES = ("campaign.yaml", "campaign.yml")
_CAMPAIGN_ENDINGS = (".campaign.yaml", ".campaign.yml")
_SKIPPED = frozenset({"node_modules", "venv", "__pycache__", "build", "dist", "site-packages"})
_MARKS_OF_SKIPPED = ("pyvenv.cfg", "CACHEDIR.TAG")


@dataclass(frozen=True, slots=True)
class Discovery:
    """Campaign files in a stable order: as the paths were given, sorted within a folder, none
    twice; files of finished mail and Maildir folders, likewise; paths that do not exist; folders
    that could not be looked into."""

    campaigns: tuple[Path, ...] = ()
    mails: tuple[Path, ...] = ()
    missing: tuple[Path, ...] = ()
    unreadable: tuple[Path, ...] = ()


def discover(paths: Sequence[Path], start: Path) -> Discovery:
    """The campaigns and finished mails at or below ``paths``, which are relative to ``start``;
    without any, those below ``start``. A file that is named is a campaign whatever it is called,
    unless it is mail."""
    from preflight.readers.files import is_mail_file

    campaigns: dict[str, Path] = {}  # by real path, so that none is checked twice
    mails: dict[str, Path] = {}
    missing: list[Path] = []
    unreadable: list[Path] = []
    for given in paths or (start,):
        path = start / given
        try:
            is_folder = stat.S_ISDIR(path.stat().st_mode)
        except PermissionError:
            unreadable.append(path)
            continue
        except (OSError, ValueError):
            missing.append(path)
            continue
        if not is_folder:
            named = mails if is_mail_file(path) else campaigns
            named.setdefault(os.path.realpath(path), path)
            continue
        for found in _below(path, unreadable):
            kind = campaigns if _is_campaign_name(found.name) else mails
            kind.setdefault(os.path.realpath(found), found)
    return Discovery(
        tuple(campaigns.values()),
        tuple(mails.values()),
        tuple(missing),
        tuple(dict.fromkeys(unreadable)),
    )


def _below(folder: Path, unreadable: list[Path]) -> list[Path]:
    """The campaign files, mails and Maildirs in a folder and the folders below it."""
    from preflight.readers.files import MAIL_ENDINGS, is_maildir

    found: list[Path] = []
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(here) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError:
            unreadable.append(here)
            continue
        names = {entry.name for entry in entries}
        if here != folder and not names.isdisjoint(_MARKS_OF_SKIPPED):
            continue
        maildir = is_maildir(names)
        if maildir:
            found.append(here)
        for entry in entries:
            if _is_folder(entry):
                if maildir and entry.name in ("cur", "new", "tmp"):
                    continue
                if not entry.name.startswith(".") and entry.name not in _SKIPPED:
                    waiting.append(here / entry.name)
            elif _is_sought(entry.name, MAIL_ENDINGS) and not Path(entry.path).is_dir():
                found.append(here / entry.name)
    return sorted(found, key=lambda path: path.parts)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _is_sought(name: str, mail_endings: tuple[str, ...]) -> bool:
    is_mail = name.casefold().endswith(mail_endings) and not name.startswith(".")
    return is_mail or _is_campaign_name(name)


def _is_campaign_name(name: str) -> bool:
    name = name.casefold()
    return name in _CAMPAIGN_NAMES or (
        name.endswith(_CAMPAIGN_ENDINGS) and not name.startswith(".")
    )


def repository_for(
    campaign: Path, start: Path, config: Path | None = None
) -> tuple[Repository, Path | None]:
    """What a campaign may read, and the ``preflight.yaml`` that counts for it.

    The root is the nearest folder upward with ``.git``; else the folder of the ``preflight.yaml``
    in use; else ``start``, when the campaign is below it, or the campaign's own folder.
    ``config``: the settings to use instead of the nearest ones.
    """
    folder = Path(os.path.realpath(Path(os.path.abspath(start / campaign)).parent))  # noqa: PTH100
    start = Path(os.path.realpath(start))
    root = next((here for here in _upward(folder) if os.path.lexists(here / ".git")), None)
    config = start / config if config is not None else _nearest_config(folder, root)
    if root is None and config is not None:
        root = _holding(Path(os.path.realpath(config)).parent, folder)
    if root is None:
        root = _holding(start, folder) or folder
    return Repository(root=root, start=start), config


def _upward(folder: Path) -> tuple[Path, ...]:
    return (folder, *folder.parents)


def _nearest_config(folder: Path, root: Path | None) -> Path | None:
    for here in _upward(folder):
        for name in CONFIG_NAMES:
            candidate = here / name
            if os.path.lexists(candidate) and not candidate.is_dir():
                return candidate
        if here == root:
            break
    return None


def _holding(candidate: Path, folder: Path) -> Path | None:
    """``candidate`` when it is ``folder`` or above it."""
    return candidate if folder.is_relative_to(candidate) else None
