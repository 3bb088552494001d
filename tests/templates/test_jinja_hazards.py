"""Templates that would be unsafe or costly to render."""

from __future__ import annotations

import pytest

from preflight.templates.jinja import read_jinja


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("{{ x.__class__ }}", "__class__", "reaches for Python internals: “__class__”"),
        ("{{ x['__class__'] }}", "__class__", "Python internals: “__class__”"),
        ("{{ x['__cl' ~ 'ass__'] }}", None, "Python internals: “__class__”"),
        ("{{ x|attr('__class__') }}", "__class__", "Python internals"),
        ("{{ x|map(attribute='y.__class__')|list }}", "__class__", "Python internals"),
        ("{{ '{0.__class__}'.format(x) }}", "__class__", "Python internals"),
        ("{{ 'x' * 10**10 }}", "'x' * 10**10", "a text of 10,000,000,000 characters"),
        ("{{ 10**(10**10) }}", "10**(10**10)", "too many digits"),
        ("{{ 9**9**9**9 }}", None, "too many digits"),
        ("{{ 2**x }}", "2**x", "as the data says"),
        ("{{ x * 1000000 }}", "x * 1000000", "repeat its text 1,000,000 times"),
        ("{% for a in range(10**9) %}{% endfor %}", None, "would loop 1,000,000,000 times"),
        ("{{ range(10**9)|list }}", None, "would loop 1,000,000,000 times"),
        (
            "{% for a in range(1000) %}{% for b in range(1000) %}{% endfor %}{% endfor %}",
            "for b in range(1000)",
            "would loop 1,000,000 times",
        ),
        ("{{ '%0999999d' % 1 }}", None, "too wide"),
        ("{{ '%*d'|format(9, 1) }}", None, "too wide"),
        ("{{ '{:>99999999}'.format(x) }}", None, "too wide"),
        ("{{ x|center(10**9) }}", "center(10**9)", "“center” with 1,000,000,000"),
        ("{{ x|indent(width=10**9) }}", None, "“indent” with 1,000,000,000"),
        ("{{ x.ljust(10**9) }}", None, "“ljust” with 1,000,000,000"),
        ("{{ lipsum(100000) }}", None, "far too long"),
        ("{% macro m() %}{{ m() }}{% endmacro %}", "m", "the macro “m” calls itself"),
        (
            "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}",
            "a",
            "the macro “a” calls itself",
        ),
        ("{% include '../x' %}", None, "“../x” leads out of the campaign's folder"),
        ("{% include '/etc/x' %}", None, "leads out"),
        ("{% include x %}", None, "not written down"),
        ("{% extends 'a/../../b' %}", None, "leads out"),
    ],
)
def test_hazards(text: str, at: str | None, message: str) -> None:
    parsed = read_jinja(text)
    assert parsed.fault is None
    hazard = parsed.hazards[0]
    assert message in hazard.message
    assert at is None or text[hazard.start : hazard.end] == at
    assert not parsed.plain


@pytest.mark.parametrize(
    "text",
    [
        "{{ x|title }} {{ x.strip() }} {{ x|default('a', true) }} {{ x.y }} {{ x['z'] }}",
        "{% if x == 'a' %}{{ x|truncate(30) }}{% elif y %}{{ y|e }}{% endif %}",
        "{% set g = x or 'you' %}{{ g }}",
        "__class__ {# {{ x.__class__ }} #} {% raw %}{{ 10**10**10 }}{% endraw %}",
    ],
)
def test_plain(text: str) -> None:
    parsed = read_jinja(text)
    assert parsed.plain
    assert parsed.hazards == ()


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in x %}{{ a }}{% endfor %}",
        "{{ x.replace('a', 'b') }}",
        "{{ x * 3 }}",
        "{{ 2 ** 3 }}",
        "{{ '%s' % x }}",
        "{% include 'footer.html' %}",
        "{% set a = a ~ b %}{% set a = a ~ a %}{{ a }}",
        "{% macro m() %}{% endmacro %}",
        "{{ x|groupby('a') }}",
    ],
)
def test_neither_plain_nor_hazardous(text: str) -> None:
    parsed = read_jinja(text)
    assert not parsed.plain
    assert parsed.hazards == ()
