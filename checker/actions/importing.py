"""What every import shares: rows taken or refused one by one in one transaction, kept as a batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from checker.problem import Problem
from checker.sheets.reading import Sheet
from checker.sheets.taking import Column, Refusal, RowReader, with_columns
from checker.standards.faults import Refused
from checker.store import batches, trail
from checker.store.connection import Store


class Taken(StrEnum):
    """What became of a row that was not refused."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Link:
    """A one-time link with which a new person sets a password; `path` is "/welcome/…"."""

    email: str
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A published figure that is not ours.

    `measure` is as in the map: an axis, a section, or "section/axis"; `published` is as in the sheet;
    `ours` is in percent with 4 places, None for "no score" (SC-06).
    """

    row: int
    external_id: str
    branch: str
    measure: str
    published: str
    ours: Decimal | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many published figures of one measure were compared, and how many differ."""

    measure: str
    compared: int
    different: int


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, or with a dry run would do.

    `batch_id` is None when nothing was stored. `taken` rows were new, `changed` rows changed what was there,
    `unchanged` rows said what is stored already; `refused` lists every reason, several for some rows. `links`
    come with new people; `comparisons` and `differences` with visits whose map has published figures;
    `not_scored` counts the visits that were not completed, which have nothing to compare.
    """

    batch_id: int | None
    taken: int
    changed: int
    unchanged: int
    refused: tuple[Refusal, ...]
    links: tuple[Link, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    differences: tuple[Difference, ...] = ()
    not_scored: int = 0

    @property
    def refused_rows(self) -> int:
        """How many rows were refused."""
        return len({refusal.row for refusal in self.refused})


class _Nothing(Exception):
    """Unwinds the transaction of an import that stores nothing."""


Take = Callable[[RowReader, int], Taken]
"""Takes one row for the batch with this key. Raises Refused or Problem, or keeps refusals in the reader."""


def import_rows(
    store: Store,
    sheet: Sheet,
    columns: Sequence[Column],
    take: Take,
    *,
    kind: str,
    by: int | None,
    now: datetime,
    dry_run: bool,
) -> ImportResult:
    """Take every row in one transaction; a refused row leaves nothing behind and keeps no other out.

    A dry run does all of it and stores nothing. Raises Refused when the headings are wrong.
    """
    sheet = with_columns(sheet, columns)
    counts: Counter[Taken] = Counter()
    refused: list[Refusal] = []
    batch_id: int | None = None
    at = int(now.timestamp())
    try:
        with store.write():
            batch = batches.add(store, kind=kind, file_name=sheet.name, by=by, at=at)
            for line in sheet.lines:
                row = RowReader(sheet.headings, line)
                taken = take_row(store, row, lambda row: take(row, batch))
                refused += row.refused
                if taken is not None:
                    counts[taken] += 1
            stored = counts[Taken.NEW] + counts[Taken.CHANGED]
            if dry_run or not stored:
                raise _Nothing
            finish(store, batch, kind=kind, stored=stored, refused=refused, by=by, at=at)
            batch_id = batch
    except _Nothing:
        pass
    return ImportResult(
        batch_id, counts[Taken.NEW], counts[Taken.CHANGED], counts[Taken.UNCHANGED], tuple(refused)
    )


def take_row(store: Store, row: RowReader, take: Callable[[RowReader], Taken]) -> Taken | None:
    """Take one row; None when it was refused, and then nothing of it stays and `row.refused` says why."""
    taken = None
    try:
        with store.write():
            taken = take(row)
            if row.refused:
                raise _Nothing
    except _Nothing:
        return None
    except Refused as error:
        row.refuse_faults(error.faults)
    except Problem as error:
        row.refuse("", error.code, error.text, **error.details)
    return None if row.refused else taken


def finish(
    store: Store,
    batch_id: int,
    *,
    kind: str,
    stored: int,
    refused: Sequence[Refusal],
    by: int | None,
    at: int,
) -> None:
    """Say in the batch and in the trail how the import ended; inside `write()`."""
    rows = len({refusal.row for refusal in refused})
    batches.finish(store, batch_id, taken=stored, refused=rows)
    details = {"kind": kind, "taken": stored, "refused": rows}
    trail.add(store, person_id=by, act="data.import", thing=f"batch {batch_id}", at=at, details=details)
