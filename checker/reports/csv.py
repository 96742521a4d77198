"""A table as CSV: UTF-8 with a mark that spreadsheets know, commas, one line per row, text that is only
text."""

from __future__ import annotations

import csv
import re
from datetime import datetime
from pathlib import Path

from checker.summaries.table import Table, Value

TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001
"""What makes a spreadsheet take a text for a formula; the wide ones are folded into these by some."""

_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")


def write(table: Table, destination: Path) -> int:
    """Write the table; returns the number of its rows."""
    count = 0
    with destination.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([column.name for column in table.columns])
        for row in table.rows:
            writer.writerow([cell(value) for value in row])
            count += 1
    return count


def cell(value: Value) -> str | int:
    """A value as CSV has it; a text that begins like a formula gets an apostrophe, a number never."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case str():
            formula = value.startswith(TRIGGERS) and not _NUMBER.fullmatch(value)
            return f"'{value}" if formula else value
        case int():
            return value
        case datetime():
            return value.isoformat(" ", "minutes")
    return str(value)
