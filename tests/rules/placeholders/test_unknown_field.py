"""Fields that no contact has."""

from __future__ import annotations

import pytest

from preflight.testing import check_files
from preflight_rules.placeholders.empty_placeholder import empty_placeholder
from preflight_rules.placeholders.unknown_field import Options
from preflight_rules.placeholders.unknown_field import unknown_field as RULE


def text(body: str) -> dict[str, str]:
    return {"mail.txt": f"{body}\n"}


def test_a_typing_error(said):
    (one,) = said(RULE, text("Dear {{ frist_name }},"))
    assert one.span.text == "frist_name"
    assert one.severity.label == "error"
    assert one.message == "no contact has a field “frist_name”"
    assert one.help == "Did you mean “first_name”?"


def test_a_usual_name_of_the_same_field(said):
    (one,) = said(RULE, text("Dear {{ FNAME }},"))
    assert one.help == "Did you mean “first_name”?"


def test_once_a_name_with_its_other_places(said):
    body = "{{ company }} {{ company }}{% if company %}x{% endif %} {{ city }}"
    found = said(RULE, text(body))
    assert [one.span.text for one in found] == ["company", "city"]
    assert [one.span.start for one in found] == [3, body.index("city")]
    assert len(found[0].related) == 2
    assert "The list has email, first_name." in found[0].help


@pytest.mark.parametrize("body", ["{% if vip %}x{% endif %}", "{{ 'x' if vip }}"])
def test_conditions_count(said, body):
    assert len(said(RULE, text(body))) == 1


def test_what_a_loop_goes_through_is_no_column(said, not_checked):
    """Articles, products: no list of recipients has them. The loop is named as not checked."""
    files = text("{% for x in items %}{{ x.name }}{% endfor %}")
    assert said(RULE, files) == []
    reasons = [one.reason for one in not_checked(empty_placeholder, files)]
    assert reasons == ["what the loop over items prints (mail.txt:1) was not looked at: no column"]


def test_a_misspelt_column_in_a_loop_is_one(said):
    assert len(said(RULE, text("{% for letter in frist_name %}{{ letter }}{% endfor %}"))) == 1


def test_the_subject(said):
    (one,) = said(RULE, {"campaign.yaml": 'subject: "{{ nickname }}"'})
    assert one.path == "campaign.yaml"


@pytest.mark.parametrize(
    "body",
    [
        "Dear {{ first_name }},",
        "Dear {{ FIRST_NAME }},",
        "{% set company = 'Acme' %}{{ company }}",
        "{% for day in ['Monday'] %}{{ day }}{{ loop.index }}{% endfor %}",
        "{% if company is defined %}{{ company }}{% endif %}",
        "{% if company is not defined %}x{% else %}{{ company }}{% endif %}",
        "{{ range(3) | list }}",
        "{% raw %}{{ company }}{% endraw %}{# {{ company }} #}",
    ],
)
def test_names_that_are_known(said, body):
    assert said(RULE, text(body)) == []


@pytest.mark.parametrize("name", ["Vorname", "vorname", "first_name"])
def test_headers_and_canonical_names(said, name):
    rows = "E-Mail,Vorname\na@firm.example,Ada\n"
    assert said(RULE, {**text(f"Hallo {{{{ {name} }}}},"), "contacts.csv": rows}) == []


def test_mapped_columns(said):
    files = {
        **text("{{ salon }}"),
        "contacts.csv": "email,Firma oder Salon\na@firm.example,Ada\n",
        "campaign.yaml": "audience: {contacts: contacts.csv, columns: {Firma oder Salon: salon}}",
    }
    assert said(RULE, files) == []


def test_facts_of_the_ledger_are_no_fields(said):
    files = {
        **text("{{ owner }}"),
        "preflight.yaml": "ledger: {clients: clients.csv}",
        "clients.csv": "email,owner\nines@atelier.example,Ada\n",
    }
    (one,) = said(RULE, files)
    assert one.span.text == "owner"


def test_what_mailers_fill_in_is_a_warning(said):
    (one,) = said(RULE, text("{{ unsubscribe_url }}"))
    assert one.severity.label == "warning"
    assert "filled_by_mailer: [unsubscribe_url]" in one.help


