"""What holds of every reader, whatever the text; and real engines beside the writer."""

from __future__ import annotations

import string
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from preflight.campaign.model import Campaign
from preflight.source import Excerpt, Source
from preflight.templates.dialects import column_named, profile, read_template
from preflight.templates.model import Parsed, Template
from preflight.templates.profiles import known_dialects
from preflight.templates.words import load
from preflight.templates.write import write

PIECES = [
    "*|",
    "|*",
    "*|IF:X|*",
    "*|ELSE:|*",
    "*|END:IF|*",
    "{{",
    "}}",
    "{{{",
    "}}}",
    "{%",
    "%}",
    "{#",
    "#}",
    "{{#if",
    "{{/if}}",
    "{{else}}\n{%",
    "if",
    "x",
    "%}",
    "{%",
    "else",
    "%}",
    "{%",
    "endif",
    "%}",
    "{%",
    "for",
    "x",
    "in",
    "y",
    "%}",
    "{%",
    "endfor",
    "%}",
    "{%",
    "set",
    "x",
    "=",
    "%}",
    "[",
    "]",
    "[[",
    "]]",
    "[IF",
    "[endif]\n%%",
    "%%[",
    "]%%",
    "%%=",
    "=%%",
    "IF",
    "SET",
    "@x",
    "THEN",
    "ENDIF",
    "<%",
    "%>",
    "<%=",
    "<%@",
    "<%%",
    "end",
    "else",
    "}",
    "{",
    "$",
    "${",
    "$x",
    "$!{",
    "#if(",
    ")",
    "#end",
    "#set(\n<#if",
    "</#if>",
    "<#--",
    "-->",
    "<#list",
    "x",
    "as",
    "y>",
    '${x!"a"}',
    "$[",
    "]$",
    "#",
    "##",
    "«",
    "»",
    "<<",
    ">>",
    "~~",
    "x.y",
    "first_name",
    '"a"',
    "'b'",
    "|",
    ":",
    ",",
    "=",
    "==\n!",
    "?",
    "??",
    ".",
    "(",
    ")",
    "default(",
    "fallback=",
    "-",
    "_",
    "\\",
    "&",
    "é",
    "\n",
    "contact.",
    "var:",
    "1",
    "%(",
    ")s",
]
READERS = sorted({one.reader for one in known_dialects()} - {"jinja"})
OWN = {"liquid", "django", "handlebars", "mustache"}
ONE_EACH = [one.id for one in known_dialects() if one.reader not in (*OWN, "jinja")]
COLUMNS = frozenset({"email", "first_name", "city", "x"})


def check(text: str, dialect: str) -> Parsed:
    parsed = read_template(text, dialect, COLUMNS)
    assert parsed is not None
    if parsed.fault:
        assert 0 <= parsed.fault.start <= parsed.fault.end <= len(text)
        assert parsed.fault.message
        return parsed
    stretches = sorted(
        [*parsed.literals, *parsed.code, *((tag.start, tag.end) for tag in parsed.tags)]
    )
    end = 0
    for start, stop in stretches:
        assert end <= start <= stop <= len(text), (text, stretches)
        end = stop
    assert sum(stop - start for start, stop in stretches) == len(text)
    for _name, start, stop in parsed.names:
        assert 0 <= start <= stop <= len(text)
    return parsed


@pytest.mark.parametrize("dialect", ONE_EACH)
@settings(max_examples=40, deadline=None, derandomize=True)
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=25), glue=st.sampled_from(["", " "]))
def test_a_reader_never_raises_and_covers_the_text(
    dialect: str, pieces: list[str], glue: str
) -> None:
    text = glue.join(pieces)
    parsed = check(text, dialect)
    if parsed.fault is None:
        known = profile(dialect)
        assert known is not None
        write(template(text, dialect, parsed), {}, known.semantics)


@pytest.mark.parametrize("dialect", ONE_EACH)
@pytest.mark.parametrize("piece", ["{{", "{% if x %}", "(", "[", "<%", "%%[ IF x THEN ", "*|IF:X|*",
                                   "#if($x)", "<#if x>", "${", "x.y|", "{{#if ("])  # fmt: skip
def test_what_is_never_closed_or_nested_without_end(dialect: str, piece: str) -> None:
    check(piece * 3_000, dialect)
    check(f"{{{{ {piece * 300} }}}}<%= {piece * 300} %>${{{piece * 300}}}", dialect)


# --- real engines ---------------------------------------------------------------------------------

ROWS = [
    {"first_name": "Inès", "city": "Lyon"},
    {"first_name": "", "city": "Rome & co"},
    {"first_name": "null", "city": ""},
]


def template(text: str, dialect: str, parsed: Parsed) -> Template:
    source = Excerpt.whole(Source("mail.txt", text))
    return Template(CAMPAIGN, "text", source, dialect, parsed, COLUMNS)


def written(text: str, dialect: str, row: dict[str, Any]) -> str:
    parsed, known = read_template(text, dialect, COLUMNS), profile(dialect)
    assert parsed is not None
    assert known is not None
    assert parsed.fault is None
    resolve = column_named(known, COLUMNS)
    part, exact = write(template(text, dialect, parsed), row, known.semantics, resolve)
    assert exact
    return part.text


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("text", ["Hi {first_name}, {{braces}} of {city}!", "{{{city}}} {city!s}"])
def test_str_format(text: str, row: dict[str, Any]) -> None:
    assert written(text, "format", row) == text.format(**row)


