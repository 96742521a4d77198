"""The queue: on the engine that loses nothing, with tasks that come twice or not at all."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from pypdf import PdfReader
from pysqlite3 import dbapi2

from checker.actions.order_reports import MOST_OPEN, order_reports
from checker.actions.resume_order import resume_order
from checker.actions.stop_order import stop_order
from checker.actions.work_on_order import ENDED_OFTEN, TRIES
from checker.config import load
from checker.jobs.alone import alone
from checker.jobs.files import LIST, PRIVATE, PRIVATE_S
from checker.jobs.orders import LOCK, Workshop, folder_of, sweep, work_off, work_on
from checker.jobs.queue import FILE, Queue, knock
from checker.problem import Problem
from checker.standards.month import Month
from checker.store import orders, series
from checker.store.connection import Row, Store
from tests.making_store import Shop
from tests.making_store import shop as made
from tests.serving import Served, free_port

PATIENCE_S = 60
HOME = Path(__file__).parents[2]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """Harbour and Airport with a visit each; at Centre nobody was."""
    with made(tmp_path) as it:
        it.send()
        it.send(branch="B3")
        yield it


def put_in(shop: Shop, scope: str = "all", who: str = "ada", audience: str = "leadership") -> UUID:
    return order_reports(
        shop.store,
        month=Month(2026, 10),
        series_id=series.list_for(shop.store, "main")[0]["id"],
        scope=scope,
        language="en",
        audience=audience,
        by=shop.people[who],
        now=datetime.now(UTC),
    )


def row_of(shop: Shop, uuid: UUID) -> Row:
    row = shop.store.row("SELECT * FROM report_order WHERE uuid = :uuid", {"uuid": uuid.bytes})
    assert row is not None
    return row


def files_of(shop: Shop, uuid: UUID) -> list[str]:
    folder = folder_of(shop.store.path.parent, uuid.bytes)
    return sorted(path.name for path in folder.iterdir() if path.name != LIST)


def workshop(shop: Shop, stopping: Callable[[], bool] = lambda: False) -> Workshop:
    return Workshop(shop.store.path.parent, 1, stopping)


# --- the engine ---------------------------------------------------------------------------------------------


def test_the_queue_is_on_our_engine_alone(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_given: object, **_named: object) -> None:
        raise AssertionError("the standard library's engine was opened")

    monkeypatch.setattr(sqlite3, "connect", refused)
    monkeypatch.setattr(sqlite3.dbapi2, "connect", refused)
    storage = Queue(load(shop.store.path.parent, {})).huey.storage
    assert isinstance(storage.conn, dbapi2.Connection)
    assert storage.sql("SELECT sqlite_version()", results=True) == [(dbapi2.sqlite_version,)]
    assert storage.sql("PRAGMA journal_mode", results=True) == [("wal",)]
    assert storage.sql("PRAGMA synchronous", results=True) == [(2,)]
    storage.close()


def test_a_task_that_many_want_is_given_to_one(shop: Shop) -> None:
    settings = load(shop.store.path.parent, {})
    one, another = Queue(settings).huey, Queue(settings).huey
    queue = Queue(settings)
    for _ in range(20):
        queue.make_reports()
    taken = []
    while (task := one.dequeue()) is not None:
        taken.append(task.id)
        if (task := another.dequeue()) is not None:
            taken.append(task.id)
    assert len(taken) == len(set(taken)) == 20
    for held in (one, another, queue.huey):
        held.storage.close()


def test_what_somebody_else_put_into_the_file_is_not_unpacked(shop: Shop) -> None:
    huey = Queue(load(shop.store.path.parent, {})).huey
    huey.storage.enqueue(b"cos\nsystem\n(S'true'\ntR.:0000")
    with pytest.raises(ValueError, match="[Ss]ignature|Separator"):
        huey.dequeue()
    huey.storage.close()


@pytest.mark.parametrize("bytes_left", [0, 100, 5000])
def test_a_damaged_file_is_begun_anew(shop: Shop, bytes_left: int) -> None:
    """No report was made and no mail sent any more, and whoever put in an order was told of an error."""
    settings = load(shop.store.path.parent, {})
    file = settings.instance / FILE
    Queue(settings).huey.storage.close()
    file.write_bytes(file.read_bytes()[:bytes_left] + b"x" * 3000)
    knock(settings, "make_reports")
    queue = Queue(settings)
    assert queue.huey.dequeue() is not None
    queue.huey.storage.close()


# --- an order -----------------------------------------------------------------------------------------------


def test_an_order_becomes_files(shop: Shop) -> None:
    uuid = put_in(shop)
    work_off(shop.store, workshop(shop))
    row = row_of(shop, uuid)
    assert (row["state"], row["total"], row["made"]) == ("done", 6, 6)
    assert len(files_of(shop, uuid)) == 6
    folder = folder_of(shop.store.path.parent, uuid.bytes)
    assert PdfReader(folder / "network-2026-10-shop.pdf").pages


def test_an_order_holds_what_its_person_may_see_and_no_more(shop: Shop) -> None:
    uuid = put_in(shop, who="mara", audience="manager")
    work_off(shop.store, workshop(shop))
    assert files_of(shop, uuid) == [f"branch-{code}-2026-10-shop-manager.pdf" for code in ("B1", "B2")]


def test_what_cannot_be_made_is_kept_with_its_reason(shop: Shop) -> None:
    with shop.store.write():
        shop.store.db.execute("UPDATE branch SET zone = 'Nowhere/Land' WHERE code = 'B1'")
    uuid = put_in(shop, "branches")
    work_off(shop.store, workshop(shop))
    row = row_of(shop, uuid)
    assert (row["state"], row["total"], row["made"]) == ("done", 3, 2)
    (failed,) = orders.failures(shop.store, row["id"])
    assert failed["file"] == "branch-B1-2026-10-shop.pdf"
    assert failed["details"] == {"zone": "Nowhere/Land"}


def test_a_person_who_has_left_gets_nothing(shop: Shop) -> None:
    uuid = put_in(shop)
    with shop.store.write():
        shop.store.change("person", shop.people["ada"], {"disabled_at": 1})
    work_off(shop.store, workshop(shop))
    assert row_of(shop, uuid)["state"] == "failed"
    assert not folder_of(shop.store.path.parent, uuid.bytes).exists()


def test_one_works_while_the_other_goes_away(shop: Shop) -> None:
    uuid = put_in(shop)
    with alone(shop.store.path.parent / LOCK) as mine:
        assert mine
        work_off(shop.store, workshop(shop))
        assert row_of(shop, uuid)["state"] == "waiting"
    work_off(shop.store, workshop(shop))
    assert row_of(shop, uuid)["state"] == "done"


def test_a_stopped_order_keeps_what_is_made_and_goes_on_when_wanted(shop: Shop) -> None:
    uuid = put_in(shop)
    ada, now = shop.people["ada"], datetime.now(UTC)
    with shop.store.write():
        shop.store.change("report_order", row_of(shop, uuid)["id"], {"state": "running"})
    stop_order(shop.store, uuid, by=ada, now=now)
    work_off(shop.store, workshop(shop))
    assert row_of(shop, uuid)["state"] == "stopped"
    with pytest.raises(Problem, match="nothing to stop"):
        stop_order(shop.store, uuid, by=ada, now=now)
    resume_order(shop.store, uuid, by=ada, now=now)
    work_off(shop.store, workshop(shop))
    assert (row_of(shop, uuid)["state"], row_of(shop, uuid)["made"]) == ("done", 6)


def test_a_server_that_stops_puts_the_order_back(shop: Shop) -> None:
    uuid = put_in(shop)
    answers = iter([False, False, True])
    work_off(shop.store, workshop(shop, lambda: next(answers, True)))
    row = row_of(shop, uuid)
    assert (row["state"], row["begun"]) == ("waiting", 0)
    work_off(shop.store, workshop(shop))
    assert row_of(shop, uuid)["state"] == "done"


def test_an_order_that_ends_its_process_each_time_is_given_up(shop: Shop) -> None:
    uuid = put_in(shop)
    with shop.store.write():  # as it is left by one that was killed while it made it for the third time
        shop.store.change("report_order", row_of(shop, uuid)["id"], {"state": "running", "begun": TRIES})
    work_off(shop.store, workshop(shop))
    row = row_of(shop, uuid)
    assert row["state"] == "failed"
    assert [one["text"] for one in orders.failures(shop.store, row["id"])] == [ENDED_OFTEN]


def test_nobody_fills_the_queue_alone(shop: Shop) -> None:
    for _ in range(MOST_OPEN):
        put_in(shop)
    with pytest.raises(Problem, match="not over yet"):
        put_in(shop)
    put_in(shop, who="lee")


def test_who_stops_and_goes_on_fills_it_neither(shop: Shop) -> None:
    ada, now = shop.people["ada"], datetime.now(UTC)
    stopped = put_in(shop)
    stop_order(shop.store, stopped, by=ada, now=now)
    for _ in range(MOST_OPEN):
        put_in(shop)
    with pytest.raises(Problem, match="not over yet"):
        resume_order(shop.store, stopped, by=ada, now=now)


def test_an_order_stopped_in_the_moment_it_is_begun_stays_stopped(shop: Shop) -> None:
    uuid = put_in(shop)
    row = orders.next_open(shop.store)
    assert row is not None
    stop_order(shop.store, uuid, by=shop.people["ada"], now=datetime.now(UTC))
    work_on(shop.store, row, workshop(shop))
    assert row_of(shop, uuid)["state"] == "stopped"


def test_a_code_of_many_letters_is_no_file_name_too_long(shop: Shop) -> None:
    """As a file's name may have them, 64 letters were more than a disk takes."""
    with shop.store.write():
        for branch in ("B1", "B2"):
            code = "Łódź" * 15 + branch
            shop.store.db.execute("UPDATE branch SET code = ? WHERE code = ?", (code, branch))
    uuid = put_in(shop)
    work_off(shop.store, workshop(shop))
    assert orders.failures(shop.store, row_of(shop, uuid)["id"]) == []
    assert len(files_of(shop, uuid)) == 6


