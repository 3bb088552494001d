"""How a run is made, and what one ``preflight.yaml`` governs: rules, options, ignores."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from preflight import ignores as ignoring
from preflight.campaign.load import load_config
from preflight.config import Config
from preflight.files import Repository
from preflight.registry import PackError, Registry, Selection, load_pack, select
from preflight.rule import Problem, Said, Severity


@dataclass(frozen=True)
class Options:
    """How a run is made. ``now``: the clock, with a zone; ``config``: a configuration file to use
    instead of the nearest ``preflight.yaml``."""

    only: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: Severity | None = Severity.ERROR
    strict: bool = False
    without_lists: bool = False
    config: Path | None = None
    now: dt.datetime = field(default_factory=lambda: dt.datetime.now().astimezone())


@dataclass
class Configured:
    """One ``preflight.yaml`` (or none), its rules, its ignores, and which campaigns it governs."""

    config: Config | None
    path: Path | None
    registry: Registry
    selection: Selection | None = None
    ignores: list[ignoring.ConfigIgnore] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    inline: ignoring.Ignores = field(default_factory=ignoring.Ignores)
    ran: set[str] = field(default_factory=set)
    checked: set[str] = field(default_factory=set)  # paths of files looked at, from the config

    @property
    def failed(self) -> bool:
        return any(one.rule == "invalid-configuration" for one in self.said)


def configure(
    path: Path | None, repository: Repository, registry: Registry, options: Options
) -> Configured:
    """Read a ``preflight.yaml`` and choose the rules that run under it. What is wrong is said; a
    file that cannot be used leaves ``config`` None."""
    configured = Configured(Config(), path, registry)
    located = None
    if path is not None:
        configured.config, located, configured.said = load_config(repository, path)
    if configured.config is not None:
        configured.registry = _with_packs(configured.config, registry, configured.said)
        configured.selection, problems = select(
            configured.registry, configured.config, only=options.only, ignore=options.ignore
        )
        configured.said += problems
        configured.ignores = ignoring.from_config(configured.config, options.now.date())
    if located is not None:
        configured.inline.extend(ignoring.in_comments(located.comments, configured.registry))
    return configured


def _with_packs(config: Config, registry: Registry, said: list[Said]) -> Registry:
    for index, name in enumerate(config.packs):
        try:
            registry = Registry((*registry.packs, load_pack(name)))
        except PackError as error:
            help = "Install it where Preflight runs, or remove it here."
            problem = Problem(config.span("packs", index), str(error), help)
            said.append(Said("invalid-configuration", problem))
    return registry
