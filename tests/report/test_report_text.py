"""The report for people, letter by letter."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from report_demo import CAMPAIGN, HTML, LIST, annotation, report, span

from preflight.report import Style, render
from preflight.report.layout import display_width
from preflight.report.model import CheckedCampaign, Ignored, NotChecked, Recipients, Report
from preflight.rule import Fix, Severity
from preflight.source import Source

CHECKED = CheckedCampaign(CAMPAIGN.path, "autumn", "event", 400, 312)


def text(found: Report, **more: bool | int) -> str:
    return render("text", found, Style(width=80, **more))  # type: ignore[arg-type]


def closing(found: Report, **more: bool | int) -> str:
    return text(found, **more).splitlines()[-1]


def test_the_whole_report() -> None:
    assert text(report()) == EXPECTED


def test_quiet_says_what_blocks_and_the_verdict() -> None:
    said = text(report(), quiet=True)
    assert "error[" in said
    assert "notice[" not in said
    assert "Not checked" not in said
    assert said.endswith("\n\nDo not send: 3 errors, 1 warning, 1 notice in 1 of 2 campaigns.\n")


def test_verbose_says_all() -> None:
    said = text(report(), verbose=True)
    assert "(ignored: “newsrooms are reached there”)" in " ".join(said.split())
    assert "note: preflight.yaml was read from the repository root" in said
    crash = annotation(detail="Traceback\n  File x\x1b\n")
    assert "    Traceback\n      File x\\x1b\n" in text(Report(annotations=(crash,)), verbose=True)
    assert "Traceback" not in text(Report(annotations=(crash,)))


def test_colors_change_nothing_but_colors() -> None:
    painted = text(report(), color=True)
    assert re.sub(r"\x1b\[[\d;]*m", "", painted) == text(report())
    assert "\x1b[1;31merror\x1b[0m" in painted
    assert "\x1b" not in text(report())


@pytest.mark.parametrize("width", [1, 40, 57, 80, 100])
def test_every_line_but_places_fits(width: int) -> None:
    for line in render("text", report(), Style(width=width)).splitlines():
        if not re.match(r"\S+:\d+:\d+: ", line):
            assert display_width(line) <= max(40, width)


def test_one_rule_does_not_drown_the_rest() -> None:
    many = tuple(annotation("loud", f"number {n}", why="Because.") for n in range(32))
    said = text(Report((CHECKED,), (*many, annotation("calm", "once"))))
    assert said.count("error[loud]") == 20
    assert said.count("Because.") == 1
    assert "\n... and 12 more of loud (see --format concise)\n" in said
    assert "error[calm]" in said
    assert said.endswith("Do not send: 33 errors in 1 campaign.\n")


def test_recipients() -> None:
    rows = (("a.csv", 3), ("a.csv", 8), ("b.csv", 2))

    def who(count: int, **more: object) -> str:
        found = annotation(recipients=Recipients(count, 1_312, rows), **more)
        return next(
            line for line in text(Report((CHECKED,), (found,))).splitlines() if "who" in line
        )

    assert who(3) == "  who: 3 of 1,312 recipients: a.csv lines 3, 8; b.csv line 2"
    assert who(1_200) == (
        "  who: 1,200 of 1,312 recipients, first: a.csv lines 3, 8; b.csv line 2, and"
    )
    said = who(3, message="3 of 1312 recipients have no name")
    assert said == "  who: a.csv lines 3, 8; b.csv line 2"


def test_no_address_unless_asked_for() -> None:
    assert "zoe.martin" not in text(report(), verbose=True)
    assert "stephanie" not in text(report())
    assert "zoe.martin@example.org" in text(report(), show_addresses=True)


def test_rows_of_people_are_not_drawn_in_a_ci_log() -> None:
    found = Report((CHECKED,), (annotation(where=LIST.span(4, 11)),))
    assert "Martin" in text(found)
    assert "Martin" not in text(found, github_actions=True)


def test_fixes() -> None:
    def fix(start: int, end: int, new: str) -> list[str]:
        source = Source("a", "one\ntwo\nthree\n")
        fixed = Fix(source.span(start, end), new, "do it")
        lines = text(Report((), (annotation(where=source.span(0, 3), fix=fixed),))).splitlines()
        at = lines.index("  fix: do it")
        return lines[at + 1 : lines.index("", at)]

    assert fix(4, 7, "2") == ["       - two", "       + 2"]
    assert fix(4, 8, "") == ["       - two", "       - three", "       + three"]
    assert fix(3, 3, "\nx") == ["       - one", "       + one", "       + x"]
    assert fix(0, 14, "") == ["       - one", "       - two", "       - three", "       -"]
    assert fix(3, 3, "\nx" * 9)[-1] == "       + ..."


def test_campaigns_that_could_not_be_read_and_what_belongs_to_none() -> None:
    broken = replace(annotation("invalid-yaml"), campaign="b/campaign.yaml")
    about = replace(annotation("invalid-configuration", "no"), campaign=None)
    said = text(Report((), (broken, about), failed=True))
    assert said.startswith("Not of one campaign\n===================\n\n")
    assert "\nb/campaign.yaml\n===============\n" in said


WARNING = annotation(severity=Severity.WARNING)
SKIPPED = NotChecked("stale-list", CAMPAIGN.path, "needs the history.")


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (Report((CHECKED,)), "Clear to send."),
        (
            Report((CHECKED,), (WARNING, WARNING)),
            "Clear to send: no errors, 2 warnings.",
        ),
        (
            Report((CHECKED,), (WARNING,), not_checked=(SKIPPED,)),
            "Clear to send, as far as could be checked: no errors, 1 warning.",
        ),
        (Report((CHECKED,), not_checked=(SKIPPED,)), "Clear to send, as far as could be checked."),
        (
            Report((CHECKED,), (WARNING,), fail_on=Severity.WARNING),
            "Do not send: 1 warning in 1 campaign.",
        ),
        (
            Report((CHECKED,), (annotation(),), fail_on=None),
            "1 error in 1 campaign: look at them before you send.",
        ),
        (
            Report(),
            "Nothing was checked: no campaign.yaml and no mail is below the paths given.",
        ),
        (
            Report((), (WARNING,)),
            "Nothing was checked: no campaign could be read (1 warning).",
        ),
        (
            Report((CHECKED,), (annotation("rule-crashed", "long-subject crashed"),), failed=True),
            "The check itself failed: long-subject crashed. Do not rely on it (1 error).",
        ),
        (
            Report(failed=True),
            "The check itself failed: it could not run to its end. Do not rely on it.",
        ),
    ],
)
def test_the_verdict_is_the_last_line(found: Report, expected: str) -> None:
    assert closing(found) == expected
    assert expected in render("concise", found, Style()).splitlines()[-1]


def test_what_was_not_checked_in_one_line() -> None:
    skipped = tuple(NotChecked(f"rule-{n}", None, "needs ledger.press") for n in range(8))
    found = Report((CHECKED,), not_checked=skipped)
    assert text(found) == (
        "Not checked: 8 rules (needs ledger.press): rule-0, rule-1, rule-2, rule-3,\n"
        "rule-4, rule-5, and 2 more.\n"
        "\n"
        "Clear to send, as far as could be checked.\n"
    )
    assert "rule-7" in text(found, verbose=True)


def test_the_lists_that_a_ledger_lacks_share_one_entry() -> None:
    skipped = (
        NotChecked("b", None, "needs ledger.press in preflight.yaml"),
        NotChecked("a", None, "needs ledger.clients or ledger.known in preflight.yaml"),
        NotChecked("c", None, "needs a column “x” in the list"),
    )
    found = Report((CHECKED,), not_checked=skipped)
    assert text(found).splitlines()[:4] == [
        "Not checked:",
        "  - 1 rule (needs a column “x” in the list): c",
        "  - 2 rules (needs in preflight.yaml: ledger.clients or ledger.known,",
        "    ledger.press): a, b",
    ]
    assert "needs ledger.press in preflight.yaml): b" in text(found, verbose=True)


def test_concise() -> None:
    found = Report(
        (CHECKED,),
        (
            annotation(recipients=Recipients(37, 312, ())),
            annotation("other", "37 of 312 recipients\nx", recipients=Recipients(37, 312, ())),
        ),
        ignored=(Ignored(WARNING, "fine"),),
        not_checked=(SKIPPED,),
    )
    assert render("concise", found, Style()) == (
        "campaigns/autumn/campaign.yaml:2:10: error[other] 37 of 312 recipients\\nx\n"
        "campaigns/autumn/campaign.yaml:2:10: error[some-rule] something is wrong "
        "(37 of 312 recipients)\n"
        "Do not send: 2 errors in 1 campaign. 1 ignored, 1 rule not checked.\n"
    )


def test_the_frame_of_a_masked_link_fits() -> None:
    where = span(HTML, "Stéphanie</a>")
    lines = text(Report((CHECKED,), (annotation(where=where),))).splitlines()
    row = next(number for number, line in enumerate(lines) if "^" in line)
    left = lines[row].index("^")
    assert lines[row - 1][left:].startswith("Stéphanie</a>")


EXPECTED = """\
autumn-networking: prospecting, 312 of 400 contacts chosen
==========================================================

