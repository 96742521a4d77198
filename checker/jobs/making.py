"""Many reports by several processes: what cannot be made is told, and never stops the others."""

from __future__ import annotations

import logging
import os
import resource
import signal
from collections import deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import connection, get_context, parent_process
from pathlib import Path
from threading import Thread

from checker.editions.drawing import program
from checker.jobs.content import read
from checker.jobs.files import Made
from checker.jobs.plan import Job, Order
from checker.problem import Problem
from checker.standards.faults import N_, Refused
from checker.store.connection import Store, open_store

MEMORY = 1024 * 1024 * 1024
"""Bytes a process may take for itself. A branch's report needs a tenth; one that needs more is a fault."""

SLOW_S = 300
"""A report that is not made in so many seconds is given up."""

AHEAD = 3
"""Jobs handed out for each process: enough that none waits, few enough to stop soon."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a report could not be made: a msgid with what stands in its gaps; `exact` is for the journal."""

    text: str
    details: Mapping[str, object] = field(default_factory=dict)
    exact: str = ""

    def __str__(self) -> str:
        """In English, as exactly as it is known."""
        return self.exact or (self.text % self.details if self.details else self.text)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job: made now, `kept` because the same was there, or failed."""

    kept: bool = False
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """What every process has to know."""

    database: Path
    out: Path
    order: Order
    again: bool = False
    """Make also what is there already."""
    memory: int = MEMORY
    program: str = field(default_factory=program)


ENDED = Failure(
    N_("the process making it was ended; make it again, with fewer --workers where memory is short")
)


def run(
    batch: Batch, jobs: Sequence[Job], workers: int, *, apart: bool = False
) -> Generator[tuple[Job, Outcome], None, None]:
    """Make every report and give each with what became of it; closing the iterator stops soon.

    A single worker is this process itself, unless it must not come to harm (`apart`).
    """
    if not apart and min(workers, len(jobs)) < 2:
        with _ready(batch):
            for job in jobs:
                yield job, make(job)
        return
    waiting = deque(jobs)
    while waiting:
        lost = yield from _pooled(batch, waiting, workers)
        for job in lost:  # one of these ended its process; each in a process of its own shows which
            if (yield from _pooled(batch, deque([job]), 1)):
                yield job, Outcome(failure=ENDED)


def _pooled(
    batch: Batch, waiting: deque[Job], workers: int
) -> Generator[tuple[Job, Outcome], None, list[Job]]:
    """Make what waits until nothing does or a process is ended by force; give back what was lost by that."""
    out: dict[Future[Outcome], Job] = {}
    # Processes begin anew: a database that was open before a fork may not be used after it.
    with ProcessPoolExecutor(workers, get_context("spawn"), _get_ready_apart, (batch,)) as pool:
        while waiting or out:
            try:
                while waiting and len(out) < workers * AHEAD:
                    out[pool.submit(make, waiting[0])] = waiting[0]
                    waiting.popleft()
            except BrokenProcessPool:
                return list(out.values())
            for done in wait(out, return_when=FIRST_COMPLETED).done:
                try:
                    outcome = done.result()
                except BrokenProcessPool:
                    return list(out.values())
                yield out.pop(done), outcome
    return []


# --- in each process ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Worker:
    """What a process keeps from one report to the next."""

    batch: Batch
    store: Store
    made: Made


_workers: list[_Worker] = []


def _get_ready(batch: Batch) -> None:
    """Open the database for this process."""
    _workers[:] = [_Worker(batch, open_store(batch.database), Made(batch.out))]


def _get_ready_apart(batch: Batch) -> None:
    """The same in a process of its own: with limits, and ending when whoever began it does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who hands out the jobs
    signal.signal(signal.SIGALRM, _too_slow)
    _soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = batch.memory if hard == resource.RLIM_INFINITY else min(batch.memory, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
    Thread(target=_end_with_parent, daemon=True).start()
    _get_ready(batch)


def _end_with_parent() -> None:
    """A parent that is killed cannot say so; its children would wait for jobs for ever."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _too_slow(_signal: int, _frame: object) -> None:
    raise TimeoutError


@contextmanager
def _ready(batch: Batch) -> Iterator[None]:
    """Make reports in this process, and close the database afterwards."""
    _get_ready(batch)
    try:
        yield
    finally:
        _workers.pop().store.close()


@contextmanager
def _in_time() -> Iterator[None]:
    """Give up after a while; in a process of its own alone, whose clock is nobody else's."""
    if parent_process() is None:
        yield
        return
    signal.alarm(SLOW_S)
    try:
        yield
    finally:
        signal.alarm(0)


def make(job: Job) -> Outcome:
    """Make one report, unless the same is there. Whatever happens, the next one is made."""
    worker = _workers[0]
    try:
        with _in_time():
            content = read(worker.store, worker.batch.order, job)
            stamp = content.stamp(worker.batch.program)
            if not worker.batch.again and worker.made.holds(job.file, stamp):
                return Outcome(kept=True)
            worker.made.keep(job.file, stamp, content.pdf())
    except (Problem, Refused) as refused:
        return Outcome(failure=refusal(refused))
    except TimeoutError:
        text = N_("It was not ready after %(minutes)s minutes and was given up.")
        return Outcome(failure=Failure(text, {"minutes": SLOW_S // 60}))
    except MemoryError:
        text = N_("It needed more than %(megabytes)s MB of memory and was given up.")
        return Outcome(failure=Failure(text, {"megabytes": worker.batch.memory // 1024 // 1024}))
    except Exception as error:  # one bad record must not cost the other reports
        log.exception("%s could not be made", job.file)
        text = N_("It could not be made (%(kind)s). Your administrator finds the reason in the journal.")
        kind = type(error).__name__
        return Outcome(failure=Failure(text, {"kind": kind}, exact=f"{kind}: {error}"))
    return Outcome()


def refusal(refused: Problem | Refused) -> Failure:
    """Keep a refusal's first fault, or its own words."""
    if isinstance(refused, Problem):
        return Failure(refused.text, refused.details)
    return Failure(refused.faults[0].text, refused.faults[0].details, exact=str(refused))
