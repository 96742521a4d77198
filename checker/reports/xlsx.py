"""Tables as XLSX: numbers as numbers, days as days, texts never as formulas; written row by row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import xlsxwriter

from checker.summaries.table import Kind, Table, Value

MOST_NAME = 31
"""Characters of a worksheet's name."""

MOST_ROWS = 1_048_575
"""Rows below the headings of one worksheet; what is more continues on the next."""

WIDTHS = {Kind.TEXT: 18, Kind.WHOLE: 10, Kind.NUMBER: 12, Kind.FLAG: 9, Kind.DAY: 12, Kind.MOMENT: 17}
"""Columns' widths in characters."""

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}


def write(tables: Sequence[Table], destination: Path) -> int:
    """Write each table to a sheet of its name; returns the number of all rows.

    Moments stand on the clock of their branch.
    """
    with xlsxwriter.Workbook(str(destination), OPTIONS) as book:
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        bold = book.add_format({"bold": True})
        return sum(_write_table(book, table, bold, moment) for table in tables)


def _write_table(book: Any, table: Table, bold: Any, moment: Any) -> int:
    """Write a table to as many sheets as it takes."""
    rows = iter(table.rows)
    count = 0
    number = 1
    while True:
        sheet = book.add_worksheet(_sheet_name(table.name, number))
        written = _write_sheet(sheet, table, islice(rows, MOST_ROWS), bold, moment)
        count += written
        if written < MOST_ROWS:
            return count
        number += 1


def _sheet_name(name: str, number: int) -> str:
    """A name as a spreadsheet allows it."""
    end = "" if number == 1 else f" {number}"
    allowed = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name).strip(" '")
    return (allowed[: MOST_NAME - len(end)].strip(" '") or "table") + end


def _write_sheet(sheet: Any, table: Table, rows: Iterable[Sequence[Value]], bold: Any, moment: Any) -> int:
    for index, column in enumerate(table.columns):
        sheet.set_column(index, index, max(WIDTHS[column.kind], len(column.name) + 2))
        sheet.write_string(0, index, column.name, bold)
    sheet.freeze_panes(1, 0)
    last = 0
    for last, row in enumerate(rows, start=1):
        for index, value in enumerate(row):
            _write_cell(sheet, last, index, value, moment)
    sheet.autofilter(0, 0, last, len(table.columns) - 1)
    return last


def _write_cell(sheet: Any, row: int, column: int, value: Value, moment: Any) -> None:
    match value:
        case None | "":
            pass
        case bool():
            sheet.write_boolean(row, column, value)
        case int() | Decimal():
            sheet.write_number(row, column, value)
        case datetime():
            sheet.write_datetime(row, column, value.replace(tzinfo=None), moment)
        case date():
            sheet.write_datetime(row, column, value)
        case _:
            sheet.write_string(row, column, value)
