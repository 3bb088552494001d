"""Placeholders that print nothing for some recipients."""

from __future__ import annotations

import json

import pytest

from preflight_rules.placeholders.empty_placeholder import empty_placeholder as RULE

NAMES = """\
email,first_name,company,title
a@firm.example,Ada,Atelier,Dr.
b@firm.example,,Werft,
c@firm.example,n/a,,
d@firm.example,"  ",NULL,
e@firm.example,Omar,Bakery,Prof.
"""


def text(body: str, rows: str = NAMES) -> dict[str, str]:
    return {"mail.txt": f"{body}\n", "contacts.csv": rows}


def html(body: str) -> dict[str, str]:
    return {
        "mail.html": body,
        "campaign.yaml": "body: {html: mail.html, text: ~}",
        "contacts.csv": NAMES,
    }


def lines(one) -> list[int]:
    return [line for _path, line in one.recipients.rows]


def test_the_salutation(said):
    (one,) = said(RULE, text("Dear {{ first_name }},"))
    assert one.span.text == "{{ first_name }}"
    assert one.severity.label == "error"
    assert (one.recipients.count, one.recipients.of) == (3, 5)
    assert lines(one) == [3, 4, 5]
    assert one.message == (
        "3 of 5 recipients would read “Dear ,”: “first_name” is empty or says nothing "
        "(null, n/a, -)"
    )
    assert "{{ first_name or 'friend' }}" in one.help


@pytest.mark.parametrize("word", ["null", "NULL", "None", "nan", "N/A", "undefined", "-", " n/a "])
def test_words_for_nothing(said, word):
    rows = f"email,first_name\na@firm.example,Ada\nb@firm.example,{word}\n"
    (one,) = said(RULE, text("Dear {{ first_name }},", rows))
    assert lines(one) == [3]


@pytest.mark.parametrize("name", ["Null Island", "Noneth", "Nanna", "Na", "X-"])
def test_names_that_only_look_like_them(said, name):
    rows = f"email,first_name\na@firm.example,{name}\n"
    assert said(RULE, text("Dear {{ first_name }},", rows)) == []


def test_ordinary_text_is_a_warning(said):
    (one,) = said(RULE, text("Hello,\n\nthe news for {{ company }} is here."))
    assert one.severity.label == "warning"
    assert lines(one) == [4, 5]
    assert "would get nothing here" in one.message


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        ('subject: "{{ first_name }}, news"', "error"),
        ('from: "{{ first_name }} <ada@news.example>"', "error"),
        ('preheader: "{{ first_name }}, news"', "warning"),
        ('headers: {Reply-To: "{{ first_name }}@news.example"}', "error"),
        ('headers: {X-Reader: "{{ first_name }}"}', "warning"),
    ],
)
def test_the_parts_of_the_definition(said, line, severity):
    files = {"campaign.yaml": line, **text("Hello,\n\nnews")}
    (one,) = said(RULE, files)
    assert one.severity.label == severity
    assert one.path == "campaign.yaml"


def test_each_part_by_itself(said):
    files = {
        **html("<p>Dear {{ first_name }},</p>"),
        **text("Dear {{ first_name }},"),
        "campaign.yaml": "body: {html: mail.html, text: mail.txt}",
    }
    assert [one.path for one in said(RULE, files)] == ["mail.html", "mail.txt"]


def test_in_a_link_it_is_a_warning(said):
    (one,) = said(RULE, html('<p>Hello,</p><a href="{{ company }}">your page</a>'))
    assert one.severity.label == "warning"


@pytest.mark.parametrize(
    "expression",
    [
        "first_name | trim",
        "first_name | title",
        "first_name.strip()",
        "first_name | default('friend')",
        "first_name | default('')",
        "first_name[:40]",
    ],
)
def test_expressions_that_catch_nothing(said, expression):
    rows = "email,first_name\na@firm.example,Ada\nb@firm.example,\n"
    (one,) = said(RULE, text(f"Dear {{{{ {expression} }}}},", rows))
    assert lines(one) == [3]


