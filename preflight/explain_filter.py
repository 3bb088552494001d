"""What `preflight explain-filter` says: the filter of a campaign as a sentence, what each clause
keeps, and what becomes of empty cells."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from preflight.audience.segment import Segment, read_segment
from preflight.campaign.discover import repository_for
from preflight.campaign.load import load_campaign
from preflight.governing import Options, configure
from preflight.rule import Said

if TYPE_CHECKING:
    from preflight.audience.audience import Audience
    from preflight.audience.logic import Logic
    from preflight.audience.sentence import Sentence
    from preflight.audience.values import Value
    from preflight.campaign.model import Campaign
    from preflight.registry import Registry


class CannotExplain(Exception):
    """There is no filter that could be read: one line for each reason, with its place."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))


def explained(
    path: Path, registry: Registry, options: Options, start: Path, language: str
) -> Iterator[str]:
    """The lines of the explanation. Raises CannotExplain."""
    repository, config_path = repository_for(path, start, options.config)
    configured = configure(config_path, repository, registry, options)
    campaign, _, said = load_campaign(repository, path)
    if campaign is None or configured.config is None:
        raise CannotExplain(*map(_line, [*configured.said, *said]))
    now = campaign.delivery.send_at or options.now
    segment = read_segment(campaign, now if now.tzinfo else now.replace(tzinfo=options.now.tzinfo))
    _refuse_mistakes(segment)
    yield f"{campaign.name} ({repository.shown(path)})"
    yield ""
    if options.without_lists:
        yield from _told(campaign, segment, None, language)
        return
    from preflight.audience.load import load_audience

    with tempfile.TemporaryDirectory(prefix="preflight-") as workdir:
        loaded = load_audience(
            campaign,
            segment,
            configured.config,
            repository=repository,
            base=path.parent,
            config_base=config_path.parent if config_path else path.parent,
            now=now,
            workdir=Path(workdir),
        )
        _refuse_mistakes(loaded.segment)
        if loaded.audience is None:
            raise CannotExplain(*map(_line, loaded.said), loaded.why)
        try:
            yield from _told(campaign, loaded.segment, loaded.audience, language)
        finally:
            loaded.audience.close()


def _line(said: Said) -> str:
    span = said.problem.span
    place = f"{span.source.path}:{span.start_place.line}: " if span is not None else ""
    return f"{place}{said.problem.message}"


def _refuse_mistakes(segment: Segment) -> None:
    where = segment.where
    if where is not None and where.condition is None:
        lines = []
        for mistake in where.mistakes:
            place = where.part(mistake.start, mistake.end)
            line, column = place.start_place
            lines.append(
                f"{place.source.path}:{line}:{column}: {mistake.message}. {mistake.help}".strip()
            )
        raise CannotExplain(*lines)


def _told(
    campaign: Campaign, segment: Segment, audience: Audience | None, language: str
) -> Iterator[str]:
    from preflight.audience.sentence import Sentence

    sentence = Sentence(language)
    logic = segment.where.logic if segment.where is not None else None
    text = sentence.say("everybody")
    if logic is not None:
        text = sentence.say("those", x=sentence.piece(logic.root))
    exclude = campaign.audience.exclude
    if exclude:
        shown = [sentence.quoted(getattr(one, "table", one)) for one in exclude]
        names = sentence.listed(shown, "and")
        text += sentence.say("except", x=names)
    yield f"{text}."
    yield ""
    if logic is not None:
        yield from _clauses(segment, audience, logic, sentence)
    for one in audience.exclusions if audience is not None else ():
        yield sentence.say("excludes", x=sentence.quoted(one.path), n=f"{one.removed:,}")
    if audience is None:
        yield sentence.say("not_opened")
    else:
        word = "one_result" if audience.selected == 1 else "result"
        yield sentence.say(word, n=f"{audience.selected:,}", of=f"{audience.contacts:,}")
    if logic is not None:
        yield from _remarks(logic, sentence)


def _clauses(
    segment: Segment, audience: Audience | None, logic: Logic, sentence: Sentence
) -> Iterator[str]:
    """Each part of the conjunction: how many it keeps alone, how many there would be without."""
    from preflight.audience.structure import Joint

    where = segment.where
    assert where is not None
    joint = logic.root.joint
    pieces = logic.root.pieces if joint in (Joint.AND, Joint.OR) else (logic.root,)
    neutral = "false" if joint is Joint.OR else "true"
    if audience is None:
        return
    alone = [piece.text(where.text) for piece in pieces]
    without = [
        f"{where.text[: piece.outer[0]]} {neutral} {where.text[piece.outer[1] :]}"
        for piece in pieces
    ]
    counts = [one.count for one in audience.scan([*alone, *without], among="true", limit=1)]
    yield sentence.say("clauses")
    for number, piece in enumerate(pieces):
        yield "  " + sentence.say(
            "keeps_too" if len(pieces) > 1 else "keeps",
            x=sentence.piece(piece),
            n=f"{counts[number]:,}",
            of=f"{audience.contacts:,}",
            v=f"{counts[len(pieces) + number]:,}",
        )
    yield ""


def _remarks(logic: Logic, sentence: Sentence) -> Iterator[str]:
    """What logic adds: empty cells, and a contact of each kind."""
    from sqlglot import exp

    if logic.never:
        yield sentence.say("never")
        return
    if logic.always:
        yield sentence.say("always")
        return
    if not logic.decided:
        yield sentence.say("undecided")
    needed = [sentence.quoted(name) for name in logic.dropped_when_empty()]
    if needed:
        yield sentence.say("empty_cells", x=sentence.listed(needed))
    kept, dropped = logic.witness(), logic.counterexample()
    literals = {str(one.name) for one in logic.root.tree.find_all(exp.Literal)}
    if kept is not None and dropped is not None:
        dropped = {name: value for name, value in dropped.items() if kept.get(name) != value}
        somebody = sentence.say("somebody", x=_row(kept, literals, sentence))
        yield sentence.say("witness", x=somebody, v=_row(dropped, literals, sentence))
    elif kept:
        somebody = sentence.say("somebody", x=_row(kept, literals, sentence))
        yield sentence.say("only_witness", x=somebody)


def _row(row: Mapping[str, Value], literals: set[str], sentence: Sentence) -> str:
    parts = []
    for name, value in row.items():
        column = sentence.quoted(name)
        if value is None:
            parts.append(sentence.say("is_null", x=column))
        elif isinstance(value, bool):
            parts.append(f"{column} = {sentence.words['true_word' if value else 'false_word']}")
        elif isinstance(value, str) and value not in literals:
            parts.append(f"{column} = {sentence.words['other']}")
        elif isinstance(value, dt.datetime):
            parts.append(f"{column} = {value.date().isoformat()}")
        else:
            parts.append(
                f"{column} = {value!r}" if isinstance(value, str) else f"{column} = {value}"
            )
    return sentence.listed(parts, "and")
