"""Which rules there are, and which of them run: packs, ``--select``, ``--ignore``, settings.

The built-in pack enters through the same door as anybody's: the entry-point group
``preflight.rules``, read from its own distribution (listing all distributions costs 50 ms).
"""

from __future__ import annotations

import difflib
import importlib.metadata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from preflight.own_rules import OWN_RULES, OwnRule
from preflight.rule import Problem, Rule, Said, Severity

if TYPE_CHECKING:
    from pydantic import BaseModel

    from preflight.config import Config

GROUP = "preflight.rules"
BUILT_IN = "preflight-email"


class PackError(Exception):
    """A rule pack that cannot be used, in words for people."""


@dataclass(frozen=True, slots=True)
class Pack:
    """The rules of one distribution. ``planned``: names that it reserves for later versions."""

    distribution: str
    rules: tuple[Rule, ...]
    planned: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Registry:
    """Rules by name, in order. Raises PackError when two packs claim one name."""

    packs: tuple[Pack, ...]
    rules: Mapping[str, Rule] = field(init=False)

    def __post_init__(self) -> None:
        rules: dict[str, Rule] = {}
        for pack in self.packs:
            for rule in pack.rules:
                if rule.name in rules or rule.name in OWN_RULES:
                    raise PackError(
                        f"two rules are called {rule.name}: the second is of {pack.distribution}"
                    )
                rules[rule.name] = rule
        object.__setattr__(self, "rules", rules)

    @classmethod
    def of(cls, rules: Iterable[Rule], distribution: str = "tests") -> Registry:
        """A registry of just these rules."""
        return cls((Pack(distribution, tuple(rules)),))

    @property
    def planned(self) -> frozenset[str]:
        return frozenset().union(*(pack.planned for pack in self.packs)) - set(self.rules)

    @property
    def names(self) -> frozenset[str]:
        """Every name that may be configured: rules of packs and of the engine itself."""
        return frozenset(self.rules) | frozenset(OWN_RULES)

    def find(self, name: str) -> Rule | OwnRule | None:
        return self.rules.get(name) or OWN_RULES.get(name)

    def distribution_of(self, name: str) -> str:
        for pack in self.packs:
            if any(rule.name == name for rule in pack.rules):
                return pack.distribution
        return BUILT_IN

    def did_you_mean(self, name: str) -> str:
        """`` Did you mean “x”?``, or nothing."""
        close = difflib.get_close_matches(name, sorted(self.names | self.planned), n=1)
        return f"Did you mean “{close[0]}”?" if close else ""


def load_pack(distribution: str) -> Pack:
    """The pack of an installed distribution. Raises PackError."""
    try:
        entry_points = importlib.metadata.distribution(distribution).entry_points
    except importlib.metadata.PackageNotFoundError:
        raise PackError(f"the rule pack “{distribution}” is not installed") from None
    rules: list[Rule] = []
    planned: set[str] = set()
    found = [point for point in entry_points if point.group == GROUP]
    if not found:
        raise PackError(f"“{distribution}” is installed but brings no rules")
    for point in found:
        try:
            table = point.load()
            rules += list(table)
            module = importlib.import_module(point.module)
            planned |= set(getattr(module, "PLANNED", ()))
        except Exception as error:
            raise PackError(
                f"the rule pack “{distribution}” cannot be loaded: {type(error).__name__}: {error}"
            ) from error
    if not all(isinstance(rule, Rule) for rule in rules):
        raise PackError(f"“{distribution}” names something under {GROUP} that is no rule")
    return Pack(distribution, tuple(rules), frozenset(planned))


@dataclass(frozen=True, slots=True)
class Setup:
    """One rule, ready to run: its options, and the severity of its problems."""

    rule: Rule
    severity: Severity
    options: BaseModel | None