def test_a_default_that_catches_nothing_is_explained(said):
    (one,) = said(RULE, text("Dear {{ first_name | default('friend') }},"))
    assert one.help.startswith("default('x') catches neither an empty cell nor None")


@pytest.mark.parametrize(
    "body",
    [
        "Dear {{ first_name or 'friend' }},",
        "Dear {{ first_name | default('friend', true) }},",
        "Dear {{ first_name if first_name else 'friend' }},",
        "{% if first_name %}Dear {{ first_name }},{% else %}Hello,{% endif %}",
        "Hello{% if first_name %} {{ first_name }}{% endif %},",
        "{% set name = first_name or 'friend' %}Dear {{ name }},",
        "Hello{{ ' ' ~ first_name if first_name }},",
        "Hello{{ first_name and ' ' ~ first_name }},",
        "{% raw %}Dear {{ first_name }},{% endraw %}",
        "{# {{ first_name }} #}Hello,",
    ],
)
def test_what_catches_an_empty_cell(said, body):
    rows = "email,first_name\na@firm.example,Ada\nb@firm.example,\n"
    assert said(RULE, text(body, rows)) == []


def test_a_fallback_does_not_catch_words_for_nothing(said):
    (one,) = said(RULE, text("Dear {{ first_name or 'friend' }},"))
    assert lines(one) == [4, 5]
    assert one.help.startswith("Empty these cells in the list, so that the fallback catches them")


def test_a_line_with_branches_is_not_quoted(said):
    body = "{% if company %}Dear {{ first_name }},{% else %}Hello {{ first_name }},{% endif %}"
    found = said(RULE, text(body))
    assert [lines(one) for one in found] == [[3, 5], [4]]
    assert all("would get nothing here" in one.message for one in found)


def test_an_inline_if_that_leaves_a_gap(said):
    rows = "email,first_name\na@firm.example,Ada\nb@firm.example,\n"
    (one,) = said(RULE, text("Dear {{ first_name if first_name }},", rows))
    assert lines(one) == [3]


@pytest.mark.parametrize(
    "body",
    [
        "Hello,\n\nyou have one guest{{ 's' if company else '' }}.",
        "Hello,\n\n{{ company or '' }}\nMain street",
        "Hello,\n\n{{ 'Welcome back.' if company }}",
    ],
)
def test_nothing_on_purpose_in_ordinary_text(said, body):
    assert said(RULE, text(body, NAMES.replace("NULL", ""))) == []


@pytest.mark.parametrize(
    "body", ["Dear {{ title }} {{ first_name }},", "Dear {{title}} {{company}},"]
)
def test_a_title_beside_a_name_is_a_warning(said, body):
    first, second = said(RULE, text(body))
    assert (first.span.text.strip("{} "), first.severity.label) == ("title", "warning")
    assert second.severity.label == "error"


def test_a_title_alone_is_an_error(said):
    (one,) = said(RULE, text("Dear {{ title }},"))
    assert one.severity.label == "error"


def test_a_filter_that_leaves_them_out(said):
    files = {
        **text("Dear {{ first_name }},"),
        "campaign.yaml": "audience: {contacts: contacts.csv, where: not blank(first_name)}",
    }
    assert said(RULE, files) == []


def test_the_branch_counts(said):
    body = "Hello,\n\n{% if company %}news for {{ first_name }} at {{ company }}{% endif %}"
    found = said(RULE, text(body, NAMES.replace("NULL", "Tea")))
    assert [lines(one) for one in found] == [[3, 5]]


def test_style_and_script_are_left_alone(said):
    assert said(RULE, html("<style>.{{ company }} {}</style><p>Hello,</p>")) == []


def test_an_unknown_field_is_another_rules(said):
    assert said(RULE, text("Dear {{ frist_name }},")) == []


def test_a_constant_is_another_rules(said):
    assert said(RULE, text("Dear {{ '' }},")) == []


