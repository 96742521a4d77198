"""What the monthly PDFs cost, beside the same content by other makers of PDF.

    python -m benchmarks.reports [cpu] [all] [network] [BRANCHES] [VISITS]

- cpu:     one branch's report once its figures are read, beside naive Platypus (ReportLab's own layout, a
           Paragraph per cell), typst and fpdf2, each between two of ours; processor time, not the clock's
- all:     `report --all-branches` in two processes, figures read from VISITS visits; memory and sizes too
- network: the network's report over all these branches

The peers draw what `content_of` takes from the same summary: every text, every table row, the trend, the
strips and the histogram as lines. They are installed into a virtual environment of their own, for this run.
A ratio counts when every round agrees with it. The visits are made up in SQL (see `figures`).
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter, process_time, sleep
from typing import Any

from benchmarks.figures import CHECKLIST, LAST, fill
from checker.actions.publish_checklist import publish_checklist
from checker.charts.letters import FACES, FONTS
from checker.reports import claims
from checker.reports.branch import branch_report
from checker.reports.network import network_report
from checker.standards.model import Axis
from checker.standards.parse import read_yaml
from checker.store import tallies
from checker.store.connection import Store, open_store
from checker.store.upgrade import create_or_migrate
from checker.summaries.branch import branch_month
from checker.summaries.network import network_month
from checker.summaries.values import BranchMonth
from checker.words import Words, words_for

HERE = Path(__file__).parent
PEERS = ("reportlab==5.1.0", "rl-accel==0.9.1", "typst==0.15.2", "fpdf2==2.8.9")
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
MONTHS = 13
VISITS_A_MONTH = 21
REPORTS = 50
"""Branches whose reports are made in each turn."""

ROUNDS = 5
CPU_MS = 25.0
RATIOS = {"platypus": 10.0, "typst": 5.0, "fpdf2": 30.0}
ALL_S, WORKER_MB, LARGEST_KB, NETWORK_S = 6 * 60.0, 200.0, 64.0, 5.0
PARTS = ("cpu", "all", "network")


def main(arguments: Sequence[str]) -> None:
    """Run the parts asked for, all without any."""
    parts = [one for one in arguments if one in PARTS] or PARTS
    numbers = [int(one) for one in arguments if one not in PARTS]
    branches = numbers[0] if numbers else 10_000
    visits = numbers[1] if len(numbers) > 1 else 1_000_000
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
        folder = Path(name)
        if "cpu" in parts:
            beside_others(made(folder / "cpu", REPORTS, VISITS_A_MONTH), folder)
        if "all" in parts or "network" in parts:
            store = made(folder / "all", branches, max(1, visits // branches // MONTHS))
            print(f"{branches} branches, {store.value('SELECT count(*) FROM visit')} visits")
            if "network" in parts:
                of_the_network(store)
            if "all" in parts:
                of_all_branches(store, folder / "reports")


def made(folder: Path, branches: int, visits: int) -> Store:
    """A store of so many branches with so many visits a month each, over thirteen months."""
    path = folder / "checker.sqlite"
    create_or_migrate(path, folder)
    store = open_store(path)
    version = publish_checklist(store, read_yaml(CHECKLIST.read_bytes(), CHECKLIST.name), by=None, now=NOW)
    fill(store, version, random.Random(1), branches, MONTHS, visits)
    tallies.rebuild(store)
    return store


def told(what: str, value: float, unit: str, limit: float, *, least: bool = False) -> None:
    """Print a figure beside its limit."""
    held = value >= limit if least else value <= limit
    sign = "≥" if least else "≤"
    print(f"{what:<52} {value:9.1f} {unit:<4} limit {sign} {limit:g}: {'held' if held else 'MISSED'}")


# --- one report beside others -------------------------------------------------------------------------------


def beside_others(store: Store, folder: Path) -> None:
    """Processor time of one branch's report, each peer's between two of ours."""
    words = words_for("en")
    summaries = [summary_of(store, number) for number in range(1, REPORTS + 1)]
    contents = folder / "contents.json"
    contents.write_text(json.dumps([content_of(summary, words) for summary in summaries]), "utf-8")
    python = peer_python(folder / "peer")
    first = report_of(summaries[0], words)
    print(f"a branch's report: {pages_in(first)} pages, {len(first) / 1024:.0f} KB")
    path = str(store.path)
    own = [in_a_process_of_its_own(ours, path)]
    rounds: dict[str, list[float]] = {peer: [] for peer in RATIOS}
    ratios: dict[str, list[float]] = {peer: [] for peer in RATIOS}
    for _ in range(ROUNDS):
        for peer in RATIOS:
            rounds[peer].append(by_peer(python, peer, contents))
            own.append(in_a_process_of_its_own(ours, path))
            ratios[peer].append(rounds[peer][-1] / statistics.mean(own[-2:]))  # just before and just after
    told("ours, processor time of one", statistics.median(own), "ms", CPU_MS)
    for peer, limit in RATIOS.items():
        least, most = min(ratios[peer]), max(ratios[peer])
        usual = f"{statistics.median(rounds[peer]):.0f} ms"
        told(f"{peer} / ours ({least:.1f} to {most:.1f}; {usual})", least, "×", limit, least=True)
    same = in_a_process_of_its_own(hash_of, path) == hashlib.sha256(first).hexdigest()
    print(f"the same bytes in another process: {'yes' if same else 'NO'}")
    store.close()


def summary_of(store: Store, number: int) -> BranchMonth:
    """A branch's month as its manager sees it."""
    return branch_month(
        store,
        branch_code=f"B{number:05}",
        series_id=1,
        month=LAST,
        person_id=None,
        now=NOW,
        audience="manager",
    )


