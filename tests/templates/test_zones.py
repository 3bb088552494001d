"""Where a placeholder stands, the salutation above all."""

from __future__ import annotations

from typing import Any, cast

import pytest

from preflight.source import Excerpt, Source
from preflight.templates.dialects import read_template
from preflight.templates.html import read_markup
from preflight.templates.model import Template, Zone
from preflight.templates.zones import in_greeting


def zones(text: str, part: str = "html") -> list[Zone]:
    parsed = read_template(text, "jinja")
    assert parsed is not None
    template = Template(cast(Any, None), part, Excerpt.whole(Source("x", text)), "jinja", parsed)
    return [placeholder.zone for placeholder in template.placeholders]


@pytest.mark.parametrize(
    ("part", "zone"),
    [
        ("subject", Zone.SUBJECT),
        ("preheader", Zone.PREHEADER),
        ("from", Zone.FROM),
        ("header:List-Unsubscribe", Zone.HEADER),
    ],
)
def test_short_parts_are_their_own_zone(part, zone):
    assert zones("Hi {{ name }}", part) == [zone]


GREETINGS = [
    "Dear {{ name }},",
    "Hello, {{ name }}!",
    "Good morning {{ name }}",
    "Dear Mr. {{ name }},",
    "Hey {{ name }} -",
    "🎉 Hi {{ name }}",
    "{{ name }},",
    "{{ name }}, good morning!",
    "Bonjour {{ name }},",
    "Cher Monsieur {{ name }},",
    "Chère {{ name }}",
    "Sehr geehrte Frau Dr. {{ name }},",
    "Sehr geehrte/r {{ name }},",
    "Liebe {{ name }},",
    "Guten Tag {{ name }}",
    "Hola {{ name }}:",
    "Estimado/a {{ name }}:",
    "Buenos días, {{ name }}",
    "Gentile {{ name }},",
    "Buongiorno {{ name }}",
    "Olá {{ name }},",
    "Prezado(a) {{ name }},",
    "Beste {{ name }},",
    "Szanowna Pani {{ name }}",
    "Stimate {{ name }},",
    "Hej {{ name }}!",
    "Kjære {{ name }}",
    "Arvoisa {{ name }}",
    "Dobrý den, {{ name }}",
    "Welcome back. Hi {{ name }}",
    "Hi {% if True %}{{ name }}{% endif %},",
]


@pytest.mark.parametrize("line", GREETINGS)
@pytest.mark.parametrize("part", ["html", "text"])
def test_salutations(line, part):
    text = (
        f"<table><tr><td><p>{line}</p></td></tr></table>" if part == "html" else f"{line}\n\nText"
    )
    assert zones(text, part) == [Zone.GREETING]


OTHERS = [
    "Your order {{ number }} has shipped.",
    "Thanks for ordering {{ product }}.",
    "Say hello to {{ product }}",
    "Dear reader, your city is {{ city }}.",
    "Hi! We saw you at {{ place }}",
    "Hi-fi {{ product }} for you",
    "{{ product }}",
    "The oldest {{ name }}",
    "Dear member of our large, friendly and ever growing family of readers {{ name }}",
]


@pytest.mark.parametrize("line", OTHERS)
@pytest.mark.parametrize("part", ["html", "text"])
def test_other_text(line, part):
    assert zones(f"<p>{line}</p>" if part == "html" else line, part) == [Zone.TEXT]


def test_both_names_of_a_salutation_count():
    assert zones("<p>Dear {{ first }} {{ last }},</p>") == [Zone.GREETING] * 2
    assert zones("{{ first }} {{ last }},\ntext", "text") == [Zone.GREETING] * 2


def test_the_name_alone_counts_not_what_follows():
    assert zones("<p>Hi {{ name }}, your order {{ id }} is here.") == [Zone.GREETING, Zone.TEXT]


def test_a_salutation_stands_at_the_top():
    assert zones("<p>" + "word " * 400 + "</p><p>Dear {{ name }},</p>") == [Zone.TEXT]
    assert zones("<style>" + "a{} " * 900 + "</style><p>Dear {{ name }},</p>") == [Zone.GREETING]


