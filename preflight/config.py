"""``preflight.yaml``: the ledger, the rules' settings, the ignores. Nothing is merged: the nearest
file upward wins. Read by `preflight.campaign.load`, with the same located YAML as campaigns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, PrivateAttr

from preflight.campaign import checks
from preflight.campaign.model import Date, Lists, Model, Paths
from preflight.campaign.places import Places
from preflight.rule import Severity
from preflight.source import Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator


class LedgerFiles(Model):
    """What is known about people: each kind a path or a list of paths, or the table beside
    the contacts that holds it."""

    clients: Lists = Field(
        (), description="relationship, known_since, register, formality, language, greeting, owner"
    )
    known: Lists = Field((), description="everybody you know; columns as for clients")
    press: Lists = Field((), description="journalists, bloggers, media people")
    suppressed: Lists = Field((), description="unsubscribed, bounced, complained")
    disputes: Lists = Field((), description="since, until, owner, allow (purposes)")
    holds: Lists = Field((), description="kind, since, until, owner, allow (purposes)")
    referrals: Lists = Field((), description="introduced_by, introduced_at, consent")
    incidents: Paths = Field((), description="YAML: id, title, since, until, affects, updates")
    internal: Lists = Field((), description="your own people: domains, or lists")
    competitors: Lists = Field((), description="domains, or lists")
    seeds: Lists = Field((), description="your own test addresses: no rule speaks of them")


def _setting(value: Any) -> Any:
    """``rule: off`` and ``rule: warning`` are short for a mapping; ``false`` is what editors and
    formatters make of ``off``."""
    if value is False or value == "false":
        value = "off"
    return {"severity": value} if isinstance(value, str) else value


class RuleSetting(Model):
    """``off``, a severity, or a mapping of ``severity`` and the rule's own options."""

    model_config = ConfigDict(extra="allow", frozen=True)

    severity: str | None = Field(None, pattern="^(off|error|warning|notice)$")

    @property
    def off(self) -> bool:
        return self.severity == "off"

    @property
    def level(self) -> Severity | None:
        return None if self.severity in (None, "off") else Severity.of(str(self.severity))

    @property
    def options(self) -> dict[str, Any]:
        return dict(self.model_extra or {})


Setting = Annotated[
    RuleSetting,
    BeforeValidator(
        _setting,
        json_schema_input_type=Literal["off", "error", "warning", "notice", False] | RuleSetting,
    ),
]


class Ignore(Model):
    """One accepted problem: of a rule, in files that match, for a reason, perhaps for a time."""

    rule: str
    path: str | None = Field(
        None, description="glob relative to preflight.yaml; absent: everywhere"
    )
    reason: Annotated[str, AfterValidator(checks.not_blank)] = Field(
        description="why it is accepted", min_length=1
    )
    until: Date | None = Field(None, description="last day on which it counts")


class Config(Model):
    """The whole of ``preflight.yaml``."""

    ledger: LedgerFiles = Field(default_factory=LedgerFiles)
    rules: dict[str, Setting] = Field(
        default_factory=dict, description="rule: off, a severity, or a mapping of its options"
    )
    ignore: tuple[Ignore, ...] = ()
    packs: tuple[str, ...] = Field((), description="installed distributions whose rules are added")

    _places: Places = PrivateAttr(default_factory=lambda: Places(Source("preflight.yaml", "")))

    @property
    def places(self) -> Places:
        return self._places

    def span(self, *route: str | int) -> Span:
        return self._places.span(route)

    def kinds(self) -> Iterator[str]:
        """The ledger kinds that are configured."""
        for kind in LedgerFiles.model_fields:
            if getattr(self.ledger, kind):
                yield kind
