"""Finished mails through the rules: one by one, then all of them together.

A finished mail has no campaign: the rules on `Message` and on its links, pictures and elements run,
those on `Batch` where several mails go out together. Every other rule is named in
`report.not_checked`, and why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from preflight import ignores as ignoring
from preflight.batch import Batch, Digest, digest
from preflight.engine import called
from preflight.report.model import CheckedCampaign, Ignored, NotChecked
from preflight.rule import Need, Unchecked
from preflight.stamp import Found, slimmed
from preflight.templates.html import Element, Image, Link
from preflight.templates.message import Message

if TYPE_CHECKING:
    from preflight.audience.book import Book
    from preflight.engine import Run
    from preflight.governing import Configured
    from preflight.mail import Mail
    from preflight.registry import Setup
    from preflight.rule import Check

_NODES = (Link, Image, Element)
_MANY = 50  # from so many mails on, an annotation keeps the lines it is about, not its whole mail
_WHY_NOT = {
    "Template": "needs the template, which a finished mail does not show",
    "Placeholder": "needs the template, which a finished mail does not show",
    "Segment": "needs a campaign with its filter",
    "Campaign": "needs a campaign",
}
_WITHOUT = {
    Need.CAMPAIGN: "needs a campaign",
    Need.HEADERS: "needs the header fields of the mail",
    Need.BULK: "needs to know whether the mail goes to many: Context(bulk=True), or List-Id, "
    "List-Unsubscribe or Precedence among its fields",
}
_UNSEEN = "needs the text of the mail, which is encrypted, unread, or stands at the mail service"
_NO_LIST = "needs a campaign with its recipient list"


@dataclass(frozen=True)
class _Step:
    """One check of one rule that can run on finished mails, and what it must have."""

    setup: Setup
    check: Check
    dynamic: tuple[Need, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What runs on finished mails under one configuration; made once."""

    steps: tuple[_Step, ...]
    together: tuple[_Step, ...]
    never: tuple[tuple[str, str], ...]  # rule, reason

    @classmethod
    def of(cls, configured: Configured) -> Plan:
        """The plan of a configuration that can be used."""
        assert configured.selection is not None
        steps: list[_Step] = []
        together: list[_Step] = []
        never: list[tuple[str, str]] = []
        for setup in configured.selection.setups:
            reasons = []
            for check in setup.rule.checks:
                dynamic = tuple(need for need in check.needs if _can_be_met(check, need))
                reason = _never(check)
                if reason is not None:
                    reasons.append(reason)
                elif check.on is Batch:
                    together.append(_Step(setup, check, dynamic))
                else:
                    steps.append(_Step(setup, check, dynamic))
            if len(reasons) == len(setup.rule.checks):
                never.append((setup.rule.name, reasons[0]))
        return cls(tuple(steps), tuple(together), tuple(never))


def _can_be_met(check: Check, need: Need) -> bool:
    """Whether a finished mail, or a batch, may have what a check needs."""
    if check.on is Batch:
        return need in (Need.SEVERAL, Need.SUPPRESSED, Need.PRESS)
    return need in (Need.HEADERS, Need.BULK)


def _never(check: Check) -> str | None:
    """Why a check can never run on a finished mail."""
    if check.on is Message or check.on in _NODES or check.on is Batch:
        unmet = [need for need in check.needs if not _can_be_met(check, need)]
        if Need.CAMPAIGN in unmet:
            return _WITHOUT[Need.CAMPAIGN]
        return _NO_LIST if unmet else None
    return _WHY_NOT.get(check.on.__name__, _NO_LIST)


