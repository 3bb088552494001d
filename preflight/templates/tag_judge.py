"""Whether what has the shape of a merge tag is one: by its name and its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from preflight.templates.words import (
    compact,
    is_common,
    is_field,
    is_personal,
    is_system,
    load,
    normalise_name,
)
from preflight.templates.zones import in_salutation, is_greeting

if TYPE_CHECKING:
    from preflight.templates.families import Family
    from preflight.templates.html import Markup
    from preflight.templates.nodes import Node
    from preflight.templates.stretches import Stretch

_TO_ADDRESS = re.compile(
    r"[\s\]>)]{0,3}(?:[-:=\u2192\u2013\u2014>|]\s*)?[<(\[]?(?:https?://|www\.|mailto:)",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^[ >]{0,6}\[([^\[\]\n]{1,80})\]:[ \t]*\S", re.MULTILINE)
_LABEL_ENDS = re.compile(r":\s")
_IDENTIFIER = re.compile(r"[^\W\d_]\w+")  # {a} is a letter of an explanation
_WRITTEN_TOGETHER = re.compile(r"\w*(?:[a-z][A-Z]|_)\w*")
_PLAIN_WORDS = re.compile(r"[^\W\d_]+(?:\s+[^\W\d_]+)*")
_HEAD = re.compile(r"\W*([A-Za-z_]+)([.:=])(?=[\w\"]|\$\{)")
_FIXED = re.compile(r"(?:https?|mailto|tel|sms|ftp)\s*:", re.IGNORECASE)
_REST = (",", "=", "%%", "|", " ")
_WORDS_IN_NAME = 4
_LIKE_CODE = {"%..%": "windows", **dict.fromkeys(("{..}", "${..}", "%(..)s", "[[..]]"), "code")}
_IN_BRACKETS = frozenset({"{..}", "[..]", "${..}", "[[..]]", "<<..>>", "{!..}", "{$..}", "%(..)s"})


@dataclass(eq=False)
class Judge:
    """Says of the shapes in one part which are tags. ``columns``: the names of the list's own
    columns, compact.
    ``header``: it is a subject, a sender, or another line of the mail's head."""

    text: str
    markup: Markup
    columns: frozenset[str]
    header: bool

    def verdict(self, family: Family, match: re.Match[str], stretch: Stretch) -> bool | None:
        """Whether it is certainly a tag; None when it is none."""
        written = match["name"]
        if written.casefold() in _data()["between"]:  # “write {{ and }} around it”
            return None
        if family.strength == "spintax":
            return True if sum(is_greeting(word) for word in written.split("|")) > 1 else None
        if family.greets:
            if stretch.kind != "text":
                return None
            if not _greets(match, stretch):
                return self._in_place_of_a_name(family, match)
            return True if _fits_greeting(family.strength, normalise_name(written)) else None
        name = normalise_name(written)
        sure = is_personal(name) or is_system(name) or _has_namespace(written)
        sure = sure or written.casefold() in family.words
        macro = is_macro(name, bracketed=family.id in _IN_BRACKETS)
        known = sure or macro or is_field(name) or compact(name) in self.columns
        known = known or (" " not in written and _is_compound(name, doubled=family.doubled))
        sure = sure or (family.id == "[[..]]" and " " not in written and _ends_in_noun(name))
        if stretch.kind == "hidden":
            return True if known or family.id == "*|..|*" else None
        if family.strength == "strong":
            found = _strong(family.id, written, name, known=known)
            return False if found and stretch.kind == "field" else found
        if family.strength == "sure":
            return True if is_personal(name) or macro else None
        return self._by_name(family, match, stretch, name, sure=sure or macro, known=known)

    def _by_name(
        self,
        family: Family,
        match: re.Match[str],
        stretch: Stretch,
        name: str,
        *,
        sure: bool,
        known: bool,
    ) -> bool | None:
        """The weak shapes, which prose and code have too."""
        written, kind = match["name"], stretch.kind
        if kind == "address" and family.id in _IN_BRACKETS and _is_all(match):
            return True
        greets = kind == "text" and _greets(match, stretch)
        if family.id == "[..]" and self._is_link_text(match, stretch):
            return None
        if greets and family.id in _IN_BRACKETS and _IDENTIFIER.fullmatch(written):
            return True if family.id != "[..]" or known else None
        if family.id in ("{..}", "${..}") and kind == "text" and not greets and _is_path(match):
            return None
        elsewhere = kind == "text" and not (greets or self.header)
        if elsewhere and self._is_code(family, name, written):
            return None
        if family.id == "{$..}" and kind == "address":
            return True
        rest = match.groupdict().get("rest") or ""
        if rest.startswith(_REST) and not sure:
            meant = "fallback" in rest or "default" in rest or (known and _quotes(rest))
            return True if meant else None
        if sure:
            return True
        if kind == "address" and not _is_whole(match, name):
            return None
        placed = greets or kind == "address" or (self.header and _in_header(family, match))
        return _weak(family, written, name, known=known, placed=placed)

    def _in_place_of_a_name(self, family: Family, match: re.Match[str]) -> bool | None:
        """``$name <ada@news.example>``, and ``$firstname`` anywhere in a subject."""
        name = normalise_name(match["name"])
        if not self.header or family.strength != "greeting":
            return None
        if is_personal(name) or (is_common(name) and _is_display_name(match)):
            return True
        return None

    def _is_code(self, family: Family, name: str, written: str) -> bool:
        """``%NAME%``, ``{title}``: a program's names, unless the list has a column of that name."""
        kind = _LIKE_CODE.get(family.id)
        short = compact(name)
        return (
            kind is not None
            and "." not in written
            and short in _code_names(kind)
            and short not in self.columns
        )

    def _is_link_text(self, match: re.Match[str], stretch: Stretch) -> bool:
        """``[unsubscribe]`` with a working address is style, not a tag; in an address itself, a
        bracket is a tag only as a whole value (``filter[name]=x`` is none)."""
        words = stretch.plain.text
        if stretch.kind == "address":
            return not _bounded(match)
        if _TO_ADDRESS.match(words, match.end()):
            return True
        if match["name"].casefold() in self._labels:
            return True
        if not self.header and _is_label(match, stretch):
            return True
        start, _ = stretch.plain.source_span(match.start("name"), match.start("name") + 1)
        run = self.markup.run_at(start) if self.markup.html else None
        return run is not None and any(
            _leads_somewhere(node) for node in self.markup.ancestors(run.element)
        )

    @cached_property
    def _labels(self) -> frozenset[str]:
        """What is defined as a link elsewhere in a plain text: ``[unsubscribe]: https://...``."""
        if self.markup.html:
            return frozenset()
        return frozenset(found[1].casefold() for found in _LABEL.finditer(self.text))


