"""Files that a template includes, imports or extends: followed inside the campaign's folder."""

from __future__ import annotations

import pytest

from preflight.testing import check_files
from preflight_rules.placeholders.empty_placeholder import empty_placeholder
from preflight_rules.placeholders.unknown_field import unknown_field

LIST = "email,first_name,city\na@firm.example,Ada,Rome\nb@firm.example,,Oslo\nc@firm.example,Cem,\n"


def places(files, rule=empty_placeholder, folder=None):
    """Path, line, tag and number of recipients of what is said."""
    report = check_files({"contacts.csv": LIST, **files}, rules=[rule], folder=folder)
    assert not [one for one in report.annotations if one.rule == "rule-crashed"]
    return [
        (one.rule, one.span.source.path, one.span.start_place.line, one.span.text,
         one.recipients.count if one.recipients else None)
        for one in report.annotations
    ]  # fmt: skip


def test_a_tag_in_an_included_file_is_proven_at_its_own_place():
    files = {
        "mail.txt": "{% include 'parts/greeting.txt' %}\nNews.\n",
        "parts/greeting.txt": "\nDear {{ first_name }},\n",
    }
    assert places(files) == [("empty-placeholder", "parts/greeting.txt", 2, "{{ first_name }}", 1)]


def test_a_file_of_two_parts_speaks_once():
    files = {
        "campaign.yaml": "body: {html: mail.html}\n",
        "mail.html": "<p>Hello</p>{% include 'g.txt' %}",
        "mail.txt": "{% include 'g.txt' %}{% include './g.txt' %}",
        "g.txt": "Dear {{ first_name }},",
    }
    assert places(files) == [("empty-placeholder", "g.txt", 1, "{{ first_name }}", 1)]


def test_the_condition_around_an_include_counts():
    guarded = "{% if first_name %}{% include 'g.txt' %}{% else %}Hello,{% endif %}"
    assert places({"mail.txt": guarded, "g.txt": "Dear {{ first_name }},"}) == []


def test_a_macro_is_bound_to_the_arguments_of_each_call():
    files = {
        "mail.txt": "{% from 'm.txt' import hi %}{{ hi(first_name or 'you') }} {{ hi(city) }}",
        "m.txt": "{% macro hi(who, word='Dear') %}{{ word }} {{ who }},{% endmacro %}",
    }
    assert places(files) == [("empty-placeholder", "m.txt", 1, "{{ who }}", 1)]


def test_an_imported_file_sees_no_fields():
    macro = "{% macro hi() %}Dear {{ first_name }},{% endmacro %}"
    bare = {"mail.txt": "{% import 'm.txt' as m %}{{ m.hi() }}", "m.txt": macro}
    assert places(bare) == [("empty-placeholder", "m.txt", 1, "{{ first_name }}", 3)]
    seen = {"mail.txt": "{% import 'm.txt' as m with context %}{{ m.hi() }}", "m.txt": macro}
    assert places(seen) == [("empty-placeholder", "m.txt", 1, "{{ first_name }}", 1)]


def test_blocks_of_a_parent():
    files = {
        "mail.txt": "{% extends 'base.txt' %}{% block a %}Dear {{ city }},{% endblock %}",
        "base.txt": "{% block a %}Dear {{ first_name }},{% endblock %}\n\nYour town: {{ city }}\n",
    }
    assert places(files) == [
        ("empty-placeholder", "base.txt", 3, "{{ city }}", 1),
        ("empty-placeholder", "mail.txt", 1, "{{ city }}", 1),
    ]


def test_super_prints_the_block_of_the_parent():
    files = {
        "mail.txt": "{% extends 'base.txt' %}{% block a %}{{ super() }}!{% endblock %}",
        "base.txt": "{% block a %}Dear {{ first_name }},{% endblock %}",
    }
    assert places(files) == [("empty-placeholder", "base.txt", 1, "{{ first_name }}", 1)]


def test_a_list_of_fields_is_looped_over():
    text = "{% for x in [first_name or 'you', city] %}\nYours: {{ x }}{% endfor %}"
    assert places({"mail.txt": text}) == [("empty-placeholder", "mail.txt", 2, "{{ x }}", 1)]


def test_an_ignore_in_an_included_file_counts():
    line = "Dear {{ first_name }}, {# preflight: ignore[empty-placeholder] we know them #}"
    assert places({"mail.txt": "{% include 'g.txt' %}", "g.txt": line}) == []


def test_a_name_that_nobody_has_in_an_included_file():
    files = {"mail.txt": "{% include 'g.txt' %}", "g.txt": "Dear {{ firstname }},"}
    [(rule, path, _line, text, _count)] = places(files, unknown_field)
    assert (rule, path, text) == ("unknown-field", "g.txt", "firstname")


@pytest.mark.parametrize("statement", ["include", "extends", "import", "from"])
def test_a_missing_file_is_said_at_the_tag(statement):
    rest = {"import": " as m", "from": " import m"}.get(statement, "")
    text = f"Hello\n{{% {statement} 'gone.txt'{rest} %}}"
    [(rule, path, line, _text, _count)] = places({"mail.txt": text})
    assert (rule, path, line) == ("unreadable-file", "mail.txt", 2)


def test_a_missing_file_may_be_missing():
    assert places({"mail.txt": "x{% include 'gone.txt' ignore missing %}"}) == []
    assert places({"mail.txt": "{% include ['gone.txt', 'g.txt'] %}", "g.txt": "x"}) == []


def test_a_fault_stands_in_the_included_file():
    found = places({"mail.txt": "{% include 'g.txt' %}", "g.txt": "a\n{{ first_name"})
    assert [one[:3] for one in found] == [("template-syntax", "g.txt", 2)]


def test_a_circle_is_no_end_but_a_hazard():
    from preflight_rules.placeholders.unsafe_template import unsafe_template

    files = {"mail.txt": "{% include 'g.txt' %}", "g.txt": "x{% include 'g.txt' %}"}
    [(rule, path, _line, text, _count)] = places(files, unsafe_template)
    assert (rule, path, text) == ("unsafe-template", "g.txt", "{% include 'g.txt' %}")


def test_files_outside_the_folder_are_not_read(tmp_path):
    (tmp_path / "secret.txt").write_text("{{ first_name }}", encoding="utf-8")
    folder = tmp_path / "campaign"
    folder.mkdir()
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    found = places({"mail.txt": "{% include 'link.txt' %}"}, folder=folder)
    assert [one[:2] for one in found] == [("unreadable-file", "mail.txt")]


def test_macros_that_call_each_other_end():
    body = "".join(
        f"{{% macro m{i}(x) %}}{{{{ m{i + 1}(x) }}}}{{{{ m{i + 1}(x) }}}}{{% endmacro %}}"
        for i in range(60)
    )
    text = (
        body
        + "{% macro m60(x) %}{{ x }}{% endmacro %}{% if false %}{{ m0(first_name) }}{% endif %}"
    )
    assert places({"mail.txt": text}) == []
