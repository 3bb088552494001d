"""Broken YAML: each fault at its exact line and column, in plain words, with either parser."""

from __future__ import annotations

import pytest
import yaml

from preflight.campaign.located import YamlFault, decode, read_yaml
from preflight.source import Source

# text, (line, column), what is pointed at, message
BROKEN = [
    ("subject: Autumn: our news\n", (1, 16), ":", "a colon stands in a value without quotes"),
    ("a: b: c\n", (1, 5), ":", "a colon stands in a value without quotes"),
    ("where: status = 'x': y\n", (1, 20), ":", "a colon stands in a value without quotes"),
    ("name: x\n  purpose: y\n", (2, 3), "purpose: y", "this line is indented too far"),
    ("name: x\n purpose: y\n", (2, 2), "purpose: y", "this line is indented too far"),
    (
        "audience:\n  contacts: a.csv\n where: b\n",
        (3, 2),
        "where: b",
        "the indentation fits no line above",
    ),
    (
        "audience:\n    contacts: a.csv\n  where: b\n",
        (3, 3),
        "where: b",
        "the indentation fits no line above",
    ),
    ("name\npurpose: x\n", (1, 1), "name", "there is no colon after this key"),
    ("name: x\npurpose\nfrom: y\n", (2, 1), "purpose", "there is no colon after this key"),
    ("name:x\npurpose: y\n", (1, 5), ":", "a blank is missing after this colon"),
    ("name: x\n\tpurpose: y\n", (2, 1), "\t", "this line is indented with a tab"),
    ("body:\n\thtml: a.html\n", (2, 1), "\t", "this line is indented with a tab"),
    ("body:\n  html: a\n\ttext: b\n", (3, 1), "\t", "this line is indented with a tab"),
    ("where: |\n\ta = 1\n", (2, 1), "\t", "this line is indented with a tab"),
    (
        "subject: {{ first_name }}\n",
        (1, 10),
        "{{ first_name }}",
        "a value that begins with “{{” must be in quotes",
    ),
    (
        "subject: {{ first_name }}, hello\n",
        (1, 10),
        "{{ first_name }}, hello",
        "a value that begins with “{{” must be in quotes",
    ),
    (
        "subject: {{ a }} {{ b }}\n",
        (1, 10),
        "{{ a }} {{ b }}",
        "a value that begins with “{{” must be in quotes",
    ),
    (
        "body:\n  html: {{ x }}.html\n",
        (2, 9),
        "{{ x }}.html",
        "a value that begins with “{{” must be in quotes",
    ),
    (
        "audience:\n  exclude:\n    - {{ list }}\n",
        (3, 7),
        "{{ list }}",
        "a value that begins with “{{” must be in quotes",
    ),
    (
        "subject: {% if x %}A{% endif %}\n",
        (1, 10),
        "{% if x %}A{% endif %}",
        "a value that begins with “{%” must be in quotes",
    ),
    ("subject: %FNAME%\n", (1, 10), "%", "a value cannot begin with “%”"),
    ("subject: @name\n", (1, 10), "@", "a value cannot begin with “@”"),
    ("subject: `x`\n", (1, 10), "`", "a value cannot begin with “`”"),
    ("subject: * bold\n", (1, 10), "*", "a value cannot begin with “*”"),
    ("subject: *bold*\n", (1, 10), "*", "a value cannot begin with “*”"),
    ("subject: & more\n", (1, 10), "&", "a value cannot begin with “&”"),
    ("subject: !important\n", (1, 10), "!important", "tags are not supported: “!important”"),
    (
        "subject: !!python/object/apply:os.system [ls]\n",
        (1, 10),
        "!!python/object/apply:os.system",
        "tags are not supported: “!!python/object/apply:os.system”",
    ),
    ("subject: !!str x\n", (1, 10), "!!str", "tags are not supported: “!!str”"),
    ("subject: !e!x y\n", (1, 10), "!e!x y", "tags (“!...”) are not supported"),
    (
        'subject: "never closed\nfrom: x\n',
        (1, 10),
        '"',
        "the quotation mark that opens here is not closed",
    ),
    (
        "subject: 'never closed\nfrom: x\n",
        (1, 10),
        "'",
        "the quotation mark that opens here is not closed",
    ),
    ('subject: "a" b\n', (1, 14), "b", "text follows the closing quotation mark"),
    ("subject: 'it's'\n", (1, 14), "s'", "text follows the closing quotation mark"),
    ('subject: "say "hello""\n', (1, 16), 'hello""', "text follows the closing quotation mark"),
    ('subject: "a\\qb"\n', (1, 12), "\\q", "“\\q” is no escape inside double quotes"),
    ('subject: "a\\xZZ"\n', (1, 12), "\\x", "“\\x” is no complete escape inside double quotes"),
    (
        'subject: "C:\\Users"\n',
        (1, 13),
        "\\U",
        "“\\U” is no complete escape inside double quotes",
    ),
    ('subject: "a\\u12"\n', (1, 12), "\\u12", "“\\u12” is no complete escape inside double quotes"),
    ('subject: "x\n---\ny"\n', (1, 10), '"', "the quotation mark that opens here is not closed"),
    ("exclude: [a, b\n", (1, 10), "[", "“[” is not closed"),
    (
        "exclude: [a, b\nwhere: x\n",
        (1, 10),
        "[",
        "“[” is not closed, or a comma is missing by line 2",
    ),
    ("exclude: [a, , b]\n", (1, 14), ",", "a value is missing here"),
    ("exclude: ]\n", (1, 10), "]", "“]” does not belong here"),
    ("headers: {A: b\n", (1, 10), "{", "“{” is not closed"),
    (
        "headers: {A: b\nwhere: x\n",
        (1, 10),
        "{",
        "“{” is not closed, or a comma is missing by line 2",
    ),
    ("headers: }\n", (1, 10), "}", "“}” does not belong here"),
    ("headers: {A: b]\n", (1, 10), "{", "“{” is not closed, or a comma is missing by line 1"),
    ("a: [\n", (1, 4), "[", "“[” is not closed"),
    ("a: - b\n", (1, 4), "-", "a list cannot begin on the line of its key"),
    ("- a\nb: c\n", (2, 1), "b: c", "this stands where a list item belongs"),
    ("b: c\n- a\n", (2, 1), "-", "a list item stands where a key belongs"),
    ("a:\n  - x\n  y: z\n", (3, 3), "y: z", "this stands where a list item belongs"),
    ("a:\n  x: 1\n  - y\n", (3, 3), "-", "a list item stands where a key belongs"),
    (": x\n", (1, 1), ":", "a key is missing before this colon"),
    ("? [a, b]\n: c\n", (1, 3), "[", "a key must be plain text"),
    ("{a: b}: c\n", (1, 1), "{", "a key must be plain text"),
    ("[a]: c\n", (1, 1), "[", "a key must be plain text"),
    ("~: x\n", (1, 1), "~", "a key is missing before this colon"),
    ("<<: x\n", (1, 1), "<<", "merge keys (“<<”) are not supported"),
    ("a: &x {b: c}\nd:\n  <<: *x\n", (3, 3), "<<", "merge keys (“<<”) are not supported"),
    ("a: *x\n", (1, 4), "*x", "“*x” refers to an anchor that is not there"),
    ("a: &x [*x]\n", (1, 8), "*x", "“*x” refers to a value that contains it"),
    ("a: 1\nb: 2\na: 3\n", (3, 1), "a", "“a” is given twice; first on line 1"),
    ("a: {b: 1, b: 2}\n", (1, 11), "b", "“b” is given twice; first on line 1"),
    ('a: 1\n"a": 2\n', (2, 1), '"a"', "“a” is given twice; first on line 1"),
    ("a: 1\n---\nb: 2\n", (2, 1), "---", "a second document begins here"),
    ("a: 1\n...\nb: 2\n", (3, 1), "b: 2", "this stands outside the document"),
    ("--- a\n--- b\n", (2, 1), "---", "a second document begins here"),
    ("%YAML 3.0\n---\na: b\n", (1, 1), "%YAML 3.0", "this YAML directive is not supported"),
    ("where: |x\n  a = 1\n", (1, 9), "x", "after “|” or “>” the text begins on the next line"),
    ("where: > a = 1\n", (1, 10), "a = 1", "after “|” or “>” the text begins on the next line"),
    ("where: |2\n a = 1\n", (2, 2), "a = 1", "the indentation fits no line above"),
    ("where: >-\na = 1\n", (2, 1), "a = 1", "there is no colon after this key"),
    ("<!DOCTYPE html>\n<p>\n", (1, 1), "<!DOCTYPE", "this is HTML or XML, not YAML"),
    ('\n\n<html lang="fr">\n', (3, 1), "<html", "this is HTML or XML, not YAML"),
    ('<?xml version="1.0"?>\n', (1, 1), "<?xml", "this is HTML or XML, not YAML"),
    ("a: \x00b\n", (1, 4), "\x00", "the character U+0000 is not allowed in YAML"),
    ("a: \x07\n", (1, 4), "\x07", "the character U+0007 is not allowed in YAML"),
    ("a: \ufeffb\n", (1, 4), "\ufeff", "the character U+FEFF is not allowed in YAML"),
    ('a: "\ud800"\n', (1, 5), "\ud800", "the character U+D800 is not allowed in YAML"),
    ("a: \x1b[31m\n", (1, 4), "\x1b", "the character U+001B is not allowed in YAML"),
    ('é😀: "a" b\n', (1, 9), "b", "text follows the closing quotation mark"),
    ("a: 'é😀' b\n", (1, 9), "b", "text follows the closing quotation mark"),
    ("name: x\u2028b: y: z\n", (1, 13), ":", "a colon stands in a value without quotes"),
    ('a: "x" # fine\nb: "y" z # c\n', (2, 8), "z # c", "text follows the closing quotation mark"),
    ("a: x # c: d\n  b: c\n", (2, 3), "b: c", "the indentation fits no line above"),
    ("? a\n? b\nc\n: d: e\n", (3, 1), "c", "there is no colon after this key"),
    ('a: "\\ud83d"\n', (1, 5), "\\ud83d", "“\\ud83d” is no complete escape inside double quotes"),
]


