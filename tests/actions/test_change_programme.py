"""Settings that decide which visits count move every figure with them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checker.actions.change_programme import change_programme
from checker.actions.review_visit import review_visit
from checker.standards.faults import Refused
from checker.store import counting, tallies, trail
from tests.making_store import NOW, Shop, shop

HELD: dict[str, Any] = {
    "name": "Service standards",
    "notice_given_on": None,
    "reveal": "next_morning",
    "attribution": "named",
    "review": False,
}


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Shop]:
    with shop(tmp_path) as opened:
        yield opened


def change(made: Shop, **settings: Any) -> bool:
    return change_programme(made.store, code="main", **{**HELD, **settings}, by=made.people["ada"], now=NOW)


def counted(made: Shop) -> int:
    assert tallies.differences(made.store) == []
    return int(made.store.value("SELECT count(*) FROM visit WHERE counted"))


@pytest.mark.parametrize("few", [0, 2_000])
def test_visits_before_staff_were_told_leave_the_figures(
    made: Shop, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """Both ways: one by one, and all figures anew."""
    monkeypatch.setattr(counting, "FEW", few)
    for day in ("2026-09-30T21:30:00+00:00", "2026-10-02T09:00:00+00:00", "2026-09-29T09:00:00+00:00"):
        made.send(visited_at=day)
    assert counted(made) == 3
    assert change(made, notice_given_on="2026-10-01")
    assert counted(made) == 2  # 21:30 UTC on the 30th is the 1st of October in Helsinki
    assert change(made, notice_given_on=None)
    assert counted(made) == 3
    assert trail.newest(made.store)[0]["act"] == "programme.change"


def test_with_review_only_approved_visits_count(made: Shop) -> None:
    first, _ = made.send(), made.send()
    review_visit(made.store, made.visit(first), decision="approve", reason="", by=made.people["rea"], now=NOW)
    assert change(made, review=True)
    assert counted(made) == 1
    assert change(made, review=False)
    assert counted(made) == 2


def test_what_never_counts_never_does(made: Shop) -> None:
    made.send(practice=True)
    made.send(outcome="closed", reason="Shut")
    void = made.send()
    review_visit(
        made.store, made.visit(void), decision="void", reason="Twice", by=made.people["rea"], now=NOW
    )
    change(made, notice_given_on="2026-01-01")
    change(made, notice_given_on=None)
    assert counted(made) == 0


def test_the_same_settings_again_change_nothing(made: Shop) -> None:
    assert not change(made)
    assert trail.newest(made.store)[0]["act"] != "programme.change"


def test_faults(made: Shop) -> None:
    with pytest.raises(Refused) as refused:
        change(made, name=" ", notice_given_on="tomorrow", reveal="never", attribution="all")
    assert {fault.place for fault in refused.value.faults} == {
        "name",
        "notice_given_on",
        "reveal",
        "attribution",
    }
