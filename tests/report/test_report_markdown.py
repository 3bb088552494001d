"""The job summary: campaign text shows as it is and does nothing."""

from __future__ import annotations

import html
import re

from hypothesis import given, settings
from hypothesis import strategies as st
from report_demo import annotation, report

from preflight.report import Style, render
from preflight.report.markdown import LARGEST, escape
from preflight.report.model import Recipients, Report
from preflight.rule import Severity
from preflight.source import Source
from preflight.visible import visible

OPEN = Style(show_addresses=True)


def markdown(*found: object) -> str:
    return render("markdown", Report(annotations=tuple(found)), Style())  # type: ignore[arg-type]


@settings(deadline=None)
@given(
    st.text(st.one_of(st.characters(), st.sampled_from("|`<>@#*_[]()!~$&\\\n:/w.")), max_size=80)
)
def test_escaping_shows_the_text_and_no_markup(text: str) -> None:
    escaped = escape(text, OPEN)
    bare = escaped.replace("<span>$</span>", "")
    assert not re.search(r"[|`<>@*_\[\]()!~$\\\n{}\"']", bare)
    assert not re.search(r"&(?!#\d+;)", bare)
    assert "://" not in bare
    shown = html.unescape(escaped.replace("<span>$</span>", "$")).replace("\u200b", "")
    assert shown == visible(text)


def test_markup_mentions_references_and_links_are_dead() -> None:
    said = "| <img src=x> `a` **b** @octocat fixes #12 https://x.test www.x.test [a](b)\n# h"
    row = markdown(annotation(message=said)).splitlines()[6]
    assert row.count("|") == 6
    for live in ("<img", "`", "**", "@octocat", "fixes #", "https://", "www.x", "[a]", "# h"):
        assert live not in row
    assert "\\n" in html.unescape(row)


def test_the_summary() -> None:
    lines = render("markdown", report(), Style()).splitlines()
    assert lines[:6] == [
        "## Preflight: do not send",
        "",
        "**Do not send: 3 errors, 1 warning, 1 notice in 1 of 2 campaigns.**",
        "",
        "| | Rule | Place | What | Recipients |",
        "| --- | --- | --- | --- | --- |",
    ]
    assert [line.split(" ")[1] for line in lines[6:11]] == [
        "error",
        "error",
        "error",
        "warning",
        "notice",
    ]
    assert lines[6] == (
        "| error | <code>known-contact-in-cold-campaign</code> "
        "| <code>campaigns/autumn/campaign.yaml:11:10</code> "
        "| 37 of 312 recipients are people you know, and this is a first-contact campaign"
        "<br>What to do: Turn the clause round: “relationship is null”. It chooses 88 people, "
        "none of whom you know. | 37 of 312 recipients<br>campaigns/autumn/network.csv lines "
        "3, 8, 9, 14, 15, and 32 more |"
    )
    rest = "\n".join(lines[11:])
    assert "### Not checked: 3 rules" in rest
    assert (
        "- <code>contact-in-dispute</code> (in <code>campaigns/autumn/campaign.yaml</code>): "
        "needs ledger.disputes"
    ) in rest
    assert "| newsrooms are reached there |" in rest
    assert "| autumn-networking | prospecting | 312 of 400 |" in rest


def test_a_large_summary_ends_at_a_row_and_says_so() -> None:
    source = Source("a", "x")
    many = [
        annotation("r", f"{n} " + "é|" * 900, source.span(), Severity.WARNING) for n in range(2_000)
    ]
    text = markdown(*many, annotation("worst", recipients=Recipients(1, 2, ())))
    assert 800_000 < len(text.encode()) <= LARGEST
    lines = text.splitlines()
    assert "worst" in lines[6]
    rows = [line for line in lines if line.startswith(("| warning", "| error"))]
    assert all(row.endswith("|") and row.count("|") == 6 for row in rows)
    more = f"And {2_001 - len(rows):,} more annotations"
    assert lines[-1] == f"{more}: this summary is full, see the log for the rest."


def test_nothing_found() -> None:
    assert markdown() == (
        "## Preflight: nothing was checked\n\n"
        "**Nothing was checked: no campaign.yaml and no mail is below the paths given.**\n"
    )
