"""Preflight: stops the e-mail that you would regret.

>>> import preflight
>>> report = preflight.check_campaign("campaigns/spring")
>>> report.ok
>>> preflight.guard(messages)  # before they leave: raises PreflightError
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from preflight.api import check_batch, check_campaign, check_message, guard
    from preflight.campaign.model import Campaign
    from preflight.checker import Checker
    from preflight.error import PreflightError
    from preflight.mail import Context
    from preflight.readers.payload import Payload
    from preflight.report.model import Annotation, Report
    from preflight.rule import Fix, Need, Problem, Rule, Severity, rule

__version__ = "0.1.0"

__all__ = [
    "Annotation",
    "Campaign",
    "Checker",
    "Context",
    "Fix",
    "Need",
    "Payload",
    "PreflightError",
    "Problem",
    "Report",
    "Rule",
    "Severity",
    "__version__",
    "check_batch",
    "check_campaign",
    "check_message",
    "guard",
    "rule",
]

# Loaded at first use: `import preflight` must cost next to nothing in somebody's mailer.
_HOMES = {
    "check_batch": "preflight.api",
    "check_campaign": "preflight.api",
    "check_message": "preflight.api",
    "guard": "preflight.api",
    "Checker": "preflight.checker",
    "Context": "preflight.mail",
    "Payload": "preflight.readers.payload",
    "PreflightError": "preflight.error",
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
