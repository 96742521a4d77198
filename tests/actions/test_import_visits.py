"""Visits from somebody else's sheet: the same judging, the same figures, their scores beside ours."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from checker.actions import import_visits as importing_visits
from checker.actions.import_visits import import_visits
from checker.actions.importing import ImportResult
from checker.actions.undo_import import undo_import
from checker.sheets.bodies import visit_id
from checker.sheets.mapping import read_map
from checker.sheets.reading import Sheet, read_sheet
from checker.standards.faults import Refused
from checker.store import batches, checklists, revisions, tallies, visits
from checker.store.connection import Row
from tests.actions.sheets import counts, said, sheet
from tests.making_store import NOW, Shop, publish, publish_desk, shop

MAP = """
external_id: No
branch: {column: Shop, values: {Harbour: B1, Airport: B2}}
visited_at: {column: Date, format: "%d.%m.%Y", time: Time}
outcome: {column: Remark, values: {Closed: closed, Known: recognised}, reason_column: Why}
employee: Who
service_level: {column: Felt, values: {Top: wow, "-": }}
items:
  tidy: Tidy
  greeting_time: {column: Greeting, values: {nobody: never}}
  smile: Smile
  three_yes: Yeses
  welcome_felt: Welcome
  try_out: New
  remark: Words
