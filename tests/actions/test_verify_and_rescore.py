"""What is stored is held against the visits; a new scorer is asked first and applied whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from checker.actions.rescore import rescore
from checker.actions.verify_store import verify
from checker.cli import group
from checker.standards.model import Axis
from checker.store import trail
from checker.store.connection import connected
from tests.making_store import GOOD, NOW, POOR, Shop


@pytest.fixture
def filled(shop: Shop) -> Shop:
    """Visits of every kind."""
    shop.send(employees={"served_by": {"code": "E1"}}, service_level="wow")
    shop.send(employees={"served_by": {"described": "tall"}}, answers=POOR)
    shop.send(practice=True, subject="competitor")
    shop.send(outcome="closed", reason="Shut.", answers={}, employees={"served_by": {"code": "E2"}})
    return shop


def run(shop: Shop, statement: str) -> None:
    with shop.store.write():
        shop.store.db.execute("PRAGMA defer_foreign_keys = ON")
        shop.store.db.execute(statement)


class TestVerify:
    def test_a_sound_store_has_no_fault(self, filled: Shop) -> None:
        assert verify(filled.store) == []

    @pytest.mark.parametrize(
        ("statement", "what"),
        [
            ("UPDATE visit SET compliance = 999999 WHERE id = 3", "compliance"),
            ("UPDATE visit SET experience = NULL WHERE id = 3", "experience"),
            ("UPDATE visit SET flagged = 1 WHERE id = 3", "flagged"),
            ("UPDATE visit SET counted = 1 WHERE id = 4", "counted"),
            ("UPDATE visit SET month = 202601 WHERE id = 3", "month"),
            ("UPDATE visit SET outcome = 'unsafe' WHERE id = 4", "outcome"),
            ("UPDATE visit SET practice = 0 WHERE id = 3", "practice"),
            ("UPDATE visit SET visited_at = visited_at + 1 WHERE id = 3", "visited_at"),
            ("UPDATE answer SET met = 0 WHERE visit_id = 3 AND item_id = 3", "answers"),
            ("DELETE FROM answer WHERE visit_id = 3 AND item_id = 1", "answers"),
            ("UPDATE visit_employee SET employee_id = 2 WHERE visit_id = 1", "employees"),
            ("DELETE FROM visit_employee WHERE visit_id = 4", "employees"),
            ("UPDATE visit_employee SET compliance = 1 WHERE visit_id = 1", "employees' scores"),
        ],
    )
    def test_anything_else_than_the_revision_says_is_told(
        self, filled: Shop, statement: str, what: str
    ) -> None:
        run(filled, statement)
        told = {fault.details.get("what") for fault in verify(filled.store) if fault.code == "verify.visit"}
        assert what in told

    def test_a_revision_that_was_changed(self, filled: Shop) -> None:
        run(
            filled,
            "UPDATE visit_revision SET body = (SELECT body FROM visit_revision WHERE visit_id = 2) "
            "WHERE visit_id = 1",
        )
        assert [fault.code for fault in verify(filled.store)] == ["verify.revision_changed"]

    def test_a_revision_that_is_no_text_any_more(self, filled: Shop) -> None:
        run(filled, "UPDATE visit_revision SET body = x'ffff' WHERE visit_id = 1")
        assert [fault.code for fault in verify(filled.store)] == ["verify.revision_unreadable"]

    def test_a_revision_that_is_gone(self, filled: Shop) -> None:
        run(filled, "DELETE FROM visit_revision WHERE visit_id = 1")
        assert "verify.revision_missing" in [fault.code for fault in verify(filled.store)]

    def test_a_reference_to_nothing(self, filled: Shop) -> None:
        careless = connected(filled.store.path)
        careless.execute("PRAGMA foreign_keys = OFF")
        careless.execute("UPDATE visit SET shopper_id = 999 WHERE id = 1")
        careless.close()
        assert [fault.code for fault in verify(filled.store)] == ["verify.reference"]

    def test_a_branch_whose_zone_was_set_right_keeps_its_old_months(self, filled: Shop) -> None:
        filled.send(visited_at="2026-09-30T22:30:00Z")  # October in Helsinki
        run(filled, "UPDATE branch SET zone = 'UTC'")
        assert verify(filled.store) == []


def older(shop: Shop) -> None:
    """As if the first visit had been scored by rules that gave it nothing."""
    run(shop, "UPDATE visit SET scorer = 0, compliance = 0, experience = 0, flagged = 1 WHERE id = 1")
    run(shop, "UPDATE answer SET met = 0 WHERE visit_id = 1")
    run(shop, "UPDATE visit_employee SET compliance = 0, experience = 0 WHERE visit_id = 1")
    from checker.store import tallies

    tallies.rebuild(shop.store)


class TestRescore:
    def test_nothing_to_do(self, filled: Shop) -> None:
        found = rescore(filled.store, now=NOW)
        assert (found.visits, found.changed) == (4, ())

    def test_a_dry_run_tells_and_changes_nothing(self, filled: Shop) -> None:
        older(filled)
        before = filled.store.rows("SELECT * FROM visit")
        [change] = rescore(filled.store, now=NOW, dry_run=True).changed
        assert (change.scorer, change.compliance, change.flagged) == (0, (0, 1_000_000), (True, False))
        assert filled.store.rows("SELECT * FROM visit") == before

    def test_a_visit_of_an_older_scorer_is_no_fault(self, filled: Shop) -> None:
        older(filled)
        assert verify(filled.store) == []

    def test_it_stores_scores_answers_employees_and_figures(self, filled: Shop) -> None:
        sound = {
            table: filled.store.rows(f"SELECT * FROM {table}")
            for table in ("visit", "answer", "visit_employee", "rollup", "tally")
        }
        older(filled)
        assert len(rescore(filled.store, now=NOW, dry_run=False).changed) == 1
        for table, rows in sound.items():
            assert filled.store.rows(f"SELECT * FROM {table}") == rows
        assert verify(filled.store) == []
        assert rescore(filled.store, now=NOW).changed == ()
        assert trail.newest(filled.store, 1)[0]["act"] == "visits.rescore"

    def test_the_scorers_number_is_set_where_nothing_changed(self, filled: Shop) -> None:
        run(filled, "UPDATE visit SET scorer = 0")
        assert rescore(filled.store, now=NOW, dry_run=False).changed == ()
        assert filled.store.value("SELECT count(*) FROM visit WHERE scorer = 0") == 0


class TestCommands:
    @pytest.fixture
    def checker(self, filled: Shop, tmp_path: Path) -> Callable[..., tuple[int, str]]:
        def run(*words: str) -> tuple[int, str]:
            done = CliRunner().invoke(group(), ["--instance", str(tmp_path), *words])
            assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
            return done.exit_code, done.output

        return run

    def test_verify(self, filled: Shop, checker: Callable[..., tuple[int, str]]) -> None:
        code, told = checker("verify")
        assert (code, "4 visits" in told) == (0, True)
        run(filled, "UPDATE tally SET n = 9")
        code, told = checker("verify")
        assert code == 1 and "tally series_id=1" in told and "rebuild" in told

    def test_rebuild(self, filled: Shop, checker: Callable[..., tuple[int, str]]) -> None:
        run(filled, "DELETE FROM rollup")
        assert checker("rebuild")[0] == 0
        assert verify(filled.store) == []

    def test_rescore(self, filled: Shop, checker: Callable[..., tuple[int, str]]) -> None:
        older(filled)
        code, told = checker("rescore", "--dry-run")
        assert code == 0
        assert "compliance 0.0 % -> 100.0 %" in told and "1 of 4 visits would change" in told
        assert "1 of 4 visits changed" in checker("rescore")[1]
        assert "0 of 4 visits would change" in checker("rescore", "--dry-run")[1]


def test_both_axes_of_what_was_sent(shop: Shop) -> None:
    receipt = shop.send(answers={**GOOD, "welcome_felt": 2})
    assert receipt.score is not None
    assert receipt.score.axes[Axis.EXPERIENCE].share == 250_000