@dataclass(frozen=True)
class Selection:
    """What runs: the rules that are on, with options; severities of the engine's own rules
    (absent: off). ``later``: names that were configured but come in a later version."""

    setups: tuple[Setup, ...]
    own: Mapping[str, Severity]
    later: tuple[str, ...] = ()

    @property
    def running(self) -> frozenset[str]:
        return frozenset(setup.rule.name for setup in self.setups) | frozenset(self.own)


def select(
    registry: Registry,
    config: Config,
    *,
    only: Iterable[str] = (),
    ignore: Iterable[str] = (),
) -> tuple[Selection, list[Said]]:
    """The rules that run under a configuration. Every name and option is validated before the
    first campaign is read; what is wrong is said as ``invalid-configuration``."""
    said = list(_check_names(registry, config))
    wanted, unwanted = set(only), set(ignore)
    setups: list[Setup] = []
    for name, rule in registry.rules.items():
        setting = config.rules.get(name)
        options, problems = _options(rule, config)
        said += problems
        if name in unwanted or (wanted and name not in wanted):
            continue
        if setting is not None and setting.off and name not in wanted:
            continue
        level = setting.level if setting is not None else None
        setups.append(Setup(rule, level or rule.severity, options))
    own = {}
    for name, own_rule in OWN_RULES.items():
        setting = config.rules.get(name)
        if setting is not None and setting.off and not own_rule.vital:
            continue
        if name in unwanted and not own_rule.vital:
            continue
        level = setting.level if setting is not None and not own_rule.vital else None
        own[name] = level or own_rule.severity
    later = tuple(
        name for name in config.rules if name in registry.planned and not config.rules[name].off
    )
    return Selection(tuple(setups), own, later), said


def _check_names(registry: Registry, config: Config) -> Iterator[Said]:
    for name in config.rules:
        if name in registry.names or name in registry.planned:
            own = OWN_RULES.get(name)
            if own is not None and own.vital and config.rules[name].severity is not None:
                yield _invalid(
                    config, ("rules", name), f"{name} cannot be switched off or made weaker"
                )
            continue
        yield _invalid(
            config, ("rules", name), f"there is no rule “{name}”", registry.did_you_mean(name)
        )
    for index, entry in enumerate(config.ignore):
        if entry.rule not in registry.names and entry.rule not in registry.planned:
            yield Said(
                "malformed-ignore",
                Problem(
                    config.span("ignore", index, "rule"),
                    f"there is no rule “{entry.rule}”",
                    registry.did_you_mean(entry.rule),
                ),
            )


def _invalid(config: Config, route: tuple[str | int, ...], message: str, help: str = "") -> Said:
    return Said("invalid-configuration", Problem(config.places.key_span(route), message, help))


def _options(rule: Rule, config: Config) -> tuple[BaseModel | None, list[Said]]:
    from pydantic import ValidationError

    setting = config.rules.get(rule.name)
    given = setting.options if setting is not None else {}
    if rule.options is None:
        return None, [
            _invalid(config, ("rules", rule.name, key), f"{rule.name} has no option “{key}”")
            for key in given
        ]
    try:
        return rule.options.model_validate(given), []
    except ValidationError as error:
        said = []
        for one in error.errors(include_url=False):
            key = str(one["loc"][0]) if one["loc"] else ""
            known = sorted(rule.options.model_fields)
            if one["type"] == "extra_forbidden":
                close = difflib.get_close_matches(key, known, n=1)
                message = f"{rule.name} has no option “{key}”"
                help = f"Did you mean “{close[0]}”?" if close else f"It has {', '.join(known)}."
                said.append(_invalid(config, ("rules", rule.name, key), message, help))
            else:
                reason = str(one["msg"]).removeprefix("Value error, ").lower()
                said.append(
                    Said(
                        "invalid-configuration",
                        Problem(
                            config.span("rules", rule.name, key),
                            f"{rule.name}: {key} is not valid: {reason}",
                            f"See preflight explain {rule.name}.",
                        ),
                    )
                )
        return rule.options(), said
