"""What a durable submission of 30 answers costs through the store, beside plain SQL that stores the same
rows.

    python -m benchmarks.submissions [VISITS PER ROUND] [ROUNDS]

Three ways write to databases of their own, by turns, each visit in one transaction that has reached the disk:

- store: `store.write()` and the store's own functions, with roll-ups and tallies,
- plain: the very same rows by bare sqlite3 statements, roll-ups and tallies by bare upserts,
- bare:  the visit and its answers alone, by bare statements.

Judging (reading, checking, scoring) is printed beside them and is in none of the ratios. A ratio counts
when every
round agrees with it; stored rows are counted after each round.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlite_utils import Database
from uuid6 import uuid7

from checker.actions import judging
from checker.actions.judging import Judged, Way
from checker.actions.publish_checklist import publish_checklist
from checker.actions.submit_visit import Sender, keep
from checker.standards.model import Checklist
from checker.standards.parse import read_yaml
from checker.store import revisions, tallies
from checker.store.answers import Coded, coded_answers
from checker.store.connection import Store, connected, open_store
from checker.store.upgrade import create_or_migrate

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
CHECKLIST = Path(__file__).parent.parent / "checklists" / "store_visit.yaml"
WRITERS: dict[Path, Database] = {}
"""The connections of the plain ways: as the store opens them, and nothing more."""

TABLES = ("visit", "answer", "visit_revision", "rollup", "tally")
LIMITS = {"plain": 1.5, "bare": 2.5}
BRANCHES, STAFF = 40, 4


def main(visits: int = 200, rounds: int = 5) -> None:
    """Run every round and print the table."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        ways: dict[str, tuple[Store, Callable[[Store, Rows], None]]] = {
            "store": (prepared(Path(folder), "store"), through_the_store),
            "plain": (prepared(Path(folder), "plain"), by_plain_statements),
            "bare": (prepared(Path(folder), "bare"), by_bare_statements),
        }
        rng = random.Random(1)
        medians: dict[str, list[float]] = {way: [] for way in ways}
        judged_us, fsync_us = [], []
        for number in range(rounds):
            fsync_us.append(fsync_median(Path(folder)))
            bodies = [body(read_checklist(), rng) for _ in range(visits)]
            for way in sorted(ways, key=lambda way: (number + len(way)) % 3):  # another one begins each round
                store, write = ways[way]
                took = []
                for sent in bodies:
                    began = perf_counter()
                    found = judging.judge(store, sent, way=Way.API, now=NOW)
                    judged_us.append((perf_counter() - began) * 1e6)
                    rows = rows_of(found)
                    began = perf_counter()
                    write(store, rows)
                    took.append((perf_counter() - began) * 1e6)
                medians[way].append(statistics.median(took))
        report(ways, medians, judged_us, fsync_us, visits * rounds)


def report(
    ways: Mapping[str, tuple[Store, object]],
    medians: Mapping[str, list[float]],
    judged_us: list[float],
    fsync_us: list[float],
    visits: int,
) -> None:
    """Print medians in µs, the ratios with the worst and best round, and the rows that are really there."""
    fsync = statistics.median(fsync_us)
    print(f"{visits} visits each; a write and fsync of 4 KiB takes {fsync:.0f} µs (median)")
    print(f"judging                 {statistics.median(judged_us):8.0f} µs")
    for way, values in medians.items():
        rows = [ways[way][0].value(f"SELECT count(*) FROM {table}") for table in TABLES]
        print(f"{way:<23} {statistics.median(values):8.0f} µs   {dict(zip(TABLES, rows, strict=True))}")
    for way, limit in LIMITS.items():
        ratios = [ours / theirs for ours, theirs in zip(medians["store"], medians[way], strict=True)]
        held = "held in every round" if max(ratios) <= limit else "NOT held in every round"
        span = f"{min(ratios):.2f} to {max(ratios):.2f}"
        print(f"store / {way:<15} {statistics.median(ratios):8.2f}      ({span}), limit {limit}: {held}")


# --- the three ways -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rows:
    """What the plain ways write, worked out before the clock starts; the store works its rows out while it
    runs.
    """

    judged: Judged
    visit: tuple[object, ...]
    answers: list[tuple[int, Coded]]
    employees: list[tuple[object, ...]]
    revision: bytes
    rollups: list[tuple[object, ...]]
    tallies: list[tuple[object, ...]]