notes: {smile: About the smile}
values: {Ja: yes, Nein: no, entfällt: na}
decimal: ","
published: {standard: Total, experience: Feeling}
"""

HEADINGS = (
    "No;Shop;Date;Time;Remark;Why;Who;Felt;Tidy;Greeting;Smile;Yeses;Welcome;New;Words;"
    "About the smile;Total;Feeling"
)
GOOD = "1;Harbour;05.10.2026;17:45;;;E1;Top;Ja;12;Ja;3;5;nein;All well;;100,00;100"
FAIR = "2;B2;06.10.2026;;;;;-;entfällt;0:25;ja;1;3;nein;;He nodded;69,44 %;50,0"
NEVER = "3;Harbour;07.10.2026;9:30;fine;;;standard;Nein;nobody;Nein;0;1;ja;;;0;0"
SHUT = "4;Harbour;08.10.2026;9:30;closed;Water in the cellar;;;;;;;;;;;Closed;Closed"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Shop]:
    with shop(tmp_path) as opened:
        yield opened


def rows(*lines: str) -> Sheet:
    return sheet("\n".join([HEADINGS, *lines]))


def take(made: Shop, given: Sheet, text: str = MAP, **rest: Any) -> ImportResult:
    version = checklists.find(made.store, "shop", 1)
    assert version is not None
    sheet_map = read_map(text, "map.yaml", version.checklist)
    return import_visits(made.store, given, version, sheet_map, by=made.people["ada"], now=NOW, **rest)


def stored(made: Shop, name: str) -> Row:
    row = visits.find(made.store, visit_id("shop", name))
    assert row is not None
    return row


def test_rows_become_visits_with_our_scores(made: Shop) -> None:
    result = take(made, rows(GOOD, FAIR, NEVER, SHUT))
    assert counts(result) == (4, 0, 0, 0)
    good, fair, never, shut = (stored(made, name) for name in "1234")
    assert (good["compliance"], good["experience"], good["service_level"]) == (1_000_000, 1_000_000, "wow")
    assert (fair["compliance"], fair["experience"], fair["service_level"]) == (694_442, 500_000, None)
    assert (never["compliance"], never["flagged"], never["service_level"]) == (0, 1, "standard")
    assert (shut["outcome"], shut["compliance"], shut["counted"]) == ("closed", None, 0)
    assert tallies.differences(made.store) == []


def test_places_times_people_and_words_are_kept(made: Shop) -> None:
    result = take(made, rows(GOOD, FAIR, SHUT))
    good, fair, shut = (stored(made, name) for name in "124")
    helsinki = datetime(2026, 10, 5, 17, 45, tzinfo=UTC) - timedelta(hours=3)
    assert (good["branch"], good["visited_at"]) == ("B1", int(helsinki.timestamp()))
    assert fair["visited_at"] == int(
        datetime(2026, 10, 6, 9, 0, tzinfo=UTC).timestamp()
    )  # noon at the branch
    assert (good["month"], good["batch_id"], good["shopper_id"]) == (202610, result.batch_id, None)
    assert [row["code"] for row in visits.list_employees(made.store, good["id"])] == ["E1"]
    body = revisions.get(made.store, good["id"], 1)
    assert body["answers"]["remark"] == "All well"
    assert revisions.get(made.store, fair["id"], 1)["answers"]["smile"] == {
        "note": "He nodded",
        "value": "yes",
    }
    assert revisions.get(made.store, shut["id"], 1)["reason"] == "Water in the cellar"


def test_importing_again_changes_nothing(made: Shop) -> None:
    first = take(made, rows(GOOD, FAIR))
    again = take(made, rows(GOOD, FAIR, NEVER))
    assert (counts(first), counts(again)) == ((2, 0, 0, 0), (1, 0, 2, 0))
    assert take(made, rows(GOOD, FAIR, NEVER)).batch_id is None
    assert len(batches.list_all(made.store)) == 2


def test_a_row_that_says_something_else_under_a_known_name_is_refused(made: Shop) -> None:
    take(made, rows(GOOD))
    result = take(made, rows(GOOD.replace(";12;", ";31;")))
    assert said(result) == [(2, "No", "visit.other_content")]
    assert stored(made, "1")["compliance"] == 1_000_000
    assert made.store.value("SELECT count(*) FROM visit_conflict") == 0


def test_a_newer_version_does_not_make_the_same_visits_others(made: Shop) -> None:
    take(made, rows(GOOD))
    publish(made.store, 2)
    assert counts(take(made, rows(GOOD))) == (0, 0, 1, 0)  # version 1 is named


def test_a_dry_run_tells_the_same_and_stores_nothing(made: Shop) -> None:
    lines = rows(GOOD, FAIR, NEVER.replace(";0;1;", ";7;1;"), SHUT)
    told = take(made, lines, dry_run=True)
    assert made.store.value("SELECT count(*) FROM visit") == 0
    assert batches.list_all(made.store) == []
    done = take(made, lines)
    assert (counts(told), said(told), told.differences, told.comparisons) == (
        counts(done),
        said(done),
        done.differences,
        done.comparisons,
    )


def test_published_figures_beyond_the_tolerance_are_listed_with_both(made: Shop) -> None:
    lines = rows(
        GOOD.replace("100,00;100", "99,98;99,97"),
        FAIR.replace("69,44 %;50,0", "69,47;"),
        NEVER.replace(";0;0", ";none;0"),
        SHUT,
    )
    result = take(made, lines)
    assert [
        (one.row, one.external_id, one.measure, one.published, one.ours) for one in result.differences
    ] == [
        (2, "1", "experience", "99,97", Decimal(100)),
        (3, "2", "standard", "69,47", Decimal("69.4442")),
        (3, "2", "experience", "", Decimal(50)),
        (4, "3", "standard", "none", Decimal(0)),
    ]
    assert [(one.measure, one.compared, one.different) for one in result.comparisons] == [
        ("standard", 3, 2),
        ("experience", 3, 2),
    ]
    assert result.not_scored == 1


def test_refused_rows_name_column_and_reason_and_keep_no_other_out(made: Shop) -> None:
    result = take(
        made,
        rows(
            GOOD,
            "5;Nowhere;05.10.2026;;;;;;Ja;12;Ja;3;5;nein;;;;",
            "6;B1;2026-10-05;25:00;;;;;Ja;12;Ja;3;5;nein;;;;",
            "7;B1;05.10.2026;;;;;;Vielleicht;bald;Ja;viele;5;nein;;;;",
            "8;B1;05.10.2026;;;;;;Ja;12;entfällt;3;5;nein;;;;",
            "9;B1;05.10.2026;;;;;;Ja;12;Ja;4;2,5;nein;;;;",
            "10;B1;05.10.2026;;;;E9;Super;Ja;12;Ja;3;5;nein;;;;",
            "13;B1;05.10.2026;;;;E9;;Ja;12;Ja;3;5;nein;;;;",
            "11;B1;05.10.2027;;;;;;Ja;12;Ja;3;5;nein;;;;",
            "12;B1;05.10.2026;;;;;;;12;Ja;3;5;nein;;;;",
            "1;B1;05.10.2026;;;;;;Ja;12;Ja;3;5;nein;;;;",
            ";B1;05.10.2026;;;;;;Ja;12;Ja;3;5;nein;;;;",
        ),
    )
    assert said(result) == [
        (3, "Shop", "branch.unknown"),
        (4, "Date", "map.no_date"),
        (4, "Time", "map.no_time"),
        (5, "Tidy", "map.unknown_word"),
        (5, "Greeting", "map.no_number"),
        (5, "Yeses", "map.no_number"),
        (6, "Smile", "answer.na_forbidden"),
        (7, "Yeses", "answer.out_of_range"),
        (7, "Welcome", "answer.out_of_range"),
        (8, "Felt", "map.unknown_word"),
        (9, "Who", "employee.unknown"),
        (10, "Date", "visit.in_future"),
        (11, "Tidy", "answer.missing"),
        (12, "No", "visit.twice"),
        (13, "No", "cell.missing"),
    ]
    assert counts(result) == (1, 0, 0, 11)
    assert made.store.value("SELECT count(*) FROM visit") == 1


def test_empty_cells_mean_na_where_the_map_says_so(made: Shop) -> None:
    line = "12;B1;05.10.2026;;;;;;;12;Ja;3;5;nein;;;;"
    assert said(take(made, rows(line))) == [(2, "Tidy", "answer.missing")]
    assert counts(take(made, rows(line), MAP + "empty: na\n")) == (1, 0, 0, 0)
    assert stored(made, "12")["compliance"] == 1_000_000


def test_an_unlisted_column_is_a_fault_of_the_whole(made: Shop) -> None:
    with pytest.raises(Refused, match="does not say what “Weather” is"):
        take(made, sheet(f"{HEADINGS};Weather\n{GOOD};rain"))
    assert counts(take(made, sheet(f"{HEADINGS};Weather\n{GOOD};rain"), MAP + "ignore: [Weather]\n")) == (
        1,
        0,
        0,
        0,
    )


def test_cells_of_a_workbook_are_read_by_their_kind(made: Shop) -> None:
    book = Workbook()
    book.active.append(HEADINGS.split(";"))
    first = [1, "B1", date(2026, 10, 5), time(17, 45), None, None, "E1", None, "Ja", 12, "Ja", 3, 5, "nein"]
    second = ["x", "B1", datetime(2026, 10, 5), None, None, None, None, None, "Ja"]
    second += [timedelta(seconds=25), "Ja", 3, 5.0, "nein"]
    for row in (first, second):
        book.active.append([*row, None, None, None, None])
    stream = io.BytesIO()
    book.save(stream)
    assert counts(take(made, read_sheet(stream.getvalue(), "a.xlsx"))) == (2, 0, 0, 0)
    assert stored(made, "1")["visited_at"] == int(datetime(2026, 10, 5, 14, 45, tzinfo=UTC).timestamp())
    assert stored(made, "x")["visited_at"] == int(datetime(2026, 10, 5, 9, 0, tzinfo=UTC).timestamp())
    seconds = revisions.get(made.store, stored(made, "x")["id"], 1)["answers"]["greeting_time"]
    assert seconds == 25


def test_each_role_has_its_employee(made: Shop) -> None:
    publish_desk(made.store)
    version = checklists.find(made.store, "desk", 1)
    assert version is not None
    text = """
