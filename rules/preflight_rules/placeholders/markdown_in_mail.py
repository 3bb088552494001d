"""Markdown that nobody turned into HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from preflight.campaign.model import Purpose
from preflight.campaign.places import clipped
from preflight.rule import Problem, Related, Severity, rule
from preflight.templates.message import Message
from preflight.templates.model import Template
from preflight.templates.nodes import FILLER
from preflight.templates.samples import samples_of
from preflight_rules.origin import all_from_template, own_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from preflight.source import Span
    from preflight.templates.html import Markup

Find = tuple[str, int, int]

_HINT = re.compile(r"\*\*|\]\(|```|##")
_BOLD = re.compile(r"(?<![\w*\\])\*\*(?P<words>[^\s*](?:[^*\n]{0,120}[^\s*])?)\*\*(?![\w*])")
_LINK = re.compile(
    rf"!?\[(?P<words>[^\[\]\n]{{1,120}})\]\((?:https?://|www\.|mailto:|tel:|#\w|/\w|{FILLER})[^\s()]{{0,500}}\)"
)
_HEADING = re.compile(r"^#{2,6}[ \t]+(?P<words>[^\W_][^\n#]{1,100}?)[ \t]*#*$", re.MULTILINE)
_FENCE = re.compile(r"^[ \t]*(?P<words>```+[ \t]*[\w+-]{0,20})[ \t]*$", re.MULTILINE)
_OPENING_FENCE = re.compile(
    r"\A\s*(?P<words>```+[ \t]*(?:html?|markdown|md|te?xt|plaintext|e-?mail)?)[ \t]*\n",
    re.IGNORECASE,
)
_ON_PURPOSE = re.compile(
    r"^ {0,3}\[[^\]\n]{1,60}\]:[ \t]*\S|^(?:={4,}|-{4,})[ \t]*$|^#[ \t]+\S|^```"
    r"|(?<!`)`[^`\n]{1,80}`(?!`)",
    re.MULTILINE,
)
_KINDS = (
    ("a code fence", _FENCE),
    ("a link", _LINK),
    ("bold words", _BOLD),
    ("a heading", _HEADING),
)
_MOST_IN_TEXT = 8  # a plain text with more of them was meant to be Markdown
_SHOWN = 3


@rule("markdown-in-mail", on=Template, severity=Severity.WARNING)
def markdown_in_mail(template: Template) -> Iterator[Problem]:
    """Marks of Markdown reach the reader: **bold**, [text](address), a code fence."""
    if template.part not in ("html", "text", "subject", "preheader"):
        return
    written = template.part == "text" and template.campaign.purpose is Purpose.NEWSLETTER
    yield from _problems(_finds(template.markup, on_purpose=written), template.text, template.span)


@markdown_in_mail.also(on=Message)
def in_message(message: Message) -> Iterator[Problem]:
    """The same in words of a finished mail that were made by the template, not by a value. The
    plain text of a mail that was handed in may be Markdown on purpose."""
    for name, part in message.parts.items():
        if name.startswith(("header:", "from")) or all_from_template(part):
            continue
        newsletter = part.template is None or message.purpose == Purpose.NEWSLETTER.value
        on_purpose = newsletter and name.startswith("text")
        found = [
            one
            for one in _finds(part.markup, on_purpose=on_purpose)
            if own_words(message, part, one[1], one[2])
        ]
        yield from _problems(found, part.text, part.span)


def _problems(
    found: list[Find], text: str, locate: Callable[[int, int], Span]
) -> Iterator[Problem]:
    """One for each kind of marks, at the first of them."""
    for kind in dict.fromkeys(kind for kind, _, _ in found):
        places = [(start, end) for one, start, end in found if one == kind]
        first, *others = places
        more = f", and {len(others)} more of them" if others else ""
        shown = clipped(" ".join(text[first[0] : first[1]].split()))
        yield Problem(
            locate(*first),
            f"“{shown}” is {kind} in Markdown, which the reader sees as it stands{more}",
            "Turn the Markdown into HTML before it is sent, or write plain words.",
            related=tuple(Related(locate(*place), "here again") for place in others[:_SHOWN]),
        )


def _finds(markup: Markup, *, on_purpose: bool) -> list[Find]:
    """The kind and the offsets in the part, by kind. ``on_purpose``: a plain text may be meant so;
    only a fence around it is not."""
    if not _HINT.search(markup.text):
        return []
    plain = markup.plain
    words = plain.text
    if not markup.html:
        opening = _OPENING_FENCE.match(words)
        if opening:
            return [("a code fence", *plain.source_span(*opening.span("words")))]
        if on_purpose or _ON_PURPOSE.search(words):
            return []
    samples = [(run.start, run.end) for run in markup.runs if run.sample]
    if not markup.html:
        samples += samples_of(markup.text)
    found: list[Find] = []
    alone = 0
    for kind, pattern in _KINDS:
        for match in pattern.finditer(words):
            start, end = plain.source_span(*match.span("words" if pattern is _FENCE else 0))
            if pattern is _BOLD and _is_ornament(match["words"]):
                continue
            if not any(a <= start < b for a, b in samples):
                found.append((kind, start, end))
                alone += pattern is _BOLD and _fills_its_line(match)
    if len(found) == alone == 1:  # ** Only today **
        return []
    return [] if not markup.html and len(found) > _MOST_IN_TEXT else found


def _fills_its_line(match: re.Match[str]) -> bool:
    words = match.string
    before = words[words.rfind("\n", 0, match.start()) + 1 : match.start()]
    end = words.find("\n", match.end())
    return not (before + words[match.end() : None if end < 0 else end]).strip()


def _is_ornament(words: str) -> bool:
    """``**SALE**``, ``** 20 **``."""
    return words.isupper() or not any(char.isalpha() or char == FILLER for char in words)
