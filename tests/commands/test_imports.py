"""import, undo and list on the command line: what is said, which stream, which exit code."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from checker.cli import group
from checker.store.connection import Store, open_store
from tests.making_store import shop

Run = Callable[..., Result]

MAP = """
external_id: No
branch: Shop
visited_at: Date
outcome: {column: Total, values: {Closed: closed}}
items: {tidy: T, greeting_time: G, smile: S, three_yes: Y, welcome_felt: W, try_out: N}
published: {standard: Total}
"""
VISITS = """No,Shop,Date,T,G,S,Y,W,N,Total
1,B1,2026-10-01,yes,20,yes,3,5,no,100
2,B2,2026-10-01,no,20,yes,3,5,no,80
3,B3,2026-10-01,no,20,yes,3,5,no,Closed
4,B9,2026-10-01,no,20,yes,3,5,no,80
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An instance with the small shop in it."""
    with shop(tmp_path):
        pass
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Run:
    def run_(*words: str) -> Result:
        return CliRunner().invoke(group(), ["--instance", str(folder), *words])

    return run_


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    opened = open_store(folder / "checker.sqlite")
    yield opened
    opened.close()


def written(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


def test_a_sheet_is_tried_stored_listed_and_taken_back(run: Run, folder: Path, store: Store) -> None:
    sheet = written(folder / "branches.csv", "code,name,region,zone\nB8,Quay,west,UTC\nB9,Hill,west,UTC\n")
    tried = run("import", "branches", sheet, "--dry-run")
    assert (tried.exit_code, tried.stdout) == (
        0,
        "2 new, 0 unchanged, 0 refused (dry run: nothing was stored)\n",
    )
    assert store.value("SELECT count(*) FROM batch") == 0
    done = run("import", "branches", sheet)
    assert done.stdout == "2 new, 0 unchanged, 0 refused. This is batch 1; `import undo 1` takes it back.\n"
    assert run("import", "branches", sheet).stdout == "0 new, 2 unchanged, 0 refused (nothing was stored)\n"
    assert re.search(r"1  \S+  branches  +2 taken  +0 refused  branches\.csv", run("import", "list").stdout)
    assert run("import", "undo", "1").stdout == "batch 1: 3 taken back\n"
    assert "(taken back)" in run("import", "list").stdout
    again = run("import", "undo", "1")
    assert (again.exit_code, again.stderr.strip().splitlines()[-1]) == (
        1,
        "Nothing of this import is left: it was taken back already.",
    )


def test_refused_rows_go_to_the_error_stream_and_end_with_1(run: Run, folder: Path) -> None:
    lines = "".join(f"E{n},Name,B9,2026-01-01\n" for n in range(60))
    sheet = written(folder / "people.csv", "code,name,branch,from\nE77,Nia,B1,2026-01-01\n" + lines)
    done = run("import", "employees", sheet, "--refused", str(folder / "refused.csv"))
    assert done.exit_code == 1
    assert done.stdout.startswith("1 new, 0 unchanged, 60 refused. This is batch 1")
    said = done.stderr.splitlines()
    assert said[0] == "people.csv: row 3, column branch: There is no branch “B9”."
    assert len(said) == 51
    assert said[-1] == "… and 10 more; --refused FILE writes them all"
    assert rows(folder / "refused.csv")[:2] == [
        ["row", "column", "reason"],
        ["3", "branch", "There is no branch “B9”."],
    ]
    assert len(rows(folder / "refused.csv")) == 61


def test_a_file_that_cannot_be_read_is_one_line(run: Run, folder: Path) -> None:
    sheet = folder / "latin.csv"
    sheet.write_bytes("code,name\nB1,Köln\n".encode("latin-1"))
    done = run("import", "branches", str(sheet))
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        "latin.csv, line 2: This line is not UTF-8 (byte 0xF6). Save the file as “CSV UTF-8”, or as .xlsx.\n"
    )


def test_links_are_printed_or_written(run: Run, folder: Path) -> None:
    ann = written(folder / "ann.csv", "email,name,role\nann@example.org,Ann,shopper\n")
    ben = written(folder / "ben.csv", "email,name,role\nben@example.org,Ben,shopper\n")
    cid = written(folder / "cid.csv", "email,name,role\ncid@example.org,Cid,shopper\n")
    link = r"http://127\.0\.0\.1:8000/welcome/\S+"
    assert re.search(rf"ann@example\.org  {link}\n", run("import", "users", ann).stdout)
    done = run("import", "users", ben, "--links", str(folder / "links.csv"))
    assert "/welcome/" not in done.output
    heading, row = rows(folder / "links.csv")
    assert heading == ["email", "name", "link"]
    assert re.fullmatch(link, row[2])
    # Where the file cannot be written the person exists already: the link must not be lost.
    lost = run("import", "users", cid, "--links", str(folder / "none" / "links.csv"))
    assert "cannot be written" in lost.stderr
    assert re.search(link, lost.stdout)


def test_visits_are_compared_with_what_was_published(run: Run, folder: Path) -> None:
    sheet = written(folder / "visits.csv", VISITS)
    words = ("--checklist", "shop", "--map", written(folder / "map.yaml", MAP))
    done = run("import", "visits", sheet, *words)
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        "standard: 1 of 2 published figures agree",
        "1 visits were not completed: they have no score to compare",
        "  row 3, 2, standard: published 80, ours 75.00",
        "3 new, 0 unchanged, 1 refused. This is batch 1; `import undo 1` takes it back.",
    ]
    assert "visits.csv: row 5, column Shop: There is no branch “B9”." in done.stderr
    differences = folder / "differences.csv"
    again = run("import", "visits", sheet, *words, "--differences", str(differences))
    assert f"1 differences are in {differences}" in again.stdout
    assert rows(differences) == [
        ["row", "visit", "branch", "measure", "published", "ours_percent"],
        ["3", "2", "B2", "standard", "80", "75.0000"],
    ]


def test_every_fault_of_a_map_is_told_with_its_line(run: Run, folder: Path) -> None:
    sheet = written(folder / "visits.csv", VISITS)
    broken = written(folder / "map.yaml", MAP.replace("tidy: T", "tydy: T").replace("Date", "Datum"))
    done = run("import", "visits", sheet, "--checklist", "shop", "--map", broken)
    assert done.exit_code == 1
    faults = [line for line in done.stderr.splitlines() if line.startswith("map.yaml:")]
    assert faults == [
        "map.yaml:6: The checklist has no item “tydy”. Did you mean “tidy”?",
        "map.yaml:6: The item “tidy” must be answered in every visit; say in which column it stands.",
    ]


def test_names_are_checked_before_anything_is_stored(run: Run, folder: Path, store: Store) -> None:
    sheet = written(folder / "visits.csv", VISITS)
    words = ("import", "visits", sheet, "--checklist", "shop", "--map", written(folder / "map.yaml", MAP))
    assert run(*words, "--differences", "d.doc").exit_code == 1
    assert run(*words, "--refused", "d.doc").exit_code == 1
    assert run(*words, "--version", "9").exit_code == 1
    assert run("import", "visits", sheet).exit_code == 2
    assert run("import", "undo", "none").exit_code == 2
    assert run("import", "undo", "9").exit_code == 1
    assert store.value("SELECT count(*) FROM visit") == 0
