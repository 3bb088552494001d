"""Templates that must not be rendered."""

from __future__ import annotations

import pytest

from preflight_rules.placeholders.unsafe_template import unsafe_template as RULE


def text(body: str) -> dict[str, str]:
    return {"mail.txt": f"{body}\n"}


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("{{ first_name.__class__ }}", "__class__"),
        ("{{ first_name['__class__'] }}", "__class__"),
        ("{% for n in range(1000000000) %}x{% endfor %}", "range"),
        ("{{ 'x' * 10000000000 }}", "10000000000"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "m"),
    ],
)
def test_hazards(said, body, place):
    found = said(RULE, text(body))
    assert found
    assert found[0].severity.label == "error"
    assert found[0].message.startswith("unsafe to render: ")
    assert place in found[0].span.text


def test_it_needs_no_lists(said):
    assert said(RULE, text("{{ first_name.__class__ }}"), without_lists=True)


def test_finished_mails_are_then_named_as_not_checked(not_checked):
    from preflight_rules.placeholders.placeholder_residue import placeholder_residue

    gap, tag = not_checked(placeholder_residue, text("{{ first_name.__class__ }}"))
    assert gap.reason == "needs templates that are safe to render"
    assert "{{ first_name.__class__ }} prints (mail.txt:1) was not looked at" in tag.reason


@pytest.mark.parametrize(
    "body",
    [
        "{% for day in ['a', 'b'] %}{{ day }}{% endfor %}",
        "{{ first_name | upper | truncate(20) }}",
        "{% macro hello(name) %}Hi {{ name }}{% endmacro %}{{ hello(first_name) }}",
        "{{ '-' * 40 }}",
        "{{ first_name.strip().title() }}",
    ],
)
def test_ordinary_templates(said, body):
    assert said(RULE, text(body)) == []
