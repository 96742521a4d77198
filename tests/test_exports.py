"""What leaves: the right rows, typed, the same in every format, harmless in a spreadsheet."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from sqlite_utils import Database

from checker.problem import Problem
from checker.reports import files, xlsx
from checker.store import exports
from checker.store.exports import Wanted
from checker.summaries.export import answers_table, scores_table, visits_table
from checker.summaries.table import Column, Kind, Table
from tests.making_store import GOOD, POOR, Shop, publish_desk, shop

ALL = Wanted()
EVIL = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "'=1", '=HYPERLINK("http://x")']  # noqa: RUF001
"""Texts a spreadsheet would compute, or follow."""


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Shop]:
    with shop(tmp_path) as opened:
        yield opened


def dicts(table: Table) -> list[dict[str, Any]]:
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows]


# --- what is in it ------------------------------------------------------------------------------------------


def test_a_visit_with_its_scores_and_its_people_as_codes(made: Shop) -> None:
    sent = made.send(employees={"served_by": {"code": "E1"}}, service_level="wow")
    (row,) = dicts(visits_table(made.store, ALL))
    wanted = {
        "visit": str(sent.id),
        "month": "2026-10",
        "branch": "B1",
        "region": "north",
        "checklist": "shop",
        "outcome": "completed",
        "counted": True,
        "compliance_percent": Decimal(100),
        "service_level": "wow",
        "employees": "E1",
    }
    assert {name: row[name] for name in wanted} == wanted
    assert row["visited_at"].tzinfo == ZoneInfo("Europe/Helsinki")
    assert "Eve" not in str(row)
    assert "sam@" not in str(row)


def test_names_only_when_they_are_asked_for(made: Shop) -> None:
    publish_desk(made.store)
    made.send(employees={"served_by": {"code": "E1"}})
    made.send(employees={"served_by": {"described": "badge: Anna"}})
    made.send(
        checklist="desk",
        answers={"hello": "yes", "bill": "no"},
        employees={"greeter": {"code": "E1"}, "cashier": {"code": "E2"}},
    )
    plain = [row["employees"] for row in dicts(visits_table(made.store, ALL))]
    assert plain == ["E1", None, "cashier: E2; greeter: E1"]
    named = [
        (row["employee_names"], row["shopper"]) for row in dicts(visits_table(made.store, ALL, names=True))
    ]
    sam = "sam@example.org"
    assert named == [("Eve", sam), ("badge: Anna", sam), ("cashier: Ed; greeter: Eve", sam)]


def test_without_attribution_nobody_is_exported(made: Shop) -> None:
    made.send(employees={"served_by": {"code": "E1"}})
    with made.store.write():
        made.store.db.execute("UPDATE programme SET attribution = 'none'")
    (row,) = dicts(visits_table(made.store, ALL, names=True))
    assert (row["employees"], row["employee_names"]) == (None, None)


def test_every_answer_with_what_it_earned(made: Shop) -> None:
    answers = {
        **GOOD,
        "tidy": "na",
        "greeting_time": {"value": "25.4", "estimated": True},
        "smile": {"value": "no", "note": "=cold"},
        "remark": "Thanks",
    }
    made.send(answers=answers)
    rows = {row["item"]: row for row in dicts(answers_table(made.store, ALL))}
    told = {
        item: tuple(row[name] for name in ("answer", "number", "met", "points_earned", "points_possible"))
        for item, row in rows.items()
    }
    assert told == {
        "tidy": ("na", None, None, None, None),
        "greeting_time": ("25.4", Decimal("25.4"), True, Decimal(3), Decimal(4)),
        "smile": ("no", None, False, Decimal(0), Decimal(4)),
        "three_yes": ("3", 3, True, Decimal(4), Decimal(4)),
        "welcome_felt": ("5", 5, True, Decimal(4), Decimal(4)),
        "try_out": ("no", None, False, None, None),
        "remark": ("Thanks", None, None, None, None),
    }
    assert rows["smile"]["note"] == "=cold"
    assert [item for item, row in rows.items() if row["estimated"]] == ["greeting_time"]
    assert (rows["welcome_felt"]["axis"], rows["welcome_felt"]["section"]) == ("experience", "feeling")


def test_no_score_is_empty_and_never_zero(made: Shop) -> None:
    """SC-06: nothing could be earned on an axis, or the visit was not completed."""
    publish_desk(made.store)
    made.send(checklist="desk", answers={"hello": "na", "bill": "na"})
    made.send(outcome="closed", reason="Water", answers={"tidy": "yes"})
    assert [row["compliance_percent"] for row in dicts(visits_table(made.store, ALL))] == [None, None]
    assert [row["reason"] for row in dicts(visits_table(made.store, ALL))] == ["", "Water"]
    assert {row["percent"] for row in dicts(scores_table(made.store, ALL))} == {None}
    kept = [row for row in dicts(answers_table(made.store, ALL)) if row["item"] == "tidy"]
    assert [(row["answer"], row["met"], row["points_earned"]) for row in kept] == [("yes", None, None)]


def test_scores_by_axis_and_section(made: Shop) -> None:
    made.send(answers={**GOOD, "smile": "no"})
    rows = dicts(scores_table(made.store, ALL))
    assert [(row["axis"], row["section"], row["points_earned"], row["percent"]) for row in rows] == [
        ("standard", "", Decimal(12), Decimal(75)),
        ("experience", "", Decimal(4), Decimal(100)),
        ("standard", "welcome", Decimal(12), Decimal(75)),
        ("experience", "feeling", Decimal(4), Decimal(100)),
        ("standard", "feeling", Decimal(0), None),
    ]


def test_month_branch_and_region_choose(made: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "PAGE", 2)
    for branch, day in (
        ("B1", "2026-09-30"),
        ("B1", "2026-10-01"),
        ("B2", "2026-10-02"),
        ("B3", "2026-10-03"),
    ):
        made.send(branch=branch, visited_at=f"{day}T09:00:00+00:00")

    def chosen(**which: Any) -> str:
        wanted = Wanted(**which)
        found = [str(row["branch"]) for row in dicts(visits_table(made.store, wanted))]
        assert len(found) == exports.count(made.store, wanted)
        return " ".join(found)

    assert chosen() == "B1 B1 B2 B3"
    assert chosen(month=202610) == "B1 B2 B3"
    assert chosen(branches=("B1", "B3")) == "B1 B1 B3"
    assert chosen(regions=("north",)) == "B1 B1 B2"
    assert chosen(month=202610, branches=("B1", "B3"), regions=("north",)) == "B1"
    assert chosen(month=202611) == ""


def test_an_export_never_keeps_a_reader_open(made: Shop) -> None:
    """A reader that stays open keeps the write-ahead log growing: between two rows there is none."""
    made.send(answers=POOR)
    made.send()
    rows = iter(answers_table(made.store, ALL).rows)
    next(rows)
    assert not made.store.db.conn.in_transaction
    made.send()


def test_a_correction_exports_as_it_now_is(made: Shop) -> None:
    sent = made.send(answers=POOR)
    visit = made.visit(sent)
    body = made.body(id=str(sent.id), answers=GOOD, revises=sent.manifest_hash, reason="Wrong shop")
    from checker.actions.correct_visit import correct_visit

    correct_visit(made.store, visit, body, by=made.people["rea"], now=datetime(2026, 10, 20, tzinfo=UTC))
    (row,) = dicts(visits_table(made.store, ALL))
    assert (row["revision"], row["compliance_percent"], row["reason"]) == (2, Decimal(100), "")
    assert {row["answer"] for row in dicts(answers_table(made.store, ALL)) if row["item"] == "smile"} == {
        "yes"
    }


# --- how it is written --------------------------------------------------------------------------------------

COLUMNS = (
    Column("id"),
    Column("whole", Kind.WHOLE),
    Column("number", Kind.NUMBER),
    Column("flag", Kind.FLAG),
    Column("day", Kind.DAY),
    Column("moment", Kind.MOMENT),
)
MOMENT = datetime(2026, 10, 1, 17, 45, tzinfo=ZoneInfo("Europe/Helsinki"))


def some_table() -> Table:
    rows: list[tuple[Any, ...]] = [
        ("Käpylä 猫", -3, Decimal("-0.5"), True, date(2026, 10, 1), MOMENT),
        ("B2", None, None, None, None, None),
    ]
    rows += [(text, 0, Decimal("87.3456"), False, None, None) for text in EVIL]
    return Table("visits", COLUMNS, iter(rows), ("id",))


def test_csv_keeps_numbers_and_disarms_texts(tmp_path: Path) -> None:
    path = tmp_path / "visits.csv"
    assert files.write(some_table(), path) == 2 + len(EVIL)
    assert path.read_bytes().startswith(b"\xef\xbb\xbfid,whole,number,flag,day,moment\r\n")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))[1:]
    assert rows[0] == ["Käpylä 猫", "-3", "-0.5", "yes", "2026-10-01", "2026-10-01 17:45+03:00"]
    assert rows[1] == ["B2", "", "", "", "", ""]
    for text, row in zip(EVIL, rows[2:], strict=True):
        assert row[0].startswith("'") and row[0].replace("'", "") == text.replace("'", "")


@pytest.mark.parametrize("text", ["-3", "+48", "-3.5", "-3,5"])
def test_a_text_that_is_a_number_needs_no_apostrophe(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    files.write(Table("a", (Column("a"),), [(text,)]), path)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        assert list(csv.reader(stream))[1] == [text]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_has_no_formula_where_another_sign_parts_cells(tmp_path: Path, delimiter: str) -> None:
    """A spreadsheet in German or Polish cuts the lines of our file at semicolons, and at every line's end."""
    path = tmp_path / "a.csv"
    told = ("all well; =1+1", "nice\n@SUM(A1)", 'a;"=1+1"', "\t+1+1", "good;\t=1", "=1;=2")
    files.write(Table("a", (Column("n"), Column("a")), [("x", text) for text in told]), path)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    cells = [cell for row in csv.reader(lines, delimiter=delimiter) for cell in row]
    assert [cell for cell in cells if cell.strip(' "').startswith(("=", "+", "@"))] == []


