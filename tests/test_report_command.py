"""The command `report`: whole files under stable names, in several processes, and no report stops another."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader

from checker.cli import group
from checker.jobs.files import LIST
from checker.store import settings
from tests.making_store import NOW, POOR, Shop
from tests.making_store import shop as made

Run = Callable[..., Result]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """Harbour with six visits and Centre with one; at Airport nobody was."""
    with made(tmp_path) as it:
        for index in range(6):
            day = (NOW - timedelta(days=10 + index % 3)).isoformat()
            answers = {"answers": POOR} if index == 0 else {}
            it.send(visited_at=day, employees={"served_by": {"code": "E1"}}, **answers)
        it.send(branch="B3")
        with it.store.write():
            settings.put(it.store, "organisation", "Nordline & Söhne")
        yield it


@pytest.fixture
def run(shop: Shop, tmp_path: Path) -> Run:
    def run_(*words: str) -> Result:
        out = ("--out", str(tmp_path / "out"))
        call = ["--instance", str(tmp_path), "report", "--month", "2026-10", *out, *words]
        return CliRunner().invoke(group(), call)

    return run_


def made_files(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "out").iterdir() if path.name != LIST)


def text_of(tmp_path: Path, name: str) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(tmp_path / "out" / name).pages)


def test_every_scope_becomes_a_file_of_its_own_under_a_stable_name(run: Run, tmp_path: Path) -> None:
    result = run("--network", "--region", "north", "--branch", "B1", "--branch", "B3", "--workers", "1")
    assert result.exit_code == 0, result.output
    assert made_files(tmp_path) == [
        "branch-B1-2026-10-shop.pdf",
        "branch-B3-2026-10-shop.pdf",
        "network-2026-10-shop.pdf",
        "region-north-2026-10-shop.pdf",
    ]
    assert "4 of 4 reports" in result.output
    assert "Nordline & Söhne" in text_of(tmp_path, "network-2026-10-shop.pdf")


def test_processes_make_the_same_files_as_one_alone(run: Run, tmp_path: Path) -> None:
    assert run("--all-branches", "--network", "--workers", "2").exit_code == 0
    names = made_files(tmp_path)
    assert names == [
        "branch-B1-2026-10-shop.pdf",
        "branch-B2-2026-10-shop.pdf",
        "branch-B3-2026-10-shop.pdf",
        "network-2026-10-shop.pdf",
    ]
    together = {name: text_of(tmp_path, name) for name in names}
    assert run("--all-branches", "--network", "--workers", "1", "--again").exit_code == 0
    assert {name: _without_moment(text_of(tmp_path, name)) for name in names} == {
        name: _without_moment(text) for name, text in together.items()
    }


def _without_moment(text: str) -> str:
    """Leave out the line that tells until when the data reach: the two calls happened at different times."""
    return "\n".join(line for line in text.splitlines() if "(UTC)" not in line)


def test_a_branch_without_visits_has_a_report_that_says_so(run: Run, tmp_path: Path) -> None:
    assert run("--branch", "B2").exit_code == 0
    assert "No visit counts in this month." in text_of(tmp_path, "branch-B2-2026-10-shop.pdf")


def test_names_are_only_in_the_managers_copy(run: Run, tmp_path: Path) -> None:
    assert run("--branch", "B1").exit_code == 0
    assert run("--branch", "B1", "--audience", "manager").exit_code == 0
    leaving, staying = (
        text_of(tmp_path, name)
        for name in ("branch-B1-2026-10-shop.pdf", "branch-B1-2026-10-shop-manager.pdf")
    )
    assert re.search(r"\bEve\b", staying)
    assert not re.search(r"\bEve\b", leaving)
    assert "E1" in leaving


def test_the_staff_rooms_sheet_is_a_file_of_its_own(run: Run, tmp_path: Path) -> None:
    assert run("--branch", "B1", "--audience", "meeting").exit_code == 0
    assert not re.search(r"\bEve\b", text_of(tmp_path, "branch-B1-2026-10-shop-meeting.pdf"))


def test_one_report_that_cannot_be_made_is_listed_and_the_others_are_made(
    run: Run, shop: Shop, tmp_path: Path
) -> None:
    with shop.store.write():
        shop.store.db.execute("UPDATE branch SET zone = 'Nowhere/Land' WHERE code = 'B1'")
    result = run("--all-branches", "--workers", "2")
    assert result.exit_code == 1
    assert "2 of 3 reports" in result.output
    assert "branch-B1-2026-10-shop.pdf: There is no time zone “Nowhere/Land”" in result.output
    assert "Traceback" not in result.output
    assert made_files(tmp_path) == ["branch-B2-2026-10-shop.pdf", "branch-B3-2026-10-shop.pdf"]


def test_a_code_cannot_leave_the_folder(run: Run, shop: Shop, tmp_path: Path) -> None:
    with shop.store.write():
        shop.store.db.execute("UPDATE branch SET code = '../B 1' WHERE code = 'B1'")
    assert run("--branch", "../B 1").exit_code == 0
    assert made_files(tmp_path) == ["branch-..%2FB%201-2026-10-shop.pdf"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "--network, --region, --branch or --all-branches"),
        (("--network", "--month", "October"), 1, "“October” is no month"),
        (("--network", "--month", "2025-01"), 1, "No visit counts in 2025-01"),
        (("--branch", "B9"), 1, "There is no branch B9"),
        (("--region", "east"), 1, "There is no region east"),
        (("--network", "--checklist", "other"), 1, "No visit was ever made with a checklist other"),
        (("--network", "--workers", "0"), 2, "--workers"),
    ],
)
def test_what_cannot_be_reported_is_refused_in_words(
    run: Run, tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    result = run(*words)
    assert result.exit_code == code
    assert said in result.output
    assert not (tmp_path / "out").exists()


def test_a_named_checklist_makes_a_report_for_an_empty_month(run: Run, tmp_path: Path) -> None:
    assert run("--network", "--checklist", "shop", "--month", "2025-01").exit_code == 0
    assert "No visit counts" in text_of(tmp_path, "network-2025-01-shop.pdf")


def test_a_folder_that_is_a_file_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    result = run("--network")
    assert result.exit_code == 2
    assert (tmp_path / "out").read_text() == "mine"


def bytes_of(tmp_path: Path) -> dict[str, tuple[bytes, int]]:
    """Every file's bytes, and when it was written."""
    out = tmp_path / "out"
    return {
        name: ((out / name).read_bytes(), (out / name).stat().st_mtime_ns) for name in made_files(tmp_path)
    }


