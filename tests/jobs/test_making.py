"""Many reports at once: a process that is ended, one without memory, one that nobody waits for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from multiprocessing import active_children
from pathlib import Path

import pytest

from checker.actions.begin_edition import begin_edition
from checker.editions.closing import release
from checker.jobs.content import read
from checker.jobs.making import ENDED, MEMORY, Batch, run
from checker.jobs.plan import Job, Order, Scope, plan
from checker.standards.month import Month
from tests.making_store import Shop
from tests.making_store import shop as made

PATIENCE_S = 60


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with made(tmp_path) as it:
        it.send()
        it.send(branch="B3")
        yield it


def order() -> Order:
    return Order(Month(2026, 10), "en", "leadership", datetime.now(UTC))


def batch_and_jobs(shop: Shop, folder: Path, memory: int = MEMORY) -> tuple[Batch, list[Job]]:
    out = folder / "out"
    out.mkdir()
    jobs = plan(shop.store, order(), Scope(network=True, regions=("north",), every_branch=True))
    return Batch(shop.store.path, out, order(), memory=memory), jobs


def test_a_process_that_is_ended_costs_no_report(shop: Shop, tmp_path: Path) -> None:
    batch, jobs = batch_and_jobs(shop, tmp_path)
    making = run(batch, jobs, 2)
    first = next(making)
    for child in active_children():
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
    outcomes = [first, *making]
    assert {job for job, _ in outcomes} == set(jobs)
    assert [outcome.failure for _, outcome in outcomes] == [None] * len(jobs)


def test_where_memory_is_short_every_report_is_named_and_nothing_hangs(shop: Shop, tmp_path: Path) -> None:
    batch, jobs = batch_and_jobs(shop, tmp_path, memory=1)
    outcomes = list(run(batch, jobs[:2], 2))
    assert [outcome.failure for _, outcome in outcomes] == [ENDED, ENDED]
    assert list(batch.out.iterdir()) == []


def test_among_staff_rooms_sheets_the_network_s_report_keeps_the_words_of_its_edition(shop: Shop) -> None:
    now = datetime(2026, 11, 3, tzinfo=UTC)
    asked = [("Smile.", "Visits", "All", "2026-12-01")]
    month = Month(2026, 10)
    for place in ({}, {"branch": "B1"}):
        edition = begin_edition(
            shop.store, month=month, series_id=shop.series_id, decisions=asked, by=None, now=now, **place
        )
        release(shop.store, edition, changes=0, languages=["en"], by=None, now=now)
    meeting = Order(month, "en", "meeting", now)
    network = read(shop.store, meeting, Job("network.pdf", shop.series_id)).edition
    assert network is not None
    assert network.decisions[0].what == "Smile."
    assert read(shop.store, meeting, Job("branch.pdf", shop.series_id, branch="B1")).edition is None


def test_whoever_stops_listening_stops_the_work(shop: Shop, tmp_path: Path) -> None:
    batch, jobs = batch_and_jobs(shop, tmp_path)
    making = run(batch, jobs * 20, 1, apart=True)
    next(making)
    making.close()
    assert active_children() == []


KILLED = """
import sys
from pathlib import Path
from tests.jobs.test_making import order
from checker.jobs.making import Batch, run
from checker.jobs.plan import Scope, plan
from checker.store.connection import open_store

if __name__ == "__main__":
    database, out = Path(sys.argv[1]), Path(sys.argv[2])
    jobs = plan(open_store(database), order(), Scope(every_branch=True))
    for _ in run(Batch(database, out, order(), again=True), jobs * 2000, 2):
        print(".", end="", flush=True)
"""


def test_nobody_is_left_working_for_a_parent_that_was_killed(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    home = Path(__file__).parents[2]
    call = [sys.executable, str(script), str(shop.store.path), str(tmp_path / "out")]
    working = subprocess.Popen(call, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(home)})
    assert working.stdout is not None
    working.stdout.read(1)
    children = Path(f"/proc/{working.pid}/task/{working.pid}/children").read_text().split()
    assert len(children) >= 2
    working.kill()
    working.wait()
    working.stdout.close()
    give_up = time.monotonic() + PATIENCE_S
    while any(_lives(int(child)) for child in children):
        assert time.monotonic() < give_up, "a process went on without its parent"
        time.sleep(0.1)


def _lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