def test_sweeping_takes_nothing_that_was_begun_meanwhile(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    old, older = put_in(shop, "branches"), put_in(shop, "branches")
    instance, now, ada = shop.store.path.parent, datetime.now(UTC), shop.people["ada"]
    with shop.store.write():
        over = {"state": "done", "ended_at": int((now - timedelta(days=8)).timestamp())}
        for uuid in (old, older):
            shop.store.change("report_order", row_of(shop, uuid)["id"], over)
            folder_of(instance, uuid.bytes).mkdir(parents=True)
    resumed, begun = [], []
    really, read = shutil.rmtree, orders.every_uuid

    def rmtree(folder: Path, **how: bool) -> None:
        """Somebody lets the other order go on while the files of one are taken away."""
        really(folder, **how)
        with suppress(Problem):
            resume_order(shop.store, old if UUID(folder.name) == older else older, by=ada, now=now)
            resumed.append(True)

    def every_uuid(store: Store) -> set[UUID]:
        """Somebody puts an order in when those there are have just been read."""
        known = read(store)
        begun.append(folder_of(instance, put_in(shop, who="lee").bytes))
        begun[0].mkdir()
        return known

    monkeypatch.setattr(shutil, "rmtree", rmtree)
    monkeypatch.setattr(orders, "every_uuid", every_uuid)
    assert sweep(shop.store, instance, days=7, now=now) == 2
    assert resumed == []
    assert begun[0].exists()


def test_old_results_are_swept_and_new_ones_stay(shop: Shop) -> None:
    old, new = put_in(shop), put_in(shop, "branches")
    work_off(shop.store, workshop(shop))
    instance, now = shop.store.path.parent, datetime.now(UTC)
    with shop.store.write():
        ended = int((now - timedelta(days=8)).timestamp())
        shop.store.change("report_order", row_of(shop, old)["id"], {"ended_at": ended})
    (instance / "reports" / "nobodys").mkdir()
    assert sweep(shop.store, instance, days=7, now=now) == 1
    assert [folder.name for folder in (instance / "reports").iterdir()] == [new.hex]
    assert orders.find_for(shop.store, old, person_id=shop.people["ada"]) is None


def test_what_a_process_left_that_was_ended_is_swept_with_them(shop: Shop) -> None:
    """A month's data with names, being written when the server was killed, lay there for good."""
    settings = load(shop.store.path.parent, {})
    private = settings.instance / PRIVATE
    for name in ("tmp8x1", "tmp9y2"):
        (private / name).mkdir(parents=True)
        (private / name / "month.xlsx").write_bytes(b"half")
    a_day_ago = time.time() - PRIVATE_S - 60
    os.utime(private / "tmp8x1", (a_day_ago, a_day_ago))
    queue = Queue(settings)
    queue.put_in_order.call_local()
    queue.huey.storage.close()
    assert [left.name for left in private.iterdir()] == ["tmp9y2"]


# --- the process beside the server --------------------------------------------------------------------------


def wait_for(reached: Callable[[], bool], what: str) -> None:
    give_up = time.monotonic() + PATIENCE_S
    while not reached():
        assert time.monotonic() < give_up, what
        time.sleep(0.1)


def beside(served: Served) -> int | None:
    """The process beside a server."""
    assert served.running is not None
    tree = Path(f"/proc/{served.running.pid}/task/{served.running.pid}/children").read_text().split()
    for child in tree:
        if b"jobs" in Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0"):
            return int(child)
    return None


def test_two_servers_work_an_order_off_once_and_end_cleanly(shop: Shop) -> None:
    instance = shop.store.path.parent
    servers = [Served(instance, free_port(), workers=1) for _ in range(2)]
    try:
        for served in servers:
            served.start()
        uuid = put_in(shop)
        Queue(load(instance, {})).make_reports()
        wait_for(lambda: row_of(shop, uuid)["state"] == "done", "the order was not worked off")
        assert row_of(shop, uuid)["begun"] == 1
        lines = (folder_of(instance, uuid.bytes) / LIST).read_text().splitlines()
        assert len(lines) == 6
        for served in servers:
            process = beside(served)
            assert served.end() == 0
            assert process is None or not Path(f"/proc/{process}").exists()
    finally:
        for served in servers:
            served.kill()


def test_an_order_whose_process_is_killed_goes_on(shop: Shop) -> None:
    instance = shop.store.path.parent
    served = Served(instance, free_port(), workers=1)
    try:
        served.start()
        wait_for(lambda: beside(served) is not None, "nothing runs beside the server")
        first = beside(served)
        assert first is not None
        uuid = put_in(shop)
        Queue(load(instance, {})).make_reports()
        wait_for(lambda: row_of(shop, uuid)["begun"] == 1, "the order was not begun")
        os.kill(first, signal.SIGKILL)
        wait_for(lambda: beside(served) not in (None, first), "it was not begun again")
        wait_for(lambda: row_of(shop, uuid)["state"] == "done", "the order was not finished")
        assert len(files_of(shop, uuid)) == 6
    finally:
        served.kill()


def test_it_does_not_outlive_a_server_that_is_killed(shop: Shop) -> None:
    served = Served(shop.store.path.parent, free_port(), workers=1)
    try:
        served.start()
        wait_for(lambda: beside(served) is not None, "nothing runs beside the server")
        process = beside(served)
    finally:
        served.kill()
    wait_for(lambda: not Path(f"/proc/{process}/exe").exists(), "it went on without its server")


def test_the_command_refuses_an_instance_without_database(tmp_path: Path) -> None:
    call = [sys.executable, "-m", "checker", "--instance", str(tmp_path / "none"), "jobs"]
    run = subprocess.run(call, capture_output=True, text=True, timeout=PATIENCE_S, cwd=HOME, check=False)
    assert run.returncode == 1
    assert "There is no database" in run.stderr
    assert not (tmp_path / "none" / FILE).exists()
