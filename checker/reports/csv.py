"""Tables as CSV: UTF-8 with a mark that spreadsheets know, commas, one line per row, text that is only
text."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from checker.summaries.table import Table, Value

TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001
"""What makes a spreadsheet take a text for a formula; the wide ones are folded into these by some."""

_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")

# Where numbers are written with a comma, a spreadsheet takes the semicolon for what parts cells: it cuts a
# line there, and at every line of a text, however that is quoted.
_CELL_WITHIN = re.compile(r"([;\t\r\n][\s'\"]*)(?=[=+\-@＝＋－＠])")  # noqa: RUF001


def write(table: Table, destination: Path) -> int:
    """Write the table; returns the number of its rows."""
    with destination.open("w", encoding="utf-8-sig", newline="") as stream:
        return _write(table, stream)


def write_zip(tables: Sequence[Table], destination: Path) -> int:
    """Write each table to a file of its name in a ZIP; returns the number of all rows."""
    count = 0
    with ZipFile(destination, "w", ZIP_DEFLATED) as whole:
        for table in tables:
            # A date of its own would make other bytes of the same rows.
            with (
                whole.open(_member(f"{table.name}.csv"), "w", force_zip64=True) as raw,
                TextIOWrapper(raw, encoding="utf-8-sig", newline="") as stream,
            ):
                count += _write(table, stream)
    return count


def _member(name: str) -> ZipInfo:
    member = ZipInfo(name)
    member.compress_type = ZIP_DEFLATED
    member.external_attr = 0o600 << 16
    return member


def _write(table: Table, stream: TextIO) -> int:
    writer = csv.writer(stream)
    writer.writerow([cell(column.name) for column in table.columns])
    count = 0
    for row in table.rows:
        writer.writerow([cell(value) for value in row])
        count += 1
    return count


def cell(value: Value) -> str | int:
    """A value as CSV has it; a text that begins like a formula gets an apostrophe, a number never. So does
    what within a text would begin a cell where semicolons part them.
    """
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case str():
            formula = value.startswith(TRIGGERS) and not _NUMBER.fullmatch(value)
            return _CELL_WITHIN.sub(r"\1'", f"'{value}" if formula else value)
        case int():
            return value
        case datetime():
            return value.isoformat(" ", "minutes")
    return str(value)
