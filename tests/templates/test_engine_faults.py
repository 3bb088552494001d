"""Templates that cannot be parsed: the place of the mistake and the words for it."""

from __future__ import annotations

import random

import pytest
from django.template.base import DebugLexer
from liquid import Environment
from liquid.exceptions import LiquidError

from preflight.templates.languages import django_lexing, liquid_lexing
from preflight.templates.languages.django_templates import read_django
from preflight.templates.languages.handlebars import read_handlebars
from preflight.templates.languages.jinja_like import read_jinja_like
from preflight.templates.languages.liquid import read_liquid
from preflight.templates.model import SyntaxFault

READERS = {
    "liquid": read_liquid,
    "customerio": read_liquid,
    "braze": read_liquid,
    "kit": read_liquid,
    "drip": read_liquid,
    "keila": read_liquid,
    "intercom": read_liquid,
    "django": read_django,
    "klaviyo": read_django,
    "brevo": read_django,
    "handlebars": read_handlebars,
    "mustache": read_handlebars,
    "sendgrid": read_handlebars,
    "iterable": read_handlebars,
    "ses": read_handlebars,
    "postmark": read_handlebars,
    "mandrill-handlebars": read_handlebars,
    "mailgun-template": read_handlebars,
    "hubspot": read_jinja_like,
    "twig": read_jinja_like,
    "mailjet": read_jinja_like,
}

