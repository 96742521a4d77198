"""1,363 real audits of an outdoor-goods chain as our files: checklist, branches and map made from its data.

The data stay where they are, beside the project; nothing of them is stored in it. `build` writes our three
files into a folder, `load` brings them and the visits into a store. `DATA` is None where the data are not
there.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from checker.actions.import_branches import import_branches
from checker.actions.import_visits import import_visits
from checker.actions.importing import ImportResult
from checker.actions.publish_checklist import publish_checklist
from checker.sheets.mapping import read_map
from checker.sheets.reading import read_file
from checker.standards.parse import read_yaml
from checker.store.connection import Store

_BESIDE = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "outdoor-retail"
DATA = _BESIDE if (_BESIDE / "visits_anon.csv").exists() else None

WAVES = {
    "Wave 1 2024": "2024-02-15",
    "Wave 2 2024": "2024-06-15",
    "Wave 3 2024": "2024-10-15",
    "Wave 1 2025": "2025-02-15",
    "Wave 2 2025": "2025-06-15",
}
"""The waves have no dates; these put them into months in their order."""

OF_THE_BRANCH = ("a", "c", "j")
"""Sections about the shop itself; the others are about the person who served."""

RECEIVED = datetime(2025, 7, 1, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Paths:
    """Where the four files are."""

    checklist: Path
    branches: Path
    map: Path
    visits: Path


@dataclass(frozen=True, slots=True)
class Question:
    """One line of the scorecard; `asked` is False when some visits leave its column empty."""

    column: str
    section: str
    text: str
    always_asked: bool


def build(folder: Path) -> Paths:
    """Write checklist, branches and map for the data into `folder`."""
    assert DATA is not None
    folder.mkdir(parents=True, exist_ok=True)
    visits = _rows(DATA / "visits_anon.csv", ",")
    questions = list(_questions(visits))
    paths = Paths(
        folder / "outdoor_retail.yaml", folder / "branches.csv", folder / "map.yaml", DATA / "visits_anon.csv"
    )
    paths.checklist.write_text(_checklist(questions), encoding="utf-8")
    paths.branches.write_text(_branches(visits), encoding="utf-8")
    paths.map.write_text(_map(questions, list(visits[0])), encoding="utf-8")
    return paths


def load(store: Store, paths: Paths, *, now: datetime = RECEIVED, dry_run: bool = False) -> ImportResult:
    """Publish the checklist, import branches and visits; the result is that of the visits."""
    checklist = read_yaml(paths.checklist.read_bytes(), paths.checklist.name)
    version = publish_checklist(store, checklist, by=None, now=now)
    import_branches(store, read_file(paths.branches), by=None, now=now)
    sheet_map = read_map(paths.map.read_bytes(), paths.map.name, version.checklist)
    return import_visits(
        store, read_file(paths.visits), version, sheet_map, by=None, now=now, dry_run=dry_run
    )


def _rows(path: Path, delimiter: str) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=delimiter))


def _questions(visits: list[dict[str, str]]) -> Iterator[Question]:
    """The scorecard's questions. An item that some waves leave empty was not on their sheet: it is not
    required."""
    assert DATA is not None
    for row in _rows(DATA / "scorecard.csv", ";"):
        number, text = re.fullmatch(r"\((\d+)\)\s*(.*)", row["Journey"], re.DOTALL).groups()  # type: ignore[union-attr]
        column = f"q{number}"
        yield Question(column, _section(row["Section"]), text.strip(), all(visit[column] for visit in visits))


def _section(title: str) -> str:
    """ "(Section) A. Front of the outlet" -> "a"."""
    found = re.match(r"\(Section\) ([A-K])\.", title)
    assert found, title
    return found[1].lower()


def _checklist(questions: list[Question]) -> str:
    assert DATA is not None
    lines = [
        "id: outdoor_retail",
        "version: 1",
        'title: {id: "Outdoor retail audit"}',
        "languages: [id]",
        "sector: retail",
        "sections:",
    ]
    for row in _rows(DATA / "section_weights.csv", ";"):
        section = _section(row["Section"])
        title = row["Section"].partition(". ")[2].strip()
        lines += [
            f"  - id: {section}",
            f"    title: {{id: {json.dumps(title)}}}",
            f"    weight: {row['Weight']}",
            "    items:",
        ]
        level = "branch" if section in OF_THE_BRANCH else "employee"
        for question in questions:
            if question.section == section:
                lines += [
                    f"      - id: {question.column}",
                    "        type: yes_no_na",
                    "        points: 1",
                    "        axis: standard",
                    f"        level: {level}",
                    f"        required: {str(question.always_asked).lower()}",
                    f"        text: {{id: {json.dumps(question.text)}}}",
                ]
    return "\n".join(lines) + "\n"


def _branches(visits: list[dict[str, str]]) -> str:
    sites = sorted({visit["site"] for visit in visits})
    lines = [f"{site},Outlet {site},ALL,All outlets,Asia/Jakarta" for site in sites]
    return "\n".join(["code,name,region,region_name,zone", *lines]) + "\n"


def _map(questions: list[Question], columns: list[str]) -> str:
    known = {question.column for question in questions}
    elsewhere = [column for column in columns if column.startswith("q") and column not in known]
    lines = [
        "external_id: visit",
        "branch: site",
        "visited_at:",
        "  column: wave",
        "  dates:",
        *(f"    {wave}: {day}" for wave, day in WAVES.items()),
        "outcome:",
        "  column: final_score",
        "  values: {Closed: closed}",
        "  reason: The chain published “Closed” in place of a final score.",
        'values: {"Yes": yes, "No": no, "N/A": na}',
        "items:",
        *(f"  {question.column}: {question.column}" for question in questions),
        "# In the sheet, but on no line of the scorecard: nobody says which section they belong to.",
        f"ignore: [{', '.join(elsewhere)}]",
        "published:",
        "  standard: final_score",
        *(f"  {column[-1].lower()}: {column}" for column in columns if column.startswith("sec_")),
    ]
    return "\n".join(lines) + "\n"


def build_finals(folder: Path) -> Paths:
    """A checklist whose items are the published section scores, so that only the weighting is ours."""
    assert DATA is not None
    folder.mkdir(parents=True, exist_ok=True)
    visits = _rows(DATA / "visits_anon.csv", ",")
    paths = Paths(
        folder / "outdoor_finals.yaml", folder / "branches.csv", folder / "map.yaml", DATA / "visits_anon.csv"
    )
    checklist = [
        "id: outdoor_finals",
        "version: 1",
        'title: {id: "Published section scores"}',
        "languages: [id]",
        "sections:",
    ]
    items = []
    for row in _rows(DATA / "section_weights.csv", ";"):
        section = _section(row["Section"])
        items.append(f"  score_{section}: sec_{section.upper()}")
        checklist += [
            f"  - id: {section}",
            f'    title: {{id: "{section.upper()}"}}',
            f"    weight: {row['Weight']}",
            "    items:",
            f"      - {{id: score_{section}, type: graded, points: 100, axis: standard, level: branch,",
            f'         na_allowed: true, text: {{id: "Score of {section.upper()}"}}}}',
        ]
    columns = [column for column in visits[0] if column.startswith("q")]
    sheet_map = [
        "external_id: visit",
        "branch: site",
        "visited_at: {column: wave, dates: {" + ", ".join(f"{w}: {d}" for w, d in WAVES.items()) + "}}",
        "outcome: {column: final_score, values: {Closed: closed}}",
        "items:",
        *items,
        "empty: na",
        f"ignore: [{', '.join(columns)}]",
        "published: {standard: final_score}",
    ]
    paths.checklist.write_text("\n".join(checklist) + "\n", encoding="utf-8")
    paths.branches.write_text(_branches(visits), encoding="utf-8")
    paths.map.write_text("\n".join(sheet_map) + "\n", encoding="utf-8")
    return paths
