"""Whole campaigns in the dialects with an engine: sound ones without an annotation, unsound twins
with the exact rows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import preflight
from preflight.report.model import Annotation

CONTACTS = """\
email,first_name,last_name,city,plan,points,member,country
ada@one.example,Ada,Byron,Paris,gold,12,true,FR
bob@two.example,,Stone,Lyon,silver,3,false,FR
cleo@three.example,Cléo,,,basic,,,FR
dan@four.example,Dan,Marsh,Nice,,0,true,FR
eve@five.example,Eve,Hill,Lille,gold,7,false,FR
"""
HTML = """\
<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Spring news</title></head><body>
{body}
<p><a href="https://shop.example/spring">See the spring tools</a></p>
<p>Shop Example, 1 Rue du Port, 75001 Paris</p>
<p><a href="{unsubscribe}">Unsubscribe</a></p>
</body></html>
"""
TEXT = """\
{body}

See the spring tools: https://shop.example/spring

Shop Example, 1 Rue du Port, 75001 Paris
Unsubscribe: {unsubscribe}
"""

# By dialect: the subject, the lines of the body, and the tag of the unsubscribe link.
SOUND: dict[str, tuple[str, list[str], str]] = {
    "liquid": (
        "Spring, {{ first_name | default: 'friend' }}",
        [
            "Hello {{ first_name | default: 'there' | capitalize }},",
            "{% if plan == 'gold' %}Gold members come first.{% elsif plan %}You have the {{ plan }} plan.{% else %}Come and see.{% endif %}",
            "{% unless city == nil %}We are open in {{ city | upcase }}.{% endunless %}",
            "{%- case plan -%}{% when 'gold', 'silver' %}Dear member{% else %}Dear reader{% endcase %}",
            "{% for n in (1..3) %}{{ n }} {% endfor %}{% comment %} {{ nothing }} {% endcomment %}{% raw %}{{ shown }}{% endraw %}",
            "{% assign name = first_name | default: 'reader' %}Thank you, {{ name }}. {% capture line %}Bye {{ name }}{% endcapture %}{{ line }}",
            "{{ 'now' | date: '%Y' }}",
        ],
        "https://shop.example/u",
    ),
    "customerio": (
        "Spring, {{ customer.first_name | default: 'friend' }}",
        [
            'Hello {{customer.first_name | default: "there"}},',
            "{% if customer.plan == 'gold' %}Gold first.{% else %}Come and see.{% endif %}",
            "{% if customer.city != blank %}We are open in {{ customer.city }}.{% endif %}",
            '<a href="{% view_in_browser_url %}">See it in the browser</a>',
        ],
        "{% unsubscribe_url %}",
    ),
    "braze": (
        "Spring, {{${first_name} | default: 'friend'}}",
        [
            "Hello {{${first_name} | default: 'there'}},",
            "{% if {{custom_attribute.${plan}}} == 'gold' %}Gold first.{% else %}Come and see.{% endif %}",
            "{% if {{${city}}} != blank %}We are open in {{${city}}}.{% endif %}",
            "{% assign who = {{${last_name}}} | default: 'reader' %}Thank you, {{who}}.",
        ],
        "{{${set_user_to_unsubscribed_url}}}",
    ),
    "kit": (
        'Spring, {{ subscriber.first_name | default: "friend" }}',
        [
            'Hello {{ subscriber.first_name | default: "there" }},',
            "{% if subscriber.city != blank %}We are open in {{ subscriber.city }}.{% else %}We are open.{% endif %}",
        ],
        "{{ unsubscribe_url }}",
    ),
    "drip": (
        'Spring, {{ subscriber.first_name | default: "friend" }}',
        [
            'Hello {{ subscriber.first_name | default: "there" }},',
            "{% if subscriber.city %}We are open in {{ subscriber.city }}.{% endif %}",
            "{{ inline_postal_address }}",
        ],
        "{{ unsubscribe_url }}",
    ),
    "keila": (
        'Spring, {{ contact.first_name | default: "friend" }}',
        [
            'Hello {{ contact.first_name | default: "there" }},',
            '{% if contact.data.plan == "gold" %}Gold first.{% endif %}',
            "{% if contact.data.city %}We are open in {{ contact.data.city }}.{% endif %}",
        ],
        "{{ unsubscribe_link }}",
    ),
    "klaviyo": (
        "Spring, {{ first_name|default:'friend' }}",
        [
            "Hello {{ person.first_name|default:'there' }},",
            "{% if person.plan == 'gold' %}Gold first.{% else %}Come and see.{% endif %}",
            "{% if person|lookup:'city' %}We are open in {{ person|lookup:'city' }}.{% endif %}",
            "{{ organization.name }}, {{ organization.full_address }}",
            "{% web_view %} {% manage_preferences %}",
        ],
        "{% unsubscribe_link %}",
    ),
    "django": (
        "Spring, {{ first_name|default:'friend' }}",
        [
            "Hello {{ first_name|default:'there'|capfirst }},",
            "{% if plan == 'gold' and not member %}Gold first.{% elif plan %}You have the {{ plan|lower }} plan.{% else %}Come and see.{% endif %}",
            "{% firstof city 'town' %} {# a comment #}{% comment %}{{ nothing }}{% endcomment %}{% verbatim %}{{ shown }}{% endverbatim %}",
            "{% with name=first_name|default:'reader' %}Thank you, {{ name }}.{% endwith %} {% now 'Y' %}",
        ],
        "https://shop.example/u",
    ),
    "hubspot": (
        "Spring, {{ contact.firstname|default('friend', true) }}",
        [
            "Hello {{ personalization_token('contact.firstname', 'there') }},",
            "{% if contact.city %}We are open in {{ contact.city }}.{% else %}We are open.{% endif %}",
            "{{ site_settings.company_name }}, {{ site_settings.company_street_address_1 }}, {{ site_settings.company_city }}",
            '<a href="{{ view_as_page_url }}">See it in the browser</a>',
        ],
        "{{ unsubscribe_link }}",
    ),
    "brevo": (
        "Spring, {{ contact.FIRSTNAME|default:'friend' }}",
        [
            'Hello {{ contact.FIRSTNAME | default : "there" }},',
            "{% if contact.CITY %}We are open in {{ contact.CITY }}.{% else %}We are open.{% endif %}",
            '<a href="{{ mirror }}">See it in the browser</a>',
        ],
        "{{ unsubscribe }}",
    ),
    "mailjet": (
        'Spring, {{data:first_name:"friend"}}',
        [
            'Hello {{data:first_name:"there"}},',
            '{% if data:plan == "gold" %}Gold first.{% elseif data:city %}We are open in {{data:city}}.{% else %}We are open.{% endif %}',
            '<a href="[[PERMALINK]]">See it in the browser</a>',
        ],
        "[[UNSUB_LINK_EN]]",
    ),
    "twig": (
        "Spring, {{ first_name|default('friend') }}",
        [
            "Hello {{ first_name|default('there')|capitalize }},",
            "{% if plan == 'gold' %}Gold first.{% elseif city %}We are open in {{ city|upper }}.{% else %}We are open.{% endif %}",
            "{% if city is not empty %}In {{ city }}.{% endif %} {# c #}{% verbatim %}{{ shown }}{% endverbatim %}",
            "{% set name = first_name|default('reader') %}Thank you, {{ name }}.",
        ],
        "https://shop.example/u",
    ),
    "handlebars": (
        "Spring, {{#if first_name}}{{first_name}}{{else}}friend{{/if}}",
        [
            "Hello {{#if first_name}}{{first_name}}{{else}}there{{/if}},",
            "{{#if city}}We are open in {{city}}.{{else if plan}}You have the {{plan}} plan.{{else}}We are open.{{/if}}",
            "{{#unless member}}Become a member.{{/unless}}{{!-- a {{comment}} --}}",
            "{{#if (eq plan 'gold')}}Gold first.{{/if}}",
        ],
        "https://shop.example/u",
    ),
    "mustache": (
        "Spring, {{#first_name}}{{first_name}}{{/first_name}}{{^first_name}}friend{{/first_name}}",
        [
            "Hello {{#first_name}}{{first_name}}{{/first_name}}{{^first_name}}there{{/first_name}},",
            "{{#city}}We are open in {{.}}.{{/city}}{{! a comment }}",
        ],
        "https://shop.example/u",
    ),
    "sendgrid": (
        "Spring, {{insert first_name 'default=friend'}}",
        [
            'Hello {{insert first_name "default=there"}},',
            "{{#if city}}We are open in {{city}}.{{else}}We are open.{{/if}}",
            "{{#equals plan 'gold'}}Gold first.{{/equals}}",
            "{{Sender_Name}}, {{Sender_Address}}, {{Sender_City}}",
        ],
        "{{{unsubscribe}}}",
    ),
    "iterable": (
        'Spring, {{defaultIfEmpty firstName "friend"}}',
        [
            'Hello {{defaultIfEmpty profile.firstName "there"}},',
            "{{#if city}}We are open in {{city}}.{{else}}We are open.{{/if}}",
            "{{#ifEq plan 'gold'}}Gold first.{{/ifEq}}",
            '{{physicalAddress}} <a href="{{viewInBrowserUrl}}">See it in the browser</a>',
        ],
        "{{unsubscribeUrl}}",
    ),
    "ses": (
        "Spring, {{#if first_name}}{{first_name}}{{else}}friend{{/if}}",
        [
            "Hello {{#if first_name}}{{first_name}}{{else}}there{{/if}},",
            "{{#if city}}We are open in {{city}}.{{/if}}",
        ],
        "{{amazonSESUnsubscribeUrl}}",
    ),
    "postmark": (
        "Spring, {{#first_name}}{{first_name}}{{/first_name}}{{^first_name}}friend{{/first_name}}",
        [
            "Hello {{#first_name}}{{first_name}}{{/first_name}}{{^first_name}}there{{/first_name}},",
            "{{#city}}We are open in {{city}}.{{/city}}",
        ],
        "{{{ pm:unsubscribe_url }}}",
    ),
    "mandrill-handlebars": (
        "Spring, {{#if first_name}}{{first_name}}{{else}}friend{{/if}}",
        [
            "Hello {{#if first_name}}{{first_name}}{{else}}there{{/if}},",
            "{{#if `plan == 'gold'`}}Gold first.{{/if}}",
            "{{#if city}}We are open in {{city}}.{{/if}}",
        ],
        '{{unsub "https://shop.example/bye"}}',
    ),
    "mailgun-template": (
        "Spring, {{#if first_name}}{{first_name}}{{else}}friend{{/if}}",
        [
            "Hello {{#if first_name}}{{first_name}}{{else}}there{{/if}},",
            "{{#if city}}We are open in {{city}}.{{/if}}",
        ],
        "%unsubscribe_url%",
    ),
    "sparkpost": (
        "Spring, {{first_name or 'friend'}}",
        [
            "Hello {{first_name or 'there'}},",
            "{{if city}}We are open in {{city}}.{{elseif plan}}You have the {{plan}} plan.{{else}}We are open.{{end}}",
            "{{if plan == 'gold' and member}}Gold first.{{end}}",
        ],
        "https://shop.example/u",
    ),
}

BARE = {
    "liquid": "{{ first_name }}",
    "customerio": "{{customer.first_name}}",
    "braze": "{{${first_name}}}",
    "kit": "{{ subscriber.first_name }}",
    "drip": "{{ subscriber.first_name }}",
    "keila": "{{ contact.first_name }}",
    "klaviyo": "{{ person|lookup:'first_name' }}",
    "django": "{{ first_name }}",
    "hubspot": "{{ contact.firstname }}",
    "brevo": "{{ contact.FIRSTNAME }}",
    "mailjet": "{{data:first_name}}",
    "twig": "{{ first_name }}",
    "handlebars": "{{first_name}}",
    "mustache": "{{first_name}}",
    "sendgrid": "{{first_name}}",
    "iterable": "{{profile.firstName}}",
    "ses": "{{first_name}}",
    "postmark": "{{first_name}}",
    "mandrill-handlebars": "{{first_name}}",
    "mailgun-template": "{{first_name}}",
    "sparkpost": "{{first_name}}",
}


def check(
    folder: Path, dialect: str, subject: str, lines: list[str], unsubscribe: str
) -> list[Annotation]:
    """The annotations of a campaign with these parts."""
    html = "\n".join(f"<p>{line}</p>" for line in lines)
    (folder / "mail.html").write_text(HTML.format(body=html, unsubscribe=unsubscribe))
    (folder / "mail.txt").write_text(TEXT.format(body="\n".join(lines), unsubscribe=unsubscribe))
    (folder / "list.csv").write_text(CONTACTS)
    (folder / "out.csv").write_text("email\ngone@six.example\n")
    (folder / "preflight.yaml").write_text("ledger: {suppressed: [out.csv]}\n")
    (folder / "campaign.yaml").write_text(
        f"""
