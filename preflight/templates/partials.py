"""The files that a template of any dialect but Jinja prints at a tag: partials, snippets, includes.

They are looked for in the campaign's folder only. One that is not there may be at the mailer: its
tag stays one whose output cannot be told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from preflight.files import FileProblem
from preflight.templates.tree_tools import fields_of

if TYPE_CHECKING:
    from preflight.source import Source
    from preflight.templates.model import SyntaxFault
    from preflight.templates.tree import Inclusion, TreeNode

DEEPEST = 10
"""Files inside each other."""

_MOST_FILES = 100
_MOST_FOLLOWED = 500  # files in each other could be printed without end
_NAME = re.compile(r"[\w@-][\w@./-]{0,200}")
_FOLDERS = ("", "partials/", "snippets/", "includes/")
_ENDINGS = (".html", ".liquid", ".hbs", ".mustache", ".txt")
_VARIABLE = re.compile(r" \d*\Z")  # what the template itself sets


class Partial(NamedTuple):
    """A file that is printed, and its tree."""

    source: Source
    tree: tuple[TreeNode, ...] | SyntaxFault


@dataclass
class Partials:
    """Finds and reads each file once. ``ending``: that of the template, tried first."""

    find: Callable[[str], Source]
    read: Callable[[str], tuple[TreeNode, ...] | SyntaxFault]
    ending: str = ""
    followed: int = 0
    _known: dict[str, Partial | None] = field(default_factory=dict)

    def open(self, name: str) -> Partial | None:
        """The file of a name as it is written in a template; None when it is not at hand."""
        self.followed += 1
        if self.followed > _MOST_FOLLOWED:
            return None
        if name not in self._known:
            if len(self._known) >= _MOST_FILES:
                return None
            self._known[name] = self._read(name)
        return self._known[name]

    def _read(self, name: str) -> Partial | None:
        for path in self._paths(name):
            try:
                source = self.find(path)
            except FileProblem:
                continue
            return Partial(source, self.read(source.text))
        return None

    def _paths(self, name: str) -> Iterator[str]:
        if not _NAME.fullmatch(name):
            return
        folder, _slash, file = name.rpartition("/")
        folder = f"{folder}/" if folder else ""
        endings = dict.fromkeys(one for one in (self.ending, *_ENDINGS) if one)
        named = "." in file
        for place in _FOLDERS:
            for written in (file, f"_{file}"):
                if named:
                    yield f"{place}{folder}{written}"
                for ending in endings:
                    yield f"{place}{folder}{written}{ending}"


def sees_enough(file: Inclusion, tree: tuple[TreeNode, ...]) -> bool:
    """Whether all that a file prints is handed to it, where it sees nothing else: engines differ in
    what of the contact they show it."""
    given = {name.casefold() for name, _value in file.given}
    return not file.alone or all(
        one.name.casefold() in given for one in fields_of(*tree) if not _VARIABLE.search(one.name)
    )
