"""Merge tags in cells."""

from __future__ import annotations

import csv
import io
import json
from importlib.resources import files

import pytest

from preflight_rules.placeholders.placeholder_in_data import placeholder_in_data

MAIL = "{{ greeting }},\n\nNews.\n"


def listed(*cells, header=("email", "greeting", "first_name")):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([f"p{number}@x.example", cell, "Anna"] for number, cell in enumerate(cells))
    return out.getvalue()


@pytest.mark.parametrize(
    "cell",
    [
        "Hi {{first_name}}", "{{ first_name | default: 'friend' }}", "Dear *|FNAME|*", "{FirstName}", "Hi {first_name},", "%%first%%", "[FNAME]", "Hi [FIRST_NAME]!",
        "<<First Name>>", "«Vorname»", "%FIRSTNAME%", "${first_name}", "Hallo {$name}", "[[firstname]]", "<%= firstname %>", "{% if first_name %}you{% endif %}",
        "##FirstName##", "%(first_name)s", "$[FNAME]$", "#[FNAME]#", "Hi {{{first_name}}}", "~~FIRSTNAME~~", "@Model.FirstName", "{ FirstName }", "{{contact.first_name}}", "line one\nHi {{first_name}}",
    ],
)  # fmt: skip
def test_tags(said, cell):
    (one,) = said(placeholder_in_data, {"contacts.csv": listed("Hi Jan", cell), "mail.txt": MAIL})
    assert (
        one.message
        == "“greeting” of 1 of 2 recipients holds a merge tag, which goes out as written"
    )
    assert one.severity.label == "error"
    assert one.recipients.rows == (("contacts.csv", 3),)


@pytest.mark.parametrize(
    "cell",
    [
        "Hi Anna", "[Berlin]", "[Remote]", "{anything}", "100 %", "50% off, 20% on", "C# and F#", "#1#", "$100", "$5", "a < b > c", "<b>Hi</b>", "<<", "{}", "{{}}", "[]", "[x] done", "[1]", "{1, 2}",
        "~~old~~", "##", "%20%20", "@anna", "@Model", "A*B*C", "*|*", "«Bonjour»", "« Bonjour »", "(first name)", "ACME [Holding]", "{name of the rose", "US$ and CA$", "C:\\%PATH", "set {a, b}", "f{x}", "[sic]",
    ],
)  # fmt: skip
def test_no_false_alarm(said, cell):
    assert said(placeholder_in_data, {"contacts.csv": listed(cell), "mail.txt": MAIL}) == []


def test_only_what_the_mail_prints(said):
    assert said(placeholder_in_data, {"contacts.csv": listed("{{first_name}}")}) == []


def test_all_rows_are_counted(said):
    cells = ["Hi {{first_name}}", "*|FNAME|*", "[Berlin]", "Hi {{last_name}}", "plain"] * 50
    (one,) = said(placeholder_in_data, {"contacts.csv": listed(*cells), "mail.txt": MAIL})
    assert one.recipients.count == 150


def test_every_family_has_a_shape():
    """But those that count only in a salutation; a choice of words is in braces as well."""
    families = json.loads(files("preflight.data").joinpath("tag_families.json").read_text("utf-8"))
    shapes = files("preflight_rules.placeholders").joinpath("tags_in_cells.json")
    anywhere = {
        one["id"]
        for one in families["families"]
        if one["strength"] not in ("greeting", "salutation", "any", "spintax")
    }
    known = {one["id"] for one in families["families"]}
    assert anywhere <= set(json.loads(shapes.read_text("utf-8"))["patterns"]) <= known