name: spring
purpose: newsletter
language: en
from: The Team <team@shop.example>
subject: {json.dumps(subject)}
body: {{html: mail.html, text: mail.txt, dialect: {dialect}}}
headers:
  List-Unsubscribe: "<https://shop.example/u>"
  List-Unsubscribe-Post: List-Unsubscribe=One-Click
audience:
  contacts: list.csv
  where: country = 'FR'
  expect: {{count: 5}}
"""
    )
    report = preflight.check_campaign(folder / "campaign.yaml")
    return list(report.annotations)


@pytest.mark.parametrize("dialect", SOUND)
def test_a_sound_campaign_has_no_annotation(dialect: str, tmp_path: Path) -> None:
    assert check(tmp_path, dialect, *SOUND[dialect]) == []


@pytest.mark.parametrize("dialect", BARE)
def test_a_tag_without_fallback_names_the_rows(dialect: str, tmp_path: Path) -> None:
    subject, _lines, unsubscribe = SOUND[dialect]
    lines = [f"Hello {BARE[dialect]},"]
    found = check(tmp_path, dialect, subject, lines, unsubscribe)
    assert {one.rule for one in found} == {"empty-placeholder"}
    for one in found:
        assert one.recipients is not None
        assert [line for _path, line in one.recipients.rows] == [3]


@pytest.mark.parametrize("dialect", BARE)
def test_a_misspelt_field_is_named(dialect: str, tmp_path: Path) -> None:
    subject, _lines, unsubscribe = SOUND[dialect]
    bare = BARE[dialect]
    for right, wrong in (("first", "frist"), ("FIRST", "FRIST")):
        bare = bare.replace(right, wrong)
    found = check(tmp_path, dialect, subject, [f"Hello {bare},"], unsubscribe)
    assert {one.rule for one in found} == {"unknown-field"}