# The stretch at fault stands between ⟦ and ⟧.
FAULTS = [
    ("liquid", "Hi {{ name | ⟦upcasee⟧ }}", "there is no filter “upcasee” (did you mean “upcase”?)"),
    ("liquid", "{{ name | default: ⟦“⟧there” }}", "typographic quote"),
    ("liquid", "Hi ⟦{{⟧ name", "“{{” is never closed with “}}”"),
    ("liquid", "⟦{{ name }⟧ and {{ city }}", "closed with one “}” only"),
    ("liquid", "{{ ⟦first name⟧ }}", "perhaps “first_name”"),
    ("liquid", "a\n⟦{{ }}⟧", "the tag is empty"),
    ("liquid", "{% ⟦fi⟧ x %}a{% endif %}", "did you mean “if”?"),
    ("liquid", "{% ⟦if⟧ x %}a", "“if” is never closed with “{% endif %}”"),
    ("liquid", "{% if x %}a{% ⟦endfor⟧ %}", "“if” is still open"),
    ("liquid", "{% ⟦endif⟧ %}", "no “if” is open"),
    ("liquid", "{% if x ⟦=⟧ 1 %}a{% endif %}", "write “==”"),
    ("liquid", "{% ⟦elsif⟧ x %}", "it belongs into “if”"),
    ("liquid", "{% if x %}a{% ⟦elseif⟧ y %}b{% endif %}", "did you mean “elsif”?"),
    ("liquid", "{% if x %}a{% ⟦else if y⟧ %}b{% endif %}", "write “elsif”"),
    ("liquid", "{{ x | default ⟦'⟧a' }}", "a filter takes its argument after a colon"),
    ("liquid", "{{ x ⟦||⟧ 'there' }}", "a fallback is written “| default: 'there'”"),
    ("liquid", "{% if x ⟦and⟧ %}a{% endif %}", "something is missing after “and”"),
    ("liquid", "{{ ⟦'⟧a }}", "does not end"),
    ("liquid", "⟦{% raw %}⟧ {{ x }}", "never closed with “{% endraw %}”"),
    ("liquid", "{% ⟦comment⟧ %} {{ x }}", "never closed with “{% endcomment %}”"),
    ("customerio", "{{ customer.x | ⟦defualt⟧: 'a' }}", "did you mean “default”?"),
    ("braze", "{{${first_name} | default: ⟦‘⟧there’}}", "typographic quote"),
    ("braze", "{% ⟦if⟧ {{custom_attribute.${plan}}} == 'x' %}a", "never closed"),
    ("liquid", "{{ x | default: ⟦&quot;⟧there&quot; }}", "written as &quot;"),
    ("django", "{{ x|default:⟦&quot;⟧there&quot; }}", "written as &quot;"),
    ("handlebars", "{{insert x ⟦&quot;⟧default=there&quot;}}", "written as &quot;"),
    ("twig", "{{ x|default(⟦&quot;⟧there&quot;) }}", "written as &quot;"),
    ("django", "{{ x|⟦upperr⟧ }}", "did you mean “upper”?"),
    ("django", "{{ x | ⟦default: ⟧\"a\" }}", "no blank beside the colon"),
    ("django", "{{ x|⟦default⟧ }}", "takes its argument after a colon"),
    ("django", "{{ x|default:⟦“⟧there” }}", "typographic quote"),
    ("django", "{% ⟦fi⟧ x %}", "did you mean “if”?"),
    ("django", "{% ⟦if⟧ x %}a", "“if” is never closed with “{% endif %}”"),
    ("django", "{% if x %}{% ⟦endfor⟧ %}", "expected “elif” or “else” or “endif”"),
    ("django", "{% if x %}{% ⟦elsif⟧ y %}{% endif %}", "did you mean “elif”?"),
    ("django", "{% if x ⟦=⟧ 1 %}{% endif %}", "write “==”"),
    ("django", "{{ ⟦first name⟧ }}", "perhaps “first_name”"),
    ("django", "{{ x|default⟦('a')⟧ }}", "after a colon"),
    ("django", "{{ ⟦_x⟧ }}", "cannot begin with an underscore"),
    ("django", "{% ⟦frobnicate⟧ %}", "there is no statement “frobnicate”"),
    ("klaviyo", "{{ first_name|⟦defualt⟧:'x' }}", "did you mean “default”?"),
    ("brevo", "{% if contact.A %}a{% ⟦elseif⟧ contact.B %}{% endif %}", "did you mean “elif”?"),
    ("handlebars", "⟦{{⟧name", "never closed"),
    ("handlebars", "⟦{{name}⟧ x", "closed with one “}” only"),
    ("handlebars", "{{#if x}}a⟦{{/unless}}⟧", "does not close the block “if”"),
    ("handlebars", "{{#⟦if⟧ x}}a", "“if” is never closed with “{{/if}}”"),
    ("handlebars", "a⟦{{/if}}⟧", "closes a block that is not open"),
    ("handlebars", "{{#⟦IF⟧ x}}a{{/IF}}", "did you mean “if”?"),
    ("handlebars", "{{#if x}}{{#⟦each⟧ y}}{{/if}}", "“each” is never closed"),
    ("handlebars", "{{#if x}}a{{⟦elseif⟧ y}}b{{/if}}", "this is written “else if”"),
    ("handlebars", "{{ ⟦“⟧x” }}", "typographic quote"),
    ("handlebars", "{{#if x}}a{{else}}b⟦{{else}}⟧c{{/if}}", "a second “else”"),
    ("ses", "{{⟦first name⟧}}", "perhaps “first_name”"),
    ("ses", "{{#⟦foo⟧ a}}b{{/foo}}", "there is no block “foo”"),
    ("sendgrid", "{{⟦insrt⟧ name 'default=x'}}", "did you mean “insert”?"),
    ("iterable", "{{⟦defaultIfEmtpy⟧ firstName 'x'}}", "did you mean “defaultIfEmpty”?"),
    ("mustache", "{{#⟦if⟧ x}}a{{/if x}}", "Mustache has no “if”"),
    ("mustache", "{{#⟦x⟧}}a", "“x” is never closed with “{{/x}}”"),
    ("hubspot", "{{ contact.x|⟦uper⟧ }}", "did you mean “upper”?"),
    ("hubspot", "{% ⟦if⟧ contact.x %}", "never closed"),
    ("twig", "{{ x|⟦deflaut⟧('a') }}", "did you mean “default”?"),
    ("twig", "⟦{{ x }⟧ a", "closed with one “}” only"),
    ("mailjet", "{{var:x:⟦“⟧a”}}", "typographic quote"),
    ("mailjet", "⟦{{⟧var:x", "never closed"),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "marked", "said"), FAULTS)
