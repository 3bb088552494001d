"""The other files that a Jinja template reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import nodes

from preflight.files import FileProblem
from preflight.templates.jinja_file import Find, JinjaFile
from preflight.templates.jinja_folding import Folder
from preflight.templates.model import Hazard, Unread

if TYPE_CHECKING:
    from preflight.source import Source

_MOST_FILES = 100
_DEEPEST = 20  # includes inside each other

Naming = nodes.Include | nodes.Import | nodes.FromImport | nodes.Extends


class Files:
    """Reads each file once. ``active``: those that are being walked, outermost first."""

    def __init__(self, find: Find | None) -> None:
        self.read: dict[str, tuple[Source, JinjaFile]] = {}
        self.active: list[JinjaFile] = []
        self._find = find
        self._folder = Folder()

    def named(self, node: Naming, here: JinjaFile) -> list[JinjaFile]:
        """The file that a statement of ``here`` names: the first of a list that is there. What
        keeps it from being read is noted at the statement."""
        template = node.template
        items = template.items if isinstance(template, (nodes.List, nodes.Tuple)) else [template]
        problem: FileProblem | None = None
        start, end = here.stretch(node)
        for item in items:
            name = self._folder.fold(item)
            if not isinstance(name, str) or self._find is None:
                return []
            try:
                file = self._open(name)
            except FileProblem as error:
                problem = problem or error
                continue
            if file in self.active:
                here.hazards[start] = Hazard(start, end, f"“{name}” includes itself")
                return []
            return [file] if len(self.active) < _DEEPEST else []
        if problem is not None and not getattr(node, "ignore_missing", False):
            here.unread[start] = Unread(start, end, problem.message, problem.help)
        return []

    def _open(self, name: str) -> JinjaFile:
        if name not in self.read:
            assert self._find is not None
            if len(self.read) >= _MOST_FILES:
                raise FileProblem(f"“{name}” is one file too many: at most {_MOST_FILES} are read")
            source = self._find(name)
            self.read[name] = (source, JinjaFile.read(source.text))
        return self.read[name][1]