campaigns/autumn/campaign.yaml:6:1: notice[missing-preheader]
  there is no preheader, so the inbox shows the first words of the mail

    5 | from: Stéphanie Durand <s***@e***.org>
    6 | subject: "{{ first_name }}, faisons connaissance"
      | ^^^^^^^

campaigns/autumn/campaign.yaml:11:10: error[known-contact-in-cold-campaign]
  37 of 312 recipients are people you know, and this is a first-contact campaign

    10 |   contacts: network.csv
    11 |   where: relationship is not null and unsubscribed is not true
       |          ^^^^^^^^^^^^^^^^^^^^^^^^

  who: campaigns/autumn/network.csv lines 3, 8, 9, 14, 15, and 32 more
  why: Somebody who has known you for years and gets “let us get to know each
       other” asks whether your relationship has become so distant. Clients are
       among them.
  do:  Turn the clause round: “relationship is null”. It chooses 88 people, none
       of whom you know.
  see: campaigns/autumn/network.csv:214:1: the first of them
  see: crm/clients.csv:12:1: a***@e***.com has been a client since 2009

campaigns/autumn/invitation.html:3:13: error[unrendered-placeholder]
  “{FirstName}” is no tag of jinja, so all 312 recipients would read it as it
  stands

    2 | <body>
    3 |     <p>Bonjour {FirstName}, 你好 🎉 et bienvenue</p>
      |                ^^^^^^^^^^^

  do:  Write {{ first_name }}.
  fix: use the jinja tag
       -     <p>Bonjour {FirstName}, 你好 🎉 et bienvenue</p>
       +     <p>Bonjour {{ first_name }}, 你好 🎉 et bienvenue</p>

campaigns/autumn/invitation.html:4:151: warning[insecure-link]
  http://shop.example.org/automne is not encrypted

    4 | …f="http://shop.example.org/automne?source=mail&amp;campaign=autumn">no…
      |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

  do:  Use https; the page answers there, too.
  fix: use https
       - …#ffffff;background:#003366" href="http://shop.example.org/automne?sou…
       + …#ffffff;background:#003366" href="https://shop.example.org/automne?so…

campaigns/autumn/network.csv:214:5: error[malformed-row]
  the row of z***@e***.org has an opening quote that is never closed

    214 | Zoé,"Martin,z***@e***.org,FR
        |     ^^^^^^^

  do:  Remove the quote, or close it after the name.

Not checked:
  - 1 rule in campaigns/autumn/campaign.yaml (needs ledger.disputes):
    contact-in-dispute
  - 2 rules (needs ledger.press in preflight.yaml): bulk-press-send,
    impersonal-press-mail
Ignored: 1 annotation (--verbose says why).

Do not send: 3 errors, 1 warning, 1 notice in 1 of 2 campaigns.
"""
