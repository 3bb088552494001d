"""What a reader expects: the register, the formality and the language, as far as somebody wrote
them down.

The contact's own columns come first, then the ledger, then the campaign. Nothing is guessed: known
for twenty years does not mean *tu*.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from preflight.absence import says_nothing
from preflight_rules.relationships._people import load, relationship_says, without_accents

if TYPE_CHECKING:
    from preflight.rule import Problem
    from preflight.templates.message import Message

Register = Literal["T", "V"]
Formality = Literal["casual", "neutral", "formal"]

CLASSES = (
    "ledger.register",
    "formality",
    "ledger.formality",
    "ledger.language",
    "ledger.relationship",
    "ledger.is_known",
    '"known_since" is not null',
)
"""What splits the recipients besides their language, register and relationship."""

UNREAD = (
    "some values of “{name}” are no form of address that is known here (tu, vous, du, Sie, je, u, "
    "informal, formal, any): what these readers expect was not compared"
)
UNREAD_LANGUAGE = (
    "some values of “language” name no language that is known here (a tag such as fr or pt-BR, or "
    "its name): what these readers read was not compared"
)
NO_READER = "needs what is known of the reader: a campaign, or Context(data=...)"
_BY_WORD = frozenset({"formal", "formel", "formell", "formale", "formeel"})
_WORD = re.compile(r"[^\W_]+")


class Expected(NamedTuple):
    """What the readers of a message expect; None where nobody said.

    ``by_campaign``: the register is what the campaign says of its text. ``formal_by_word``: the
    formality was written down itself, not concluded from the register. ``known``: the sender knows
    them. ``unread``: columns whose value says nothing that is understood.
    """

    register: Register | None
    by_campaign: bool
    formality: Formality | None
    formal_by_word: bool
    language: str | None
    known: bool
    unread: tuple[str, ...]


def expected(message: Message, language: str | None) -> Expected:
    """What the readers of a message in a language expect."""
    tag = language_tag(message, language)
    unread = []
    register: Register | None = None
    formality: Formality | None = None
    written = fact(message, "register")
    said = register_of(written, tag) if written else None
    if written and said is None:
        unread.append("register")
    by_campaign = not written and message.campaign is not None
    if by_campaign and message.campaign is not None:
        meant = message.campaign.register_ or ""
        said = register_of(meant, tag)
        if meant and said is None:
            unread.append("register")
    if said in ("T", "V"):
        register = said
    wish = fact(message, "formality")
    formality = formality_of(wish) if wish else None
    if wish and formality is None:
        unread.append("formality")
    if formality is None and register and not by_campaign:
        formality = "casual" if register == "T" else "formal"
    spoken = fact(message, "language")
    own = language_of_cell(spoken) if spoken else None
    if spoken and own is None:
        unread.append("language")  # unexpected-language says it
    return Expected(
        register,
        by_campaign,
        formality,
        bool(wish) or written.casefold() in _BY_WORD,
        own,
        is_known(message),
        tuple(unread),
    )


def fact(message: Message, name: str) -> str:
    """What a contact's own column says, else the ledger; "" for nothing."""
    for key in (name, f"ledger.{name}"):
        value = message.facts.get(key)
        if value is not None and not says_nothing(str(value)):
            return str(value).strip()
    return ""


def is_known(message: Message) -> bool:
    """Whether the sender knows these readers: by what they are to each other, being in the ledger,
    or since when."""
    relationship = fact(message, "relationship")
    if relationship and (says := relationship_says(relationship)) is not None:
        return says
    return bool(message.facts.get("ledger.is_known")) or bool(fact(message, "known_since"))


def register_of(written: str, tag: str = "") -> Literal["T", "V", "any"] | None:
    """The register that a cell names; None for one that names none, or that is not understood."""
    folded = _folded(written)
    data = load("registers.json")
    if folded in data["any"]:
        return "any"
    found: set[str] = set()
    for word in _WORD.findall(folded):
        meaning = _meaning(word, tag)
        if meaning:
            found.add(meaning)
        elif word not in data["fillers"]:
            return None
    if not found:
        return None
    return "any" if len(found) > 1 or "any" in found else "T" if "T" in found else "V"


def formality_of(written: str) -> Formality | None:
    """The formality that a cell names."""
    folded = " ".join(_WORD.findall(_folded(written)))
    levels = load("registers.json")["formality"]
    every: tuple[Formality, ...] = ("casual", "neutral", "formal")
    named = next((level for level in every if folded in levels[level]), None)
    register = register_of(written) if named is None else None
    return {"T": every[0], "any": every[1], "V": every[2]}[register] if register else named


def language_of_cell(written: str) -> str | None:
    """The language that a cell names, by its tag or in words: “fr-CA”, “French”, “Français”."""
    folded = _folded(written)
    names = load("language_names.json")["names"]
    for code, spelt in names.items():
        if folded in spelt:
            return str(code)
    is_tag = re.fullmatch(r"[a-z]{2}(?:[-_][a-z0-9]{2,8})*", folded)
    return base(folded) if is_tag else None


def language_name(tag: str) -> str:
    """The English name of a language; its tag where that is not known."""
    names = load("language_names.json")["names"].get(base(tag))
    return names[0].capitalize() if names else tag


def worded(message: Message, problem: Problem) -> Problem:
    """The problem in the words for a single reader, of a mail that was handed in."""
    if message.mail is None:
        return problem
    text = problem.message.replace("{recipients}", "the reader").replace("{are}", "is")
    return replace(problem, message=text)


def pair(tag: str) -> tuple[str, str]:
    """How a language says T and V, for messages."""
    pairs = load("registers.json")["pairs"]
    t, v = pairs.get(tag) or pairs.get(base(tag)) or ("tu", "vous")
    return t, v


def says_register(tag: str) -> bool:
    """Whether a language has two registers that are told apart here."""
    return base(tag) in load("registers.json")["pairs"]


def language_tag(message: Message, language: str | None) -> str:
    """The tag with its region, where the campaign gives one of the same language."""
    told = (message.language or "").lower().replace("_", "-")
    return told if language is None or base(told) == language else language


def base(tag: str) -> str:
    """The language of a tag without its region, in lower case."""
    return re.split(r"[-_]", tag.strip().lower(), maxsplit=1)[0]


@cache
def _meaning(word: str, tag: str) -> str | None:
    data = load("registers.json")
    own = data["by_language"].get(word)
    if own is not None:
        found: str = own.get(tag) or own.get(base(tag)) or "any"
        return found
    return next((side for side in "TV" if word in _all(data[side].values())), None)


def _all(lists: Iterable[list[str]]) -> set[str]:
    return {word for words in lists for word in words}


def _folded(text: str) -> str:
    return " ".join(without_accents(text.casefold()).split())
