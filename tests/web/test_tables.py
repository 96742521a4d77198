"""A table of a page as a file: what is shown, typed, and for whom it is shown."""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from checker.actions.add_branch import add_branch
from checker.store.connection import Store
from checker.web.tables import findable, read_table
from tests.browsing import Browser
from tests.conftest import NOW
from tests.web.test_access_matrix import LINES, filled
from tests.web.world import World, world

LINK = re.compile(
    r'<a href="([^"]+(?:[?]|&amp;)table=[^"]+)">([^<]+)<span class="hidden">: ([^<]+)</span></a>'
)

HOSTILE = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    '=HYPERLINK("http://x")',
    "-3",
    "007",
]  # noqa: RUF001


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = world(tmp_path_factory.mktemp("world"))
    yield made
    made.close()


def links(page: str) -> dict[str, list[tuple[str, str]]]:
    """The name of each table that can be fetched -> address and accessible name of its links."""
    found: dict[str, list[tuple[str, str]]] = {}
    for address, words, title in LINK.findall(page):
        address = html.unescape(address)
        name = re.search(r"[?&]table=([^&]+)", address)
        assert name
        found.setdefault(name[1], []).append((address, f"{words}: {html.unescape(title)}"))
    return found


def sheet(content: bytes) -> Worksheet:
    return load_workbook(BytesIO(content)).active


def read(browser: Browser, address: str, name: str) -> list[list[Any]]:
    answer = browser.get(f"{address}{'&' if '?' in address else '?'}table={name}&as=xlsx")
    assert answer.status_code == 200, answer.text
    return [[cell.value for cell in row] for row in sheet(answer.data).iter_rows()]


# --- every table --------------------------------------------------------------------------------------------


PAGES = sorted(
    {
        line.path
        for line in LINES
        if line.method == "GET" and not line.path.startswith(("/s/", "/tablet", "/look"))
    }
)


def test_every_table_of_the_office_can_be_fetched(everything: World):
    """By everybody on every page that answers them: each table has both links, each of a name of its own.

    The file is made of the table on the page, so where two people are shown the same one, it is fetched once.
    """
    seen: set[str] = set()
    for path in PAGES:
        fetched: set[str] = set()
        for who in ("ada", "rea", "lee", "reg", "mara", "eve"):
            address = path.format(**everything.things)
            answer = everything.ask(who, "GET", address)
            if answer.status_code != 200 or answer.mimetype != "text/html":
                continue
            page = re.sub(r"<noscript>.*?</noscript>", "", answer.text, flags=re.S)
            tables = re.findall(r"<table([^>]*)>", page)
            ids = [re.search(r'id="table-([^"]+)"', tag) for tag in tables]
            assert all(ids), (address, tables)
            names = [one[1] for one in ids if one]
            assert len(set(names)) == len(names), address
            offered = links(page)
            assert sorted(offered) == sorted(names), address
            spoken = [words for pairs in offered.values() for _address, words in pairs]
            assert len(set(spoken)) == len(spoken), (address, spoken)  # heard apart
            seen.update(offered)
            for name, pairs in offered.items():
                shown = page.split(f'id="table-{name}"')[1].split("</table>")[0]
                if shown in fetched:
                    continue
                fetched.add(shown)
                for one, _words in pairs:
                    file = everything.ask(who, "GET", one)
                    assert file.status_code == 200, one
                    if "as=xlsx" in one:
                        rows = list(sheet(file.data).iter_rows())
                        assert all(cell.data_type != "f" for row in rows for cell in row)
                        below = shown.count("<tr") - shown.split("</thead>")[0].count("<tr")
                        assert len(rows) - 1 == below, one
                    else:
                        assert file.data.startswith(b"\xef\xbb\xbf")
    assert {"branches", "users", "trail", "visits", "employees", "answers", "keys", "tablets"} <= seen


def test_the_matrix_holds_for_tables_too(everything: World):
    """Whoever may not see the page does not get its table."""
    for line in LINES:
        if line.method != "GET" or line.path not in ("/admin/users", "/network", "/review", "/branches/B001"):
            continue
        path, _fields = filled(line, everything.things)
        for who in ("nobody", "sam", "mara", "eve", "lee", "ada", "dora"):
            page = everything.ask(who, "GET", path)
            file = everything.ask(who, "GET", f"{path}?table=users&as=xlsx")
            if page.status_code != 200:
                assert file.status_code == page.status_code


def test_a_table_that_is_not_there_is_said_so(as_ada: Browser, network: Store):
    answer = as_ada.get("/admin/branches?table=nothing&as=xlsx")
    assert (answer.status_code, "no such table" in answer.text) == (404, True)
    assert as_ada.get("/admin/branches?table=branches&as=exe").mimetype == "text/html"


# --- what is in it ------------------------------------------------------------------------------------------


