"""The series a figure is over, and what its items ask in every version of the checklist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from checker.problem import not_found
from checker.standards.faults import N_
from checker.standards.model import Item
from checker.store import checklists, series
from checker.store.checklists import Version
from checker.store.connection import Row, Store
from checker.summaries.values import SeriesOf


@dataclass(frozen=True, slots=True)
class Question:
    """An item of one version."""

    version: int
    item: Item

    @property
    def standard(self) -> str:
        """What it measures; an item that names no standard is its own."""
        return self.item.standard or self.item.id


@dataclass(frozen=True, slots=True)
class Questions:
    """Every item figures are kept of, by its integer key, and the versions it stands in."""

    by_key: Mapping[int, Question]
    newest: int
    sections: Mapping[str, tuple[str, int | None]] = field(default_factory=dict)
    """Standard -> the section it stands in and that one's weight (SC-09), in the newest version that asks it.
    """

    def versions(self, rows: Iterable[Row]) -> tuple[int, ...]:
        """The versions that answered rows (with `item_id`) come from."""
        return tuple(sorted({self.by_key[row["item_id"]].version for row in rows}))

    def mix_changed(self, now: Iterable[Row], before: Iterable[Row]) -> bool:
        """Whether two months with visits rest on different versions, so that no change is claimed (§2)."""
        versions, versions_before = self.versions(now), self.versions(before)
        return bool(versions and versions_before) and versions != versions_before

    def standards(self, versions: Iterable[int]) -> dict[str, Item]:
        """Standard -> the item that stands for it in the newest of the versions; in the order the newest one
        asks, then those only older ones ask.
        """
        wanted = set(versions) or {self.newest}
        found: dict[str, Item] = {}
        for question in sorted(self.by_key.values(), key=lambda question: -question.version):
            if question.version in wanted:
                found.setdefault(question.standard, question.item)
        return found


def read_series(store: Store, series_id: int) -> tuple[SeriesOf, Row, Questions]:
    """The series, its row (programme_id, checklist_id, attribution), and its questions.

    Raises Problem "not_found".
    """
    row = series.find(store, series_id)
    if row is None:
        raise not_found(N_("There are no visits of this kind."))
    versions = checklists.list_of(store, row["checklist_id"])
    newest = versions[-1].checklist
    questions = {key: question for version in versions for key, question in _questions(version)}
    return (
        SeriesOf(row["id"], row["programme"], newest, row["method"]),
        row,
        Questions(questions, newest.version, _sections(versions)),
    )


def _sections(versions: Iterable[Version]) -> dict[str, tuple[str, int | None]]:
    return {
        item.standard or item.id: (section.id, section.weight)
        for version in versions
        for section in version.checklist.sections
        for item in section.items
        if item.scored
    }


def _questions(version: Version) -> Iterable[tuple[int, Question]]:
    for item in version.checklist.items:
        if item.scored:
            yield version.item_ids[item.id], Question(version.checklist.version, item)
