"""The command `preflight learn`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from preflight.terminal import Progress, in_actions, said, style_for


@click.group()
def learn() -> None:
    """Learn what you know about people from what you have written to them."""


@learn.command("register")
@click.argument("paths", nargs=-1, required=True, metavar="FOLDER...",
                type=click.Path(path_type=Path, exists=True))  # fmt: skip
@click.option("--from", "senders", multiple=True, metavar="ADDRESS",
              help="An address of yours; default: whom most of the mails are from.")  # fmt: skip
@click.option("--write", is_flag=True, help="Fill the registers in without asking.")
@click.option("--diff", is_flag=True,
              help="Print them as a patch, addresses in full, and nothing else.")  # fmt: skip
@click.option("--config", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              metavar="FILE", help="Use this instead of the nearest preflight.yaml.")  # fmt: skip
@click.option("--show-addresses", is_flag=True, help="Print addresses in full; on a terminal only.")
@click.option("--verbose", "-v", is_flag=True, help="Name everybody.")
def learn_register(
    paths: tuple[Path, ...],
    senders: tuple[str, ...],
    write: bool,
    diff: bool,
    config: Path | None,
    show_addresses: bool,
    verbose: bool,
) -> None:
    """Propose for each address whether you say tu or vous (du or Sie, ...), from sent mail.

    FOLDER holds mails that you have sent: .eml, .mbox, Maildir. The last five to each person count,
    and only words that leave no doubt. What is proposed fills empty cells of the column register in
    ledger.clients and ledger.known; what stands there is never overwritten.
    """
    from preflight.campaign.discover import repository_for
    from preflight.campaign.load import load_config
    from preflight.learn import wording
    from preflight.learn.ledger import propose
    from preflight.learn.letters import letters_in
    from preflight.learn.register import learned

    repository, config_path = repository_for(Path("preflight.yaml"), Path.cwd(), config)
    if config_path is None:
        raise click.UsageError("there is no preflight.yaml here: its ledger is what is filled in")
    settings, _, problems = load_config(repository, config_path)
    if settings is None:
        raise click.ClickException(said("; ".join(one.problem.message for one in problems)))
    style = style_for("auto", quiet=False, verbose=verbose, show_addresses=show_addresses)
    with Progress("Reading mails") as progress:
        letters = letters_in(paths, senders, progress.step)
    if not letters.mails:
        click.echo("There is no mail: .eml, .mbox and Maildir folders are read.", err=True)
        sys.exit(3)
    proposal = propose(learned(letters.found), settings, repository, config_path.parent)
    if diff:
        if in_actions():
            raise click.UsageError("--diff prints addresses: it is not for the log of a runner")
        for file, text in proposal.texts():
            click.echo(file.diff(text), nl=False)
        return
    for line in (*wording.heap(letters, senders), *wording.told(proposal, everything=verbose)):
        click.echo(style.shown(line))
    if not proposal.changes:
        return
    files = ", ".join(file.shown for file, _ in proposal.changes)
    click.echo()
    if not write and not (sys.stdin.isatty() and sys.stdout.isatty()):
        click.echo("Nothing was written. --write fills them in, --diff prints them as a patch.")
    elif write or click.confirm(said(f"Write to {files}?")):
        for file, text in proposal.texts():
            try:
                file.write(text)
            except OSError as error:
                reason = error.strerror or "it failed"
                raise click.ClickException(
                    said(f"{file.shown} was not written: {reason}")
                ) from error
        click.echo(said(f"Written: {files}"))
