"""Sent mails -> how each of them addresses its one reader, from words that leave no doubt."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from preflight.files import Repository
from preflight.readers.files import MAIL_ENDINGS, is_maildir, is_mbox, mail_files, read_file
from preflight.tone import analyse

if TYPE_CHECKING:
    from preflight.mail import Mail

_ENDLESS = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Letter:
    """One sent mail that addresses one person. ``words``: those that tell, as written, the first
    of each kind; ``place``: the file, as people see it."""

    address: str
    sent: dt.datetime
    register: Literal["T", "V", "mixed"]
    language: str
    words: tuple[str, ...]
    place: str


@dataclass
class Letters:
    """What a heap of mails gave. The counters name the mails that say nothing, and why."""

    found: list[Letter] = field(default_factory=list)
    senders: Counter[str] = field(default_factory=Counter)
    mails: int = 0
    several: int = 0  # to more than one person
    silent: int = 0  # without a word that leaves no doubt
    unreadable: list[str] = field(default_factory=list)


def letters_in(
    paths: Iterable[Path],
    senders: Iterable[str] = (),
    progress: Callable[[str], None] | None = None,
) -> Letters:
    """Read all mails in files and folders (``.eml``, mbox, Maildir; folders with all that is
    below). ``senders``: your own addresses; without them all mails are taken for yours that come
    from the address which most of them come from."""
    own = {one.strip().lower() for one in senders}
    letters = Letters()
    told: list[tuple[str, Letter]] = []
    for file, root in _files(paths):
        repository = Repository(root, Path.cwd())
        if progress is not None:
            progress(repository.shown(file))
        for mail in read_file(repository, file):
            letters.mails += 1
            sender = next((box.address.lower() for _, _, box in mail.mailboxes("from")), "")
            letters.senders[sender] += 1
            if mail.said and not mail.parts:
                letters.unreadable.append(repository.shown(file))
            elif not own or sender in own:
                letter = _letter(mail, own | {sender}, letters)
                if letter is not None:
                    told.append((sender, letter))
    mine = own or {sender for sender, _ in letters.senders.most_common(1)}
    letters.found = sorted(
        (letter for sender, letter in told if sender in mine),
        key=lambda letter: (letter.address, letter.sent, letter.place),
    )
    return letters


def _letter(mail: Mail, own: set[str], letters: Letters) -> Letter | None:
    readers = [address for address in mail.recipients if address not in own]
    if len(readers) != 1:
        letters.several += len(readers) > 1
        return None
    text = _text(mail)
    tone = analyse(text)
    hard = [one for one in tone.evidence if one.strength == "hard" and one.register in "TV"]
    sides = {one.register for one in hard}
    if not sides or tone.register in ("plural", "none", "unknown") or tone.language is None:
        letters.silent += 1
        return None
    written = (text[one.start : one.end] for one in hard)
    words = {word.casefold(): word for word in written}
    side: Literal["T", "V", "mixed"] = (
        "mixed" if len(sides) > 1 or tone.register == "mixed" else "T" if "T" in sides else "V"
    )
    return Letter(
        readers[0], _sent(mail), side, tone.language, tuple(words.values())[:3], mail.path
    )


def _text(mail: Mail) -> str:
    """The words of the mail: its plain text, else what its HTML shows."""
    parts = mail.message.parts
    if "text" in parts and parts["text"].text.strip():
        return parts["text"].text
    return parts["html"].plain.text if "html" in parts else ""


def _sent(mail: Mail) -> dt.datetime:
    try:
        sent = parsedate_to_datetime(mail.value("date"))
    except ValueError:
        return _ENDLESS
    return sent if sent.tzinfo else sent.replace(tzinfo=dt.UTC)


def _files(paths: Iterable[Path]) -> Iterator[tuple[Path, Path]]:
    """Every file of mail, each once, with the folder that it may be read from."""
    seen: set[Path] = set()
    for path in paths:
        real = path.resolve()
        if real.is_file():
            found: Iterable[Path] = (real,)
            root = real.parent
        else:
            found, root = _below(real), real
        for file in found:
            if file not in seen:
                seen.add(file)
                yield file, root


def _below(folder: Path) -> Iterator[Path]:
    for here, folders, files in os.walk(folder):
        folders.sort()
        place = Path(here)
        if is_maildir(set(folders)):
            yield from mail_files(place)
            folders[:] = [name for name in folders if name not in ("cur", "new", "tmp")]
        for name in sorted(files):
            file = place / name
            if file.is_symlink() or not file.is_file():
                continue
            if file.suffix.lower() in MAIL_ENDINGS or is_mbox(file):
                yield file
