"""What is proven of a condition without any row holds for every row."""

from __future__ import annotations

import pytest
from filters_by_chance import NOW, checked, filters

from preflight.audience.condition import parse
from preflight.audience.logic import Logic


def read(text: str) -> Logic:
    return Logic(parse(text), None, NOW)


@pytest.mark.parametrize("seed", range(4))
def test_no_row_belies_what_logic_claims_of_filters_made_by_chance(seed):
    wrong, claims = checked(250, seed)
    assert wrong == []
    # The claims are made, not shirked: nearly all that the rows show is proven.
    assert claims["never"] > 30
    assert claims["no row, proven"] > 0.7 * claims["no row"]
    assert claims["all rows, proven"] > 0.6 * claims["all rows"]
    assert min(claims[name] for name in ("idle", "hollow", "full", "witness")) > 5


@pytest.mark.parametrize(
    "text",
    [
        "country = 'FR' and country = 'DE'",
        "age > 60 and vip and age < 18",
        "age between 60 and 18",
        "lower(country) = 'FR'",
        "country = 'DE' and lower(country) = 'fr'",
        "country not in ('FR', null)",
        "country = null",
        "country <> null",
        "relationship is null and relationship <> 'client'",
        "relationship <> 'client' and relationship = 'client'",
        "email like '%@a.example' and email like '%@b.example'",
        "zip like '75%' and zip like '69%'",
        "joined > current_date and joined < current_date - interval '30 days'",
        "joined >= '2026-01-01' and year(joined) = 2025 and joined is null",
        "year(joined) = 2025 and year(joined) = 2026",
        "month(joined) = 13",
        "length(name) < 0",
        "coalesce(country, 'FR') = 'DE' and country is null",
        "domain(email) = 'Example.org'",
        "matches(name, 'x') and not matches(name, 'x')",
        "vip and not vip",
        "vip is true and vip is null",
        "is_known and not is_known",
        "unsubscribed is not true and unsubscribed = true",
        "not (country <> 'FR' or country = 'FR') and country is not null",
        "a = 1 and b = 2 and (a = 3 or b = 4)",
    ],
)
def test_contradictions(text):
    logic = read(text)
    assert logic.never
    assert logic.witness() is None
    assert logic.clash()


@pytest.mark.parametrize(
    "text",
    [
        "country is null or country is not null",
        "is_known or not is_known",
        "vip is true or vip is not true",
        "coalesce(vip, false) or not coalesce(vip, false)",
        "1 = 1",
        "country = 'FR' or country <> 'FR' or country is null",
        "country is not distinct from 'FR' or country is distinct from 'FR'",
        "score > 3 or score <= 3 or score is null",
    ],
)
def test_always_true(text):
    logic = read(text)
    assert logic.always
    assert not logic.never