@pytest.mark.parametrize("workers", ["1", "2"])
def test_what_is_there_of_the_same_data_is_not_made_again(run: Run, tmp_path: Path, workers: str) -> None:
    assert run("--all-branches", "--network").exit_code == 0
    before = bytes_of(tmp_path)
    (tmp_path / "out" / "branch-B2-2026-10-shop.pdf").unlink()
    result = run("--all-branches", "--network", "--workers", workers)
    assert "4 of 4 reports" in result.output
    assert "3 of them from before" in result.output
    after = bytes_of(tmp_path)
    assert {name: content for name, (content, _) in after.items()} == {
        name: content for name, (content, _) in before.items()
    }
    changed = {name for name in after if after[name][1] != before[name][1]}
    assert changed == {"branch-B2-2026-10-shop.pdf"}


def test_new_data_a_spoiled_file_and_again_make_reports_anew(run: Run, shop: Shop, tmp_path: Path) -> None:
    assert run("--all-branches").exit_code == 0
    shop.send(branch="B3")
    result = run("--all-branches")
    assert "3 of 3 reports" in result.output
    assert "2 of them from before" in result.output
    (tmp_path / "out" / "branch-B1-2026-10-shop.pdf").write_bytes(b"spoiled")
    assert "2 of them from before" in run("--all-branches").output
    assert (tmp_path / "out" / "branch-B1-2026-10-shop.pdf").read_bytes().startswith(b"%PDF")
    assert "from before" not in run("--all-branches", "--again").output


def test_another_language_or_name_of_the_organisation_is_another_report(run: Run, shop: Shop) -> None:
    assert run("--network").exit_code == 0
    assert "1 of them from before" in run("--network").output
    assert "from before" not in run("--network", "--lang", "fi").output
    with shop.store.write():
        settings.put(shop.store, "organisation", "Nordline")
    assert "from before" not in run("--network", "--lang", "fi").output
