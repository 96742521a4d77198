"""A summary as JSON and back: nothing is lost, people are keys, and old snapshots stay readable."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from checker.commands.init import publish_shipped
from checker.demo.build import Wish, build
from checker.editions.snapshot import FORMAT, Snapshot, read, write
from checker.problem import Problem
from checker.standards.canonical import digest
from checker.standards.model import Axis
from checker.standards.month import Month
from checker.store import branches, editions, series
from checker.store.checklists import Version
from checker.store.connection import Store, open_store
from checker.summaries.branch import branch_month
from checker.summaries.network import network_month
from checker.summaries.values import (
    BranchMonth,
    Correction,
    Decision,
    EditionText,
    Look,
    Moved,
    NetworkMonth,
    Redrawn,
)
from tests.people import passwords
from tests.reports import making

LATE = datetime(2026, 10, 27, 15, 0, tzinfo=UTC)
OLD = Path(__file__).parent / "october-format-1.json"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[Store]:
    """A small demo network, four months long."""
    path = tmp_path_factory.mktemp("demo") / "checker.sqlite"
    path.write_bytes(empty_database.read_bytes())
    store = open_store(path)
    publish_shipped(store, now=LATE)
    wish = Wish(branches=4, employees=3, months=4, visits=7)
    build(store, wish, password="kiwi-9sea-lamp", passwords=passwords(), now=LATE)
    yield store
    store.close()


def summaries(store: Store) -> Iterator[BranchMonth | NetworkMonth]:
    """Every month of every series: network, regions, branches for both readers."""
    for one in series.list_for(store, "main"):
        for month in (Month(2026, 7), Month(2026, 9), Month(2026, 10), Month(2027, 1)):
            asked = {"month": month, "series_id": one["id"], "person_id": None, "now": LATE}
            yield network_month(store, **asked)
            for region in branches.list_regions(store):
                yield network_month(store, region_code=region["code"], **asked)
            for branch in branches.list_between(store, region_id=None, first="2026-07-01", last="2026-07-31"):
                for audience in ("manager", "leadership"):
                    yield branch_month(store, branch_code=branch["code"], audience=audience, **asked)


TEXT = EditionText(
    2,
    "A foreword.\nIn two lines, with “quotes” and a \u202e mark.",
    (Decision("What", "Who", date(2026, 11, 1)), Decision("What else")),
    date(2026, 11, 3),
    (Correction(Month(2026, 9), 1, date(2026, 10, 2), 3, 1, 2, 1),),
    Redrawn("erased", date(2026, 12, 1)),
)


def in_order(value: Any) -> Any:
    """Everything in a value, mappings as lists: their order is drawn."""
    if is_dataclass(value):
        return [in_order(getattr(value, each.name)) for each in fields(value)]
    if isinstance(value, Mapping):
        return [(key, in_order(one)) for key, one in value.items()]
    return [in_order(one) for one in value] if isinstance(value, tuple | list) else value


def test_a_summary_comes_back_as_it_was(demo: Store):
    versions = editions.published(demo)
    seen = 0
    for summary in summaries(demo):
        held = Snapshot(TEXT, {"leadership": summary}, Look("Nordline", b"\x89PNG\r\n", "#123456", "Letter"))
        content = write(held, versions)
        again = read(content, versions)
        assert again == held
        assert in_order(again.summary) == in_order(summary)
        assert read(write(again, versions), versions) == held
        seen += 1
    assert seen > 50


def test_a_standard_in_a_correction_comes_back(demo: Store):
    versions = editions.published(demo)
    summary = next(summaries(demo))
    item = summary.series.checklist.items[4]
    moved = (Moved(Axis.STANDARD, None, 3, 0.5, 4, None), Moved(Axis.EXPERIENCE, item, 3, 0.5, 4, 0.625))
    text = replace(TEXT, corrections=(Correction(Month(2026, 9), 1, date(2026, 10, 2), moved=moved),))
    held = Snapshot(text, {"leadership": summary}, Look())
    assert read(write(held, versions), versions) == held


def version_of(checklist: Any) -> Version:
    return Version(1, 1, checklist, bytes.fromhex(digest(checklist.definition)), b"", {})


def invented() -> Snapshot:
    return Snapshot(TEXT, {"leadership": making.branch(), "manager": making.branch()}, Look("Nordline"))


def test_another_checklist_under_the_same_number_is_refused():
    version = version_of(making.checklist())
    content = write(invented(), [version])
    with pytest.raises(Problem) as refused:
        read(content, [replace(version, hash=b"\0" * 32)])
    assert refused.value.code == "edition.checklist"
    with pytest.raises(Problem) as refused:
        read(content, [])
    assert refused.value.code == "edition.checklist"


def test_a_snapshot_of_a_newer_checker_is_refused():
    version = version_of(making.checklist())
    whole = json.loads(write(invented(), [version]))
    with pytest.raises(Problem) as refused:
        read(json.dumps({**whole, "format": FORMAT + 1}).encode(), [version])
    assert refused.value.code == "edition.newer"


def test_what_is_not_known_is_passed_over_and_what_is_missing_has_its_default():
    """Other versions write more or fewer fields: both read."""
    version = version_of(making.checklist())
    whole = json.loads(write(invented(), [version]))
    for copy in whole["copies"].values():
        copy["from_the_future"] = [1, 2]
        for each in fields(BranchMonth):
            if each.default is not MISSING or each.default_factory is not MISSING:
                del copy[each.name]
    held = read(json.dumps(whole).encode(), [version]).summary
    assert held == replace(making.branch(), findings=(), working=None)


def test_a_snapshot_of_the_first_format_reads_for_good():
    """A field that is renamed, or added without a default, makes it unreadable: then `FORMAT` must grow."""
    version = version_of(making.checklist())
    held = read(OLD.read_bytes(), [version])
    assert held.text == TEXT
    assert held.summary.axes[Axis.STANDARD].n == 21
    assert len(held.copies["manager"].employees) == 5