external_id: No
branch: Shop
visited_at: {column: Wave, dates: {One: 2026-10-01, Two: 2026-10-02}}
items: {hello: H, bill: B}
method: observation
employee:
  greeter: {column: Door, as: described}
  cashier: {column: Till, values: {Eve: E1}}
"""
    given = sheet(
        "No,Shop,Wave,H,B,Door,Till\n1,B1,One,yes,no,badge Anna,Eve\n2,B1,two,no,yes,,\n3,B1,Three,no,no,,"
    )
    sheet_map = read_map(text, "map.yaml", version.checklist)
    result = import_visits(made.store, given, version, sheet_map, by=None, now=NOW)
    assert said(result) == [(4, "Wave", "map.no_date")]
    row = visits.find(made.store, visit_id("desk", "1"))
    assert row is not None
    assert row["method"] == "observation"
    served = {
        one["role"]: (one["code"], one["described"]) for one in visits.list_employees(made.store, row["id"])
    }
    assert served == {"greeter": (None, "badge Anna"), "cashier": ("E1", None)}


def test_rows_are_stored_by_parts_and_progress_is_told(made: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing_visits, "AT_ONCE", 2)
    parts: list[int] = []
    result = take(made, rows(GOOD, FAIR, NEVER), progress=parts.append)
    assert parts == [2, 1]
    (batch,) = batches.list_all(made.store)
    assert (batch["id"], batch["taken"], batch["refused"]) == (result.batch_id, 3, 0)


def test_undoing_and_importing_again_gives_the_same(made: Shop) -> None:
    made.send()
    before = made.store.rows("SELECT * FROM rollup ORDER BY 1, 2, 3, 4")
    result = take(made, rows(GOOD, FAIR))
    assert result.batch_id is not None
    assert undo_import(made.store, result.batch_id, by=None, now=NOW).removed == 2
    assert made.store.rows("SELECT * FROM rollup ORDER BY 1, 2, 3, 4") == before
    assert counts(take(made, rows(GOOD, FAIR))) == (2, 0, 0, 0)
    assert tallies.differences(made.store) == []
