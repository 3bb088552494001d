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
from preflight.audience.unanswered import Unanswered
from preflight.doing import doing
from preflight.files import FileProblem, Repository
from preflight.rule import Check, Need, Problem, Said
from preflight.schedule import Schedule, Turn
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
    untold: tuple[str, ...] = ()  # tags of which it is not known what they print for everybody
    undecided_incidents: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    turn: Turn = field(default_factory=Turn)

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
        if kind is Schedule:
            known = self.turn.known
            return [Schedule(self.audience, known)] if self.audience and known else []
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
            if template.html:
                yield from nodes_of(kind, template.markup, template.span)

    def left_open(self, check: Check) -> tuple[str, ...]:
        """What a check could not look at although it runs."""
        if check.on.__name__ == "Message":
            return self.partly
        if check.on is Schedule:
            return self.turn.left_open
        return self.untold if Need.PRINTED in check.needs else ()

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
        needs_lists = check.on in (Audience, Contact, Message, Schedule) or needs
        if needs_lists and self.audience is None:
            return self.why_no_audience
        if self.audience is not None:
            for need in check.needs:
                reason = self.audience.missing(need)
                if reason:
                    return reason
        if check.on is Message and self.why_no_messages:
            return self.why_no_messages
        if check.on is Schedule and self.turn.why:
            return self.turn.why
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
    turn: Turn | None = None,
) -> Resolved:
    """Read all that the campaign names. ``now``: the moment of sending. ``class_keys``: further
    names that split the classes of recipients. ``turn``: its place among the campaigns of the run.
    Nothing is raised; problems are said."""
    turn = turn or Turn()
    resolved = Resolved(campaign, read_segment(campaign, now), turn=turn)
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
            mailed=turn.file,
        )
        resolved.segment, resolved.audience = loaded.segment, loaded.audience
        resolved.said += loaded.said
        resolved.notes += loaded.notes
        resolved.contacts, resolved.ledger = loaded.contacts, loaded.ledger
        resolved.why_no_audience = loaded.why
        resolved.undecided_incidents = loaded.undecided_incidents
        column_names = loaded.column_names
    _read_templates(resolved, repository, base, column_names)
    _look_at_values(resolved)
    _make_messages(resolved, base, class_keys)
    return resolved


def _read_templates(
    resolved: Resolved, repository: Repository, base: Path, columns: frozenset[str] | None
) -> None:
    from preflight.templates.detection import detect
    from preflight.templates.dialects import did_you_mean, profile, read_template
    from preflight.templates.including import Includes
    from preflight.templates.model import Template
    from preflight.templates.samples import front_matter

    campaign = resolved.campaign
    parts = list(_parts(resolved, repository, base))
    dialect = campaign.body.dialect
    if dialect is None:
        found = detect([excerpt.text for _, excerpt in parts])
        dialect = found or "jinja"
        how = "found from the text" if found else "for want of a better reading; say body.dialect"
        resolved.notes = (
            *resolved.notes,
            f"{campaign.path}: the templates are read as {dialect}, {how}",
        )
    elif (known := profile(dialect)) is not None:
        dialect = known.id
    else:
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
        folders = (base, (repository.start / excerpt.span.source.path).parent)
        ending = Path(excerpt.span.source.path).suffix if part in ("html", "text") else ""
        find = Includes(repository, base, folders, ending)
        parsed = read_template(excerpt.text, dialect, columns, find)
        if parsed is None:
            reason = f"templates in the dialect {dialect} cannot be read by this version"
            resolved.why_no_templates = resolved.why_no_messages = reason
            return
        template = Template(campaign, part, excerpt, dialect, parsed, columns)
        if template.markdown:
            samples = (*front_matter(template.text), *parsed.samples)
            template = replace(template, parsed=replace(parsed, samples=samples))
        files = {
            one.name: replace(
                template, excerpt=Excerpt.whole(one.source), parsed=one.parsed, fragment=True
            )
            for one in parsed.included
        }
        templates += [replace(template, files=files), *files.values()]
    for template in templates:
        _say_faults(resolved, template)
    resolved.templates = tuple(one for one in templates if one.parsed.fault is None)


