"""Whether an address is made of a name: SQL over `people`, for every row, and the keys that tell
whose name it is made of instead."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from preflight_rules.cells import column_of

if TYPE_CHECKING:
    from preflight.audience.audience import Audience

SHORTEST = 4
"""Letters that a key must have: shorter ones name half the list."""
NEAR = 64
"""So many rows up and down are looked at for a constant distance."""


@cache
def _letters() -> dict[str, dict[str, str]]:
    file = files("preflight_rules.placeholders").joinpath("letters.json")
    return {
        name: table
        for name, table in json.loads(file.read_text("utf-8")).items()
        if name != "about"
    }


def _folded(sql: str, *, spelt_out: bool = False) -> str:
    """SQL: in lower case, without accents, in Latin letters."""
    lowered = other = f"lower({sql})"
    tables = _letters()
    if spelt_out:
        other = _replaced(other, tables["spelt_out"])
    latin = f"strip_accents({_replaced(other, tables['latin'])})"
    foreign = _replaced(latin, tables["cyrillic_and_greek"])
    # The longer the way, the fewer names take it.
    return (
        f"CASE WHEN NOT {_foreign(sql)} THEN {lowered} "
        rf"WHEN regexp_matches({lowered}, '[\p{{Cyrillic}}\p{{Greek}}]') THEN {foreign} "
        f"ELSE {latin} END"
    )


def _foreign(sql: str) -> str:
    """SQL: there are letters besides those of ASCII."""
    return f"(strlen({sql}) <> length({sql}))"


def _replaced(sql: str, table: Mapping[str, str]) -> str:
    single = {letter: latin for letter, latin in table.items() if len(latin) == 1}
    for letter, latin in table.items():
        if letter not in single:
            sql = f"replace({sql}, '{letter}', '{latin}')"
    if not single:
        return sql
    return f"translate({sql}, '{''.join(single)}', '{''.join(single.values())}')"


def _words(sql: str, *, spelt_out: bool = False) -> str:
    """SQL: the folded words of a name, with one blank between them."""
    folded = _folded(sql, spelt_out=spelt_out)
    return (
        f"CASE WHEN regexp_full_match({sql}, '[A-Za-z]*') THEN lower({sql}) "
        f"ELSE trim(regexp_replace({folded}, '[^a-z]+', ' ', 'g'), ' ') END"
    )


@dataclass(frozen=True, slots=True)
class Names:
    """Physical columns of names: those that are compared with the address (``whole`` only where
    there is neither of the others), and the one that is ``taken_out`` of the address before."""

    first: str | None = None
    last: str | None = None
    whole: str | None = None
    taken_out: str | None = None

    @property
    def all(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.first, self.last, self.whole)))


def name_columns(audience: Audience) -> Iterator[Names]:
    """The columns that are looked at together: the names as they are; then, where there are two,
    each alone, for a list of which only one column was moved."""
    found = [column_of(audience, name) for name in ("first_name", "last_name", "full_name")]
    first, last, whole = (column.physical if column else None for column in found)
    if first or last:
        yield Names(first, last)
    elif whole:
        yield Names(whole=whole)
    if first and last:
        yield Names(first=first, taken_out=last)
        yield Names(last=last, taken_out=first)


def rows_sql(names: Names, source: str) -> str:
    """SQL over a relation like `people`: ``_row``, ``k_spoken``, ``local`` (the letters of the
    address before the @), and whether the address is made of the row's own name (``state`` 1), of
    something else (2), or nothing can be told (0)."""
    words = " || ' ' || ".join(f"coalesce({_words(name)}, '')" for name in names.all)
    other = " || ' ' || ".join(
        f"CASE WHEN {_foreign(name)} THEN {_words(name, spelt_out=True)} ELSE '' END"
        for name in names.all
    )
    held = (
        "list_has_any(list_transform(string_split(w || ' ' || w2, ' '), lambda x: "
        "CASE WHEN length(x) > 3 THEN contains(local, left(x, 4)) "
        "WHEN length(x) > 1 THEN contains(local, x) ELSE false END), [true])"
    )
    initials = "array_to_string(list_transform(string_split(w, ' '), lambda x: left(x, 1)), '')"
    local = f"regexp_replace({_folded('l')}, '[^a-z]+', '', 'g')"
    gone = "local"
    if names.taken_out:
        for spelt_out in (False, True):
            out = f"replace({_words(names.taken_out, spelt_out=spelt_out)}, ' ', '')"
            foreign = f"WHEN NOT {_foreign(names.taken_out)} THEN ' ' " if spelt_out else ""
            out = f"CASE WHEN {names.taken_out} IS NULL THEN ' ' {foreign}ELSE {out} END"
            gone = f"replace({gone}, coalesce(nullif({out}, ''), ' '), '')"
    # In turn: what answers for most rows costs least. The columns are worked out one on another.
    return (
        "SELECT _row, k_spoken, local, CASE WHEN easy THEN 1 WHEN length(local) < 3 OR NOT "
        "regexp_matches(w, '[a-z]{3}') THEN 0 WHEN starts_with(local, left(w, 3)) THEN 1 "
        f"WHEN contains(local, replace(w, ' ', '')) THEN 1 WHEN {held} THEN 1 "
        f"WHEN local IN ({initials}, reverse({initials})) THEN 1 ELSE 2 END AS state "
        f"FROM (SELECT *, CASE WHEN easy THEN '' ELSE {words} END AS w, "
        f"CASE WHEN easy THEN '' ELSE {other} END AS w2 FROM (SELECT * REPLACE ("
        f"CASE WHEN easy THEN '' ELSE {gone} END AS local) "
        f"FROM (SELECT *, CASE WHEN easy THEN '' ELSE {local} END AS local "
        f"FROM (SELECT *, {_easy(names)} AS easy FROM {_with_local(source)}))))"
    )


def not_easy(audience: Audience, looks: Sequence[Names]) -> list[int]:
    """For each of these, how many addresses do not hold a name of their row as it is written."""
    parts = ", ".join(f"count(*) FILTER (WHERE NOT {_easy(names)})" for names in looks)
    return [
        int(count) for count in audience.query(f"SELECT {parts} FROM {_with_local('people')}")[0]
    ]


def out_of_step(audience: Audience, looks: Sequence[Names], stretch: int) -> list[list[int]]:
    """For each of these, the stretches of the list in which hardly an address holds a name of its
    row as it is written. One scan, which costs little, for all of them."""
    columns = sorted({name for names in looks for name in names.all})
    easy = ", ".join(
        f"strpos(f_address, CASE WHEN contains({name}, ' ') THEN split_part(lower({name}), ' ', 1) "
        f"ELSE lower({name}) END) BETWEEN 1 AND sign AS easy_{name}"
        for name in columns
    )
    named = ", ".join(columns)
    counts, low = [], []
    for index, names in enumerate(looks):
        own = " OR ".join(f"easy_{name}" for name in names.all)
        counts.append(
            f"count(*) FILTER (WHERE {own}) AS own_{index}, "
            f"count(coalesce({', '.join(names.all)})) AS told_{index}"
        )
        low.append(f"(told_{index} > 2 AND own_{index} * 16 <= told_{index})")
    found = audience.query(
        f"SELECT stretch, {', '.join(low)} FROM (SELECT _row // {stretch} AS stretch, "
        f"{', '.join(counts)} FROM (SELECT _row, {named}, {easy} FROM "
        "(SELECT *, strpos(f_address, '@') AS sign FROM people)) GROUP BY ALL) "
        f"WHERE {' OR '.join(low)} ORDER BY stretch"
    )
    return [[int(row[0]) for row in found if row[1 + index]] for index in range(len(looks))]


def _with_local(source: str) -> str:
    return f"(SELECT *, split_part(split_part(f_address, '@', 1), '+', 1) AS l FROM {source})"


def _easy(names: Names) -> str:
    """SQL: the plain way, which answers for most rows."""
    return "(" + " OR ".join(map(_held, names.all)) + ")"


def _held(name: str) -> str:
    """SQL: the address holds the first or the last word of a name as it is written."""
    lowered = f"lower(trim({name}))"
    words = (f"split_part({lowered}, ' ', 1)", f"split_part({lowered}, ' ', -1)")
    held = " OR ".join(f"(length({word}) > 2 AND contains(l, {word}))" for word in words)
    return f"coalesce({held}, false)"


def keys_sql(names: Names, source: str, *, weak: bool) -> str:
    """SQL over a relation like `people`: ``_row`` and ``key``, the ways in which an address may be
    made of the row's name. ``weak``: also of the first or the last name alone."""
    first, last = names.first, names.last
    selects = []
    for spelt_out in (False, True):
        if first or last:
            first_words = _words(first, spelt_out=spelt_out) if first else "''"
            last_words = _words(last, spelt_out=spelt_out) if last else "''"
        else:
            whole = _words(str(names.whole), spelt_out=spelt_out)
            first_words, last_words = (
                f"split_part({whole}, ' ', 1)",
                f"split_part({whole}, ' ', -1)",
            )
        foreign = " OR ".join(map(_foreign, names.all))
        selects.append(
            f"SELECT _row, coalesce({first_words}, '') AS f, coalesce({last_words}, '') AS l "
            f"FROM {source}" + (f" WHERE {foreign}" if spelt_out else "")
        )
    keys = [
        "a || z", "z || a", "left(a, 1) || z", "z || left(a, 1)", "a || left(z, 1)",
        "b || z", "z || b",
    ]  # fmt: skip
    # With one name only there is nothing else to go by.
    alone = "true" if weak else "(a = '' OR z = '')"
    return (
        f"SELECT DISTINCT _row, key FROM (SELECT _row, unnest(CASE WHEN a = '' OR z = '' THEN [] "
        f"ELSE [{', '.join(keys)}] END || CASE WHEN {alone} THEN [a, b, z] ELSE [] END) AS key "
        "FROM (SELECT _row, split_part(f, ' ', 1) AS a, replace(f, ' ', '') AS b, "
        f"replace(l, ' ', '') AS z FROM ({' UNION ALL '.join(selects)}))) "
        f"WHERE length(key) >= {SHORTEST}"
    )
