"""A table that is written to a file: typed columns, and rows that come one after another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

Value = str | int | Decimal | bool | date | datetime | None
"""A cell; None is empty in every format, never 0. Moments are aware, on the clock of their branch."""


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    FLAG = "flag"
    DAY = "day"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: a heading that programs can use as a name, too, and what it holds."""

    name: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns. `rows` may be read once only: they come from the database as they are written.

    `key` names the columns that together say which row it is. `parents` names the table whose key a column
    holds, where both go into one file.
    """

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[Value]]
    key: tuple[str, ...] = ()
    parents: Mapping[str, str] = field(default_factory=dict)
