"""1,363 real audits, recomputed: what the publisher's rule and ours agree on, and where the sheet
contradicts itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from checker.actions.importing import ImportResult
from checker.actions.undo_import import undo_import
from checker.sheets.reading import read_file
from checker.store import tallies
from checker.store.connection import Store, open_store
from checker.store.upgrade import create_or_migrate
from tests import outdoor_retail
from tests.outdoor_retail import Paths

pytestmark = pytest.mark.skipif(outdoor_retail.DATA is None, reason="the audit data are not on this machine")


@dataclass(frozen=True, slots=True)
class Loaded:
    store: Store
    paths: Paths
    result: ImportResult


def fresh(folder: Path) -> Store:
    create_or_migrate(folder / "checker.sqlite", folder)
    return open_store(folder / "checker.sqlite")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    folder = tmp_path_factory.mktemp("outdoor")
    store = fresh(folder)
    paths = outdoor_retail.build(folder)
    yield Loaded(store, paths, outdoor_retail.load(store, paths))
    store.close()


def test_every_visit_is_taken(loaded: Loaded) -> None:
    result = loaded.result
    assert (result.taken, result.refused, result.unchanged) == (1363, (), 0)
    assert loaded.store.value("SELECT count(*) FROM visit") == 1363


def test_what_was_published_as_closed_is_not_scored_and_not_compared(loaded: Loaded) -> None:
    assert loaded.result.not_scored == 68
    closed = loaded.store.rows(
        "SELECT branch.code, visit.compliance, visit.counted FROM visit "
        "JOIN branch ON branch.id = visit.branch_id WHERE visit.outcome = 'closed'"
    )
    assert len(closed) == 68
    assert all(row["compliance"] is None and not row["counted"] for row in closed)
    # All of them are at one "site": the name stands for every outlet that has closed since.
    assert {row["code"] for row in closed} == {"S003"}


def test_six_sections_agree_and_five_do_not(loaded: Loaded) -> None:
    different = {one.measure: one.different for one in loaded.result.comparisons}
    assert all(one.compared == 1295 for one in loaded.result.comparisons)
    assert {measure for measure, count in different.items() if not count} == {"a", "c", "d", "h", "i", "k"}
    assert {measure for measure, count in different.items() if count} == {"b", "e", "f", "g", "j", "standard"}


def test_every_difference_names_both_figures(loaded: Loaded) -> None:
    sheet = {line.cells[0]: line for line in read_file(loaded.paths.visits).lines}
    for difference in loaded.result.differences:
        line = sheet[difference.external_id]
        assert line.number == difference.row
        assert (difference.published or None) in line.cells
        if difference.published and difference.ours is not None:
            assert abs(Decimal(difference.published) - difference.ours) > Decimal("0.02")
        else:  # one side has a figure where the other has none
            assert bool(difference.published) != (difference.ours is not None)


def test_b_differs_where_the_exporter_replaced_a_question(loaded: Loaded) -> None:
    """In the last wave a column of the scorecard is empty and another, on no scorecard, is filled in its
    stead."""
    waves = Counter(
        str(line.cells[1])
        for line in read_file(loaded.paths.visits).lines
        for difference in loaded.result.differences
        if difference.measure == "b" and difference.row == line.number
    )
    assert set(waves) == {"Wave 2 2025"}


def test_the_roll_ups_are_what_a_recount_gives(loaded: Loaded) -> None:
    assert tallies.differences(loaded.store) == []


def test_importing_again_changes_nothing(loaded: Loaded) -> None:
    before = loaded.store.rows("SELECT * FROM visit")
    again = outdoor_retail.load(loaded.store, loaded.paths)
    assert (again.batch_id, again.taken, again.unchanged) == (None, 0, 1363)
    assert again.differences == loaded.result.differences
    assert loaded.store.rows("SELECT * FROM visit") == before


def test_the_weighting_agrees_with_all_finals_but_one(tmp_path: Path) -> None:
    store = fresh(tmp_path)
    result = outdoor_retail.load(store, outdoor_retail.build_finals(tmp_path))
    store.close()
    assert result.taken == 1363
    assert [(one.measure, one.compared, one.different) for one in result.comparisons] == [
        ("standard", 1295, 1)
    ]
    (wrong,) = result.differences
    assert (wrong.external_id, wrong.published) == ("V1113", "88.11")
    assert wrong.ours is not None
    assert round(wrong.ours, 2) == Decimal("81.86")


def test_undoing_the_import_leaves_nothing_of_it(tmp_path: Path) -> None:
    store = fresh(tmp_path)
    result = outdoor_retail.load(store, outdoor_retail.build_finals(tmp_path))
    assert result.batch_id is not None
    undone = undo_import(store, result.batch_id, by=None, now=outdoor_retail.RECEIVED)
    assert (undone.removed, undone.kept) == (1363, ())
    tables = ("visit", "answer", "visit_revision", "rollup", "tally")
    assert [store.value(f"SELECT count(*) FROM {table}") for table in tables] == [0] * 5
    store.close()
