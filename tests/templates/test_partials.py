"""Files that templates of other dialects than Jinja print: found, read, and proved for every row."""

from __future__ import annotations

import pytest

from preflight.testing import check_files

LIST = "email,first_name,city\na@a.example,Ada,\nb@b.example,Bob,Ghent\nc@c.example,,Rome\n"
RULES = ("empty-placeholder", "unknown-field", "unrendered-placeholder", "placeholder-residue",
         "missing-unsubscribe", "template-syntax")  # fmt: skip


def check(dialect: str, mail: str, **files: str):
    """``files`` by name, two underscores for a slash and one for a point."""
    named = {
        name.replace("__", "/").replace("_", ".").replace("/.", "/_"): text
        for name, text in files.items()
    }
    campaign = f"body: {{text: mail.txt, dialect: {dialect}}}"
    all_files = {"mail.txt": mail, "contacts.csv": LIST, "campaign.yaml": campaign, **named}
    return check_files(all_files, only=RULES)


def found(report) -> list[tuple[str, str, str, int | None]]:
    return [
        (one.rule, one.path, one.span.text, one.recipients.count if one.recipients else None)
        for one in report.annotations
    ]


FOOT = "Unsubscribe: https://x.example/u\n"


@pytest.mark.parametrize(
    ("dialect", "tag", "files"),
    [
        ("liquid", "{% include 'who' %}", {"who_txt": "{{ first_name }}"}),
        ("liquid", "{% include 'who.txt' %}", {"who_txt": "{{ first_name }}"}),
        ("liquid", "{% render 'who', first_name: first_name %}", {"snippets__who_liquid": "{{ first_name }}"}),
        ("liquid", "{% render 'who' with first_name as name %}", {"who_liquid": "{{ name }}"}),
        ("liquid", "{% assign n = first_name %}{% include 'who' %}", {"who_liquid": "{{ n }}"}),
        ("customerio", "{% include 'who' %}", {"who_html": "{{ customer.first_name }}"}),
        ("django", '{% include "who.txt" %}', {"who_txt": "{{ first_name }}"}),
        ("django", '{% include "who.txt" with name=first_name only %}', {"who_txt": "{{ name }}"}),
        ("django", '{% with n=first_name %}{% include "who.txt" %}{% endwith %}', {"who_txt": "{{ n }}"}),
        ("handlebars", "{{> who}}", {"partials__who_hbs": "{{first_name}}"}),
        ("handlebars", "{{> who name=first_name}}", {"who_hbs": "{{name}}"}),
        ("mustache", "{{> who}}", {"who_mustache": "{{first_name}}"}),
    ],
)  # fmt: skip
def test_the_file_is_proved_for_every_row(dialect, tag, files):
    report = check(dialect, f"Hello,\n\nfor {tag} only.\n\n{FOOT}", **files)
    ((rule, path, text, count),) = found(report)
    assert (rule, count) == ("empty-placeholder", 1)
    assert path.rpartition("/")[2].startswith("who.")
    assert text.strip("{} ") in ("first_name", "name", "n", "customer.first_name")
    assert report.not_checked == ()


def test_what_is_wrong_in_it_is_said_once_and_there():
    report = check("liquid", "{% include 'top' %}\nNews.\n\n{% include 'foot' %}",
                   top_txt="Dear {{ first_nam }}, {FirstName}!", foot_txt=FOOT)  # fmt: skip
    assert [one[:3] for one in found(report)] == [
        ("unknown-field", "top.txt", "first_nam"),
        ("unrendered-placeholder", "top.txt", "{FirstName}"),
    ]


MANY = "email,first_name\n" + "".join(f"p{n}@a{n}.example,Ada\n" for n in range(120))


@pytest.mark.parametrize(
    ("dialect", "tag", "foot", "rules"),
    [
        ("handlebars", "{{> foot}}", FOOT, []),
        ("sendgrid", "{{> foot}}", "{{{unsubscribe}}}", []),
        ("klaviyo", "{% include 'foot' %}", "{% unsubscribe %}", []),
        ("handlebars", "{{> foot}}", "Ada", ["missing-unsubscribe"]),
        ("handlebars", "{{> gone}}", FOOT, []),
        ("liquid", "{% render 'gone' %}", FOOT, []),
    ],
)
def test_the_way_to_unsubscribe_may_stand_in_it(dialect, tag, foot, rules):
    mail = f"Hello,\n\nNews.\n\n{tag}\n"
    report = check(dialect, mail, foot_txt=foot, contacts_csv=MANY)
    assert [one.rule for one in report.annotations] == rules
    unchecked = [one.rule for one in report.not_checked]
    assert ("missing-unsubscribe" in unchecked) is ("gone" in tag)


def test_a_file_in_both_branches_and_in_one():
    who = "We come to {{ city }}."
    both = "{% if first_name %}{% include 'who' %}{% else %}{% include 'who' %}{% endif %}\n"
    ((rule, _path, _text, count),) = found(check("liquid", both + FOOT, who_txt=who))
    assert (rule, count) == ("empty-placeholder", 1)
    one = "{% if city %}{% include 'who' %}{% endif %}\n"
    assert found(check("liquid", one + FOOT, who_txt=who)) == []


@pytest.mark.parametrize(
    ("dialect", "tag", "files"),
    [
        ("liquid", "{% include 'gone' %}", {}),
        ("liquid", "{% include '../outside' %}", {}),
        ("liquid", "{% include first_name %}", {"Ada_txt": "x"}),
        ("liquid", "{% render 'who' %}", {"who_txt": "{{ first_name }}"}),  # may not see it
        ("liquid", "{% include 'who' %}", {"who_txt": "{% include 'who' %}"}),
        ("django", '{% include "gone.txt" %}', {}),
        ("handlebars", "{{> gone}}", {}),
        ("handlebars", "{{> who city}}", {"who_hbs": "{{first_name}}"}),
        ("handlebars", "{{#with city}}{{> who}}{{/with}}", {"who_hbs": "{{first_name}}"}),
        ("mustache", "{{#city}}{{> who}}{{/city}}", {"who_mustache": "{{first_name}}"}),
    ],
)
def test_what_is_not_followed_is_named(dialect, tag, files):
    report = check(dialect, f"Hello,\n\n{tag}\n\n{FOOT}", **files)
    assert found(report) == []
    if "first_name %}" not in tag and "city}}" not in tag:
        reasons = {one.reason for one in report.not_checked}
        assert any("its file was not followed" in reason for reason in reasons)


def test_a_fault_in_it_is_said_there():
    report = check("liquid", f"Hello,\n{{% include 'who' %}}\n{FOOT}", who_txt="a\n{% if %}")
    assert [one[:2] for one in found(report)] == [("template-syntax", "who.txt")]
    assert report.not_checked


def test_files_in_each_other_end():
    files = {f"f{n}_txt": f"{{% include 'f{n + 1}' %}}" * 9 for n in range(9)}
    report = check("liquid", f"Hello,\n{{% include 'f0' %}}\n{FOOT}", **files, f9_txt="x")
    assert found(report) == []
    assert report.not_checked
