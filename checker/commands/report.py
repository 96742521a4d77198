"""Print the month: the network's, a region's and the branches' reports, several at once."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from checker.commands import opened, pass_settings
from checker.config import LANGUAGES, Settings
from checker.jobs.files import make_folder
from checker.jobs.making import Batch, run
from checker.jobs.plan import Order, Scope, plan
from checker.reports.branch import Audience
from checker.standards.month import Month


@click.command("report")
@click.option("--month", "month_text", metavar="YYYY-MM", required=True, help="The month to tell of.")
@click.option("--branch", "codes", multiple=True, metavar="CODE", help="A branch; may be repeated.")
@click.option("--all-branches", is_flag=True, help="Every branch that was open in the month.")
@click.option("--region", "regions", multiple=True, metavar="CODE", help="A region; may be repeated.")
@click.option("--network", is_flag=True, help="The whole network.")
@click.option("--checklist", metavar="ID", help="Only this checklist; else each with visits in the month.")
@click.option(
    "--audience",
    type=click.Choice(("leadership", "manager", "meeting")),
    default="leadership",
    show_default=True,
    help="Branch reports: what may leave the branch, names and every figure for its manager, or a sheet "
    "for its staff room without anybody.",
)
@click.option("--lang", "language", type=click.Choice(LANGUAGES), help="Language; else that of the settings.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    show_default=True,
    help="Folder the files go to; made when missing.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=os.cpu_count() or 1,
    show_default="one per processor",
    help="How many reports are made at a time.",
)
@click.option("--again", is_flag=True, help="Make also what is there already, of the same data and version.")
@pass_settings
def command(
    settings: Settings,
    month_text: str,
    codes: tuple[str, ...],
    all_branches: bool,
    regions: tuple[str, ...],
    network: bool,
    checklist: str | None,
    audience: Audience,
    language: str | None,
    out: Path,
    workers: int,
    again: bool,
) -> None:
    """Make the month's reports as PDF, one file each.

    A file is there whole or not at all, and is left alone while it is what would be made, so a call that was
    interrupted goes on when it is repeated. A report that cannot be made does not stop the others: it is
    listed at the end, and the exit code is 1.
    """
    if not (codes or all_branches or regions or network):
        raise click.UsageError("Say what to report on: --network, --region, --branch or --all-branches.")
    order = Order(Month.parse(month_text), language or settings.language, audience, datetime.now(UTC))
    scope = Scope(network=network, regions=regions, branches=codes, every_branch=all_branches)
    with opened(settings) as store:
        jobs = plan(store, order, scope, checklist=checklist)
    make_folder(out)
    failed: list[str] = []
    kept = 0
    with click.progressbar(length=len(jobs), label=month_text) as bar:
        for job, outcome in run(Batch(settings.database_path, out, order, again), jobs, workers):
            if outcome.failure:
                failed.append(f"{job.file}: {outcome.failure}")
            kept += outcome.kept
            bar.update(1)
    there = f", {kept} of them from before" if kept else ""
    click.echo(f"{len(jobs) - len(failed)} of {len(jobs)} reports are in {out}{there}")
    for line in sorted(failed):
        click.echo(line, err=True)
    if failed:
        raise SystemExit(1)