def through_the_store(store: Store, rows: Rows) -> None:
    """As `submit_visit` does once it has judged the body."""
    keep(store, rows.judged, sender=Sender(Way.API), now=NOW)


def by_plain_statements(store: Store, rows: Rows) -> None:
    """The rows the store writes, with nothing between them and sqlite3."""
    connection = WRITERS[store.path].conn
    connection.execute("BEGIN IMMEDIATE")
    visit_id = plain_visit(store, rows)
    connection.executemany(
        "INSERT INTO visit_employee (visit_id, role, employee_id, described, compliance, experience) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        [(visit_id, *row) for row in rows.employees],
    )
    connection.execute(
        "INSERT INTO visit_revision (visit_id, n, body, hash, at) VALUES (?, 1, ?, ?, ?)",
        (visit_id, rows.revision, bytes.fromhex(rows.judged.manifest_hash), int(NOW.timestamp())),
    )
    connection.execute(
        "INSERT INTO trail (at, act, thing) VALUES (?, 'visit.submit', ?)",
        (int(NOW.timestamp()), rows.judged.sent.id),
    )
    connection.executemany(ADD_ROLLUP, rows.rollups)
    connection.executemany(ADD_TALLY, rows.tallies)
    connection.execute("COMMIT")


def by_bare_statements(store: Store, rows: Rows) -> None:
    """The visit and its answers alone."""
    connection = WRITERS[store.path].conn
    connection.execute("BEGIN IMMEDIATE")
    plain_visit(store, rows)
    connection.execute("COMMIT")


INSERT_VISIT = """
INSERT INTO visit (uuid, series_id, version_id, branch_id, region_id, month, visited_at, received_at, channel,
    subject, purpose, practice, outcome, service_level, counted, scorer, compliance, experience, flagged)
VALUES (?, 1, ?, ?, ?, ?, ?, ?, 'store', 'own', 'planned', 0, 'completed', ?, 1, 1, ?, ?, ?)
"""
ADD_ROLLUP = (
    f"INSERT INTO rollup (scope, series_id, month, scope_id, {', '.join(tallies.FIGURES)}) "
    f"VALUES (?, 1, ?, ?, {', '.join('?' * len(tallies.FIGURES))}) ON CONFLICT DO UPDATE SET "
    + ", ".join(f"{name} = {name} + excluded.{name}" for name in tallies.FIGURES)
)
ADD_TALLY = (
    "INSERT INTO tally (series_id, month, region_id, item_id, bin, met, n) VALUES (1, ?, ?, ?, ?, ?, 1) "
    "ON CONFLICT DO UPDATE SET n = n + 1"
)


def plain_visit(store: Store, rows: Rows) -> int:
    """The visit's row and its answers' rows; returns the visit's key."""
    connection = WRITERS[store.path].conn
    visit_id = int(connection.execute(INSERT_VISIT, rows.visit).lastrowid or 0)
    connection.executemany(
        "INSERT INTO answer (visit_id, item_id, value, met) VALUES (?, ?, ?, ?)",
        [(visit_id, item, value, met) for item, (value, met) in rows.answers],
    )
    return visit_id


def rows_of(judged: Judged) -> Rows:
    """Every row of a visit, roll-ups and tallies by other code than the store's."""
    sent, version, branch = judged.sent, judged.version, judged.branch
    assert judged.score is not None
    figures = judging.figures(judged.score)
    month = sent.visited_at.year * 100 + sent.visited_at.month
    region, level = branch["region_id"], sent.service_level.value if sent.service_level else None
    compliance, experience, flagged = (
        int(str(figures[name])) for name in ("compliance", "experience", "flagged")
    )
    answers = sorted((version.item_ids[item], pair) for item, pair in coded_answers(judged.score).items())
    timed = {version.item_ids[item.id] for item in version.checklist.items if item.type == "duration"}
    employees = judging.employee_rows(judged.served, judged.score)
    visited, received = int(sent.visited_at.timestamp()), int(NOW.timestamp())

    def rollup(scope: int, key: int, first: int, second: int) -> tuple[object, ...]:
        levels = (int(level == name) for name in ("low", "standard", "wow"))
        return (scope, month, key, 1, 1, first, first**2, 1, second, second**2, *levels, flagged)

    return Rows(
        judged,
        (
            *(uuid7().bytes, version.id, branch["id"], region, month, visited, received),
            *(level, compliance, experience, flagged),
        ),
        answers,
        [
            (row["role"], row["employee_id"], row["described"], row["compliance"], row["experience"])
            for row in employees
        ],
        revisions.pack(judged.canonical, version.dictionary),
        [
            rollup(scope, key, compliance, experience)
            for scope, key in ((0, 0), (1, region), (2, branch["id"]))
        ]
        + [
            rollup(3, row["employee_id"], row["compliance"] or 0, row["experience"] or 0) for row in employees
        ],
        [
            (month, scope, item, bin_of(value, item in timed), -1 if met is None else met)
            for item, (value, met) in answers
            for scope in (0, region)
        ],
    )


