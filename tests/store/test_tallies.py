"""Roll-ups and tallies hold what a recount gives, whatever happens to visits; and a mistake is caught."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from checker.actions.correct_visit import correct_visit
from checker.actions.rebuild_figures import rebuild_figures
from checker.actions.review_visit import DECISIONS, review_visit
from checker.actions.submit_visit import Receipt
from checker.actions.verify_store import verify
from checker.standards.faults import Refused
from checker.store import revisions, tallies
from tests.making_store import GOOD, NOW, POOR, Shop, publish_desk
from tests.making_store import shop as made

ANSWERS = st.fixed_dictionaries(
    {
        "tidy": st.sampled_from(["yes", "no", "na"]),
        "greeting_time": st.sampled_from([0, 19, 20, 21, 30, 31, 32, 599, 600, 601, 5000, "never"]),
        "smile": st.sampled_from(["yes", "no"]),
        "three_yes": st.integers(0, 3),
        "welcome_felt": st.integers(1, 5),
        "try_out": st.sampled_from(["yes", "no", "na"]),
    }
)

WHO = st.sampled_from([None, {"code": "E1"}, {"code": "E2"}, {"code": "E3"}, {"described": "tall"}])

SHOP_VISITS = st.fixed_dictionaries(
    {
        "checklist": st.just("shop"),
        "answers": ANSWERS,
        "employees": st.builds(lambda who: {"served_by": who}, WHO),
        "service_level": st.sampled_from([None, "low", "standard", "wow"]),
    }
)

DESK_VISITS = st.fixed_dictionaries(
    {
        "checklist": st.just("desk"),
        "answers": st.fixed_dictionaries(
            {item: st.sampled_from(["yes", "no", "na"]) for item in ("hello", "bill")}
        ),
        "employees": st.builds(lambda one, two: {"greeter": one, "cashier": two}, WHO, WHO),
    }
)

PLACES = st.fixed_dictionaries(
    {
        "branch": st.sampled_from(["B1", "B2", "B3"]),
        "visited_at": st.sampled_from(
            ["2026-09-30T23:59:59+03:00", "2026-10-01T00:00:00+03:00", "2026-10-10T12:00:00+03:00"]
        ),
        "practice": st.sampled_from([False, False, False, True]),
        "method": st.sampled_from(["mystery_shopping", "observation"]),
        "outcome": st.sampled_from(["completed", "completed", "completed", "closed"]),
        "reason": st.just("As it was."),
    }
)

VISITS = st.builds(lambda what, where: {**where, **what}, SHOP_VISITS | DESK_VISITS, PLACES)


class AnyHistory(RuleBasedStateMachine):
    """Visits are sent, decided about and corrected, in any order."""

    sent = Bundle("sent")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.context = made(self.folder)
        self.shop = self.context.__enter__()
        publish_desk(self.shop.store)

    def teardown(self) -> None:
        assert tallies.differences(self.shop.store) == []
        assert verify(self.shop.store) == []
        self.context.__exit__(None, None, None)
        shutil.rmtree(self.folder)

    @rule(target=sent, visit=VISITS)
    def send(self, visit: dict[str, Any]) -> Receipt:
        return self.shop.send(**visit)

    @rule(receipt=sent, decision=st.sampled_from(DECISIONS))
    def decide(self, receipt: Receipt, decision: str) -> None:
        visit = self.shop.visit(receipt)
        with suppress(Refused):  # where that step does not follow the visit's state
            review_visit(
                self.shop.store, visit, decision=decision, reason="So.", by=self.shop.people["rea"], now=NOW
            )

    @rule(receipt=sent, change=PLACES, answers=st.none() | ANSWERS)
    def correct(self, receipt: Receipt, change: dict[str, Any], answers: dict[str, Any] | None) -> None:
        visit = self.shop.visit(receipt)
        body = revisions.get(self.shop.store, visit["id"], visit["revision"])
        if answers and visit["checklist"] == "shop":
            change = {**change, "answers": answers}
        body = {**body, **change, "revises": visit["hash"]}
        try:
            correct_visit(self.shop.store, visit, body, by=self.shop.people["rea"], now=NOW)
        except Refused:
            assert visit["state"] == "void"

    @invariant()
    def nothing_counts_below_nothing(self) -> None:
        assert self.shop.store.value("SELECT count(*) FROM tally WHERE n < 1") == 0
        assert self.shop.store.value("SELECT count(*) FROM rollup WHERE visits < 1") == 0


AnyHistory.TestCase.settings = settings(
    max_examples=20, stateful_step_count=15, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestAnyHistory = AnyHistory.TestCase


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with made(tmp_path) as it:
        yield it


def void(shop: Shop, receipt: Receipt) -> None:
    review_visit(
        shop.store, shop.visit(receipt), decision="void", reason="So.", by=shop.people["rea"], now=NOW
    )


class TestAMistakeIsCaught:
    """The broken twin: the same histories with one thing wrong."""

    def codes(self, shop: Shop) -> set[str]:
        return {fault.code for fault in verify(shop.store)}

    def test_tallies_forgotten(self, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(tallies, "ADDING", tallies.ADDING[:1])
        shop.send()
        assert self.codes(shop) == {"verify.tally"}

    def test_rollups_forgotten(self, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(tallies, "ADDING", tallies.ADDING[1:])
        shop.send()
        assert self.codes(shop) == {"verify.rollup"}

    def test_a_void_visit_added_instead_of_taken_away(
        self, shop: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        receipt = shop.send()
        monkeypatch.setattr(
            tallies, "TAKING", [statement.replace(":sign *", "+1 *") for statement in tallies.TAKING]
        )
        void(shop, receipt)
        assert self.codes(shop) == {"verify.rollup", "verify.tally"}

    def test_a_visit_not_taken_away(self, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
        receipt = shop.send()
        monkeypatch.setattr(tallies, "TAKING", [])
        void(shop, receipt)
        assert self.codes(shop) == {"verify.rollup", "verify.tally"}

    def test_a_figure_lost(self, shop: Shop) -> None:
        shop.send()
        with shop.store.write():
            shop.store.db.execute("DELETE FROM rollup WHERE scope = 2")
        [row] = tallies.differences(shop.store)
        assert (row["table"], row["side"], row["visits"]) == ("rollup", "recounted", 1)


def test_rebuild_mends(shop: Shop) -> None:
    for _ in range(3):
        shop.send(employees={"served_by": {"code": "E1"}})
    shop.send(answers=POOR, practice=True)
    with shop.store.write():
        shop.store.db.execute("UPDATE tally SET n = n + 1")
        shop.store.db.execute("DELETE FROM rollup WHERE scope = 3")
    assert rebuild_figures(shop.store, now=NOW) == 3
    assert verify(shop.store) == []


class TestBins:
    """What an answer adds to: each second to 600, then one bin; never and n/a apart."""

    @pytest.mark.parametrize(
        ("seconds", "bin", "met"),
        [
            (0, 0, 1),
            ("19.999", 19, 1),
            (30, 30, 1),
            (31, 31, 1),  # within a tapped second of tolerance (SC-03)
            (32, 32, 0),
            (600, 600, 0),
            ("600.999", 600, 0),
            (601, 601, 0),
            (5000, 601, 0),
            ("never", -1, 0),
        ],
    )
    def test_seconds(self, shop: Shop, seconds: object, bin: int, met: int) -> None:
        shop.send(answers={**GOOD, "greeting_time": seconds})
        assert self.tally(shop, "greeting_time") == [(0, bin, met, 1), (1, bin, met, 1)]

    def test_not_applicable_is_neither_met_nor_asked(self, shop: Shop) -> None:
        shop.send(answers={**GOOD, "tidy": "na"})
        assert self.tally(shop, "tidy") == [(0, -2, -1, 1), (1, -2, -1, 1)]

    def tally(self, shop: Shop, item: str) -> list[tuple[int, int, int, int]]:
        rows = shop.store.rows(
            "SELECT tally.* FROM tally JOIN item ON item.id = item_id WHERE code = :item ORDER BY region_id",
            {"item": item},
        )
        return [(row["region_id"], row["bin"], row["met"], row["n"]) for row in rows]


class TestChangeCounts:
    def test_a_visit_moves_its_own_month_alone(self, shop: Shop) -> None:
        shop.send(visited_at="2026-09-10T12:00:00+03:00")
        shop.send()
        before = tallies.change_counts(shop.store, shop.series_id)
        shop.send()
        after = tallies.change_counts(shop.store, shop.series_id)
        assert after[202610] == before[202610] + 1
        assert (after[202609], after[0]) == (before[202609], before[0])

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE branch SET name = 'Quay' WHERE code = 'B1'",
            "UPDATE region SET name = 'Far north' WHERE code = 'north'",
            "INSERT INTO target (programme_id, measure, share, valid_from) VALUES (1, 'smile', 1, '2026-01')",
            "UPDATE programme SET name = 'Other'",
        ],
    )
    def test_what_figures_are_read_with_counts_too(self, shop: Shop, statement: str) -> None:
        before = tallies.change_count(shop.store)
        with shop.store.write():
            shop.store.db.execute(statement)
        assert tallies.change_count(shop.store) == before + 1

    def test_nothing_counts_twice(self, shop: Shop) -> None:
        receipt = shop.send()
        void(shop, receipt)
        void_again = shop.visit(receipt)
        with pytest.raises(Refused):
            review_visit(
                shop.store, void_again, decision="void", reason="So.", by=shop.people["rea"], now=NOW
            )
        assert tallies.differences(shop.store) == []


def test_taking_away_reads_no_other_rows(shop: Shop) -> None:
    """A void must not walk through every branch of the month."""
    shop.send()
    for statement in tallies.TAKING:
        plan = shop.store.rows("EXPLAIN QUERY PLAN " + statement, {"visit": 1, "sign": -1})
        scans = [row["detail"] for row in plan if row["detail"].startswith(("SCAN rollup", "SCAN tally"))]
        assert scans == []
