"""Reading Django templates leaves a Django project in the same process alone."""

from __future__ import annotations

import subprocess
import sys

import pytest

from preflight.templates.languages.django_templates import read_django
from preflight.templates.model import SyntaxFault

EVERYTHING = """\
{% load i18n static humanize project_tags %}
{% extends "base.html" %}{% block main %}{% include "part.html" with x=name %}
{{ name|default:_("there")|date:"Y"|project_filter:"a" }}{% trans "Hello" %}{% url "home" name as link %}
{% blocktrans count n=points with who=name %}one {{ who }}{% plural %}{{ n }}{% endblocktrans %}
{% for x in items %}{% cycle 'a' 'b' %}{% ifchanged x %}{{ x }}{% endifchanged %}{% empty %}-{% endfor %}
{% regroup items by kind as kinds %}{% now "Y" as year %}{% widthratio a b 100 %}{% lorem 3 w %}
{% filter upper %}{{ name }}{% endfilter %}{% templatetag openblock %}{% csrf_token %}{% static "a.png" %}
{% project_tag name as made %}{% project_block %}{{ name }}{% endproject_block %}{% endblock %}
"""

PROGRAM = """
import sys
from preflight.templates.languages.django_templates import read_django
tree = read_django(sys.stdin.read())
assert isinstance(tree, tuple), tree
read_django("{% if x %}{% endfor %}"); read_django("{{ x|nothing }}"); read_django("{{ _('a') }}")
from django.conf import settings
from django.template import engines
assert not settings.configured
assert "templates" not in engines.__dict__
"""


@pytest.mark.parametrize("module", ["", "no.such.settings"])
def test_settings_are_never_read(module: str) -> None:
    environment = {"DJANGO_SETTINGS_MODULE": module} if module else {}
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=EVERYTHING.replace('{% extends "base.html" %}', ""),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr


def test_a_child_template_prints_its_blocks_only() -> None:
    tree = read_django("{% extends 'b.html' %}outside{% block a %}{{ name }}{% endblock %}")
    assert not isinstance(tree, SyntaxFault)
    assert "outside" not in {type(node).__name__ for node in tree}
    assert next(type(node).__name__ for node in tree) == "Masked"
