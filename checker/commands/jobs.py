"""The process that makes ordered reports and sends mail, for whoever does not use `serve`."""

from __future__ import annotations

import os

import click

from checker.commands import opened, pass_settings
from checker.config import Settings
from checker.jobs.consumer import work

PARENT = "CHECKER_JOBS_PARENT"
"""Set by `serve`: the process to end with."""


def makers_by_default() -> int:
    """One per processor, and one processor left to the pages."""
    return max(1, (os.cpu_count() or 1) - 1)


@click.command("jobs")
@click.option(
    "--makers",
    type=click.IntRange(1, 64),
    default=makers_by_default(),
    show_default="processors − 1",
    help="Processes that make reports.",
)
@pass_settings
def command(settings: Settings, makers: int) -> None:
    """Make ordered reports and send mail until stopped; `serve` starts this by itself."""
    with opened(settings):
        pass  # a database that is missing or outdated is said at once, and not every minute
    parent = os.environ.get(PARENT)
    work(settings, makers=makers, parent=int(parent) if parent else None)
