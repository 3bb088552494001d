"""What a tag prints for given recipients, found by rendering: for tags of which the tree alone
does not tell.

Only the tags in question are rendered, with the statements that decide about them: each stands
between marks, so that what it prints is known to the letter. Nothing is guessed: a recipient for
whom it could not be seen is named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from preflight.templates.model import Template

if TYPE_CHECKING:
    from preflight.templates.marks import Alphabet, Scan
    from preflight.templates.model import Tag
    from preflight.templates.sandbox import Event, Limits


class Asked(NamedTuple):
    """A tag in question, and the file it stands in: the template, or one that it includes."""

    template: Template
    tag: Tag


@dataclass
class Answers:
    """By the index of the tag asked for, and the index of the row: all that it printed there.

    A row in ``seen`` was rendered to its end: a tag without an answer there was not reached.
    ``failures``: by row, the tag in hand (-1: none) and the reason.
    """

    printed: dict[tuple[int, int], list[str]] = field(default_factory=lambda: defaultdict(list))
    seen: set[int] = field(default_factory=set)
    failures: dict[int, tuple[int, str]] = field(default_factory=dict)


def probe(
    template: Template,
    asked: Sequence[Asked],
    rows: Sequence[Mapping[str, object]],
    limits: Limits | None = None,
    *,
    trusted: bool = False,
) -> Answers:
    """Render a Jinja template (with the files it includes) for rows of values, names casefolded,
    an empty cell as "". Takes eight seconds at the most; raises nothing on its account.

    ``trusted``: the caller vouches for the template; no process of its own is started.
    """
    from preflight.templates.marks import Alphabet, texts_of
    from preflight.templates.sandbox import Limits

    answers = Answers()
    files = [template, *template.files.values()]
    alphabet = Alphabet.unused_in([*(file.text for file in files), *texts_of(rows)])
    if alphabet is None:
        return answers
    order = _Order.of(template, files, asked, alphabet)
    if order is None:
        return answers
    for event in _events(order, rows, alphabet, limits or Limits(), order.cheap or trusted):
        _take(event, order, answers)
    return answers


@dataclass(frozen=True)
class _Order:
    """How to render: texts with marks and, where the template may look at its own output, without;
    ``tags``: the tag asked for by the index of its mark."""

    texts: tuple[str, ...]
    files: tuple[Mapping[str, str], ...]
    watched: bool
    cheap: bool
    tags: Mapping[int, int]

    @classmethod
    def of(
        cls, template: Template, files: Sequence[Template], asked: Sequence[Asked], by: Alphabet
    ) -> _Order | None:
        from jinja2 import TemplateError

        from preflight.templates.marks import scan, shortened

        marked: list[str] = []
        plain: list[str] = []
        tags: dict[int, int] = {}
        scans: list[Scan] = []
        number = 0
        for file in files:
            wanted = {
                one.tag.start: index for index, one in enumerate(asked) if one.template is file
            }
            try:
                found = scan(file.text)
                stretches = {
                    index
                    for index, stretch in enumerate(found.stretches)
                    if not stretch.literal and stretch.start in wanted
                }
                if file is template:
                    starts = [found.stretches[index].start for index in sorted(stretches)]
                    text, kept = shortened(found, frozenset(stretches))
                    found = scan(text)
                    pairs = dict(zip(sorted(kept), starts, strict=True))
                else:
                    pairs = {index: found.stretches[index].start for index in stretches}
            except (TemplateError, ValueError):
                return None
            for index, start in pairs.items():
                tags[number + index] = wanted[start]
            others = frozenset(range(len(found.stretches))) - pairs.keys()
            marked.append(by.mark(found, others, number))
            plain.append(found.text)
            number += len(found.stretches)
            scans.append(found)
        names = list(template.files)
        return cls(
            (marked[0], plain[0]),
            (dict(zip(names, marked[1:], strict=True)), dict(zip(names, plain[1:], strict=True))),
            scans[0].captures,
            template.parsed.plain and scans[0].costly is None and not scans[0].captures,
            tags,
        )


def _events(
    order: _Order,
    rows: Sequence[Mapping[str, object]],
    alphabet: Alphabet,
    limits: Limits,
    here: bool,
) -> Iterator[Event]:
    from preflight.templates.sandbox import Order, render_all

    orders = [Order(0, order.texts, order.watched, order.files, probed=True)]
    if here:
        yield from render_all(orders, rows, alphabet, None, limits)
        return
    from preflight.templates.worker import NoChild, render_in_child

    try:
        yield from render_in_child(orders, rows, alphabet, None, limits, limits.wall)
    except NoChild:
        return


def _take(event: Event, order: _Order, answers: Answers) -> None:
    from preflight.templates import sandbox

    if isinstance(event, sandbox.Failed):
        answers.failures[event.row] = (order.tags.get(event.stretch, -1), event.message)
    elif isinstance(event, sandbox.Probed) and event.pieces is not None:
        answers.seen.add(event.row)
        for index, text in event.pieces:
            if index in order.tags:
                answers.printed[order.tags[index], event.row].append(text)
