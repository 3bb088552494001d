"""The JSON contract: every key, always, in this order; the same bytes each time."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st
from report_demo import annotation, report

from preflight.report import FORMATS, Style, render
from preflight.report.model import Report
from preflight.rule import Fix
from preflight.source import Source


def test_the_contract() -> None:
    text = render("json", report(), Style())
    assert text == render("json", report(), Style())
    assert text.endswith("}\n")
    data = json.loads(text)
    assert list(data) == [
        "schema",
        "verdict",
        "campaigns",
        "annotations",
        "ignored",
        "not_checked",
        "counts",
    ]
    assert data["schema"] == "preflight-report/1"
    assert data["verdict"] == "blocked"
    assert data["campaigns"][0] == {
        "path": "campaigns/autumn/campaign.yaml",
        "name": "autumn-networking",
        "purpose": "prospecting",
        "audience": {"contacts": 400, "selected": 312},
    }
    keys = ["rule", "severity", "message", "path", "start", "end", "campaign", "recipients"]
    keys += ["related", "fix", "help", "fingerprint"]
    assert all(list(found) == keys for found in data["annotations"])
    assert list(data["ignored"][0]) == [*keys, "reason"]
    assert data["annotations"][1]["recipients"]["rows"][0] == {
        "path": "campaigns/autumn/network.csv",
        "line": 3,
    }
    assert data["annotations"][1]["related"][1] == {
        "path": "crm/clients.csv",
        "start": {"line": 12, "column": 1},
        "end": {"line": 12, "column": 27},
        "message": "a***@e***.com has been a client since 2009",
    }
    assert data["annotations"][2]["fix"] == {
        "path": "campaigns/autumn/invitation.html",
        "start": {"line": 3, "column": 13},
        "end": {"line": 3, "column": 24},
        "text": "{{ first_name }}",
        "title": "use the jinja tag",
    }
    assert data["not_checked"][1] == {
        "rule": "bulk-press-send",
        "campaign": None,
        "reason": "needs ledger.press in preflight.yaml",
    }
    assert data["counts"] == {
        "errors": 3,
        "warnings": 1,
        "notices": 1,
        "ignored": 1,
        "not_checked": 4,
    }


def test_an_empty_report() -> None:
    data = json.loads(render("json", Report(), Style()))
    assert data["verdict"] == "nothing-checked"
    assert data["annotations"] == data["campaigns"] == data["ignored"] == []


def test_addresses() -> None:
    text = render("json", report(), Style())
    assert "zoe.martin" not in text
    assert "anna@example.com" not in text
    assert "anna@example.com" in render("json", report(), Style(show_addresses=True))


def test_a_fix_is_exact_or_absent() -> None:
    source = Source("a", "x")

    def fix(text: str, **more: bool) -> object:
        found = annotation(fix=Fix(source.span(), text, "t"))
        data = json.loads(render("json", Report(annotations=(found,)), Style(**more)))
        return data["annotations"][0]["fix"]

    assert fix("jane@example.org") is None
    fixed = fix("jane@example.org", show_addresses=True)
    assert isinstance(fixed, dict)
    assert fixed["text"] == "jane@example.org"


@settings(deadline=None)
@given(st.text(st.one_of(st.characters(), st.sampled_from('#[\n\u2028\u202e\\"\x7f')), max_size=30))
def test_a_fix_survives_and_nothing_hidden_is_written(text: str) -> None:
    found = annotation(message=text, fix=Fix(Source("a", "x").span(), text, "t"))
    written = render("json", Report(annotations=(found,)), Style(show_addresses=True))
    assert json.loads(written)["annotations"][0]["fix"]["text"] == text
    assert "##[" not in written
    assert not set(written) & set("\u2028\u202e\x7f\ufeff\x85")
    written.encode()


def test_every_format_is_there() -> None:
    for name in FORMATS:
        assert render(name, report()).endswith("\n")