@pytest.mark.parametrize("row", ROWS)
def test_percent(row: dict[str, Any]) -> None:
    text = "Hi %(first_name)s, 100%% of %(city)s!"
    assert written(text, "percent", row) == text % row


@pytest.mark.parametrize("row", ROWS)
def test_string_template(row: dict[str, Any]) -> None:
    text = "Hi $first_name, $$5, $10 and ${city}s, $"
    assert written(text, "stringtemplate", row) == string.Template(text).safe_substitute(row)


@pytest.mark.parametrize(
    ("text", "start"),
    [("100% off", 3), ("%(x)s and %s", 10), ("50%", 2)],
)
def test_what_percent_refuses(text: str, start: int) -> None:
    with pytest.raises((TypeError, ValueError)):
        text % {"x": 1}
    parsed = read_template(text, "percent", COLUMNS)
    assert parsed is not None
    assert parsed.fault is not None
    assert parsed.fault.start == start


@pytest.mark.parametrize(("text", "start"), [("a } b", 2), ("a { b", 2), ("{x} {", 4)])
def test_what_format_refuses(text: str, start: int) -> None:
    with pytest.raises(ValueError, match=r"expected|encountered"):
        text.format(x=1)
    parsed = read_template(text, "format", COLUMNS)
    assert parsed is not None
    assert parsed.fault is not None
    assert parsed.fault.start == start


@pytest.mark.parametrize(
    ("dialect", "text", "tag"),
    [
        ("mailchimp", "Hi *|IF:FNAME|*x", "*|IF:FNAME|*"),
        ("mailchimp", "Hi *|END:IF|*x", "*|END:IF|*"),
        ("hubspot", "{% if contact.city %}x", "if"),
        ("twig", "{{ x", "{{"),
        ("go", "{{ if .x }}a", "{{ if .x }}"),
        ("go", "a{{ end }}", "{{ end }}"),
        ("erb", "<% if @x %>a", "<% if @x %>"),
        ("erb", "a <%= @x", "<%"),
        ("ejs", "<% if (x) { %>a", "<% if (x) { %>"),
        ("velocity", "#if($x)a", "#if($x)"),
        ("freemarker", "<#if x>a", "<#if x>"),
        ("freemarker", "a</#if>", "</#if>"),
        ("sfmc", "%%[ IF EMPTY(x) THEN ]%%a", "IF"),
        ("sfmc", "%%=v(@x)", "%%="),
        ("sparkpost", "{{if x}}a", "if"),
        ("campaignmonitor", "[if:city]a", "[if:city]"),
        ("activecampaign", "%IF $CITY%a", "%IF $CITY%"),
    ],
)
def test_a_fault_stands_at_its_place(dialect: str, text: str, tag: str) -> None:
    parsed = read_template(text, dialect, COLUMNS)
    assert parsed is not None
    assert parsed.fault is not None
    assert text[parsed.fault.start : parsed.fault.end] == tag


# --- the data -------------------------------------------------------------------------------------


class Facts(BaseModel):
    """The schema of a profile in the data file."""

    model_config = ConfigDict(extra="forbid")

    mailer: str
    family: str
    reader: str
    example: str
    engine: bool = False
    one_line: bool = False
    spelling: str | None = None
    fallback: str = ""
    beside: str = ""
    literal: str = ""
    unsubscribe: list[str] = []
    online: list[str] = []
    address: list[str] = []
    reserved: list[str] = []
    prefixes: list[str] = []
    elsewhere: list[str] = []
    absent: list[str] = []
    marks: list[str] = []
    hints: list[str] = []
    aliases: list[str] = []
    shapes: list[str] = []
    tags: dict[str, str] = {}
    synonyms: dict[str, str] = {}
    semantics: dict[str, str | bool | None] = {}


def test_the_profiles_have_their_schema() -> None:
    data = load("dialects.json")
    names: list[str] = []
    for name, facts in data["profiles"].items():
        found = Facts.model_validate(facts)
        assert set(found.shapes) <= set(data["shapes"])
        assert bool(found.shapes) == (found.reader == "tags"), name
        names += [name, *found.aliases]
    assert len(names) == len(set(names))
    used = {shape for facts in data["profiles"].values() for shape in facts.get("shapes", ())}
    assert used == set(data["shapes"])


@pytest.mark.parametrize("known", known_dialects(), ids=lambda one: one.id)
def test_own_tags_are_read_as_own(known: Any) -> None:
    """The example is a tag that prints a field; own tags print something for everybody."""
    field = read_template(known.example, known.id)
    assert field is not None
    assert field.fault is None
    whole = [tag for tag in known.unsubscribe + known.online + known.address if _whole(tag)]
    for tag in whole:
        parsed = read_template(f"a {tag} b", known.id, COLUMNS)
        assert parsed is not None
        assert parsed.fault is None
        assert parsed.names == (), tag


def _whole(tag: str) -> bool:
    return tag[-1:] in "}]>|%#$*" and not tag.startswith(("data-", "<unsub", "<web"))


def test_the_readers_are_files() -> None:
    folder = Path(__file__).parents[2] / "preflight" / "templates"
    assert all(len(file.read_text("utf-8").splitlines()) < 401 for file in folder.glob("*.py"))


CAMPAIGN = Campaign.model_validate(
    {
        "name": "spring",
        "purpose": "newsletter",
        "from": "ada@news.example",
        "subject": "x",
        "body": {"text": "mail.txt"},
        "audience": {"contacts": "list.csv"},
    }
)