def _say_faults(resolved: Resolved, template: Template) -> None:
    """What keeps a template from being read, or a file that it includes."""
    fault = template.parsed.fault
    if fault is not None:
        problem = Problem(
            template.span(fault.start, fault.end),
            fault.message,
            "Correct the template; until then nothing else of this part is checked.",
        )
        resolved.said.append(Said("template-syntax", problem))
        resolved.why_no_messages = "needs templates without faults"
    for unread in template.parsed.unread:
        problem = Problem(template.span(unread.start, unread.end), unread.message, unread.help)
        resolved.said.append(Said("unreadable-file", problem))
        resolved.why_no_messages = "needs every file that the templates include"


def _look_at_values(resolved: Resolved) -> None:
    """Try out what the tags print of which their templates do not tell."""
    unseen = (*_unknown_collections(resolved.templates), *_files_elsewhere(resolved.templates))
    resolved.untold = unseen
    if resolved.audience is None or all(
        tag.decided or not tag.names for one in resolved.templates for tag in one.parsed.tags
    ):
        return
    from preflight.audience.outcomes import find_outcomes

    try:
        found = find_outcomes(resolved.audience, resolved.templates)
    except Unanswered as reason:
        resolved.untold += (reason.reason,)
        return
    resolved.templates = found.templates
    resolved.untold += found.untold
    for template, start, end, message, rows in found.faulty:
        problem = Problem(
            template.span(start, end),
            f"{{recipients}} cannot get their mail: {message}",
            "Correct the template, or the values that it is given.",
            rows=rows,
        )
        resolved.said.append(Said("template-syntax", problem))


def _unknown_collections(templates: Sequence[Template]) -> Iterator[str]:
    from preflight.templates.loops import collections_of

    for template in templates:
        for start, end in collections_of(template).values():
            span = template.span(start, end)
            place = f"{span.source.path}:{span.start_place.line}"
            yield f"what the loop over {span.text} prints ({place}) was not looked at: no column"


def _files_elsewhere(templates: Sequence[Template]) -> Iterator[str]:
    for template in templates:
        for start, end in template.parsed.elsewhere:
            span = template.span(start, end)
            place = f"{span.source.path}:{span.start_place.line}"
            yield f"what {span.text} prints ({place}) was not looked at: its file was not followed"


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
    from preflight.campaign.built import built_file, source_kind
    from preflight.campaign.decoding import Fault, decode

    span = resolved.campaign.span("body", part)
    try:
        file = repository.locate(path, base, limit=TEMPLATE_LIMIT)
        source = decode(repository.read(path, base, limit=TEMPLATE_LIMIT), repository.shown(file))
        kind = source_kind(file, source.text, repository.root) if part == "html" else None
        if kind is None:
            return source
        built = built_file(file, repository.root)
        if built is not None:
            data = repository.read(str(built), base, limit=TEMPLATE_LIMIT)
            shown = repository.shown(built)
            resolved.notes += (f"{source.path} is a source of {kind.name}: {shown} was checked",)
            return decode(data, shown)
        raise kind.problem(file, path, "name the built file: body: {html: ...}")
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
    doing("rendering the mails")
    from preflight.audience.classes import recipient_classes
    from preflight.templates.render import render_messages

    try:
        classes, left_out = recipient_classes(
            audience, resolved.templates, keys=class_keys, limit=MAX_CLASSES
        )
    except Unanswered as reason:
        resolved.why_no_messages = reason.reason
        return
    if left_out:
        kinds = f"only the {MAX_CLASSES} largest kinds of mail were rendered"
        resolved.partly = (f"{kinds}; {left_out:,} recipients get others",)
    mains = [template for template in resolved.templates if not template.fragment]
    rendered = render_messages(resolved.campaign, mains, classes, base, of=audience.selected)
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
    for failure in rendered.failures:
        resolved.why_no_messages = "needs templates that can be rendered"
        if failure.names_no_field:
            continue
        problem = Problem(
            failure.template.span(failure.start, failure.end),
            failure.message,
            "Correct the template, or the values that it is given.",
        )
        resolved.said.append(Said("template-syntax", problem))
