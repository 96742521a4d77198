"""Sheets for import tests, written as people write them."""

from __future__ import annotations

from textwrap import dedent

from checker.actions.importing import ImportResult
from checker.sheets.reading import Sheet, read_sheet


def sheet(text: str, name: str = "sheet.csv") -> Sheet:
    """CSV, indented as the test is."""
    return read_sheet(dedent(text).strip().encode(), name)


def counts(result: ImportResult) -> tuple[int, int, int, int]:
    """(new, changed, unchanged, refused) rows."""
    return result.taken, result.changed, result.unchanged, result.refused_rows


def said(result: ImportResult) -> list[tuple[int, str, str]]:
    """(row, column, code) of every refusal; each has words that can be filled in."""
    assert all(str(refusal) for refusal in result.refused)
    return [(refusal.row, refusal.column, refusal.code) for refusal in result.refused]