def test_rows_and_columns_are_those_of_the_page(as_ada: Browser, network: Store):
    rows = read(as_ada, "/admin/branches", "branches")
    assert rows[0] == ["Name", "Code", "Region", "Time zone", "Format", "State"]
    assert [row[1] for row in rows[1:]] == ["B001", "B003", "B002"]  # by name
    narrowed = read(as_ada, "/admin/branches?q=B002", "branches")
    assert [row[1] for row in narrowed[1:]] == ["B002"]


def test_hostile_names_stay_text(as_ada: Browser, network: Store):
    for n, name in enumerate(HOSTILE):
        with network.write():
            add_branch(
                network, code=f"X{n}", name=name, region="R1", zone="Europe/Helsinki", by=None, now=NOW
            )
    answer = as_ada.get("/admin/branches?table=branches&as=xlsx")
    names = {row[1].value: row[0] for row in sheet(answer.data).iter_rows(min_row=2)}
    for n, name in enumerate(HOSTILE):
        cell = names[f"X{n}"]
        assert (cell.value, cell.data_type) == (name, "s")
    rows = csv.reader(StringIO(as_ada.get("/admin/branches?table=branches&as=csv").data.decode("utf-8-sig")))
    told = {row[1]: row[0] for row in rows}
    for n, name in enumerate(HOSTILE):
        assert told[f"X{n}"] == (name if name in ("-3", "007") else f"'{name}")


def test_moments_and_counts_are_typed(as_ada: Browser, network: Store):
    as_ada.post("/admin/organisation", data={"organisation": "Acme"})
    rows = read(as_ada, "/admin/trail", "trail")
    assert isinstance(rows[1][0], datetime)
    regions = read(as_ada, "/admin/regions", "regions")
    assert all(isinstance(row[2], int) for row in regions[1:])


def page(*cells: str, heads: str = "") -> str:
    head, row = heads or "<th>A</th>" * len(cells), "".join(cells)
    return f'<table id="table-a"><thead><tr>{head}</tr></thead><tbody><tr>{row}</tr></tbody></table>'


def values(*cells: str, language: str = "en", heads: str = "") -> tuple[Any, ...]:
    table = read_table(page(*cells, heads=heads), "a", language)
    assert table
    (row,) = table.rows
    return tuple(row)


@pytest.mark.parametrize(
    ("written", "language", "value"),
    [
        ("82.4\u00a0%", "en", Decimal("82.4")),
        ("82,4\u00a0%", "de", Decimal("82.4")),
        ("1.502", "de", Decimal(1502)),
        ("1\u00a0502", "fi", Decimal(1502)),
        ("1,502", "en", Decimal(1502)),
        ("−0.5", "en", Decimal("-0.5")),
        ("-3", "en", Decimal(-3)),
        ("+2,3", "pl", Decimal("2.3")),
        ("18.5\u00a0s", "en", Decimal("18.5")),
        ("12", "ro", Decimal(12)),
        ("–", "en", None),
        ("", "en", None),
        ("70.1 – 80.3", "en", "70.1 – 80.3"),
        ("nothing", "en", "nothing"),
        ("=1", "en", "=1"),
        ("1,5,0", "en", "1,5,0"),
    ],
)
def test_a_cell_of_figures_is_read_as_the_language_writes(written: str, language: str, value: object):
    assert values(f'<td class="num">{written}</td>', language=language) == (value,)


def test_the_unit_goes_to_the_heading():
    table = read_table(page('<td class="num">82.4\u00a0%</td>', '<td class="num">12</td>'), "a", "en")
    assert table
    assert [column.name for column in table.columns] == ["A (%)", "A"]


def test_what_is_no_figure_is_text():
    assert values("<td>12</td>", "<td>-3</td>", "<td>82.4 %</td>", "<th scope='row'>007</th>") == (
        "12",
        "-3",
        "82.4 %",
        "007",
    )


def test_days_and_moments_are_found_where_the_page_wrote_them():
    day, moment = date(2026, 10, 5), datetime(2026, 10, 5, 12, 30)
    assert values(f"<td>{findable(day)}</td>", f"<td>{findable(moment)}</td>", "<td>2026-10-05</td>") == (
        day,
        moment,
        "2026-10-05",
    )
    assert values(f"<td>until {findable(day)}</td>") == ("until 2026-10-05",)


def test_what_is_tapped_drawn_or_heard_alone_is_left_out():
    cells = (
        '<th><a href="/x">Kallio</a> <span class="hidden">open</span><br><span class="quiet">B1</span></th>',
        "<td><details><summary>Revoke …</summary><form><button>Go</button></form></details></td>",
        '<td><span aria-hidden="true"><svg><text>9</text></svg></span></td>',
        "<td>&lt;b&gt; &amp; co</td>",
    )
    heads = '<th>A</th><th>B</th><th><span class="hidden">Drawn</span></th><th>C</th>'
    assert values(*cells, heads=heads) == ("Kallio\nB1", None, "<b> & co")
