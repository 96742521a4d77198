"""A new scorer is applied to stored visits, or only asked what it would change (SC-12)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from checker.actions.rejudging import BATCH, Rejudged, rejudge
from checker.standards.score import SCORER
from checker.store import revisions, tallies, trail, visits
from checker.store.connection import Store


@dataclass(frozen=True, slots=True)
class Changed:
    """A visit whose stored score is not today's; shares in millionths, None where there is no score."""

    uuid: UUID
    branch: str
    checklist: str
    scorer: int
    compliance: tuple[int | None, int | None]
    """Stored, and as today's scorer has it."""
    experience: tuple[int | None, int | None]
    flagged: tuple[bool, bool]


@dataclass(frozen=True, slots=True)
class Rescored:
    """What a run of the scorer found: how many visits it read, and those whose score differs."""

    visits: int
    changed: tuple[Changed, ...]


def rescore(
    store: Store,
    *,
    now: datetime,
    dry_run: bool = True,
    progress: Callable[[int], None] = lambda done: None,
) -> Rescored:
    """Score every visit again from its current revision; without `dry_run` store what differs.

    Storing goes in batches, each one transaction with every figure it changes, so visits can come in
    meanwhile and an interrupted run is finished by the next. `progress` is told how many visits are done.
    """
    seen = 0
    changed: list[Changed] = []
    for keys in batches(store):
        if dry_run:
            with store.reading():
                changed += [_told(one) for one in _differing(store, keys)]
        else:
            with store.write():
                for one in _differing(store, keys):
                    _store(store, one)
                    changed.append(_told(one))
                visits.set_scorer(store, keys, SCORER)
        seen += len(keys)
        progress(seen)
    if not dry_run:
        with store.write():
            details = {"scorer": SCORER, "visits": seen, "changed": len(changed)}
            trail.add(store, person_id=None, act="visits.rescore", at=int(now.timestamp()), details=details)
    return Rescored(seen, tuple(changed))


def batches(store: Store) -> Iterator[list[int]]:
    """The keys of every visit, a batch at a time."""
    keys = visits.keys_after(store, 0, BATCH)
    while keys:
        yield keys
        keys = visits.keys_after(store, keys[-1], BATCH)


def _differing(store: Store, keys: list[int]) -> Iterator[Rejudged]:
    for key in keys:
        visit = visits.get(store, key)
        judged = rejudge(store, visit, revisions.get(store, key, visit["revision"]))
        if not judged.same:
            yield judged


def _store(store: Store, judged: Rejudged) -> None:
    key = judged.visit["id"]
    with tallies.changing(store, key):
        store.change("visit", key, judged.figures)
        visits.clear(store, key)
        visits.add_answers(store, key, judged.answers.items())
        visits.add_employees(store, key, judged.employees)


def _told(judged: Rejudged) -> Changed:
    visit, new = judged.visit, judged.figures
    return Changed(
        uuid=UUID(bytes=visit["uuid"]),
        branch=visit["branch"],
        checklist=visit["checklist"],
        scorer=visit["scorer"],
        compliance=(visit["compliance"], new["compliance"]),  # type: ignore[arg-type]  # columns of integers
        experience=(visit["experience"], new["experience"]),  # type: ignore[arg-type]
        flagged=(bool(visit["flagged"]), bool(new["flagged"])),
    )
