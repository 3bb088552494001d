"""Reading Jinja templates: what they print, when, and what would make it nothing.

A template is only lexed and parsed here, never compiled or rendered: Jinja's optimizer computes
constants while compiling, so ``{{ 'x' * 10**10 }}`` would do its damage there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from preflight.templates.conditions import all_of, any_of
from preflight.templates.jinja_file import Find, JinjaFile
from preflight.templates.jinja_walk import Walk
from preflight.templates.model import Included, Parsed, Tag

if TYPE_CHECKING:
    from collections.abc import Iterator


def read_jinja(
    text: str, columns: frozenset[str] | None = None, find: Find | None = None
) -> Parsed:
    """What a Jinja template (line ends as ``\\n``) is made of, with offsets in the text.

    ``columns``: casefolded names of the fields that contacts have; None when no list was read, and
    then every name is taken for a field. ``find``: finds the files that it includes, imports or
    extends; without it they are not followed. A template that cannot be parsed gives a ``fault``
    and nothing else. Never raises on any text.
    """
    main = JinjaFile.read(text)
    if main.fault:
        return Parsed(fault=main.fault, plain=False)
    walk = Walk(main, columns, find)
    walk.run()
    included = tuple(
        Included(name, source, _parsed(file, walk)) for name, (source, file) in walk.files.items()
    )
    return _parsed(main, walk, included)


def _parsed(file: JinjaFile, walk: Walk, included: tuple[Included, ...] = ()) -> Parsed:
    if file.fault:
        return Parsed(fault=file.fault, plain=False)
    evaluator = walk.evaluator
    own = file is walk.main
    return Parsed(
        tags=tuple(_tags(file, walk)),
        literals=tuple((start, end) for start, end, _raw in file.runs),
        code=tuple(file.code()),
        samples=tuple((start, end) for start, end, raw in file.runs if raw),
        names=tuple(sorted(set(file.uses), key=lambda use: use[1:])),
        branches=tuple(evaluator.branches) if own else (),
        undecided=walk.names(evaluator.undecided) if own else (),
        hazards=file.all_hazards,
        plain=file.plain,
        included=included,
        unread=tuple(file.unread.values()),
    )


def _tags(file: JinjaFile, walk: Walk) -> Iterator[Tag]:
    """The printed expressions in order."""
    for number, region in enumerate(file.regions):
        printed = file.printed.get(number, [])
        if not printed and region.kind != "variable":
            continue
        when = any_of(*(one.when for one in printed)) if printed else None
        # Given that it is reached: with several occasions, on one of them at least.
        blank = printed[0].value.blank if len(printed) == 1 else None
        if len(printed) > 1:
            blank = any_of(*(all_of(one.when, one.value.blank) for one in printed))
        if walk.blind:
            when = blank = None
        names = walk.names(name for one in printed for name in one.value.names)
        yield Tag(
            region.start,
            region.end,
            file.text[slice(*region.inner)].strip(),
            names,
            when.text if when else None,
            blank.text if blank else None,
            walk.names((*names, *(name for one in printed for name in one.names))),
        )
