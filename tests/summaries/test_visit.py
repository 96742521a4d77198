"""One visit with its explanation, and what of it each person sees."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from checker.actions.correct_visit import correct_visit
from checker.actions.review_visit import review_visit
from checker.actions.submit_visit import Receipt
from checker.problem import Problem
from checker.standards.canonical import digest
from checker.standards.model import Axis
from checker.store import revisions
from checker.summaries.values import VisitSheet
from checker.summaries.visit import visit_sheet
from tests.making_store import GOOD, NOW, POOR, Shop


def sheet(shop: Shop, receipt: Receipt, who: str | None, now: datetime = NOW) -> VisitSheet:
    return visit_sheet(shop.store, receipt.id, person_id=shop.people[who] if who else None, now=now)


@pytest.fixture
def receipt(shop: Shop) -> Receipt:
    """A visit of Sam's to Mara's branch, served by Eve."""
    return shop.send(employees={"served_by": {"code": "E1"}}, answers={**GOOD, "greeting_time": 25})


class TestWhoSees:
    @pytest.mark.parametrize("who", ["mara", "lee", "lena", "rea", "ada", "eve", "sam", None])
    def test_those_it_concerns(self, shop: Shop, receipt: Receipt, who: str | None) -> None:
        assert sheet(shop, receipt, who).line.uuid == receipt.id

    def test_to_bo_it_does_not_exist(self, shop: Shop, receipt: Receipt) -> None:
        with pytest.raises(Problem) as problem:
            sheet(shop, receipt, "bo")
        assert problem.value.code == "not_found"

    def test_an_employee_who_did_not_serve_does_not_see_it(self, shop: Shop) -> None:
        with pytest.raises(Problem):
            sheet(shop, shop.send(employees={"served_by": {"code": "E2"}}), "eve")

    @pytest.mark.parametrize("who", ["mara", "lee", "eve"])
    def test_practice_is_between_the_shopper_and_the_office(self, shop: Shop, who: str) -> None:
        practised = shop.send(employees={"served_by": {"code": "E1"}}, practice=True)
        with pytest.raises(Problem):
            sheet(shop, practised, who)
        for seen_by in ("sam", "rea", "ada"):
            sheet(shop, practised, seen_by)

    @pytest.mark.parametrize("who", ["mara", "lee", "eve"])
    def test_nobody_in_the_branch_before_it_is_revealed(self, shop: Shop, receipt: Receipt, who: str) -> None:
        with pytest.raises(Problem):
            sheet(shop, receipt, who, now=datetime(2026, 10, 12, 2, 59, tzinfo=UTC))

    def test_its_shopper_and_the_office_at_once(self, shop: Shop, receipt: Receipt) -> None:
        for who in ("sam", "rea", "ada"):
            sheet(shop, receipt, who, now=datetime(2026, 10, 11, 12, 1, tzinfo=UTC))

    @pytest.mark.parametrize(
        ("who", "shopper", "hour"),
        [
            ("mara", None, False),
            ("lee", None, False),
            ("eve", None, False),
            ("sam", None, True),
            ("rea", "Sam", True),
            ("ada", "Sam", True),
        ],
    )
    def test_shopper_and_clock_time_are_for_the_office(
        self, shop: Shop, receipt: Receipt, who: str, shopper: str | None, hour: bool
    ) -> None:
        found = sheet(shop, receipt, who)
        assert (found.shopper, found.visited_at is not None) == (shopper, hour)
        assert (found.revisions[0].at is not None) == hour
        assert found.revisions[0].author == shopper
        assert (found.sent is not None) == (shopper is not None)

    @pytest.mark.parametrize(("who", "told"), [("mara", 0), ("lee", 0), ("eve", 0), (None, 0), ("rea", 1)])
    def test_no_hash_is_told_by_which_the_hour_can_be_found(
        self, shop: Shop, receipt: Receipt, who: str | None, told: int
    ) -> None:
        """A branch that knows everything else of a visit has but the minutes of its day to try."""
        body = revisions.get(shop.store, shop.visit(receipt)["id"], 1)
        found = sheet(shop, receipt, who)
        hashes = {found.hash, *(one.hash for one in found.revisions)} - {None}
        midnight = datetime.fromisoformat(body["visited_at"]).replace(hour=0, minute=0)
        tried = [midnight + timedelta(minutes=minute) for minute in range(24 * 60)]
        fits = [at for at in tried if digest({**body, "visited_at": at.isoformat()}) in hashes]
        assert len(fits) == told

    def test_the_branch_sees_no_name_of_the_shopper_anywhere(self, shop: Shop, receipt: Receipt) -> None:
        review_visit(
            shop.store, shop.visit(receipt), decision="approve", reason="", by=shop.people["rea"], now=NOW
        )
        for who in ("mara", "lee", "eve"):
            assert "Sam" not in repr(sheet(shop, receipt, who))

    @pytest.mark.parametrize(
        ("who", "employees"),
        [("mara", ("Eve",)), ("lee", ()), ("eve", ("Eve",)), ("rea", ("Eve",)), ("sam", ("E1",)), (None, ())],
    )
    def test_names(self, shop: Shop, receipt: Receipt, who: str | None, employees: tuple[str, ...]) -> None:
        assert sheet(shop, receipt, who).line.employees == employees

    @pytest.mark.parametrize(
        ("who", "named"),
        [
            ("lee", set()),
            ("lena", set()),
            (None, set()),
            ("eve", {"Eve"}),
            ("mara", {"Eve", "Ed", "Sam"}),
            ("rea", {"Eve", "Ed", "Sam"}),
            ("sam", {"Eve", "Ed", "Sam"}),
        ],
    )
    def test_words_name_nobody_to_those_who_see_codes(
        self, shop: Shop, who: str | None, named: set[str]
    ) -> None:
        written = "Eve served me, Ed looked on. Sam"
        answers = {**GOOD, "smile": {"value": "no", "note": written}, "remark": written}
        sent = shop.send(
            employees={"served_by": {"code": "E1"}}, answers=answers, context={"emotion_after": written}
        )
        found = sheet(shop, sent, who)
        for said in (
            found.answers["smile"].note,
            found.answers["remark"].value,
            found.context["emotion_after"],
        ):
            assert {name for name in ("Eve", "Ed", "Sam") if name in str(said)} == named
            assert "served me" in str(said)
        assert found.score is not None
        noted = {line.item.id: line.answer.note for line in found.score.lines if line.answer}
        assert noted["smile"] == found.answers["smile"].note

    def test_notes_are_for_reviewers(self, shop: Shop) -> None:
        receipt = shop.send(employees={"served_by": {"code": "E3"}})
        assert [note.code for note in sheet(shop, receipt, "rea").review_notes] == ["employee.not_employed"]
        assert sheet(shop, receipt, "mara").review_notes == ()


class TestExplanation:
    def test_adds_up_to_the_score(self, shop: Shop, receipt: Receipt) -> None:
        found = sheet(shop, receipt, "mara")
        assert found.score is not None
        for axis in Axis:
            told = sum(line.share for line in found.explanation if line.axis is axis)
            assert round(told * 1_000_000) == found.score.axes[axis].share
        assert found.line.compliance == 937_500

    def test_a_visit_that_was_not_completed_has_none(self, shop: Shop) -> None:
        found = sheet(shop, shop.send(outcome="closed", reason="Shut.", answers={}), "mara")
        assert (found.score, found.explanation, found.reason) == (None, (), "Shut.")
        assert found.scored_as_now

    def test_the_current_revision_is_shown(self, shop: Shop, receipt: Receipt) -> None:
        visit = shop.visit(receipt)
        body = {
            **shop.body(id=str(receipt.id), answers=POOR),
            "revises": visit["hash"],
            "reason": "Mixed up.",
        }
        correct_visit(shop.store, visit, body, by=shop.people["rea"], now=NOW)
        found = sheet(shop, receipt, "mara")
        assert (found.revision, found.line.compliance, found.answers["smile"].value) == (2, 0, False)
        assert [one.reason for one in found.revisions] == ["", "Mixed up."]
        assert found.reason == ""
        assert [event.kind for event in found.events] == ["revise"]

    def test_says_when_todays_scorer_would_score_otherwise(self, shop: Shop, receipt: Receipt) -> None:
        assert sheet(shop, receipt, "mara").scored_as_now
        with shop.store.write():
            shop.store.db.execute("UPDATE visit SET compliance = 1, scorer = 0")
        assert not sheet(shop, receipt, "mara").scored_as_now
