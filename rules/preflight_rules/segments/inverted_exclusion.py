"""An exclusion that came out the wrong way round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from preflight.audience.audience import Audience, Exclusion
from preflight.audience.segment import Filter, Segment
from preflight.rule import Need, Problem, Rows, Severity, rule
from preflight_rules.segments._clauses import Part, contrary, names_people, parts_of, shown
from preflight_rules.segments._left_out import LeftOut, left_out, wrong, wrong_language
from preflight_rules.segments._meaning import About, Meaning, meaning_of

MANY, FEW = 0.8, 0.2
"""Shares of people to be left out: of an audience that is (nearly) all of them, and of one that
fits. Between the two nothing is said."""

SMALL = 3
"""So few people must all be of one kind."""


@dataclass(frozen=True, slots=True)
class _Tally:
    """How many of some contacts are to be left out (``them``), and how many are not."""

    them: int = 0
    others: int = 0

    @property
    def mostly(self) -> bool:
        if self.them + self.others < SMALL:
            return bool(self.them) and not self.others
        return self.them >= MANY * (self.them + self.others)

    @property
    def hardly(self) -> bool:
        return bool(self.others) and self.them <= FEW * (self.them + self.others)


class _Figures:
    """Contacts counted by the one clause that they fail (-1: they pass all), by the exclusions
    that hit them, and by whether they are to be left out; one scan."""

    def __init__(self, audience: Audience, parts: Sequence[Part], condition: str | None) -> None:
        bits = [f"coalesce(({audience.sql(part.text)}), false)" for part in parts]
        failed = " + ".join(f"(NOT b{index})::INTEGER" for index in range(len(bits))) or "0"
        which = "".join(f" WHEN NOT b{index} THEN {index}" for index in range(len(bits)))
        lists = [f"k_excluded_{one.index}" for one in audience.exclusions]
        asked = f"coalesce(({audience.sql(condition)}), false)" if condition else "false"
        named = "".join(f", {bit} AS b{index}" for index, bit in enumerate(bits))
        self.lists = [one.index for one in audience.exclusions]
        self.found = audience.query(
            f"SELECT CASE {which} ELSE -1 END AS failed, them{''.join(f', {x}' for x in lists)}, "
            f"count(*) FROM (SELECT {asked} AS them{''.join(f', {x}' for x in lists)}{named} "
            f"FROM people WHERE NOT k_seed) WHERE {failed} <= 1 GROUP BY ALL"
            if bits
            else f"SELECT -1 AS failed, {asked} AS them{''.join(f', {x}' for x in lists)}, "
            "count(*) FROM people WHERE NOT k_seed GROUP BY ALL"
        )

    def tally(self, failed: int, *, hit: bool | None = None, only: int | None = None) -> _Tally:
        """Of the contacts that fail just this clause: those whom some exclusion hits or not
        (None: both), or those whom this one exclusion alone takes away."""
        counts = {True: 0, False: 0}
        for which, them, *hits, count in self.found:
            if which != failed or (hit is not None and any(hits) is not hit):
                continue
            if only is not None and [i for i, x in zip(self.lists, hits, strict=True) if x] != [
                only
            ]:
                continue
            counts[them] += count
        return _Tally(counts[True], counts[False])


@rule("inverted-exclusion", on=Audience, severity=Severity.ERROR, needs=(Need.EXCLUDED,))
def inverted_exclusion(audience: Audience) -> Iterator[Problem]:
    """The audience is made of the people whom it should leave out; says which clause does it."""
    where = audience.segment.where
    if where is None and not audience.exclusions:
        return
    parts = parts_of(where.text) if where is not None else ()
    found = next(_by_figures(audience, parts), None)
    if found is not None:
        yield found
    elif where is not None:
        yield from _by_name(audience, parts)


@inverted_exclusion.also(on=Segment)
def by_words(segment: Segment) -> Iterator[Problem]:
    """A clause asks for those who should be left out, by the words that it uses."""
    where = segment.where
    if where is None or where.condition is None:
        return
    parts = parts_of(where.text)
    yield from _by_language(segment, where, parts)
    if _figures_tell(segment):
        return  # the other check has the people themselves
    purpose = segment.campaign.purpose.value
    asked = [(part, *_asked(part)) for part in parts]
    for part, meaning, column in asked:
        whom = wrong(purpose, meaning, column)
        contrary = meaning is not None and any(other == meaning.turned() for _, other, _ in asked)
        if whom is not None and not contrary:
            yield _wrong_clause(where, part, meaning, whom)


def _figures_tell(segment: Segment) -> bool:
    """Whether the lists are open and have anything to go by (what `Need.EXCLUDED` asks for)."""
    from preflight.audience.opted_out import is_flag, is_state

    names = segment.where.names if segment.where is not None else None
    if names is None:
        return False
    facts = {"is_known", "is_suppressed", "relationship", "known_since"}
    return (
        bool(segment.campaign.audience.exclude)
        or not facts.isdisjoint(names.terms)
        or any(is_flag(name) or is_state(name) for name in names.terms)
    )


def _asked(part: Part) -> tuple[Meaning | None, str]:
    """What a part asks about, and of which column."""
    from preflight.audience.condition import parse

    condition = parse(part.text)
    return meaning_of(condition.tree), condition.columns[0].name if condition.columns else ""


def _wrong_clause(
    where: Filter, part: Part, meaning: Meaning | None, whom: str, rows: Rows | None = None
) -> Problem:
    unmarked = meaning is not None and meaning.about is About.UNWANTED
    return Problem(
        where.part(part.start, part.end),
        f"“{part.shown}” chooses the people {whom}",
        f"Turn it round: {shown(contrary(part.text, or_empty=unmarked))}.",
        rows=rows,
    )


def _by_language(segment: Segment, where: Filter, parts: Sequence[Part]) -> Iterator[Problem]:
    from preflight.audience.condition import parse

    language = segment.campaign.language
    for part in parts if language else ():
        readers = wrong_language(str(language), parse(part.text).tree)
        if readers is not None:
            yield Problem(
                where.part(part.start, part.end),
                f"“{part.shown}” chooses {readers}, and the mail is in “{language}”",
                "Turn it round, or correct the language of the campaign.",
            )


def _by_figures(audience: Audience, parts: Sequence[Part]) -> Iterator[Problem]:
    for group in left_out(audience):
        figures = _Figures(audience, parts, group.condition)
        yield from _turned_clause(audience, parts, group, figures)
        yield from _turned_list(audience, group, figures)
        yield from _swapped_lists(audience, group, figures)
    if audience.kept and not audience.selected:
        yield from _same_as_excluded(audience, parts)


def _turned_clause(
    audience: Audience, parts: Sequence[Part], group: LeftOut, figures: _Figures
) -> Iterator[Problem]:
    """With one clause turned round, the audience would fit."""
    chosen, kept = figures.tally(-1, hit=False), figures.tally(-1)
    saved = kept.them + kept.others - chosen.them - chosen.others
    hit: bool | None
    if kept.mostly and chosen.them + chosen.others and saved >= 0.9 * (kept.them + kept.others):
        hit, now = None, kept  # the exclusions catch what the filter lets through
    elif chosen.mostly:
        hit, now = False, chosen
    else:
        return
    turned = [(figures.tally(index, hit=hit), index) for index in range(len(parts))]
    fitting = [
        (then.them / (then.them + then.others), -then.others, index)
        for then, index in turned
        if then.hardly
        and now.them >= then.them
        and not names_people(parts[index].text)
        and _can_be_to_blame(parts[index], group)
    ]
    if not fitting:
        return
    _, others, index = min(fitting)
    part = parts[index]
    where = audience.segment.where
    assert where is not None
    caught = f" ({saved:,} of them are in an exclusion list)" if hit is None else ""
    yield Problem(
        where.part(part.start, part.end),
        f"“{part.shown}” keeps {_people(now.them)} {group.them}{caught} and drops {-others:,} "
        f"{group.others}: {_turned(part)}, it would be the other way round",
        "Turn this part of the filter round, then say with audience.expect whom you expect.",
        rows=audience.scan([group.condition])[0],
    )


def _can_be_to_blame(part: Part, group: LeftOut) -> bool:
    return group.asked is None or _asked(part)[0] == group.asked


def _turned_list(audience: Audience, group: LeftOut, figures: _Figures) -> Iterator[Problem]:
    """An exclusion takes away those who are meant, and leaves those who are not."""
    chosen = figures.tally(-1, hit=False)
    if not chosen.mostly:
        return
    for exclusion in audience.exclusions:
        taken = figures.tally(-1, only=exclusion.index)
        if (
            taken.hardly
            and taken.others >= MANY * (taken.others + chosen.others)
            and (taken.others >= SMALL)
        ):
            yield Problem(
                exclusion.span,
                f"“{exclusion.path}” leaves out {_people(taken.others)} {group.others} and lets "
                f"{chosen.them:,} {group.them} through: the wrong list, or the other way round",
                "Exclude the list of the people who are not meant; choose the others by contacts "
                "or by the filter.",
                rows=audience.scan([group.condition])[0],
            )
            return


def _swapped_lists(audience: Audience, group: LeftOut, figures: _Figures) -> Iterator[Problem]:
    """The recipients are those to be left out, the list to be left out is of others."""
    chosen = figures.tally(-1, hit=False)
    if not chosen.mostly or "is_known" not in group.condition:
        return
    for exclusion in audience.exclusions:
        if exclusion.contacts or 2 * exclusion.entries < audience.selected:
            continue
        entries = _known_entries(audience, exclusion)
        if entries.hardly and entries.others >= SMALL:
            yield Problem(
                exclusion.span,
                f"the recipients are {_people(chosen.them)} {group.them}, and “{exclusion.path}” "
                f"leaves out {entries.others:,} {group.others}: the two lists are swapped",
                "Send to the list that is excluded here, and exclude the one under contacts.",
                rows=audience.scan([group.condition])[0],
            )
            return


def _known_entries(audience: Audience, exclusion: Exclusion) -> _Tally:
    """Of the addresses of an exclusion list: how many are known by their address, or want no
    mail: such a list is rightly where it is."""
    kinds = [kind for kind in ("clients", "known", "suppressed") if kind in audience.ledger.kinds]
    known = " OR ".join(
        f"address IN (SELECT address FROM ledger_{kind} WHERE address IS NOT NULL)"
        for kind in kinds
    )
    found = audience.query(
        f"SELECT count(*) FILTER (WHERE {known or 'false'}), count(*) FROM "
        f"(SELECT DISTINCT address FROM exclusion_{exclusion.index} WHERE address IS NOT NULL)"
    )[0]
    return _Tally(int(found[0]), int(found[1] - found[0]))


def _same_as_excluded(audience: Audience, parts: Sequence[Part]) -> Iterator[Problem]:
    """The filter keeps exactly the people whom the exclusions take away."""
    where = audience.segment.where
    if where is None:
        return
    figures = _Figures(audience, parts, None)
    turned = [
        (figures.tally(index, hit=False).others, figures.tally(index, hit=True).others, index)
        for index in range(len(parts))
    ]
    fitting = [
        (free, index) for free, hit, index in turned if free >= SMALL and hit <= FEW * (free + hit)
    ]
    if fitting:
        free, index = max(fitting, key=lambda one: (one[0], -one[1]))
        part = parts[index]
        yield Problem(
            where.part(part.start, part.end),
            f"“{part.shown}” keeps only {_people(audience.kept)} whom the exclusions take away "
            f"again: turned round, {free:,} would remain",
            "Turn this part of the filter round, or exclude another list.",
        )


def _by_name(audience: Audience, parts: Sequence[Part]) -> Iterator[Problem]:
    """A clause asks for those who are marked to be left out. Who is known, the figures tell."""
    where = audience.segment.where
    if where is None:
        return
    for part in parts:
        meaning, column = _asked(part)
        whom = wrong(audience.campaign.purpose.value, meaning, column)
        if whom is not None and meaning is not None and meaning.about is not About.KNOWN:
            rows = audience.scan(["true"])[0] if audience.selected else None
            yield _wrong_clause(where, part, meaning, whom, rows)


def _turned(part: Part) -> str:
    """How the clause is turned round, in words."""
    written = f" {part.shown.casefold()} "
    if " not " in written:
        return "without “not”"
    return "with “=” in place of “<>”" if "<>" in written or "!=" in written else "with “not”"


def _people(number: int) -> str:
    return "the one person" if number == 1 else f"the {number:,} people"
