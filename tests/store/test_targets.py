"""Targets: set, replaced within a month, listed, taken away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.standards.month import Month
from checker.store import targets
from tests.making_store import Shop
from tests.making_store import shop as made


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with made(tmp_path) as it:
        yield it


def put(shop: Shop, share: int, month: Month) -> None:
    with shop.store.write():
        targets.put(
            shop.store,
            programme_id=1,
            measure="compliance",
            share=share,
            valid_from=month,
            branch_id=shop.branches["B1"],
        )


def test_setting_it_again_in_the_same_month_replaces_it(shop: Shop) -> None:
    put(shop, 700_000, Month(2026, 1))
    put(shop, 800_000, Month(2026, 1))
    put(shop, 900_000, Month(2026, 3))
    rows = targets.list_for(shop.store, "main")
    assert [(row["valid_from"], row["share"], row["branch"]) for row in rows] == [
        ("2026-01", 800_000, "B1"),
        ("2026-03", 900_000, "B1"),
    ]


def test_before_the_first_there_is_none(shop: Shop) -> None:
    put(shop, 700_000, Month(2026, 1))
    found = targets.find_for(shop.store, programme_id=1, checklist_id=1, branch_id=shop.branches["B1"])
    assert found.share("compliance", Month(2025, 12)) is None
    assert found.share("compliance", Month(2026, 1)) == 0.7
    assert found.share("experience", Month(2026, 1)) is None


def test_taken_away_the_earlier_one_holds_again(shop: Shop) -> None:
    put(shop, 700_000, Month(2026, 1))
    put(shop, 800_000, Month(2026, 2))
    with shop.store.write():
        targets.remove(shop.store, targets.list_for(shop.store, "main")[1]["id"])
    found = targets.find_for(shop.store, programme_id=1, checklist_id=1, branch_id=shop.branches["B1"])
    assert found.share("compliance", Month(2026, 3)) == 0.7


@pytest.mark.parametrize("share", [-1, 1_000_001])
def test_a_share_lies_between_nothing_and_all(shop: Shop, share: int) -> None:
    with pytest.raises(Exception, match="CHECK"):
        put(shop, share, Month(2026, 1))