def _strong(family: str, written: str, name: str, *, known: bool) -> bool | None:
    if known or _is_keyword(written):
        return True
    if family == "%%..%%" and not written.startswith("merge "):
        if (" " in written and written[0] not in "[=") or written.islower():
            return None
        return not _PLAIN_WORDS.fullmatch(written)
    if family == "{{..}}" and _PLAIN_WORDS.fullmatch(written):
        return False if name.count("_") < _WORDS_IN_NAME else None
    return True


def _fits_greeting(strength: str, name: str) -> bool:
    if strength == "any":
        return True
    return is_personal(name) or (strength == "greeting" and is_common(name))


def _weak(family: Family, written: str, name: str, *, known: bool, placed: bool) -> bool | None:
    if family.id == "${..}" and not placed and written.isupper():
        return None
    together = " " not in written and _WRITTEN_TOGETHER.fullmatch(written)
    if family.strength == "shaped" and together:
        return True
    if not known:
        return None
    if family.strength == "rare" and not placed:
        # A column of the list, when its name is none that prose would have.
        return False if not is_common(name) and "_" in name else None
    return placed or family.doubled


# --- names ----------------------------------------------------------------------------------------


def _has_namespace(written: str) -> bool:
    """``contact.x``, ``var:x``, ``contactfield=x``: nobody writes so but for a mailer."""
    head = _HEAD.match(written)
    if head is not None and head[1].lower() in _data()["namespaces"][head[2]]:
        return True
    return written.startswith("eloqua..")


