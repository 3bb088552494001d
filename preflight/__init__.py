"""Preflight: stops the e-mail that you would regret.

>>> import preflight
>>> report = preflight.check_campaign("campaigns/spring")
>>> report.ok
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from preflight.api import check_campaign
    from preflight.campaign.model import Campaign
    from preflight.report.model import Annotation, Report
    from preflight.rule import Fix, Need, Problem, Rule, Severity, rule

__version__ = "0.1.0"

__all__ = [
    "Annotation",
    "Campaign",
    "Fix",
    "Need",
    "Problem",
    "Report",
    "Rule",
    "Severity",
    "__version__",
    "check_campaign",
    "rule",
]

# Loaded at first use: `import preflight` must cost next to nothing in somebody's mailer.
_HOMES = {
    "check_campaign": "preflight.api",
    "Campaign": "preflight.campaign.model",
    "Annotation": "preflight.report.model",
    "Report": "preflight.report.model",
    "Fix": "preflight.rule",
    "Need": "preflight.rule",
    "Problem": "preflight.rule",
    "Rule": "preflight.rule",
    "Severity": "preflight.rule",
    "rule": "preflight.rule",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'preflight' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
