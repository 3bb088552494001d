"""Ignores: where they count, what they must say, and what is said of them."""

import pytest

from preflight.ignores import matches
from preflight.rule import Problem, Severity, rule
from preflight.templates.model import Placeholder
from preflight.testing import NOW, check_files


@rule("some-rule", on=Placeholder, severity=Severity.ERROR)
def some_rule(placeholder):
    """It speaks of every placeholder."""
    yield Problem(placeholder.span, "a placeholder")


def check(mail="Dear {{ first_name }},\n", **files):
    return check_files({"mail.txt": mail, **files}, rules=[some_rule], now=NOW)


def said(report):
    return [a.rule for a in report.annotations], [one.reason for one in report.ignored]


def test_on_its_own_line():
    mail = "Dear {{ first_name }}, {# preflight: ignore[some-rule] we like it #}\n"
    assert said(check(mail)) == ([], ["we like it"])


def test_on_the_next_line_when_alone():
    mail = "<!-- preflight: ignore[some-rule] we like it -->\n{{ first_name }}\n{{ email }}\n"
    assert said(check(mail)) == (["some-rule"], ["we like it"])


def test_several_rules_at_once():
    mail = "{# preflight: ignore[some-rule, unused-ignore] both #}\n{{ first_name }}\n"
    assert said(check(mail))[1] == ["both"]


@pytest.mark.parametrize(
    ("comment", "rules"),
    [
        ("preflight: ignore[some-rule]", ["malformed-ignore", "some-rule"]),
        ("preflight: ignore some-rule for fun", ["malformed-ignore", "some-rule"]),
        ("preflight: ignore[] for fun", ["malformed-ignore", "some-rule"]),
        ("preflight: ignore[some-rul] for fun", ["malformed-ignore", "some-rule"]),
        ("a preflight check is done before", ["some-rule"]),
    ],
)
def test_malformed(comment, rules):
    report = check("{# " + comment + " #}\n{{ first_name }}\n")
    assert sorted(said(report)[0]) == rules
    for annotation in report.annotations:
        if annotation.rule == "malformed-ignore":
            assert annotation.path == "mail.txt"
            assert annotation.span.start_place == (1, 1)


def test_a_misspelt_rule_is_guessed():
    report = check("{# preflight: ignore[sme-rule] x #}{{ first_name }}\n")
    assert "some-rule" in report.annotations[0].help + report.annotations[1].help


def test_unused_is_said():
    report = check("Dear reader,\n{# preflight: ignore[some-rule] nothing there #}\n")
    assert said(report) == (["unused-ignore"], [])


def test_unused_is_not_said_of_a_rule_that_did_not_run():
    report = check_files(
        {"mail.txt": "{# preflight: ignore[some-rule] nothing there #}\n"},
        rules=[some_rule],
        ignore=("some-rule",),
    )
    assert report.annotations == ()


def test_in_yaml_comments_but_not_in_strings():
    campaign = """\
name: example # preflight: ignore[some-rule] on the wrong line
purpose: newsletter
from: Ada <ada@news.example>
subject: "{{ first_name }}"  # preflight: ignore[some-rule] fine
preheader: "# preflight: ignore[some-rule] no comment"
body: {text: mail.txt}
audience: {contacts: contacts.csv}
"""
    report = check("Hello\n", **{"campaign.yaml": campaign})
    assert said(report) == (["unused-ignore"], ["fine"])


def test_in_the_configuration():
    ignore = 'ignore: [{rule: some-rule, path: "*.txt", reason: yes we can, until: 2026-11-02}]\n'
    assert said(check(**{"preflight.yaml": ignore})) == ([], ["yes we can"])
    ignore = "ignore: [{rule: some-rule, path: other/**, reason: elsewhere}]\n"
    assert said(check(**{"preflight.yaml": ignore})) == (["some-rule"], [])


def test_expired():
    ignore = "ignore: [{rule: some-rule, reason: for a while, until: 2026-11-01}]\n"
    assert sorted(said(check(**{"preflight.yaml": ignore}))[0]) == ["expired-ignore", "some-rule"]


def test_without_a_reason():
    report = check(**{"preflight.yaml": "ignore: [{rule: some-rule}]\n"})
    assert "malformed-ignore" in said(report)[0]


@pytest.mark.parametrize(
    ("path", "pattern", "match"),
    [
        ("campaigns/press/a.yaml", "campaigns/press/**", True),
        ("campaigns/press/a.yaml", "campaigns/press", True),
        ("campaigns/press/a.yaml", "campaigns/*/a.yaml", True),
        ("campaigns/press/a.yaml", "**/a.yaml", True),
        ("a.yaml", "**/a.yaml", True),
        ("campaigns/press/a.yaml", "campaigns/*", True),
        ("campaigns2/a.yaml", "campaigns/**", False),
        ("campaigns/press/b.yaml", "**/a.yaml", False),
        ("a+b (c).yaml", "a+b (c).yaml", True),
    ],
)
def test_globs(path, pattern, match):
    assert matches(path, pattern) is match
