r"""What a cell with an address looks like, as regular expressions (RE2) over the trimmed,
lower-cased cell. `VALID` refuses nothing that the standards allow and a server could accept:
letters of all scripts, tags, quoted local parts, and address literals pass."""

from __future__ import annotations

import re

LONGEST = 254
"""Characters that an address may have."""
LONG_LOCAL_PART = r"^[^@]{65}"
"""64 characters may stand before the @ (RFC 5321)."""

_GAP = r"\p{Z}\p{C}\s\x{fffd}"
"""Blanks, control characters, and what is left of a letter in a wrong encoding."""
_ATOM = rf'[^{_GAP}@"(),:;<>\[\]\\.]+'
_QUOTED = r'"(?:[^"\\\p{Cc}]|\\[^\p{Cc}])*"'
_DOTS = r".\x{3002}\x{ff0e}\x{ff61}"
"""The dot, also as East Asian keyboards write it."""
_FOREIGN = rf"[^\x00-\x7f{_GAP}{_DOTS}]"
_LETTER = rf"(?:[a-z]|{_FOREIGN})"
_EDGE = rf"(?:[a-z0-9]|{_FOREIGN})"
_INNER = rf"(?:[a-z0-9-]|{_FOREIGN})"
_LABEL = rf"{_EDGE}(?:{_INNER}*{_EDGE})?"
# The last label ends in a letter, or is written in another script (as it stands, or coded).
_TOP = rf"(?:(?:{_EDGE}{_INNER}*)?{_LETTER}|{_INNER}*{_FOREIGN}{_INNER}*|xn--{_INNER}+)"
_LITERAL = r"\[[0-9a-fv.:]+\]"

VALID = rf"^(?:{_ATOM}(?:\.{_ATOM})*|{_QUOTED})@(?:(?:{_LABEL}[{_DOTS}])+{_TOP}|{_LITERAL})$"
LONG_LABEL = rf"@(?:[^@]*[{_DOTS}])?[^@{_DOTS}]{{64}}"
"""A part of the domain may have 63 characters."""
RESERVED = r"[.@](invalid|localhost)$"
"""Names that are promised to nobody; test systems append the first to real addresses."""
SEVERAL = r"@[^@]*[,;/|&\s\p{Z}][^@]*@"
QUOTED = r'^"(?:[^"\\]|\\.)*"@[^@\s,;]+$'
"""One address before whose @ anything may stand, in quotes."""
NAMED = rf"^[^<>]*<[^<>@{_GAP}]+@[^<>@{_GAP}]+>$"
UNUSUAL = '(not "@ordinary" or matches("@domain", \'(^|[.])(invalid|localhost)$\'))'
"""The condition of an address that has to be looked at closely."""

_LETTERS, _DIGITS = re.compile(r"[a-z]+"), re.compile(r"[0-9]+")
_DETAILS = re.compile(r" \(.*\)$", re.DOTALL)  # may hold a part of the address
_PY_ATOM = r'[^\s@"(),:;<>\[\]\\.]+'
_PY_LABEL = r"[^\W_](?:[\w-]*[^\W_])?"
_PLAIN = re.compile(
    rf'(?:{_PY_ATOM}(?:\.{_PY_ATOM})*|"(?:[^"\\]|\\.)*")'
    rf"@(?:(?:{_PY_LABEL}[.\u3002\uff0e\uff61])+(?P<top>{_PY_LABEL})|\[[0-9A-Fa-fv.:]+\])"
)


def is_address(text: str) -> bool:
    """The same for one address, in Python."""
    match = _PLAIN.fullmatch(text) if len(text) <= LONGEST else None
    if match is None or not text.isprintable():
        return False
    if "\ufffd" in text or re.search(RESERVED, text.lower()) or "_" in text.rpartition("@")[2]:
        return False
    domain = text.rpartition("@")[2]
    if any(len(label) > 63 for label in re.split(r"[.\u3002\uff0e\uff61]", domain)):
        return False
    top = match["top"]
    return len(text.rpartition("@")[0]) <= 64 and (top is None or not top.isdigit())


def shape_of(address: str) -> str:
    """The same for addresses of which `why_refused` says the same: short ones in ASCII that differ
    in letters and digits alone, and not in their last label."""
    if len(address) > 63 or not address.isascii() or "xn--" in address:
        return address
    name, sign, label = address.rpartition(".")
    return _DIGITS.sub("0", _LETTERS.sub("a", name)) + sign + label


def why_refused(address: str) -> str:
    """Why no server accepts an address, in words without anything of it; "" when one may. The exact
    test (email-validator: RFC 5321, 5322, 6531 and IDNA), for the few that `VALID` stops."""
    from email_validator import EmailNotValidError, validate_email

    if re.search(RESERVED, address):
        return "names with this ending are promised to nobody"
    if "\ufffd" in address:
        return "a letter of it was lost in a wrong encoding"
    try:
        validate_email(
            address,
            check_deliverability=False,
            allow_quoted_local=True,
            allow_domain_literal=True,
            test_environment=True,
            strict=True,
        )
    except EmailNotValidError as error:
        said = _DETAILS.sub("", str(error).rstrip(".")).replace(". It ", ": it ")
        return said[:1].lower() + said[1:]
    except ValueError:
        return "it is none"
    return ""
