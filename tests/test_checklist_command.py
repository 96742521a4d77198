"""The `checklist` command: faults with their lines, warnings that do not fail, versions that never change."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader

from checker.cli import group
from checker.store import checklists
from checker.store.connection import Store

ROOT = Path(__file__).parents[1]
SHIPPED = ROOT / "checklists"

Run = Callable[..., Result]

KIOSK = """\
id: kiosk
version: 1
title: {en: "Kiosk", fi: "Kioski"}
languages: [en, fi]
sections:
  - id: window
    title: {en: "Window", fi: "Luukku"}
    items:
      - id: greeted
        type: yes_no_na
        points: 2.5
        axis: standard
        level: employee
        critical: true
        text: {en: "The seller said hello.", fi: "Myyjä tervehti."}
      - id: apology
        type: yes_no_na
        points: 1
        axis: standard
        level: employee
        standard: politeness
        when: {greeted: no}
        text: {en: "The seller apologised.", fi: "Myyjä pahoitteli."}
"""


@pytest.fixture
def run(instance: Path) -> Run:
    def run_(*words: str | Path) -> Result:
        return CliRunner().invoke(group(), ["--instance", str(instance), "checklist", *map(str, words)])

    return run_


@pytest.fixture
def kiosk(tmp_path: Path) -> Path:
    file = tmp_path / "kiosk.yaml"
    file.write_text(KIOSK)
    return file


def test_every_fault_is_printed_with_file_and_line_and_ends_with_one(run: Run, kiosk: Path):
    text = KIOSK.replace("points: 2.5", "point: 2.5").replace(', fi: "Luukku"', "").replace("no}", "maybe}")
    kiosk.write_text(text)
    answer = run("validate", kiosk)
    assert answer.exit_code == 1
    places = [line.split(": ")[0] for line in answer.stderr.splitlines()]
    lines = text.splitlines()
    told = ("Window", "point:", "when")
    wrong = [at for at, line in enumerate(lines, 1) if any(word in line for word in told)]
    assert set(places) >= {f"{kiosk}:{number}" for number in wrong}
    assert "Did you mean “points”?" in answer.stderr
    assert "Traceback" not in answer.output


def test_a_faulty_file_does_not_hide_a_sound_one(run: Run, kiosk: Path, tmp_path: Path):
    broken = tmp_path / "broken.yaml"
    broken.write_bytes(b"id: \xff\n")
    answer = run("validate", broken, kiosk)
    assert answer.exit_code == 1
    assert answer.stdout == f"{kiosk}: sound (kiosk 1, 2 questions)\n"
    assert str(broken) in answer.stderr


def test_warnings_are_printed_and_do_not_fail(run: Run, kiosk: Path, tmp_path: Path):
    other = tmp_path / "other.yaml"
    text = KIOSK.replace("id: kiosk", "id: other").replace("standard: politeness", "standard: greeted")
    other.write_text(text.replace("level: employee\n        standard", "level: branch\n        standard"))
    answer = run("validate", kiosk, other)
    assert answer.exit_code == 0
    assert f"{other}: warning: apology: “greeted” in kiosk" in answer.stderr
    assert answer.stdout.splitlines()[1] == f"{other}: sound (other 1, 2 questions)"


def test_no_instance_is_needed_to_check_the_shipped_files(tmp_path: Path):
    words = ["--instance", str(tmp_path / "none"), "checklist", "validate", *map(str, SHIPPED.glob("*.yaml"))]
    answer = CliRunner().invoke(group(), words)
    assert answer.exit_code == 0, answer.output
    assert len(answer.stdout.splitlines()) == 9 and answer.stderr == ""


def test_a_file_that_is_not_there_is_wrong_usage(run: Run, tmp_path: Path):
    assert run("validate", tmp_path / "gone.yaml").exit_code == 2
    assert run("validate").exit_code == 2


def test_publishing_freezes_a_version_and_prints_its_hash(run: Run, store: Store, kiosk: Path):
    first = run("publish", kiosk)
    assert first.exit_code == 0, first.output
    version = checklists.current(store, "kiosk")
    assert version is not None
    assert first.stdout.splitlines() == ["kiosk 1, 2 questions: published", version.hash.hex()]
    again = run("publish", kiosk)
    assert again.exit_code == 0 and "published already" in again.stdout

    kiosk.write_text(KIOSK.replace("2.5", "3"))
    other = run("publish", kiosk)
    assert other.exit_code == 1 and "give this file the next version number" in other.stderr
    kiosk.write_text(KIOSK.replace("version: 1", "version: 2"))
    assert run("publish", kiosk).exit_code == 0
    kiosk.write_text(KIOSK)
    assert run("publish", kiosk).exit_code == 0, "version 1 is what it was"
    assert store.value("SELECT count(*) FROM checklist_version") == 2


def test_a_faulty_file_is_not_published(run: Run, store: Store, kiosk: Path):
    kiosk.write_text(KIOSK.replace("yes_no_na", "yes_or_no", 1))
    answer = run("publish", kiosk)
    assert answer.exit_code == 1 and answer.stderr.startswith(f"{kiosk}:10: ")
    assert checklists.list_versions(store) == []


def test_versions_are_listed_newest_first(run: Run, store: Store, kiosk: Path):
    assert run("list").stdout == ""
    run("publish", kiosk)
    kiosk.write_text(KIOSK.replace("version: 1", "version: 2"))
    run("publish", kiosk)
    with store.write():
        checklists.retire(store, "kiosk", at=1)
    lines = run("list").stdout.splitlines()
    assert [line.split()[:4] for line in lines] == [
        ["kiosk", "2", "0", "visits"],
        ["kiosk", "1", "0", "visits"],
    ]
    newest = checklists.current(store, "kiosk")
    assert newest is not None
    assert newest.hash.hex() in lines[0] and lines[0].endswith("(retired)")


def test_a_published_version_is_shown(run: Run, kiosk: Path):
    run("publish", kiosk)
    lines = run("show", "kiosk", "--lang", "fi").stdout.splitlines()
    assert lines[0] == "Kioski (kiosk 1, 2 questions; en fi)"
    assert "  greeted  yes_no_na, 2.5 points, standard, employee, critical" in lines
    assert any(line.endswith("standard politeness, only when greeted") for line in lines)
    assert "Luukku" in lines and "Myyjä tervehti." in lines[-3]
    assert "The seller said hello." in run("show", "kiosk", "--lang", "ro").stdout, "the first language"
    definition = json.loads(run("show", "kiosk", "--version", "1", "--json").stdout)
    assert definition["id"] == "kiosk" and definition["title"]["fi"] == "Kioski"


@pytest.mark.parametrize("words", [["stall"], ["stall", "--version", "1"], ["kiosk", "--version", "7"]])
def test_what_was_never_published_is_said_so(run: Run, kiosk: Path, words: list[str]):
    run("publish", kiosk)
    answer = run("show", *words)
    assert answer.exit_code == 1 and "`checklist list`" in answer.stderr


def test_the_schema_is_the_one_in_the_folder(run: Run):
    assert json.loads(run("schema").stdout) == json.loads((SHIPPED / "checklist.schema.json").read_text())


def test_a_blank_form_is_written_to_print(run: Run, kiosk: Path, tmp_path: Path):
    run("publish", kiosk)
    out = tmp_path / "kiosk.pdf"
    answer = run("form", "kiosk", "--out", out, "--lang", "fi")
    assert answer.exit_code == 0, answer.output
    assert answer.stdout == f"{out}: kiosk 1, 2 questions\n"
    text = PdfReader(out).pages[0].extract_text()
    assert "Kioski" in text and "Myyjä tervehti." in text and "2.5" not in text
    assert run("form", "kiosk").exit_code == 2
    gone = run("form", "kiosk", "--out", tmp_path / "no" / "kiosk.pdf")
    assert gone.exit_code == 1 and "cannot be written" in gone.stderr
