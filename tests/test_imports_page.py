"""docs/imports.md: every example on the page is imported as it stands there, and every column is told of."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from checker.actions import import_assignments, import_branches, import_employees, import_users
from checker.actions.import_visits import import_visits
from checker.actions.importing import ImportResult
from checker.actions.publish_checklist import publish_checklist
from checker.sheets.mapping import MAP, read_map
from checker.sheets.reading import Sheet, read_sheet
from checker.standards.parse import read_yaml
from checker.store.connection import Store

PAGE = (Path(__file__).parent.parent / "docs" / "imports.md").read_text(encoding="utf-8")
NOW = datetime(2026, 10, 20, 12, 0, tzinfo=UTC)


def example(section: str, kind: str, number: int = 0) -> str:
    """A block of the section under this heading."""
    text = PAGE.split(f"\n## {section}\n")[1].split("\n## ")[0]
    return re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)[number]


def sheet(section: str) -> Sheet:
    return read_sheet(example(section, "csv").encode(), f"{section}.csv")


def sound(result: ImportResult, rows: int) -> None:
    assert [str(refusal) for refusal in result.refused] == []
    assert result.taken == rows


def test_every_example_is_taken_as_it_stands(store: Store) -> None:
    checklist = read_yaml(example("visits", "yaml"), "kiosk.yaml")
    version = publish_checklist(store, checklist, by=None, now=NOW)
    by_now = {"by": None, "now": NOW}
    sound(import_branches.import_branches(store, sheet("branches"), **by_now), 3)
    sound(import_employees.import_employees(store, sheet("employees"), **by_now), 3)
    sound(import_users.import_users(store, sheet("users"), days=7, **by_now), 4)
    sound(import_assignments.import_assignments(store, sheet("assignments"), **by_now), 2)
    sheet_map = read_map(example("visits", "yaml", 1), "map.yaml", checklist)
    result = import_visits(store, sheet("visits"), version, sheet_map, **by_now)
    sound(result, 3)
    assert result.differences == ()
    assert result.not_scored == 1
    shares = store.rows("SELECT compliance, experience, outcome FROM visit ORDER BY id")
    assert [tuple(row.values()) for row in shares] == [
        (1_000_000, 1_000_000, "completed"),
        (133_330, 250_000, "completed"),
        (None, None, "closed"),
    ]
    assert sheet_map.tolerance == Decimal("0.02")


def test_every_column_and_key_is_told_of() -> None:
    for name, module in (
        ("branches", import_branches),
        ("employees", import_employees),
        ("users", import_users),
        ("assignments", import_assignments),
    ):
        headings = example(name, "csv").splitlines()[0].split(",")
        columns = [column.name for column in module.COLUMNS]
        assert headings == columns
        section = PAGE.split(f"\n## {name}\n")[1].split("\n## ")[0]
        assert all(f"`{column}`" in section for column in columns)
    keys = example("visits", "yaml", 1)
    assert all(re.search(rf"^(# )?{key.name}:", keys, re.MULTILINE) for key in MAP.keys)
