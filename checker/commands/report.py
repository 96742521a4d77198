"""Print the month: the network's, a region's and the branches' reports, several at once."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import quote

import click

from checker.commands import opened, pass_settings
from checker.config import LANGUAGES, Settings
from checker.problem import Problem
from checker.reports.branch import Audience, branch_report
from checker.reports.network import network_report
from checker.standards.body import DEFAULT_PROGRAMME
from checker.standards.faults import N_, Refused
from checker.standards.month import Month
from checker.store import branches, figures, series
from checker.store import settings as kept
from checker.store.connection import Row, Store, open_store
from checker.summaries.axes import last_day
from checker.summaries.branch import branch_month
from checker.summaries.network import network_month
from checker.words import words_for


@dataclass(frozen=True, slots=True)
class Job:
    """One report to make: the file it goes to, and whose month it tells; no code at all is the network's."""

    file: str
    series_id: int
    branch: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """What all reports of one call have in common."""

    database: Path
    out: Path
    month: Month
    language: str
    audience: Audience
    organisation: str
    now: datetime


@click.command("report")
@click.option("--month", "month_text", metavar="YYYY-MM", required=True, help="The month to tell of.")
@click.option("--branch", "codes", multiple=True, metavar="CODE", help="A branch; may be repeated.")
@click.option("--all-branches", is_flag=True, help="Every branch that was open in the month.")
@click.option("--region", "regions", multiple=True, metavar="CODE", help="A region; may be repeated.")
@click.option("--network", is_flag=True, help="The whole network.")
@click.option("--checklist", metavar="ID", help="Only this checklist; else each with visits in the month.")
@click.option(
    "--audience",
    type=click.Choice(("leadership", "manager")),
    default="leadership",
    show_default=True,
    help="Branch reports: what may leave the branch, or names and every figure for its manager.",
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
) -> None:
    """Make the month's reports as PDF, one file each.

    A file is there whole or not at all. A report that cannot be made does not stop the others: it is listed
    at the end, and the exit code is 1.
    """
    if not (codes or all_branches or regions or network):
        raise click.UsageError("Say what to report on: --network, --region, --branch or --all-branches.")
    month = Month.parse(month_text)
    with opened(settings) as store:
        jobs = plan(
            store,
            month,
            codes=codes,
            all_branches=all_branches,
            regions=regions,
            network=network,
            checklist=checklist,
            audience=audience,
        )
        organisation = str(kept.get(store, "organisation", ""))
    make_folder(out)
    order = Order(
        settings.database_path,
        out,
        month,
        language or settings.language,
        audience,
        organisation,
        datetime.now(UTC),
    )
    failed: list[str] = []
    with click.progressbar(length=len(jobs), label=f"{month}") as bar:
        for job, reason in run(order, jobs, workers):
            if reason:
                failed.append(f"{job.file}: {reason}")
            bar.update(1)
    click.echo(f"{len(jobs) - len(failed)} of {len(jobs)} reports are in {out}")
    for line in sorted(failed):
        click.echo(line, err=True)
    if failed:
        raise SystemExit(1)


# --- which reports ------------------------------------------------------------------------------------------


def plan(
    store: Store,
    month: Month,
    *,
    codes: Sequence[str],
    all_branches: bool,
    regions: Sequence[str],
    network: bool,
    checklist: str | None,
    audience: Audience,
) -> list[Job]:
    """List the reports asked for. Raises Problem for a branch, region or checklist that is not there."""
    places = [*chosen_branches(store, month, codes, all_branches=all_branches)]
    for code in regions:
        if branches.find_region(store, code) is None:
            raise Problem("report.no_region", 404, N_("There is no region %(code)s."), {"code": code})
    jobs = []
    for one in chosen_series(store, month, checklist):
        name, key = one["checklist"], one["id"]
        if network:
            jobs.append(Job(file_name("network", "", month, name), key))
        jobs += [Job(file_name("region", code, month, name), key, region=code) for code in regions]
        copy = "manager" if audience == "manager" else ""
        jobs += [Job(file_name("branch", code, month, name, copy), key, branch=code) for code in places]
    return jobs


def chosen_branches(store: Store, month: Month, codes: Sequence[str], *, all_branches: bool) -> Iterator[str]:
    """Give the codes of the branches asked for, each once and known to be there."""
    if all_branches:
        first, last = month.first.isoformat(), last_day(month).isoformat()
        for row in branches.list_between(store, region_id=None, first=first, last=last):
            if row["open"]:
                yield row["code"]
        return
    for code in dict.fromkeys(codes):
        if branches.find(store, code) is None:
            raise Problem("report.no_branch", 404, N_("There is no branch %(code)s."), {"code": code})
        yield code


