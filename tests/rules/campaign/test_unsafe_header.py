"""Line breaks and control characters in headers."""

from __future__ import annotations

import pytest

from preflight_rules.campaign.unsafe_header import unsafe_header

ROWS = 'email,first_name\na@firm.example,Ada\nq@firm.example,"Quinn\nBcc: leak@mail.example"\n'


def test_a_cell_that_the_subject_prints(said):
    files = {"campaign.yaml": 'subject: "{{ first_name }}, news"', "contacts.csv": ROWS}
    (one,) = said(unsafe_header, files)
    assert one.span.text == "{{ first_name }}"
    assert one.path == "campaign.yaml"
    assert one.severity.label == "error"
    assert one.recipients.count == 1
    assert one.recipients.rows == (("contacts.csv", 3),)
    assert "leak" not in one.message + one.help


@pytest.mark.parametrize("cell", ["Qu\x1binn", '"Quinn\r\n"', "Quinn\x7f"])
def test_other_control_characters(said, cell):
    rows = f"email,first_name\na@firm.example,Ada\nq@firm.example,{cell}\n"
    files = {"campaign.yaml": 'subject: "{{ first_name }}, news"', "contacts.csv": rows}
    found = said(unsafe_header, files)
    assert [one.span.text for one in found] in (
        ["{{ first_name }}"],
        [],
    )  # a NUL is a malformed row


def test_a_header_of_ones_own(said):
    files = {
        "campaign.yaml": 'headers: {X-Reader: "{{ first_name }}"}',
        "contacts.csv": ROWS,
    }
    (one,) = said(unsafe_header, files)
    assert one.span.text == "{{ first_name }}"


def test_only_where_it_is_printed(said):
    files = {"mail.txt": "Dear {{ first_name }},\n", "contacts.csv": ROWS}
    assert said(unsafe_header, files) == []


def test_the_branch_counts(said):
    rows = ROWS.replace("first_name\n", "first_name,vip\n").replace("Ada\n", "Ada,true\n")
    rows = rows.rstrip("\n") + ",false\n"
    files = {
        "campaign.yaml": 'subject: "{% if vip %}{{ first_name }}, {% endif %}news"',
        "contacts.csv": rows,
    }
    assert said(unsafe_header, files) == []


@pytest.mark.parametrize("how", ["first_name | urlencode", "first_name | length"])
def test_what_is_encoded_is_harmless(said, how):
    files = {
        "campaign.yaml": f'headers: {{X-Link: "<https://news.example/?n={{{{ {how} }}}}>"}}',
        "contacts.csv": ROWS,
    }
    assert said(unsafe_header, files) == []


@pytest.mark.parametrize(
    "line",
    [
        'subject: "News\\nBcc: leak@mail.example"',
        'subject: "{{ first_name }}\\nBcc: leak@mail.example"',
        'subject: "News\\u0007"',
        'reply_to: "ada@news.example\\nBcc: leak@mail.example"',
        'headers: {X-Note: "a\\r\\nBcc: leak@mail.example"}',
    ],
)
@pytest.mark.parametrize("without_lists", [True, False])
def test_in_the_definition(said, line, without_lists):
    (one,) = said(unsafe_header, {"campaign.yaml": line}, without_lists=without_lists)
    assert one.path == "campaign.yaml"
    assert one.recipients is None


@pytest.mark.parametrize(
    "lines",
    [
        "subject: News",
        "subject: >\n  News of\n  the month\n",
        "subject: |\n  News of the month\n",
        "subject: |\n  {% if first_name %}\n  News\n  {% else %}\n  More\n  {% endif %}\n",
        'subject: "News\\tof the month"',
        "preheader: |\n  One\n  two\n",
        'subject: "Grüße, 你好, \\u200b 👩‍👩‍👧"',
    ],
)
def test_no_false_alarm(said, lines):
    assert said(unsafe_header, {"campaign.yaml": lines}) == []


def test_what_only_rendering_shows(said):
    (one,) = said(unsafe_header, {"campaign.yaml": "subject: \"{{ 'News\\\\nBcc: x' }}\""})
    assert one.recipients.count == 4


def test_without_lists_the_cells_are_named_as_not_checked(not_checked):
    gaps = not_checked(unsafe_header, {}, without_lists=True)
    assert {gap.rule for gap in gaps} == {"unsafe-header"}
