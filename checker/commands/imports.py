"""Branches, employees, people, assignments and visits, read from a sheet; and taken back again."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from checker.actions.import_assignments import import_assignments
from checker.actions.import_branches import import_branches
from checker.actions.import_employees import import_employees
from checker.actions.import_users import import_users
from checker.actions.import_visits import import_visits
from checker.actions.importing import Difference, ImportResult, Link
from checker.actions.undo_import import undo_import
from checker.commands import opened, pass_settings
from checker.commands.checklist import VERSION, find
from checker.config import Settings
from checker.links import full_link
from checker.problem import Problem, not_found
from checker.reports import files
from checker.sheets.mapping import read_map
from checker.sheets.reading import Sheet, read_file
from checker.sheets.taking import Refusal
from checker.standards.faults import N_
from checker.store import batches
from checker.store.connection import Store
from checker.summaries.table import Column, Kind, Table

SHOWN = 50
"""How many refusals, differences or links are listed; a file can hold them all."""

FILE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
OUT = click.Path(dir_okay=False, path_type=Path)
DRY_RUN = click.option("--dry-run", is_flag=True, help="Tell what would happen, and store nothing.")
REFUSED = click.option(
    "--refused", "refused_file", type=OUT, help="Write every refusal to this file, too (.csv or .xlsx)."
)


@click.group("import")
def command() -> None:
    """Read a CSV or XLSX file; docs/imports.md has the columns of each.

    Rows that are right are stored, the others listed with row, column and reason; the exit code is 1 when a
    row was refused. The same file again changes nothing.
    """


@command.command()
@FILE
@DRY_RUN
@REFUSED
@pass_settings
def branches(settings: Settings, file: Path, dry_run: bool, refused_file: Path | None) -> None:
    """Branches and their regions: code, name, region, region_name, zone, format, group, opened_on,
    closed_on."""
    taken(settings, file, import_branches, dry_run=dry_run, refused_file=refused_file)


@command.command()
@FILE
@DRY_RUN
@REFUSED
@pass_settings
def employees(settings: Settings, file: Path, dry_run: bool, refused_file: Path | None) -> None:
    """Employees and where they work: code, name, branch, from, to. One row for each place."""
    taken(settings, file, import_employees, dry_run=dry_run, refused_file=refused_file)


@command.command()
@FILE
@DRY_RUN
@REFUSED
@click.option("--links", "links_file", type=OUT, help="Write the links to set a password to this file.")
@pass_settings
def users(
    settings: Settings, file: Path, dry_run: bool, refused_file: Path | None, links_file: Path | None
) -> None:
    """People who sign in: email, name, role, branches, regions, language, employee.

    Each new person gets a link with which to set a password, once. The links are shown now or never.
    """
    if links_file:
        files.require_format(links_file)

    def take(store: Store, sheet: Sheet, **rest: Any) -> ImportResult:
        result = import_users(store, sheet, days=settings.invitation_days, **rest)
        if result.links:
            give_out(settings, result.links, links_file)
        return result

    taken(settings, file, take, dry_run=dry_run, refused_file=refused_file)


@command.command()
@FILE
@DRY_RUN
@REFUSED
@pass_settings
def assignments(settings: Settings, file: Path, dry_run: bool, refused_file: Path | None) -> None:
    """Assignments: shopper, branch, checklist, visit_from, visit_to, report_by, and what else is known.

    Further columns: purpose, scenario, briefing, fee, expenses, currency.
    """
    taken(settings, file, import_assignments, dry_run=dry_run, refused_file=refused_file)


@command.command()
@FILE
@click.option(
    "--checklist", "code", required=True, metavar="ID", help="The checklist the visits are made to."
)
@VERSION
@click.option(
    "--map",
    "map_file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Which column is which item (MAP.yaml).",
)
@DRY_RUN
@REFUSED
@click.option("--differences", "differences_file", type=OUT, help="Write every differing score to this file.")
@pass_settings
def visits(
    settings: Settings,
    file: Path,
    code: str,
    number: int | None,
    map_file: Path,
    dry_run: bool,
    refused_file: Path | None,
    differences_file: Path | None,
) -> None:
    """Visits from somebody else's sheet, by a map; every score is computed anew.

    Where the sheet publishes scores, each one that is not ours is listed with both figures.
    """
    if differences_file:
        files.require_format(differences_file)

    def take(store: Store, sheet: Sheet, **rest: Any) -> ImportResult:
        version = find(store, code, number)
        sheet_map = read_map(map_file.read_bytes(), map_file.name, version.checklist)
        with click.progressbar(length=len(sheet.lines), file=sys.stderr, label="visits") as bar:
            result = import_visits(store, sheet, version, sheet_map, progress=bar.update, **rest)
        tell_differences(result, differences_file)
        return result

    taken(settings, file, take, dry_run=dry_run, refused_file=refused_file)


@command.command()
@click.argument("batch", type=click.IntRange(1))
@pass_settings
def undo(settings: Settings, batch: int) -> None:
    """Take an import back, as far as nothing else rests on what it created.

    What stays is named, and the exit code is 1 then.
    """
    with opened(settings) as store:
        found = batches.find(store, batch)
        if found is None:
            raise not_found(N_("There is no such batch. `import list` shows them."))
        with click.progressbar(length=batches.count_created(store, found), file=sys.stderr) as bar:
            result = undo_import(store, batch, by=None, now=datetime.now(UTC), progress=bar.update)
    for fault in result.kept:
        click.echo(str(fault), err=True)
    stay = len({fault.place for fault in result.kept})
    click.echo(f"batch {batch}: {result.removed} taken back" + (f", {stay} stay" if stay else ""))
    if stay:
        raise SystemExit(1)


@command.command("list")
@pass_settings
def list_(settings: Settings) -> None:
    """List the imports, the newest first: batch, day, what, rows taken and refused, file."""
    with opened(settings) as store:
        rows = batches.list_all(store)
    for row in rows:
        day = datetime.fromtimestamp(row["at"], UTC).date()
        line = (
            f"{row['id']:>5}  {day}  {row['kind']:<11}  {row['taken']:>7} taken  {row['refused']:>6} refused"
        )
        undone = "  (taken back)" if row["undone_at"] is not None else ""
        click.echo(f"{line}  {row['file_name']}{undone}")


# --- what they share ----------------------------------------------------------------------------------------


def taken(
    settings: Settings,
    file: Path,
    take: Callable[..., ImportResult],
    *,
    dry_run: bool,
    refused_file: Path | None,
) -> None:
    """Read the file, import it, and say what became of it; exit code 1 when a row was refused."""
    if refused_file:
        files.require_format(refused_file)
    sheet = read_file(file)
    with opened(settings) as store:
        result = take(store, sheet, by=None, now=datetime.now(UTC), dry_run=dry_run)
    if refused_file:
        files.write(refusals_table(result.refused), refused_file)
    for refusal in result.refused[:SHOWN]:
        click.echo(f"{sheet.name}: {refusal}", err=True)
    if len(result.refused) > SHOWN:
        rest = len(result.refused) - SHOWN
        click.echo(f"… and {rest} more; --refused FILE writes them all", err=True)
    click.echo(told(result, dry_run=dry_run))
    if result.refused:
        raise SystemExit(1)


def told(result: ImportResult, *, dry_run: bool) -> str:
    """What became of the rows, in one line."""
    counts = [
        f"{result.taken} new",
        *([f"{result.changed} changed"] if result.changed else []),
        f"{result.unchanged} unchanged",
        f"{result.refused_rows} refused",
    ]
    line = ", ".join(counts)
    if dry_run:
        return f"{line} (dry run: nothing was stored)"
    if result.batch_id is None:
        return f"{line} (nothing was stored)"
    return f"{line}. This is batch {result.batch_id}; `import undo {result.batch_id}` takes it back."


def tell_differences(result: ImportResult, file: Path | None) -> None:
    """For each published measure how many figures agree, and those that do not, with both figures."""
    if not result.comparisons:
        return
    if file:
        files.write(differences_table(result.differences), file)
    for comparison in result.comparisons:
        agree = comparison.compared - comparison.different
        click.echo(f"{comparison.measure}: {agree} of {comparison.compared} published figures agree")
    if result.not_scored:
        click.echo(f"{result.not_scored} visits were not completed: they have no score to compare")
    for one in result.differences[: 0 if file else SHOWN]:
        ours = "no score" if one.ours is None else f"{one.ours:.2f}"
        published = one.published or "nothing"
        click.echo(f"  row {one.row}, {one.external_id}, {one.measure}: published {published}, ours {ours}")
    if file:
        click.echo(f"{len(result.differences)} differences are in {file}")
    elif len(result.differences) > SHOWN:
        click.echo(f"  … and {len(result.differences) - SHOWN} more; --differences FILE writes them all")


def give_out(settings: Settings, links: Sequence[Link], file: Path | None) -> None:
    """The links, to a file or, also when that cannot be written, on the screen."""
    if file is not None:
        columns = (Column("email"), Column("name"), Column("link"))
        rows = ((link.email, link.name, full_link(settings, link.path)) for link in links)
        try:
            files.write(Table("links", columns, rows), file)
        except Problem as problem:
            click.echo(str(problem), err=True)
        else:
            click.echo(
                f"{len(links)} links are in {file}; give each to its person alone, then delete the file"
            )
            return
    for link in links:
        click.echo(f"{link.email}  {full_link(settings, link.path)}")


def refusals_table(refused: Sequence[Refusal]) -> Table:
    """Every refusal: row, column, reason."""

    def rows() -> Iterator[tuple[int, str, str]]:
        for refusal in refused:
            words = refusal.text % refusal.details if refusal.details else refusal.text
            yield refusal.row, refusal.column, words

    return Table("refused", (Column("row", Kind.WHOLE), Column("column"), Column("reason")), rows())


def differences_table(differences: Sequence[Difference]) -> Table:
    """Every published figure that is not ours, with both."""
    columns = (
        Column("row", Kind.WHOLE),
        Column("visit"),
        Column("branch"),
        Column("measure"),
        Column("published"),
        Column("ours_percent", Kind.NUMBER),
    )
    rows = (
        (one.row, one.external_id, one.branch, one.measure, one.published, one.ours) for one in differences
    )
    return Table("differences", columns, rows)
