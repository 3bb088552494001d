"""One person under two addresses."""

from __future__ import annotations

from collections.abc import Iterator

from preflight.audience.audience import FIRST_ROWS, Audience
from preflight.audience.ledger import public_domains
from preflight.rule import Problem, Rows, Severity, rule
from preflight_rules.cells import column_of

_LARGE = 300
"""Recipients at one company among whom two may well have one name."""


@rule("duplicate-person", on=Audience, severity=Severity.NOTICE)
def duplicate_person(audience: Audience) -> Iterator[Problem]:
    """The same name stands at the same company under two addresses."""
    first, last = column_of(audience, "first_name"), column_of(audience, "last_name")
    if first is None or last is None:
        return
    named = column_of(audience, "company")
    at_home = "CASE WHEN list_contains(?, f_domain) THEN NULL ELSE f_domain END"
    company = (
        f"coalesce(nullif(lower(trim({named.physical})), ''), {at_home})" if named else at_home
    )
    given, family = (f"strip_accents(lower(trim({column.physical})))" for column in (first, last))
    # Who cannot be told apart has no number; they are not left out before, because a condition
    # would work out all parts a second time.
    people = (
        "SELECT _row, f_address, f_domain, given || ' ' || family AS name, company, CASE WHEN "
        f"(f_ordinary OR strpos(f_address, '@') > 1) AND {_is_name('given')} "
        f"AND {_is_name('family')} AND company IS NOT NULL THEN hash(given, family, company) END "
        f"AS person FROM (SELECT _row, f_address, f_domain, f_ordinary, {given} AS given, "
        f"{family} AS family, {company} AS company FROM people WHERE k_spoken) AS parts"
    )
    values = [public_domains()] * people.count("?")
    # Numbers first: most names stand once, and texts need not be kept to see that.
    twice = f"SELECT person FROM ({people}) AS numbers GROUP BY person HAVING count(person) > 1"
    if not audience.query(f"{twice} LIMIT 1", values):
        return
    local = "split_part(split_part(f_address, '@', 1), '+', 1)"
    found = audience.query(
        f"WITH people_named AS ({people}), same AS (SELECT *, "
        f"replace({local}, '.', '') || '@' || f_domain AS mailbox "
        f"FROM people_named WHERE person IN ({twice})), large AS ("
        "SELECT company FROM people_named WHERE person IS NOT NULL "
        "AND company IN (SELECT company FROM same) "
        f"GROUP BY company HAVING count(*) > {_LARGE}) "
        "SELECT list(_row ORDER BY _row) FROM same "
        "WHERE company NOT IN (SELECT company FROM large) "
        "GROUP BY name, company HAVING min(mailbox) <> max(mailbox) ORDER BY min(_row)",
        values * 2,
    )
    again = sorted(row for (rows,) in found for row in rows[1:])
    if again:
        before = next(r[0] for (r,) in found if again[0] in r)
        yield Problem(
            None,
            "{recipients} {have} the name and the company of an earlier row, under another address",
            "Keep the address that the person reads, when it is one person.",
            rows=Rows(len(again), tuple(again[:FIRST_ROWS])),
            related=(audience.related(before, "the same name stands here before"),),
        )


def _is_name(column: str) -> str:
    """More than an initial: two letters, or one that is a word, as in Chinese and Korean."""
    return f"(length({column}) > 1 OR regexp_matches({column}, '[㐀-鿿가-힣]'))"
