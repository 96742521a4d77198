"""Putting in order what the day left behind."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from checker.actions.tidy import tidy
from checker.commands import opened, pass_settings
from checker.config import Settings


@click.command("tidy")
@pass_settings
def command(settings: Settings) -> None:
    """Let assignments expire and take away files of photos that never came; `serve` does so each day."""
    with opened(settings) as store:
        done = tidy(store, grace_days=settings.expire_days, now=datetime.now(UTC))
    assert done is not None  # noqa: S101 - asked for now
    files = done.swept.nobodys + done.swept.unfinished
    click.echo(f"Assignments expired: {done.expired}. Files taken away: {files}.")
