"""Editions of reports: those a person may look at, and one with its files."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from uuid import UUID

from checker.standards.month import Month
from checker.store import checklists, editions
from checker.store.connection import Row, Store
from checker.summaries.values import Decision, EditionFile, EditionLine, Place

LISTED = 200
"""Editions in a list; earlier ones are found by their month."""


def edition_lines(store: Store, *, person_id: int, month: Month | None = None) -> tuple[EditionLine, ...]:
    """The newest editions that this person may look at, of one month or of all."""
    number = int(month) if month else None
    rows = editions.list_for(store, person_id=person_id, month=number, limit=LISTED)
    return tuple(edition_line(store, row) for row in rows)


def edition_line(store: Store, row: Row, *, files: bool = False) -> EditionLine:
    """An edition as it is stored, with what its files are where that is asked for."""
    version = checklists.current(store, row["checklist"])
    assert version is not None  # noqa: S101 - a series has visits, and visits have a version
    released = row["released_at"]
    return EditionLine(
        uuid=UUID(bytes=row["uuid"]),
        of="branch" if row["branch"] else "region" if row["region"] else "network",
        place=_place(row),
        month=Month.from_int(row["month"]),
        series_id=row["series_id"],
        checklist=row["checklist"],
        title=version.checklist.title,
        languages=version.checklist.languages,
        method=row["method"],
        n=row["n"],
        state="draft" if released is None else "released",
        changes=row["changes"],
        foreword=row["foreword"],
        decisions=decisions(row),
        released_at=None if released is None else datetime.fromtimestamp(released, UTC),
        released_by=row["released_by"],
        files=tuple(map(_file, editions.files(store, row["id"]))) if files else (),
    )


def decisions(row: Row) -> tuple[Decision, ...]:
    """What an edition asks for."""
    return tuple(
        Decision(
            one["what"],
            one["owner"],
            date.fromisoformat(one["due_on"]) if one["due_on"] else None,
            one["measured_by"],
        )
        for one in json.loads(row["decisions"])
    )


def _place(row: Row) -> Place | None:
    if row["branch"]:
        return Place(row["branch"], row["branch_name"], row["zone"])
    return Place(row["region"], row["region_name"]) if row["region"] else None


def _file(row: Row) -> EditionFile:
    redrawn = row["redrawn_at"]
    return EditionFile(
        language=row["language"],
        audience=row["audience"],
        size=row["size"],
        hash=row["hash"],
        sent_hash=row["sent_hash"],
        program=row["program"],
        made_at=datetime.fromtimestamp(row["made_at"], UTC),
        redrawn_at=None if redrawn is None else datetime.fromtimestamp(redrawn, UTC),
    )
