"""Checks of finished mails inside somebody's program: one, many, or before they leave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from preflight.api import built_in, known_names
from preflight.audience.book import Book
from preflight.engine import Run
from preflight.error import PreflightError
from preflight.files import Repository
from preflight.finished import Mails, Plan
from preflight.governing import Options, configure
from preflight.mail import Context, Mail
from preflight.readers.objects import mails_of
from preflight.report.model import Ignored, Report, Verdict
from preflight.rule import Severity

if TYPE_CHECKING:
    from preflight.registry import Registry

ON_CRASH = ("block", "allow")


class Checker:
    """Checks with the same settings, as often as you like and from any thread.

    ``config``: a ``preflight.yaml`` to use, read once; without it no file is opened. ``select`` and
    ``ignore``: names of rules. ``fail_on``: the least severity that blocks. ``on_crash``: what a
    rule that crashes does: ``block``, or ``allow`` for those who must send. Raises ValueError for a
    name that is no rule.
    """

    def __init__(
        self,
        config: str | Path | None = None,
        *,
        select: Iterable[str] = (),
        ignore: Iterable[str] = (),
        fail_on: str | None = "error",
        on_crash: str = "block",
    ) -> None:
        if on_crash not in ON_CRASH:
            raise ValueError(f"on_crash is block or allow, not {on_crash!r}")
        self._registry = _registry()
        only, out = tuple(select), tuple(ignore)
        known_names(self._registry, (*only, *out))
        self._options = Options(
            only=only,
            ignore=out,
            fail_on=None if fail_on in (None, "never") else Severity.of(str(fail_on)),
            config=Path(config).resolve() if config is not None else None,
        )
        self._on_crash = on_crash
        path = self._options.config
        start = path.parent if path is not None else Path()
        self._configured = configure(path, Repository(start, start), self._registry, self._options)
        usable = self._configured.selection is not None
        self._plan = Plan.of(self._configured) if usable else None
        self._book: Book | None = None
        if path is not None and usable and self._configured.config is not None:
            self._book = Book.load(self._configured.config, Repository(start, start), start)
            self._configured.said += self._book.said

    def check_message(
        self, message: Any, context: Context | None = None, *, allow: Iterable[str] = ()
    ) -> Report:
        """Check one finished mail. ``message``: an ``EmailMessage``, its bytes or text, HTML or
        text alone, a `Payload`, or what has ``message()`` or ``as_bytes()``. ``allow``: rules that
        may pass this once. What is wrong is reported, never raised."""
        mails = list(_numbered([message], [context], alone=True))
        return self._check(mails, allow, several=len(mails) > 1)

    def check_batch(
        self,
        messages: Iterable[Any],
        context: Context | Sequence[Context | None] | None = None,
        *,
        allow: Iterable[str] = (),
    ) -> Report:
        """Check mails that go out together, one by one and all of them: who gets what twice, or
        what only many can have in common. ``context``: for all, or one for each."""
        return self._check(_numbered(messages, context), allow, several=True)

    def guard(
        self,
        messages: Any,
        context: Context | Sequence[Context | None] | None = None,
        *,
        allow: Iterable[str] = (),
    ) -> Report:
        """Check one mail or a list of them before anything leaves. Raises PreflightError when one
        of them must not be sent, or could not be checked."""
        if isinstance(messages, Iterator):
            raise TypeError("guard would use this iterator up: give it a list, then send that")
        if isinstance(messages, (list, tuple, set, frozenset)):
            report = self.check_batch(messages, context, allow=allow)
        elif context is None or isinstance(context, Context):
            report = self.check_message(messages, context, allow=allow)
        else:
            raise TypeError("one mail has one context")
        if report.verdict in (Verdict.BLOCKED, Verdict.FAILED):
            raise PreflightError(report)
        return report

    def _check(self, mails: Iterable[Mail], allow: Iterable[str], *, several: bool) -> Report:
        if isinstance(allow, str):
            raise TypeError("allow is a set of names, not one text")
        allowed = frozenset(allow)
        known_names(self._configured.registry, allowed)
        now = dt.datetime.now().astimezone()
        run = Run(self._registry, replace(self._options, now=now), _HERE)
        configured = replace(
            self._configured,
            ignores=[replace(one, used=False) for one in self._configured.ignores],
            inline=replace(self._configured.inline),
            ran=set(),
            checked=set(),
        )
        run.configs[configured.path] = configured
        together = Mails(
            run, configured, self._plan, several=several, book=self._book, allow=allowed
        )
        for mail in mails:
            together.check(mail)
        together.finish()
        return self._reported(run)

    def _reported(self, run: Run) -> Report:
        report = run.report()
        if self._on_crash == "block":
            return report
        crashes = [one for one in report.annotations if one.rule == "rule-crashed"]
        if not crashes or any(one.rule == "invalid-configuration" for one in report.annotations):
            return report
        return replace(
            report,
            annotations=tuple(one for one in report.annotations if one not in crashes),
            ignored=(*report.ignored, *(Ignored(one, "on_crash is allow") for one in crashes)),
            failed=False,
        )


_HERE = Path()


@cache
def _registry() -> Registry:
    return built_in()


@cache
def default_checker() -> Checker:
    """The one behind `preflight.check_message` and its like."""
    return Checker()


def _numbered(
    messages: Iterable[Any],
    context: Context | Sequence[Context | None] | None,
    *,
    alone: bool = False,
) -> Iterator[Mail]:
    each = None if context is None or isinstance(context, Context) else list(context)
    if each is not None and isinstance(messages, Sequence) and len(each) != len(messages):
        raise ValueError(f"{len(messages)} messages, but {len(each)} contexts")
    if isinstance(messages, (str, bytes)):
        raise TypeError("check_batch takes a list of messages; one alone is for check_message")
    number = 0
    for index, message in enumerate(messages):
        known = each[index] if each is not None else context
        if known is not None and not isinstance(known, Context):
            raise TypeError(f"a context is a preflight.Context, not {type(known).__name__}")
        path = "message" if alone else f"message {number + 1}"
        for mail in mails_of(message, path, known):
            number += 1
            yield mail
