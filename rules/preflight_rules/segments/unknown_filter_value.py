"""A value of a filter that no contact has, where the contacts have one that is nearly so."""

from __future__ import annotations

from collections.abc import Iterator

from preflight.audience.audience import Audience
from preflight.rule import Problem, Severity, rule
from preflight_rules.segments._clauses import fix_of
from preflight_rules.segments._vocabulary import Word, patterns_in_other_capitals, unknown_words


@rule("unknown-filter-value", on=Audience, severity=Severity.ERROR)
def unknown_filter_value(audience: Audience) -> Iterator[Problem]:
    """A filter asks for a value that no contact has, though they have one nearly like it."""
    where = audience.segment.where
    if where is None or not audience.contacts:
        return
    for word in unknown_words(audience, where):
        literal = "'" + word.near.replace("'", "''") + "'"
        title = f"Write '{word.near}'"
        have = "contact has" if word.count == 1 else "contacts have"
        yield Problem(
            where.part(word.start, word.end),
            f"no contact has '{word.text}' in “{word.column}”; {word.count:,} {have} '{word.near}'",
            _help(word),
            weaker=audience.kept > 0,
            fix=fix_of(where, word.start, word.end, literal, title) if word.sure else None,
        )
    for pattern in patterns_in_other_capitals(audience, where):
        do = "contact does" if pattern.count == 1 else "contacts do"
        yield Problem(
            where.part(pattern.start, pattern.end),
            f"no contact fits '{pattern.text}' in “{pattern.column}”; {pattern.count:,} {do} but "
            "for capitals and small letters",
            "Texts are compared letter by letter, capitals too: write it as the list does, or use "
            "“ilike”.",
            weaker=audience.kept > 0,
        )


def _help(word: Word) -> str:
    if word.near.casefold() == word.text.casefold():
        return "Texts are compared letter by letter, capitals too: write it as the list does."
    return f"Did you mean '{word.near}'?"
