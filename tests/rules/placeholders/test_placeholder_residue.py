"""What a failed merge leaves, and ordinary words that look like it."""

from __future__ import annotations

import pytest

from preflight_rules.placeholders.empty_placeholder import empty_placeholder
from preflight_rules.placeholders.placeholder_residue import placeholder_residue as RULE

TWO = "email,first_name,amount\na@firm.example,Ada,20\nb@firm.example,,\n"


def text(body: str, rows: str = TWO) -> dict[str, str]:
    return {"mail.txt": f"{body}\n", "contacts.csv": rows}


def html(body: str) -> dict[str, str]:
    return {
        "mail.html": body,
        "campaign.yaml": "body: {html: mail.html, text: ~}",
        "contacts.csv": TWO,
    }


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("Your plan: [object Object]", "[object Object]"),
        ("Valid until Invalid Date", "Invalid Date"),
        ("Hello <no value>", "<no value>"),
        ("Your total is $NaN", "$NaN"),
        ("Hello %!s(<nil>),", "%!s(<nil>)"),
        ("See #REF! for more", "#REF!"),
        ("Dear ,", "Dear ,"),
        ("Hallo ,", "Hallo ,"),
        ("Bonjour\u00a0,", "Bonjour\u00a0,"),
        ("Sehr geehrte ,", "Sehr geehrte ,"),
        ("Dear None,", "None"),
        ("Hi undefined!", "undefined"),
        ("Hello FALLBACK,", "FALLBACK"),
        ("thank you for your gift of $.", "$"),
        ("Betrag: €", "€"),
        ("a donation of $ to us", "$"),
    ],
)
def test_literal_residue(said, body, place):
    (one,) = said(RULE, text(body))
    assert one.span.text == place
    assert one.severity.label == "error"
    assert one.recipients.count == 2


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("<p>Dear&nbsp;,</p>", "Dear&nbsp;,"),
        ("<p>Hello &lt;no value&gt;</p>", "&lt;no value&gt;"),
        ("<p>Hello <no value></p>", "<no value>"),
        ("<p>Dear <b>None</b>,</p>", "None"),
        ("<p>[object Object]</p>", "[object Object]"),
    ],
)
def test_in_html(said, body, place):
    (one,) = said(RULE, html(body))
    assert one.span.text == place


@pytest.mark.parametrize(
    "tag",
    [
        "{{ None }}",
        "{{ 'undefined' }}",
        "{{ first_name or 'FALLBACK' }}",
        "{{ first_name or 'default' }}",
    ],
)
def test_constants_and_fallbacks(said, tag):
    (one,) = said(RULE, text(f"The news for {tag} is here."))
    assert one.span.text == tag


def test_a_fallback_is_said_for_those_who_get_it(said):
    (one,) = said(RULE, text("Dear {{ first_name or 'edit me' }},"))
    assert (one.recipients.count, one.recipients.rows) == (1, (("contacts.csv", 3),))


def test_a_method_that_is_not_called(said):
    (one,) = said(RULE, text("News for {{ first_name.title }}."))
    assert one.span.text == "{{ first_name.title }}"
    assert "0x" not in one.message


def test_a_branch_that_leaves_a_gap(said):
    (one,) = said(RULE, text("Dear {% if first_name %}{{ first_name }}{% endif %},"))
    assert (one.recipients.count, one.recipients.rows) == (1, (("contacts.csv", 3),))
    assert one.message == "“Dear ,” greets nobody: a name is missing"


def test_the_subject(said):
    files = {"campaign.yaml": 'subject: "[object Object]"', **text("Hello,")}
    (one,) = said(RULE, files)
    assert one.path == "campaign.yaml"


@pytest.mark.parametrize(
    "body",
    [
        "Dear {{ first_name }},",
        "thank you for your gift of ${{ amount }}.",
        "Hello {{ first_name | trim }},",
        "Dear {{ {'Ada': 'you'}.get(first_name) }},",
    ],
)
def test_not_twice_at_one_place(said, body):
    assert said(RULE, text(body)) == []
    assert len(said(empty_placeholder, text(body))) == 1


@pytest.mark.parametrize(
    "body",
    [
        "None of us forgets Nan's recipe.",
        "The rule is null and void, and the term undefined.",
        "Dear Nan,",
        "Hello None the less",
        "Dear Null,",
        "Hello, dear readers",
        "Thanks, Ada",
        "Hello Anna ,",
        "Bonjour !",
        "prices in $, € and £.",
        "a gift of $20, a total of 20 €.",
        "a donation of $ 20",
        "Price: $10",
        "We take $ or €.",
        "TOTAL AMOUNT: $ USD",
        "INVALID_DATE (1.6 points) Invalid Date: header (not RFC 2822)",
        "by default: none",
        "An invalid date was entered.",
        "`[object Object]` is what a browser shows.",
        "“[object Object]” is what a browser shows.",
        "Fallback option: default",
        "None",
    ],
)
def test_ordinary_words(said, body):
    assert said(RULE, text(f"Hello,\n\n{body}")) == []


def test_code_is_a_sample(said):
    assert said(RULE, html("<p>Hello,</p><pre>[object Object]</pre><code>Dear None,</code>")) == []


@pytest.mark.parametrize("word", ["Invalid Date", "[object Object]", "default", "undefined"])
def test_a_value_of_the_list_is_another_rules(said, word):
    rows = f"email,first_name,amount\na@firm.example,{word},2\n"
    assert said(RULE, text("Dear {{ first_name }}, {{ first_name | upper }}", rows)) == []


def test_a_finished_mail_without_a_template(said):
    (one,) = said(RULE, text("Dear ,\n\nnews"))
    assert one.span.start_place == (1, 1)


@pytest.mark.parametrize(
    ("subject", "place"), [(", your gift", ","), ("None, your gift", "None"), (" ; hello", ";")]
)
def test_a_subject_that_a_name_should_begin(said, subject, place):
    (one,) = said(RULE, {"campaign.yaml": f'subject: "{subject}"'})
    assert one.span.text == place
    assert one.message == f"the subject begins with “{place}”: a name is missing"


@pytest.mark.parametrize(
    "subject", ["None of us, all of us", "Undefined behaviour, explained", "...and more", ":-)"]
)
def test_a_subject_that_no_name_should_begin(said, subject):
    assert said(RULE, {"campaign.yaml": f'subject: "{subject}"'}) == []


def test_of_an_empty_name_in_the_subject_another_rule_speaks(said):
    rows = 'email,first_name\na@firm.example,\nb@firm.example,"  "\nc@firm.example,NULL\n'
    subject = {"campaign.yaml": 'subject: "{{ first_name }}, your gift"', "contacts.csv": rows}
    assert said(RULE, subject) == []