def _is_keyword(written: str) -> bool:
    first = written.strip(" #/^:-~").split(maxsplit=1)[:1]
    return bool(first) and first[0].casefold() in _data()["keywords"]


def is_macro(name: str, *, bracketed: bool = False) -> bool:
    """``rnd_num``, ``random_string``: what bulk senders fill with noise. In brackets the plain
    words are names of code as well."""
    if not _macro().fullmatch(name):
        return False
    return not (bracketed and name in _data()["macros"]["bare"])


def _is_compound(name: str, *, doubled: bool) -> bool:
    """``victim_email``, ``current_date``: a field's word and another."""
    first, *others = name.split("_")
    if not others or len(others) >= _WORDS_IN_NAME:
        return False
    nouns = _data()["field_nouns"]
    found = {first, *others}
    return not found.isdisjoint(nouns["anywhere"]) or (
        doubled and not found.isdisjoint(nouns["doubled"])
    )


def _ends_in_noun(name: str) -> bool:
    """``order_date``, ``total_price``: in double square brackets no prose looks so."""
    first, *_between, last = name.split("_") if "_" in name else ("", "")
    return bool(first) and last in _data()["field_nouns"]["last"]


# --- places ---------------------------------------------------------------------------------------


def _greets(match: re.Match[str], stretch: Stretch) -> bool:
    return in_salutation(stretch.lines or stretch.plain, *match.span(), is_plain=True)


def _in_header(family: Family, match: re.Match[str]) -> bool:
    """``[News] ...`` is the prefix of a list; ``[Name], ...``, ``..., [Name]`` and ``[Name]
    <ada@news.example>`` are none."""
    if family.id != "[..]" or _is_display_name(match):
        return True
    before, after = match.string[: match.start()], match.string[match.end() :]
    return after[:1] == "," or (before.endswith(", ") and not after.strip(" .!?"))


def _is_display_name(match: re.Match[str]) -> bool:
    """Nothing else is the name before an address."""
    before, after = match.string[: match.start()], match.string[match.end() :]
    return not before.strip(' "') and after.lstrip(' "').startswith("<")


def _is_label(match: re.Match[str], stretch: Stretch) -> bool:
    """``[name]: ...`` at the beginning of a line: the address of a link, or an explanation."""
    words = (stretch.lines or stretch.plain).text
    line = words[words.rfind("\n", 0, match.start()) + 1 : match.start()]
    return bool(_LABEL_ENDS.match(words, match.end())) and not line.strip(" \t>*-\u2022")


def _leads_somewhere(node: Node) -> bool:
    href = node.attributes.get("href") if node.tag == "a" else None
    if href is None:
        return False
    return href.dynamic or bool(_FIXED.match(href.value.strip()))


def _bounded(match: re.Match[str]) -> bool:
    """A whole value of an address, not a piece of a word."""
    words = match.string
    return words[match.end() : match.end() + 1] in ("", "&", "/", "#", "@") and words[
        : match.start()
    ][-1:] in ("", "=", "/", ":", "?", ",")


def _is_all(match: re.Match[str]) -> bool:
    """Nothing else stands in the address: no address is one word in brackets."""
    return match.group() == match.string.strip()


def _is_whole(match: re.Match[str], name: str) -> bool:
    """An ordinary word is a tag as a whole value after the question mark; in the path it is one of
    the interface that is described (``/users/{name}``), but for an address of mail."""
    words, at = match.string, match.start()
    if not _bounded(match):
        return False
    in_path = "://" in words[:at] and not any(sign in words[:at] for sign in "?#")
    return not in_path or "mail" in name


def _is_path(match: re.Match[str]) -> bool:
    """``/users/{name}/posts``: documentation of an interface."""
    words, at = match.string, match.start()
    begin = max(words.rfind(" ", 0, at), words.rfind("\n", 0, at)) + 1
    return "/" in words[begin:at]


def _quotes(rest: str) -> bool:
    return any(quote in rest for quote in "\"“'‘")


def _data() -> Any:
    return load("tag_families.json")


@cache
def _macro() -> re.Pattern[str]:
    return re.compile(_data()["macros"]["pattern"])


@cache
def _code_names(kind: str) -> frozenset[str]:
    return frozenset(compact(name) for name in load("field_words.json")[kind])
