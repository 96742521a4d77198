"""A row taken apart cell by cell: every value checked, every refusal kept with its column."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches

from checker.sheets.reading import Cell, Line, Sheet, Wrong, letter
from checker.standards.faults import N_, Fault, Refused


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row is not taken: its number in the spreadsheet, the column's heading ("": the whole row), why.

    `text` is a msgid that says what is wrong and what to do, with named %-placeholders filled from `details`.
    """

    row: int
    column: str
    code: str
    text: str
    details: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        words = self.text % self.details if self.details else self.text
        return f"row {self.row}, column {self.column}: {words}" if self.column else f"row {self.row}: {words}"


@dataclass(frozen=True, slots=True)
class Column:
    """A column a file may have. `required`: the heading must be there."""

    name: str
    required: bool = False


def with_columns(sheet: Sheet, columns: Sequence[Column]) -> Sheet:
    """The sheet with its headings named as `columns` are; capitals and blanks in them do not matter.

    Raises `Refused` with every heading that is unknown, missing or there twice.
    """
    known = [column.name for column in columns]
    named = tuple("_".join(heading.casefold().replace("-", " ").split()) for heading in sheet.headings)
    faults: list[Fault] = []
    for index, name in enumerate(named):
        place = f"{sheet.name}, column {letter(index)}"
        if name not in known:
            faults.append(_unknown_heading(sheet.headings[index], known, place))
        elif name in named[:index]:
            text = N_("“%(heading)s” is a heading twice. Keep one of the two columns.")
            faults.append(Fault("sheet.heading_twice", place, text, {"heading": name}))
    for column in columns:
        if column.required and column.name not in named:
            text = N_("The column “%(column)s” is missing. Add it; its heading stands in the first row.")
            faults.append(Fault("sheet.column_missing", sheet.name, text, {"column": column.name}))
    if faults:
        raise Refused(faults)
    return replace(sheet, headings=named)


def _unknown_heading(heading: str, known: Sequence[str], place: str) -> Fault:
    near = get_close_matches(heading.casefold(), known, n=1)
    if near:
        text = N_(
            "There is no column “%(heading)s”. Did you mean “%(near)s”? Rename it, or delete the column."
        )
        return Fault("sheet.unknown_column", place, text, {"heading": heading, "near": near[0]})
    text = N_("There is no column “%(heading)s”. Delete it. There may be: %(known)s.")
    return Fault("sheet.unknown_column", place, text, {"heading": heading, "known": ", ".join(known)})


class RowReader:
    """Reads the cells of one line; what is refused is kept in `refused`, and nothing given back instead."""

    def __init__(self, headings: Iterable[str], line: Line) -> None:
        self.number = line.number
        self.refused: list[Refusal] = []
        self._cells = dict(zip(headings, line.cells, strict=True))
        if line.surplus:
            text = N_("This row has more cells than there are headings. Look for a separator too many.")
            self.refuse("", "row.surplus", text)

    def refuse(self, column: str, code: str, text: str, /, **details: object) -> None:
        """Keep a refusal of this row."""
        self.refused.append(Refusal(self.number, column, code, text, details))

    def refuse_faults(self, faults: Iterable[Fault], columns: Mapping[str, str] | None = None) -> None:
        """Keep what an action refused: a fault's place is the column, or is looked up in `columns`.

        A column that is refused already is not refused again: one reason follows from the other.
        """
        known = {refusal.column for refusal in self.refused}
        for fault in faults:
            column = (columns or {}).get(fault.place, fault.place)
            if not column or column not in known:
                self.refused.append(Refusal(self.number, column, fault.code, fault.text, fault.details))

    def has(self, column: str) -> bool:
        """Whether the file has this column at all: one that is missing leaves what is stored as it is."""
        return column in self._cells

    def cell(self, column: str) -> Cell:
        """The cell as it was read; None when blank, when there is no such column, or when it is refused."""
        cell = self._cells.get(column)
        if isinstance(cell, Wrong):
            self.refuse(column, cell.code, cell.text, **cell.details)
            return None
        return cell

    def text(self, column: str, *, required: bool = False) -> str:
        """The cell's words, "" when blank."""
        text = text_of(self.cell(column))
        if required and not text and not any(refusal.column == column for refusal in self.refused):
            self.refuse(column, "cell.missing", N_("This cell is empty. Fill it in."))
        return text

    def words(self, column: str) -> list[str]:
        """Several codes in one cell, with ; or , or | between."""
        return [word.strip() for word in re.split(r"[;,|]", self.text(column)) if word.strip()]

    def day(self, column: str, *, required: bool = False) -> str | None:
        """A day as ISO text: a date cell, or text such as 2026-10-01."""
        cell = self.cell(column)
        if isinstance(cell, datetime | date):
            return (cell.date() if isinstance(cell, datetime) else cell).isoformat()
        text = self.text(column, required=required)
        if not text:
            return None
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            try:
                return date.fromisoformat(text).isoformat()
            except ValueError:
                pass
        words = N_("“%(found)s” is no date. Write it as 2026-10-01, or as a date cell.")
        self.refuse(column, "cell.date", words, found=shortened(text))
        return None

    def cents(self, column: str) -> int | None:
        """An amount of money such as 12.50 (or 12,50) in hundredths."""
        text = self.text(column)
        if not text:
            return None
        amount = number_of(text.replace(",", "."))
        if amount is None or amount != round(amount, 2) or not 0 <= amount < 10**9:
            words = N_("“%(found)s” is no amount. Write it as 12.50, without a currency sign.")
            self.refuse(column, "cell.amount", words, found=shortened(text))
            return None
        return int(amount * 100)

    def given(self, **readers: Callable[[], object]) -> dict[str, object]:
        """What the columns that are there say: name -> value."""
        return {name: read() for name, read in readers.items() if self.has(name)}


def text_of(cell: Cell) -> str:
    """A cell as a spreadsheet shows it: dates as 2026-10-01, numbers without zeros at the end."""
    match cell:
        case None | Wrong():
            return ""
        case str():
            return cell
        case Decimal():
            return format(cell.normalize(), "f")
        case datetime():
            return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(" ", "seconds")
        case time() | date():
            return cell.isoformat()
        case timedelta():
            return str(cell)
    return str(cell)


def number_of(text: str) -> Decimal | None:
    """The decimal number that `text` is; None when it is none."""
    if not re.fullmatch(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?", text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:  # pragma: no cover - the pattern leaves none
        return None


def shortened(text: str) -> str:
    """Enough of a cell's text to know it again."""
    return text if len(text) <= 60 else f"{text[:60]}…"