@pytest.mark.parametrize(
    "text",
    [
        "country = 'FR'",
        "country <> 'FR'",
        "vip or not vip",  # NULL is neither
        "age > 17 and age < 18",  # half a year, where no list says whole numbers
        "a = b and a <> b",  # columns with each other
        "matches(name, 'a') and matches(name, 'b')",
        "email like '%a%' and email like '%b%'",
        "relationship is null or relationship <> 'client'",
        "joined > current_date - interval '30 days' and joined < current_date",
        "country = 'FR' or country = 'DE'",
        "name like 'A%' and name like '%b' and length(name) > 5",
        "city ilike 'PARIS' and city like 'lyon%'",  # not decided
        "joined >= '2026-01-01' and year(joined) = 2025",  # not decided
    ],
)
def test_neither(text):
    logic = read(text)
    assert not logic.never
    assert not logic.always
    assert not list(logic.hollow())


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("score > 5 and score > 3", ["score > 3"]),
        ("vip and country = 'FR' and vip", ["vip"]),
        ("country = 'FR' and (country = 'FR' or vip)", ["country = 'FR' or vip"]),
        ("vip or (vip and country = 'FR')", ["vip and country = 'FR'"]),
        ("country in ('FR', 'BE') and country <> 'DE'", ["country <> 'DE'"]),
        ("true and vip", ["true"]),
        ("vip and (country is null or country is not null)", ["country is null or country is not null"]),
        ("email is not null and email <> ''", ["email is not null"]),
        ("country = 'FR' and vip", []),
        ("country = 'FR' and country = 'DE'", []),  # nothing matters: another answer says so
        ("not (vip and country = 'FR' and vip)", ["vip"]),
    ],
)  # fmt: skip
def test_pieces_that_change_nothing(text, pieces):
    assert [piece.text(text) for piece in read(text).idle()] == pieces


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("country <> 'FR' or country <> 'BE'", ["country <> 'FR' or country <> 'BE'"]),
        ("vip and (a <> 1 or a <> 2)", ["a <> 1 or a <> 2"]),
        ("name like '%'", ["name like '%'"]),
        ("name is not null", []),
        ("country <> 'FR' or country is null", []),
        ("vip and country <> 'FR'", []),
    ],
)
def test_pieces_that_are_true_of_all_that_is_filled(text, pieces):
    assert [piece.text(text) for piece in read(text).full()] == pieces


def test_alternatives_that_can_never_be_true():
    text = "vip or (country = 'FR' and country = 'DE') or age < 3"
    (piece,) = read(text).hollow()
    assert piece.text(text) == "country = 'FR' and country = 'DE'"


def test_as_few_pieces_as_exclude_each_other():
    text = "vip and country = 'FR' and score > 3 and country = 'DE' and city <> 'Lyon'"
    assert [one.text(text) for one in read(text).clash()] == ["country = 'FR'", "country = 'DE'"]


def test_a_witness_is_named_by_the_columns_as_written():
    assert read("Land = 'FR' and Score > 3").witness() == {"Land": "FR", "Score": 4}
    assert read("country <> 'FR'").counterexample() == {"country": None}


@pytest.mark.parametrize(
    "text",
    [
        " and ".join(f"c{i} = 'v'" for i in range(200)),
        " or ".join(f"c{i} = 'v'" for i in range(200)),
        " and ".join(f"(c{i} = 'v' or c{i + 1} = 'w')" for i in range(200)),
        " or ".join(f"city like '%{i}%'" for i in range(60)),
        " or ".join(f"a = {i}" for i in range(1200)),
        "a in (" + ", ".join(str(i) for i in range(3000)) + ")",
        "not " * 60 + "a",
        "lower(a) = 'x' and upper(a) = 'Y' and trim(a) > 'b' and length(a) > 3 and a like '%x%y%'",
        "a like '" + "%a" * 300 + "' and a like '" + "a%" * 300 + "'",
        "a = 1e400 and a > -1e999",
        "a > 99999999999999999999999 and a < 99999999999999999999999",
        "d < '9999-12-31' or d > '0001-01-01'",
        "d > current_date - interval '900 years'",
    ],
    ids=lambda text: text[:20],
)
def test_long_and_odd_filters_are_read_or_left_undecided(text):
    logic = read(text)
    assert len(list(logic.idle())) + len(list(logic.full())) + len(list(logic.hollow())) < 50
    logic.witness()
    logic.counterexample()


def test_a_contradiction_is_found_within_a_filter_that_is_too_large():
    pairs = " and ".join(f"(c{i} = 'v' or c{i + 1} = 'w')" for i in range(40))
    text = f"{pairs} and country = 'FR' and country = 'DE' and (country = 'x' or c3 = 'y')"
    logic = read(text)
    assert not logic.decided
    assert logic.never
    assert [one.text(text) for one in logic.clash()] == ["country = 'FR'", "country = 'DE'"]


def test_filters_made_by_chance_can_be_repeated():
    import itertools
    import random

    one, other = (list(itertools.islice(filters(random.Random(3)), 50)) for _ in range(2))
    assert one == other