def bin_of(value: int | None, timed: bool) -> int:
    """The tally's bin: seconds of a time, 601 beyond 600, -1 never, -2 not applicable, else the value."""
    if value is None:
        return -2
    return min(value // 1000, 601) if timed and value >= 0 else value


# --- what they are tried on ---------------------------------------------------------------------------------


def read_checklist() -> Checklist:
    """The shipped store visit: 30 items."""
    return read_yaml(CHECKLIST.read_bytes(), CHECKLIST.name)


def prepared(folder: Path, name: str) -> Store:
    """A database with the checklist, some branches and their staff."""
    path = folder / name / "checker.sqlite"
    create_or_migrate(path, folder)
    store = open_store(path)
    WRITERS[path] = connected(path)
    publish_checklist(store, read_checklist(), by=None, now=NOW)
    fill_places(store)
    return store


def fill_places(store: Store) -> None:
    """Five regions, `BRANCHES` branches, `STAFF` employees each."""
    with store.write():
        store.db.execute(
            "INSERT INTO series (programme_id, checklist_id, method) VALUES (1, 1, 'mystery_shopping')"
        )
        regions = [store.add("region", {"code": f"R{n}", "name": f"Region {n}"}) for n in range(1, 6)]
        for number in range(BRANCHES):
            place = {"region_id": regions[number % 5], "zone": "Europe/Helsinki"}
            branch = store.add("branch", {"code": f"B{number:03}", "name": f"Branch {number}", **place})
            for place_in_staff in range(STAFF):
                code = f"E{number:03}{place_in_staff}"
                employee = store.add("employee", {"code": code, "name": f"Employee {code}"})
                store.add(
                    "employment", {"employee_id": employee, "branch_id": branch, "from_on": "2020-01-01"}
                )


def body(checklist: Checklist, rng: random.Random) -> dict[str, Any]:
    """A visit as a program sends it; every item but the unscored ones answered."""
    branch = rng.randrange(BRANCHES)
    when = NOW - timedelta(days=rng.randrange(30), minutes=rng.randrange(600))
    return {
        "id": str(uuid7()),
        "checklist": checklist.id,
        "version": checklist.version,
        "branch": f"B{branch:03}",
        "employees": {"served_by": {"code": f"E{branch:03}{rng.randrange(STAFF)}"}},
        "visited_at": when.isoformat(timespec="seconds"),
        "service_level": rng.choice(["low", "standard", "wow"]),
        "answers": answers(checklist, rng),
    }


def answers(checklist: Checklist, rng: random.Random) -> dict[str, object]:
    """Plausible answers to everything that is scored, words to what is not."""
    given: dict[str, object] = {}
    for item in checklist.items:
        match item.type:
            case "yes_no_na":
                given[item.id] = rng.choice(["yes"] * 7 + ["no", "no", "na" if item.na_allowed else "yes"])
            case "duration":
                given[item.id] = rng.choice(["never", *range(5, 45)])
            case "count":
                given[item.id] = rng.randrange(4)
            case "scale":
                given[item.id] = rng.randrange(1, 6)
            case "text":
                given[item.id] = "The shelves were easy to read."
    return given


def fsync_median(folder: Path) -> float:
    """µs for writing 4 KiB and waiting until it is on the disk: what any durable write costs here and now."""
    took = []
    with (folder / "fsync").open("wb", buffering=0) as file:
        for _ in range(50):
            began = perf_counter()
            file.write(b"\0" * 4096)
            os.fsync(file.fileno())
            took.append((perf_counter() - began) * 1e6)
    return statistics.median(took)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
