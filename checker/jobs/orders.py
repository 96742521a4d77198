"""Orders of many reports, worked off one after another: what a page asked for, and where its files lie."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from checker.actions.work_on_order import Left, begin_order, end_order, note_progress, put_back
from checker.jobs.alone import alone
from checker.jobs.files import make_folder
from checker.jobs.making import Batch, Failure, refusal, run
from checker.jobs.plan import Job, Order, Scope, plan
from checker.problem import Problem
from checker.standards.faults import Refused
from checker.standards.month import Month
from checker.store import branches, orders
from checker.store.connection import Row, Store

FOLDER = "reports"
"""In the instance folder: a folder for each order."""

LOCK = "reports.lock"

NOTE_EVERY_S = 0.5
"""Progress is noted so often; each note is a write that waits for the disk."""


def folder_of(instance: Path, uuid: bytes) -> Path:
    """Where an order's files lie."""
    return instance / FOLDER / UUID(bytes=uuid).hex


def order_of(row: Row, *, now: datetime) -> Order:
    """What all reports of a stored order have in common."""
    return Order(Month.from_int(row["month"]), row["language"], row["audience"], now, row["person_id"])


def jobs_of(store: Store, row: Row, *, now: datetime) -> list[Job]:
    """The reports of a stored order, as its person may have them now. Raises Problem when there are none."""
    return plan(store, order_of(row, now=now), scope_of(store, row), series_id=row["series_id"])


def scope_of(store: Store, row: Row) -> Scope:
    """What a stored order asks for; "all" is as much of the network as its person looks after."""
    kind, _colon, region = row["scope"].partition(":")
    if kind == "branches":
        return Scope(every_branch=not region, every_branch_of=region or None)
    codes = tuple(one["code"] for one in branches.list_regions(store))
    person = row["person_id"]
    seen = tuple(code for code in codes if branches.find_region_for(store, code, person_id=person))
    return Scope(network=branches.sees_network(store, person_id=person), regions=seen, every_branch=True)


# --- working them off ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where orders are worked off: `stopping` says that the server wants to end."""

    instance: Path
    workers: int
    stopping: Callable[[], bool] = lambda: False
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


def work_off(store: Store, workshop: Workshop) -> None:
    """Work off every order, the oldest first; whoever comes second while another does so goes away.

    The lock is the kernel's, so it ends with its process: an order that is found "running" under it was left
    by a process that is no more, and goes on.
    """
    while orders.next_open(store) is not None and not workshop.stopping():
        with alone(workshop.instance / LOCK) as mine:
            if not mine:
                return
            while (row := orders.next_open(store)) is not None and not workshop.stopping():
                work_on(store, row, workshop)
        # Whoever ordered between our last look and the end of the lock found it taken: look once more.


def work_on(store: Store, row: Row, workshop: Workshop) -> None:
    """Make the reports of one order, note how far it has come, and how it ended."""
    if not begin_order(store, row, now=workshop.clock()):
        return
    try:
        order = order_of(row, now=workshop.clock())
        jobs = jobs_of(store, row, now=order.now)
        out = folder_of(workshop.instance, row["uuid"])
        make_folder(out)
    except (Problem, Refused) as refused:
        note_progress(store, row["id"], total=0, made=0, left=[left("", refusal(refused))])
        end_order(store, row["id"], "failed", now=workshop.clock())
        return
    batch = Batch(store.path, out, order)
    ended = _made(store, row, batch, jobs, workshop)
    if ended == "put back":
        put_back(store, row)
    else:
        end_order(store, row["id"], "stopped" if ended == "stopped" else "done", now=workshop.clock())


def _made(store: Store, row: Row, batch: Batch, jobs: list[Job], workshop: Workshop) -> str:
    """Make them; give "done", or else "stopped" (its person wants that), "put back" (the server ends)."""
    made, fresh = 0, []
    noted = 0.0
    making = run(batch, jobs, workshop.workers, apart=True)
    try:
        if not note_progress(store, row["id"], total=len(jobs), made=0, left=[]):
            return "stopped"
        for job, outcome in making:
            if outcome.failure is None:
                made += 1
            else:
                fresh.append(left(job.file, outcome.failure))
            if time.monotonic() - noted < NOTE_EVERY_S:
                continue
            noted = time.monotonic()
            if not note_progress(store, row["id"], total=len(jobs), made=made, left=fresh):
                fresh = []
                return "stopped"
            fresh = []
            if workshop.stopping():
                return "put back"
        return "done"
    finally:
        making.close()
        note_progress(store, row["id"], total=len(jobs), made=made, left=fresh)


def left(file: str, failure: Failure) -> Left:
    """A failure as it is noted."""
    return file, failure.text, json.loads(json.dumps(dict(failure.details), default=str))


# --- sweeping -----------------------------------------------------------------------------------------------


def sweep(store: Store, instance: Path, *, days: int, now: datetime) -> int:
    """Take away orders that have been over for so many days, with their files; give how many."""
    home = instance / FOLDER
    folders = list(home.iterdir()) if home.is_dir() else []  # before their orders are read: none is new then
    with store.write():
        gone = orders.remove_over(store, before=int(now.timestamp()) - days * 86_400)
    known = {uuid.hex for uuid in orders.every_uuid(store)}
    for folder in folders:
        if folder.name not in known:
            shutil.rmtree(folder, ignore_errors=True)
    return gone
