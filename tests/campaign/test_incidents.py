"""``incidents.yaml``: what is read, when an incident is open, and mistakes."""

from __future__ import annotations

import datetime as dt

import pytest

from preflight.audience.incidents import UpdateKind, incidents_from, load_incidents
from preflight.files import Repository
from preflight.source import Source

ENTRIES = """\
- id: night-charge
  title: All instalments charged at once
  since: 2026-11-01T02:00
  until: 2026-11-02
  affects: affected.CSV
  updates:
    - {kind: first, at: 2026-11-01T07:00+01:00, campaign: first/campaign.yaml}
    - {kind: all-clear}
- {id: mail-down, since: 2026-11-05, affects: "plan = 'pro'"}
- {id: three, since: 2026-11-05, until: 2026-11-05T12:00, affects: [a.csv, b.csv]}
"""
NO_SINCE = "“since” is missing under entry 1 of “incidents”"
KEYS = "id, title, since, until, affects, updates"
PARIS = dt.timezone(dt.timedelta(hours=1))


def read(text):
    return incidents_from(Source("incidents.yaml", text))


def mistakes(text):
    incidents, said = read(text)
    assert incidents == ()
    return [
        (s.rule, *s.problem.span.start_place, s.problem.span.text, s.problem.message) for s in said
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (ENTRIES, 5),
        ("incidents:\n" + ENTRIES, 6),
        ("incidents:\n  " + ENTRIES.replace("\n", "\n  "), 6),
    ],
)
def test_incidents_are_read_with_their_places(text, line):
    incidents, said = read(text)
    assert said == []
    first, second, third = incidents
    assert (first.id, first.title) == ("night-charge", "All instalments charged at once")
    assert (first.affects_paths, first.affects_condition) == (("affected.CSV",), None)
    assert (second.affects_paths, second.affects_condition) == ((), "plan = 'pro'")
    assert (third.affects_paths, third.affects_condition) == (("a.csv", "b.csv"), None)
    assert first.updates[0].kind is UpdateKind.FIRST
    assert first.updates[0].campaign == "first/campaign.yaml"
    assert first.updates[1].kind is UpdateKind.ALL_CLEAR
    assert first.updates[1].at is None
    assert first.span("affects").text == "affected.CSV"
    assert first.span("affects").start_place.line == line
    assert first.span("updates", 1, "kind").text == "all-clear"
    assert first.span("nothing").start_place == first.span().start_place
    assert second.span("until") == second.span()


@pytest.mark.parametrize(
    ("number", "clock", "is_open"),
    [
        (0, "2026-11-01T01:59+01:00", False),
        (0, "2026-11-01T02:00+01:00", True),
        (0, "2026-11-02T23:59:59+01:00", True),
        (0, "2026-11-03T00:00+01:00", False),
        (0, "2026-11-02T23:30+00:00", True),
        (1, "2026-11-04T23:59+01:00", False),
        (1, "2026-11-05T00:00+01:00", True),
        (1, "2030-01-01T00:00+01:00", True),
        (2, "2026-11-05T11:59+01:00", True),
        (2, "2026-11-05T12:00+01:00", False),
        (2, "2026-11-05T11:59", True),
    ],
)
def test_an_incident_is_open_by_the_clock_in_its_zone(number, clock, is_open):
    incidents, _ = read(ENTRIES)
    assert incidents[number].open_at(dt.datetime.fromisoformat(clock)) is is_open


def test_a_time_with_a_zone_keeps_it():
    (incident,), _ = read("- {id: a, since: 2026-11-01T02:00Z, affects: a.csv}")
    assert incident.begins(PARIS) == dt.datetime(2026, 11, 1, 3, tzinfo=PARIS)


@pytest.mark.parametrize("text", ["", "# none\n", "[]\n", "incidents:\n", "incidents: []\n"])
def test_there_may_be_none(text):
    assert read(text) == ((), [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- {id: a, affects: x}", [(1, 4, "id", NO_SINCE)]),
        ("- {id: a, since: soon, affects: x}", [(1, 18, "soon", "“soon” is no date and time")]),
        ("- {id: a, since: 2026-11-01, affects: []}",
         [(1, 30, "affects", "“affects” needs at least one entry")]),
        ("- {id: '', since: 2026-11-01, affects: x}", [(1, 4, "id", "“id” must not be empty")]),
        ("- {id: a, since: 2026-11-01, affects: x, updates: [{kind: last}]}",
         [(1, 59, "last", "“last” is no kind; one of first, update, all-clear")]),
        ("- {id: a, since: 2026-11-02, until: 2026-11-01, affects: x}",
         [(1, 37, "2026-11-01", "the incident “a” ends before it begins")]),
        ("- {id: a, since: 2026-11-02, affects: x}\n- {id: a, since: 2026-11-02, affects: x}",
         [(2, 8, "a", "the incident “a” is given twice")]),
        ("- nonsense", [(1, 3, "nonsense",
         f"entry 1 of “incidents” must be a mapping of keys and values ({KEYS}), not “nonsense”")]),
        ("foo: 1", [(1, 1, "foo", "“foo” is no key that is known here")]),
        ("text", [(1, 1, "text", "the file must hold keys and values, not “text”")]),
    ],
)  # fmt: skip
def test_mistakes(text, expected):
    assert mistakes(text) == [("invalid-configuration", *one) for one in expected]


def test_what_is_no_yaml():
    assert mistakes("- [")[0][:3] == ("invalid-yaml", 1, 3)


def test_a_file_that_is_not_there(tmp_path):
    incidents, (said,) = load_incidents(Repository(tmp_path, tmp_path), tmp_path / "i.yaml")
    assert (incidents, said.rule) == ((), "unreadable-file")
    assert said.problem.message == "“i.yaml” does not exist"
