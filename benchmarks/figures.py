"""How long figures take: pages cold and warm, one visit added to every figure, everything counted anew.

    python -m benchmarks.figures [BRANCHES] [MONTHS] [VISITS PER BRANCH AND MONTH]

The visits are made up in SQL; their answers fit no body, so `verify` would rightly refuse them.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from uuid import UUID

from checker.actions.publish_checklist import publish_checklist
from checker.standards.month import Month
from checker.standards.parse import read_yaml
from checker.store import tallies
from checker.store.checklists import Version
from checker.store.connection import Store, open_store
from checker.store.upgrade import create_or_migrate
from checker.summaries import network, spread
from checker.summaries.branch import branch_month
from checker.summaries.employee import employee_month
from checker.summaries.network import network_month

LAST = Month(2026, 10)
NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
CHECKLIST = Path(__file__).parent.parent / "checklists" / "store_visit.yaml"
REGIONS = 20
STAFF = 6


def main(branches: int = 1000, months: int = 13, visits: int = 4) -> None:
    """Build the store and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "checker.sqlite"
        create_or_migrate(path, Path(folder))
        store = open_store(path)
        version = publish_checklist(
            store, read_yaml(CHECKLIST.read_bytes(), CHECKLIST.name), by=None, now=NOW
        )
        rng = random.Random(1)
        count = fill(store, version, rng, branches, months, visits)
        began = perf_counter()
        tallies.rebuild(store)
        took = perf_counter() - began
        answers = count * sum(item.scored for item in version.checklist.items)
        print(f"{branches} branches, {months} months, {count} visits, {answers} answers")
        print(f"rebuild                 {took:8.2f} s  {answers / took / 1e6:.2f} M answers/s")
        measure(store)
        store.close()


def fill(store: Store, version: Version, rng: random.Random, branches: int, months: int, visits: int) -> int:
    """Insert regions, branches, employees, visits and answers; returns the number of visits."""
    scored = [version.item_ids[item.id] for item in version.checklist.items if item.scored]
    timed = version.item_ids["greeting_time"]
    with store.write():
        conn = store.db.conn
        key = store.add("series", {"programme_id": 1, "checklist_id": 1, "method": "mystery_shopping"})
        conn.executemany(
            "INSERT INTO region (id, code, name) VALUES (?, ?, ?)",
            [(n, f"R{n:02}", f"Region {n}") for n in range(1, REGIONS + 1)],
        )
        conn.executemany(
            "INSERT INTO branch (id, code, name, region_id, zone) VALUES (?, ?, ?, ?, 'Europe/Helsinki')",
            [(n, f"B{n:05}", f"Branch {n}", n % REGIONS + 1) for n in range(1, branches + 1)],
        )
        conn.executemany(
            "INSERT INTO employee (id, code, name) VALUES (?, ?, ?)",
            [(n, f"E{n:06}", f"Employee {n}") for n in range(1, branches * STAFF + 1)],
        )
        conn.executemany(
            "INSERT INTO employment (employee_id, branch_id, from_on) VALUES (?, ?, '2020-01-01')",
            [(n, (n - 1) // STAFF + 1) for n in range(1, branches * STAFF + 1)],
        )
        store.db.execute(
            "INSERT INTO target (programme_id, measure, share, valid_from) "
            "VALUES (1, 'compliance', 800000, '2020-01')"
        )
        visit_id = 0
        for back in range(months - 1, -1, -1):
            month = LAST.back(back)
            rows, served, answers = [], [], []
            for branch in range(1, branches + 1):
                usual = 650_000 + branch * 7919 % 300_000
                for _ in range(visits):
                    visit_id += 1
                    at = int(
                        datetime(month.year, month.number, rng.randint(1, 28), 10, tzinfo=UTC).timestamp()
                    )
                    score = max(0, min(1_000_000, usual + rng.randint(-150_000, 150_000)))
                    rows.append(
                        (visit_id, UUID(int=visit_id).bytes, key, version.id, branch, branch % REGIONS + 1,
                         int(month), at, at, at, score, score)
                    )  # fmt: skip
                    served.append((visit_id, (branch - 1) * STAFF + rng.randint(1, STAFF), score, score))
                    for item in scored:
                        value = rng.randint(2, 90) * 1000 if item == timed else rng.randint(0, 1)
                        answers.append(
                            (visit_id, item, value, int(value < 30_000 if item == timed else value))
                        )
            conn.executemany(
                "INSERT INTO visit (id, uuid, series_id, version_id, branch_id, region_id, month, "
                "visited_at, received_at, revealed_at, channel, subject, purpose, practice, outcome, "
                "counted, scorer, compliance, experience) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'store', "
                "'own', 'planned', 0, 'completed', 1, 1, ?, ?)",
                rows,
            )
            conn.executemany(
                "INSERT INTO visit_employee (visit_id, role, employee_id, compliance, experience) "
                "VALUES (?, 'served_by', ?, ?, ?)",
                served,
            )
            conn.executemany(
                "INSERT INTO answer (visit_id, item_id, value, met) VALUES (?, ?, ?, ?)", answers
            )
    return visit_id


def measure(store: Store) -> None:
    """The pages, and one visit taken out of every figure and put back."""
    at = {"series_id": 1, "month": LAST, "person_id": None, "now": NOW}
    pages: dict[str, Callable[[], object]] = {
        "network": lambda: network_month(store, **at),
        "region": lambda: network_month(store, **at, region_code="R03"),
        "branch": lambda: branch_month(store, **at, branch_code="B00007", audience="manager"),
        "employee": lambda: employee_month(store, **at, employee_code="E000040"),
    }
    for name, page in pages.items():
        network._kept = network.Kept(64)
        spread._kept = spread.Kept()
        print(f"{name:10} first            {ms(page, 1):8.2f} ms")
        print(f"{name:10} again            {ms(page, 21):8.2f} ms")
        after = []
        for _ in range(5):
            touch(store)
            after.append(ms(page, 1))
        print(f"{name:10} after a visit    {statistics.median(after):8.2f} ms")
    print(f"one visit taken out and put back {ms(lambda: touch(store), 21):8.2f} ms")


def touch(store: Store) -> None:
    """Take the newest visit out of every figure and put it back."""
    with store.write():
        newest = store.value("SELECT max(id) FROM visit")
        with tallies.changing(store, newest):
            pass


def ms(act: Callable[[], object], times: int) -> float:
    """Median milliseconds."""
    took = []
    for _ in range(times):
        began = perf_counter()
        act()
        took.append((perf_counter() - began) * 1000)
    return statistics.median(took)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
