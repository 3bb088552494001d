"""Files of finished mail through the rules: what lies in one folder, or in one mbox, goes out
together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from preflight.audience.book import Book
from preflight.campaign.discover import repository_for
from preflight.finished import Mails, Plan
from preflight.readers.files import is_mbox, mail_files, read_file

if TYPE_CHECKING:
    from preflight.engine import Run
    from preflight.files import Repository
    from preflight.governing import Configured


def check_mail_files(
    run: Run, paths: Iterable[Path], progress: Callable[[Path], None] | None = None
) -> None:
    """Check files and Maildir folders, in the order given."""
    books: dict[Path | None, tuple[Plan | None, Book | None]] = {}
    for _, group in groupby(paths, key=_goes_with):
        files = [file for path in group for file in mail_files(path)]
        if not files:
            continue
        repository, config_path = repository_for(files[0], run.start, run.options.config)
        configured = run.configured(config_path, repository)
        if config_path not in books:
            books[config_path] = _prepared(run, configured, repository)
        plan, book = books[config_path]
        boxes = len(files) == 1 and is_mbox(files[0])
        shown = repository.shown(files[0])
        mails = Mails(
            run,
            configured,
            plan,
            several=len(files) > 1 or boxes,
            book=book,
            group=shown if boxes else None,
            name=files[0].name if boxes else None,
        )
        for file in files:
            if progress is not None:
                progress(file)
            for mail in read_file(repository, file):
                mails.check(mail)
        mails.finish()
        configured.ran |= mails.ran


def _goes_with(path: Path) -> Path:
    """Files of one folder go out together; an mbox or a Maildir stands for itself."""
    return path if path.is_dir() or is_mbox(path) else path.parent


def _prepared(
    run: Run, configured: Configured, repository: Repository
) -> tuple[Plan | None, Book | None]:
    if configured.selection is None or configured.config is None:
        return None, None
    book = None
    if not run.options.without_lists and configured.path is not None:
        book = Book.load(configured.config, repository, configured.path.parent)
        configured.said += book.said
    return Plan.of(configured), book
