"""The one door through which text of a campaign reaches an output.

Campaign files are untrusted: printed raw they could forge commands of a CI runner, hide text behind
bidirectional marks, or drive a terminal. Addresses are personal data. See docs/decisions/.

Mask first, then make visible (`shown`): a hidden character inside an address must not save the
rest of it from the mask.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_ESCAPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Letters, marks and symbols by category, yet drawn as nothing: good for hiding text only.
_DRAWN_AS_NOTHING = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
)
_JOINERS = "\u200c\u200d"  # part of words (Persian, Hindi) and of emoji
_VARIATIONS = "\ufe0e\ufe0f"  # text or emoji form of the character before


def shown(text: str, *, show_addresses: bool = False) -> str:
    """The text as it may be printed: one line, nothing hidden, addresses masked unless allowed."""
    return visible(text if show_addresses else mask_addresses(text))


def visible(text: str) -> str:
    """The text with everything that is not seen, or that steers a machine, shown as an escape.

    Control characters, line separators, bidirectional and other format characters, surrogates,
    private-use and unassigned characters become ``\\n``, ``\\x1b``, ``\\u202e``, ...; a backslash
    stays itself. Joiners stay inside words and emoji. The result is one line.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(visible_characters(text))


def visible_characters(text: str) -> Iterator[str]:
    """What `visible` makes of each character of the text, in order, one item for each."""
    before = ""
    last = len(text) - 1
    for index, char in enumerate(text):
        after = text[index + 1] if index < last else ""
        if " " <= char <= "~" or _is_shown(char, before, after):
            yield char
        else:
            yield char.encode("unicode_escape").decode("ascii")
        before = char


def _is_shown(char: str, before: str, after: str) -> bool:
    if char in _JOINERS:
        return _joins(before) and _joins(after) and after not in _VARIATIONS
    if char in _VARIATIONS:
        return before in tuple("0123456789#*©®") or _category(before) in ("So", "Sm", "Po", "Sk")
    if char in _DRAWN_AS_NOTHING or "\ufe00" <= char <= "\ufe0d":
        return False
    if "\U000e0100" <= char <= "\U000e01ef":  # invisible variation selectors, can carry text
        return False
    return unicodedata.category(char) not in _ESCAPED


def _joins(char: str) -> bool:
    return char not in _DRAWN_AS_NOTHING and (
        _category(char)[:1] in ("L", "M") or _category(char) in ("So", "Sk", "Sm")
    )


def _category(char: str) -> str:
    return unicodedata.category(char) if char else ""


class Masked(NamedTuple):
    """An address found at ``start`` to ``end`` of a text, and what is shown in its place."""

    start: int
    end: int
    text: str


def mask_addresses(text: str) -> str:
    """Every e-mail address in the text as ``s***@e***.org``: enough to recognise, not to keep."""
    pieces = []
    done = 0
    for start, end, mask in masked_addresses(text):
        pieces += [text[done:start], mask]
        done = end
    return "".join(pieces) + text[done:] if done else text


# The sign, plain or written in the ways that HTML, URLs and scripts write it.
_AT = re.compile(r"[@\uff20\ufe6b]|%(?:25)*40|&(?:#0{0,8}64|#[xX]0{0,8}40|commat);?|\\u0040|\\x40")
_DOTS = ".\u3002\uff0e\uff61"
_LOCAL_PUNCTUATION = frozenset(".!#$&'*+-=^_`~\u2019@")
_LONGEST_LOCAL = 320  # far beyond what is valid; bounds the work on hostile text
_LONGEST_DOMAIN = 320
_RETINA_IMAGE = re.compile(r"[1-9](?:\.\d)?x\.(?:png|jpe?g|gif|webp|svg|avif)", re.IGNORECASE)


def masked_addresses(text: str) -> Iterator[Masked]:
    """The e-mail addresses in a text, in order: also with a quoted local part, an international
    or dotless domain, a second ``@``, or percent- and entity-encoded. Too much is masked rather
    than too little. Never raises; time is linear in the length of the text."""
    done = 0
    for sign in _AT.finditer(text):
        if sign.start() < done:
            continue
        domain_end = _domain_end(text, sign.end())
        domain = text[sign.end() : domain_end]
        if not domain or _RETINA_IMAGE.fullmatch(domain):
            continue
        start = _local_start(text, max(done, sign.start() - _LONGEST_LOCAL), sign)
        local = text[start : sign.start()]
        if local.startswith('"') and not any(dot in domain for dot in _DOTS):
            continue  # an attribute such as @click after another one's value
        local = local.strip("\"'*")
        if not local or text.endswith("***", 0, sign.start()):  # nothing, or masked already
            continue
        while second := _AT.match(text, domain_end):  # jane@doe@example.org
            further = _domain_end(text, second.end())
            if further == second.end():
                break
            domain, domain_end = text[second.end() : further], further
        yield Masked(start, domain_end, f"{local[0]}***{sign[0]}{_masked_domain(domain)}")
        done = domain_end


def _domain_end(text: str, start: int) -> int:
    """Where the domain that begins at ``start`` ends; ``start`` itself when there is none."""
    if text.startswith("[", start):  # [192.0.2.1]
        close = text.find("]", start, start + _LONGEST_DOMAIN)
        return close + 1 if close > start + 1 else start
    limit = min(len(text), start + _LONGEST_DOMAIN)
    end = start
    for index in range(start, limit):
        char = text[index]
        if char in _DOTS:
            if index == start or text[index - 1] in _DOTS:
                break
        elif char in "-_" or _is_word(char):
            end = index + 1
        else:
            break
    return end if any(char.isalpha() for char in text[start:end]) else start


def _local_start(text: str, lowest: int, sign: re.Match[str]) -> int:
    """Where the local part before an ``@`` begins."""
    at = sign.start()
    if at > lowest and text[at - 1] == '"':
        opening = text.rfind('"', lowest, at - 1)
        while opening > lowest and text[opening - 1] == "\\":
            opening = text.rfind('"', lowest, opening - 1)
        return opening if opening >= 0 else at
    encoded = sign[0].startswith("%")
    start = at
    while start > lowest:
        char = text[start - 1]
        letter = encoded and char == "%" and _is_encoded_letter(text[start : start + 2])
        if not (letter or char in _LOCAL_PUNCTUATION or _is_word(char)):
            break
        start -= 1
    run = text[start:at]
    equals = run.rfind("=")
    if equals >= 0 and "+" not in run[:equals]:  # with a plus it is a bounce address in full
        start += equals + 1
    while start < at and text[start] in "'*.!#&`^~@":
        start += 1
    return start


def _is_word(char: str) -> bool:
    """Letters, digits, marks, symbols of any script, and what hides between them."""
    if char.isascii():
        return char.isalnum()
    category = unicodedata.category(char)
    return category[0] in "LNM" or category in ("So", "Sk", "Cf", "Co", "Cs", "Cn")


def _is_encoded_letter(digits: str) -> bool:
    """Percent-encoded plus, minus, dot, apostrophe, underscore, or part of a non-ASCII letter."""
    return digits.upper() in ("2B", "2D", "2E", "27", "5F") or digits[:1] in tuple("89ABCDEFabcdef")


def _masked_domain(domain: str) -> str:
    if domain.startswith("["):
        return "[***]"
    last_dot = max(domain.rfind(dot) for dot in _DOTS)
    return f"{domain[0]}***{domain[last_dot:]}" if last_dot > 0 else f"{domain[0]}***"
