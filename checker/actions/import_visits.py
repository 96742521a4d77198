"""Visits come from somebody else's sheet by a map: judged, scored and stored like every other visit.

Every score is computed anew from the answers; what the sheet published is compared with it and never taken
over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from checker.actions import judging
from checker.actions.importing import Comparison, Difference, ImportResult, Taken, finish
from checker.actions.judging import Way
from checker.actions.submit_visit import Sender, submit_visit
from checker.problem import Problem
from checker.sheets import bodies, mapping
from checker.sheets.mapping import Published, SheetMap
from checker.sheets.reading import Line, Sheet
from checker.sheets.taking import Refusal, RowReader
from checker.standards.body import manifest_hash
from checker.standards.faults import N_, Refused
from checker.standards.model import Part, Score
from checker.store import batches, branches, visits
from checker.store.checklists import Version
from checker.store.connection import Store

AT_ONCE = 100
"""Rows stored in one transaction: few enough that nobody who sends a visit meanwhile waits a second."""


def import_visits(
    store: Store,
    sheet: Sheet,
    version: Version,
    sheet_map: SheetMap,
    *,
    by: int | None,
    now: datetime,
    dry_run: bool = False,
    progress: Callable[[int], object] = lambda rows: None,
) -> ImportResult:
    """Take each row as a visit to `version` of a checklist; a visit that is here already changes nothing.

    Rows are stored by the hundred; an import that was interrupted can be done again, or undone. `progress`
    is told how many more rows were looked at. Raises Refused when the map and the headings do not fit each
    other.
    """
    faults = list(mapping.heading_faults(sheet, sheet_map))
    if faults:
        raise Refused(faults)
    at = int(now.timestamp())
    batch_id = None
    if not dry_run:
        with store.write():
            batch_id = batches.add(store, kind="visits", file_name=sheet.name, by=by, at=at)
    work = _Import(store, sheet, version, sheet_map, Sender(Way.IMPORT, person_id=by, batch_id=batch_id), now)
    for start in range(0, len(sheet.lines), AT_ONCE):
        lines = sheet.lines[start : start + AT_ONCE]
        if batch_id is None:
            work.take(lines)
        else:
            with store.write():
                work.take(lines)
                stored, refused = work.counts[Taken.NEW], len({refusal.row for refusal in work.refused})
                batches.finish(store, batch_id, taken=stored, refused=refused)
        progress(len(lines))
    if batch_id is not None:
        with store.write():
            if work.counts[Taken.NEW]:
                stored = work.counts[Taken.NEW]
                finish(store, batch_id, kind="visits", stored=stored, refused=work.refused, by=by, at=at)
            else:
                batches.forget(store, batch_id)
                batch_id = None
    return work.result(batch_id)


@dataclass(slots=True)
class _Import:
    """One import under way. With a batch in `sender` it stores, without one it only judges."""

    store: Store
    sheet: Sheet
    version: Version
    sheet_map: SheetMap
    sender: Sender
    now: datetime
    counts: Counter[Taken] = field(default_factory=Counter)
    compared: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    not_scored: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    """External id -> the row that has it."""
    zones: dict[str, str | None] = field(default_factory=dict)
    columns: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.columns = bodies.columns_of(self.sheet_map)

    def take(self, lines: tuple[Line, ...]) -> None:
        for line in lines:
            row = RowReader(self.sheet.headings, line)
            self._take(row)
            self.refused += row.refused

    def result(self, batch_id: int | None) -> ImportResult:
        different = Counter(difference.measure for difference in self.differences)
        return ImportResult(
            batch_id=batch_id,
            taken=self.counts[Taken.NEW],
            changed=0,
            unchanged=self.counts[Taken.UNCHANGED],
            refused=tuple(self.refused),
            comparisons=tuple(
                Comparison(measure, count, different[measure]) for measure, count in self.compared.items()
            ),
            differences=tuple(self.differences),
            not_scored=self.not_scored,
        )

    def _take(self, row: RowReader) -> None:
        body = bodies.body_of(row, self.sheet_map, self.version.checklist, self._zone)
        self._refuse_twice(row)
        if body is None or row.refused:
            return
        try:
            taken, score = self._store(row, body)
        except Refused as refused:
            row.refuse_faults(refused.faults, self.columns)
        except Problem as problem:
            row.refuse("", problem.code, problem.text, **problem.details)
        else:
            if not row.refused:
                self.counts[taken] += 1
                self._compare(row, str(body["branch"]), score)

    def _store(self, row: RowReader, body: Mapping[str, Any]) -> tuple[Taken, Score | None]:
        held = visits.find_received(self.store, UUID(body["id"]))
        if held is not None and held["hash"] != manifest_hash(body):
            text = N_(
                "This visit is here already and says something else. Take the earlier import back first, or "
                "correct the visit on its page."
            )
            row.refuse(self.sheet_map.external_id, "visit.other_content", text)
            return Taken.UNCHANGED, None
        if held is not None or self.sender.batch_id is None:
            judged = judging.judge(self.store, body, way=Way.IMPORT, now=self.now)
            return (Taken.NEW if held is None else Taken.UNCHANGED), judged.score
        return Taken.NEW, submit_visit(self.store, body, sender=self.sender, now=self.now).score

    def _refuse_twice(self, row: RowReader) -> None:
        name = row.text(self.sheet_map.external_id)
        if name and self.rows.setdefault(name, row.number) != row.number:
            text = N_("Row %(first)s is the same visit, “%(name)s”. Keep one of the two rows.")
            row.refuse(self.sheet_map.external_id, "visit.twice", text, first=self.rows[name], name=name)

    def _zone(self, code: str) -> str | None:
        if code not in self.zones:
            branch = branches.find(self.store, code)
            self.zones[code] = None if branch is None else branch["zone"]
        return self.zones[code]

    def _compare(self, row: RowReader, branch: str, score: Score | None) -> None:
        """Put what was published beside what we compute; a visit that was not completed has no score
        (SC-06)."""
        if not self.sheet_map.published:
            return
        if score is None:
            self.not_scored += 1
            return
        for published in self.sheet_map.published:
            self.compared[published.measure] += 1
            text, figure = bodies.published_figure(row, published.column, self.sheet_map)
            ours = _percent(score, published)
            agree = not text if ours is None else figure is not None and self._close(figure, ours)
            if not agree:
                name = row.text(self.sheet_map.external_id)
                self.differences.append(Difference(row.number, name, branch, published.measure, text, ours))

    def _close(self, published: Decimal, ours: Decimal) -> bool:
        return abs(published - ours) <= self.sheet_map.tolerance


def _percent(score: Score, published: Published) -> Decimal | None:
    part: Part | None
    if published.section is None:
        part = score.axes[published.axis]
    else:
        part = score.sections.get((published.section, published.axis))
    return None if part is None or part.share is None else Decimal(part.share).scaleb(-4)
