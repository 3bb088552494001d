"""What cannot be answered where the contacts are."""

from __future__ import annotations


class Unanswered(Exception):
    """What was asked cannot be answered where the contacts are: ``reason`` for
    `report.not_checked`, ``message`` and ``help`` where nothing can be checked for it."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = f"needs the contacts in a file: {reason}"
        self.message = f"the contacts cannot be checked where they are: {reason}"
        self.help = "Export them into a list, and name the file."
