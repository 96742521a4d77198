"""export on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlite_utils import Database

from checker.cli import group
from checker.store import trail
from tests.making_store import Shop, shop


@pytest.fixture
def made(tmp_path: Path):
    with shop(tmp_path) as opened:
        opened.send(employees={"served_by": {"code": "E1"}})
        opened.send(branch="B3", visited_at="2026-09-05T09:00:00+00:00")
        yield opened


def run(made: Shop, *words: str) -> Result:
    return CliRunner().invoke(group(), ["--instance", str(made.store.path.parent), "export", *words])


@pytest.mark.parametrize(("what", "count"), [("visits", 2), ("answers", 12), ("scores", 10)])
@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".json", ".sqlite"])
def test_each_table_in_each_format(made: Shop, tmp_path: Path, what: str, count: int, suffix: str) -> None:
    file = tmp_path / f"out{suffix}"
    done = run(made, what, str(file))
    assert (done.exit_code, done.stdout) == (0, f"{file}: {count} rows\n")
    assert file.stat().st_size > 0


def test_month_branch_region_and_names(made: Shop, tmp_path: Path) -> None:
    file = tmp_path / "out.json"

    def branches(*words: str) -> list[str]:
        assert run(made, "visits", str(file), *words).exit_code == 0
        return [row["branch"] for row in json.loads(file.read_text())]

    assert branches() == ["B1", "B3"]
    assert branches("--month", "2026-09") == ["B3"]
    assert branches("--branch", "B1", "--branch", "B3") == ["B1", "B3"]
    assert branches("--region", "north") == ["B1"]
    assert "Eve" not in file.read_text()
    assert branches("--names", "--month", "2026-10") == ["B1"]
    assert "Eve" in file.read_text()


@pytest.mark.parametrize("suffix", [".xlsx", ".zip", ".sqlite"])
def test_a_month_in_each_format(made: Shop, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"month{suffix}"
    done = run(made, "month", str(file), "--month", "2026-10")
    assert done.exit_code == 0, done.output
    assert file.stat().st_size > 0
    line = trail.newest(made.store)[0]
    assert (line["act"], line["thing"], json.loads(line["details"])["names"]) == (
        "data.export",
        "month",
        False,
    )


def test_a_month_of_a_branch_for_its_manager(made: Shop, tmp_path: Path) -> None:
    file = tmp_path / "month.sqlite"
    done = run(made, "month", str(file), "--month", "2026-10", "--branch", "B1", "--audience", "manager")
    assert done.exit_code == 0, done.output
    database = Database(file)
    assert {row["employee_name"] for row in database["employees"].rows} == {"Eve", "Ed"}
    assert {row["branch"] for row in database["visits"].rows} == {"B1"}
    database.close()


def test_one_place_or_another(made: Shop, tmp_path: Path) -> None:
    done = run(made, "month", str(tmp_path / "m.zip"), "--month", "2026-10", "--branch", "B1", "--network")
    assert (done.exit_code, "Choose one of" in done.output) == (2, True)


def test_what_left_stands_in_the_trail(made: Shop, tmp_path: Path) -> None:
    run(made, "visits", str(tmp_path / "out.csv"), "--names")
    line = trail.newest(made.store)[0]
    assert (line["act"], line["thing"]) == ("data.export", "visits")
    assert json.loads(line["details"]) == {"rows": 2, "names": True}


@pytest.mark.parametrize(
    "words",
    [
        ("visits", "out.doc"),
        ("visits", "out.csv", "--month", "2026-13"),
        ("visits", "out.csv", "--branch", "B9"),
        ("visits", "out.csv", "--region", "moon"),
        ("visits", "/none/out.csv"),
    ],
)
def test_what_cannot_be_exported_is_said_in_words(made: Shop, words: tuple[str, ...]) -> None:
    done = run(made, *words)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
    assert done.stderr
