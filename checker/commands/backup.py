"""An instance kept safe, and put back."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from checker.actions.back_up import back_up, kept_files
from checker.actions.restore import restore
from checker.commands import opened, pass_settings
from checker.config import Settings


@click.command("backup")
@click.argument("destination", type=click.Path(path_type=Path))
@pass_settings
def backup_command(settings: Settings, destination: Path) -> None:
    """Copy database, photos, settings and secret key to DESTINATION, while Checker serves.

    DESTINATION is a new .zip file or a new folder; it appears once every byte of it was read back. Whoever
    has it has everything, so keep it as safe as the instance itself.
    """
    with opened(settings) as store:
        count = 1 + sum(1 for _ in kept_files(settings.instance))
        with click.progressbar(length=count, file=sys.stderr, label="files") as bar:
            done = back_up(store, destination, now=datetime.now(UTC), progress=bar.update)
    megabytes = f"{done.size / 2**20:.1f} MiB"
    click.echo(f"{destination}: {done.visits} visits, {done.files} files, {megabytes}; read back and checked")


@click.command("restore")
@click.argument("source", type=click.Path(path_type=Path))
@click.option(
    "--force", is_flag=True, help="Replace the instance that is there; it is put aside, not deleted."
)
@pass_settings
def restore_command(settings: Settings, source: Path, force: bool) -> None:
    """Put a backup in place of the instance. Stop Checker first."""
    done = restore(source, settings.instance, database=settings.database, force=force, now=datetime.now(UTC))
    click.echo(f"{settings.instance}: {done.visits} visits as of {done.made_at}")
    if done.aside is not None:
        click.echo(f"What was there before is in {done.aside}")


commands = [backup_command, restore_command]
