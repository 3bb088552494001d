"""Renderers of a report, one file each. None of them runs a check."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from preflight.report.style import Style

if TYPE_CHECKING:
    from collections.abc import Mapping

    from preflight.report.model import Report

__all__ = ["FORMATS", "Renderer", "Style", "render"]


class Renderer(Protocol):
    """A module that writes a report in one format."""

    def render(self, report: Report, style: Style) -> str: ...


FORMATS: Mapping[str, str] = {
    "text": "preflight.report.text",
    "concise": "preflight.report.concise",
    "json": "preflight.report.json",
    "github": "preflight.report.github",
    "markdown": "preflight.report.markdown",
}
"""Name of a format -> module of its renderer, imported when it is used."""


def render(format: str, report: Report, style: Style | None = None) -> str:
    """The report in a format of `FORMATS`, with a line end at its end. Raises KeyError for an
    unknown format."""
    renderer = cast("Renderer", import_module(FORMATS[format]))
    return renderer.render(report, style or Style())
