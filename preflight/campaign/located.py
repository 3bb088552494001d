"""YAML whose every value knows its place. All scalars are text; only a plain ``null``, ``~`` or
nothing at all is None.

Built from the parser's events, not from `yaml.load`: no tag constructs anything, ``country: NO``
stays NO, equal keys are seen, and nesting and aliases have limits.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from preflight.campaign.decoding import Fault, UndecodableFault, decode
from preflight.campaign.places import Places, Route, clipped
from preflight.campaign.scalars import after_anchor, locate_scalar
from preflight.rule import Related
from preflight.source import Excerpt, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    import yaml

__all__ = [
    "DuplicateKey",
    "Fault",
    "Located",
    "UndecodableFault",
    "YamlFault",
    "decode",
    "read_yaml",
]

MAX_DEPTH = 50
MAX_VALUES = 100_000

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_COMMENT = re.compile(r"(?:(?<=[ \t\n\r\x85\u2028\u2029])|\A)#[^\n\r\x85\u2028\u2029]*")


class YamlFault(Fault):
    """The text is no YAML, or YAML that is not accepted here."""


class DuplicateKey(YamlFault):
    """A key is given twice in one mapping."""


@dataclass(frozen=True, slots=True)
class Located:
    """The value of a YAML file (dict, list, str, None), the place of everything in it, and the
    spans of its comments (from ``#`` to the end of the line)."""

    value: object
    places: Places
    comments: tuple[Span, ...] = ()


def read_yaml(source: Source) -> Located:
    """The one document of a YAML text. Raises YamlFault."""
    text = source.text
    skipped = 1 if text.startswith("\ufeff") else 0
    forbidden = _FORBIDDEN.search(text, skipped)
    if forbidden:
        at = forbidden.start()
        raise YamlFault(
            Span(source, at, at + 1),
            f"the character U+{ord(text[at]):04X} is not allowed in YAML",
            "Remove it: it cannot be seen. Inside double quotes it can be written as an escape.",
        )
    _refuse_markup(source, skipped)
    composer = _Composer(source, skipped)
    for event in _events(source, skipped, composer):
        composer.take(event)
    return composer.located()


def _refuse_markup(source: Source, start: int) -> None:
    opening = re.compile(r"\s*(<!doctype|<html|<\?xml|<!--)", re.I).match(source.text, start)
    if opening:
        raise YamlFault(
            Span(source, *opening.span(1)),
            "this is HTML or XML, not YAML",
            "Give the file with the definition; the template is named in it, under “body”.",
        )


def _events(source: Source, skipped: int, composer: _Composer) -> Iterator[yaml.Event]:
    """The parser's events. Raises YamlFault in plain words where it gives up."""
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        yield from yaml.parse(source.text[skipped:], Loader=loader)
    except yaml.YAMLError as error:
        from preflight.campaign.yaml_errors import explain

        raise explain(source, error, skipped, composer.open_bracket) from None


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read."""

    container: dict[str, object] | list[object]
    route: Route
    anchor: str | None
    start: int
    end: int
    first: int  # its position in the order of routes
    key: str | None = None
    keys: dict[str, Span] = field(default_factory=dict)


@dataclass(slots=True)
class _Anchored:
    value: object
    route: Route
    first: int
    last: int  # positions in the order of routes, half open


class _Composer:
    """Events -> values and places, without recursion."""

    def __init__(self, source: Source, skipped: int) -> None:
        self.source = source
        self.skipped = skipped
        self.root: object = None
        self.documents = 0
        self.stack: list[_Open] = []
        self.order: list[Route] = []
        self.values: dict[Route, Span] = {}
        self.keys: dict[Route, Span] = {}
        self.excerpts: dict[Route, Excerpt] = {}
        self.anchors: dict[str, _Anchored | None] = {}  # None: still open
        self.taken: list[tuple[int, int]] = []  # where scalars stand: no comment begins there

    def located(self) -> Located:
        places = Places(self.source, self.values, self.keys, self.excerpts)
        return Located(self.root, places, tuple(self._comments()))

    @property
    def open_bracket(self) -> int | None:
        """Where the innermost ``[`` or ``{`` stands that is not closed yet."""
        starts = [one.start for one in self.stack if self.source.text[one.start] in "[{"]
        return starts[-1] if starts else None

    def take(self, event: yaml.Event) -> None:
        import yaml

        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise self._fault(
                    event, "a second document begins here", "Keep one document in a file."
                )
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._begin(event, {} if isinstance(event, yaml.MappingStartEvent) else [])
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._finish(event)

    def _span(self, event: yaml.Event) -> Span:
        marks = [event.start_mark, event.end_mark]
        start, end = (m.index + self.skipped if m else 0 for m in marks)
        return self.source.span().part(start, end)

    def _fault(self, event: yaml.Event, message: str, help: str = "") -> YamlFault:
        return YamlFault(self._span(event), message, help)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        self._refuse_tag(event)
        span, style = self._span(event), event.style or ""
        start = after_anchor(self.source.text, span.start, span.end)
        excerpt = locate_scalar(self.source, start, span.end, event.value, style)
        half = _SURROGATE.search(event.value)  # only the pure parser lets it through
        if half:
            from preflight.campaign.yaml_errors import incomplete_escape

            at = excerpt.source_offset(half.start())
            raise incomplete_escape(Span(self.source, at, at + len(r"\ud800")))
        if style in ("|", ">"):
            written = self.source.text[start : span.end].rstrip(" \t\n")
            self.taken.append((excerpt.span.start, span.end))
            span = Span(self.source, start, start + len(written))
        else:
            span = Span(self.source, start, span.end)
            self.taken.append((span.start, span.end))
        top = self.stack[-1] if self.stack else None
        if top is not None and isinstance(top.container, dict) and top.key is None:
            self._key(top, event, span)
            return
        is_null = not style and event.value in _NULLS
        value = None if is_null else event.value
        first = len(self.order)
        route = self._enter(event, span)
        if value is not None:
            self.excerpts[route] = excerpt
        self._add(value, span.end)
        if event.anchor:
            self.anchors[event.anchor] = _Anchored(value, route, first, first + 1)

    def _key(self, top: _Open, event: yaml.ScalarEvent, span: Span) -> None:
        name = event.value
        if not event.style and name == "<<":
            raise YamlFault(
                span, "merge keys (“<<”) are not supported", "Write the keys out in each place."
            )
        if not event.style and name in ("", "~"):
            raise YamlFault(span, "a key is missing before this colon", "Write `key: value`.")
        if name in top.keys:
            earlier = top.keys[name]
            raise DuplicateKey(
                span,
                f"“{clipped(name)}” is given twice; first on line {earlier.start_place.line}",
                "Keep one of them.",
                (Related(earlier, "first given here"),),
            )
        top.key = name
        top.keys[name] = span
        self.keys[(*top.route, name)] = span

    def _bad_key(self, span: Span) -> YamlFault:
        text = self.source.text
        if text[max(span.start - 1, 0) : span.start + 1] == "{{":
            end = text.find("\n", span.start)
            line = text[span.start - 1 : end if end >= 0 else len(text)]
            return YamlFault(
                Span(self.source, span.start - 1, span.start - 1 + len(line.rstrip())),
                "a value that begins with “{{” must be in quotes",
                "Put the whole value in quotes.",
            )
        end = max(span.end, min(span.start + 1, len(text)))
        return YamlFault(
            Span(self.source, span.start, end), "a key must be plain text", "Write `key: value`."
        )

    def _alias(self, event: yaml.AliasEvent) -> None:
        span = self._span(event)
        self.taken.append((span.start, span.end))
        name = event.anchor or ""
        if name not in self.anchors:
            raise self._fault(
                event,
                f"“*{clipped(name)}” refers to an anchor that is not there",
                "Put the value in quotes if the asterisk is part of the text.",
            )
        anchored = self.anchors[name]
        if anchored is None:
            raise self._fault(event, f"“*{clipped(name)}” refers to a value that contains it")
        route = self._enter(event, span)
        if anchored.route in self.excerpts:
            self.excerpts[route] = self.excerpts[anchored.route]
        depth = len(anchored.route)
        copies = self.order[anchored.first + 1 : anchored.last]
        self._check_budget(event, len(copies))
        for old in copies:
            new = (*route, *old[depth:])
            self._check_depth(event, len(new))
            self.order.append(new)
            self.values[new] = self.values[old]
            if old in self.keys:
                self.keys[new] = self.keys[old]
            if old in self.excerpts:
                self.excerpts[new] = self.excerpts[old]
        self._add(anchored.value, span.end)

    def _begin(self, event: Any, container: dict[str, object] | list[object]) -> None:
        self._refuse_tag(event)
        first = len(self.order)
        start = self._span(event).start
        start = after_anchor(self.source.text, start, len(self.source.text))
        route = self._enter(event, Span(self.source, start, start))
        self._check_depth(event, len(self.stack) + 1)
        if event.anchor:
            self.anchors[event.anchor] = None
        self.stack.append(_Open(container, route, event.anchor, start, start, first))

    def _finish(self, event: yaml.Event) -> None:
        done = self.stack.pop()
        closing = self._span(event)
        end = closing.end if closing.end > closing.start else done.end  # flow, or block
        self.values[done.route] = Span(self.source, done.start, max(done.start, end))
        if done.anchor:
            self.anchors[done.anchor] = _Anchored(
                done.container, done.route, done.first, len(self.order)
            )
        self._add(done.container, end)

    def _enter(self, event: yaml.Event, span: Span) -> Route:
        """The route of the value that begins. Raises YamlFault where none may begin."""
        route: Route = ()
        if self.stack:
            top = self.stack[-1]
            if isinstance(top.container, list):
                route = (*top.route, len(top.container))
            elif top.key is None:
                raise self._bad_key(span)
            else:
                route = (*top.route, top.key)
        self._check_budget(event, 1)
        self.order.append(route)
        self.values[route] = span
        return route

    def _add(self, value: object, end: int) -> None:
        if not self.stack:
            self.root = value
            return
        top = self.stack[-1]
        top.end = end
        if isinstance(top.container, list):
            top.container.append(value)
        elif top.key is not None:
            top.container[top.key] = value
            top.key = None

    def _check_budget(self, event: yaml.Event, more: int) -> None:
        if len(self.order) + more > MAX_VALUES:
            raise self._fault(
                event,
                f"the file has more than {MAX_VALUES:,} values, repeated ones (aliases) counted",
                "Write less, or remove aliases that repeat each other.",
            )

    def _check_depth(self, event: yaml.Event, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise self._fault(event, f"the values are nested more than {MAX_DEPTH} deep")

    def _refuse_tag(self, event: Any) -> None:
        if event.tag is None:
            return
        span = self._span(event)
        tag = re.compile(r"!\S*").search(self.source.text, span.start)
        if tag:
            span = Span(self.source, *tag.span())
        raise YamlFault(
            span,
            f"tags are not supported: “{clipped(span.text)}”",
            "Remove it, or put the value in quotes if the exclamation mark is part of the text.",
        )

    def _comments(self) -> Iterator[Span]:
        starts = [start for start, _ in self.taken]  # in order: as the parser met them
        match = _COMMENT.search(self.source.text)
        while match:
            before = bisect_right(starts, match.start()) - 1
            at = match.end()
            if before >= 0 and match.start() < self.taken[before][1]:
                at = self.taken[before][1]
            else:
                yield Span(self.source, *match.span())
            match = _COMMENT.search(self.source.text, at)