def test_csv_leaves_signs_within_a_text_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    told = ["Tea; cake", "1 + 1 = 2; fine", "One.\n\nTwo - and more", "Anna-Maria; a@example.org"]
    files.write(Table("a", (Column("a"),), [(text,) for text in told]), path)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        assert [row[0] for row in csv.reader(stream)][1:] == told


def test_xlsx_has_types_headings_and_no_formulas(tmp_path: Path) -> None:
    path = tmp_path / "visits.xlsx"
    files.write(some_table(), path)
    sheet = load_workbook(path)["visits"]
    rows = list(sheet.iter_rows(min_row=2))
    assert [cell.value for cell in rows[0]] == [
        "Käpylä 猫",
        -3,
        -0.5,
        True,
        datetime(2026, 10, 1),
        datetime(2026, 10, 1, 17, 45),
    ]
    assert [cell.value for cell in rows[1]] == ["B2", None, None, None, None, None]
    assert all(cell.data_type != "f" for row in rows for cell in row)
    # Line ends inside a cell are written the XML way; everything else stands there as it was.
    assert [row[0].value.replace("_x000D_", "\r") for row in rows[2:]] == EVIL
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", f"A1:F{len(rows) + 1}")


def test_xlsx_goes_on_in_a_second_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_ROWS", 5)
    path = tmp_path / "visits.xlsx"
    assert files.write(some_table(), path) == 12
    book = load_workbook(path)
    assert {sheet.title: sheet.max_row for sheet in book} == {"visits": 6, "visits 2": 6, "visits 3": 3}


