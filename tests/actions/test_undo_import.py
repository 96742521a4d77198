"""An import is taken back as far as nothing rests on what it created."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.actions.import_assignments import import_assignments
from checker.actions.import_branches import import_branches
from checker.actions.import_employees import import_employees
from checker.actions.import_users import import_users
from checker.actions.import_visits import import_visits
from checker.actions.review_visit import review_visit
from checker.actions.undo_import import RESTS, UndoResult, undo_import
from checker.problem import Problem
from checker.sheets.bodies import visit_id
from checker.sheets.mapping import read_map
from checker.store import batches, branches, checklists, tallies, visits
from tests.actions.sheets import sheet
from tests.making_store import NOW, Shop, shop

LATER = datetime(2026, 10, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Shop]:
    with shop(tmp_path) as opened:
        yield opened


def undo(made: Shop, batch_id: int | None) -> UndoResult:
    assert batch_id is not None
    return undo_import(made.store, batch_id, by=made.people["ada"], now=LATER)


def kept(result: UndoResult) -> list[tuple[str, str]]:
    assert all(str(fault) for fault in result.kept)
    return [(fault.place, fault.code) for fault in result.kept]


def bring_branches(made: Shop) -> int | None:
    text = "code,name,region,zone\nB8,Quay,west,UTC\nB9,Hill,west,UTC\nB7,Mill,north,UTC"
    return import_branches(made.store, sheet(text), by=None, now=NOW).batch_id


MAP = """
external_id: No
branch: Shop
visited_at: Date
items: {tidy: T, greeting_time: G, smile: S, three_yes: Y, welcome_felt: W, try_out: N}
"""


def bring_visits(made: Shop) -> int | None:
    version = checklists.find(made.store, "shop", 1)
    assert version is not None
    text = (
        "No,Shop,Date,T,G,S,Y,W,N\n1,B1,2026-10-01,yes,20,yes,3,5,no\n2,B2,2026-10-01,no,20,yes,3,5,no\n"
        "3,B3,2026-09-01,yes,40,no,1,2,no"
    )
    sheet_map = read_map(MAP, "map.yaml", version.checklist)
    return import_visits(made.store, sheet(text), version, sheet_map, by=None, now=NOW).batch_id


def test_every_reason_has_its_words() -> None:
    words = {word for parts in batches.PARTS.values() for part in parts for word in part.rests}
    assert words == set(RESTS)


def test_branches_go_with_the_region_they_came_with(made: Shop) -> None:
    assert undo(made, bring_branches(made)) == UndoResult(4, ())
    assert [row["code"] for row in made.store.rows("SELECT code FROM region ORDER BY code")] == [
        "north",
        "south",
    ]


def test_a_branch_that_is_used_stays_and_is_named(made: Shop) -> None:
    batch_id = bring_branches(made)
    made.send(branch="B8")
    import_employees(made.store, sheet("code,name,branch,from\nE9,Nia,B9,2026-01-01"), by=None, now=NOW)
    result = undo(made, batch_id)
    assert result.removed == 1
    assert kept(result) == [
        ("branch B8", "undo.visits"),
        ("branch B9", "undo.employments"),
        ("region west", "undo.branches"),
        ("region west", "undo.visits"),
    ]
    assert branches.find(made.store, "B8") is not None


def test_what_stayed_can_go_once_nothing_rests_on_it(made: Shop) -> None:
    batch_id = bring_branches(made)
    text = "code,name,branch,from\nE9,Nia,B9,2026-01-01"
    employees_id = import_employees(made.store, sheet(text), by=None, now=NOW).batch_id
    assert undo(made, batch_id).removed == 2
    assert undo(made, employees_id) == UndoResult(2, ())
    assert undo(made, batch_id) == UndoResult(2, ())
    with pytest.raises(Problem) as problem:
        undo(made, batch_id)
    assert problem.value.code == "batch.undone"


def test_what_an_import_only_changed_keeps_its_new_values(made: Shop) -> None:
    batch_id = import_branches(made.store, sheet("code,name\nB1,New name"), by=None, now=NOW).batch_id
    assert undo(made, batch_id) == UndoResult(0, ())
    branch = branches.find(made.store, "B1")
    assert branch is not None
    assert branch["name"] == "New name"


def test_an_employee_somebody_met_stays_with_the_employment(made: Shop) -> None:
    text = "code,name,branch,from\nE8,Nia,B1,2026-01-01\nE9,Noa,B1,2026-01-01"
    batch_id = import_employees(made.store, sheet(text), by=None, now=NOW).batch_id
    made.send(employees={"served_by": {"code": "E8"}})
    result = undo(made, batch_id)
    assert (result.removed, kept(result)) == (
        2,
        [
            ("employment E8 B1", "undo.visits"),
            ("employee E8", "undo.visits"),
            ("employee E8", "undo.employments"),
        ],
    )


def test_people_go_until_they_have_set_a_password(made: Shop) -> None:
    text = "email,name,role,branches\nann@example.org,Ann,shopper,\nben@example.org,Ben,manager,B1"
    batch_id = import_users(made.store, sheet(text), days=7, by=None, now=NOW).batch_id
    with made.store.write():
        made.store.db.execute("UPDATE person SET password_hash = 'x' WHERE email = 'ann@example.org'")
    result = undo(made, batch_id)
    assert (result.removed, kept(result)) == (1, [("person ann@example.org", "undo.passwords")])
    assert (
        made.store.value(
            "SELECT count(*) FROM person_scope JOIN person ON person.id = person_id "
            "WHERE email = 'ben@example.org'"
        )
        == 0
    )


def test_what_only_the_database_knows_of_is_kept_too(made: Shop) -> None:
    """A table nobody thought of here refers to the person: the foreign key keeps them."""
    text = "email,name,role\nann@example.org,Ann,admin"
    batch_id = import_users(made.store, sheet(text), days=7, by=None, now=NOW).batch_id
    with made.store.write():
        key = made.store.value("SELECT id FROM person WHERE email = 'ann@example.org'")
        draft = {"name": "x", "source": "", "uploaded_at": 0, "uploaded_by": key}
        made.store.add("checklist_draft", draft)
    assert kept(undo(made, batch_id)) == [("person ann@example.org", "undo.other")]
    assert made.store.value("SELECT count(*) FROM invitation") == 1  # nothing of them went


def test_assignments_go_until_somebody_answered(made: Shop) -> None:
    days = "2026-11-01,2026-11-02,2026-11-03"
    text = (
        "shopper,branch,checklist,visit_from,visit_to,report_by\n"
        f"sam@example.org,B1,shop,{days}\nsam@example.org,B2,shop,{days}"
    )
    batch_id = import_assignments(made.store, sheet(text), by=None, now=NOW).batch_id
    with made.store.write():
        made.store.db.execute("UPDATE assignment SET state = 'accepted' WHERE branch_id = 1")
    result = undo(made, batch_id)
    assert (result.removed, kept(result)) == (
        1,
        [("assignment sam@example.org B1 2026-11-01", "undo.answers")],
    )


def test_visits_leave_every_figure(made: Shop) -> None:
    batch_id = bring_visits(made)
    assert made.store.value("SELECT count(*) FROM rollup") > 0
    assert undo(made, batch_id) == UndoResult(3, ())
    for table in ("visit", "answer", "visit_revision", "rollup", "tally"):
        assert made.store.value(f"SELECT count(*) FROM {table}") == 0, table


def test_a_visit_somebody_decided_about_stays(made: Shop) -> None:
    batch_id = bring_visits(made)
    visit = visits.find(made.store, visit_id("shop", "2"))
    assert visit is not None
    review_visit(made.store, visit, decision="approve", reason="", by=made.people["rea"], now=LATER)
    result = undo(made, batch_id)
    assert (result.removed, kept(result)) == (2, [("visit B2 2026-10-01", "undo.decisions")])
    assert tallies.differences(made.store) == []


CODES = st.sampled_from(["B6", "B7", "B8", "B9", ""])
WORDS = st.sampled_from(["north", "west", "east", "", "Quay", "UTC", "Europe/Helsinki", "2026-10-01", "x;y"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.lists(st.tuples(CODES, *[WORDS] * 5), max_size=6))
def test_again_changes_nothing_and_back_is_as_before(made: Shop, rows: list[tuple[str, ...]]) -> None:
    """The law of every import, over sheets of any rows: it does what it told, once, and can be undone."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerows([["code", "name", "region", "region_name", "zone", "opened_on"], *rows])
    given_sheet = sheet(stream.getvalue())

    def network() -> list[str]:
        created = "SELECT code FROM branch WHERE batch_id IS NOT NULL UNION ALL "
        created += "SELECT code FROM region WHERE batch_id IS NOT NULL"
        return [row["code"] for row in made.store.rows(created)]

    told = import_branches(made.store, given_sheet, by=None, now=NOW, dry_run=True)
    done = import_branches(made.store, given_sheet, by=None, now=NOW)
    assert (told.taken, told.changed, told.unchanged, told.refused) == (
        done.taken,
        done.changed,
        done.unchanged,
        done.refused,
    )
    again = import_branches(made.store, given_sheet, by=None, now=NOW)
    assert (again.taken, again.changed, again.refused) == (0, 0, done.refused)
    if done.batch_id is not None:
        assert undo(made, done.batch_id).kept == ()
    assert network() == []


def test_an_unknown_batch(made: Shop) -> None:
    with pytest.raises(Problem) as problem:
        undo(made, 99)
    assert problem.value.code == "not_found"
