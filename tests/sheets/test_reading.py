"""Files as people hand them in: every dialect that is taken, and every broken one with its place."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from checker.sheets import reading
from checker.sheets.reading import Sheet, Wrong, read_file, read_sheet
from checker.standards.answers import clean_text
from checker.standards.faults import Refused


def rows(sheet: Sheet) -> list[tuple[object, ...]]:
    return [line.cells for line in sheet.lines]


def refusal(source: bytes, name: str = "shops.csv") -> str:
    """The code and place of the one fault, "code @ place"."""
    with pytest.raises(Refused) as refused:
        read_sheet(source, name)
    (fault,) = refused.value.faults
    assert str(fault)  # its words can be filled in
    return f"{fault.code} @ {fault.place}"


def workbook(*rows_: list[object]) -> bytes:
    book = Workbook()
    for row in rows_:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


# --- CSV ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_each_dialect_of_csv_reads_the_same(separator: str, mark: bytes, ends: str) -> None:
    text = ends.join([f"code{separator}name", f'B001{separator}"Käpylä{separator} ""north"""', ""])
    sheet = read_sheet(mark + text.encode(), "shops.csv")
    assert sheet.headings == ("code", "name")
    assert rows(sheet) == [
        ("B001", f'Käpylä{separator} "north"' if separator != "\t" else 'Käpylä\t "north"')
    ]


@given(
    st.lists(st.lists(st.text(alphabet=st.characters(codec="utf-8"), max_size=8), min_size=3, max_size=3)),
    st.sampled_from([",", ";", "\t"]),
)
def test_what_is_written_is_read(texts: list[list[str]], separator: str) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=separator).writerows([["a", "b", "c"], *texts])
    source = stream.getvalue().encode()
    if b"\0" in source:
        return
    cleaned = [tuple(clean_text(text) or None for text in row) for row in texts]
    assert rows(read_sheet(source, "any.csv")) == [row for row in cleaned if any(row)]


def test_a_row_has_the_number_the_spreadsheet_shows() -> None:
    sheet = read_sheet(b'code,name\n\nB001,"two\nlines"\nB002,x\n', "shops.csv")
    assert [(line.number, line.cells[0]) for line in sheet.lines] == [(3, "B001"), (4, "B002")]


def test_short_rows_are_filled_and_long_ones_marked() -> None:
    sheet = read_sheet(b"code,name\nB001\nB002,x,y\nB003,x,\n", "shops.csv")
    assert [(line.cells, line.surplus) for line in sheet.lines] == [
        (("B001", None), False),
        (("B002", "x"), True),
        (("B003", "x"), False),
    ]


def test_names_of_80_letters_stay_whole() -> None:
    name = "Straße " * 11 + "abc"
    assert rows(read_sheet(f"code,name\nB1,{name}\n".encode(), "a.csv")) == [("B1", name.strip())]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (b"", "sheet.empty @ shops.csv"),
        (b" \n \n", "sheet.empty @ shops.csv"),
        (b",,\n1,2,3\n", "sheet.no_headings @ shops.csv"),
        ("code,name\nB1,x\nB2,Köln\n".encode("latin-1"), "sheet.encoding @ shops.csv, line 3"),
        ("code,name\n".encode("utf-16"), "sheet.encoding @ shops.csv"),
        (b"code,name\nB1,\x00\n", "sheet.binary @ shops.csv, line 2"),
        (b"code,name,code\n", "sheet.heading_twice @ shops.csv, column C"),
        (b"code,,name\n", "sheet.heading_missing @ shops.csv, column B"),
        (b'code,name\nB1,x\nB2,"never closed\nB3,y\n', "sheet.broken_csv @ shops.csv, row 3"),
        (b'code,name\nB1,"x"y\n', "sheet.broken_csv @ shops.csv, row 2"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "sheet.old_format @ shops.csv"),
        (b"PK\x03\x04 and then nothing", "sheet.broken_xlsx @ shops.csv"),
    ],
)
def test_a_broken_file_is_refused_with_its_place(source: bytes, said: str) -> None:
    assert refusal(source) == said


def test_a_file_that_only_calls_itself_xlsx_is_refused() -> None:
    assert refusal(b"code,name\n", "shops.xlsx") == "sheet.no_xlsx @ shops.xlsx"


def test_what_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 2)
    monkeypatch.setattr(reading, "MOST_COLUMNS", 2)
    assert refusal(b"a,b\n1,2\n1,2\n1,2\n") == "sheet.too_many_rows @ shops.csv"
    assert refusal(b"a,b,c\n") == "sheet.too_many_columns @ shops.csv"
    monkeypatch.setattr(reading, "LARGEST_FILE", 4)
    assert refusal(b"a,b\n1,2\n") == "sheet.too_large @ shops.csv"


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="No such file"):
        read_file(tmp_path / "none.csv")


# --- XLSX ---------------------------------------------------------------------------------------------------


def test_cells_keep_their_kind() -> None:
    moment = datetime(2026, 10, 1, 17, 45)
    source = workbook(
        ["text", "whole", "decimal", "flag", "day", "moment", "clock", "blank"],
        ["  x  ", 3, 25.4, True, date(2026, 10, 1), moment, time(0, 0, 25), None],
    )
    assert rows(read_sheet(source, "a.xlsx")) == [
        ("x", 3, Decimal("25.4"), "TRUE", datetime(2026, 10, 1), moment, time(0, 0, 25), None)
    ]


def test_a_percentage_is_read_as_it_is_shown() -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "score")
        sheet.write(1, 0, 0.8263, book.add_format({"num_format": "0.0%"}))
    assert rows(read_sheet(stream.getvalue(), "a.xlsx")) == [("82.63%",)]


def test_a_formula_gives_its_value_and_one_never_computed_says_so() -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["code", "n"])
        sheet.write(1, 0, "B1")
        sheet.write_formula(1, 1, "=1+1", None, 2)
    assert rows(read_sheet(stream.getvalue(), "a.xlsx")) == [("B1", 2)]
    ((code, cell),) = rows(read_sheet(workbook(["code", "n"], ["B1", "=1+1"]), "a.xlsx"))
    assert code == "B1"
    assert isinstance(cell, Wrong)
    assert cell.code == "cell.formula"


def test_an_error_of_the_spreadsheet_is_no_text() -> None:
    book = Workbook()
    book.active.append(["code"])
    book.active["A2"].value = "#REF!"
    book.active["A2"].data_type = "e"
    stream = io.BytesIO()
    book.save(stream)
    ((cell,),) = rows(read_sheet(stream.getvalue(), "a.xlsx"))
    assert isinstance(cell, Wrong)
    assert cell.details == {"error": "#REF!"}


def test_other_zip_files_are_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert refusal(stream.getvalue(), "a.ods") == "sheet.no_xlsx @ a.ods"


def test_a_damaged_workbook_is_refused() -> None:
    source = workbook(["code"], ["B1"])
    assert refusal(source[: len(source) // 2], "a.xlsx").startswith("sheet.broken_xlsx @ a.xlsx")
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"</row>", b"</rwo>"))
    assert refusal(stream.getvalue(), "a.xlsx").startswith("sheet.broken_xlsx @ a.xlsx")


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST_UNPACKED", 1000)
    assert refusal(workbook(["code"], ["B1"]), "a.xlsx") == "sheet.unpacks_too_large @ a.xlsx"