def test_a_fault_is_named_at_its_place(dialect: str, marked: str, said: str) -> None:
    start = marked.index("⟦")
    end = marked.index("⟧") - 1
    found = READERS[dialect](marked.replace("⟦", "").replace("⟧", ""), dialect)
    assert isinstance(found, SyntaxFault), found
    assert said in found.message
    assert (found.start, found.end) == (start, end)


BAIT = ["{{", "{%", "{#", "}}", "%}", "'", '"', "“", " ", "\n", "x", "|", ":", "if", "endif", "raw",
        "{% raw %}", "{% if x %}", "{{ x }}", "#", "/", "(", ")", "[", "]", "${", "~", "\\", "else",
        "{{#if x}}", "{{/if}}", "{{{", "comment", "{% liquid", "=", "?", "..", "1", "-"]  # fmt: skip


@pytest.mark.parametrize("dialect", READERS)
def test_no_text_raises(dialect: str) -> None:
    made = random.Random(dialect)
    for _ in range(400):
        text = "".join(made.choice(BAIT) for _ in range(made.randint(1, 14)))
        found = READERS[dialect](text, dialect)
        if isinstance(found, SyntaxFault):
            assert 0 <= found.start <= found.end <= len(text), text
            assert found.message


HOSTILE = ["{{", "{%", "{# ", "{{ x }}", "{{{", "{{{x}}}", "{% raw %}", "{% comment %}", "{{#if x}}", "{% if x %}",
           "{{ (((((((", "{{ 'a", "{{ a" + " " * 3000, "\\{{", "{{!--", "{% if " + "a or " * 500, "{{ x" + "|upper" * 300 + " }}",
           "{% liquid" + " " * 190 + "%}", "{{${", "[[", "{{ ['a'[" , "{%", "{% verbatim %}", "{{{{x}}}}", "{% x %}"]  # fmt: skip


@pytest.mark.parametrize("dialect", ["liquid", "braze", "django", "brevo", "handlebars", "mustache", "iterable", "sendgrid", "hubspot", "twig", "mailjet"])  # fmt: skip
@pytest.mark.parametrize("bait", HOSTILE)
def test_hostile_text_is_read_in_linear_time(dialect: str, bait: str) -> None:
    # Quadratic time would take minutes for this, so it would not go unnoticed.
    text = bait * max(20_000 // len(bait), 1)
    READERS[dialect](text, dialect)


def test_liquid_is_cut_as_python_liquid_cuts_it() -> None:
    made = random.Random(3)
    parts = ["{{ x }}", "{{- y -}}", "{% if a %}", "{%- endif -%}", " a ", "\n", "{% raw %}", "{% endraw %}", "b",
             "{{ 'q' | upcase }}", "{% comment %}", "{% endcomment %}", "{%- comment -%}", "  ", "é"]  # fmt: skip
    stock = Environment()
    compared = 0
    for _ in range(2000):
        text = "".join(made.choice(parts) for _ in range(made.randint(1, 9))) + "."
        try:
            theirs = [(t.kind, t.value) for t in stock.tokenizer()(text) if t.kind != "comment"]
            ours = [(t.kind, t.value) for t in liquid_lexing.lex(text).tokens]
        except (LiquidError, liquid_lexing.Unreadable):
            continue
        if "{% raw %}" in text and "comment" in text:
            continue  # a raw block inside a comment is left alone here
        compared += 1
        assert ours == theirs, text
    assert compared > 700


def test_django_is_cut_as_django_cuts_it() -> None:
    made = random.Random(5)
    parts = ["{{", "}}", "{%", "%}", "{#", "#}", "{", "}", "%", "#", "\n", " ", "x", "verbatim", "endverbatim"]  # fmt: skip
    for _ in range(5000):
        text = "".join(made.choice(parts) for _ in range(made.randint(1, 14)))
        theirs = [(t.token_type, t.contents, t.position) for t in DebugLexer(text).tokenize()]
        ours = [(t.token_type, t.contents, t.position) for t in django_lexing.lex(text)]
        assert ours == theirs, text