class Mails:
    """Finished mails of one run that go out together."""

    def __init__(
        self,
        run: Run,
        configured: Configured,
        plan: Plan | None,
        *,
        several: bool,
        book: Book | None = None,
        allow: Iterable[str] = (),
        group: str | None = None,
        name: str | None = None,
    ) -> None:
        """``plan``: None when preflight.yaml cannot be used. ``several``: they are compared.
        ``book``: the lists of the ledger. ``group``: the file that holds all of
        them (an mbox), called ``name``; None when each is a file of its own."""
        self.run = run
        self.configured = configured
        self.plan = plan
        self.several = several
        self.book = book
        self.allow = frozenset(allow)
        self.group = group
        self.marks = ignoring.Ignores(config=configured.ignores)
        self.digests: list[Digest] = []
        self.paths: list[str] = []
        self.dead: set[str] = set()  # rules that crashed
        self.ran: set[str] = set()
        self.reasons: dict[tuple[str, str], list[str]] = {}
        self.name = name

    def check(self, mail: Mail) -> None:
        """One mail by itself."""
        message = mail.message
        path = self.group or mail.path
        found = [self.run.own(one, self.configured) for one in mail.said]
        if self.group is None or not self.paths:
            name = self.name or _name(mail)
            self.run.campaigns.append(CheckedCampaign(path, name, message.purpose, is_mail=True))
            self.configured.checked.add(self.run.from_config(path, self.configured))
        self.paths.append(mail.path)
        if self.plan is None:
            self._take(found, path)
            return
        for source in {part.excerpt.span.source for part in message.parts.values()}:
            self.marks.extend(ignoring.in_template(source, self.configured.registry))
        skipped: dict[str, str] = {}
        ran: set[str] = set()
        for step in self.plan.steps:
            rule = step.setup.rule.name
            if rule in self.dead:
                continue
            missing = _missing(step, message)
            if missing is not None:
                skipped[rule] = missing
                continue
            found += self._called(step, _subjects(step.check, message), message, ran)
        if mail.opaque:
            skipped = {step.setup.rule.name: _UNSEEN for step in self.plan.steps}
        for rule, reason in skipped.items():
            if (mail.opaque or rule not in ran) and rule not in self.dead:
                self.reasons.setdefault((rule, reason), []).append(path)
        self.ran |= ran
        few = len(self.paths) <= _MANY
        self.digests.append(digest(message, keep=few, compare=self.several))
        self._take(found, path, slim=not few)

    def finish(self) -> None:
        """All mails together; then what could not be checked."""
        plan = self.plan
        if not self.paths:
            return
        if plan is None:
            reason = "needs a preflight.yaml without faults"
            self.run.not_checked += [
                NotChecked(rule, None, reason) for rule in self.configured.registry.rules
            ]
            return
        self._together(plan)
        for rule, reason in plan.never:
            self._skip(rule, reason, None)
        for (rule, reason), paths in self.reasons.items():
            if len(paths) == len(self.paths):
                self._skip(rule, reason, None)
            else:
                for path in dict.fromkeys(paths):
                    self._skip(rule, reason, path)
        self.configured.inline.inline += self.marks.inline
        said = [self.run.own(one, self.configured) for one in self.marks.said]
        self._take(said, self._only_path())

    def _together(self, plan: Plan) -> None:
        batch = Batch(tuple(self.digests), self.digests[0].context, self.book)
        found: list[Found] = []
        for step in plan.together:
            rule = step.setup.rule.name
            missing = next(filter(None, map(batch.missing, step.dynamic)), None)
            if missing is not None:
                self._skip(rule, missing, None)
            elif rule not in self.dead:
                found += self._called(step, [batch], None, self.ran)
        self._take(found, self._only_path())

    def _only_path(self) -> str | None:
        return self.group or (self.paths[0] if len(self.paths) == 1 else None)

    def _skip(self, rule: str, reason: str, path: str | None) -> None:
        """Name a rule as not checked; for the one mail there is, or for all of them."""
        paths = [path] if path is not None else [self._only_path()]
        if paths == [None] and len(self.run.campaigns) > len(self.paths):
            paths = list(self.paths)
        self.run.not_checked += [NotChecked(rule, one, reason) for one in paths]

    def _called(
        self, step: _Step, subjects: Sequence[Any], message: Message | None, ran: set[str]
    ) -> Iterator[Found]:
        rule = step.setup.rule.name
        try:
            said = list(called(step.setup, step.check, subjects))
        except Exception as error:  # noqa: BLE001 - a rule's fault must not stop the others
            span = message.span if message is not None else self.digests[0].span
            yield self.run.crash(step.setup, error, span)
            self.dead.add(rule)
        else:
            ran.add(rule)
            for one in said:
                if not isinstance(one, Unchecked):
                    yield one
                elif message is None or message.mail is None:
                    self._skip(rule, one.reason, None)
                else:
                    path = self.group or message.mail.path
                    self.reasons.setdefault((rule, one.reason), []).append(path)

    def _take(self, found: Sequence[Found], path: str | None, *, slim: bool = False) -> None:
        """Stamp what was found; what this call allows is listed as ignored."""
        if not found:
            return
        run = self.run
        before = len(run.annotations)
        run.stamp(found, path, None, self.marks, self.configured, on=path)
        if slim:
            run.annotations[before:] = map(slimmed, run.annotations[before:])
        if self.allow:
            kept = []
            for one in run.annotations[before:]:
                if one.rule in self.allow:
                    run.ignored.append(Ignored(one, "allowed for this call"))
                else:
                    kept.append(one)
            run.annotations[before:] = kept


def _name(mail: Mail) -> str:
    return " ".join(mail.value("subject").split())[:200] or mail.path.rpartition("/")[2]


def _missing(step: _Step, message: Message) -> str | None:
    for need in step.dynamic:
        absent = (need is Need.BULK and message.bulk is None) or (
            need is Need.HEADERS and (message.mail is None or message.mail.headers is None)
        )
        if absent:
            return _WITHOUT[need]
    return None


def _subjects(check: Check, message: Message) -> Sequence[Any]:
    if check.on is Message:
        return [message]
    found: list[Any] = []
    for part in message.parts.values():
        if part.is_html:
            markup = part.markup
            found += {Link: markup.links, Image: markup.images, Element: markup.nodes}[check.on]
    return found
