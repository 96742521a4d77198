"""A branch's month: what its manager sees, when, and what of it leaves the branch."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from checker.actions.review_visit import review_visit
from checker.problem import Problem
from checker.standards.model import Axis
from checker.standards.month import Month
from checker.standards.statistics import Change, Verdict
from checker.store import targets
from checker.summaries.branch import branch_month
from checker.summaries.employees import last_quarter_over
from checker.summaries.values import BranchMonth, StandardFigure
from tests.making_store import GOOD, NEAT, NOW, OCTOBER, POOR, Shop, publish

MIXED = {**GOOD, "smile": "no"}
"""75 % Compliance."""


def month(shop: Shop, *, who: str | None = "mara", branch: str = "B1", **rest: Any) -> BranchMonth:
    return branch_month(
        shop.store,
        branch_code=branch,
        month=rest.pop("month", OCTOBER),
        series_id=shop.series_id,
        person_id=shop.people[who] if who else None,
        now=rest.pop("now", NOW),
        **rest,
    )


def standard(summary: BranchMonth, name: str) -> StandardFigure:
    return next(one for one in summary.standards if one.standard == name)


def set_target(shop: Shop, share: int, **scope: Any) -> None:
    with shop.store.write():
        targets.put(
            shop.store,
            programme_id=1,
            measure=scope.pop("measure", "compliance"),
            share=share,
            valid_from=scope.pop("valid_from", Month(2020, 1)),
            **scope,
        )


def programme(shop: Shop, setting: str) -> None:
    with shop.store.write():
        shop.store.db.execute(f"UPDATE programme SET {setting}")


class TestWhoSees:
    @pytest.mark.parametrize("who", ["mara", "lee", "lena", "rea", "ada"])
    def test_those_who_look_after_it(self, shop: Shop, who: str) -> None:
        shop.send()
        assert month(shop, who=who).axes[Axis.STANDARD].n == 1

    @pytest.mark.parametrize("who", ["bo", "sam", "eve"])
    def test_to_a_stranger_it_does_not_exist(self, shop: Shop, who: str) -> None:
        shop.send()
        with pytest.raises(Problem) as problem:
            month(shop, who=who)
        assert (problem.value.code, problem.value.status) == ("not_found", 404)

    def test_nor_does_a_branch_that_is_not_there(self, shop: Shop) -> None:
        shop.send()
        with pytest.raises(Problem):
            month(shop, branch="B9")

    def test_somebody_whose_access_was_taken_away_sees_nothing(self, shop: Shop) -> None:
        shop.send()
        with shop.store.write():
            shop.store.change("person", shop.people["mara"], {"disabled_at": 1})
        with pytest.raises(Problem):
            month(shop)

    def test_another_branchs_visits_are_not_in_it(self, shop: Shop) -> None:
        shop.send(branch="B3")
        summary = month(shop)
        assert (summary.axes[Axis.STANDARD].n, summary.visits) == (0, ())


class TestReveal:
    def test_the_branch_sees_a_visit_the_next_morning(self, shop: Shop) -> None:
        """Sent at noon UTC on the 11th; six in the morning in Helsinki is 03:00 UTC."""
        shop.send(employees={"served_by": {"code": "E1"}})
        before = month(shop, now=datetime(2026, 10, 12, 2, 59, tzinfo=UTC))
        assert (before.axes[Axis.STANDARD].n, before.visits) == (0, ())
        assert all(line.n == 0 for line in before.employees)
        assert standard(before, "smile").asked == 0
        assert before.trends[Axis.STANDARD][-1].n == 0
        assert month(shop, now=datetime(2026, 10, 12, 3, 0, tzinfo=UTC)).axes[Axis.STANDARD].n == 1

    def test_outcomes_too(self, shop: Shop) -> None:
        shop.send(outcome="closed", reason="Shut.", answers={})
        assert month(shop, now=datetime(2026, 10, 12, 2, 59, tzinfo=UTC)).outcomes == {}
        assert month(shop).outcomes == {"closed": 1}

    @pytest.mark.parametrize("who", ["rea", "ada", None])
    def test_the_office_and_the_house_see_it_at_once(self, shop: Shop, who: str | None) -> None:
        shop.send()
        assert month(shop, who=who, now=datetime(2026, 10, 11, 12, 1, tzinfo=UTC)).axes[Axis.STANDARD].n == 1

    def test_until_approved_nothing(self, shop: Shop) -> None:
        programme(shop, "reveal = 'on_approval'")
        shop.send()
        assert month(shop).visits == ()


class TestAxes:
    def test_the_mean_of_visits(self, shop: Shop) -> None:
        shop.send()
        shop.send(answers=MIXED)
        figure = month(shop).axes[Axis.STANDARD]
        assert (figure.n, figure.mean) == (2, 0.875)
        assert figure.verdict is Verdict.TOO_FEW

    def test_practice_is_not_in_it(self, shop: Shop) -> None:
        shop.send()
        shop.send(answers=POOR, practice=True)
        summary = month(shop)
        assert (summary.axes[Axis.STANDARD].n, len(summary.visits)) == (1, 1)

    def test_five_visits_below_the_target_are_below(self, shop: Shop) -> None:
        set_target(shop, 900_000)
        for answers in (POOR, POOR, MIXED, POOR, POOR):
            shop.send(answers=answers)
        figure = month(shop).axes[Axis.STANDARD]
        assert (figure.target, figure.verdict) == (0.9, Verdict.BELOW)
        assert figure.interval is not None and figure.interval.high < 0.9

    def test_four_are_not(self, shop: Shop) -> None:
        set_target(shop, 900_000)
        for answers in (POOR, POOR, MIXED, POOR):
            shop.send(answers=answers)
        assert month(shop).axes[Axis.STANDARD].verdict is Verdict.TOO_FEW

    def test_a_change_needs_five_on_each_side(self, shop: Shop) -> None:
        september = "2026-09-10T12:00:00+03:00"
        for _ in range(4):
            shop.send(answers=POOR, visited_at=september)
        for answers in (GOOD, MIXED, GOOD, GOOD, GOOD):
            shop.send(answers=answers)
        assert month(shop).axes[Axis.STANDARD].change is Change.TOO_FEW
        shop.send(answers=POOR, visited_at=september)
        figure = month(shop).axes[Axis.STANDARD]
        assert (figure.change, figure.n_before, figure.mean_before) == (Change.ROSE, 5, 0.0)

    def test_the_scatter_of_other_branches_keeps_a_lucky_five_from_looking_certain(self, shop: Shop) -> None:
        """Five visits that agree by chance; at other branches visits scatter widely."""
        for _ in range(5):
            shop.send(answers=MIXED)
        shop.send(answers={**MIXED, "three_yes": 2})
        alone = month(shop).axes[Axis.STANDARD].interval
        for answers in (GOOD, POOR, GOOD, POOR, GOOD, POOR, GOOD, POOR):
            shop.send(answers=answers, branch="B3")
        among = month(shop).axes[Axis.STANDARD].interval
        assert alone is not None and among is not None
        assert among.high - among.low > 3 * (alone.high - alone.low)


class TestTargets:
    def target(self, shop: Shop, at: Month = OCTOBER) -> float | None:
        return month(shop, month=at).axes[Axis.STANDARD].target

    def test_the_narrowest_scope_wins(self, shop: Shop) -> None:
        shop.send()
        region = shop.store.value("SELECT id FROM region WHERE code = 'north'")
        assert self.target(shop) is None
        set_target(shop, 700_000)
        assert self.target(shop) == 0.7
        set_target(shop, 750_000, checklist_id=1)
        assert self.target(shop) == 0.75
        set_target(shop, 800_000, region_id=region)
        assert self.target(shop) == 0.8
        set_target(shop, 850_000, branch_id=shop.branches["B1"])
        assert self.target(shop) == 0.85
        set_target(shop, 100_000, branch_id=shop.branches["B2"])
        assert self.target(shop) == 0.85

    def test_an_old_month_keeps_its_own(self, shop: Shop) -> None:
        shop.send()
        set_target(shop, 700_000)
        set_target(shop, 900_000, valid_from=OCTOBER)
        assert (self.target(shop, OCTOBER.previous()), self.target(shop)) == (0.7, 0.9)
        trend = month(shop).trends[Axis.STANDARD]
        assert [point.target for point in trend[-2:]] == [0.7, 0.9]

    def test_a_standard_has_its_own(self, shop: Shop) -> None:
        shop.send()
        set_target(shop, 900_000, measure="smile")
        assert standard(month(shop), "smile").target == 0.9
        assert standard(month(shop), "tidy").target is None


class TestTrend:
    def test_thirteen_months_with_gaps(self, shop: Shop) -> None:
        shop.send()
        shop.send(visited_at="2025-10-10T12:00:00+03:00")
        shop.send(visited_at="2025-09-10T12:00:00+03:00")
        trend = month(shop).trends[Axis.STANDARD]
        assert [str(point.month) for point in (trend[0], trend[-1])] == ["2025-10", "2026-10"]
        assert [point.n for point in trend] == [1, *[0] * 11, 1]
        assert trend[1].mean is None


class TestStandards:
    def test_in_the_order_they_are_asked(self, shop: Shop) -> None:
        shop.send()
        names = [one.standard for one in month(shop).standards]
        assert names == ["tidy", "greeting_time", "smile", "three_yes", "welcome_felt", "try_out"]

    def test_met_of_asked_with_na_apart(self, shop: Shop) -> None:
        for tidy in ("yes", "no", "na"):
            shop.send(answers={**GOOD, "tidy": tidy})
        figure = standard(month(shop), "tidy")
        assert (figure.met, figure.asked, figure.na, figure.share) == (1, 2, 1, 0.5)

    def test_times_keep_never_apart(self, shop: Shop) -> None:
        for seconds in (12, 20, 25, 31, 95, "never"):
            shop.send(answers={**GOOD, "greeting_time": seconds})
        figure = standard(month(shop), "greeting_time")
        assert figure.timing is not None
        assert (figure.asked, figure.met) == (6, 4)
        assert (figure.timing.never, figure.timing.timed) == (1, 5)
        assert figure.timing.median is not None and figure.timing.median.value == 25
        assert (figure.timing.within_target, figure.timing.within_limit) == (2, 4)

    def test_counts_and_scales_tell_each_value(self, shop: Shop) -> None:
        for yes in (3, 3, 1):
            shop.send(answers={**GOOD, "three_yes": yes})
        assert standard(month(shop), "three_yes").counts == {1: 1, 3: 2}
        assert standard(month(shop), "tidy").counts == {}

    def test_a_trial_item_makes_no_claim(self, shop: Shop) -> None:
        """SC-13: neither against a target set for it, nor of a fall; tables and programs read this."""
        with shop.store.write():
            targets.put(
                shop.store, programme_id=1, measure="try_out", share=900_000, valid_from=Month(2020, 1)
            )
        for at, said in ((9, "yes"), (10, "no")):
            for _ in range(9):
                shop.send(
                    answers={**GOOD, "try_out": said},
                    visited_at=datetime(2026, at, 5, 9, tzinfo=UTC).isoformat(),
                )
        tried = next(one for one in month(shop).standards if one.item.trial)
        assert (tried.met, tried.met_before, tried.target) == (0, 9, 0.9)
        assert (tried.verdict, tried.change) == (Verdict.UNDECIDED, Change.UNDECIDED)

    def test_a_trial_item_is_there_and_marked(self, shop: Shop) -> None:
        shop.send()
        figure = standard(month(shop), "try_out")
        assert (figure.item.trial, figure.met, figure.asked) == (True, 0, 1)

    def test_items_of_one_standard_are_counted_together(self, shop: Shop) -> None:
        publish(shop.store, 2, NEAT)
        shop.send(version=2, answers={**GOOD, "neat": "no"})
        figure = standard(month(shop), "tidy")
        assert (figure.met, figure.asked) == (1, 2)

    def test_a_month_without_visits_still_lists_them(self, shop: Shop) -> None:
        shop.send()
        summary = month(shop, month=Month(2026, 11))
        assert [one.asked for one in summary.standards] == [0] * 6


class TestMix:
    SEPTEMBER = "2026-09-10T12:00:00+03:00"

    def both_months(self, shop: Shop, version: int) -> BranchMonth:
        for answers in (GOOD, MIXED, GOOD, GOOD, GOOD):
            shop.send(answers=POOR, visited_at=self.SEPTEMBER)
            shop.send(version=version, answers=answers)
        return month(shop)

    def test_other_versions_make_no_claim_of_change(self, shop: Shop) -> None:
        publish(shop.store, 2, NEAT)
        summary = self.both_months(shop, 2)
        figure = summary.axes[Axis.STANDARD]
        assert summary.mix_changed and summary.versions == (2,)
        assert (figure.change, figure.difference) == (Change.UNDECIDED, None)
        assert {one.change for one in summary.standards} <= {Change.UNDECIDED, Change.TOO_FEW}

    def test_the_same_versions_do(self, shop: Shop) -> None:
        summary = self.both_months(shop, 1)
        assert not summary.mix_changed
        assert summary.axes[Axis.STANDARD].change is Change.ROSE
        assert standard(summary, "tidy").change is Change.ROSE


class TestVisits:
    def test_neither_shopper_nor_clock_time(self, shop: Shop) -> None:
        shop.send()
        [line] = month(shop).visits
        assert line.day == date(2026, 10, 10)
        assert not {"shopper", "visited_at", "received_at"} & set(type(line).__dataclass_fields__)

    def test_newest_first(self, shop: Shop) -> None:
        for day in (3, 9, 5):
            shop.send(visited_at=datetime(2026, 10, day, 9, tzinfo=UTC).isoformat())
        assert [line.day.day for line in month(shop).visits] == [9, 5, 3]

    def test_descriptions_stay_as_they_were_given(self, shop: Shop) -> None:
        shop.send(employees={"served_by": {"described": "badge: Anna"}})
        assert month(shop).visits[0].employees == ("badge: Anna",)

    def test_leadership_is_not_told_who_served_in_one_visit(self, shop: Shop) -> None:
        shop.send(employees={"served_by": {"code": "E1"}})
        assert month(shop, who="lee").visits[0].employees == ()
        assert month(shop, who="mara").visits[0].employees == ("Eve",)

    def test_data_reach_to_the_last_visit_received(self, shop: Shop) -> None:
        shop.send(branch="B3", now=NOW - timedelta(minutes=3))
        assert month(shop, who="rea").data_until == NOW - timedelta(minutes=3)

    @pytest.mark.parametrize("who", ["mara", "lee", None])  # nobody: a report of the command line
    def test_the_branch_is_not_told_when_a_visit_comes_in(self, shop: Shop, who: str) -> None:
        """Design §1: that a shopper has just sent a visit is as much as to say when they were there."""
        shop.send()
        told = month(shop, who=who).data_until
        shop.send(now=NOW - timedelta(minutes=3))
        assert month(shop, who=who).data_until == told == datetime(2026, 10, 12, 3, 0, tzinfo=UTC)

    def test_data_reach_to_the_last_approval_whichever_visit_came_first(self, shop: Shop) -> None:
        programme(shop, "reveal = 'on_approval'")
        first, second = (shop.visit(shop.send(now=NOW - timedelta(days=2))) for _ in range(2))
        for hours, visit in ((6, second), (3, first)):
            at = NOW - timedelta(hours=hours)
            review_visit(shop.store, visit, decision="approve", reason="", by=shop.people["rea"], now=at)
        assert month(shop).data_until == NOW - timedelta(hours=3)


class TestEmployees:
    def serve(self, shop: Shop, code: str, times: int, month: int = 10) -> None:
        for _ in range(times):
            shop.send(
                employees={"served_by": {"code": code}},
                visited_at=datetime(2026, month, 5, 9, tzinfo=UTC).isoformat(),
            )

    def test_a_manager_sees_names_and_every_figure(self, shop: Shop) -> None:
        self.serve(shop, "E1", 2)
        ed, eve = month(shop).employees
        assert (ed.name, ed.n, ed.mean) == ("Ed", 0, None)
        assert (eve.name, eve.n, eve.mean, eve.too_few) == ("Eve", 2, 1.0, True)
        assert eve.span == (date(2026, 10, 5), date(2026, 10, 5))
        assert eve.interval is None

    def test_by_name_never_by_score(self, shop: Shop) -> None:
        for _ in range(5):
            shop.send(employees={"served_by": {"code": "E1"}}, answers=GOOD)
            shop.send(employees={"served_by": {"code": "E2"}}, answers=POOR)
        assert [line.name for line in month(shop).employees] == ["Ed", "Eve"]

    def test_somebody_from_elsewhere_who_served_is_listed(self, shop: Shop) -> None:
        self.serve(shop, "E3", 1)
        assert [line.code for line in month(shop).employees] == ["E3", "E2", "E1"]  # Bea, Ed, Eve

    @pytest.mark.parametrize("who", ["lee", "lena"])
    def test_leadership_sees_codes(self, shop: Shop, who: str) -> None:
        self.serve(shop, "E1", 5)
        summary = month(shop, who=who)
        assert not summary.names_shown
        assert [(line.code, line.name) for line in summary.employees] == [("E1", None), ("E2", None)]

    def test_where_the_programme_says_codes_so_does_everybody(self, shop: Shop) -> None:
        programme(shop, "attribution = 'code'")
        shop.send(employees={"served_by": {"code": "E1"}})
        shop.send(employees={"served_by": {"described": "badge: Anna"}})
        summary = month(shop)
        assert [line.name for line in summary.employees] == [None, None]
        assert sorted(line.employees for line in summary.visits) == [(), ("E1",)]

    def test_where_it_says_none_there_are_none(self, shop: Shop) -> None:
        self.serve(shop, "E1", 1)
        programme(shop, "attribution = 'none'")
        summary = month(shop)
        assert (summary.employees, summary.visits[0].employees) == ((), ())

    def test_what_leaves_is_of_the_last_quarter_that_is_over(self, shop: Shop) -> None:
        self.serve(shop, "E1", 2, month=7)
        self.serve(shop, "E1", 3, month=9)
        self.serve(shop, "E1", 6)
        eve, ed = month(shop, who="lee").employees
        assert (eve.n, eve.mean, eve.since, eve.through) == (5, 1.0, Month(2026, 7), Month(2026, 9))
        assert not eve.withheld
        assert (ed.n, ed.since, ed.through, ed.withheld) == (0, eve.since, eve.through, True)

    def test_no_day_leaves_that_would_tell_who_served_in_a_visit(self, shop: Shop) -> None:
        """The branch's visits are told by day: "first visit 3 August" would make one of them Eve's."""
        self.serve(shop, "E1", 6, month=8)
        self.serve(shop, "E2", 6, month=9)
        for who in ("lee", None):
            assert [(line.mean, line.span) for line in month(shop, who=who).employees] == [(1.0, None)] * 2

    @pytest.mark.parametrize(
        ("at", "running", "last"),
        [
            ((2026, 9), (2026, 10), (2026, 9)),
            ((2026, 9), (2026, 9), (2026, 6)),  # September is not over yet
            ((2026, 8), (2026, 10), (2026, 6)),
            ((2026, 12), (2026, 10), (2026, 9)),
            ((2026, 2), (2026, 10), (2025, 12)),
            ((2026, 1), (2026, 1), (2025, 12)),
        ],
    )
    def test_which_quarter_that_is(
        self, at: tuple[int, int], running: tuple[int, int], last: tuple[int, int]
    ) -> None:
        assert last_quarter_over(Month(*at), Month(*running)) == Month(*last)

    def test_who_left_after_the_month_is_not_listed_for_a_quarter_before(self, shop: Shop) -> None:
        self.serve(shop, "E3", 1)  # Bea works elsewhere
        assert [line.code for line in month(shop, who="lee").employees] == ["E1", "E2"]
        self.serve(shop, "E3", 1, month=8)
        assert [line.code for line in month(shop, who="lee").employees] == ["E1", "E2", "E3"]

    def test_who_left_in_the_quarter_told_is_not_among_those_who_work_here(self, shop: Shop) -> None:
        """The staff room's sheet is silent about employees where fewer than three can be meant."""
        self.serve(shop, "E3", 1, month=8)  # Bea works elsewhere
        for who, listed in (("lee", 3), (None, 3), ("mara", 2)):
            summary = month(shop, who=who)
            assert (len(summary.employees), summary.working) == (listed, 2)
        self.serve(shop, "E3", 1)
        assert [month(shop, who=who).working for who in ("lee", None, "mara")] == [3, 3, 3]

    def test_where_it_is_not_kept_nobody_is_known_to_work(self, shop: Shop) -> None:
        self.serve(shop, "E1", 1)
        programme(shop, "attribution = 'none'")
        assert month(shop).working is None

    def test_below_five_only_n_leaves_the_branch(self, shop: Shop) -> None:
        self.serve(shop, "E1", 4, month=8)
        self.serve(shop, "E2", 3, month=8)
        for line in month(shop, who="lee").employees:
            assert (line.mean, line.experience, line.interval, line.span) == (None,) * 4
            assert line.withheld
        assert [line.n for line in month(shop, who="lee").employees] == [4, 3]

    def test_what_a_subtraction_would_tell_is_withheld_too(self, shop: Shop) -> None:
        """Eve has six, Ed two: branch minus Eve would be Ed."""
        self.serve(shop, "E1", 6, month=8)
        self.serve(shop, "E2", 2, month=8)
        assert [line.mean for line in month(shop, who="lee").employees] == [None, None]
        assert [line.n for line in month(shop, who="lee").employees] == [6, 2]

    def test_nor_what_months_alone_would_tell(self, shop: Shop) -> None:
        """In July Eve served alone: the figure is hers, and of her quarter two visits would be left."""
        self.serve(shop, "E1", 5, month=7)
        self.serve(shop, "E1", 2, month=8)
        self.serve(shop, "E2", 6, month=8)
        assert [line.mean for line in month(shop, who="lee").employees] == [None, None]

    def test_a_visit_of_which_nobody_knows_who_served_hides_as_well(self, shop: Shop) -> None:
        self.serve(shop, "E1", 6, month=8)
        self.serve(shop, "E2", 2, month=8)
        shop.send(employees={}, visited_at=datetime(2026, 8, 6, 9, tzinfo=UTC).isoformat())
        assert [line.mean for line in month(shop, who="lee").employees] == [1.0, None]

    def test_few_visits_with_an_experience_are_few(self, shop: Shop) -> None:
        self.serve(shop, "E1", 6, month=8)
        self.serve(shop, "E2", 6, month=8)
        with shop.store.write():
            shop.store.db.execute(
                "UPDATE visit_employee SET experience = NULL WHERE employee_id = :eve AND visit_id > 3",
                {"eve": shop.employees["E1"]},
            )
        assert [line.experience for line in month(shop, who="lee").employees] == [None, None]

    def test_nobody_hidden_hides_nobody(self, shop: Shop) -> None:
        self.serve(shop, "E1", 6, month=8)
        self.serve(shop, "E2", 5, month=8)
        assert [line.mean for line in month(shop, who="lee").employees] == [1.0, 1.0]

    def test_the_house_makes_what_leaves_unless_told_otherwise(self, shop: Shop) -> None:
        self.serve(shop, "E1", 2)
        outside, inside = month(shop, who=None), month(shop, who=None, audience="manager")
        assert [line.name for line in outside.employees] == [None, None]
        assert outside.employees[0].withheld
        assert [line.name for line in inside.employees] == ["Ed", "Eve"]

    def test_leadership_cannot_ask_for_the_managers_copy(self, shop: Shop) -> None:
        self.serve(shop, "E1", 2)
        assert not month(shop, who="lee", audience="manager").names_shown


class TestFindings:
    def test_are_of_this_months_figures(self, shop: Shop) -> None:
        set_target(shop, 900_000)
        for answers in (POOR, POOR, MIXED, POOR, POOR):
            shop.send(answers=answers)
        first = month(shop).findings[0]
        assert (first.kind, first.n, first.target) == ("axis_below", 5, 0.9)

    def test_a_critical_item_flags(self, shop: Shop) -> None:
        shop.send(answers=POOR)
        assert month(shop).flagged == 1
