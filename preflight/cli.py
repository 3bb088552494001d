"""The command `preflight`: parse, call one function, pick renderers, map to an exit code."""

from __future__ import annotations

import atexit
import datetime as dt
import gc
import os
import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import preflight
from preflight.learn.command import learn
from preflight.report import FORMATS, Style, render
from preflight.terminal import Progress, in_actions, said, style_for

if TYPE_CHECKING:
    from preflight.registry import Registry
    from preflight.report.model import Report

FAIL_ON = ("error", "warning", "notice", "never")

_GARBAGE = 200_000
"""Objects that may gather before garbage is looked for."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(preflight.__version__, prog_name="preflight")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Stops the e-mail that you would regret: checks e-mail campaigns before they are sent.

    Nothing is sent, no account and no network is needed.
    """
    # Nearly all that a check makes lives to its end: looking for garbage meanwhile, and once more
    # at the exit, would take a fifth of the time of a small one.
    ctx.call_on_close(partial(gc.set_threshold, *gc.get_threshold()))  # for programs that call it
    gc.set_threshold(_GARBAGE)
    atexit.register(gc.freeze)


def _formats(_ctx: click.Context, _param: click.Parameter, values: Iterable[str]) -> list[Any]:
    chosen = []
    for value in values:
        name, _, file = value.partition("=")
        if name not in FORMATS:
            raise click.BadParameter(f"“{name}” is none of {', '.join(FORMATS)}")
        chosen.append((name, Path(file) if file else None))
    if sum(file is None for _, file in chosen) > 1 and "github" not in {n for n, _ in chosen}:
        raise click.BadParameter("only one format can go to the screen: give the others a file")
    return chosen


def _names(_ctx: click.Context, _param: click.Parameter, values: Iterable[str]) -> tuple[str, ...]:
    return tuple(name.strip() for value in values for name in value.split(",") if name.strip())


def _clock(_ctx: click.Context, _param: click.Parameter, value: str | None) -> dt.datetime:
    if value is None:
        return dt.datetime.now().astimezone()
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(
            f"“{value}” is no moment: write it as 2026-11-03T08:00:00+01:00"
        ) from None
    return moment if moment.tzinfo else moment.astimezone()


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--format", "formats", multiple=True, callback=_formats, metavar="FORMAT[=FILE]",
    help=f"How to report: {', '.join(FORMATS)}; may be given more than once.",
)  # fmt: skip
@click.option("--select", multiple=True, callback=_names, metavar="RULE", help="Run only these.")
@click.option("--ignore", multiple=True, callback=_names, metavar="RULE", help="Leave these out.")
@click.option("--fail-on", type=click.Choice(FAIL_ON), default="error", show_default=True,
              help="The least severity that blocks the send.")  # fmt: skip
@click.option("--strict", is_flag=True, help="Whatever could not be checked is an error.")
@click.option("--without-lists", is_flag=True, help="Open no list and no ledger file.")
@click.option("--config", type=click.Path(path_type=Path), metavar="FILE",
              help="Use this file instead of the nearest preflight.yaml.")  # fmt: skip
@click.option("--now", callback=_clock, metavar="TIME",
              help="The clock for campaigns without send_at (ISO 8601).")  # fmt: skip
@click.option("--show-addresses", is_flag=True, help="Print addresses in full; on a terminal only.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto",
              show_default=True, help="Colours on the screen.")  # fmt: skip
