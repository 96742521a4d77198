"""A visit arrives: once, whole, with every figure, or refused with every fault."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from checker.actions.submit_visit import Sender, Way, submit_visit
from checker.problem import Problem
from checker.standards.faults import Refused
from checker.standards.model import Axis
from checker.store import figures, tallies, visits
from tests.making_store import GOOD, NOW, PICTURED, POOR, Shop, publish, publish_desk


def faults(shop: Shop, **changes: Any) -> dict[str, str]:
    """The faults a visit is refused with: place -> code."""
    with pytest.raises(Refused) as refused:
        shop.send(**changes)
    return {fault.place: fault.code for fault in refused.value.faults}


def note_codes(shop: Shop, receipt: Any) -> list[str]:
    return [note["code"] for note in visits.list_review_notes(shop.store, shop.visit(receipt)["id"])]


def counted(shop: Shop) -> int:
    months = figures.rollups(shop.store, series_id=shop.series_id, region_id=None, first=202601, last=202612)
    return sum(row["visits"] for row in months.values())


class TestStored:
    def test_receipt_after_everything_is_stored(self, shop: Shop) -> None:
        receipt = shop.send(employees={"served_by": {"code": "E1"}})
        row = shop.visit(receipt)
        assert receipt.fresh and receipt.manifest_hash == row["hash"]
        assert (row["compliance"], row["experience"], row["month"]) == (1_000_000, 1_000_000, 202610)
        assert receipt.score is not None and receipt.score.axes[Axis.STANDARD].share == 1_000_000
        assert len(visits.list_answers(shop.store, row["id"])) == 6
        assert counted(shop) == 1
        assert tallies.differences(shop.store) == []

    def test_same_id_and_content_gives_the_same_receipt(self, shop: Shop) -> None:
        body = shop.body()
        sender = Sender(Way.API, shop.people["sam"], shop.people["sam"])
        first = submit_visit(shop.store, body, sender=sender, now=NOW)
        again = submit_visit(shop.store, body, sender=sender, now=NOW + timedelta(hours=1))
        assert (again.id, again.manifest_hash, again.received_at) == (
            first.id,
            first.manifest_hash,
            first.received_at,
        )
        assert first.fresh and not again.fresh
        assert counted(shop) == 1

    def test_same_id_with_other_content_is_refused_and_both_are_kept(self, shop: Shop) -> None:
        body = shop.body()
        sender = Sender(Way.API, shop.people["sam"], shop.people["sam"])
        submit_visit(shop.store, body, sender=sender, now=NOW)
        other = {**body, "answers": POOR}
        for _ in range(2):  # a client that tries again adds nothing
            with pytest.raises(Problem) as problem:
                submit_visit(shop.store, other, sender=sender, now=NOW)
            assert (problem.value.code, problem.value.status) == ("visit.other_content", 409)
        kept = shop.store.rows("SELECT body FROM visit_conflict")
        assert len(kept) == 1 and '"never"' in kept[0]["body"]
        assert counted(shop) == 1

    def test_a_reviewer_is_told_of_other_content_once(self, shop: Shop) -> None:
        body = shop.body()
        receipt = shop.send(**body)
        for answers in (POOR, {**POOR, "tidy": "yes"}):
            with pytest.raises(Problem):
                shop.send(**{**body, "answers": answers})
        assert note_codes(shop, receipt) == ["visit.other_content"]

    def test_a_retry_is_receipted_even_when_it_would_be_refused_today(self, shop: Shop) -> None:
        """A tablet that never got its receipt must be able to let go of its copy."""
        body = shop.body(employees={"served_by": {"code": "E1"}})
        sender = Sender(Way.TABLET, shop.people["sam"], shop.people["sam"])
        first = submit_visit(shop.store, body, sender=sender, now=NOW)
        with shop.store.write():
            shop.store.db.execute("UPDATE programme SET attribution = 'none'")
        again = submit_visit(shop.store, body, sender=sender, now=NOW)
        assert again.manifest_hash == first.manifest_hash and not again.fresh

    def test_an_employee_of_two_roles_is_one_visit(self, shop: Shop) -> None:
        """SC-08: with the score of both roles together, not one for each."""
        publish_desk(shop.store)
        both = {"greeter": {"code": "E1"}, "cashier": {"code": "E1"}}
        receipt = shop.send(checklist="desk", employees=both, answers={"hello": "yes", "bill": "no"})
        row = shop.store.row("SELECT * FROM rollup WHERE scope = 3")
        assert row is not None
        assert (row["visits"], row["compliance_n"], row["compliance_sum"]) == (1, 1, 250_000)
        scores = [row["compliance"] for row in visits.list_employees(shop.store, shop.visit(receipt)["id"])]
        assert sorted(scores, key=str) == [250_000, None]

    def test_two_employees_have_each_their_own(self, shop: Shop) -> None:
        publish_desk(shop.store)
        each = {"greeter": {"code": "E1"}, "cashier": {"code": "E2"}}
        shop.send(checklist="desk", employees=each, answers={"hello": "yes", "bill": "no"})
        rows = shop.store.rows(
            "SELECT scope_id, compliance_sum FROM rollup WHERE scope = 3 ORDER BY scope_id"
        )
        assert [row["compliance_sum"] for row in rows] == [1_000_000, 0]

    def test_the_month_is_the_branchs(self, shop: Shop) -> None:
        """22:30 UTC on the last of September is October in Helsinki."""
        receipt = shop.send(visited_at="2026-09-30T22:30:00Z")
        assert shop.visit(receipt)["month"] == 202610


class TestUnknown:
    @pytest.mark.parametrize(
        ("change", "place", "code"),
        [
            ({"branch": "B9"}, "branch", "branch.unknown"),
            ({"version": 7}, "checklist", "checklist.unknown"),
            ({"programme": "other"}, "programme", "programme.unknown"),
            ({"employees": {"served_by": {"code": "E9"}}}, "employees.served_by", "employee.unknown"),
            ({"employees": {"cashier": {"code": "E1"}}}, "employees.cashier", "body.unknown_role"),
            ({"assignment": str(uuid4())}, "assignment", "assignment.unknown"),
        ],
    )
    def test_is_refused_at_its_place(self, shop: Shop, change: Any, place: str, code: str) -> None:
        assert faults(shop, **change) == {place: code}

    def test_every_fault_is_told_at_once(self, shop: Shop) -> None:
        told = faults(shop, branch="B9", version=7, programme="other")
        assert set(told) == {"branch", "checklist", "programme"}

    def test_nothing_of_a_refused_visit_is_stored(self, shop: Shop) -> None:
        faults(shop, branch="B9")
        assert visits.count(shop.store) == 0


class TestTime:
    AHEAD = (NOW + timedelta(minutes=11)).isoformat()

    def test_the_api_refuses_the_future(self, shop: Shop) -> None:
        assert faults(shop, visited_at=self.AHEAD, now=NOW) == {"visited_at": "visit.in_future"}

    def test_ten_minutes_are_a_clock(self, shop: Shop) -> None:
        receipt = shop.send(visited_at=(NOW + timedelta(minutes=10)).isoformat(), now=NOW)
        assert note_codes(shop, receipt) == []

    def test_a_tablets_clock_is_noted_not_refused(self, shop: Shop) -> None:
        receipt = shop.send(visited_at=self.AHEAD, now=NOW, way=Way.TABLET)
        assert note_codes(shop, receipt) == ["visit.clock_ahead"]


class TestEmployees:
    def test_somebody_employed_elsewhere_is_noted(self, shop: Shop) -> None:
        receipt = shop.send(employees={"served_by": {"code": "E3"}})
        assert note_codes(shop, receipt) == ["employee.not_employed"]

    def test_somebody_employed_here_is_not(self, shop: Shop) -> None:
        assert note_codes(shop, shop.send(employees={"served_by": {"code": "E1"}})) == []

    def test_a_description_is_kept(self, shop: Shop) -> None:
        receipt = shop.send(employees={"served_by": {"described": "badge: Anna"}})
        [row] = visits.list_employees(shop.store, shop.visit(receipt)["id"])
        assert (row["employee_id"], row["described"]) == (None, "badge: Anna")

    def test_without_attribution_the_field_does_not_exist(self, shop: Shop) -> None:
        with shop.store.write():
            shop.store.db.execute("UPDATE programme SET attribution = 'none'")
        assert faults(shop, employees={"served_by": {"code": "E1"}}) == {
            "employees.served_by": "employee.not_recorded"
        }
        assert shop.visit(shop.send())["counted"] == 1


class TestCounted:
    def test_practice_never_counts(self, shop: Shop) -> None:
        receipt = shop.send(practice=True)
        assert (shop.visit(receipt)["compliance"], shop.visit(receipt)["counted"]) == (1_000_000, 0)
        assert counted(shop) == 0

    def test_a_competitor_does_not(self, shop: Shop) -> None:
        shop.send(subject="competitor")
        assert counted(shop) == 0

    def test_nor_a_visit_before_the_staff_were_told(self, shop: Shop) -> None:
        with shop.store.write():
            shop.store.db.execute("UPDATE programme SET notice_given_on = '2026-10-11'")
        shop.send(visited_at="2026-10-10T23:30:00+03:00")
        assert counted(shop) == 0
        shop.send(visited_at="2026-10-11T00:10:00+03:00")
        assert counted(shop) == 1

    def test_with_review_only_after_approval(self, shop: Shop) -> None:
        with shop.store.write():
            shop.store.db.execute("UPDATE programme SET review = 1")
        shop.send()
        assert counted(shop) == 0

    def test_an_observation_has_figures_of_its_own(self, shop: Shop) -> None:
        shop.send()
        shop.send(method="observation")
        assert counted(shop) == 1
        assert shop.store.value("SELECT count(*) FROM series") == 2


class TestOutcome:
    def test_a_closed_branch_needs_a_reason(self, shop: Shop) -> None:
        assert faults(shop, outcome="closed", answers={}) == {"reason": "body.reason_missing"}

    def test_and_then_neither_items_nor_a_score(self, shop: Shop) -> None:
        receipt = shop.send(outcome="closed", reason="Shut for stocktaking.", answers={})
        row = shop.visit(receipt)
        assert (row["compliance"], row["experience"], row["counted"]) == (None, None, 0)
        assert receipt.score is None
        assert visits.list_answers(shop.store, row["id"]) == {}
        assert figures.unfinished(shop.store, series_id=shop.series_id, region_id=None, month=202610) == {
            "closed": 1
        }

    def test_na_is_refused_where_it_is_forbidden(self, shop: Shop) -> None:
        assert faults(shop, answers={**GOOD, "smile": "na"}) == {"smile": "answer.na_forbidden"}

    def test_a_completed_visit_needs_every_required_item(self, shop: Shop) -> None:
        answers = {item: value for item, value in GOOD.items() if item != "smile"}
        assert faults(shop, answers=answers) == {"smile": "answer.missing"}


class TestPhotos:
    @pytest.fixture
    def pictured(self, shop: Shop) -> Shop:
        publish(shop.store, 2, PICTURED)
        return shop

    def test_a_program_sends_or_names_what_is_required(self, pictured: Shop) -> None:
        assert faults(pictured, version=2) == {"window": "answer.missing"}

    def test_a_listed_photo_answers_before_it_has_arrived(self, pictured: Shop) -> None:
        pictured.send(version=2, photos=[{"item": "window", "sha256": "a" * 64}])
        assert pictured.store.value("SELECT stored_hash IS NULL FROM photo") == 1

    def test_the_form_takes_no_photos_so_a_reviewer_is_told(self, pictured: Shop) -> None:
        receipt = pictured.send(version=2, way=Way.FORM)
        assert note_codes(pictured, receipt) == ["photo.missing"]


class TestReveal:
    def set_reveal(self, shop: Shop, reveal: str) -> None:
        with shop.store.write():
            shop.store.db.execute("UPDATE programme SET reveal = :reveal", {"reveal": reveal})

    @pytest.mark.parametrize(
        ("received", "revealed"),
        [
            ("2026-10-20T12:00:00+00:00", "2026-10-21T03:00:00+00:00"),
            ("2026-10-20T02:00:00+00:00", "2026-10-20T03:00:00+00:00"),  # 5 in the morning in Helsinki
            ("2026-10-20T03:00:00+00:00", "2026-10-21T03:00:00+00:00"),
            ("2026-10-24T12:00:00+00:00", "2026-10-25T04:00:00+00:00"),  # clocks go back in the night between
        ],
    )
    def test_next_morning_is_six_in_the_branch(self, shop: Shop, received: str, revealed: str) -> None:
        receipt = shop.send(now=datetime.fromisoformat(received))
        told = datetime.fromtimestamp(shop.visit(receipt)["revealed_at"], UTC)
        assert told == datetime.fromisoformat(revealed)

    def test_on_approval_nothing_shows_before(self, shop: Shop) -> None:
        self.set_reveal(shop, "on_approval")
        assert shop.visit(shop.send())["revealed_at"] is None

    def test_at_once(self, shop: Shop) -> None:
        self.set_reveal(shop, "at_once")
        assert shop.visit(shop.send(now=NOW))["revealed_at"] == int(NOW.timestamp())


class TestAssignment:
    def assign(self, shop: Shop, shopper: str = "sam", branch: str = "B1") -> str:
        uuid = uuid4()
        with shop.store.write():
            shop.store.add(
                "assignment",
                {
                    "uuid": uuid.bytes,
                    "programme_id": 1,
                    "branch_id": shop.branches[branch],
                    "checklist_id": 1,
                    "shopper_id": shop.people[shopper],
                    "visit_from": date(2026, 10, 1).isoformat(),
                    "visit_to": date(2026, 10, 31).isoformat(),
                    "report_by": date(2026, 11, 1).isoformat(),
                    "state_at": 0,
                    "created_at": 0,
                },
            )
        return str(uuid)

    def test_is_done_with_its_visit(self, shop: Shop) -> None:
        shop.send(assignment=self.assign(shop))
        assert shop.store.value("SELECT state FROM assignment") == "done"

    def test_for_another_branch_is_refused(self, shop: Shop) -> None:
        assert faults(shop, assignment=self.assign(shop, branch="B2")) == {"assignment": "assignment.other"}

    def test_of_another_shopper_does_not_exist(self, shop: Shop) -> None:
        assert faults(shop, assignment=self.assign(shop, shopper="ada")) == {
            "assignment": "assignment.unknown"
        }
