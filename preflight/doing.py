"""What a long check is at just now, for whoever shows it to people."""

from __future__ import annotations

_now = ""


def doing(what: str) -> None:
    """Say what is begun: a few words, without a value of any list."""
    global _now
    _now = what


def current() -> str:
    return _now