@click.option("--quiet", "-q", is_flag=True, help="Only what blocks, and the verdict.")
@click.option("--verbose", "-v", is_flag=True, help="Also what was ignored, and tracebacks.")
def check(
    paths: tuple[Path, ...],
    formats: list[tuple[str, Path | None]],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str,
    strict: bool,
    without_lists: bool,
    config: Path | None,
    now: dt.datetime,
    show_addresses: bool,
    color: str,
    quiet: bool,
    verbose: bool,
) -> None:
    """Check the campaigns below PATHS (default: this folder), and finished mails there.

    Finished mails are .eml and .mbox files and Maildir folders; an HTML or text file is one when
    it is named.

    Exit code 0: clear to send. 1: do not send. 2: the check itself failed (wrong usage, a faulty
    preflight.yaml, a crashed rule). 3: there was nothing to check.
    """
    from preflight import engine
    from preflight.campaign.discover import discover
    from preflight.governing import Options
    from preflight.rule import Severity

    registry = _registry()
    _known(registry, (*select, *ignore))
    start = Path.cwd()
    found = discover(paths or (Path(),), start)
    if found.missing:
        missing = ", ".join(str(path) for path in found.missing)
        raise click.UsageError(f"{said(missing)} does not exist")
    for path in found.unreadable:
        click.echo(f"preflight: the folder {said(path)} cannot be read", err=True)
    if config is not None and not config.is_file():
        raise click.UsageError(f"{said(config)} does not exist")
    options = Options(
        only=select,
        ignore=ignore,
        fail_on=None if fail_on == "never" else Severity.of(fail_on),
        strict=strict,
        without_lists=without_lists,
        config=config.resolve() if config is not None else None,
        now=now,
    )
    with Progress("Checking", len(found.campaigns) + len(found.mails)) as progress:
        report = engine.check(
            found.campaigns, registry, options, start, progress.step, mails=found.mails
        )
    style = style_for(color, quiet=quiet, verbose=verbose, show_addresses=show_addresses)
    _write(report, formats or _default_formats(), style)
    sys.exit(report.verdict.exit_code)


def _registry() -> Registry:
    from preflight.api import built_in
    from preflight.registry import PackError

    try:
        return built_in()
    except PackError as error:
        raise click.UsageError(str(error)) from error


def _known(registry: Registry, names: Iterable[str]) -> None:
    for name in names:
        if name not in registry.names:
            raise click.UsageError(
                f"there is no rule “{said(name)}”. {registry.did_you_mean(name)}".rstrip()
            )


def _default_formats() -> list[tuple[str, Path | None]]:
    """Text; in GitHub Actions also annotations and the job summary."""
    if not in_actions():
        return [("text", None)]
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    formats: list[tuple[str, Path | None]] = [("text", None), ("github", None)]
    return [*formats, ("markdown", Path(summary))] if summary else formats


def _write(report: Report, formats: list[tuple[str, Path | None]], style: Style) -> None:
    from dataclasses import replace

    for name, file in formats:
        if file is None:
            text = render(name, report, style)
            # Not click.echo: it strips escapes by its own reckoning of the terminal.
            sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
            sys.stdout.buffer.flush()
            continue
        plain = replace(style, color=False, github_actions=False, show_addresses=False, width=100)
        text = render(name, report, plain)
        # The job summary is shared with other steps: add to it.
        mode = "a" if str(file) == os.environ.get("GITHUB_STEP_SUMMARY") else "w"
        try:
            with file.open(mode, encoding="utf-8", errors="backslashreplace", newline="\n") as out:
                out.write(text)
        except OSError as error:
            raise click.UsageError(f"{file} cannot be written: {error.strerror}") from error


@main.command()
def rules() -> None:
    """List all rules: name, severity, what each says."""
    from preflight.own_rules import OWN_RULES

    registry = _registry()
    families: dict[str, list[tuple[str, str, str]]] = {}
    for rule in registry.rules.values():
        family = rule.module.rsplit(".", 2)[-2]
        families.setdefault(family, []).append((rule.name, rule.severity.label, rule.summary))
    for own in OWN_RULES.values():
        families.setdefault(
            "loading" if own.family == "loading" else "about the check itself", []
        ).append((own.name, own.severity.label, own.summary))
    width = max(len(name) for table in families.values() for name, _, _ in table)
    for family, table in families.items():
        click.secho(family, bold=True)
        for name, severity, summary in table:
            click.echo(f"  {name:<{width}}  {severity:<7}  {summary}")
        click.echo()
    click.echo("preflight explain RULE tells more of one.")


@main.command()
@click.argument("rule")
def explain(rule: str) -> None:
    """Explain a RULE: what it says, why, wrong and right examples, its options."""
    registry = _registry()
    found = registry.find(rule)
    if found is None:
        later = " It comes in a later version." if rule in registry.planned else ""
        raise click.UsageError(
            f"there is no rule “{rule}”.{later or ' ' + registry.did_you_mean(rule)}".rstrip()
        )
    try:
        page = found.page
    except OSError as error:
        raise click.ClickException(f"the page of {rule} was not shipped") from error
    title, _, rest = page.partition("\n")
    click.secho(title.lstrip("# "), bold=True, nl=False)
    click.echo(f"  ({found.severity.label})")
    for line in rest.rstrip().split("\n"):
        if line.startswith("#"):
            click.secho(line.lstrip("# "), bold=True)
        else:
            click.echo(line)


