"""Templates and classes of recipients -> `Message`s.

Jinja is rendered by Jinja: in this process when the template can do nothing but print, compare and
cut values, else in a child process with limits (`preflight.templates.worker`). Of other dialects
the message is written from the template's tree (`preflight.templates.write`), and is marked
`approximate` where something in it could not be told. A template with
a fault or a hazard is never rendered; one that turns out to be a hazard for any recipient is left
out of all messages.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from preflight.templates.message import Message, Part, Segment
from preflight.templates.model import Hazard, Template

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from preflight.campaign.model import Campaign
    from preflight.templates.marks import Alphabet, Scan
    from preflight.templates.sandbox import Event, Failed, Limits, Order

JINJA = frozenset({"jinja"})
MAX_TEXT_IN_PROCESS = 1_000_000  # characters of a template that is rendered in this process
MAX_SEGMENTS = 1_000_000  # kept for all messages of a campaign
_QUOTED = re.compile(r"[“'‘\"]([^“”'‘’\"]+)[”'’\"]")
_UNDEFINED = re.compile(r"“([^”]+)” is undefined")


@dataclass(frozen=True, slots=True)
class RecipientClass:
    """Recipients whose mail does not differ in kind, by one of them.

    ``values``: what the templates print, by name and alias, in any case; "" for an empty cell.
    ``facts``: columns and ledger facts. ``count``: how many; ``first``: ordinals of the first.
    """

    values: Mapping[str, object]
    facts: Mapping[str, object]
    count: int
    first: tuple[int, ...]


class Failure(NamedTuple):
    """A template that cannot be rendered for some recipients, at ``text[start:end]``."""

    template: Template
    start: int
    end: int
    message: str

    @property
    def names_no_field(self) -> bool:
        """Whether it failed of a name that no contact has: another rule speaks of that name, or it
        is named as not looked at."""
        found = _UNDEFINED.fullmatch(self.message)
        columns = self.template.columns
        if found is None or columns is None or found[1].casefold() in columns:
            return False
        own = (self.template, *self.template.files.values())
        return any(found[1] == name for one in own for name, _at, _end in one.parsed.names)


@dataclass(frozen=True)
class Rendered:
    """The messages of a campaign, in the order of the classes; ``hazards`` and ``failures`` of
    templates that came out only now. A class without a single rendered part has no message."""

    messages: tuple[Message, ...]
    hazards: tuple[tuple[Template, Hazard], ...] = ()
    failures: tuple[Failure, ...] = ()


def render_messages(
    campaign: Campaign,
    templates: Sequence[Template],
    classes: Sequence[RecipientClass],
    base: Path | None = None,
    *,
    of: int | None = None,
    limits: Limits | None = None,
) -> Rendered:
    """Render every template for every class.

    ``base``: the folder that templates may include others from; None allows none. ``of``: size of
    the whole audience (default: all classes together). Takes ten seconds at the most, whatever the
    templates do; raises nothing on their account.
    """
    work = _Work(tuple(templates), [_values(one.values) for one in classes], base)
    sound = [
        number
        for number, template in enumerate(work.templates)
        if template.parsed.fault is None and not template.parsed.hazards
    ]
    work.jinja([n for n in sound if not _verbatim(work.templates[n])], limits)
    for number in sound:
        template = work.templates[number]
        if _verbatim(template):
            work.parts.update({(number, row): Part.as_written(template) for row in work.all_rows})
        elif template.dialect not in JINJA:
            work.written(number)
    total = sum(one.count for one in classes) if of is None else of
    return Rendered(
        tuple(_messages(campaign, work, classes, total)),
        tuple(work.hazards.values()),
        tuple({failure[:3]: failure for failure in reversed(work.failures)}.values())[::-1],
    )


def _values(values: Mapping[str, object]) -> dict[str, object]:
    """Values as templates see them: names casefolded, an empty cell as ""."""
    return {
        name.casefold(): value
        if isinstance(value, (str, int, float, bool))
        else ("" if value is None else str(value))
        for name, value in values.items()
    }


def _verbatim(template: Template) -> bool:
    """Whether there is nothing to render in it."""
    parsed = template.parsed
    return not (parsed.tags or parsed.code or parsed.samples) and (
        template.dialect not in JINJA or "{" not in template.text
    )


def _messages(
    campaign: Campaign, work: _Work, classes: Sequence[RecipientClass], of: int
) -> Iterator[Message]:
    for row, one in enumerate(classes):
        parts: dict[str, Part] = {}
        unrendered: set[str] = set()
        for number, template in enumerate(work.templates):
            if number in work.unsafe or (number, row) not in work.parts:
                unrendered.add(template.part)
            else:
                parts[template.part] = work.parts[number, row]
        if parts:
            yield Message(
                campaign=campaign,
                parts=parts,
                count=one.count,
                first=tuple(one.first),
                facts={name.casefold(): value for name, value in one.facts.items()},
                of=of,
                approximate=row in work.rough,
                unrendered=frozenset(unrendered),
            )


@dataclass
class _Work:
    """One campaign's rendering: what is known so far."""

    templates: tuple[Template, ...]
    rows: list[dict[str, object]]
    base: Path | None
    parts: dict[tuple[int, int], Part] = field(default_factory=dict)
    hazards: dict[int, tuple[Template, Hazard]] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    scans: dict[int, Scan] = field(default_factory=dict)
    segments: int = 0
    rough: set[int] = field(default_factory=set)  # rows with a part that is not exact

    @property
    def all_rows(self) -> range:
        return range(len(self.rows))

    @property
    def unsafe(self) -> Iterable[int]:
        return self.hazards.keys()

    def written(self, number: int) -> None:
        """Write a template that is not Jinja's, for every class."""
        from preflight.templates.dialects import column_named, profile
        from preflight.templates.write import write

        template = self.templates[number]
        known = profile(template.dialect)
        if known is None:
            return
        resolve = column_named(known, template.columns)
        for row, values in enumerate(self.rows):
            part, exact = write(template, values, known.semantics, resolve)
            self.parts[number, row] = part
            if not exact:
                self.rough.add(row)

    def jinja(self, numbers: Sequence[int], limits: Limits | None) -> None:
        """Render the Jinja templates among those numbers."""
        numbers = [n for n in numbers if self.templates[n].dialect in JINJA]
        if not numbers or not self.rows:
            return
        from preflight.templates.marks import Alphabet, texts_of
        from preflight.templates.sandbox import Limits, render_all

        limits = limits or Limits()
        texts = [self.templates[n].text for n in numbers]
        alphabet = Alphabet.unused_in([*texts, *texts_of(self.rows)])
        here: list[Order] = []
        elsewhere: list[Order] = []
        for number in numbers:
            order, cheap = self._order(number, alphabet)
            (here if cheap else elsewhere).append(order)
        for event in render_all(here, self.rows, alphabet, None, limits):
            self._take(event)
        if elsewhere:
            self._in_children(elsewhere, alphabet, limits)

    def _order(self, number: int, alphabet: Alphabet | None) -> tuple[Order, bool]:
        """How to render a template, and whether this process is the place for it."""
        from jinja2 import TemplateError

        from preflight.templates.marks import scan
        from preflight.templates.sandbox import Order

        template = self.templates[number]
        files = {name: file.text for name, file in template.files.items()}
        try:
            found = scan(template.text)
        except (TemplateError, ValueError):  # without marks, then
            return Order(number, (template.text,), False, (files,)), False
        self.scans[number] = found
        versions = [template.text]
        if alphabet is not None:
            if found.captured:
                versions.insert(0, alphabet.mark(found, found.captured))
            versions.insert(0, alphabet.mark(found))
        cheap = (
            template.parsed.plain
            and found.costly is None
            and not found.captures
            and len(template.text) <= MAX_TEXT_IN_PROCESS
        )
        same = tuple(files for _version in versions)
        return Order(number, tuple(versions), found.captures, same), cheap

    def _in_children(self, orders: list[Order], alphabet: Alphabet | None, limits: Limits) -> None:
        """Render in a child process; when it dies of one template, the next child goes on with
        those after it, until the time is over."""
        from preflight.templates.worker import NoChild, render_in_child

        deadline = time.monotonic() + limits.wall
        while orders:
            left = deadline - time.monotonic()
            if left <= 0 or limits.total <= 0:
                self._give_up(orders, "was not rendered: the other templates took all the time")
                return
            last = orders[0].part
            try:
                for event in render_in_child(orders, self.rows, alphabet, self.base, limits, left):
                    last = event.part
                    written = self._take(event)
                    limits = replace(limits, total=limits.total - written)
            except NoChild as reason:
                self._give_up(orders, str(reason))
                return
            orders = [order for order in orders if order.part > last]

    def _give_up(self, orders: Sequence[Order], reason: str) -> None:
        for order in orders:
            template = self.templates[order.part]
            self.failures.append(Failure(template, 0, len(template.text), reason))

    def _take(self, event: Event) -> int:
        """Note what happened to a template; the characters it wrote."""
        from preflight.templates import sandbox

        if isinstance(event, sandbox.Output):
            template = self.templates[event.part]
            segments = tuple(self._segments(event.part, event.runs))
            part = Part(template.part, event.text, segments, template)
            self.parts[event.part, event.row] = part
            return len(event.text)
        if isinstance(event, sandbox.Failed):
            start, end = self._place(event)
            if event.hazard:
                self._unsafe(event.part, event.message, start, end)
            else:
                message = self._without_values(event)
                self.failures.append(Failure(self.templates[event.part], start, end, message))
        return 0

    def _without_values(self, event: Failed) -> str:
        """The message; a recipient's own data that Python quotes in it is left out."""
        message = event.message
        for value in self.rows[event.row].values():
            if isinstance(value, str) and value:
                message = message.replace(repr(value), "a value")
        return _QUOTED.sub(r"“\1”", message)

    def _segments(self, number: int, runs: Sequence[int]) -> Iterator[Segment]:
        found = self.scans.get(number)
        if found is None:
            return
        for at in range(0, len(runs), 3):
            start, length, index = runs[at : at + 3]
            if index >= len(found.stretches) or self.segments >= MAX_SEGMENTS:
                return
            self.segments += 1
            stretch = found.stretches[index]
            literal = stretch.literal and length == stretch.end - stretch.start
            yield Segment(start, length, stretch.start, stretch.end, literal)

    def _unsafe(self, number: int, message: str, start: int, end: int) -> None:
        template = self.templates[number]
        self.hazards.setdefault(number, (template, Hazard(start, end, message)))

    def _costly(self, number: int) -> tuple[int, int]:
        """The first piece of code that may cost much; the whole template when none is known."""
        found = self.scans.get(number)
        whole = (0, len(self.templates[number].text))
        return found.costly or whole if found else whole

    def _place(self, event: Failed) -> tuple[int, int]:
        """Where in the template something went wrong: the tag in hand, else the code on the line
        (that which has the name in question), else the first code that may cost much."""
        found = self.scans.get(event.part)
        if found and 0 <= event.stretch < len(found.stretches):
            stretch = found.stretches[event.stretch]
            return stretch.start, stretch.end
        text = self.templates[event.part].text
        if event.line < 1:
            return self._costly(event.part)
        lines = text.split("\n")
        start = sum(len(line) + 1 for line in lines[: event.line - 1])
        end = start + (len(lines[event.line - 1]) if event.line <= len(lines) else 0)
        code = [c for c in found.code if c[0] <= end and c[1] >= start] if found else []
        words = _QUOTED.findall(event.message)
        code = [c for c in code if any(word in text[c[0] : c[1]] for word in words)] or code
        return (code[0][0], code[-1][1]) if code else (start, end)