def test_the_option_names_them(said):
    files = {
        **text("{{ unsubscribe_url }} {{ Ticket }} {{ other }}"),
        "preflight.yaml": "rules: {unknown-field: {filled_by_mailer: [unsubscribe_url, ticket]}}",
    }
    assert [one.span.text for one in said(RULE, files)] == ["other"]
    assert Options().filled_by_mailer == ()


def test_it_needs_the_list(said, not_checked):
    files = text("{{ frist_name }}")
    assert said(RULE, files, without_lists=True) == []
    assert len(not_checked(RULE, files, without_lists=True)) == 1


@pytest.mark.parametrize(
    ("tag", "rows", "fix"),
    [
        ("{{ frist_name }}", "email,first_name\na@firm.example,Ada\n", "{{ first_name }}"),
        ("{{ firstname }}", "email,first_name\na@firm.example,Ada\n", "{{ first_name }}"),
        ("{{ FNAME }}", "email,first_name\na@firm.example,Ada\n", "{{ first_name }}"),
        ("{{ compny }}", "email,company\na@firm.example,Ada\n", "{{ company }}"),
        ("{{ salonn | upper }}", "email,salon\na@firm.example,Ada\n", "{{ salon | upper }}"),
    ],
)
def test_the_fix_where_it_is_certain(said, tag, rows, fix):
    files = {**text(f"Dear {tag},"), "contacts.csv": rows}
    (one,) = said(RULE, files)
    old = files["mail.txt"]
    new = old[: one.fix.span.start] + one.fix.text + old[one.fix.span.end :]
    assert new == f"Dear {fix},\n"
    assert said(RULE, {**files, "mail.txt": new}) == []


@pytest.mark.parametrize(
    ("tag", "columns"),
    [
        ("{{ company }}", "country"),  # another word
        ("{{ nam }}", "name"),  # short: it may be anything
        ("{{ plan_1 }}", "plan_2,plan_3"),  # two are as near
    ],
)
def test_no_fix_where_it_is_not(said, tag, columns):
    cells = ",".join("x" for _ in columns.split(","))
    files = {**text(f"News {tag}"), "contacts.csv": f"email,{columns}\na@firm.example,{cells}\n"}
    assert [one.fix for one in said(RULE, files)] == [None]


@pytest.mark.parametrize(
    ("tag", "fix"), [("contact.first_name", "first_name"), ("frist_name.title()", None)]
)
def test_a_path_is_put_right_as_a_whole(tag, fix):
    files = {**text(f"Dear {{{{ {tag} }}}},"), "campaign.yaml": "body: {dialect: jinja}"}
    report = check_files(files, rules=[RULE])
    (one,) = [one for one in report.annotations if one.rule == RULE.name]
    assert (one.fix and (one.fix.span.text, one.fix.text)) == (fix and (tag, fix))


@pytest.mark.parametrize(
    "tag",
    [
        "{{ contact.first_name }}",
        "{{ contact['first_name'] }}",
        "{% if user.first_name %}you{% endif %}",
        "{% include 'part.txt' %}",
    ],
)
def test_a_name_that_rendering_fails_of_is_said_once(tag):
    files = {"mail.txt": f"Hello,\n\nhere is the news for {tag}.\n"}
    files["campaign.yaml"] = "body: {text: mail.txt, dialect: jinja}"
    files["part.txt"] = "{{ person.first_name }}"
    report = check_files(files, only=("unknown-field", "template-syntax"))
    assert [one.rule for one in report.annotations] == ["unknown-field"]
    reasons = {one.reason for one in check_files(files).not_checked}
    assert "needs templates that can be rendered" in reasons


def test_a_loop_over_what_no_contact_has_is_not_looked_at_and_no_fault():
    files = {"mail.txt": "Hello,\n{% for one in shop.items %}\n- {{ one }}{% endfor %}\n"}
    report = check_files(files)
    assert [one.rule for one in report.annotations if one.severity.label == "error"] == []
    assert any("mail.txt:2" in one.reason for one in report.not_checked)
