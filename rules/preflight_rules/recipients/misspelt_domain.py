"""Domains with a slip of the finger: gmial.com, hotnail.com, name.con."""

from __future__ import annotations

import json
import string
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from preflight.audience.audience import Audience
from preflight.audience.ledger import public_domains
from preflight.rule import Problem, Severity, rule
from preflight_rules.recipients._domains import counts_at, domains_of, has_known_ending, rows_at

_SHOWN = 5
_OWN, _SHARE = 5, 0.2
"""So many addresses, and such a share of the list, at one domain are somebody's real company."""


@rule("misspelt-domain", on=Audience, severity=Severity.WARNING)
def misspelt_domain(audience: Audience) -> Iterator[Problem]:
    """The domain of an address is a slip of the finger."""
    meant = {domain: likely(domain) for domain in domains_of(audience)}
    slips = {domain: one for domain, one in meant.items() if one}
    for domain, count in counts_at(audience, list(slips)).items():
        if has_known_ending(domain) and count >= max(_OWN, _SHARE * audience.selected):
            del slips[domain]
    if not slips:
        return
    # What stands before the ending may be somebody's name: only providers are shown whole.
    shown = dict.fromkeys(_shown(domain, one) for domain, one in slips.items())
    more = f" and {len(shown) - _SHOWN} others" if len(shown) > _SHOWN else ""
    yield Problem(
        None,
        "{recipients} {have} a misspelt domain: " + ", ".join(list(shown)[:_SHOWN]) + more,
        "Correct these addresses where the slip is plain. What bounces counts against you, and a "
        "misspelt domain may belong to somebody who reads its mail.",
        rows=rows_at(audience, list(slips)),
    )


def likely(domain: str) -> str | None:
    """The domain that was meant; None when there is no slip to see."""
    data = _data()
    if domain in data.real:
        return None
    label, _, ending = domain.partition(".")
    corrected = data.slips.get(domain.rpartition(".")[2])
    if corrected and label and ending:
        fixed = domain[: domain.rindex(".") + 1] + corrected
        return likely(fixed) or fixed
    name = data.near.get(label)
    if name is not None:
        endings = data.providers[name]
        if ending in endings:
            return f"{name}.{ending}"
        return f"{name}.{endings[0]}" if ending in data.slips_of_providers else None
    if label in data.providers and ending in data.slips_of_providers:
        return f"{label}.{data.providers[label][0]}"
    return _with_real_ending(domain)


def _with_real_ending(domain: str) -> str | None:
    """A mail domain that ends a slip away in something that no domain ends in: gmx.dee, web.ed."""
    name, _, ending = domain.rpartition(".")
    near = [
        real
        for real in _data().endings.get(name, ())
        if ending in _with_one_slip(real) or ending[1:] == real[1:]
    ]
    return f"{name}.{near[0]}" if len(near) == 1 and not has_known_ending(domain) else None


def _shown(domain: str, meant: str) -> str:
    if meant in _data().real or meant.partition(".")[0] in _data().providers:
        return f"{domain} ({meant}?)"
    return f".{domain.rpartition('.')[2]} (.{meant.rpartition('.')[2]}?)"


@dataclass(frozen=True)
class _Data:
    providers: dict[str, tuple[str, ...]]
    near: dict[str, str]  # a name with one slip -> the name
    real: frozenset[str]
    endings: dict[str, list[str]]  # what comes before the last dot of a real one -> what after it
    slips: dict[str, str]
    slips_of_providers: frozenset[str]


@cache
def _data() -> _Data:
    file = files("preflight_rules.recipients").joinpath("mail_providers.json")
    data = json.loads(file.read_text("utf-8"))
    providers = {name: tuple(endings) for name, endings in data["providers"].items()}
    known = frozenset(public_domains()) | frozenset(data["real"])
    labels = {domain.partition(".")[0] for domain in known} | providers.keys()
    near: dict[str, str] = {}
    for name in providers:
        for slip in _with_one_slip(name):
            if slip not in labels:
                near.setdefault(slip, name)
    real = known | {f"{name}.{end}" for name, endings in providers.items() for end in endings}
    endings: dict[str, list[str]] = defaultdict(list)
    for domain in sorted(real):
        before, _, ending = domain.rpartition(".")
        endings[before].append(ending)
    of_providers = frozenset(data["slips_of_providers"])
    return _Data(providers, near, real, dict(endings), data["slips"], of_providers)


def _with_one_slip(name: str) -> Iterator[str]:
    """All that one slip makes of a name. The first letter is right, or changed places, or stands
    twice: with another one it may be a name of its own (email, fmail)."""
    letters = string.ascii_lowercase + "0"
    yield name[0] + name
    for at in range(len(name) - 1):
        yield name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    for at in range(1, len(name)):
        yield name[:at] + name[at + 1 :]
        for letter in letters:
            yield name[:at] + letter + name[at + 1 :]
            yield name[:at] + letter + name[at:]
    for letter in letters:
        if letter != "s":  # a plural may be a company
            yield name + letter
