"""A CSV or XLSX file as rows under headings, with the places at which a person finds each cell again."""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from checker.standards.answers import clean_text
from checker.standards.faults import N_, Fault, Refused

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes of a file; a year of a large chain's visits has a tenth of that."""

LARGEST_UNPACKED = 200 * 1024 * 1024
"""Bytes an XLSX may hold once unpacked: a few kilobytes can be made to unpack to a disk full."""

MOST_ROWS = 200_000
MOST_COLUMNS = 600


@dataclass(frozen=True, slots=True)
class Wrong:
    """A cell that holds no value, only a reason why: a spreadsheet's error, a formula never computed."""

    code: str
    text: str
    details: Mapping[str, object] = field(default_factory=dict)


Cell = str | int | Decimal | datetime | date | time | timedelta | Wrong | None
"""What a cell holds; CSV has only texts. Blank cells are None, texts have no blanks around them."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its number as the spreadsheet shows it (the headings are row 1), and a cell per heading.

    `surplus`: there are more cells than headings, so nobody knows which heading each belongs to.
    """

    number: int
    cells: tuple[Cell, ...]
    surplus: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """The first worksheet of a file: headings as written and the rows that hold something."""

    name: str
    headings: tuple[str, ...]
    lines: tuple[Line, ...]


def read_file(path: Path) -> Sheet:
    """Read the file at `path`; see `read_sheet`. Raises `Refused` when it cannot be opened, too."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise _too_large(path.name, path.stat().st_size)
        source = path.read_bytes()
    except OSError as error:
        text = N_("The file cannot be opened (%(problem)s). Check its name.")
        raise _refused("sheet.unreadable", str(path), text, problem=error.strerror or str(error)) from error
    return read_sheet(source, path.name)


def read_sheet(source: bytes, name: str) -> Sheet:
    """Read CSV (UTF-8; comma, semicolon or tab) or XLSX (first worksheet), told apart by content.

    Raises `Refused` with every fault found: the place is the file, and the row, line or column.
    """
    if len(source) > LARGEST_FILE:
        raise _too_large(name, len(source))
    if source.startswith(b"\xd0\xcf\x11\xe0"):
        text = N_("This is an old .xls file or one with a password. Save it as .xlsx without one, or as CSV.")
        raise _refused("sheet.old_format", name, text)
    zipped = source.startswith(b"PK\x03\x04")
    if name.lower().endswith((".xlsx", ".xlsm")) and not zipped:
        text = N_("This is no XLSX file, whatever its name says. Save it again as .xlsx, or as CSV.")
        raise _refused("sheet.no_xlsx", name, text)
    rows = _xlsx_rows(source, name) if zipped else _csv_rows(source, name)
    return _sheet(rows, name)


def _sheet(rows: Iterator[Sequence[Cell]], name: str) -> Sheet:
    headings = [_heading(cell) for cell in next(rows, ())]
    while headings and not headings[-1]:
        headings.pop()
    if not headings:
        text = N_("The first row must hold the headings of the columns, and it is empty.")
        raise _refused("sheet.no_headings", name, text)
    faults = list(_heading_faults(headings, name))
    lines: list[Line] = []
    for number, cells in enumerate(rows, start=2):
        if all(cell is None for cell in cells):
            continue
        if len(lines) == MOST_ROWS:
            text = N_("The file has more than %(most)s rows. Split it into several.")
            raise _refused("sheet.too_many_rows", name, text, most=MOST_ROWS)
        kept = (*cells[: len(headings)], *(None,) * (len(headings) - len(cells)))
        surplus = any(cell is not None for cell in cells[len(headings) :])
        lines.append(Line(number, kept, surplus))
    if faults:
        raise Refused(faults)
    return Sheet(name, tuple(headings), tuple(lines))


def _heading(cell: Cell) -> str:
    return "" if cell is None or isinstance(cell, Wrong) else " ".join(str(cell).split())


def _heading_faults(headings: Sequence[str], name: str) -> Iterator[Fault]:
    if len(headings) > MOST_COLUMNS:
        text = N_("The file has more than %(most)s columns. Delete those that are not needed.")
        yield Fault("sheet.too_many_columns", name, text, {"most": MOST_COLUMNS})
        return
    first: dict[str, int] = {}
    for index, heading in enumerate(headings):
        place = f"{name}, column {letter(index)}"
        if not heading:
            yield Fault(
                "sheet.heading_missing", place, N_("This column has no heading. Write one, or delete it.")
            )
        elif heading in first:
            text = N_(
                "“%(heading)s” is the heading of column %(first)s already. Give one of them another name."
            )
            yield Fault(
                "sheet.heading_twice", place, text, {"heading": heading, "first": letter(first[heading])}
            )
        first.setdefault(heading, index)


def place_of(name: str, row: int, heading: str = "") -> str:
    """ "people.csv, row 7, column email": where a person looks."""
    return f"{name}, row {row}, column {heading}" if heading else f"{name}, row {row}"


def letter(index: int) -> str:
    """The letter a spreadsheet shows above the column: 0 is A."""
    return str(get_column_letter(index + 1))


def _refused(code: str, place: str, text: str, **details: object) -> Refused:
    return Refused([Fault(code, place, text, details)])


def _too_large(name: str, size: int) -> Refused:
    text = N_("The file has %(size)s MiB; at most %(most)s are taken. Split it into several.")
    return _refused("sheet.too_large", name, text, size=-(-size // 2**20), most=LARGEST_FILE // 2**20)


# --- CSV ----------------------------------------------------------------------------------------------------


def _csv_rows(source: bytes, name: str) -> Iterator[Sequence[Cell]]:
    text = _decoded(source, name)
    if not text.strip():
        raise _refused("sheet.empty", name, N_("The file is empty."))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    seen: dict[str, str] = {}  # the same few words fill most sheets: each is held once
    number = 1
    while True:
        began = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            words = N_(
                "The row that begins on line %(line)s cannot be read (%(problem)s). Look for a stray quote."
            )
            place = place_of(name, number)
            raise _refused("sheet.broken_csv", place, words, line=began, problem=str(error)) from None
        if cells is None:
            return
        yield [seen.setdefault(kept, kept) if (kept := clean_text(cell)) else None for cell in cells]
        number += 1


def _decoded(source: bytes, name: str) -> str:
    if source.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = N_("The file is written in UTF-16. Save it as “CSV UTF-8”, or as .xlsx.")
        raise _refused("sheet.encoding", name, text)
    try:
        decoded = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = _line(source, error.start, name)
        text = N_("This line is not UTF-8 (byte %(byte)s). Save the file as “CSV UTF-8”, or as .xlsx.")
        raise _refused("sheet.encoding", place, text, byte=f"0x{source[error.start]:02X}") from None
    if "\0" in decoded:
        place = _line(source, source.index(b"\0"), name)
        raise _refused("sheet.binary", place, N_("This is no text. Hand in a CSV or XLSX file."))
    return decoded


def _line(source: bytes, position: int, name: str) -> str:
    line = source.count(b"\n", 0, position) + 1
    return f"{name}, line {line}"


def _delimiter(text: str) -> str:
    """The separator that occurs most in the row of headings, outside quotes."""
    counts = dict.fromkeys((",", ";", "\t"), 0)
    quoted = False
    for character in text:
        if character == '"':
            quoted = not quoted
        elif not quoted:
            if character == "\n" and any(counts.values()):
                break
            if character in counts:
                counts[character] += 1
    return max(counts, key=lambda separator: counts[separator])


# --- XLSX ---------------------------------------------------------------------------------------------------


def _xlsx_rows(source: bytes, name: str) -> Iterator[Sequence[Cell]]:
    formulas = _check_archive(source, name)
    values = _first_worksheet(source, name, data_only=True)
    formula_rows = _first_worksheet(source, name, data_only=False) if formulas else ()
    for cells, written in zip_longest(values, formula_rows, fillvalue=()):
        row = [_cell(cell) for cell in cells]
        for index, formula in enumerate(written):
            if formula.data_type == "f" and index < len(row) and row[index] is None:
                text = N_(
                    "This formula was never computed. Open the file in a spreadsheet program and save it."
                )
                row[index] = Wrong("cell.formula", text)
        yield row


def _check_archive(source: bytes, name: str) -> bool:
    """Refuse what is no workbook or unpacks too large; whether any cell holds a formula."""
    try:
        with zipfile.ZipFile(io.BytesIO(source)) as archive:
            names = archive.namelist()
            if "xl/workbook.xml" not in names:
                text = N_("This is no XLSX workbook. Save it as .xlsx, or as CSV.")
                raise _refused("sheet.no_xlsx", name, text)
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED:
                text = N_("This workbook unpacks to more than %(most)s MiB. Split it, or save it as CSV.")
                raise _refused("sheet.unpacks_too_large", name, text, most=LARGEST_UNPACKED // 2**20)
            sheets = [
                entry for entry in names if entry.startswith("xl/worksheets/") and entry.endswith(".xml")
            ]
            return any(_holds_formula(archive, entry) for entry in sheets)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        if isinstance(error, Refused):
            raise
        raise _broken_xlsx(name, error) from error


def _holds_formula(archive: zipfile.ZipFile, entry: str) -> bool:
    with archive.open(entry) as stream:
        last = b""
        while part := stream.read(2**20):
            if b"<f" in last + part:
                return True
            last = part[-1:]
    return False


def _first_worksheet(source: bytes, name: str, *, data_only: bool) -> Iterator[Sequence[Any]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and such, which nobody reads here
            book = openpyxl.load_workbook(io.BytesIO(source), read_only=True, data_only=data_only)
            sheets = book.worksheets
            if not sheets:
                raise _refused("sheet.empty", name, N_("The workbook has no worksheet."))
            sheets[0].reset_dimensions()  # what a file says about its own size is often wrong
            yield from sheets[0].iter_rows(max_col=MOST_COLUMNS + 1)
    except Refused:
        raise
    except Exception as error:  # openpyxl lets through whatever a broken file makes it stumble over
        raise _broken_xlsx(name, error) from error


def _broken_xlsx(name: str, error: Exception) -> Refused:
    text = N_("The workbook is damaged (%(problem)s). Open it in a spreadsheet program and save it again.")
    problem = " ".join(str(error).split())[:120] or type(error).__name__
    return _refused("sheet.broken_xlsx", name, text, problem=problem)


def _cell(cell: Any) -> Cell:
    value = cell.value
    if cell.data_type == "e":
        text = N_("This cell holds the spreadsheet's error %(error)s. Repair it, or empty it.")
        return Wrong("cell.error", text, {"error": str(value)})
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float() if "%" in (cell.number_format or ""):
            return f"{(Decimal(repr(value)) * 100).normalize():f}%"
        case float():
            number = Decimal(repr(value))
            return int(number) if number == number.to_integral_value() else number
        case str():
            return clean_text(value) or None
    return value  # type: ignore[no-any-return]  # int, dates, times or None: all that is left in a workbook