def test_json_is_a_list_of_objects(tmp_path: Path) -> None:
    path = tmp_path / "visits.json"
    files.write(some_table(), path)
    rows = json.loads(path.read_text(encoding="utf-8"))
    assert rows[0] == {
        "id": "Käpylä 猫",
        "whole": -3,
        "number": -0.5,
        "flag": True,
        "day": "2026-10-01",
        "moment": "2026-10-01T17:45:00+03:00",
    }
    assert rows[1]["number"] is None
    files.write(Table("none", COLUMNS, []), path)
    assert json.loads(path.read_text(encoding="utf-8")) == []


def test_sqlite_has_a_table_to_ask(tmp_path: Path) -> None:
    path = tmp_path / "visits.sqlite"
    assert files.write(some_table(), path) == 12
    database = Database(path)
    assert database["visits"].pks == ["id"]
    assert list(
        database.query("SELECT whole, flag, typeof(number) AS kind FROM visits WHERE id = 'Käpylä 猫'")
    ) == [{"whole": -3, "flag": 1, "kind": "real"}]
    assert database.execute("SELECT count(*) FROM visits WHERE number IS NULL").fetchone() == (1,)
    database.close()


@pytest.mark.parametrize("suffix", list(files.WRITERS))
def test_a_file_appears_whole_or_not_at_all(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"visits{suffix}"
    path.write_text("what was here before")

    def failing() -> Iterator[tuple[str, ...]]:
        yield ("first",)
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        files.write(Table("visits", (Column("id"),), failing()), path)
    assert [one.name for one in tmp_path.iterdir()] == [path.name]
    assert path.read_text() == "what was here before"
    files.write(Table("visits", (Column("id"),), [("first",)]), path)
    assert path.stat().st_mode & 0o077 == 0


def test_other_names_and_places_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"\.csv, \.xlsx, \.json, \.sqlite"):
        files.write(some_table(), tmp_path / "visits.ods")
    with pytest.raises(Problem, match="cannot be written"):
        files.write(some_table(), tmp_path / "none" / "visits.csv")
