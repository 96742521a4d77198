"""Figures checked, counted again, and scored again."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click

from checker.actions.rebuild_figures import rebuild_figures
from checker.actions.rescore import Changed, Rescored, rescore
from checker.actions.verify_store import verify
from checker.commands import opened, pass_settings
from checker.config import Settings
from checker.standards.score import SCORER, percent
from checker.store import visits
from checker.store.connection import Store

SHOWN = 50
"""How many lines are listed; the sums are of all."""


@click.command("verify")
@pass_settings
def verify_command(settings: Settings) -> None:
    """Hold every stored figure against what the visits say; exit code 1 when something contradicts."""
    with opened(settings) as store:
        with counting(store) as progress:
            faults = verify(store, progress=progress)
        for fault in faults[:SHOWN]:
            click.echo(str(fault), err=True)
        if len(faults) > SHOWN:
            click.echo(f"… and {len(faults) - SHOWN} more", err=True)
        seen = visits.count(store)
    if faults:
        raise SystemExit(1)
    click.echo(f"{seen} visits, their revisions and every figure agree.")


@click.command("rebuild")
@pass_settings
def rebuild_command(settings: Settings) -> None:
    """Count every roll-up and tally anew from the visits; visits wait while it runs."""
    with opened(settings) as store:
        counted = rebuild_figures(store, now=datetime.now(UTC))
    click.echo(f"Figures rebuilt from {counted} counted visits.")


@click.command("rescore")
@click.option("--dry-run", is_flag=True, help="Only tell what today's scorer would change.")
@pass_settings
def rescore_command(settings: Settings, dry_run: bool) -> None:
    """Score every visit again by today's rules."""
    with opened(settings) as store, counting(store) as progress:
        found = rescore(store, now=datetime.now(UTC), dry_run=dry_run, progress=progress)
    for line in told(found, dry_run=dry_run):
        click.echo(line)


@contextmanager
def counting(store: Store) -> Iterator[Callable[[int], None]]:
    """A progress bar over every visit, on the error stream; told how many are done."""
    with click.progressbar(length=visits.count(store), file=sys.stderr) as bar:

        def progress(done: int) -> None:
            bar.update(done - bar.pos)

        yield progress


def told(found: Rescored, *, dry_run: bool) -> Iterator[str]:
    """What a run of the scorer found, line by line."""
    for one in found.changed[:SHOWN]:
        yield f"{one.uuid}  {one.branch}  {one.checklist}  scorer {one.scorer} -> {SCORER}  {shifts(one)}"
    if len(found.changed) > SHOWN:
        yield f"… and {len(found.changed) - SHOWN} more"
    verb = "would change" if dry_run else "changed"
    yield f"{len(found.changed)} of {found.visits} visits {verb} by scorer {SCORER}."


def shifts(one: Changed) -> str:
    """Both axes and the flag, as they are and as they would be."""
    parts = [
        f"{name} {shown(before)} -> {shown(after)}"
        for name, (before, after) in (("compliance", one.compliance), ("experience", one.experience))
        if before != after
    ]
    if one.flagged[0] != one.flagged[1]:
        parts.append("flagged" if one.flagged[1] else "no longer flagged")
    return ", ".join(parts) or "answers or employees' scores"


def shown(share: int | None) -> str:
    """A share in millionths as percent."""
    return "no score" if share is None else f"{percent(share)} %"


commands = [verify_command, rebuild_command, rescore_command]
