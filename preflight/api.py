"""What other programs call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from preflight.report.model import Report
from preflight.rule import Severity

if TYPE_CHECKING:
    from preflight.campaign.model import Campaign
    from preflight.mail import Context
    from preflight.registry import Registry


def built_in() -> Registry:
    """The registry of the built-in rules. Raises PackError when the installation is broken."""
    from preflight.registry import BUILT_IN, Registry, load_pack

    return Registry((load_pack(BUILT_IN),))


def check_campaign(
    campaign: str | Path | Campaign,
    *,
    base: str | Path | None = None,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    fail_on: str | None = "error",
    strict: bool = False,
    without_lists: bool = False,
    config: str | Path | None = None,
    now: dt.datetime | None = None,
) -> Report:
    """Check one campaign: a file, a folder with one or more, or a `Campaign` made in code.
    Finished mails in a folder are checked, too.

    ``base``: the folder that paths in a `Campaign` made in code are relative to (default: the
    current one). ``now``: the clock, with a zone; a campaign's own ``send_at`` counts before it.
    The other arguments are the options of ``preflight check``. A faulty campaign is reported,
    never raised. Raises ValueError for a name in ``select`` or ``ignore`` that is no rule.
    """
    from preflight.campaign.discover import discover
    from preflight.engine import Run, check
    from preflight.governing import Options

    registry = built_in()
    known_names(registry, (*select, *ignore))
    options = Options(
        only=tuple(select),
        ignore=tuple(ignore),
        fail_on=None if fail_on in (None, "never") else Severity.of(str(fail_on)),
        strict=strict,
        without_lists=without_lists,
        config=Path(config).resolve() if config is not None else None,
        now=_aware(now),
    )
    start = Path.cwd()
    if isinstance(campaign, (str, Path)):
        found = discover([Path(campaign)], start)
        if found.missing:
            raise FileNotFoundError(f"{campaign} does not exist")
        return check(found.campaigns, registry, options, start, mails=found.mails)
    from preflight.campaign.load import campaign_from, campaign_text
    from preflight.source import Source

    run = Run(registry, options, start)
    folder = Path(base).resolve() if base is not None else start
    # Written out and read back, it has lines that problems can point at.
    source = Source("campaign.yaml", campaign_text(campaign))
    run.campaign_in_memory(*campaign_from(source), folder)
    return run.report()


def check_message(
    message: Any, context: Context | None = None, *, allow: Iterable[str] = ()
) -> Report:
    """Check one finished mail, as `Checker.check_message` does."""
    from preflight.checker import default_checker

    return default_checker().check_message(message, context, allow=allow)


def check_batch(
    messages: Iterable[Any],
    context: Context | Sequence[Context | None] | None = None,
    *,
    allow: Iterable[str] = (),
) -> Report:
    """Check finished mails that go out together, as `Checker.check_batch` does."""
    from preflight.checker import default_checker

    return default_checker().check_batch(messages, context, allow=allow)


def guard(
    messages: Any,
    context: Context | Sequence[Context | None] | None = None,
    allow: Iterable[str] = (),
) -> Report:
    """Check one finished mail or a list of them before anything leaves, as `Checker.guard` does.
    Raises PreflightError."""
    from preflight.checker import default_checker

    return default_checker().guard(messages, context, allow=allow)


def known_names(registry: Registry, names: Iterable[str]) -> None:
    """Raises ValueError for a name that is no rule."""
    for name in names:
        if name not in registry.names:
            raise ValueError(f"there is no rule “{name}”. {registry.did_you_mean(name)}".strip())


def _aware(now: dt.datetime | None) -> dt.datetime:
    if now is None:
        return dt.datetime.now().astimezone()
    return now if now.tzinfo else now.astimezone()
