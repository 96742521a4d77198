"""Scores through the API, and the places, people and checklists they are about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from checker.standards.canonical import digest
from checker.standards.month import Month
from checker.store import targets
from checker.store.connection import Store
from tests import people
from tests.browsing import Clock
from tests.making_store import GOOD, POOR, publish
from tests.web.asking import Program, faults_of, visit

AsProgram = Callable[..., Program]

AUGUST = "2026-08-10T12:00:00+03:00"
"""A day of the last quarter that is over in October."""

OF_OCTOBER = {"month": "2026-10", "checklist": "shop"}


@pytest.fixture
def send(as_program: AsProgram, clock: Clock) -> Callable[..., None]:
    """Sends visits in Sam's name and lets the night pass, so that the branch may see them."""

    def send_(n: int, employee: str | None = None, **changes: Any) -> None:
        served = {"employees": {"served_by": {"code": employee}}} if employee else {}
        for _ in range(n):
            assert as_program("sam").post("/visits", visit(**served, **changes)).status_code == 201
        clock.pass_by(days=1)

    return send_


def scores(program: Program, **query: str) -> dict[str, Any]:
    answer = program.get("/scores", **{**OF_OCTOBER, **query})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


# --- by branch, month, standard -----------------------------------------------------------------------------


def test_by_branch_each_branch_in_sight_has_its_figure(as_program: AsProgram, send: Callable[..., None]):
    send(3)
    send(1, answers=POOR)
    send(1, branch="B003")
    shown = scores(as_program("lee"), by="branch")
    figures = {row["branch"]: row["compliance"] for row in shown["rows"]}
    assert {branch: (one["n"], one["mean"]) for branch, one in figures.items()} == {
        "B001": (4, 0.75),
        "B002": (0, None),
        "B003": (1, 1.0),
    }
    assert [row["branch"] for row in scores(as_program("mara"), by="branch")["rows"]] == ["B001", "B002"]
    assert [row["branch"] for row in scores(as_program("lee"), by="branch", region="R2")["rows"]] == ["B003"]
    assert scores(as_program("bo"), by="branch", branch="B001")["rows"] == []


def test_by_branch_a_target_is_told_and_no_verdict(
    as_program: AsProgram, store: Store, send: Callable[..., None]
):
    send(1)
    with store.write():
        targets.put(store, programme_id=1, measure="compliance", share=900_000, valid_from=Month(2026, 1))
    row = scores(as_program("mara"), by="branch", branch="B001")["rows"][0]
    assert row["compliance"]["target"] == 0.9
    assert set(row["compliance"]) == {"n", "mean", "low", "high", "target"}


def test_what_is_not_revealed_yet_is_in_no_figure_of_the_branch(as_program: AsProgram):
    as_program("sam").post("/visits", visit())
    rows = scores(as_program("mara"), by="branch", branch="B001")["rows"]
    assert rows[0]["compliance"]["n"] == 0
    assert scores(as_program("rea"), by="branch", branch="B001")["rows"][0]["compliance"]["n"] == 1


def test_by_month_thirteen_months_end_with_the_one_asked_for(
    as_program: AsProgram, send: Callable[..., None]
):
    send(1)
    send(1, visited_at="2026-08-10T12:00:00+03:00", answers=POOR)
    for scope in ({}, {"region": "R1"}, {"branch": "B001"}):
        shown = scores(as_program("lee"), by="month", **scope)
        assert [row["month"] for row in shown["rows"]][::6] == ["2025-10", "2026-04", "2026-10"]
        means = {row["month"]: row["compliance"]["mean"] for row in shown["rows"] if row["compliance"]["n"]}
        assert means == {"2026-08": 0.0, "2026-10": 1.0}
        assert {key: shown[key] for key in scope} == scope


