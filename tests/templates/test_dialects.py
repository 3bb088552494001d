"""Profiles of dialects, and finding out which one a text is in."""

from __future__ import annotations

import pytest

from preflight.templates.detection import detect
from preflight.templates.dialects import (
    did_you_mean,
    known_dialects,
    profile,
    read_template,
)


@pytest.mark.parametrize(
    "texts",
    [
        ["Hello {{ first_name }}"],
        ["{% if x %}a{% endif %}"],
        ["no tag at all: 100% off, [link](x), { }"],
        [],
        ["Dear {FirstName}"],
        ["{{ x }}", "a stray *|FNAME|* of another mailer"],
        ["{% raw %}{{#if x}}{% endraw %} {# {{{x}}} #}"],
        ["{{ x|default('a', true) }} {{ {'a': 1}['a'] }} {{ x[1:2] }}"],
        ["{{ name }"],
    ],
)
def test_jinja_is_found(texts: list[str]) -> None:
    assert detect(texts) == "jinja"


@pytest.mark.parametrize(
    "text",
    [
        "Dear *|FNAME|*",
        "Dear %%First Name%%",
        "[[EMAIL_TO]]",
        "{$name}",
        "%FIRSTNAME%",
        "{{{ name }}}",
    ],
)
def test_a_tag_alone_is_not_taken_for_a_dialect(text: str) -> None:
    assert detect([text]) is None


@pytest.mark.parametrize("text", ['Dear {first_name, "friend"},', "Dear [Name,fallback=you],"])
def test_a_hint_alone_is_no_dialect(text: str) -> None:
    assert detect([text]) == "jinja"


def test_unclosed_marks_take_no_time() -> None:
    assert detect(["{#" * 50_000 + "{% raw %}" * 20_000]) == "jinja"


def test_profiles() -> None:
    names = [known.id for known in known_dialects()]
    assert names == sorted(names)
    assert {"jinja", "django", "mailchimp", "sfmc", "activecampaign"} <= set(names)
    mailchimp = profile(" Mailchimp")
    assert mailchimp is not None
    assert mailchimp.unsubscribe == ("*|UNSUB|*",)
    assert "ARCHIVE" in mailchimp.reserved
    assert profile("nonsense") is None
    assert did_you_mean("jinga") == "jinja"
    assert did_you_mean("qqqq") is None


def test_reading_needs_a_reader() -> None:
    parsed = read_template("{{ name }}", "jinja", frozenset({"name"}))
    assert parsed is not None
    assert parsed.tags[0].blank == 'blank("name")'
    mailchimp = read_template("*|FNAME|*", "mailchimp", frozenset({"first_name"}))
    assert mailchimp is not None
    assert mailchimp.tags[0].blank == 'blank("first_name")'
    assert read_template("x", "nonsense") is None