def report_of(summary: BranchMonth, words: Words) -> bytes:
    """Its report."""
    return branch_report(summary, words, audience="manager")


def in_a_process_of_its_own(do: Callable[[Store], Any], path: str) -> Any:
    """What is made of a store by a process that has made nothing yet."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_with_store, (do, path))


def _with_store(do: Callable[[Store], Any], path: str) -> Any:
    store = open_store(Path(path))
    try:
        return do(store)
    finally:
        store.close()


def hash_of(store: Store) -> str:
    """The hash of the first branch's report."""
    return hashlib.sha256(report_of(summary_of(store, 1), words_for("en"))).hexdigest()


def ours(store: Store) -> float:
    """Processor milliseconds of one report, after a first one that is not counted, as for the peers."""
    words = words_for("en")
    summaries = [summary_of(store, number) for number in range(1, REPORTS + 1)]
    report_of(summaries[0], words)
    began = process_time()
    for summary in summaries:
        report_of(summary, words)
    return (process_time() - began) * 1000 / REPORTS


def pages_in(pdf: bytes) -> int:
    """How many pages a PDF has."""
    return pdf.count(b"/Type /Page\n") or pdf.count(b"/Type /Page ")


def content_of(summary: BranchMonth, words: Words) -> dict[str, object]:
    """What a branch's report says and draws, as plain data for the peers."""
    checklist = summary.series.checklist
    axes = [summary.axes[axis] for axis in Axis]
    standards = [
        [
            claims.item_name(one.item, checklist, words),
            words.percent(one.share) if one.share is not None else "–",
            claims.interval(one, words),
            words.count(one.asked),
            claims.standing(one, words),
            [
                one.share or 0.0,
                one.interval.low if one.interval else 0.0,
                one.interval.high if one.interval else 0.0,
            ],
        ]
        for one in summary.standards
    ]
    timing = next((one.timing for one in summary.standards if one.timing), None)
    seconds = dict(timing.seconds) if timing else {}
    bars = [sum(n for second, n in seconds.items() if low <= second < low + 5) for low in range(0, 90, 5)]
    return {
        "title": f"{summary.branch.name}, {words.month(summary.month)}",
        "headline": " ".join(claims.sentences(summary.findings, checklist, words)),
        "tiles": [
            [one.axis.value, words.percent(one.mean or 0.0), claims.interval(one, words), words.count(one.n)]
            for one in axes
        ]
        * 2,
        "trends": [[point.mean or 0.0 for point in summary.trends[axis]] for axis in Axis],
        "standards": standards,
        "bars": bars,
        "tables": [
            {
                "title": "Standards in full",
                "columns": ["Standard", "Met", "Interval", "Visits", "Against target", "Since last month"],
                "rows": [
                    [*row[:5], claims.since_last_month(one, words)]
                    for row, one in zip(standards, summary.standards, strict=True)
                ],
            },
            {
                "title": "Employees",
                "columns": ["Employee", "Visits", "Compliance", "Experience", "First and last visit"],
                "rows": [
                    [line.name or line.code, str(line.n), words.percent(line.mean or 0.0),
                     words.percent(line.experience or 0.0), words.days(*line.span) if line.span else "–"]
                    for line in summary.employees
                ],
            },
            {
                "title": "Visits",
                "columns": ["Day", "Channel", "Outcome", "Service", "Served by", "Compliance", "Experience"],
                "rows": [
                    [words.day(line.day), line.channel, line.outcome, line.service_level or "–",
                     ", ".join(line.employees), words.millionths(line.compliance or 0),
                     words.millionths(line.experience or 0)]
                    for line in summary.visits
                ],
            },
        ],
    }  # fmt: skip


