"""Workflow commands: what we write is what the runner reads, and nothing else is a command."""

from __future__ import annotations

import re

import pytest
from actions_runner import commands, parse, unescape_data, unescape_property
from hypothesis import given, settings
from hypothesis import strategies as st
from report_demo import CAMPAIGN, annotation, report

from preflight.report import Style, render
from preflight.report.github import command, escape_data, escape_property, guard_log
from preflight.report.model import Recipients, Report
from preflight.rule import Fix, Severity
from preflight.source import Source

ACTIONS = Style(github_actions=True)
HOSTILE = st.lists(
    st.sampled_from(
        [
            *("::error::x", "::stop-commands::t", "::", "set-output name=a", "file=x"),
            *("##[error]", "##[add-mask]e", "##[", "]", "%0A", "%25", "%", ",", ":", "=", "a"),
            *("\r", "\n", "\r\n", " ", "\t", "\u00a0", "\u3000", "\u2028", "\x85", "\ufeff"),
            *("\u200b", "\x1b[1m", "😀", "\udc80"),
        ]
    ),
    max_size=12,
).map("".join)


@settings(deadline=None)
@given(st.one_of(HOSTILE, st.text()))
def test_the_runner_undoes_our_escaping(text: str) -> None:
    assert unescape_data(escape_data(text)) == text
    assert unescape_property(escape_property(text)) == text
    assert not set("\r\n") & set(escape_data(text))
    assert not set("\r\n:,") & set(escape_property(text))


@settings(deadline=None)
@given(HOSTILE, HOSTILE)
def test_a_command_is_read_as_it_was_meant(title: str, message: str) -> None:
    read = parse(command("error", {"file": "a.html", "title": f"x{title}x"}, message))
    expected = message.replace("##[", "##[\\")
    assert read == ("error", {"file": "a.html", "title": f"x{title}x"}, expected)


@settings(deadline=None)
@given(HOSTILE)
def test_no_line_of_a_guarded_text_is_a_command(text: str) -> None:
    guarded = guard_log(text)
    assert commands(guarded) == []
    first, *between, last, end = re.split(r"\r\n|\r|\n", guarded)
    assert end == ""
    assert first.startswith("::stop-commands::")
    assert last == f"::{first.removeprefix('::stop-commands::')}::"
    assert not any(line.lstrip().startswith("::") for line in between)
    assert [parse(line) for line in between] == [None] * len(between)
    assert commands(guarded + "::notice::after\n") == [("notice", {}, "after")]


def test_the_token_of_the_guard_is_another_one_each_time() -> None:
    assert guard_log("x") != guard_log("x")
    assert re.fullmatch(r"::stop-commands::([0-9a-f]{32})\nx\n::\1::\n", guard_log("x\n"))


@settings(deadline=None, max_examples=50)
@given(HOSTILE, HOSTILE, HOSTILE)
def test_hostile_campaigns_forge_no_command_in_any_format(a: str, b: str, c: str) -> None:
    source = Source(f"p{a}", f"{b}\nx {c}")
    found = annotation(b or "rule", c, source.span(), help=a, why=b, detail=c)
    hostile = Report(annotations=(found,), failed=True)
    assert [name for name, _, _ in commands(render("github", hostile, ACTIONS))] == ["error"]
    for name in ("text", "concise"):
        for style in (ACTIONS, Style(github_actions=True, verbose=True, color=True, width=40)):
            assert commands(render(name, hostile, style)) == []
    for name in ("json", "markdown"):
        assert commands(render(name, hostile, ACTIONS)) == []


def test_commands_of_a_report() -> None:
    lines = render("github", report(), ACTIONS).splitlines()
    assert lines[0] == (
        "::error file=campaigns/autumn/campaign.yaml,line=11,endLine=11,col=10,endColumn=34,"
        "title=known-contact-in-cold-campaign (error)::campaigns/autumn/campaign.yaml:11:10: "
        "37 of 312 recipients are people you know, and this is a first-contact campaign"
        "%0AWhat to do: Turn the clause round: “relationship is null”. It chooses 88 people, none "
        "of whom you know."
    )
    kinds = [line.split(" ")[0] for line in lines]
    assert kinds == ["::error", "::error", "::error", "::warning", "::notice"]


def test_columns_are_dropped_when_lines_differ() -> None:
    where = CAMPAIGN.span(3, 40)
    text = render("github", Report(annotations=(annotation(where=where),)), ACTIONS)
    ((_, properties, _),) = commands(text)
    assert properties == {
        "file": CAMPAIGN.path,
        "line": "1",
        "endLine": "2",
        "title": "some-rule (error)",
    }


@pytest.mark.parametrize(
    ("prefix", "path", "expected"),
    [
        ("", "a.html", "a.html"),
        (".", "a.html", "a.html"),
        ("marketing", "a.html", "marketing/a.html"),
        ("marketing/mail/", "../a.html", "marketing/a.html"),
        ("marketing", "/srv/a.html", "/srv/a.html"),
    ],
)
def test_files_are_named_from_the_workspace(prefix: str, path: str, expected: str) -> None:
    found = Report(annotations=(annotation(where=Source(path, "x").span()),))
    text = render("github", found, Style(workspace_prefix=prefix))
    assert commands(text)[0][1]["file"] == expected


def test_nine_of_a_type_and_the_tenth_counts_the_rest() -> None:
    many = [annotation("loud", f"number {n}") for n in range(30)]
    many += [annotation("quiet-rule", "once"), annotation("w", "w", severity=Severity.WARNING)]
    found = commands(render("github", Report(annotations=tuple(many)), ACTIONS))
    assert [name for name, _, _ in found] == ["error"] * 10 + ["warning"]
    assert found[9][2] == "and 22 more errors, see the summary"
    # One loud rule does not hide the others.
    assert any(properties["title"] == "quiet-rule (error)" for _, properties, _ in found[:2])


def test_long_messages_are_cut_below_the_limit() -> None:
    for text in ("x" * 9_000, "%" * 9_000, "😀" * 9_000):
        line = render("github", Report(annotations=(annotation(message=text),)), ACTIONS)
        message = line.split("::", 2)[2].rstrip("\n")
        assert 4_080 < len(message.encode("utf-16-le")) // 2 <= 4_096
        assert message.endswith(" ...")
        assert parse(line) is not None


def test_no_address_is_ever_shown() -> None:
    said = "jane.doe@example.org and 'jane.doe'@example.org"
    found = annotation(message=said, help=said, recipients=Recipients(2, 9, (("a.csv", 2),)))
    for name in ("github", "markdown"):
        text = render(name, Report(annotations=(found,)), Style(show_addresses=True))
        assert "jane.doe" not in text
        assert "example.org" not in text
        assert "2 of 9 recipients" in text


def test_a_check_that_did_not_run_is_an_error_of_its_own() -> None:
    assert commands(render("github", Report(), ACTIONS)) == [
        (
            "error",
            {"title": "preflight"},
            "Nothing was checked: no campaign.yaml and no mail is below the paths given.",
        )
    ]
    assert render("github", Report(campaigns=report().campaigns), ACTIONS) == ""


def test_a_fix_is_named_unless_the_help_names_it() -> None:
    fix = Fix(CAMPAIGN.span(0, 4), "x", "use https")
    for help_, said in (("Do it.", True), ("Use https; it answers.", False)):
        one = annotation("r", "m", CAMPAIGN.span(0, 4), help=help_, fix=fix)
        found = Report(annotations=(one,))
        assert ("Fix: use https" in render("github", found, Style())) is said
        assert ("Fix: use https" in render("markdown", found, Style())) is said
