"""Visits, answers and scores, written to a file."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from checker.actions.note_export import note_export
from checker.commands import opened, pass_settings
from checker.config import Settings
from checker.problem import Problem
from checker.reports import files
from checker.standards.faults import N_
from checker.standards.month import Month
from checker.store import branches, exports, regions
from checker.store.connection import Store
from checker.store.exports import Wanted
from checker.summaries.export import answers_table, scores_table, visits_table
from checker.summaries.month_tables import Scope, count_visits, month_tables
from checker.summaries.table import Table
from checker.summaries.viewer import Audience

FILE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
MONTH = click.option("--month", metavar="YYYY-MM", help="Only visits of this month.")
BRANCH = click.option(
    "--branch",
    "branch_codes",
    multiple=True,
    metavar="CODE",
    help="Only visits to this branch; may be repeated.",
)
REGION = click.option(
    "--region",
    "region_codes",
    multiple=True,
    metavar="CODE",
    help="Only visits in this region; may be repeated.",
)


@click.group("export")
def command() -> None:
    """Write visits, answers, scores or a whole month to FILE, in the format that its name ends with."""


@command.command()
@FILE
@MONTH
@BRANCH
@REGION
@click.option("--names", is_flag=True, help="With the names of employees and the addresses of shoppers.")
@pass_settings
def visits(settings: Settings, /, file: Path, names: bool, **which: Any) -> None:
    """One row per visit: where, when, how it ended, its scores. Employees stand as codes."""
    written(settings, file, "visits", partial(visits_table, names=names), names=names, **which)


@command.command()
@FILE
@MONTH
@BRANCH
@REGION
@pass_settings
def answers(settings: Settings, /, file: Path, **which: Any) -> None:
    """One row per answer: what was said, whether it was met, what it earned, the note on it."""
    written(settings, file, "answers", answers_table, **which)


@command.command()
@FILE
@MONTH
@BRANCH
@REGION
@pass_settings
def scores(settings: Settings, /, file: Path, **which: Any) -> None:
    """One row per visit and axis, and one per section: points and percent of completed visits."""
    written(settings, file, "scores", scores_table, **which)


@command.command()
@FILE
@click.option("--month", "month_text", metavar="YYYY-MM", required=True, help="The month.")
@click.option("--network", is_flag=True, help="The whole network; also when nothing else is said.")
@click.option("--region", metavar="CODE", help="One region.")
@click.option("--branch", metavar="CODE", help="One branch.")
@click.option(
    "--audience",
    type=click.Choice(("leadership", "manager")),
    default="leadership",
    show_default=True,
    help="Employees as codes and as they may leave the branch, or by name with every figure.",
)
@pass_settings
def month(
    settings: Settings,
    /,
    file: Path,
    month_text: str,
    network: bool,
    region: str | None,
    branch: str | None,
    audience: Audience,
) -> None:
    """A month as tables: network, branches, standards, employees, visits, answers; .xlsx, .zip or .sqlite.

    A .zip has a CSV for each. What is for leadership says neither who served in a visit nor what shoppers
    wrote.
    """
    files.require_format(file, files.BOOKS)
    if sum((network, region is not None, branch is not None)) > 1:
        raise click.UsageError("Choose one of --network, --region and --branch.")
    scope = Scope("branch", branch) if branch else Scope("region", region) if region else Scope()
    which, now = Month.parse(month_text), datetime.now(UTC)
    with opened(settings) as store:
        total = count_visits(store, which, scope, person_id=None, now=now)
        with click.progressbar(length=total, file=sys.stderr, label=month_text) as bar:
            tables = month_tables(
                store, which, scope, person_id=None, now=now, audience=audience, progress=bar.update
            )
            rows = files.write_book(tables, file)
        note_export(store, what="month", rows=rows, names=audience == "manager", by=None, now=now)
    click.echo(f"{file}: {rows} rows")


def written(
    settings: Settings,
    file: Path,
    what: str,
    table: Callable[..., Table],
    *,
    month: str | None,
    branch_codes: tuple[str, ...],
    region_codes: tuple[str, ...],
    names: bool = False,
) -> None:
    """Write the table of what is wanted, with a progress bar, and say how much it was."""
    files.require_format(file)
    wanted = Wanted(int(Month.parse(month)) if month else None, branch_codes, region_codes)
    with opened(settings) as store:
        require_known(store, wanted)
        with click.progressbar(length=exports.count(store, wanted), file=sys.stderr, label=what) as bar:
            rows = files.write(table(store, wanted, progress=bar.update), file)
        note_export(store, what=what, rows=rows, names=names, by=None, now=datetime.now(UTC))
    click.echo(f"{file}: {rows} rows")


def require_known(store: Store, wanted: Wanted) -> None:
    """A misspelt code would give an empty file that looks like an answer."""
    for code in wanted.branches:
        if branches.find(store, code) is None:
            raise Problem("not_found", 404, N_("There is no branch “%(code)s”."), {"code": code})
    for code in wanted.regions:
        if regions.find(store, code) is None:
            raise Problem("not_found", 404, N_("There is no region “%(code)s”."), {"code": code})
