"""Whether a link, or a text, lets the reader unsubscribe: by its address and by its name."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from urllib.parse import unquote

from preflight.templates.words import load

_NEAR = 250  # characters between the words and the address they speak of
_ADDRESS = re.compile(
    r"(?:https?://|mailto:|www\.)\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\{\{[^{}]{1,120}\}\}",
    re.IGNORECASE,
)
_UNSPACED = "\u0e00"  # the scripts from here on put no blanks between words, or not everywhere
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_TAG_PARTS = re.compile(r"([^\w\s]*)\s*(.*?)\s*([^\w\s]*)")
_TOKEN = re.compile(r"[a-z0-9_-]+")
_SENTENCE = re.compile(r"[^.!?\n]+(?:\n(?!\n)[^.!?\n]+)*")
_SCHEME_AND_HOST = re.compile(r"^[a-z][a-z0-9+.-]*://[^/?#]*", re.IGNORECASE)


def is_unsubscribe(url: str, text: str, context: str = "") -> bool:
    """Whether a link with this address and this text lets its reader unsubscribe.

    ``context``: the words around it, for “to unsubscribe, click here”; it counts only where the
    text says nothing itself.
    """
    plain = _plain(text)
    if _address_says(url) or _phrase().search(plain):
        return True
    return bool(context) and _says_nothing(plain) and bool(_phrase().search(_plain(context)))


def own_unsubscribe_tags(text: str, tags: tuple[str, ...]) -> list[int]:
    """Where a mailer's own tags for unsubscribing stand in a template; the last comes first.
    ``tags``: as its profile has them, each whole or only its beginning."""
    patterns = [_own_tag(tag) for tag in tags]
    found = {match.start() for pattern in patterns for match in pattern.finditer(text)}
    return sorted(found, reverse=True)


@cache
def _own_tag(tag: str) -> re.Pattern[str]:
    """A tag with blanks where it may have them, in any case."""
    parts = _TAG_PARTS.fullmatch(tag)
    opening, name, closing = parts.groups() if parts else ("", tag, "")
    inner = r"\s+".join(map(re.escape, name.split()))
    ends = r"(?!\w)" if name[-1:].isalnum() else ""
    return re.compile(
        rf"{re.escape(opening)}\s*{inner}{ends}\s*{re.escape(closing)}", re.IGNORECASE
    )


def mentions_unsubscribe(plain: str) -> bool:
    """Whether a text says how to unsubscribe: the words near an address, an address that says so
    itself, or an answer to send (“reply STOP”)."""
    text = _plain(plain)
    addresses = [match.span() for match in _ADDRESS.finditer(text)]
    may_say = _may_say()
    if any(
        _address_says(text[start:end])
        for start, end in reversed(addresses)  # it stands at the end of most mails
        if may_say.search(text, start, end)
    ):
        return True
    if any(_asks_for_stop(match.group()) for match in _SENTENCE.finditer(plain)):
        return True
    for match in _phrase().finditer(text):
        start, end = match.span()
        if any(start - _NEAR < first < end + _NEAR for first, _last in addresses):
            return True
        if _reply().search(text, max(0, start - _NEAR), end + _NEAR):
            return True
    return False


def _address_says(url: str) -> bool:
    address = _plain(unquote(url))
    words = load("unsubscribe_words.json")
    if any(part in address for part in words["address"]):
        return True
    path = _SCHEME_AND_HOST.sub("", address)
    return not set(words["tokens"]).isdisjoint(_TOKEN.findall(path))


@cache
def _may_say() -> re.Pattern[str]:
    """What an address that says so has in it: a cheap test before the exact one."""
    words = load("unsubscribe_words.json")
    return re.compile("|".join(map(re.escape, ["%", *words["address"], *words["tokens"]])))


@cache
def _says_little() -> frozenset[str]:
    return frozenset(load("unsubscribe_words.json")["here"])


def _says_nothing(text: str) -> bool:
    """“here”, “click here”: the words around it say what the link does."""
    words = re.findall(r"\w+", text)
    return len(words) <= 4 and all(word in _says_little() for word in words)


def _without_accents(letters: re.Match[str]) -> str:
    return "".join(char for char in letters.group() if not unicodedata.combining(char))


def _plain(text: str) -> str:
    """Casefolded, without accents, blanks collapsed."""
    if text.isascii():
        return " ".join(text.lower().split())
    folded = unicodedata.normalize("NFKD", text.casefold().replace("’", "'").replace("ł", "l"))
    kept = _NOT_ASCII.sub(_without_accents, folded)
    return " ".join(kept.replace("ø", "o").replace("æ", "ae").split())


@cache
def _phrase() -> re.Pattern[str]:
    phrases = {
        phrase for group in load("unsubscribe_words.json")["phrases"].values() for phrase in group
    }
    return _either(phrases)


@cache
def _reply() -> re.Pattern[str]:
    return _either(set(load("unsubscribe_words.json")["reply"]))


def _asks_for_stop(sentence: str) -> bool:
    """“Reply with STOP”, “répondez « stop »”: the word in capitals or in quotes."""
    stop = _stop().search(sentence)
    return stop is not None and _reply().search(_plain(sentence[: stop.start()])) is not None


@cache
def _stop() -> re.Pattern[str]:
    words = load("unsubscribe_words.json")["stop"]
    capitals = "|".join(word.upper() for word in words)
    either = "|".join(words)
    return re.compile(
        rf"(?-i:\b(?:{capitals})\b)|[\"'“„«‘]\s?(?:{either})\s?[\"'”“»’]", re.IGNORECASE
    )


def _either(phrases: set[str]) -> re.Pattern[str]:
    plain = sorted(map(_plain, phrases), key=len, reverse=True)
    alternatives = [
        re.escape(phrase)
        .replace(r"\ \.\.\.\ ", r"\W+(?:\w+\W+){0,4}?")
        .replace(r"\ ", r"[\s-]+")
        .replace(r"\*", r"\w*")
        for phrase in plain
    ]
    spaced = [one for phrase, one in zip(plain, alternatives, strict=True) if phrase[0] < _UNSPACED]
    unspaced = [one for one in alternatives if one not in spaced]
    return re.compile("|".join([rf"\b(?:{'|'.join(spaced)})(?!\w)", *unspaced]))
