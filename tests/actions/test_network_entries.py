"""Regions, branches, employees, employments and targets, one at a time as pages do it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from checker.actions.add_branch import add_branch
from checker.actions.add_employee import add_employee
from checker.actions.add_employment import add_employment
from checker.actions.add_region import add_region
from checker.actions.change_branch import change_branch
from checker.actions.change_employee import change_employee
from checker.actions.change_employment import change_employment
from checker.actions.change_region import change_region
from checker.actions.remove_employment import remove_employment
from checker.actions.remove_target import remove_target
from checker.actions.set_target import set_target
from checker.problem import Problem
from checker.standards.faults import Refused
from checker.standards.month import Month
from checker.store import employees, employments, regions, targets, trail
from checker.store.connection import Store

NOW = datetime(2026, 10, 15, 9, 30, tzinfo=UTC)
BY = {"by": None, "now": NOW}


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    return [(fault.place, fault.code) for fault in refused.value.faults]


def test_each_act_is_one_line_in_the_trail(network: Store) -> None:
    add_region(network, code="R3", name="West", **BY)
    add_branch(network, code="B9", name="Quay", region="R3", zone="UTC", **BY)
    add_employee(network, code="E9", name="Nia", **BY)
    key = add_employment(network, employee="E9", branch="B9", from_on="2026-01-01", **BY)
    change_employment(network, employment_id=key, branch="B9", from_on="2026-01-01", to_on="2026-09-30", **BY)
    remove_employment(network, employment_id=key, **BY)
    acts = [line["act"] for line in reversed(trail.newest(network))]
    assert acts == [
        "region.add",
        "branch.add",
        "employee.add",
        "employment.add",
        "employment.change",
        "employment.remove",
    ]
    assert all("Nia" not in str(line) for line in trail.newest(network))


def test_codes_are_taken_once(network: Store) -> None:
    with pytest.raises(Refused) as refused:
        add_branch(network, code="B001", name="", region="R9", zone="Mars/Base", **BY)
    assert codes(refused) == [
        ("code", "branch.taken"),
        ("name", "name.length"),
        ("zone", "branch.zone"),
        ("region", "branch.region"),
    ]
    for add in (add_region, add_employee):
        with pytest.raises(Refused):
            add(network, code=" x", name="", **BY)
    with pytest.raises(Refused):
        add_region(network, code="R1", name="Again", **BY)
    with pytest.raises(Refused):
        add_employee(network, code="E0001", name="Again", **BY)


def test_a_region_retires_when_its_branches_have_gone(network: Store) -> None:
    with pytest.raises(Refused) as refused:
        change_region(network, code="R2", name="South", retired=True, **BY)
    assert codes(refused) == [("retired", "region.in_use")]
    old_town = {"name": "Old Town", "region": "R2", "zone": "Europe/Bucharest"}
    assert change_branch(network, code="B003", **old_town, closed_on="2026-09-30", **BY)
    assert not change_branch(network, code="B003", **old_town, closed_on="2026-09-30", **BY)
    assert change_region(network, code="R2", name="South", retired=True, **BY)
    assert not change_region(network, code="R2", name="South", retired=True, **BY)
    region = regions.find(network, "R2")
    assert region is not None
    assert region["retired_at"] == int(NOW.timestamp())
    assert change_region(network, code="R2", name="South", **BY)


def test_an_employee_leaves_and_comes_back(network: Store) -> None:
    assert change_employee(network, code="E0001", name="Eve Alder", retired=True, **BY)
    assert change_employee(network, code="E0001", name="Eve  Elm", **BY)
    employee = employees.find(network, "E0001")
    assert employee is not None
    assert (employee["name"], employee["retired_at"]) == ("Eve Elm", None)


def test_employments_do_not_overlap_at_one_branch_but_may_at_two(network: Store) -> None:
    with pytest.raises(Refused) as refused:
        add_employment(network, employee="E0001", branch="B001", from_on="2026-05-01", **BY)
    assert codes(refused) == [("from", "employment.overlap")]
    add_employment(network, employee="E0001", branch="B002", from_on="2026-05-01", to_on="2026-05-31", **BY)
    with pytest.raises(Refused) as refused:
        add_employment(network, employee="E0001", branch="B002", from_on="2026-05-31", **BY)
    assert codes(refused) == [("from", "employment.overlap")]
    add_employment(network, employee="E0001", branch="B002", from_on="2026-06-01", **BY)
    employee = employees.find(network, "E0001")
    assert employee is not None
    assert [row["branch"] for row in employments.list_of(network, employee["id"])] == ["B001", "B002", "B002"]


def test_what_is_not_there_is_not_found(network: Store) -> None:
    acts: dict[str, Callable[[], object]] = {
        "region": lambda: change_region(network, code="none", name="x", **BY),
        "branch": lambda: change_branch(network, code="none", name="x", region="R1", zone="UTC", **BY),
        "employee": lambda: change_employee(network, code="none", name="x", **BY),
        "employed": lambda: add_employment(network, employee="none", branch="B001", from_on=None, **BY),
        "employment": lambda: remove_employment(network, employment_id=999, **BY),
    }
    for name, act in acts.items():
        with pytest.raises(Problem) as problem:
            act()
        assert problem.value.status == 404, name


def test_targets_are_set_from_a_month_on(network: Store) -> None:
    set_target(network, measure="compliance", percent=Decimal("85.5"), valid_from=Month(2026, 1), **BY)
    set_target(network, measure="compliance", percent=Decimal(90), valid_from=Month(2026, 1), **BY)
    set_target(
        network, measure="experience", percent=Decimal(80), valid_from=Month(2026, 2), branch="B001", **BY
    )
    rows = targets.list_for(network, "main")
    assert [(row["measure"], row["share"], row["branch"], row["valid_from"]) for row in rows] == [
        ("compliance", 900_000, None, "2026-01"),
        ("experience", 800_000, "B001", "2026-02"),
    ]
    remove_target(network, target_id=rows[0]["id"], **BY)
    assert len(targets.list_for(network, "main")) == 1
    with pytest.raises(Refused) as refused:
        set_target(
            network,
            measure="smiles",
            percent=Decimal("101"),
            valid_from=Month(2026, 1),
            region="R9",
            branch="B001",
            checklist="none",
            **BY,
        )
    assert {fault.place for fault in refused.value.faults} == {
        "measure",
        "percent",
        "region",
        "branch",
        "checklist",
    }
