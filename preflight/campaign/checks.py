"""What the schema asks of single values beyond their type. Each check takes a value and gives it
back, or raises `PydanticCustomError` with a sentence for people."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from pydantic_core import PydanticCustomError

from preflight.campaign.places import clipped

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
_ZONE = r"[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?"
_MOMENT = re.compile(rf"({_DATE.pattern})(?:(?:[Tt]|[ ]+)({_TIME})[ ]*({_ZONE})?)?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_HEADER_NAME = re.compile(r"[!-9;-~]+")  # RFC 5322: printable ASCII but the colon
_MERGE_TAG = re.compile(r"[{}]|\*\||%%|<%|\[\[|\]\]|%\[")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"', re.S)
_YEARS = range(1900, 2200)  # outside, it is a slip, and time zones overflow

MOMENT_EXAMPLE = "2026-11-03T08:00:00+01:00"
DATE_EXAMPLE = "2027-01-31"


def refused(message: str) -> PydanticCustomError:
    """The error that a validator raises for a value, with a sentence for people."""
    return PydanticCustomError("preflight", "{message}", {"message": message})


def not_blank(text: str) -> str:
    if not text.strip():
        raise refused("{key} must not be empty")
    return text


def some(values: tuple[str, ...]) -> tuple[str, ...]:
    if not values:
        raise refused("{key} needs at least one entry")
    return values


TAGS = ("a list", "a table")
"""The two forms of ``contacts:``, as they appear in the places of pydantic's errors."""

_CONNECTION = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,62}")
_TABLE = re.compile(r"[^\W\d][\w$-]{0,127}([.][^\W\d][\w$-]{0,127}){0,2}")


def connection_name(value: str) -> str:
    if not _CONNECTION.fullmatch(value):
        raise refused(
            "“connection” is a name of letters and digits; "
            "its URL stands in the environment, as PREFLIGHT_CONNECTION_<NAME>"
        )
    return value


def table_name(value: str) -> str:
    if not _TABLE.fullmatch(value):
        raise refused("“table” is the name of a table or a view, and no SQL; write schema.table")
    return value


def date(value: Any) -> Any:
    """Text in ISO 8601 -> a date; anything else is left to the model."""
    if not isinstance(value, str):
        return value
    try:
        if not _DATE.fullmatch(value.strip()):
            raise ValueError
        found = dt.date.fromisoformat(value.strip())
    except ValueError:
        raise refused(f"“{clipped(value)}” is no date; write it as {DATE_EXAMPLE}") from None
    _refuse_year(found, value)
    return found


def moment(value: Any) -> Any:
    """Text in ISO 8601 -> a date and time; anything else is left to the model."""
    if not isinstance(value, str):
        return value
    match = _MOMENT.fullmatch(value.strip())
    try:
        if match is None:
            raise ValueError
        day, time, zone = match.groups()
        found = dt.datetime.fromisoformat(f"{day}T{time or '00:00'}{(zone or '').upper()}")
    except ValueError:
        raise refused(
            f"“{clipped(value)}” is no date and time; write it as {MOMENT_EXAMPLE}"
        ) from None
    _refuse_year(found, value)
    return found


def moment_or_date(value: Any) -> Any:
    """Text -> a date where no time is given, else a date and time."""
    if isinstance(value, str) and _DATE.fullmatch(value.strip()):
        return date(value)
    return moment(value)


def _refuse_year(found: dt.date, written: str) -> None:
    if found.year not in _YEARS:
        raise refused(f"“{written}”: the year must be between {_YEARS[0]} and {_YEARS[-1]}")


def count(value: Any) -> Any:
    """One number stands for the smallest and the largest."""
    if isinstance(value, (str, int)):
        text = str(value).strip()
        if not re.fullmatch(r"[0-9]{1,12}", text):
            raise refused(
                f"“{clipped(str(value))}” is no number of recipients; write 300, or [200, 400]"
            )
        return (int(text), int(text))
    return value


def count_in_order(value: tuple[int, int]) -> tuple[int, int]:
    smallest, largest = value
    if smallest < 0:
        raise refused("a number of recipients cannot be negative")
    if smallest > largest:
        raise refused(
            f"the smallest number ({smallest}) is larger than the largest ({largest}); "
            f"write [{largest}, {smallest}]"
        )
    return value


def language_tag(tag: str) -> str:
    if not _LANGUAGE.fullmatch(tag):
        better = tag.strip().replace("_", "-")
        hint = f"write {better}" if _LANGUAGE.fullmatch(better) else "write fr, de or pt-BR"
        raise refused(f"“{clipped(tag)}” is no language tag; {hint}")
    return tag


def one_sender(text: str) -> str:
    """``Name <address>`` or an address. One with merge tags is judged when it is rendered."""
    if _MERGE_TAG.search(text):
        return text
    bare = _QUOTED.sub("q", text)
    angles = re.findall(r"<([^<>]*)>", bare)
    outside = re.sub(r"<[^<>]*>", "", bare)
    at_signs = bare.count("@")
    if at_signs == 0:
        raise refused(f"“{clipped(text)}” names no address; write Name <name@example.org>")
    several = at_signs > 1 if not angles else re.search(r"\S@\S", outside)
    if several or len(angles) > 1:
        raise refused(f"“{clipped(text)}” names more than one address; a mail has one sender")
    if angles and (sign := re.search(r"[,;:@]", outside)):
        raise refused(
            f"the name has a “{sign[0]}” and must be in double quotes: "
            f'"{outside.strip()}" <{angles[0]}>'
        )
    address = angles[0] if angles else bare.strip()
    local, _, domain = address.partition("@")
    well_formed = local and domain and not re.search(r"[\s,;:]", address)
    if not well_formed or "<" in outside or ">" in outside:
        raise refused(f"“{clipped(text)}” is no sender; write Name <name@example.org>")
    return text


def header_name(name: str) -> str:
    if not _HEADER_NAME.fullmatch(name):
        raise refused(
            f"“{clipped(name)}” is no name of a header field; "
            "use letters, digits and hyphens, no blanks or colons"
        )
    return name