def peer_python(folder: Path) -> Path:
    """A virtual environment with the peers in it."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", *PEERS], check=True)  # noqa: S603
    return python


def by_peer(python: Path, peer: str, contents: Path) -> float:
    """Processor milliseconds a peer takes for one report, its start not counted."""
    faces = [str(FONTS / f"{face}.ttf") for face in FACES.values()]
    command = [str(python), str(HERE / "report_peers.py"), peer, str(contents), *faces]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    return float(done.stdout)


# --- ten thousand -------------------------------------------------------------------------------------------


def of_the_network(store: Store) -> None:
    """The network's report, figures and drawing apart."""
    began = perf_counter()
    summary = network_month(store, series_id=1, month=LAST, person_id=None, now=NOW)
    read = perf_counter() - began
    began = process_time()
    pdf = network_report(summary, words_for("en"))
    drawn = process_time() - began
    told(
        f"network's report, {pages_in(pdf)} pages, figures read in {read:.1f} s", read + drawn, "s", NETWORK_S
    )


def of_all_branches(store: Store, out: Path) -> None:
    """Every branch's report by the command, in two processes."""
    instance = store.path.parent
    command = [sys.executable, "-m", "checker", "report", "--month", str(LAST), "--all-branches"]
    began = perf_counter()
    making = subprocess.Popen(  # noqa: S603
        [*command, "--out", str(out), "--workers", "2"],
        env={**os.environ, "CHECKER_INSTANCE": str(instance)},
        stdout=subprocess.DEVNULL,
    )
    largest = 0.0
    while making.poll() is None:
        largest = max(largest, *(resident_mb(child) for child in children_of(making.pid)), 0.0)
        sleep(0.2)
    took = perf_counter() - began
    if making.returncode:
        raise SystemExit(f"report ended with {making.returncode}")
    sizes = sorted(file.stat().st_size / 1024 for file in out.glob("*.pdf"))
    told(f"{len(sizes)} branches' reports, figures read too", took, "s", ALL_S)
    told("memory of the largest worker", largest, "MB", WORKER_MB)
    told(f"the largest file (median {statistics.median(sizes):.0f} KB)", sizes[-1], "KB", LARGEST_KB)


def children_of(pid: int) -> list[int]:
    """The processes that a process began."""
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def resident_mb(pid: int) -> float:
    """Memory that a process holds, in MB; 0 once it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


if __name__ == "__main__":
    main(sys.argv[1:])
