"""Files of finished mail: ``.eml``, ``.mbox``, Maildir folders, bare HTML and text -> `Mail`s."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from preflight.campaign.built import SOURCE_ENDINGS, source_kind
from preflight.files import FileProblem, Repository
from preflight.rule import Problem, Said
from preflight.source import Source

if TYPE_CHECKING:
    from preflight.mail import Mail

MAIL_ENDINGS = (".eml", ".mbox", ".mbx")
"""Files that are mail wherever they are found."""

_BARE = {".html": "html", ".htm": "html", ".xhtml": "html"}
_NAMED = (*MAIL_ENDINGS, *_BARE, *SOURCE_ENDINGS, ".txt", ".text")
_YAML = (".yaml", ".yml")
_SNIFFED = 4_000
_MAILDIR = ("cur", "new")
_FROM = re.compile(rb"From \S* *\S.*\d\d?:\d\d")
_CHARSET = re.compile(rb"<meta\b[^>]*\bcharset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)


def is_mail_file(path: Path) -> bool:
    """Whether a file that somebody names is finished mail and no campaign: by its ending, else by
    its first lines."""
    ending = path.suffix.lower()
    if ending in _NAMED:
        return True
    if ending in _YAML:
        return False
    try:
        with path.open("rb") as file:
            head = file.read(_SNIFFED)
    except OSError:
        return False
    from preflight.readers.objects import is_mail

    return head.startswith(b"From ") or (is_mail(head.decode("latin-1")) and b"\n" in head)


def is_maildir(names: set[str]) -> bool:
    """Whether a folder with entries of these names is a Maildir."""
    return {"cur", "new", "tmp"} <= names


def mail_files(path: Path) -> Iterator[Path]:
    """The files of one path: itself, or the mails of a Maildir, in a stable order."""
    if not path.is_dir():
        yield path
        return
    for name in _MAILDIR:
        try:
            yield from sorted(one for one in (path / name).iterdir() if one.is_file())
        except OSError:
            continue


def is_mbox(path: Path) -> bool:
    """Whether a file holds several mails."""
    if path.suffix.lower() in (".mbox", ".mbx"):
        return True
    if path.suffix.lower() in (".eml", *_BARE):
        return False
    try:
        with path.open("rb") as file:
            return _FROM.match(file.readline(1_000)) is not None
    except OSError:
        return False


def read_file(repository: Repository, path: Path) -> Iterator[Mail]:
    """The mails of one file. One that cannot be read says why."""
    from preflight.readers.eml import MAIL_LIMIT, read_mail
    from preflight.readers.objects import bare_mail, mail_of_bytes

    shown = repository.shown(path)
    try:
        if is_mbox(path):
            file = repository.locate(str(path), path.parent, limit=1 << 40)
            yield from read_mbox(file, shown)
            return
        data = repository.read(str(path), path.parent, limit=MAIL_LIMIT)
    except (FileProblem, OSError) as problem:
        yield _unreadable(shown, problem)
        return
    ending = path.suffix.lower()
    if ending in _BARE or ending in SOURCE_ENDINGS:
        text = _html_text(data)
        kind = source_kind(path, text, repository.root)
        if kind is None:
            yield bare_mail(text, shown, _BARE[ending])
        else:
            yield _unreadable(shown, kind.problem(path, path.name, "check the built file"))
    elif ending in MAIL_ENDINGS:
        yield read_mail(data, shown)
    else:
        yield mail_of_bytes(data, shown)


def read_mbox(file: Path, shown: str) -> Iterator[Mail]:
    """The mails of an mbox, one after the other, each at its own lines."""
    from preflight.readers.eml import MAIL_LIMIT, read_mail

    lines: list[bytes] = []
    size = 0
    first = number = 1
    blank = True
    with file.open("rb") as stream:
        while line := stream.readline(MAIL_LIMIT):
            if blank and _FROM.match(line) and any(map(bytes.strip, lines)):
                yield read_mail(b"".join(lines), shown, first_line=first)
                lines, size, first = [], 0, number
            blank = not line.strip()
            size += len(line)
            if size <= MAIL_LIMIT + 1_000:  # what is longer is refused by `read_mail`
                lines.append(line)
            number += line.endswith(b"\n")
    if any(map(bytes.strip, lines)):
        yield read_mail(b"".join(lines), shown, first_line=first)


def _unreadable(shown: str, problem: FileProblem | OSError) -> Mail:
    from preflight.mail import Mail

    source = Source(shown, "")
    if isinstance(problem, FileProblem):
        message, help = problem.message, problem.help
    else:
        message, help = f"the file cannot be read: {problem.strerror or 'it failed'}", ""
    said = Said("unreadable-file", Problem(source.span(0, 0), message, help))
    return Mail(shown, None, {}, source.span(0, 0), said=(said,), opaque=True)


def _html_text(data: bytes) -> str:
    from preflight.campaign.decoding import Fault, decode
    from preflight.readers.encoded import text_of

    try:
        return decode(data, "").text
    except Fault:
        named = _CHARSET.search(data[:2_000])
        return text_of(data, named[1].decode("ascii") if named else "utf-8").text
