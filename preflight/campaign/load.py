"""Bytes -> located YAML -> model, or problems: nothing here raises on bad input."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from preflight.campaign.located import (
    DuplicateKey,
    Fault,
    Located,
    YamlFault,
    decode,
    read_yaml,
)
from preflight.campaign.places import Places, Route
from preflight.files import FileProblem, Repository
from preflight.rule import Problem, Said
from preflight.source import Source

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pydantic import BaseModel

    from preflight.campaign.model import Campaign
    from preflight.config import Config

M = TypeVar("M", bound="BaseModel")
T = TypeVar("T")

MAX_BYTES = 1_000_000
"""The largest definition that is read."""


def load_campaign(
    repository: Repository, path: Path
) -> tuple[Campaign | None, Located | None, list[Said]]:
    """The campaign of a file, its located YAML, and what is wrong with it. A part that failed is
    None: then there is at least one problem."""
    source, said = read_source(repository, path)
    if source is None:
        return None, None, said
    return campaign_from(source)


def campaign_from(source: Source) -> tuple[Campaign | None, Located | None, list[Said]]:
    """The same from text (`campaign_text` writes it for campaigns that are built in Python)."""
    from preflight.campaign.model import Campaign

    located, said = located_yaml(source, "invalid-yaml", "invalid-campaign")
    if located is None:
        return None, None, said
    campaign, problems = modelled(Campaign, located, "a campaign")
    said = [Said("invalid-campaign", problem) for _, problem in problems]
    if campaign is None:
        return None, located, said
    campaign._places = located.places
    return campaign, located, said


def campaign_text(campaign: Campaign) -> str:
    """The campaign as YAML, which `campaign_from` reads back."""
    import yaml

    class Dumper(yaml.SafeDumper):
        """Escapes what is not seen: other styles lose some line ends."""

    def text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
        style = None if value.isprintable() else '"'
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    Dumper.add_representer(str, text)
    data = campaign.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    dumped = yaml.dump(data, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=100_000)
    return str(dumped)


def load_config(
    repository: Repository, path: Path
) -> tuple[Config | None, Located | None, list[Said]]:
    """The settings of ``preflight.yaml``, its located YAML, and what is wrong with it. Ignores
    that are malformed are said and left out; any other fault leaves None."""
    source, said = read_source(repository, path, rule="invalid-configuration")
    if source is None:
        return None, None, said
    return config_from(source)


def config_from(source: Source) -> tuple[Config | None, Located | None, list[Said]]:
    """The same from text."""
    from preflight.config import Config

    located, said = located_yaml(source, "invalid-configuration", "invalid-configuration")
    if located is None:
        return None, None, said
    if located.value is None:
        located = replace(located, value={})
    config, problems = modelled(Config, located, "a configuration")
    malformed = {route[1] for route, _ in problems if _in_an_ignore(route)}
    said = [
        Said("malformed-ignore" if _in_an_ignore(route) else "invalid-configuration", problem)
        for route, problem in problems
    ]
    if config is None and malformed and all(_in_an_ignore(route) for route, _ in problems):
        located = _without_ignores(located, malformed)
        config, _ = modelled(Config, located, "a configuration")
    if config is None:
        return None, located, said
    config._places = located.places
    return config, located, said


def read_source(
    repository: Repository, path: Path, *, rule: str = "unreadable-file"
) -> tuple[Source | None, list[Said]]:
    """The text of a YAML file below the repository root, or why there is none."""
    shown = repository.shown(path)
    try:
        return decode(repository.read(shown, repository.start, limit=MAX_BYTES), shown), []
    except FileProblem as problem:
        span = Source(shown, "").span()
        return None, [Said(rule, Problem(span, problem.message, help=problem.help))]
    except Fault as fault:
        return None, [Said(rule, problem_of(fault))]


def located_yaml(source: Source, broken: str, invalid: str) -> tuple[Located | None, list[Said]]:
    """The YAML of a text, or its fault: under the name ``broken``, and ``invalid`` for a key that
    is given twice."""
    try:
        return read_yaml(source), []
    except DuplicateKey as fault:
        return None, [Said(invalid, problem_of(fault))]
    except YamlFault as fault:
        return None, [Said(broken, problem_of(fault))]


def problem_of(fault: Fault) -> Problem:
    return Problem(fault.span, fault.message, help=fault.help, related=fault.related)


def modelled(
    model: type[M], located: Located, what: str
) -> tuple[M | None, list[tuple[Route, Problem]]]:
    """The model of a located value, and the problems with their routes, in order of place.
    ``what``: how the whole is called, with its article."""
    from preflight.campaign.schema_faults import problems, validated

    if located.value is None:
        span = located.places.source.span(0, 0)
        return None, [((), Problem(span, f"the file is empty: {what} is expected"))]
    made, errors = validated(model, located.value)
    if made is not None:
        return made, []  # type: ignore[return-value]
    return None, problems(model, located, errors)


def _in_an_ignore(route: Route) -> bool:
    return len(route) > 1 and route[0] == "ignore"


def _without_ignores(located: Located, left_out: set[str | int]) -> Located:
    """The same without some entries of ``ignore``; the others keep their places."""
    value = located.value
    if not isinstance(value, dict) or not isinstance(value.get("ignore"), list):
        return located
    kept = [i for i in range(len(value["ignore"])) if i not in left_out]
    moved = {old: new for new, old in enumerate(kept)}
    places = located.places

    def renumbered(table: Mapping[Route, T]) -> dict[Route, T]:
        result: dict[Route, T] = {}
        for route, item in table.items():
            if not _in_an_ignore(route):
                result[route] = item
            elif route[1] in moved:
                result["ignore", moved[int(route[1])], *route[2:]] = item
        return result

    return replace(
        located,
        value={**value, "ignore": [value["ignore"][i] for i in kept]},
        places=Places(
            places.source,
            renumbered(places.values),
            renumbered(places.keys),
            renumbered(places.excerpts),
        ),
    )
