"""The network's and a region's month: from roll-ups, kept while they stand, and never more than figures
allow.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from checker.actions.change_branch import change_branch
from checker.actions.review_visit import review_visit
from checker.problem import Problem
from checker.reports import pictures
from checker.standards.model import Axis
from checker.standards.month import Month
from checker.standards.statistics import Change, Verdict
from checker.store import tallies, targets
from checker.summaries.branch import branch_month
from checker.summaries.network import network_month
from checker.summaries.values import NetworkMonth
from checker.words import words_for
from tests.making_store import GOOD, NEAT, NOW, OCTOBER, POOR, Shop, publish

MIXED = {**GOOD, "smile": "no"}
"""75 % Compliance."""

SEPTEMBER = "2026-09-10T12:00:00+03:00"


def month(shop: Shop, who: str | None = "lee", region: str | None = None, **rest: Any) -> NetworkMonth:
    return network_month(
        shop.store,
        series_id=shop.series_id,
        month=rest.pop("month", OCTOBER),
        region_code=region,
        person_id=shop.people[who] if who else None,
        now=rest.pop("now", NOW),
    )


def add_branches(shop: Shop, count: int) -> list[str]:
    """More branches in the south."""
    codes = [f"S{n}" for n in range(count)]
    region = shop.store.value("SELECT id FROM region WHERE code = 'south'")
    with shop.store.write():
        for code in codes:
            shop.branches[code] = shop.store.add(
                "branch", {"code": code, "name": f"Shop {code}", "region_id": region, "zone": "UTC"}
            )
    return codes


def set_target(shop: Shop, share: int, **scope: Any) -> None:
    with shop.store.write():
        targets.put(
            shop.store,
            programme_id=1,
            measure="compliance",
            share=share,
            valid_from=Month(2020, 1),
            **scope,
        )


class TestWhoSees:
    @pytest.mark.parametrize("who", ["lee", "ada", "rea", None])
    def test_the_network_those_who_look_after_all_of_it(self, shop: Shop, who: str | None) -> None:
        shop.send()
        assert month(shop, who).axes[Axis.STANDARD].n == 1

    @pytest.mark.parametrize("who", ["lena", "mara", "bo", "sam", "eve"])
    def test_nobody_else(self, shop: Shop, who: str) -> None:
        shop.send()
        with pytest.raises(Problem) as problem:
            month(shop, who)
        assert problem.value.code == "not_found"

    def test_leadership_of_a_region_sees_that_region(self, shop: Shop) -> None:
        shop.send()
        shop.send(branch="B3")
        assert month(shop, "lena", "north").axes[Axis.STANDARD].n == 1
        with pytest.raises(Problem):
            month(shop, "lena", "south")

    @pytest.mark.parametrize("who", ["mara", "bo", "sam", "eve"])
    def test_a_region_is_not_for_its_branches(self, shop: Shop, who: str) -> None:
        shop.send()
        with pytest.raises(Problem):
            month(shop, who, "north")

    def test_a_summary_that_is_kept_is_refused_all_the_same(self, shop: Shop) -> None:
        shop.send()
        month(shop, "lee")
        with pytest.raises(Problem):
            month(shop, "bo")

    def test_no_employee_is_in_it(self, shop: Shop) -> None:
        for _ in range(6):
            shop.send(employees={"served_by": {"code": "E1"}})
        told = repr(month(shop))
        assert "E1" not in told and "Eve" not in told and "Sam" not in told


class TestFigures:
    def test_are_those_of_every_counted_visit(self, shop: Shop) -> None:
        shop.send()
        shop.send(branch="B3", answers=MIXED, service_level="wow")
        shop.send(answers=POOR, practice=True)
        shop.send(outcome="closed", reason="Shut.", answers={})
        summary = month(shop)
        figure = summary.axes[Axis.STANDARD]
        assert (figure.n, figure.mean) == (2, 0.875)
        assert (summary.levels.wow, summary.levels.n) == (1, 1)
        assert summary.outcomes == {"closed": 1}
        assert (summary.branches, [place.code for place in summary.without_visits]) == (3, ["B2"])

    def test_a_region_has_its_own(self, shop: Shop) -> None:
        shop.send()
        shop.send(branch="B3", answers=MIXED)
        shop.send(branch="B3", outcome="closed", reason="Shut.", answers={})
        south = month(shop, region="south")
        assert south.scope is not None and south.scope.name == "South"
        assert (south.axes[Axis.STANDARD].mean, south.outcomes, south.branches) == (0.75, {"closed": 1}, 1)
        assert south.regions == ()
        [smile] = [one for one in south.standards if one.standard == "smile"]
        assert (smile.met, smile.asked) == (0, 1)

    def test_regions_stand_beside_each_other(self, shop: Shop) -> None:
        shop.send()
        shop.send(branch="B3", answers=MIXED)
        found = {place.code: figure.mean for place, figure in month(shop).regions}
        assert found == {"north": 1.0, "south": 0.75}

    def test_standards_agree_with_the_branch(self, shop: Shop) -> None:
        """One branch alone: tallies must say what its own answers say."""
        for seconds in (5, 20, 25, 31, 32, 700, "never"):
            shop.send(answers={**GOOD, "greeting_time": seconds, "tidy": "na"})
            shop.send(answers={**MIXED, "greeting_time": seconds}, visited_at=SEPTEMBER)
        branch = branch_month(
            shop.store, branch_code="B1", month=OCTOBER, series_id=shop.series_id, person_id=None, now=NOW
        )
        network = month(shop)
        assert network.standards == branch.standards
        assert network.standards[1].timing is not None
        assert network.standards[1].timing.median is not None

    def test_a_region_of_one_branch_is_that_branch(self, shop: Shop) -> None:
        for answers in (GOOD, MIXED, POOR, GOOD, MIXED):
            shop.send(branch="B3", answers=answers)
            shop.send(branch="B3", answers=POOR, visited_at=SEPTEMBER)
        branch = branch_month(
            shop.store, branch_code="B3", month=OCTOBER, series_id=shop.series_id, person_id=None, now=NOW
        )
        south = month(shop, region="south")
        assert south.axes == branch.axes
        assert south.trends == branch.trends

    def test_visits_of_one_branch_do_not_make_the_network_certain(self, shop: Shop) -> None:
        """Ten visits at each of two branches that differ: two branches, not twenty visits."""
        for n in range(10):
            shop.send(answers=GOOD if n % 2 else {**GOOD, "three_yes": 2})
            shop.send(branch="B3", answers=MIXED if n % 2 else {**MIXED, "three_yes": 2})
        interval = month(shop).axes[Axis.STANDARD].interval
        assert interval is not None and interval.high - interval.low > 1

    def test_thirteen_months_of_standards(self, shop: Shop) -> None:
        shop.send()
        shop.send(answers=MIXED, visited_at="2025-10-10T12:00:00+03:00")
        trend = month(shop).standard_trends["smile"]
        assert [(point.n, point.mean) for point in trend] == [(1, 0.0), *[(0, None)] * 11, (1, 1.0)]

    def test_another_mix_of_versions_makes_no_claim_of_change(self, shop: Shop) -> None:
        publish(shop.store, 2, NEAT)
        for _ in range(5):
            for branch in ("B1", "B2", "B3"):
                shop.send(branch=branch, answers=POOR, visited_at=SEPTEMBER)
                shop.send(branch=branch, version=2, answers=MIXED if branch == "B1" else GOOD)
        summary = month(shop)
        assert (summary.mix_changed, summary.versions) == (True, (2,))
        assert summary.axes[Axis.STANDARD].change is Change.UNDECIDED
        assert summary.regions[0][1].difference is None


class TestBands:
    @pytest.fixture
    def network(self, shop: Shop) -> Shop:
        """Against 80 %: two above, one open (81 %, widely spread), one below, one with four visits, one
        unvisited.
        """
        add_branches(shop, 3)
        set_target(shop, 800_000)
        for n in range(8):
            wobble = {"three_yes": 3 - n % 2}
            shop.send(branch="B1", answers={**GOOD, **wobble})
            shop.send(branch="B2", answers=GOOD if n < 5 else {**MIXED, "three_yes": 0})
            shop.send(branch="B3", answers={**POOR, **wobble})
            shop.send(branch="S0", answers={**GOOD, **wobble})
            if n < 4:
                shop.send(branch="S1", answers=POOR)
        return shop

    def test_each_branch_is_in_one(self, network: Shop) -> None:
        found = month(network)
        bands = {
            name: [line.branch.code for line in getattr(found, name)]
            for name in ("above", "undecided", "below", "too_few")
        }
        assert bands == {"above": ["B1", "S0"], "undecided": ["B2"], "below": ["B3"], "too_few": ["S1"]}
        assert [place.code for place in found.without_visits] == ["S2"]

    def test_a_claim_agrees_with_its_interval(self, network: Shop) -> None:
        found = month(network)
        assert all(line.interval is not None and line.interval.low > 0.8 for line in found.above)
        assert all(line.interval is not None and line.interval.high < 0.8 for line in found.below)
        assert [line.interval for line in found.too_few] == [None]

    def test_without_a_target_none_stands_out(self, shop: Shop) -> None:
        for n in range(6):
            shop.send(answers={**GOOD, "three_yes": 3 - n % 2})
            shop.send(branch="B3", answers=POOR)
        found = month(shop)
        assert (found.above, found.below, found.branch_target) == ((), (), None)
        assert [line.branch.code for line in found.undecided] == ["B3", "B1"]  # Centre, Harbour

    def test_a_closed_branch_is_not_missed(self, shop: Shop) -> None:
        shop.send()
        with shop.store.write():
            shop.store.db.execute("UPDATE branch SET closed_on = '2026-09-30' WHERE code = 'B2'")
        found = month(shop)
        assert (found.branches, [place.code for place in found.without_visits]) == (2, ["B3"])
        assert month(shop, month=Month(2026, 9)).branches == 3


class TestKept:
    """A summary is made once and kept while everything it rests on stands."""

    def test_the_same_again_is_the_same(self, shop: Shop) -> None:
        shop.send()
        assert month(shop).standards is month(shop).standards

    def test_a_visit_shows_at_once(self, shop: Shop) -> None:
        receipt = shop.send()
        assert month(shop).axes[Axis.STANDARD].n == 1
        shop.send(branch="B3")
        assert month(shop).axes[Axis.STANDARD].n == 2
        review_visit(
            shop.store, shop.visit(receipt), decision="void", reason="So.", by=shop.people["rea"], now=NOW
        )
        assert month(shop).axes[Axis.STANDARD].n == 1

    def test_so_does_a_visit_that_was_not_completed(self, shop: Shop) -> None:
        shop.send()
        assert month(shop).outcomes == {}
        shop.send(outcome="closed", reason="Shut.", answers={})
        assert month(shop).outcomes == {"closed": 1}

    def test_so_does_a_target(self, shop: Shop) -> None:
        shop.send()
        assert month(shop).branch_target is None
        set_target(shop, 800_000)
        assert month(shop).branch_target == 0.8

    def test_so_does_a_branchs_new_name(self, shop: Shop) -> None:
        shop.send(branch="B3")
        month(shop)
        with shop.store.write():
            shop.store.db.execute("UPDATE branch SET name = 'Quay' WHERE code = 'B1'")
        assert [place.name for place in month(shop).without_visits] == ["Airport", "Quay"]

    def test_data_reach_to_the_last_visit_of_any_kind(self, shop: Shop) -> None:
        """For leadership to the moment at which it was revealed, and not a minute sooner is anything told."""
        shop.send()
        first = month(shop).data_until
        shop.send(method="observation", now=datetime(2026, 10, 19, 8, 0, tzinfo=UTC))
        assert first < month(shop).data_until == datetime(2026, 10, 20, 3, 0, tzinfo=UTC)
        assert month(shop, who="ada").data_until == datetime(2026, 10, 19, 8, 0, tzinfo=UTC)

    def test_it_is_not_shared_between_databases(self, shop: Shop, tmp_path_factory: Any) -> None:
        from tests.making_store import shop as made

        shop.send()
        assert month(shop).axes[Axis.STANDARD].mean == 1.0
        with made(tmp_path_factory.mktemp("other")) as other:
            other.send(answers=MIXED)
            assert month(other).axes[Axis.STANDARD].mean == 0.75


def test_a_verdict_of_the_network_minds_branches(shop: Shop) -> None:
    """Three branches alike: the network is below its target; one that differs widely leaves it open."""
    set_target(shop, 900_000)
    for branch, answers in (("B1", MIXED), ("B2", {**MIXED, "three_yes": 2}), ("B3", MIXED)):
        for _ in range(3):
            shop.send(branch=branch, answers=answers)
    assert month(shop).axes[Axis.STANDARD].verdict is Verdict.BELOW
    [code] = add_branches(shop, 1)
    for _ in range(3):
        shop.send(branch=code, answers=POOR)
    assert month(shop).axes[Axis.STANDARD].verdict is Verdict.UNDECIDED


class TestABranchThatMoved:
    """Old months keep their region (design §2): what was said of it then is said of it still."""

    def told(self, shop: Shop, region: str | None = None) -> Any:
        summary = month(shop, region=region)
        return summary.axes, [figure for _, figure in summary.regions], summary.trends

    def move(self, shop: Shop, code: str, region: str) -> None:
        change_branch(
            shop.store, code=code, name=code, region=region, zone="UTC", by=shop.people["ada"], now=NOW
        )

    @pytest.fixture
    def visited(self, shop: Shop) -> list[str]:
        """Three branches in the south, the first of them poor, and Harbour and Station in the north."""
        codes = add_branches(shop, 3)
        for at in (SEPTEMBER, "2026-10-10T12:00:00+03:00"):
            for code in ("B1", "B2", *codes):
                for answers in (GOOD, MIXED, GOOD):
                    shop.send(
                        branch=code,
                        answers=POOR if code == codes[0] else answers,
                        employees={},
                        visited_at=at,
                    )
        return codes

    def test_leaves_every_figure_of_its_regions_as_it_was(self, shop: Shop, visited: list[str]) -> None:
        before = [self.told(shop, region) for region in (None, "north", "south")]
        self.move(shop, visited[0], "north")
        assert [self.told(shop, region) for region in (None, "north", "south")] == before

    def test_is_not_called_without_visits_where_it_lies_now(self, shop: Shop, visited: list[str]) -> None:
        self.move(shop, visited[0], "north")
        north = month(shop, region="north")
        assert north.without_visits == ()
        assert sorted(line.branch.code for line in north.too_few) == ["B1", "B2"]

    def test_is_one_branch_of_the_network_where_it_moved_within_the_month(
        self, shop: Shop, visited: list[str]
    ) -> None:
        for _ in range(3):
            shop.send(branch=visited[0], answers=MIXED, employees={})
        stayed = self.told(shop)[0]
        with shop.store.write():
            shop.store.db.execute(
                "UPDATE visit SET region_id = (SELECT id FROM region WHERE code = 'north') "
                "WHERE id IN (SELECT id FROM visit ORDER BY id DESC LIMIT 3)"
            )
        tallies.rebuild(shop.store)
        assert self.told(shop)[0] == stayed
        line = next(one for one in month(shop).undecided if one.branch.code == visited[0])
        assert line.n == 6


ANSWERED = """
      - id: reply_time
        type: duration
        points: 8
        target_s: 3600
        limit_s: 7200
        axis: standard
        level: branch
        text: {en: "How long until the reply?"}
"""


def test_times_of_hours_are_told_apart_up_to_their_limit(shop: Shop) -> None:
    """Half an hour, an hour and a half, three hours: in time, late, too late."""
    publish(shop.store, 2, ANSWERED)
    for seconds in (1800, 5400, 10_800):
        shop.send(version=2, answers={**GOOD, "reply_time": seconds})
    for summary in (
        month(shop),
        branch_month(
            shop.store,
            branch_code="B1",
            month=OCTOBER,
            series_id=shop.series_id,
            person_id=shop.people["mara"],
            now=NOW,
        ),
    ):
        timing = next(one.timing for one in summary.standards if one.standard == "reply_time")
        assert timing is not None and timing.median is not None
        assert (timing.within_target, timing.within_limit, timing.timed) == (1, 2, 3)
        assert (timing.median.value, timing.median.at_least) == (5400, False)
        bars = pictures.seconds(timing, "Reply", words_for("en")).bins
        assert [bar.count for bar in bars if bar.count] == [1, 1, 1]
    cost = next(one for one in month(shop).costs if one.standard == "reply_time")
    assert cost.gap == pytest.approx(1 - (1 + 0.75 + 0) / 3)