def test_by_standard_times_and_counts_are_told(as_program: AsProgram, send: Callable[..., None]):
    send(2)
    send(1, answers={**GOOD, "greeting_time": "never", "three_yes": 1})
    for scope in ({}, {"region": "R1"}, {"branch": "B001"}):
        shown = scores(as_program("lee"), by="standard", **scope)
        rows = {row["standard"]: row for row in shown["rows"]}
        assert list(rows) == ["tidy", "greeting_time", "smile", "three_yes", "welcome_felt", "try_out"]
        assert (rows["greeting_time"]["met"], rows["greeting_time"]["asked"]) == (2, 3)
        timing = rows["greeting_time"]["timing"]
        assert (timing["seconds"], timing["never"], timing["median_s"]) == ({"12": 2}, 1, 12)
        assert rows["three_yes"]["counts"] == {"1": 1, "3": 2}
        assert rows["tidy"]["verdict"] == "too_few"
        assert shown["versions"] == [1]


def test_methods_have_figures_of_their_own(as_program: AsProgram, send: Callable[..., None]):
    send(1)
    send(1, method="observation", answers=POOR)
    program = as_program("lee")
    assert scores(program, by="branch", branch="B001")["rows"][0]["compliance"]["mean"] == 1.0
    observed = scores(program, by="branch", branch="B001", method="observation")["rows"][0]
    assert observed["compliance"]["mean"] == 0.0


# --- by employee: what leaves the branch (design §5) --------------------------------------------------------


def of_employees(program: Program) -> dict[str, tuple[int, float | None, bool]]:
    rows = scores(program, by="employee", branch="B001")["rows"]
    return {row["employee"]: (row["n"], row["compliance"], row["withheld"]) for row in rows}


@pytest.mark.parametrize("name", ["mara", "lee", "rea", "ada"])
def test_a_figure_of_fewer_than_five_visits_is_withheld_from_everybodys_programs(
    as_program: AsProgram, send: Callable[..., None], name: str
):
    send(4, "E0001", visited_at=AUGUST)
    assert of_employees(as_program(name)) == {"E0001": (4, None, True), "E0002": (0, None, True)}
    send(1, "E0001", visited_at=AUGUST)
    assert of_employees(as_program(name))["E0001"] == (5, 1.0, False)


def test_it_is_of_the_last_quarter_that_is_over(as_program: AsProgram, send: Callable[..., None]):
    send(5, "E0001")
    send(2, "E0001", visited_at="2026-07-03T12:00:00+03:00")
    send(3, "E0001", visited_at=AUGUST)
    row = scores(as_program("lee"), by="employee", branch="B001")["rows"][0]
    assert (row["n"], row["since"], row["through"]) == (5, "2026-07", "2026-09")
    assert (row["first"], row["last"]) == (None, None)  # the branch's visits are told by day


def test_a_figure_that_would_tell_the_hidden_one_is_hidden_too(
    as_program: AsProgram, send: Callable[..., None]
):
    send(6, "E0001", visited_at=AUGUST)
    send(2, "E0002", answers=POOR, visited_at=AUGUST)
    assert of_employees(as_program("lee")) == {"E0001": (6, None, True), "E0002": (2, None, True)}


def test_employees_are_codes_and_never_names(as_program: AsProgram, send: Callable[..., None]):
    send(5, "E0001")
    for name in ("mara", "rea", "ada"):
        program = as_program(name)
        for answer in (
            program.get("/scores", by="employee", branch="B001", **OF_OCTOBER),
            program.get("/employees"),
        ):
            assert "E0001" in answer.text and "Eve" not in answer.text and "Alder" not in answer.text


def test_where_nobody_is_recorded_nobody_is_told(
    as_program: AsProgram, store: Store, send: Callable[..., None]
):
    send(1, "E0001")
    with store.write():
        store.db.execute("UPDATE programme SET attribution = 'none'")
    assert scores(as_program("lee"), by="employee", branch="B001")["rows"] == []
    assert as_program("lee").get("/employees").get_json() == {"employees": []}