def chosen_series(store: Store, month: Month, checklist: str | None) -> list[Row]:
    """Give the mystery visits' series: of the checklist, or each with visits in the month."""
    held = [one for one in series.list_for(store, DEFAULT_PROGRAMME) if one["method"] == "mystery_shopping"]
    if checklist is not None:
        held = [one for one in held if one["checklist"] == checklist]
        if not held:
            text = N_("No visit was ever made with a checklist %(checklist)s.")
            raise Problem("report.no_checklist", 404, text, {"checklist": checklist})
        return held
    visited = [one for one in held if has_visits(store, one["id"], month)]
    if not visited:
        text = N_("No visit counts in %(month)s. Name a checklist to make reports that say so.")
        raise Problem("report.no_visits", 404, text, {"month": str(month)})
    return visited


def has_visits(store: Store, series_id: int, month: Month) -> bool:
    """Say whether a series has counted visits in a month."""
    return bool(
        figures.rollups(store, series_id=series_id, region_id=None, first=int(month), last=int(month))
    )


def file_name(kind: str, code: str, month: Month, checklist: str, copy: str = "") -> str:
    """Give the name that this report always has; a code's signs that files may not have are escaped."""
    parts = (kind, quote(code, safe=""), str(month), quote(checklist, safe=""), copy)
    return "-".join(part for part in parts if part) + ".pdf"


# --- making them --------------------------------------------------------------------------------------------


def run(order: Order, jobs: Sequence[Job], workers: int) -> Iterator[tuple[Job, str]]:
    """Make every report; give each with the reason why it could not be made, or with nothing."""
    if min(workers, len(jobs)) < 2:
        with ready(order):
            for job in jobs:
                yield job, make(job)
        return
    # Processes begin anew: a database that was open before a fork may not be used after it.
    with ProcessPoolExecutor(workers, get_context("spawn"), get_ready, (order,)) as pool:
        waiting: dict[Future[str], Job] = {pool.submit(make, job): job for job in jobs}
        for done in as_completed(waiting):
            yield waiting[done], reason_of(done)


def reason_of(done: Future[str]) -> str:
    """Give why a report could not be made; a worker that was ended by force takes its reports with it."""
    try:
        return done.result()
    except BrokenProcessPool:
        return "the process making it was ended; make it again, with fewer --workers where memory is short"


@dataclass(slots=True)
class Worker:
    """What a process keeps from one report to the next."""

    order: Order
    store: Store


_workers: list[Worker] = []


def get_ready(order: Order) -> None:
    """Open the database for this process."""
    _workers[:] = [Worker(order, open_store(order.database))]


@contextmanager
def ready(order: Order) -> Iterator[None]:
    """Make reports in this process, and close the database afterwards."""
    get_ready(order)
    try:
        yield
    finally:
        _workers.pop().store.close()


def make(job: Job) -> str:
    """Make one report; give why it could not be made, or nothing. Whatever happens, the next one is made."""
    worker = _workers[0]
    try:
        write_whole(worker.order.out / job.file, content(worker, job))
    except (Problem, Refused) as refused:
        return str(refused)
    except Exception as error:  # one bad record must not cost the other reports
        return f"{type(error).__name__}: {error}"
    return ""


def content(worker: Worker, job: Job) -> bytes:
    """Read the month and lay it out."""
    order = worker.order
    words = words_for(order.language)
    if job.branch is not None:
        summary = branch_month(
            worker.store,
            branch_code=job.branch,
            month=order.month,
            series_id=job.series_id,
            person_id=None,
            now=order.now,
            audience=order.audience,
        )
        return branch_report(summary, words, audience=order.audience, organisation=order.organisation)
    return network_report(
        network_month(
            worker.store,
            series_id=job.series_id,
            month=order.month,
            region_code=job.region,
            person_id=None,
            now=order.now,
        ),
        words,
        organisation=order.organisation,
    )


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under another name and then give it its own, so that nobody ever reads half of it."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def make_folder(out: Path) -> None:
    """Make the folder reports go to. Raises Problem where that cannot be done."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        text = N_("%(folder)s cannot be used: %(reason)s.")
        details = {"folder": str(out), "reason": error.strerror or str(error)}
        raise Problem("report.no_folder", 500, text, details) from error
