"""Templates and what is in them: the subjects `Template` and `Placeholder`."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from preflight.campaign.model import Campaign
    from preflight.source import Excerpt, Source, Span
    from preflight.templates.html import Markup
    from preflight.templates.tree import TreeNode


class Zone(enum.StrEnum):
    """Where in the mail something stands."""

    SUBJECT = "subject"
    PREHEADER = "preheader"
    FROM = "from"
    HEADER = "header"
    GREETING = "greeting"
    TEXT = "text"
    LINK = "link"  # an address: href, src, action
    ATTRIBUTE = "attribute"  # alt, title, content, ...
    HIDDEN = "hidden"  # style, script, comments: no reader sees it as text


@dataclass(frozen=True, slots=True)
class Hazard:
    """A stretch of a template that makes rendering unsafe, with the reason."""

    start: int
    end: int
    message: str


@dataclass(frozen=True, slots=True)
class SyntaxFault:
    """The place and reason for which a template cannot be parsed."""

    start: int
    end: int
    message: str


@dataclass(frozen=True, slots=True)
class Tag:
    """One printed expression of a template, by offsets in the template's text.

    ``names``: fields (free variables) whose value it prints or depends on.
    ``when``: the condition under which it is reached, in the language of ``where``; "true" when
    always; None when it cannot be told. ``blank``: the condition under which it prints nothing but
    blanks, or a word for nothing (null, n/a, -), given that it is reached; "false" when never;
    None when it cannot be told. ``depends``: all fields that what it prints, and whether it is
    reached, can depend on: two contacts with the same values there get the same.
    """

    start: int
    end: int
    expression: str
    names: tuple[str, ...]
    when: str | None = "true"
    blank: str | None = None
    depends: tuple[str, ...] = ()

    @property
    def decided(self) -> bool:
        """Whether it is known for every contact what there is to know: nothing need be rendered."""
        return "false" in (self.when, self.blank) or None not in (self.when, self.blank)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a tag printed for some recipients: how many, and the ordinals of the first."""

    text: str
    count: int
    first: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that a template names and that cannot be read, at the tag that names it."""

    start: int
    end: int
    message: str
    help: str = ""


class Included(NamedTuple):
    """A file that a template includes, imports or extends, by the name written there."""

    name: str
    source: Source
    parsed: Parsed


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a dialect's reader finds in a text. Offsets count in the template's text.

    ``tags``: printed expressions, in order. ``literals``: runs of text that are printed as they
    stand. ``code``: everything else (statements, comments, tags). ``samples``: raw blocks.
    ``names``: all free variables with the stretches where they are used, conditions included.
    ``branches``: conditions of statements, in the language of ``where``; None for one that
    cannot be told (its names are then in ``undecided``: their values split the classes).
    ``plain``: no loop, call, include, or anything that could cost time or memory.
    ``tree``: the nodes of the template, None for Jinja, whose own parser makes another one.
    ``included``: the files that were read on its account, those that they include too.
    ``unread``: files that it names and that cannot be read. ``elsewhere``: tags that print a file
    which is not at hand, and may be at the mailer.
    """

    tags: tuple[Tag, ...] = ()
    literals: tuple[tuple[int, int], ...] = ()
    code: tuple[tuple[int, int], ...] = ()
    samples: tuple[tuple[int, int], ...] = ()
    names: tuple[tuple[str, int, int], ...] = ()
    branches: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    hazards: tuple[Hazard, ...] = ()
    fault: SyntaxFault | None = None
    plain: bool = True
    tree: tuple[TreeNode, ...] | None = None
    included: tuple[Included, ...] = ()
    unread: tuple[Unread, ...] = ()
    elsewhere: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, eq=False)
class Template:
    """One part of the mail in source form.

    ``part``: subject, preheader, from, html, text, or ``header:NAME``. ``columns``: the names
    that contacts have (casefolded, as written and as mapped), None when no list was read.
    ``files``: the files it includes, by the name written there; each is a template of its own, a
    ``fragment`` of the same part. ``outcomes``: what rendering showed of the tags that could not be
    decided, by their start (`preflight.templates.probe`).
    """

    campaign: Campaign
    part: str
    excerpt: Excerpt
    dialect: str
    parsed: Parsed
    columns: frozenset[str] | None = None
    files: Mapping[str, Template] = field(default_factory=dict)
    fragment: bool = False
    outcomes: Mapping[int, tuple[Outcome, ...]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.excerpt.text

    @property
    def markdown(self) -> bool:
        """It is written in Markdown, which is turned into HTML when it is sent."""
        return self.excerpt.span.source.path.lower().endswith((".md", ".markdown"))

    @property
    def html(self) -> bool:
        """Its text is HTML."""
        return self.part == "html" and not self.markdown

    def span(self, start: int, end: int) -> Span:
        """The place in the file of ``text[start:end]``."""
        return self.excerpt.part(start, end)

    @cached_property
    def markup(self) -> Markup:
        """The part as text runs, elements and attributes with offsets (`preflight.templates.html`);
        of a part that is no HTML: one run of text."""
        from preflight.templates.html import read_markup

        read = read_markup(self.text, self.parsed, html=self.html)
        return read.located(self.span, self)

    @cached_property
    def placeholders(self) -> tuple[Placeholder, ...]:
        from preflight.templates.zones import zone_of

        return tuple(
            Placeholder(self, tag, zone_of(self, tag.start, tag.end)) for tag in self.parsed.tags
        )


@dataclass(frozen=True, eq=False)
class Placeholder:
    """One printed expression: the place where a reader sees a value."""

    template: Template
    tag: Tag
    zone: Zone

    @property
    def campaign(self) -> Campaign:
        return self.template.campaign

    @property
    def span(self) -> Span:
        return self.template.span(self.tag.start, self.tag.end)

    @property
    def source(self) -> str:
        """The tag as written."""
        return self.template.text[self.tag.start : self.tag.end]

    @property
    def names(self) -> tuple[str, ...]:
        return self.tag.names

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What it printed where that had to be tried out; nothing for a tag that is decided."""
        return self.template.outcomes.get(self.tag.start, ())
