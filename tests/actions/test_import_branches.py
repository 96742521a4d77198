"""Branches from a sheet: new, changed, unchanged, refused; nothing half-stored."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from checker.actions.import_branches import import_branches
from checker.actions.importing import ImportResult
from checker.standards.faults import Refused
from checker.store import batches, branches, regions, trail
from checker.store.connection import Store
from tests.actions.sheets import counts, said, sheet

NOW = datetime(2026, 10, 15, 9, 30, tzinfo=UTC)

TWO = """
    code;name;region;region_name;zone;format;group;opened_on;closed_on
    B101;Käpylä;SOUTH;Southern region;Europe/Helsinki;street;A;2019-04-01;
    B102;Iași;EAST;;Europe/Bucharest;mall;;;2026-12-31
"""


def take(store: Store, text: str, *, dry_run: bool = False) -> ImportResult:
    return import_branches(store, sheet(text), by=None, now=NOW, dry_run=dry_run)


def test_branches_come_with_their_regions(store: Store) -> None:
    result = take(store, TWO)
    assert counts(result) == (2, 0, 0, 0)
    branch = branches.find(store, "B101")
    assert branch is not None
    wanted = {
        "name": "Käpylä",
        "region": "SOUTH",
        "region_name": "Southern region",
        "zone": "Europe/Helsinki",
        "format": "street",
        "branch_group": "A",
        "opened_on": "2019-04-01",
        "closed_on": None,
        "batch_id": result.batch_id,
    }
    assert {name: branch[name] for name in wanted} == wanted
    east = regions.find(store, "EAST")
    assert east is not None
    assert east["name"] == "EAST"  # without a name it is called by its code


def test_the_same_sheet_again_changes_nothing(store: Store) -> None:
    take(store, TWO)
    again = take(store, TWO)
    assert (again.batch_id, counts(again)) == (None, (0, 0, 2, 0))
    assert len(batches.list_all(store)) == 1


def test_a_dry_run_tells_the_same_and_stores_nothing(store: Store) -> None:
    told = take(store, TWO + "    B103;;NORTH;;UTC;;;;\n", dry_run=True)
    assert (told.batch_id, counts(told)) == (None, (2, 0, 0, 1))
    assert store.value("SELECT count(*) FROM branch") == 0
    assert store.value("SELECT count(*) FROM region") == 0
    assert batches.list_all(store) == []


def test_a_changed_row_changes_the_branch_and_leaves_what_the_sheet_has_not(store: Store) -> None:
    take(store, TWO)
    result = take(store, "code,name\nB101,Käpylä station\nB102,Iași")
    assert counts(result) == (0, 1, 1, 0)
    branch = branches.find(store, "B101")
    assert branch is not None
    assert (branch["name"], branch["zone"], branch["format"]) == (
        "Käpylä station",
        "Europe/Helsinki",
        "street",
    )
    assert [line["act"] for line in trail.newest(store)] == ["data.import", "branch.change", "data.import"]


def test_an_empty_cell_empties_what_may_be_empty(store: Store) -> None:
    take(store, TWO)
    assert counts(take(store, "code,closed_on\nB102,\nB101,2026-09-30")) == (0, 2, 0, 0)
    assert [row["closed_on"] for row in store.rows("SELECT closed_on FROM branch ORDER BY code")] == [
        "2026-09-30",
        None,
    ]


def test_headings_may_be_written_as_people_write_them(store: Store) -> None:
    text = "Code,NAME,Region,Region name,Zone,Opened-on\nB1,One,R,The region,UTC,2020-01-01"
    assert counts(take(store, text)) == (1, 0, 0, 0)


def test_every_fault_of_a_row_is_told_with_row_and_column(store: Store) -> None:
    result = take(
        store,
        """
        code,name,region,region_name,zone,opened_on,closed_on
        B1,One,R1,Region,Europe/Helsinky,2026-13-01,
        ,Two,R1,,UTC,,
        B3,,,,UTC,,
        B4,Four,R1,,UTC,2026-02-01,2026-01-01
        B5,Five,R1,,UTC,,,and more
        B6,Six,R1,,UTC,,
        B6,Six again,R1,,UTC,,
        B7,Seven,R1,Another name,UTC,,
        """
        + "B8,"
        + "x" * 201
        + ",R1,,UTC,,\n",
    )
    assert said(result) == [
        (2, "opened_on", "cell.date"),
        (2, "zone", "branch.zone"),
        (3, "code", "cell.missing"),
        (4, "name", "name.length"),
        (4, "region", "branch.region"),
        (5, "closed_on", "branch.closed_first"),
        (6, "", "row.surplus"),
        (8, "code", "branch.twice"),
        (9, "region_name", "region.two_names"),
        (10, "name", "name.length"),
    ]
    assert counts(result) == (1, 0, 0, 8)
    assert [row["code"] for row in store.rows("SELECT code FROM branch")] == ["B6"]
    assert "Did you mean Europe/Helsinki?" in str(result.refused[1])


def test_a_region_of_refused_rows_only_is_not_left_behind(store: Store) -> None:
    take(store, "code,name,region,zone\nB1,One,R1,Nowhere/Land\nB2,Two,R2,UTC")
    assert [row["code"] for row in regions.list_all(store)] == ["R2"]


def test_wrong_headings_refuse_the_file(store: Store) -> None:
    with pytest.raises(Refused) as refused:
        take(store, "kode,name,zone,zone \nB1,One,UTC,UTC")
    assert [(fault.code, fault.place) for fault in refused.value.faults][-1:] == [
        ("sheet.heading_twice", "sheet.csv, column D")
    ]
    with pytest.raises(Refused) as refused:
        take(store, "kode,name,Zone,colour\nB1,One,UTC,red")
    assert [(fault.code, fault.place) for fault in refused.value.faults] == [
        ("sheet.unknown_column", "sheet.csv, column A"),
        ("sheet.unknown_column", "sheet.csv, column D"),
        ("sheet.column_missing", "sheet.csv"),
    ]
    assert "Did you mean “code”?" in str(refused.value)
