"""From a loaded campaign to the subjects that rules read: templates, segment, audience, messages.

A part that failed is absent, so no rule sees half of one; `Resolved.missing` says why.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from preflight.audience.segment import Segment, read_segment
from preflight.files import FileProblem, Repository
from preflight.rule import Check, Need, Problem, Said
from preflight.source import Excerpt, Source

if TYPE_CHECKING:
    from preflight.audience.audience import Audience
    from preflight.audience.ledger import Ledger
    from preflight.campaign.model import Campaign
    from preflight.config import Config
    from preflight.templates.message import Message
    from preflight.templates.model import Template

TEMPLATE_LIMIT = 2 << 20
"""Largest template that is read, in bytes."""

MAX_CLASSES = 200
"""So many kinds of mail are rendered, the largest first; the rest is named as not checked."""


@dataclass
class Resolved:
    """All that is known of one campaign, in the shape that rules read.

    ``why_no_audience`` and ``why_no_messages`` are reasons for `report.not_checked`; "" where the
    subject is there.
    """

    campaign: Campaign
    segment: Segment
    templates: tuple[Template, ...] = ()
    audience: Audience | None = None
    messages: tuple[Message, ...] = ()
    said: list[Said] = field(default_factory=list)
    contacts: int | None = None
    ledger: Ledger | None = None
    why_no_audience: str = ""
    why_no_templates: str = ""
    why_no_messages: str = ""
    partly: tuple[str, ...] = ()  # reasons for which some messages were not looked at
    undecided_incidents: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def subjects(self, kind: type[Any]) -> Sequence[Any]:
        """The subjects of one type, in the order of the files."""
        from preflight.audience.audience import Audience, Contact
        from preflight.campaign.model import Campaign
        from preflight.templates.html import Element, Image, Link
        from preflight.templates.message import Message
        from preflight.templates.model import Placeholder, Template

        if kind is Campaign:
            return [self.campaign]
        if kind is Segment:
            return [self.segment]
        if kind is Template:
            return self.templates
        if kind is Placeholder:
            return [one for template in self.templates for one in template.placeholders]
        if kind is Audience:
            return [self.audience] if self.audience else []
        if kind is Contact:
            return [Contact(self.audience, self._printed())] if self.audience else []
        if kind is Message:
            return self.messages
        if kind in (Link, Image, Element):
            return list(self._nodes(kind))
        raise TypeError(f"no rule can be on {kind!r}")

    def _printed(self) -> Mapping[str, frozenset[str]]:
        printed: dict[str, frozenset[str]] = {}
        for template in self.templates:
            names = {name.casefold() for tag in template.parsed.tags for name in tag.names}
            printed[template.part] = printed.get(template.part, frozenset()) | names
        return printed

    def _nodes(self, kind: type[Any]) -> Iterator[Any]:
        from preflight.templates.html import nodes_of

        for template in self.templates:
            if template.part == "html":
                yield from nodes_of(kind, template.markup, template.span)

    def missing(self, check: Check) -> str | None:
        """Why a check cannot run here; None when it can."""
        from preflight.audience.audience import Audience, Contact
        from preflight.templates.html import Element, Image, Link
        from preflight.templates.message import Message
        from preflight.templates.model import Placeholder, Template

        if check.on in (Template, Placeholder, Link, Image, Element) and self.why_no_templates:
            return self.why_no_templates
        needs = set(check.needs)
        if check.on is Segment and self.contacts is not None:
            needs.discard(Need.LISTS)  # a filter is judged although it chooses nobody
        needs_lists = check.on in (Audience, Contact, Message) or needs
        if needs_lists and self.audience is None:
            return self.why_no_audience
        if self.audience is not None:
            for need in check.needs:
                reason = self.audience.missing(need)
                if reason:
                    return reason
        if check.on is Message and self.why_no_messages:
            return self.why_no_messages
        if Need.INCIDENTS in check.needs and self.undecided_incidents:
            return self.undecided_incidents[0]
        return None


def resolve(
    campaign: Campaign,
    config: Config,
    *,
    repository: Repository,
    base: Path,
    config_base: Path,
    now: dt.datetime,
    workdir: Path,
    without_lists: bool = False,
    class_keys: Sequence[str] = (),
) -> Resolved:
    """Read all that the campaign names. ``now``: the moment of sending. ``class_keys``: further
    names that split the classes of recipients. Nothing is raised; problems are said."""
    resolved = Resolved(campaign, read_segment(campaign))
    column_names: frozenset[str] | None = None
    if without_lists:
        resolved.why_no_audience = "needs the lists, which --without-lists does not open"
    else:
        from preflight.audience.load import load_audience

        loaded = load_audience(
            campaign,
            resolved.segment,
            config,
            repository=repository,
            base=base,
            config_base=config_base,
            now=now,
            workdir=workdir,
        )
        resolved.segment, resolved.audience = loaded.segment, loaded.audience
        resolved.said += loaded.said
        resolved.contacts, resolved.ledger = loaded.contacts, loaded.ledger
        resolved.why_no_audience = loaded.why
        resolved.undecided_incidents = loaded.undecided_incidents
        column_names = loaded.column_names
    _read_templates(resolved, repository, base, column_names)
    _make_messages(resolved, base, class_keys)
    return resolved


def _read_templates(
    resolved: Resolved, repository: Repository, base: Path, columns: frozenset[str] | None
) -> None:
    from preflight.templates.dialects import detect, did_you_mean, profile, read_template
    from preflight.templates.model import Template

    campaign = resolved.campaign
    parts = list(_parts(resolved, repository, base))
    dialect = campaign.body.dialect
    if dialect is None:
        dialect = detect([excerpt.text for _, excerpt in parts]) or "jinja"
    elif profile(dialect) is None:
        close = did_you_mean(dialect)
        resolved.said.append(
            Said(
                "invalid-campaign",
                Problem(
                    campaign.span("body", "dialect"),
                    f"there is no dialect “{dialect}”",
                    f"Did you mean “{close}”?" if close else "jinja is one.",
                ),
            )
        )
        resolved.why_no_templates = resolved.why_no_messages = "needs a known dialect"
        return
    templates = []
    for part, excerpt in parts:
        parsed = read_template(excerpt.text, dialect, columns)
        if parsed is None:
            reason = f"templates in the dialect {dialect} cannot be read by this version"
            resolved.why_no_templates = resolved.why_no_messages = reason
            return
        if parsed.fault is not None:
            fault = parsed.fault
            resolved.said.append(
                Said(
                    "template-syntax",
                    Problem(
                        excerpt.part(fault.start, fault.end),
                        fault.message,
                        "Correct the template; until then nothing else of this part is checked.",
                    ),
                )
            )
            resolved.why_no_messages = "needs templates without faults"
            continue
        templates.append(Template(campaign, part, excerpt, dialect, parsed, columns))
    resolved.templates = tuple(templates)


def _parts(resolved: Resolved, repository: Repository, base: Path) -> Iterator[tuple[str, Excerpt]]:
    """The parts of the mail in source form, in the order in which a reader meets them."""
    campaign = resolved.campaign
    for part in ("from", "subject", "preheader"):
        excerpt = campaign.excerpt(part)
        if excerpt is not None and excerpt.text:
            yield part, excerpt
    for name in campaign.headers:
        excerpt = campaign.excerpt("headers", name)
        if excerpt is not None:
            yield f"header:{name}", excerpt
    for part in ("html", "text"):
        path = getattr(campaign.body, part)
        if path is None:
            continue
        source = _read_file(resolved, repository, base, part, path)
        if source is None:
            resolved.why_no_messages = "needs every part of the mail"
        else:
            yield part, Excerpt.whole(source)


def _read_file(
    resolved: Resolved, repository: Repository, base: Path, part: str, path: str
) -> Source | None:
    from preflight.campaign.decoding import Fault, decode

    span = resolved.campaign.span("body", part)
    try:
        file = repository.locate(path, base, limit=TEMPLATE_LIMIT)
        data = repository.read(path, base, limit=TEMPLATE_LIMIT)
        return decode(data, repository.shown(file))
    except FileProblem as problem:
        resolved.said.append(Said("unreadable-file", Problem(span, problem.message, problem.help)))
    except Fault as fault:
        resolved.said.append(
            Said("unreadable-file", Problem(fault.span, fault.message, fault.help))
        )
    return None


def _make_messages(resolved: Resolved, base: Path, class_keys: Sequence[str]) -> None:
    audience = resolved.audience
    if audience is None:
        resolved.why_no_messages = resolved.why_no_messages or resolved.why_no_audience
        return
    if resolved.why_no_messages:
        return
    if any(template.parsed.hazards for template in resolved.templates):
        resolved.why_no_messages = "needs templates that are safe to render"
        return
    from preflight.audience.classes import recipient_classes
    from preflight.templates.render import render_messages

    classes, left_out = recipient_classes(
        audience, resolved.templates, keys=class_keys, limit=MAX_CLASSES
    )
    if left_out:
        kinds = f"only the {MAX_CLASSES} largest kinds of mail were rendered"
        resolved.partly = (f"{kinds}; {left_out:,} recipients get others",)
    rendered = render_messages(
        resolved.campaign, resolved.templates, classes, base, of=audience.selected
    )
    resolved.messages = rendered.messages
    if rendered.hazards:
        # What only rendering shows is a hazard of the template, like what its tree shows.
        resolved.templates = tuple(
            replace(
                template,
                parsed=replace(
                    template.parsed,
                    hazards=tuple(found for owner, found in rendered.hazards if owner is template),
                ),
            )
            for template in resolved.templates
        )
        resolved.why_no_messages = "needs templates that are safe to render"
    for template, start, end, message in rendered.failures:
        resolved.said.append(
            Said(
                "template-syntax",
                Problem(
                    template.span(start, end),
                    message,
                    "Correct the template, or the values that it is given.",
                ),
            )
        )
        resolved.why_no_messages = "needs templates that can be rendered"