# --- refusals -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "faults"),
    [
        ({}, {("by", "query.missing"), ("month", "query.missing"), ("checklist", "query.missing")}),
        ({"by": "shopper", **OF_OCTOBER}, {("by", "body.choice")}),
        ({"by": "employee", **OF_OCTOBER}, {("branch", "query.missing")}),
        ({"by": "month", "branch": "B001", "region": "R1", **OF_OCTOBER}, {("region", "query.both")}),
        ({"by": "month", **OF_OCTOBER, "month": "1999-12"}, {("month", "query.month")}),
        ({"by": "month", **OF_OCTOBER, "method": "guess"}, {("method", "body.choice")}),
    ],
)
def test_a_question_that_cannot_be_read_is_refused(
    as_program: AsProgram, query: dict[str, str], faults: set[tuple[str, str]]
):
    answer = as_program("lee").get("/scores", **query)
    assert (answer.status_code, faults_of(answer)) == (422, faults)


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("mara", {"by": "month"}),  # not the whole network
        ("mara", {"by": "month", "branch": "B003"}),
        ("mara", {"by": "standard", "region": "R1"}),
        ("bo", {"by": "employee", "branch": "B001"}),
        ("lee", {"by": "month", "branch": "B999"}),
        ("lee", {"by": "month", "checklist": "nothing"}),
        ("lee", {"by": "branch", "method": "self_check"}),  # no such visit was ever made
        ("rea", {"by": "month"}),  # to a reviewer the pages of network and region are not there either
        ("rea", {"by": "standard", "region": "R1"}),
        ("eve", {"by": "branch"}),
        ("sam", {"by": "month"}),
        ("sam", {"by": "month", "branch": "B001"}),
        ("eve", {"by": "employee", "branch": "B001"}),
    ],
)
def test_what_is_not_in_sight_is_not_there(
    as_program: AsProgram, send: Callable[..., None], name: str, query: dict[str, str]
):
    send(1, "E0001")
    assert as_program(name).get("/scores", **{**OF_OCTOBER, **query}).status_code == 404


@pytest.mark.parametrize("month", ["2000-01", "2999-12"])
def test_the_ends_of_the_calendar_are_months_like_others(
    as_program: AsProgram, send: Callable[..., None], month: str
):
    send(1)
    for by in ("branch", "standard", "month"):
        assert as_program("lee").get("/scores", by=by, checklist="shop", month=month).status_code == 200


# --- branches, employees, checklists ------------------------------------------------------------------------


def test_branches_and_employees_are_those_in_sight(as_program: AsProgram, store: Store):
    mara = as_program("mara")
    assert [row["code"] for row in mara.get("/branches").get_json()["branches"]] == ["B001", "B002"]
    assert mara.get("/branches", region="R2").get_json() == {"branches": []}
    assert mara.get("/employees").get_json()["employees"] == [
        {"code": "E0001", "branch": "B001"},
        {"code": "E0002", "branch": "B001"},
    ]
    assert as_program("bo").get("/employees").get_json()["employees"] == [{"code": "E0003", "branch": "B003"}]
    assert as_program("sam").get("/branches").get_json() == {"branches": []}
    with store.write():
        store.db.execute("UPDATE employment SET to_on = '2026-10-14'")
    assert mara.get("/employees").get_json() == {"employees": []}


def test_checklists_are_told_with_every_version(as_program: AsProgram, store: Store):
    publish(store, 2)
    program = as_program("sam", "checklists:read")
    shown = program.get("/checklists").get_json()["checklists"][0]
    assert (shown["id"], shown["current"]) == ("shop", 2)
    assert [version["version"] for version in shown["versions"]] == [1, 2]
    for version in shown["versions"]:
        whole = program.get(f"/checklists/shop/{version['version']}").get_json()
        assert digest(whole["definition"]) == whole["hash"] == version["hash"]
    assert program.get("/checklists/shop/3").status_code == 404
    assert program.get("/checklists/nothing/1").status_code == 404


def test_a_disabled_person_key_is_dead(as_program: AsProgram, store: Store):
    mara = as_program("mara")
    assert mara.get("/branches").status_code == 200
    with store.write():
        store.change("person", people.mara(store).id, {"disabled_at": 1})
    assert mara.get("/branches").status_code == 401