@pytest.fixture(params=["C", "pure"])
def parser(request, monkeypatch):
    if request.param == "pure":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    elif not hasattr(yaml, "CSafeLoader"):
        pytest.skip("PyYAML was built without libyaml")


@pytest.mark.parametrize(("text", "place", "pointed_at", "message"), BROKEN)
def test_each_fault_is_said_at_its_place(text, place, pointed_at, message, parser):
    with pytest.raises(YamlFault) as caught:
        read_yaml(Source("x.yaml", text))
    fault = caught.value
    found = (tuple(fault.span.start_place), fault.span.text, fault.message)
    assert found == (place, pointed_at, message)


# Not those that are no text at all, or that count only at the very top of a file.
SHIFTABLE = [
    case
    for case in BROKEN
    if not case[0].lstrip().startswith(("%", "<")) and not {"\ud800", "\0"} & set(case[0])
]


@pytest.mark.parametrize(("text", "place", "pointed_at", "message"), SHIFTABLE)
@pytest.mark.parametrize("start", ["\ufeff", "# é😀\u00a0\r\n", "\r\n\r\n"])
def test_marks_and_line_ends_before_it_shift_only_lines(start, text, place, pointed_at, message):
    source = decode((start + text.replace("\n", "\r\n")).encode(), "x.yaml")
    with pytest.raises(YamlFault) as caught:
        read_yaml(source)
    line, column = caught.value.span.start_place
    assert (line - start.count("\n"), column) == place
    assert caught.value.span.text == pointed_at


def test_there_are_enough_of_them():
    assert len(BROKEN) >= 60


def test_a_long_name_is_clipped_in_the_message():
    with pytest.raises(YamlFault) as caught:
        read_yaml(Source("x.yaml", "a: !" + "x" * 5000))
    assert len(caught.value.message) < 120