@main.command("explain-filter")
@click.argument("campaign", type=click.Path(path_type=Path))
@click.option("--language", type=click.Choice(["en", "fr"]), default="en", show_default=True,
              help="The language of the sentence.")  # fmt: skip
@click.option("--without-lists", is_flag=True, help="Open no list: the sentence without figures.")
@click.option("--config", type=click.Path(path_type=Path), metavar="FILE",
              help="Use this file instead of the nearest preflight.yaml.")  # fmt: skip
@click.option("--now", callback=_clock, metavar="TIME",
              help="The clock for campaigns without send_at (ISO 8601).")  # fmt: skip
def explain_filter(
    campaign: Path, language: str, without_lists: bool, config: Path | None, now: dt.datetime
) -> None:
    """Say in a sentence who gets a CAMPAIGN, and how many each clause of its filter keeps."""
    from preflight.explain_filter import CannotExplain, explained
    from preflight.governing import Options

    file = campaign / "campaign.yaml" if campaign.is_dir() else campaign
    for path in (file, *filter(None, (config,))):
        if not path.is_file():
            raise click.UsageError(f"{said(path)} does not exist")
    options = Options(
        without_lists=without_lists, config=config.resolve() if config else None, now=now
    )
    try:
        lines = list(explained(file.absolute(), _registry(), options, Path.cwd(), language))
    except CannotExplain as error:
        raise click.ClickException(said(error)) from error
    for line in lines:
        click.echo(said(line))


@main.command()
@click.argument("name", required=False)
def dialects(name: str | None) -> None:
    """List the dialects of merge tags, or tell all of the one with that NAME."""
    from preflight.templates import dialect_pages
    from preflight.templates.profiles import did_you_mean, profile

    if name is None:
        for line in dialect_pages.table():
            click.echo(line)
        click.echo(
            "\npreflight dialects NAME tells more of one; a campaign says body: {dialect: NAME}."
        )
        return
    known = profile(name)
    if known is None:
        close = did_you_mean(name)
        more = f" Did you mean “{close}”?" if close else " “preflight dialects” lists them."
        raise click.UsageError(f"there is no dialect “{name}”.{more}")
    for line in dialect_pages.page(known):
        click.echo(line)


@main.command()
@click.argument("of", type=click.Choice(["campaign", "config"]), default="campaign")
def schema(of: str) -> None:
    """Print the JSON Schema of campaign.yaml, or of preflight.yaml (config)."""
    from preflight.schema import campaign_schema, config_schema, rendered

    click.echo(rendered(campaign_schema() if of == "campaign" else config_schema()), nl=False)


@main.command()
@click.argument("template", required=False, type=click.Path(path_type=Path))
@click.argument("contacts", required=False, metavar="LIST", type=click.Path(path_type=Path))
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), default=None,
              help="Where to write; default: this folder, or the template's.")  # fmt: skip
@click.option("--force", is_flag=True, help="Overwrite a campaign.yaml that is there.")
@click.pass_context
def init(
    ctx: click.Context,
    template: Path | None,
    contacts: Path | None,
    folder: Path | None,
    force: bool,
) -> None:
    """Write a campaign to start from, and check it.

    Without arguments: a commented, working example. With TEMPLATE and LIST (a mail and a CSV of
    yours): the campaign for these files, with what could not be known marked.
    """
    from preflight import init as starting
    from preflight.files import FileProblem

    if (template is None) != (contacts is None):
        raise click.UsageError("give both a TEMPLATE and a LIST, or neither")
    try:
        if template is not None and contacts is not None:
            written = starting.for_files(template, contacts, folder, force=force)
        else:
            written = starting.example(folder or Path(), force=force)
    except FileProblem as problem:
        raise click.UsageError(f"{problem.message}. {problem.help}".strip()) from problem
    for line in written.said:
        click.echo(line)
    click.echo(f"\nChecking it:  preflight check {written.campaign}\n")
    ctx.invoke(check, paths=(written.campaign,), formats=[], select=(), ignore=(),
               fail_on="error", strict=False, without_lists=False, config=None,
               now=dt.datetime.now().astimezone(), show_addresses=False, color="auto",
               quiet=False, verbose=False)  # fmt: skip


main.add_command(learn)
