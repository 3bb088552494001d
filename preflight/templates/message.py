"""The subject `Message`: a finished mail, and where each of its words comes from: a template, or
the mail itself when it was handed in as it is."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bs4 import BeautifulSoup

    from preflight.campaign.model import Campaign
    from preflight.mail import Mail
    from preflight.source import Excerpt, Span
    from preflight.templates.html import Markup, Plain
    from preflight.templates.model import Parsed, Template
    from preflight.templates.tags import FoundTag
    from preflight.templates.voice import Voices


class Segment(NamedTuple):
    """``length`` characters at ``start`` of a part come from ``source_start`` to ``source_end`` of
    the part in source form: letter by letter when ``literal``, else printed by the tag there."""

    start: int
    length: int
    source_start: int
    source_end: int
    literal: bool

    @property
    def end(self) -> int:
        return self.start + self.length


@dataclass(frozen=True)
class Part:
    """One part of a message: ``text`` as rendered, ``segments`` in order and without overlap.

    ``name``: as in `Template`; a second inline part of a finished mail is ``text-2`` or ``html-2``.
    ``written``: a part of a finished mail, which has no template. Text outside all segments comes
    from elsewhere: an included file, a filter over a whole block.
    """

    name: str
    text: str
    segments: tuple[Segment, ...]
    template: Template | None = None
    written: Excerpt | None = None

    @classmethod
    def as_written(cls, template: Template) -> Part:
        """The part whose text is the template's own."""
        return cls(template.part, template.text, _all_of(template.text), template)

    @classmethod
    def finished(cls, name: str, written: Excerpt) -> Part:
        """A part of a mail that was handed in as it is."""
        return cls(name, written.text, _all_of(written.text), None, written)

    @property
    def campaign(self) -> Campaign | None:
        return self.template.campaign if self.template is not None else None

    @property
    def excerpt(self) -> Excerpt:
        """The part in source form: the template's text, or that of the finished mail."""
        if self.template is not None:
            return self.template.excerpt
        assert self.written is not None
        return self.written

    @property
    def parsed(self) -> Parsed:
        """What the template's reader found; in a finished mail there is nothing to find."""
        from preflight.templates.model import Parsed

        return self.template.parsed if self.template is not None else Parsed()

    @property
    def included(self) -> tuple[Template, ...]:
        """The files that its template includes."""
        return tuple(self.template.files.values()) if self.template is not None else ()

    @property
    def dialect(self) -> str | None:
        """The template's dialect; None in a finished mail."""
        return self.template.dialect if self.template is not None else None

    @property
    def columns(self) -> frozenset[str]:
        """The names that contacts have, where a list was read."""
        return (self.template.columns if self.template is not None else None) or frozenset()

    @property
    def is_html(self) -> bool:
        return self.name.partition("-")[0] == "html"

    def span(self, start: int, end: int) -> Span:
        """The place in the file of ``text[start:end]``.

        Exact inside literal text; the printed tag for text inside a value; from the first to the
        last for a mixture; the code between the nearest runs for text that comes from elsewhere.
        """
        touched = self._touched(start, end)
        if not touched:
            return self.excerpt.part(*self._between(end))
        first, last = touched[0], touched[-1]
        begin = _source_offset(first, start, at_end=False)
        finish = _source_offset(last, end, at_end=True)
        if begin > finish:
            # The parts stand in another order than in the template: a macro, a loop.
            largest = max(touched, key=lambda s: min(s.end, end) - max(s.start, start))
            begin = _source_offset(largest, start, at_end=False)
            finish = _source_offset(largest, end, at_end=True)
        return self.excerpt.part(begin, finish)

    def literal(self, start: int, end: int) -> bool:
        """Whether ``text[start:end]`` stands in the source letter by letter."""
        touched = self._touched(start, end)
        if not touched or not all(segment.literal for segment in touched):
            return False
        if start >= end:
            return True
        covered = sum(min(s.end, end) - max(s.start, start) for s in touched)
        return covered == end - start

    @cached_property
    def markup(self) -> Markup:
        """Text runs, elements and attributes, placed in the file."""
        from preflight.templates.html import read_markup

        html = self.template.html if self.template is not None else self.is_html
        markup = read_markup(self.text, None, html=html)
        return markup.located(self.span, self)

    @cached_property
    def plain(self) -> Plain:
        """The words that a reader sees."""
        return self.markup.plain

    @cached_property
    def tags(self) -> tuple[FoundTag, ...]:
        """The merge tags of any mailer that stand in it as written."""
        from preflight.templates.tags import find_tags

        return find_tags(self.text, self.markup, fields=self.columns, part=self.name)

    def plain_span(self, start: int, end: int) -> Span:
        """The place in the file of ``plain.text[start:end]``."""
        return self.span(*self.plain.source_span(start, end))

    @cached_property
    def _starts(self) -> list[int]:
        return [segment.start for segment in self.segments]

    def _touched(self, start: int, end: int) -> tuple[Segment, ...]:
        """The segments that ``text[start:end]`` overlaps; for a point the one it stands in."""
        first = max(0, bisect_right(self._starts, start) - 1)
        last = bisect_left(self._starts, max(end, start + 1))
        found = self.segments[first:last]
        if found and found[0].end <= start:
            # A point at the very end of a run still belongs to it.
            at_end = start >= end and found[0].end == start and len(found) == 1
            return found if at_end else found[1:]
        return found

    def _between(self, end: int) -> tuple[int, int]:
        """The source offsets of what stands between the runs before and after a place."""
        if not self.segments:
            return 0, len(self.excerpt.text)
        after = bisect_left(self._starts, end)
        if after == 0:
            following = self.segments[0]
            return 0, following.source_start or following.source_end
        before = self.segments[after - 1]
        if after == len(self.segments):
            begin, finish = before.source_end, len(self.excerpt.text)
        else:
            begin, finish = before.source_end, self.segments[after].source_start
        between = self.excerpt.text[begin:finish]
        if not between.strip():
            return before.source_start, before.source_end
        blanks = len(between) - len(between.lstrip())
        return begin + blanks, begin + len(between.rstrip())


