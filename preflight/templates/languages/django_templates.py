"""Reading Django templates: Django's parser makes the tree, nothing is rendered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template.exceptions import TemplateSyntaxError

from preflight.templates.languages.django_faults import explain, long_tag
from preflight.templates.languages.django_lexing import lex
from preflight.templates.languages.django_nodes import Builder
from preflight.templates.languages.django_parsing import TemplateParser
from preflight.templates.languages.fault_words import TOO_DEEP
from preflight.templates.model import SyntaxFault
from preflight.templates.naming import naming

if TYPE_CHECKING:
    from preflight.templates.tree import TreeNode


def read_django(text: str, dialect: str = "django") -> tuple[TreeNode, ...] | SyntaxFault:
    """The tree of a Django template, or why it cannot be parsed. Never raises on any text."""
    own = naming(dialect)
    masked = text
    if own.loose:
        from preflight.templates.languages.pongo import tightened

        masked = tightened(text)
    tokens = lex(masked)
    if fault := long_tag(tokens):
        return fault
    parser = TemplateParser(tokens, own)
    try:
        nodes = parser.parse()
        return Builder(text, tokens, own, parser.places).tree(nodes)
    except RecursionError:
        return SyntaxFault(0, min(len(text), 1), TOO_DEEP)
    except (TemplateSyntaxError, ValueError, OverflowError) as error:
        # Numbers of too many digits are ValueError and OverflowError.
        return explain(text, error, parser)
