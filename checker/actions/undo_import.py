"""An import is taken back: what it created and nothing else rests on yet goes, the rest stays and is
named."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from checker.problem import Problem, not_found
from checker.standards.faults import N_, Fault
from checker.store import batches, editions, trail
from checker.store.batches import Created
from checker.store.connection import Store

AT_ONCE = 100
"""Things taken back in one transaction, so that nobody who sends a visit waits long."""

RESTS: Mapping[str, str] = {
    "visits": N_("Visits rest on it (%(n)s). Take those back first."),
    "branches": N_("Branches belong to it (%(n)s). Move them, or take them back first."),
    "assignments": N_("Assignments rest on it (%(n)s). Take those back first."),
    "drafts": N_("Somebody is writing a visit on it (%(n)s)."),
    "employments": N_("Employees work or worked there (%(n)s employments). Take those back first."),
    "people": N_("People are named for it (%(n)s). Change those people first."),
    "targets": N_("Targets are set for it (%(n)s). Remove those first."),
    "actions": N_("Actions are planned for it (%(n)s)."),
    "editions": N_("Reports of it were begun or released (%(n)s)."),
    "passwords": N_("This person has set a password already. Disable the person instead."),
    "answers": N_("The shopper, or somebody else, has answered it. Cancel it instead."),
    "corrections": N_("It was corrected. Void it instead, with a reason."),
    "decisions": N_("A reviewer decided about it. Void it instead, with a reason."),
    "replies": N_("The branch replied to it. Void it instead, with a reason."),
    "photos": N_("It has photos. Void it instead, with a reason."),
    "quotes": N_("Words of it were released for reports. Void it instead, with a reason."),
}
OTHER = N_("Something else rests on it.")


@dataclass(frozen=True, slots=True)
class UndoResult:
    """How many things are gone, and why each of the others stays: its place is what it is, such as "branch
    B001"."""

    removed: int
    kept: tuple[Fault, ...]


def undo_import(
    store: Store,
    batch_id: int,
    *,
    by: int | None,
    now: datetime,
    progress: Callable[[int], object] = lambda done: None,
    dry_run: bool = False,
) -> UndoResult:
    """Take back what the batch created; visits leave every figure they were part of.

    A dry run does it in one transaction and stores nothing: it is for batches of a few thousand things. What
    the import only changed keeps its new values. `progress` is told how many more things were looked
    at. After an interruption, or once less rests on what stayed, it can be done again. Raises Problem
    "not_found", and "batch.undone" (409) when nothing of the batch is left.
    """
    batch = batches.find(store, batch_id)
    if batch is None:
        raise not_found(N_("There is no such batch. `import list` shows them."))
    created = batches.list_created(store, batch)
    if batch["undone_at"] is not None and not created:
        raise Problem("batch.undone", 409, N_("Nothing of this import is left: it was taken back already."))
    if dry_run:
        return _look(store, created)
    kept: list[Fault] = []
    removed = 0
    for start in range(0, len(created), AT_ONCE):
        part = created[start : start + AT_ONCE]
        with store.write():
            for thing in part:
                reasons = _take_back(store, thing)
                removed += not reasons
                kept += reasons
            editions.lower_latest(store)
        progress(len(part))
    at = int(now.timestamp())
    with store.write():
        batches.mark_undone(store, batch_id, at=at)
        details = {"kind": batch["kind"], "removed": removed}
        trail.add(store, person_id=by, act="data.undo", thing=f"batch {batch_id}", at=at, details=details)
    return UndoResult(removed, tuple(kept))


class _Nothing(Exception):
    """Unwinds the transaction of a dry run."""


def _look(store: Store, created: Sequence[Created]) -> UndoResult:
    reasons: list[list[Fault]] = []
    try:
        with store.write():
            reasons = [_take_back(store, thing) for thing in created]
            raise _Nothing
    except _Nothing:
        pass
    kept = tuple(fault for faults in reasons for fault in faults)
    return UndoResult(sum(not faults for faults in reasons), kept)


def _take_back(store: Store, thing: Created) -> list[Fault]:
    place = f"{thing.part.table} {thing.label}"
    rests = batches.count_rests(store, thing)
    if rests:
        return [Fault(f"undo.{word}", place, RESTS[word], {"n": n}) for word, n in rests.items()]
    return [] if batches.remove(store, thing) else [Fault("undo.other", place, OTHER)]