def _all_of(text: str) -> tuple[Segment, ...]:
    """One literal segment, or none of an empty text."""
    size = len(text)
    return (Segment(0, size, 0, size, True),) if size else ()


def _source_offset(segment: Segment, offset: int, *, at_end: bool) -> int:
    """The source offset for one end of a stretch that reaches into the segment."""
    if not segment.literal:
        return segment.source_end if at_end else segment.source_start
    inside = max(0, min(offset - segment.start, segment.length))
    return min(segment.source_start + inside, segment.source_end)


@dataclass(frozen=True, eq=False)
class Message:
    """A finished mail: what one class of recipients gets (those whose mail differs in kind from the
    others'), or one that was handed in as it is.

    ``count``: recipients in the class. ``first``: ordinals of the first of them. ``of``: the whole
    audience. ``facts``: columns and ledger facts of the recipient it was rendered for, names
    casefolded. ``approximate``: made without the mailer's own engine, so it may differ in detail.
    ``unrendered``: parts that exist but could not be rendered for this class; what is looked for
    and not found may stand there. ``mail``: its header fields and recipients, when it was handed
    in; it has no campaign then, and a rule that cannot do without needs `Need.CAMPAIGN`.
    """

    campaign: Campaign | None
    parts: Mapping[str, Part]
    count: int
    first: tuple[int, ...]
    facts: Mapping[str, object]
    of: int
    approximate: bool = False
    unrendered: frozenset[str] = frozenset()
    mail: Mail | None = None

    @property
    def purpose(self) -> str | None:
        """Why it is sent, as in `Campaign`; None when nobody said."""
        if self.campaign is not None:
            return self.campaign.purpose.value
        return self.mail.context.purpose if self.mail is not None else None

    @property
    def language(self) -> str | None:
        """BCP 47, where the campaign or the caller says it."""
        if self.campaign is not None:
            return self.campaign.language
        return self.mail.context.language if self.mail is not None else None

    @property
    def sender(self) -> str:
        """The From field, as ``Name <address>``."""
        if self.campaign is not None:
            return self.campaign.from_
        return self.parts["from"].text if "from" in self.parts else ""

    @property
    def bulk(self) -> bool | None:
        """Whether it goes to many; None when that cannot be told."""
        if self.mail is not None:
            return self.mail.bulk
        from preflight.audience.audience import BULK

        return self.of > BULK

    @property
    def reader(self) -> str:
        """Who gets it, with the verb, for a message: “{recipients} {get}”, or “the reader gets”."""
        return "the reader gets" if self.mail is not None else "{recipients} {get}"

    @property
    def span(self) -> Span:
        """The place for what stands nowhere: where the mail begins, or the campaign."""
        if self.campaign is not None:
            return self.campaign.span()
        assert self.mail is not None
        return self.mail.span

    def place_of(self, part: Part) -> Span:
        """The place for what is said of a whole part."""
        if self.campaign is not None:
            return self.campaign.span("body", part.name)
        return part.excerpt.span

    @property
    def subject(self) -> Part | None:
        return self.parts.get("subject")

    @property
    def html(self) -> Part | None:
        return self.parts.get("html")

    @property
    def text(self) -> Part | None:
        return self.parts.get("text")

    @property
    def preheader(self) -> Part | None:
        return self.parts.get("preheader")

    @cached_property
    def voices(self) -> Voices:
        """Its tone: what it says without the values of its reader, part by part."""
        from preflight.templates.voice import Voices

        return Voices(self)

    @cached_property
    def soup(self) -> BeautifulSoup:
        """The HTML as a tree of Beautiful Soup; an empty one when there is no HTML."""
        import io

        from bs4 import BeautifulSoup

        html = self.html.text if self.html else ""
        # A file object: a text that looks like a path or an address would draw a warning.
        return BeautifulSoup(io.StringIO(html), "html.parser")