# --- what only rendering tells ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "expression",
    ["{'Ada': 'you'}[first_name]", "{'Ada': 'you'}.get(first_name)"],
)
def test_undecided_expressions_are_rendered(said, expression):
    rows = "email,first_name\na@firm.example,Ada\nb@firm.example,\n"
    (one,) = said(RULE, text(f"Dear {{{{ {expression} }}}},", rows))
    assert one.severity.label == "error"
    assert lines(one) == [3]


def test_an_undecided_branch_that_is_not_taken(said):
    body = "Hello,\n\n{% if first_name|reverse|string == 'adA' %}{{ company }}{% endif %}"
    rows = "email,first_name,company\na@firm.example,Ada,Atelier\nb@firm.example,Bo,\n"
    assert said(RULE, text(body, rows)) == []


def test_it_needs_the_list(not_checked):
    gaps = not_checked(RULE, {}, without_lists=True)
    assert {gap.rule for gap in gaps} == {"empty-placeholder"}


def test_no_value_is_in_the_message(said):
    files = text("Dear {{ first_name }},", "email,first_name\nsecret@firm.example,\n")
    (one,) = said(RULE, files)
    assert "secret" not in json.dumps([one.message, one.help])


@pytest.mark.parametrize(
    ("header", "name", "language", "fallback"),
    [
        ("Imię", "imie", "~", "{{ imie or '…' }}"),
        ("Oraş", "Oraş", "~", "{{ Oraş or '…' }}"),
        ("city", "city", "de", "{{ city or '…' }}"),
        ("city", "city", "en-GB", "{{ city or 'your city' }}"),
        ("FNAME", "FNAME", "~", "{{ FNAME or 'friend' }}"),
    ],
)
def test_no_english_words_stand_in_for_names_of_other_languages(
    said, header, name, language, fallback
):
    files = {
        "campaign.yaml": f"language: {language}",
        "mail.txt": f"Dear {{{{ {name} }}}},\n",
        "contacts.csv": f"email,{header}\na@firm.example,\nb@firm.example,Zofia\n",
    }
    (one,) = said(RULE, files)
    assert fallback in one.help


@pytest.mark.parametrize(
    ("dialect", "tag"),
    [
        ("jinja", "{{ city | default('', true) }}"),
        ("jinja", "{{ city or '' }}"),
        ("freemarker", "${city!}"),
        ("freemarker", '${(city)!""}'),
        ("liquid", "{{ city | default: '' }}"),
        ("django", "{{ city|default:'' }}"),
        ("twig", "{{ city|default }}"),
        ("twig", "{{ city ?? '' }}"),
        ("go", '{{ or .city "" }}'),
        ("erb", "<%= @city || '' %>"),
        ("braze", "{{ ${city} | default: '' }}"),
    ],
)
def test_nothing_is_what_the_author_wrote_for_an_empty_cell(said, dialect, tag):
    files = {"campaign.yaml": f"body: {{text: mail.txt, dialect: {dialect}}}"}
    files["contacts.csv"] = "email,city\na@a.example,\nb@b.example,Ghent\n"
    assert said(RULE, {**files, "mail.txt": f"Hello,\n\nWe come to you {tag} soon.\n"}) == []
    (gap,) = said(RULE, {**files, "mail.txt": f"Dear {tag},\n\nWe come soon.\n"})
    assert gap.message.startswith("1 of 2 recipients would read “Dear ,”: “city” is empty")
    files["contacts.csv"] = "email,city\na@a.example,\nb@b.example,n/a\nc@c.example,Ghent\n"
    (word,) = said(RULE, {**files, "mail.txt": f"Hello,\n\nWe come to {tag} soon.\n"})
    assert "1 of 3" in word.message
    assert "holds a word for nothing" in word.message


def test_a_fallback_with_words_does_not_provide_for_nothing(said):
    files = {"contacts.csv": "email,city\na@a.example,n/a\nb@b.example,Ghent\n"}
    mail = "Hello,\n\nWe come to {{ city or 'your city' }} soon.\n"
    (one,) = said(RULE, {**files, "mail.txt": mail})
    assert "holds a word for nothing" in one.message
