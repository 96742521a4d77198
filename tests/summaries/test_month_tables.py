"""A month as tables: the pages' figures, typed; what leaves the branch; nothing of shopper and hour."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import TextIOWrapper
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from sqlite_utils import Database

from checker.problem import Problem
from checker.reports import files
from checker.standards.month import Month
from checker.store import exports
from checker.summaries.branch import branch_month
from checker.summaries.month_tables import Scope, count_visits, month_tables
from checker.summaries.network import network_month
from checker.summaries.table import Table
from tests.making_store import GOOD, POOR, Shop, publish_desk, shop

OCTOBER = Month.parse("2026-10")
NOW = datetime(2026, 11, 10, tzinfo=UTC)
NETWORK = ("network", "branches", "standards", "employees", "visits", "answers", "about")


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Shop]:
    """Twelve visits to B1 and two to B2 in October; Eve served six more in the quarter that was over then."""
    with shop(tmp_path) as opened:
        for n in range(6):
            send(opened, datetime(2026, 9, 1 + n, 10, tzinfo=UTC), employees={"served_by": {"code": "E1"}})
        for n in range(12):
            send(
                opened,
                datetime(2026, 10, 1 + n, 10, 17, 23, tzinfo=UTC),
                employees={"served_by": {"code": "E2" if n % 2 else "E1"}},
                answers={**(GOOD if n % 3 else POOR), "remark": "Ed was kind"},
            )
        for _ in range(2):
            noted = {**GOOD, "smile": {"value": "no", "note": "=Eve"}}
            send(opened, datetime(2026, 10, 10, 9, tzinfo=UTC), branch="B2", answers=noted)
        yield opened


def send(made: Shop, visited: datetime, **what: Any) -> None:
    made.send(visited_at=visited.isoformat(), now=visited + timedelta(hours=2), **what)


def tables(made: Shop, scope: Scope = Scope(), **rest: Any) -> dict[str, Table]:  # noqa: B008
    found = month_tables(made.store, OCTOBER, scope, **{"person_id": None, "now": NOW, **rest})
    return {table.name: table for table in found}


def dicts(table: Table) -> list[dict[str, Any]]:
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows]


# --- what is in it ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [None, "ada", "rea"])
def test_what_the_branches_may_not_know_yet_is_in_no_table(made: Shop, who: str | None):
    """Who sees a visit at once hands the tables on to those who may not (design §1)."""
    person = made.people[who] if who else None
    before = {
        name: dicts(table) for name, table in tables(made, Scope("branch", "B1"), person_id=person).items()
    }
    made.send(visited_at=(NOW - timedelta(hours=2)).isoformat(), now=NOW - timedelta(hours=1))
    made.send(visited_at="2026-10-05T09:00:00+00:00", practice=True)
    after = {
        name: dicts(table) for name, table in tables(made, Scope("branch", "B1"), person_id=person).items()
    }
    assert after == before


def test_figures_are_those_of_the_pages(made: Shop):
    held = tables(made)
    assert tuple(held) == NETWORK
    summary = network_month(made.store, series_id=made.series_id, month=OCTOBER, person_id=None, now=NOW)
    (network, _felt, *regions) = dicts(held["network"])
    figure = next(iter(summary.axes.values()))
    assert (network["scope"], network["visits"]) == ("network", 14)
    assert float(network["mean_percent"]) == pytest.approx(figure.mean * 100, abs=1e-4)
    assert float(network["low_percent"]) == pytest.approx(figure.interval.clipped().low * 100, abs=1e-4)
    assert {row["scope"] for row in regions} == {"region"}
    smile = next(row for row in dicts(held["standards"]) if row["standard"] == "smile")
    shown = next(one for one in summary.standards if one.standard == "smile")
    assert (smile["asked"], smile["met"], smile["question"]) == (
        shown.asked,
        shown.met,
        "The employee smiled.",
    )
    lines = {(row["branch"], row["axis"]): row for row in dicts(held["branches"])}
    assert lines["B1", "standard"]["visits"] == 12
    assert (lines["B2", "standard"]["verdict"], lines["B2", "standard"]["low_percent"]) == ("", None)
    assert (lines["B3", "standard"]["visits"], lines["B3", "standard"]["mean_percent"]) == (0, None)


def test_a_branch_has_its_own_figures_and_nobody_elses(made: Shop):
    held = tables(made, Scope("branch", "B1"))
    assert tuple(held) == NETWORK[1:]
    summary = branch_month(
        made.store, branch_code="B1", month=OCTOBER, series_id=made.series_id, person_id=None, now=NOW
    )
    (line, _felt) = dicts(held["branches"])
    assert float(line["mean_percent"]) == pytest.approx(
        next(iter(summary.axes.values())).mean * 100, abs=1e-4
    )
    for name in ("branches", "employees", "visits", "answers"):
        assert {row["branch"] for row in dicts(tables(made, Scope("branch", "B1"))[name])} == {"B1"}


def test_a_region_has_its_branches(made: Shop):
    made.send(branch="B3")
    held = tables(made, Scope("region", "north"))
    assert {row["branch"] for row in dicts(held["visits"])} == {"B1", "B2"}
    assert [row["code"] for row in dicts(held["network"])] == ["north", "north"]


def test_each_checklist_stands_for_itself(made: Shop):
    publish_desk(made.store)
    made.send(checklist="desk", answers={"hello": "yes", "bill": "no"})
    found = {
        (row["checklist"], row["visits"])
        for row in dicts(tables(made)["network"])
        if row["scope"] == "network"
    }
    assert {("shop", 14), ("desk", 1)} <= found


def test_a_month_without_a_visit_has_headings_alone(made: Shop):
    found = month_tables(made.store, Month.parse("2027-01"), Scope(), person_id=None, now=NOW)
    assert {table.name: len(list(table.rows)) for table in found if table.name != "about"} == dict.fromkeys(
        NETWORK[:-1], 0
    )


# --- who sees what ------------------------------------------------------------------------------------------


def test_what_leaves_the_branch_has_quarters_from_five_visits_on(made: Shop):
    rows = {row["employee"]: row for row in dicts(tables(made)["employees"]) if row["branch"] == "B1"}
    assert "employee_name" not in rows["E1"]
    assert (rows["E1"]["first_month"], rows["E1"]["last_month"], rows["E1"]["visits"]) == (
        "2026-07",
        "2026-09",
        6,
    )
    assert rows["E1"]["compliance_percent"] is not None
    assert rows["E2"]["compliance_percent"] is None


def test_a_manager_has_names_and_the_month(made: Shop):
    mara = made.people["mara"]
    held = tables(made, Scope("branch", "B1"), person_id=mara)
    rows = {row["employee"]: row for row in dicts(held["employees"])}
    assert (rows["E1"]["employee_name"], rows["E1"]["visits"]) == ("Eve", 6)
    assert rows["E1"]["first_visit"] == date(2026, 10, 1)
    assert {row["served_by"] for row in dicts(held["visits"])} == {"Eve", "Ed"}
    assert "Ed was kind" in {row["answer"] for row in dicts(held["answers"])}


def test_outside_the_branch_nothing_says_who_served(made: Shop):
    lee = made.people["lee"]
    held = tables(made, person_id=lee, audience="manager")  # whoever asks for more gets the same
    said = str({name: dicts(table) for name, table in held.items()})
    for secret in ("Eve", "Ed ", "kind", "served_by", "note"):
        assert secret not in said, secret


def test_nobody_learns_of_shopper_and_hour(made: Shop):
    for audience in ("manager", "leadership"):
        held = tables(made, audience=audience)
        said = str({name: dicts(table) for name, table in held.items() if name != "about"})
        for secret in ("sam@", "Sam", "10:17", "13:17", "datetime.datetime"):
            assert secret not in said, secret


def test_a_visit_that_is_not_revealed_is_not_there(made: Shop):
    mara = made.people["mara"]
    at = made.store.value("SELECT min(revealed_at) FROM visit WHERE month = 202610")
    shown = tables(made, Scope("branch", "B1"), person_id=mara, now=datetime.fromtimestamp(at, UTC))
    told = made.store.value(
        "SELECT count(*) FROM visit JOIN branch ON branch.id = branch_id "
        f"WHERE branch.code = 'B1' AND month = 202610 AND revealed_at <= {at}"
    )
    assert len(dicts(shown["visits"])) == told < 12


@pytest.mark.parametrize(
    ("scope", "who"),
    [
        (Scope(), "mara"),
        (Scope(), "lena"),
        (Scope("region", "south"), "lena"),
        (Scope("region", "north"), "mara"),
        (Scope("branch", "B3"), "mara"),
        (Scope("branch", "none"), "ada"),
        (Scope("region", "none"), "ada"),
    ],
)
def test_what_may_not_be_looked_into_is_not_found(made: Shop, scope: Scope, who: str):
    with pytest.raises(Problem) as refusal:
        tables(made, scope, person_id=made.people[who])
    assert refusal.value.status == 404


# --- how it is written --------------------------------------------------------------------------------------


def test_one_sheet_each_typed_with_filters_and_no_formula(made: Shop, tmp_path: Path):
    path = tmp_path / "month.xlsx"
    held = tables(made, audience="manager")
    total = files.write_book(list(held.values()), path)
    book = load_workbook(path)
    assert tuple(book.sheetnames) == NETWORK
    assert sum(sheet.max_row - 1 for sheet in book) == total
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    notes = {row[-1].value for row in book["answers"].iter_rows(min_row=2)}
    assert "=Eve" in notes
    heads = [cell.value for cell in book["visits"][1]]
    first = {name: cell.value for name, cell in zip(heads, book["visits"][2], strict=True)}
    assert isinstance(first["compliance_percent"], int | float)
    assert first["day"] == datetime(2026, 10, 1)


def test_a_zip_has_a_csv_for_each_table(made: Shop, tmp_path: Path):
    path = tmp_path / "month.zip"
    files.write_book(list(tables(made, audience="manager").values()), path)
    with ZipFile(path) as packed:
        assert packed.namelist() == [f"{name}.csv" for name in NETWORK]
        with packed.open("answers.csv") as raw:
            rows = list(csv.DictReader(TextIOWrapper(raw, "utf-8-sig", newline="")))
    assert "'=Eve" in {row["note"] for row in rows}
    again = tmp_path / "again.zip"
    files.write_book(list(tables(made, audience="manager").values()), again)
    assert path.read_bytes() == again.read_bytes()


def test_a_database_joins_answers_to_visits(made: Shop, tmp_path: Path):
    path = tmp_path / "month.sqlite"
    files.write_book(list(tables(made).values()), path)
    database = Database(path)
    assert set(NETWORK) == set(database.table_names())
    assert [(key.column, key.other_table) for key in database["answers"].foreign_keys] == [
        ("visit", "visits")
    ]
    met = database.query(
        "SELECT avg(answers.met) AS share FROM answers JOIN visits USING (visit) "
        "WHERE visits.branch = 'B1' AND item = 'smile'"
    )
    assert next(iter(met))["share"] == pytest.approx(8 / 12)
    database.close()


def test_a_page_of_visits_is_all_that_is_held(made: Shop, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exports, "PAGE", 2)
    read: list[int] = []
    held = tables(made, progress=read.append)
    rows = iter(held["answers"].rows)
    next(rows)
    assert sum(read) <= 2
    assert not made.store.db.conn.in_transaction  # nor does a reader stay open
    list(rows), list(held["visits"].rows)
    assert sum(read) == count_visits(made.store, OCTOBER, Scope(), person_id=None, now=NOW) == 28


def test_other_names_are_refused(made: Shop, tmp_path: Path):
    with pytest.raises(Problem, match=r"\.xlsx, \.zip, \.sqlite"):
        files.write_book([], tmp_path / "month.csv")
