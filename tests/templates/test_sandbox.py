"""Hostile templates: each ends as a hazard or harmless, soon, whatever its reader said of it."""

from __future__ import annotations

import os

import pytest
from test_render import A_CLASS, jinja, render

from preflight.templates.marks import scan
from preflight.templates.sandbox import Limits

# Processor time ends it: by the clock, a busy machine would.
TIGHT = Limits(seconds=1, wall=120, memory=256 * 1024 * 1024, part=100_000, total=400_000)

INTERNALS = [
    "{{ ''.__class__.__mro__ }}",
    "{{ self.__init__.__globals__ }}",
    "{{ cycler.__init__.__globals__.os }}",
    "{{ ''['__class__'] }}",
    "{{ ''|attr('__class__') }}",
    "{{ '{0.__class__}'.format(1) }}",
    "{{ joiner.__init__ }}",
    "{% set f = lipsum.__globals__ %}{{ f }}",
    "{% include '../../../etc/passwd' %}",
    "{% include '/etc/passwd' ignore missing %}",
    "{% import '../x.html' as x %}",
]
TOO_MUCH = [
    "{% for i in range(10**9) %}x{% endfor %}",
    "{% for i in range(9**5) %}{% for j in range(9**5) %}{% endfor %}{% endfor %}",
    "{{ 'x' * 10**10 }}",
    "{{ 10**(10**10) }}",
    "{{ lipsum(n=10**8) }}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{{ '%0999999999d' % 1 }}",
    "{{ range(10**5)|list|string * 1000 }}",
    "{{ 'a'|center(10**9) }}",
    "{% set a = [1, 1] %}" + "{% set a = [a, a] %}" * 40 + "{{ a }}",
    "{% include 'self.html' %}",
    "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
]


@pytest.mark.parametrize("text", INTERNALS)
def test_internals_are_out_of_reach(text, tmp_path):
    result = render([jinja(text)], base=tmp_path)
    assert not result.messages
    [(template, hazard)] = result.hazards
    assert template.text == text
    assert 0 <= hazard.start < hazard.end <= len(text)
    assert "internals" in hazard.message or "leads out of" in hazard.message
    assert not result.failures


@pytest.mark.parametrize("text", TOO_MUCH, ids=lambda text: text[:30])
def test_what_costs_too_much_is_stopped(text, tmp_path):
    (tmp_path / "self.html").write_text("{% include 'self.html' %}", encoding="utf-8")
    result = render([jinja(text)], base=tmp_path, limits=TIGHT)
    assert not result.messages
    [(_, hazard)] = result.hazards
    assert hazard.message
    assert "root" not in str(result.failures)


def test_the_hazard_stands_at_the_tag():
    text = "Hello {{ name }},\n\n{% if name %}{{ ''.__class__ }}{% endif %}"
    [(_, hazard)] = render([jinja(text)]).hazards
    assert text[hazard.start : hazard.end] == "{{ ''.__class__ }}"


def test_output_without_end_is_stopped_early():
    text = "{% for i in range(10**5) %}{{ 'x'|center(1000) }}{% endfor %}"
    [(_, hazard)] = render([jinja(text)], limits=TIGHT).hazards
    assert hazard.message == "writes more than 100,000 characters"


def test_one_bad_template_leaves_the_others_alone():
    loop = "{% for i in range(9**5) %}{% for j in range(9**5) %}{% endfor %}{% endfor %}"
    good = "{% for i in range(2) %}{{ name }} {% endfor %}"
    parts = [jinja(good, "subject"), jinja(loop, "html"), jinja(good, "text")]
    result = render(parts, limits=Limits(seconds=1, wall=60))
    [message] = result.messages
    assert sorted(message.parts) == ["subject", "text"]
    assert message.unrendered == {"html"}
    assert message.text.text == "Ann Ann "
    [(template, hazard)] = result.hazards
    assert (template.part, hazard.message) == ("html", "takes more than 1 seconds")


def test_when_the_time_is_over_every_template_left_is_named():
    loop = "{% for i in range(9**5) %}{% for j in range(9**5) %}{% endfor %}{% endfor %}"
    limits = Limits(seconds=60, wall=3)
    result = render([jinja(loop, "html"), jinja("{{ f() }}", "text")], limits=limits)
    assert [template.part for template, _ in result.hazards] == ["html"]
    [failure] = result.failures
    assert failure.template.part == "text"
    assert failure.message == "was not rendered: the other templates took all the time"


def test_the_child_sees_no_environment_and_cannot_write(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_OF_TEST", "hunter2")
    text = "{% for i in range(1) %}{{ 'SECRET_OF_TEST' in environ|string }}{% endfor %}"
    [message] = render([jinja(text)], base=tmp_path).messages
    assert message.text.text == "False"
    assert os.environ["SECRET_OF_TEST"] == "hunter2"


def test_includes_come_from_the_folder_of_the_campaign_only(tmp_path):
    inside, outside = tmp_path / "campaign", tmp_path / "secret.html"
    inside.mkdir()
    outside.write_text("secret", encoding="utf-8")
    (inside / "footer.html").write_text("Bye {{ Name }}\n", encoding="utf-8")
    (inside / "link.html").symlink_to(outside)
    assert render([jinja("{% include 'footer.html' %}")], base=inside).messages
    for text in ("{% include 'link.html' %}", "{% include ['no.html', '../secret.html'] %}"):
        result = render([jinja(text)], base=inside)
        assert not result.messages
        assert "leads out of the campaign's folder" in result.hazards[0][1].message


def test_a_missing_include_is_a_failure_at_its_line(tmp_path):
    text = "a\n{{ name }} {% include 'none.html' %}\n"
    [failure] = render([jinja(text)], base=tmp_path).failures
    assert text[failure.start : failure.end] == "{% include 'none.html' %}"
    assert failure.message == "“none.html” does not exist"


@pytest.mark.parametrize(
    "text",
    [
        "{{ a }}",
        "{{ a.b|default('x', true)|upper }}",
        "{% if a and (b or not c) %}x{% elif a is not divisibleby(3) %}y{% else %}z{% endif %}",
        "{% set a = b|title %}",
        "{% raw %}{{ a * 9 }}{% endraw %}",
        "{{ a if a else 'you' }} {{ a[0] }} {# 10**9 #}",
    ],
)
def test_what_prints_compares_and_cuts_is_cheap(text):
    assert scan(text).costly is None


@pytest.mark.parametrize(
    "text",
    [
        "{{ a() }}",
        "{{ a.b(1) }}",
        "{{ not a(1) }}",
        "{{ a['b'](1) }}",
        "{{ (a)(1) }}",
        "{{ a * 9 }}",
        "{{ a ~ a }}",
        "{{ a|center(9) }}",
        "{{ a|replace('a', 'b') }}",
        "{{ a|truncate(99999) }}",
        "{% for x in a %}{% endfor %}",
        "{% include 'a' %}",
        "{% set a = [a, a] %}",
        "{% set a %}x{% endset %}",
        r"{{ a|default('\d') }}",
        "{{ " + "a|upper" + "|upper" * 200 + " }}",
    ],
)
def test_all_else_goes_to_a_process_of_its_own(text):
    assert scan(text).costly is not None


def test_a_class_is_needed_to_render_anything():
    assert render([jinja("{{ f() }}")], classes=[]).messages == ()
    assert render([jinja("x")], classes=[A_CLASS]).messages
