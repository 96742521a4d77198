"""An employee's own progress: for the employee, the manager and the office."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from checker.problem import Problem
from checker.standards.model import Axis
from checker.standards.month import Month
from checker.standards.statistics import Verdict
from checker.summaries.employee import employee_month
from checker.summaries.values import EmployeeMonth
from tests.making_store import GOOD, NOW, OCTOBER, POOR, Shop, publish_desk


def month(shop: Shop, who: str | None = "eve", code: str = "E1", **rest: Any) -> EmployeeMonth:
    return employee_month(
        shop.store,
        employee_code=code,
        month=rest.pop("month", OCTOBER),
        series_id=rest.pop("series_id", shop.series_id),
        person_id=shop.people[who] if who else None,
        now=rest.pop("now", NOW),
        **rest,
    )


def serve(shop: Shop, code: str = "E1", **rest: Any) -> None:
    shop.send(employees={"served_by": {"code": code}}, **rest)


class TestWhoSees:
    @pytest.mark.parametrize(
        ("who", "name"), [("eve", "Eve"), ("mara", "Eve"), ("rea", "Eve"), ("ada", "Eve"), (None, None)]
    )
    def test_the_employee_the_manager_and_the_office(
        self, shop: Shop, who: str | None, name: str | None
    ) -> None:
        serve(shop)
        summary = month(shop, who)
        assert (summary.code, summary.name, summary.axes[Axis.STANDARD].n) == ("E1", name, 1)

    @pytest.mark.parametrize("who", ["bo", "lee", "lena", "sam"])
    def test_nobody_else(self, shop: Shop, who: str) -> None:
        serve(shop)
        with pytest.raises(Problem) as problem:
            month(shop, who)
        assert problem.value.code == "not_found"

    def test_an_employee_sees_no_colleague(self, shop: Shop) -> None:
        serve(shop, "E2")
        with pytest.raises(Problem):
            month(shop, "eve", "E2")

    def test_a_manager_sees_the_visits_at_the_branches_looked_after(self, shop: Shop) -> None:
        """Eve helped out at Bo's branch; Mara does not look into it."""
        serve(shop)
        serve(shop, branch="B3", answers=POOR)
        assert month(shop, "mara").axes[Axis.STANDARD].n == 1
        assert month(shop, "eve").axes[Axis.STANDARD].n == 2

    def test_not_before_it_is_revealed(self, shop: Shop) -> None:
        serve(shop)
        early = datetime(2026, 10, 12, 2, 59, tzinfo=UTC)
        assert (month(shop, now=early).axes[Axis.STANDARD].n, month(shop, now=early).visits) == (0, ())

    def test_without_attribution_there_is_no_such_page(self, shop: Shop) -> None:
        serve(shop)
        with shop.store.write():
            shop.store.db.execute("UPDATE programme SET attribution = 'none'")
        for who in ("eve", "mara", "ada"):
            with pytest.raises(Problem):
                month(shop, who)

    def test_with_codes_the_employee_still_knows_who_it_is(self, shop: Shop) -> None:
        serve(shop)
        with shop.store.write():
            shop.store.db.execute("UPDATE programme SET attribution = 'code'")
        assert (month(shop, "eve").name, month(shop, "mara").name) == ("Eve", None)


class TestFigures:
    def test_own_items_alone(self, shop: Shop) -> None:
        """SC-08: an untidy shop is not up to Eve."""
        serve(shop, answers={**GOOD, "tidy": "no"})
        summary = month(shop)
        assert summary.axes[Axis.STANDARD].mean == 1.0
        assert "tidy" not in [one.standard for one in summary.standards]
        assert [line.compliance for line in summary.visits] == [1_000_000]

    def test_no_person_has_a_target(self, shop: Shop) -> None:
        with shop.store.write():
            shop.store.db.execute(
                "INSERT INTO target (programme_id, measure, share, valid_from) "
                "VALUES (1, 'compliance', 900000, '2020-01')"
            )
        for _ in range(6):
            serve(shop, answers=POOR)
        figure = month(shop).axes[Axis.STANDARD]
        assert (figure.target, figure.verdict) == (None, Verdict.UNDECIDED)

    def test_too_few_says_so_and_shows_the_figure(self, shop: Shop) -> None:
        for _ in range(4):
            serve(shop)
        summary = month(shop)
        assert (summary.too_few, summary.axes[Axis.STANDARD].mean) == (True, 1.0)
        serve(shop)
        assert not month(shop).too_few

    def test_standards_of_three_months(self, shop: Shop) -> None:
        for number in (6, 7, 8, 10):
            serve(shop, visited_at=f"2026-{number:02}-10T12:00:00+03:00")
        summary = month(shop)
        [smile] = [one for one in summary.standards if one.standard == "smile"]
        assert (smile.asked, smile.asked_before, summary.standards_from) == (2, 2, Month(2026, 8))
        assert len(summary.visits) == 2

    def test_practice_and_uncounted_visits_make_no_figure(self, shop: Shop) -> None:
        serve(shop)
        serve(shop, answers=POOR, practice=True)
        summary = month(shop)
        assert (summary.axes[Axis.STANDARD].mean, len(summary.visits)) == (1.0, 1)

    def test_only_the_role_held(self, shop: Shop) -> None:
        publish_desk(shop.store)
        shop.send(
            checklist="desk",
            employees={"greeter": {"code": "E1"}, "cashier": {"code": "E2"}},
            answers={"hello": "yes", "bill": "no"},
        )
        summary = month(shop)
        assert [(one.standard, one.met) for one in summary.standards] == [("hello", 1)]
        assert summary.axes[Axis.STANDARD].mean == 1.0

    def test_both_roles_make_one_visit(self, shop: Shop) -> None:
        publish_desk(shop.store)
        shop.send(
            checklist="desk",
            employees={"greeter": {"code": "E1"}, "cashier": {"code": "E1"}},
            answers={"hello": "yes", "bill": "no"},
        )
        figure = month(shop).axes[Axis.STANDARD]
        assert (figure.n, figure.mean) == (1, 0.25)

    def test_colleagues_in_a_visit_are_codes_to_an_employee(self, shop: Shop) -> None:
        publish_desk(shop.store)
        both = {"greeter": {"code": "E1"}, "cashier": {"code": "E2"}}
        shop.send(checklist="desk", employees=both, answers={"hello": "yes", "bill": "no"})
        assert sorted(month(shop).visits[0].employees) == ["E2", "Eve"]
        assert sorted(month(shop, "mara").visits[0].employees) == ["Ed", "Eve"]
