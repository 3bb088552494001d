"""What only the values tell: each combination is rendered once and counts for all who have it."""

from __future__ import annotations

import pytest

from preflight.audience import outcomes
from preflight.testing import check_files
from preflight_rules.placeholders.empty_placeholder import empty_placeholder
from preflight_rules.placeholders.placeholder_residue import placeholder_residue

ROWS = (("Ada Lovelace", "12"), ("Bo", "n.v."), ("Cem Demir", ""), ("Bo", "7"), ("Di", "n.v."))
LIST = "email,full_name,amount\n" + "".join(
    f"r{number}@firm.example,{name},{amount}\n" for number, (name, amount) in enumerate(ROWS)
)


def check(text, rule=empty_placeholder):
    return check_files({"mail.txt": text, "contacts.csv": LIST}, rules=[rule])


@pytest.mark.parametrize(
    ("tag", "lines"),
    [
        ("{{ full_name.split(' ')[1] }}", [3, 5, 6]),
        ("{{ full_name[3:] }}", [3, 5, 6]),
        ("{{ amount | replace('n.v.', '') }}", [3, 4, 6]),
        ("{{ full_name.partition(' ')[2] }}", [3, 5, 6]),
        ("{% if amount|int < 10 %}{{ amount | replace('n.v.', '') }}{% endif %}", [3, 4, 6]),
        ("{% set x %}{{ full_name[3:] }}{% endset %}{{ x }}", [3, 5, 6]),
        ("{% for part in full_name.split(' ') %}{{ part[3:] }}{% endfor %}", [2, 3, 4, 5, 6]),
    ],
)
def test_every_row_is_told(tag, lines):
    report = check(f"Hello\n{tag}\n")
    assert report.annotations
    for one in report.annotations:
        assert one.rule == "empty-placeholder"
        assert (one.recipients.count, [line for _path, line in one.recipients.rows]) == (
            len(lines),
            lines,
        )
    assert not report.not_checked


@pytest.mark.parametrize(
    "tag",
    [
        "{{ full_name.split(' ')[0] }}",
        "{{ full_name[:1] }}",
        "{{ amount | int }}",
        "{{ (full_name.split(' ')[1]) or full_name }}",
    ],
)
def test_sound_expressions_are_quiet(tag):
    report = check(f"Hello\n{tag}\n")
    assert not report.annotations
    assert not report.not_checked


def test_a_tag_that_fails_for_some_values_names_them():
    [one] = check("{{ '%d'|format(amount.count('n') and amount) }}").annotations
    assert one.rule == "template-syntax"
    assert one.recipients is None or one.recipients.count == 2


def test_what_was_not_tried_is_named(monkeypatch):
    monkeypatch.setattr(outcomes, "MOST_RENDERED", 2)
    report = check("Hello\n\n{{ full_name.split(' ')[1] }}\n")
    [one] = report.annotations
    assert one.recipients.count == 2  # Bo, the most frequent
    [gap] = report.not_checked
    assert gap.reason == (
        "what {{ full_name.split(' ')[1] }} prints (mail.txt:3) was not looked at for 2 recipients"
    )


def test_a_residue_that_values_make():
    [one] = check("Hello\n{{ full_name.lower }}\n", placeholder_residue).annotations
    assert one.span.text == "{{ full_name.lower }}"
    assert one.recipients.count == 5
