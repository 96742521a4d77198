"""A table as JSON: one list of objects, one object per line."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from checker.summaries.table import Table, Value


def write(table: Table, destination: Path) -> int:
    """Write the table; returns the number of its rows."""
    names = [column.name for column in table.columns]
    count = 0
    with destination.open("w", encoding="utf-8") as stream:
        stream.write("[")
        for row in table.rows:
            stream.write(",\n" if count else "\n")
            values = (plain(value) for value in row)
            stream.write(json.dumps(dict(zip(names, values, strict=True)), ensure_ascii=False))
            count += 1
        stream.write("\n]\n")
    return count


def plain(value: Value) -> str | int | float | bool | None:
    """A value as JSON has it: days and moments as ISO text, moments with their offset."""
    match value:
        case Decimal():
            return float(value)
        case datetime():
            return value.isoformat()
        case date():
            return value.isoformat()
    return value