def test_markup_inside_a_salutation():
    assert zones("<p>Dear <b>{{ name }}</b>,</p>") == [Zone.GREETING]
    assert zones("<p>Dear</p><p>{{ name }}</p>") == [Zone.TEXT]


def test_attributes_and_addresses():
    text = (
        '<a href="https://x.example/{{ id }}" title="Dear {{ name }}">{{ label }}</a>'
        '<img src="{{ picture }}" alt="{{ alt }}"><td {{ more }}><form action="{{ form }}">'
    )
    assert zones(text) == [
        Zone.LINK,
        Zone.ATTRIBUTE,
        Zone.TEXT,
        Zone.LINK,
        Zone.ATTRIBUTE,
        Zone.ATTRIBUTE,
        Zone.LINK,
    ]


def test_hidden_places():
    text = "<style>{{ css }}</style><script>{{ js }}</script><!-- {{ c }} --><title>{{ t }}</title>"
    assert zones(text) == [Zone.HIDDEN, Zone.HIDDEN, Zone.HIDDEN, Zone.TEXT]


def test_outlooks_copy_of_a_salutation():
    assert zones("<!--[if mso]><p>Dear {{ name }},</p><![endif]-->") == [Zone.GREETING]


@pytest.mark.parametrize(
    ("text", "html", "expected"),
    [
        ("Dear {FirstName},", False, True),
        ("<p>Dear <b>{FirstName}</b>,</p>", True, True),
        ("Hi *|FNAME|*!", False, True),
        ("Hello\n\nYour {FirstName} is ready", False, False),
        ("Our address: {FirstName}", False, False),
    ],
)
def test_literal_tags_in_a_salutation(text, html, expected):
    markup = read_markup(text, None, html=html)
    at = text.index("*|") if "*|" in text else text.index("{")
    assert in_greeting(text, markup.runs, at) is expected


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("[Your page](https://x.example/{{ id }})", Zone.LINK),
        ("[Your page]({{ url }})", Zone.LINK),
        ("[{{ town }}](https://x.example/)", Zone.TEXT),
        ("See https://x.example/?id={{ id }}&u=2 now", Zone.LINK),
        ("Write to mailto:{{ address }}", Zone.LINK),
        ("<https://x.example/{{ id }}>", Zone.LINK),
        ("See https://x.example/ and {{ town }}", Zone.TEXT),
        ("(Yours: {{ town }})", Zone.TEXT),
    ],
)
def test_addresses_in_plain_text_and_markdown(text, zone):
    assert zones(text, "text") == [zone]


@pytest.mark.parametrize(
    ("html", "zone"),
    [
        ('<a href="https://x.example/{{ n }}">x</a>', Zone.LINK),
        ("<a href={{ n }}>x</a>", Zone.LINK),
        ('<img src="{{ n }}">', Zone.LINK),
        ('<img srcset="{{ n }} 2x">', Zone.LINK),
        ("<img alt='{{ n }}'>", Zone.ATTRIBUTE),
        ('<td style="color: {{ n }}">x</td>', Zone.ATTRIBUTE),
        ("<style>.a { color: {{ n }} }</style>", Zone.HIDDEN),
        ("<!-- {{ n }} -->", Zone.HIDDEN),
        ("<title>{{ n }}</title>", Zone.TEXT),
        ('<!--[if mso]><v:roundrect href="{{ n }}"></v:roundrect><![endif]-->', Zone.LINK),
        ("<!--[if mso]><p>For {{ n }} only</p><![endif]-->", Zone.TEXT),
        ("<p>For {{ n }", None),
        ('<a title="x" href="{{ n }}', Zone.LINK),
        ("<p <b>for you: {{ n }}</b>", Zone.TEXT),
        ('<a href="x" href="{{ n }}">y</a>', Zone.ATTRIBUTE),
        ("<script>{{ n }}", Zone.HIDDEN),
        ("<td background='{{ n }}'>", Zone.LINK),
    ],
)
def test_where_a_tag_stands_in_hostile_html(html, zone):
    from preflight.templates.jinja import read_jinja

    if zone is None:
        assert read_jinja(html).fault
    else:
        assert zones(html) == [zone]
